#include "emulator/object/store.hpp"

#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

const char* const schema_1 = R"(
create table object_bucket (
    id integer primary key,
    name text not null unique,
    created integer not null,
    versioning text not null default '',   -- '', 'Enabled' or 'Suspended'
    notification text not null default ''  -- NotificationConfiguration as JSON
);
create table object_config (
    bucket integer not null,
    kind text not null,                    -- the sub-resource's query name: 'tagging', 'cors', ...
    body text not null,
    primary key (bucket, kind)
) without rowid;
create table object_sequence (value integer not null);
insert into object_sequence values (0);
create table object_blob (
    id integer primary key,
    refs integer not null,
    size integer not null,
    data blob,                             -- one of data and file
    file text
);
create table object_version (
    bucket integer not null,
    key text not null,
    seq integer not null,                  -- the highest of a key is its current version
    version_id text not null,              -- 'null' when written without versioning
    delete_marker integer not null,
    size integer not null,
    etag text not null,                    -- without quotes
    modified integer not null,
    storage_class text not null,
    checksum_algorithm integer not null,
    checksum_type integer not null,
    checksum text not null,
    attributes text not null,              -- JSON: headers and user metadata by API member name
    tags text not null,                    -- JSON object, '' for none
    blob integer,                          -- the body in one piece,
    upload integer,                        -- or the parts of this upload
    primary key (bucket, key, seq desc)
) without rowid;
create table object_upload (
    id integer primary key,
    upload_id text not null unique,
    bucket integer not null,
    key text not null,
    initiated integer not null,
    storage_class text not null,
    checksum_algorithm integer not null,   -- 0: none was asked for
    checksum_type integer not null,
    attributes text not null,
    tags text not null,
    completed text not null default ''     -- JSON of the answer once it is complete: asked again, it is given again
);
create index object_upload_key on object_upload (bucket, key, initiated, id);
create table object_part (
    upload integer not null,
    number integer not null,
    blob integer not null,
    size integer not null,
    etag text not null,
    checksum text not null,                -- base64, '' for none
    modified integer not null,
    primary key (upload, number)
) without rowid;
)";

const char* const initiator_2 = "alter table object_upload add column initiator text not null default ''";

// The sweep asks for files by name; listings and lifecycle ask for uploads that are open, of which there are few.
const char* const indexes_3 = R"(
create index object_blob_file on object_blob (file) where file is not null;
drop index object_upload_key;
create index object_upload_open on object_upload (bucket, key, initiated, id) where completed = '';
)";

// All that a listing looks at while it goes from common prefix to common prefix: so narrow that such a jump touches little memory. Its order is
// not that of the rows within a key, or SQLite would go through it to the rows.
const char* const keys_4 = "create index object_version_key on object_version (bucket, key, delete_marker desc)";

// Uploads whose object is gone stay for a while with the answer of their completion.
const char* const gone_5 = R"(
alter table object_upload add column gone integer not null default 0;
create index object_upload_gone on object_upload (id) where gone = 1;
)";

// See folders.hpp. Of what is there already, every folder of a bucket that has delete markers is marked.
const char* const folders_6 = R"(
drop index object_version_key;
create table object_name (
    bucket integer not null,
    folder text not null,
    name text not null,                    -- of a folder with its '/'
    marked integer not null,               -- a folder: delete markers have been put below it
    primary key (bucket, folder, name)
) without rowid;
insert into object_name
    select bucket, rtrim(key, replace(key, '/', '')), substr(key, length(rtrim(key, replace(key, '/', ''))) + 1), 0
    from (select distinct bucket, key from object_version);
with recursive above(bucket, parent, folder) as (
    select bucket, rtrim(substr(folder, 1, length(folder) - 1), replace(folder, '/', '')), folder from object_name where folder <> ''
    union select bucket, rtrim(substr(parent, 1, length(parent) - 1), replace(parent, '/', '')), parent from above where parent <> '')
insert into object_name
    select bucket, parent, substr(folder, length(parent) + 1), (select max(delete_marker) from object_version v where v.bucket = above.bucket) from above;
)";

// Copies of what was uploaded in parts had an upload of no bucket for their list of parts, "copy <seq>"; such a list is now the version's own, -seq.
const char* const lists_7 = R"(
update object_part set upload = (select -cast(substr(upload_id, 6) as integer) from object_upload where id = upload)
    where upload in (select id from object_upload where bucket = 0);
update object_version set upload = -seq
    where exists (select 1 from object_upload where bucket = 0) and upload in (select id from object_upload where bucket = 0);
delete from object_upload where bucket = 0;
)";

// What a bucket is configured to do with its objects stands in its row: every write looks at it.
const char* const configuration_1 = R"(
alter table object_bucket add column lifecycle text not null default '';
alter table object_bucket add column replication text not null default '';
alter table object_bucket add column object_lock text not null default '';
alter table object_bucket add column ownership text not null default '';
create table object_named_config (
    bucket integer not null,
    kind text not null,                    -- 'inventory', 'metrics', ...
    id text not null,
    body text not null,
    primary key (bucket, kind, id)
) without rowid;
)";

}  // namespace

ObjectStore::ObjectStore(Partition& partition, Database& db) : files_(partition) {
    db.migrate("object", {schema_1, initiator_2, indexes_3, keys_4, gone_5, folders_6, lists_7});
    db.migrate("object.configuration", {configuration_1});
    if (partition.world().options.data.empty()) return;
    auto busy = std::make_shared<Activities::Token>(partition.world().activities.begin("object-sweep", partition.arn("s3", "")));
    partition.world().runtime.post([weak = partition.weak_from_this(), busy] {
        if (auto p = weak.lock(); p && !p->closed()) p->part<ObjectStore>().files().sweep(std::move(*busy));
    });
}

std::int64_t next_sequence(Database& db) {
    Query q = db.query("update object_sequence set value = value + 1 returning value");
    q.next();
    std::int64_t value = q.integer(0);
    q.next();
    return value;
}

void insert_blob(Database& db, std::int64_t id, const BodyWriter& writer) {
    if (writer.file().empty())
        db.run("insert into object_blob (id, refs, size, data) values (?, 1, ?, ?)", id, writer.size(), Blob{writer.data()});
    else
        db.run("insert into object_blob (id, refs, size, file) values (?, 1, ?, ?)", id, writer.size(), writer.file());
}

void share_blob(Database& db, std::int64_t id) { db.run("update object_blob set refs = refs + 1 where id = ?", id); }

void release_blob(Transaction& tx, std::int64_t id) {
    std::int64_t refs = 0;
    std::string file;
    {
        Query q = tx.db().query("select refs, file from object_blob where id = ?", id);
        if (!q.next()) return;
        refs = q.integer(0);
        if (!q.is_null(1)) file = q.string(1);
    }
    if (refs > 1) {
        tx.db().run("update object_blob set refs = refs - 1 where id = ?", id);
        return;
    }
    tx.db().run("delete from object_blob where id = ?", id);
    if (file.empty()) return;
    tx.after_commit([partition = tx.partition().shared_from_this(), file] { partition->part<ObjectStore>().files().remove(file); });
}

Segment open_body(const Query& q, BodyFiles& files) {
    Segment segment;
    segment.size = static_cast<std::uint64_t>(q.integer(0));
    if (q.is_null(2)) segment.data = std::string(q.blob(1));
    else segment.file = files.pin(q.string(2));
    return segment;
}

}  // namespace virga::object
