// Heads read in one pass, beside what Beast's parser makes of them.
#include "apis/http/request_parser.hpp"

#include <doctest/doctest.h>

#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

using namespace virga;
namespace http = boost::beast::http;

namespace {

struct Outcome {
    std::string error, method, target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<std::uint64_t> length;
    bool keep_alive = false, done = false;
    std::size_t taken = 0;
    bool operator==(const Outcome&) const = default;
};

// A head that comes in two pieces is Beast's from the beginning.
Outcome parsed(std::string_view bytes, bool in_pieces, std::uint32_t limit = 16 * 1024) {
    HttpRequest request;
    RequestParser parser(request, limit);
    Outcome out;
    boost::system::error_code ec;
    if (in_pieces) out.taken = parser.put(boost::asio::buffer(bytes.data(), 1), ec);
    if (!in_pieces || !ec || ec == http::error::need_more) {
        ec = {};
        out.taken += parser.put(boost::asio::buffer(bytes.substr(out.taken)), ec);
    }
    if (!parser.is_header_done()) {
        out.error = ec.message();
        out.taken = 0;
        return out;
    }
    out.method = request.method;
    out.target = request.target;
    out.headers.assign(request.headers.begin(), request.headers.end());
    out.length = parser.content_length();
    out.keep_alive = parser.keep_alive();
    out.done = parser.is_done();
    return out;
}

std::ostream& operator<<(std::ostream& out, const Outcome& o) {
    out << "error '" << o.error << "' " << o.method << ' ' << o.target << " taken " << o.taken << " length " << (o.length ? std::to_string(*o.length) : "none") << " keep " << o.keep_alive;
    for (const auto& [name, value] : o.headers) out << " [" << name << "|" << value << "]";
    return out;
}

const std::vector<std::string> heads = {
    "POST / HTTP/1.1\r\nHost: 127.0.0.1:4566\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\nContent-Type: application/x-amz-json-1.0\r\nUser-Agent: Boto3/1.44.5 md/Botocore#1.44.5 "
    "ua/2.1 os/linux#6.1\r\nX-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=0123456789abcdef\r\nContent-Length: 2\r\n\r\n{}",
    "GET /bucket/a%20key?versionId=null&x=%2F HTTP/1.1\r\nhost: localhost\r\nconnection: keep-alive\r\naccept: */*\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "PUT /b/k HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
    "PUT /b/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nX-Empty:\r\nX-Blanks: \t a  b \t \r\n\r\n",
    "DELETE /caf\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\nX-Name: \xc3\xa9\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost\r\nX-Folded: a\r\n b\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length : 2\r\n\r\n{}",
    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: localhost\nContent-Length: 2\r\n\r\n{}",
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
};

// A seed of VIRGA_PARSER_SEED, which is told.
std::uint64_t seed() {
    if (const char* given = std::getenv("VIRGA_PARSER_SEED")) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
}

}  // namespace

TEST_CASE("a plain head is read as Beast reads it") {
    for (const std::string& head : heads) {
        CAPTURE(head);
        CHECK(parsed(head, false) == parsed(head, true));
    }
    CHECK(parsed(heads[0], false).headers.size() == 7);
    CHECK(parsed(heads[0], false).length == 2);
    CHECK(parsed(heads[5], false).headers[3].second == "a  b");
    CHECK(parsed(heads[9], false).error != "");
    CHECK(parsed(heads[10], false).error != "");
}

TEST_CASE("a head beyond the limit is refused") {
    const std::string head = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + std::string(200, 'a') + "\r\n\r\n";
    CHECK(parsed(head, false, 100) == parsed(head, true, 100));
    CHECK(parsed(head, false, 100).error != "");
    CHECK(parsed(head, false, 1000).error == "");
}

TEST_CASE("damaged heads are read as Beast reads them, or refused as it does") {
    const std::uint64_t start = seed();
    CAPTURE(start);
    std::mt19937_64 random(start);
    auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    static constexpr std::string_view telling = "\r\n\t :;,\0\x7f\xff\x1f/AZaz09-_\"()[]{}@%?&=";
    int refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string head = heads[below(heads.size())];
        for (std::size_t change = below(3) + 1; change > 0; --change) {
            const std::size_t at = below(head.size());
            const char c = below(2) ? telling[below(telling.size())] : static_cast<char>(below(256));
            switch (below(4)) {
                case 0: head[at] = c; break;
                case 1: head.insert(at, 1, c); break;
                case 2: head.erase(at, below(4) + 1); break;
                default: head.insert(at, heads[below(heads.size())], below(20), below(40)); break;
            }
            if (head.size() < 2) head = "GET";
        }
        const Outcome at_once = parsed(head, false), by_beast = parsed(head, true);
        CAPTURE(head);
        REQUIRE(at_once == by_beast);
        refused += at_once.error != "";
    }
    CHECK(refused > 1000);
}
