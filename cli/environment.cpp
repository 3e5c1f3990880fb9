#include "cli/environment.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <span>
#include <stdexcept>

namespace virga::cli {

namespace {

constexpr const char* volume = "/var/lib/localstack";
constexpr std::string_view item_reads[] = {"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"};
constexpr std::string_view item_writes[] = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"};
constexpr std::string_view record_calls[] = {"PutRecord", "PutRecordsEntry", "GetRecords"};

std::string shared_name(const std::string& name) { return environment(name, environment("LOCALSTACK_" + name, "")); }

bool is_on(const std::string& value) { return value == "1" || value == "true" || value == "True"; }

void listen_where_told(ServeOptions& o) {
    std::string listen = shared_name("GATEWAY_LISTEN");
    listen = listen.substr(0, listen.find(','));
    const std::size_t colon = listen.rfind(':');
    if (colon != std::string::npos && colon > 0) o.host = listen.substr(0, colon);
    std::string port = colon == std::string::npos ? listen : listen.substr(colon + 1);
    if (port.empty()) port = shared_name("EDGE_PORT");
    if (!port.empty() && port.find_first_not_of("0123456789") == std::string::npos) o.port = static_cast<unsigned short>(std::atoi(port.c_str()));
}

void add_faults(ServeOptions& o, const std::string& name, std::string_view service, std::span<const std::string_view> operations, std::string_view message) {
    const std::string text = shared_name(name);
    if (text.empty()) return;
    double probability = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), probability);
    if (error != std::errc() || end != text.data() + text.size() || probability < 0 || probability > 1)
        throw std::invalid_argument(fmt::format("{} is \"{}\"; a number from 0 to 1 is expected.", name, text));
    if (probability == 0) return;
    for (std::string_view operation : operations) {
        Fault fault;
        fault.service = service;
        fault.operation = operation;
        fault.probability = probability;
        fault.code = "ProvisionedThroughputExceededException";
        fault.status = 400;
        fault.message = message;
        o.faults.push_back(std::move(fault));
    }
}

}  // namespace

std::string environment(const std::string& name, const std::string& otherwise) {
    const char* value = std::getenv(name.c_str());
    return value && *value ? value : otherwise;
}

void apply_environment(ServeOptions& o) {
    listen_where_told(o);
    if (is_on(shared_name("PERSISTENCE"))) o.data = environment("LOCALSTACK_VOLUME_DIR", volume);
    const std::string log = shared_name("LS_LOG");
    o.log_requests = is_on(shared_name("DEBUG")) || log == "debug" || log == "trace";
    o.tls_certificate = o.tls_key = shared_name("CUSTOM_SSL_CERT_PATH");

    constexpr std::string_view exceeded =
        "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.";
    for (const char* name : {"DYNAMODB_ERROR_PROBABILITY", "DYNAMODB_READ_ERROR_PROBABILITY"}) add_faults(o, name, "dynamodb", item_reads, exceeded);
    for (const char* name : {"DYNAMODB_ERROR_PROBABILITY", "DYNAMODB_WRITE_ERROR_PROBABILITY"}) add_faults(o, name, "dynamodb", item_writes, exceeded);
    add_faults(o, "KINESIS_ERROR_PROBABILITY", "kinesis", record_calls, "Rate exceeded for shard.");
}

}  // namespace virga::cli
