#include <algorithm>

#include "apis/http/client.hpp"
#include "apis/targets/http_parameters.hpp"
#include "apis/targets/outbound.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::targets {

namespace {

// A token is fetched again so long before it ends.
constexpr TimeMs early_ms = 60'000;
// When the answer does not say how long a token lasts.
constexpr std::int64_t default_lifetime_s = 3600;

std::string form(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::string out;
    for (const auto& [name, value] : pairs) out += (out.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    return out;
}

// The client's credentials go as a form, and in the query when the method has no body, with what the user adds.
OutboundRequest token_request(const Value& oauth) {
    OutboundRequest request;
    request.method = oauth.text("HttpMethod");
    std::vector<std::pair<std::string, std::string>> pairs{{"client_id", std::string(oauth["ClientParameters"].text("ClientID"))},
                                                           {"client_secret", std::string(oauth["ClientParameters"].text("ClientSecret"))}};
    HttpParts parts;
    const Value& more = oauth["OAuthHttpParameters"];
    std::string none;
    add_connection_parameters(more, parts, none);
    for (const auto& p : more.list("BodyParameters")) pairs.emplace_back(p.text("Key"), p.text("Value"));
    if (request.method == "GET") parts.query.insert(parts.query.begin(), pairs.begin(), pairs.end());
    else request.body = form(pairs);
    request.url = with_query(std::string(oauth.text("AuthorizationEndpoint")), parts.query);
    request.headers.add("User-Agent", "Amazon/EventBridge/ApiDestinations");
    if (request.method != "GET") request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    for (auto& [name, value] : parts.headers) request.headers.set(name, value);
    return request;
}

}  // namespace

std::optional<std::string> Outbound::token(const std::string& connection, std::string_view version, TimeMs now) {
    std::lock_guard lock(mutex_);
    auto it = tokens_.find(connection);
    if (it == tokens_.end() || it->second.version != version || it->second.until <= now) return {};
    return it->second.value;
}

void Outbound::keep(const std::string& connection, Token token) {
    std::lock_guard lock(mutex_);
    tokens_[connection] = std::move(token);
}

void Outbound::forget(const std::string& connection) {
    std::lock_guard lock(mutex_);
    tokens_.erase(connection);
}

TimeMs Outbound::reserve(const std::string& destination, std::int64_t rate, TimeMs now, bool later) {
    constexpr TimeMs second = 1000;
    std::lock_guard lock(mutex_);
    auto& window = windows_[destination];
    if (now >= window.begin + second) window = {now, 0};
    if (!later && (window.used >= rate || window.begin > now)) return window.begin + second;
    if (window.used >= rate) window = {window.begin + second, 0};
    ++window.used;
    return std::max(now, window.begin);
}

Task<Authorization> authorize(std::shared_ptr<Partition> partition, std::string name, Value connection) {
    Authorization out;
    const Value& auth = connection["AuthParameters"];
    auto type = connection.text("AuthorizationType");
    if (type == "BASIC") {
        const Value& basic = auth["BasicAuthParameters"];
        out.header = "Basic " + base64_encode(std::string(basic.text("Username")) + ":" + std::string(basic.text("Password")));
        co_return out;
    }
    if (type != "OAUTH_CLIENT_CREDENTIALS") co_return out;
    World& world = partition->world();
    auto& outbound = partition->part<Outbound>();
    auto version = std::string(connection.text("Version"));
    if (auto cached = outbound.token(name, version, world.clock.now())) {
        out.header = "Bearer " + *cached;
        co_return out;
    }
    OutboundRequest request = token_request(auth["OAuthParameters"]);
    Task<OutboundResponse> sending = send_outbound(world.runtime, std::move(request), bus::limits::http_timeout_ms);
    OutboundResponse answer = co_await std::move(sending);
    Value document;
    if (answer.failure != OutboundResponse::Failure::none) {
        out.failure = Failure{"CONNECTION_FAILURE", "The authorization endpoint: " + answer.error, true};
    } else if (answer.status / 100 != 2) {
        bool retry = answer.status == 429 || answer.status >= 500;
        out.failure = Failure{"CONNECTION_FAILURE", "The authorization endpoint answered " + std::to_string(answer.status) + ".", retry};
    } else if (!json::try_parse(answer.body, document) || !document["access_token"].is_string()) {
        out.failure = Failure{"CONNECTION_FAILURE", "The authorization endpoint's answer has no access_token.", false};
    } else {
        std::int64_t lifetime = document["expires_in"].is_number() ? static_cast<std::int64_t>(document["expires_in"].as_double()) : default_lifetime_s;
        TimeMs lasts = lifetime * 1000;
        std::string value(document.text("access_token"));
        outbound.keep(name, {value, version, world.clock.now() + lasts - std::min(early_ms, lasts / 2)});
        out.header = "Bearer " + value;
    }
    co_return out;
}

}  // namespace virga::targets
