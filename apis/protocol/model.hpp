// The API models as read-only tables: what services, operations and shapes there are. The tables are generated at build time
// from apis/<service>/model.json (see generate_tables.py); they hold offsets, no pointers, so that nothing is relocated or parsed at start.
#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace virga::model {

enum class Kind : std::uint8_t { structure, list, map, string, blob, boolean, integer, long_, float_, double_, timestamp };
enum class TimeFormat : std::uint8_t { unset, epoch_seconds, iso8601, http_date };
enum class Location : std::uint8_t { body, uri, query_string, header, headers, status_code, payload };
enum class Protocol : std::uint8_t { json_1_0, json_1_1, query, rest_json, rest_xml, rpc_v2_cbor, ec2 };

// Offsets and indices have 16 bits: the generator refuses a model that needs more. There are tens of thousands of rows, and all
// of them are in memory and in the file, so their widths matter.
using Ref = std::uint16_t;
inline constexpr Ref none = 0xffff;
inline constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::min();

struct ShapeData {
    Ref name;          // string offset
    Ref first_member;  // structure: into members; list: the element's member entry; map: key entry, then value entry
    Ref first_enum;    // into string lists
    Ref pattern;       // string offset or none
    Ref min, max;      // into limits: length, count or value
    Ref error_code;    // exceptions: wire code, string offset or none (then the name)
    std::uint16_t member_count, enum_count, required_count;
    Ref xml_namespace;  // string offset or none
    Ref xml_name;
    std::uint16_t error_status : 10;  // exceptions: HTTP status, 0 = unset
    Kind kind : 4;
    TimeFormat time_format : 2;
    bool exception : 1, sender_fault : 1, document : 1, is_union : 1, event_stream : 1, flattened : 1, wrapper : 1, streaming : 1, sensitive : 1, sparse : 1,
        fault : 1;
    bool constrained : 1;  // it, or something below it, has a constraint to check
};

struct MemberData {
    Ref name;        // model name: key in Values
    Ref wire_name;   // locationName or name
    Ref query_name;  // for awsQuery
    Ref shape;
    Ref xml_namespace, xml_prefix;
    Location location : 3;
    TimeFormat time_format : 2;
    bool required : 1, flattened : 1, xml_attribute : 1, streaming : 1, idempotency_token : 1, host_label : 1, event_payload : 1, event_header : 1, json_value : 1;
};

struct OperationData {
    Ref name, method, uri, host_prefix;
    Ref input, output;  // shape or none
    Ref result_wrapper;
    Ref first_error;  // into shape lists
    std::uint16_t error_count, status;
    bool unsigned_payload, checksum_required, input_xml_root;
    Ref input_root, input_root_namespace;  // restXml bodies: the input's root element; none: the shape's name
    Ref output_root;                       // the output's root element; none: the shape's name
};

struct ServiceData {
    const char* strings;
    const ShapeData* shapes;
    const MemberData* members;
    const OperationData* operations;  // sorted by name
    const Ref* string_lists;
    const Ref* shape_lists;
    const std::int64_t* limits;  // the first is no_limit
    std::uint32_t shape_count, operation_count;
    Ref id, endpoint_prefix, signing_name, target_prefix, api_version, xml_namespace, service_id;
    Protocol protocol;                  // the one virga answers with by default
    std::uint32_t protocols;            // bit set of all it accepts (1 << Protocol)
    bool query_compatible;
};

// Members of an answer that are in its body: labels and query parameters only mean something in requests.
inline bool in_response_body(const MemberData& m) { return m.location == Location::body || m.location == Location::uri || m.location == Location::query_string; }

class Service;
class Shape;

struct Member {
    const ServiceData* s;
    const MemberData* d;
    std::string_view name() const { return s->strings + d->name; }
    std::string_view wire_name() const { return s->strings + d->wire_name; }
    std::string_view query_name() const { return s->strings + d->query_name; }
    inline Shape shape() const;
    std::string_view text(Ref offset) const { return offset == none ? std::string_view() : s->strings + offset; }
    const MemberData* operator->() const { return d; }
    explicit operator bool() const { return d != nullptr; }
};

class Shape {
public:
    Shape() = default;
    Shape(const ServiceData* s, Ref index) : s_(s), d_(index == none ? nullptr : &s->shapes[index]) {}
    explicit operator bool() const { return d_ != nullptr; }
    std::string_view name() const { return s_->strings + d_->name; }
    Kind kind() const { return d_->kind; }
    std::size_t member_count() const { return d_->member_count; }
    Member member(std::size_t i) const { return {s_, &s_->members[d_->first_member + i]}; }
    Member element() const { return member(0); }  // list
    Member key() const { return member(0); }      // map
    Member value() const { return member(1); }    // map
    // By model name; null d when there is no such member. find_wire looks for the name on the wire.
    Member find(std::string_view name) const;
    Member find_wire(std::string_view wire_name) const;
    // The member that is the whole HTTP body; null d when there is none.
    Member payload() const;
    // Least and greatest length, count or value; no_limit when unset.
    std::int64_t min() const { return s_->limits[d_->min]; }
    std::int64_t max() const { return s_->limits[d_->max]; }
    std::string_view pattern() const { return d_->pattern == none ? std::string_view() : s_->strings + d_->pattern; }
    std::size_t enum_count() const { return d_->enum_count; }
    std::string_view enum_value(std::size_t i) const { return s_->strings + s_->string_lists[d_->first_enum + i]; }
    std::string_view text(Ref offset) const { return offset == none ? std::string_view() : s_->strings + offset; }
    const ShapeData* operator->() const { return d_; }
    const ShapeData* data() const { return d_; }
    const ServiceData* service() const { return s_; }

private:
    const ServiceData* s_ = nullptr;
    const ShapeData* d_ = nullptr;
};

inline Shape Member::shape() const { return Shape(s, d->shape); }

class Operation {
public:
    Operation() = default;
    Operation(const ServiceData* s, const OperationData* d) : s_(s), d_(d) {}
    explicit operator bool() const { return d_ != nullptr; }
    std::string_view name() const { return s_->strings + d_->name; }
    std::string_view method() const { return s_->strings + d_->method; }
    std::string_view uri() const { return s_->strings + d_->uri; }
    Shape input() const { return Shape(s_, d_->input); }
    Shape output() const { return Shape(s_, d_->output); }
    std::size_t error_count() const { return d_->error_count; }
    Shape error(std::size_t i) const { return Shape(s_, s_->shape_lists[d_->first_error + i]); }
    std::size_t index() const { return static_cast<std::size_t>(d_ - s_->operations); }
    // The streaming member of input or output ("" when none).
    std::string_view streaming_input() const;
    std::string_view streaming_output() const;
    const OperationData* operator->() const { return d_; }
    const ServiceData* service() const { return s_; }

private:
    const ServiceData* s_ = nullptr;
    const OperationData* d_ = nullptr;
};

// One service's model.
class Service {
public:
    constexpr explicit Service(const ServiceData& data) : d_(&data) {}
    std::string_view id() const { return d_->strings + d_->id; }  // folder-independent name used in Call: "dynamodb", "events"
    std::string_view endpoint_prefix() const { return d_->strings + d_->endpoint_prefix; }
    std::string_view signing_name() const { return d_->strings + d_->signing_name; }
    std::string_view target_prefix() const { return d_->strings + d_->target_prefix; }
    bool has_target_prefix(std::string_view prefix) const;
    std::string_view api_version() const { return d_->strings + d_->api_version; }
    std::string_view service_id() const { return d_->strings + d_->service_id; }  // "DynamoDB", "EventBridge"
    std::string_view xml_namespace() const { return d_->xml_namespace == none ? std::string_view() : d_->strings + d_->xml_namespace; }
    Protocol protocol() const { return d_->protocol; }
    bool accepts(Protocol p) const { return d_->protocols >> static_cast<unsigned>(p) & 1; }
    bool query_compatible() const { return d_->query_compatible; }
    std::size_t operation_count() const { return d_->operation_count; }
    Operation operation(std::size_t i) const { return {d_, &d_->operations[i]}; }
    // Binary search by exact name; false when there is none.
    Operation find(std::string_view operation) const;
    // An exception shape by its wire code or name; false when there is none.
    Shape find_error(std::string_view code) const;
    const ServiceData* data() const { return d_; }

private:
    const ServiceData* d_;
};

}  // namespace virga::model
