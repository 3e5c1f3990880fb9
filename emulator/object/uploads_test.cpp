#include "emulator/object/uploads.hpp"

#include <doctest/doctest.h>

#include "emulator/base/encoding.hpp"
#include "emulator/base/error.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/store.hpp"
#include "emulator/world/world.hpp"

using namespace virga;
using namespace virga::object;

// Fifty gigabytes by what is written of them: assembling looks at rows, not at bytes.
TEST_CASE("an upload of as many parts as there may be") {
    Runtime runtime{1};
    World world{runtime, {}};
    {
        auto partition = world.partition({"111111111111", "eu-west-1"});
        create_bucket(world, partition, "box");
        Transaction tx = partition->write();
        Bucket bucket = require_bucket(tx.db(), "box");
        Upload upload;
        upload.key = "k";
        upload.upload_id = "u";
        upload.algorithm = ChecksumAlgorithm::crc64nvme;
        upload.type = ChecksumType::full_object;
        insert_upload(tx.db(), bucket.id, upload);
        const std::string sum = md5("part"), checksum = base64_encode(checksum_of(ChecksumAlgorithm::crc64nvme, "part"));
        std::vector<ListedPart> listed;
        std::string sums;
        for (std::int64_t n = 1; n <= max_part_number; ++n) {
            UploadPart part;
            part.number = n;
            part.blob = next_sequence(tx.db());
            part.size = min_part_bytes;
            part.etag = hex_encode(sum);
            part.checksum = checksum;
            tx.db().run("insert into object_blob (id, refs, size, data) values (?, 1, ?, 'part')", part.blob, part.size);
            put_part(tx, upload.id, part);
            if (n % 2 == 0) continue;  // every second one is left out
            listed.push_back({n, part.etag, {}});
            sums += sum;
        }
        Version v = assemble(tx, upload, listed);
        CHECK(v.size == min_part_bytes * 5000);
        CHECK(v.etag == hex_encode(md5(sums)) + "-5000");
        CHECK(list_parts(tx.db(), upload.id, 0, max_part_number).size() == 5000);
        Query left = tx.db().query("select count(*) from object_blob");
        CHECK(left.next());
        CHECK(left.integer(0) == 5000);
    }
    world.close();
}

TEST_CASE("the last completed uploads outlive their objects") {
    Runtime runtime{1};
    World world{runtime, {}};
    {
        auto partition = world.partition({"111111111111", "eu-west-1"});
        create_bucket(world, partition, "box");
        Transaction tx = partition->write();
        Bucket bucket = require_bucket(tx.db(), "box");
        for (std::int64_t n = 0; n <= max_gone_uploads; ++n) {
            Upload upload;
            upload.key = "k";
            upload.upload_id = std::to_string(n);
            insert_upload(tx.db(), bucket.id, upload);
            set_completed(tx.db(), upload.id, "{}");
            retire_upload(tx, upload.id);
        }
        CHECK_THROWS_AS(require_upload(tx.db(), bucket.id, "k", "0", true), ApiError);
        CHECK(require_upload(tx.db(), bucket.id, "k", "1", true).completed == "{}");
        CHECK(require_upload(tx.db(), bucket.id, "k", std::to_string(max_gone_uploads), true).completed == "{}");
        CHECK_THROWS_AS(require_upload(tx.db(), bucket.id, "k", "1"), ApiError);
        tx.commit();
    }
    world.close();
}
