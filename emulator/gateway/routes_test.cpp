#include "emulator/gateway/routes.hpp"

#include <doctest/doctest.h>

using namespace virga;
using namespace virga::gateway;

namespace {

Route route(std::string path, std::initializer_list<const char*> methods) {
    Route r{path, path};
    for (const char* m : methods) r.methods.append(m, Object{});
    return r;
}

std::string found(const Routes& routes, std::string_view method, std::string_view path) {
    Match m = routes.find(method, path);
    return m ? m.verb + " " + m.route->path : "";
}

}  // namespace

TEST_CASE("a literal goes before a parameter, that before a greedy one") {
    Routes routes({route("/{proxy+}", {"ANY"}), route("/pets/{id}", {"GET"}), route("/pets/all", {"GET"}), route("/", {"GET"})});
    CHECK(found(routes, "GET", "/pets/all") == "GET /pets/all");
    CHECK(found(routes, "GET", "/pets/7") == "GET /pets/{id}");
    CHECK(found(routes, "GET", "/pets/7/toys") == "ANY /{proxy+}");
    CHECK(found(routes, "GET", "/") == "GET /");
    CHECK(found(routes, "POST", "/") == "");  // greedy needs a segment
}

TEST_CASE("a resource without the verb is passed over") {
    Routes routes({route("/users/me", {"PATCH"}), route("/users/{id}", {"GET"}), route("/{proxy+}", {"DELETE"})});
    CHECK(found(routes, "GET", "/users/me") == "GET /users/{id}");
    CHECK(found(routes, "DELETE", "/users/me") == "DELETE /{proxy+}");
    CHECK(found(routes, "PUT", "/users/me") == "");
    CHECK(found(routes, "HEAD", "/users/7") == "");  // HEAD is not GET
}

TEST_CASE("an explicit verb beats ANY; the longest literal prefix wins among greedy ones") {
    Routes routes({route("/a/{x+}", {"ANY", "POST"}), route("/a/b/{y+}", {"ANY"})});
    CHECK(found(routes, "POST", "/a/c") == "POST /a/{x+}");
    CHECK(found(routes, "POST", "/a/b/c") == "ANY /a/b/{y+}");
    CHECK(found(routes, "GET", "/a") == "");
}

TEST_CASE("parameters are decoded, a slash at the end does not count") {
    Routes routes({route("/pets/{id}/{rest+}", {"GET"})});
    Match m = routes.find("GET", "/pets/a%20b/c/d%2Fe/");
    REQUIRE(m);
    CHECK(m.parameters == std::vector<std::pair<std::string, std::string>>{{"id", "a b"}, {"rest", "c/d/e"}});
}
