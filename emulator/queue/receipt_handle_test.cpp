#include "emulator/queue/receipt_handle.hpp"

#include <doctest/doctest.h>

using namespace virga::queue;

TEST_CASE("A receipt handle means one receive, and nothing else is one") {
    Receipt receipt{7, 123456789012, 3};
    std::string handle = write_receipt(receipt);
    REQUIRE(read_receipt(handle));
    CHECK(*read_receipt(handle) == receipt);
    CHECK_FALSE(read_receipt(""));
    CHECK_FALSE(read_receipt("garbage"));
    std::string changed = handle;
    changed[12] = changed[12] == 'A' ? 'B' : 'A';
    CHECK_FALSE(read_receipt(changed));
}
