#include "emulator/world/retry.hpp"

#include <doctest/doctest.h>

using namespace virga;

TEST_CASE("a backoff doubles up to its longest, however many failures there were") {
    constexpr Backoff backoff{1'000, 60'000};
    CHECK(backoff.after(0) == 1'000);
    CHECK(backoff.after(1) == 1'000);
    CHECK(backoff.after(3) == 4'000);
    CHECK(backoff.after(7) == 60'000);
    CHECK(backoff.after(1'000'000) == 60'000);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        TimeMs wait = backoff.after(3, Random(seed));
        CHECK(wait >= 3'000);
        CHECK(wait <= 4'000);
    }
}

TEST_CASE("what may pass is tried again") {
    CHECK(may_pass(ApiError("ProvisionedThroughputExceededException", 400, "")));
    CHECK(may_pass(ApiError("TooManyRequestsException", 429, "")));
    CHECK(may_pass(ApiError("InternalFailure", 500, "")));
    CHECK_FALSE(may_pass(ApiError("InternalFailure", 501, "")));
    CHECK_FALSE(may_pass(ApiError("ResourceNotFoundException", 404, "")));
    CHECK(is_throttling(ApiError("ThrottlingException", 400, "")));
    CHECK_FALSE(is_throttling(ApiError("InternalFailure", 500, "")));
}
