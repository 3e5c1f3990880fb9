// The causal trace of everything. See DESIGN 3, Trace.
#pragma once
#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga {

// Which event caused this: an X-Ray trace id and the span (call, job or invocation) that is the direct cause.
struct TraceContext {
    std::string root;        // "1-68a1b2c3-0123456789abcdef01234567"; empty = none yet
    std::uint64_t parent = 0;  // span id; 0 = the outside world

    bool empty() const { return root.empty(); }
    // "Root=...;Parent=0123456789abcdef;Sampled=0", the X-Amzn-Trace-Id and AWSTraceHeader form; "" when empty.
    std::string header() const;
    // Reads the header form; unknown parts are ignored. Empty when there is no Root.
    static TraceContext parse(std::string_view header);
    bool operator==(const TraceContext&) const = default;
};

struct Span {
    std::uint64_t id = 0;
    std::uint64_t parent = 0;
    std::string root;
    std::string kind;       // "call", "job", "invocation", "http"
    std::string name;       // "dynamodb:PutItem", "events.deliver", "lambda:my-function"
    std::string resource;   // ARN or name of what it acted on; may be empty
    std::string account, region;
    TimeMs started = 0, ended = 0;  // virtual time
    std::int64_t real_us = 0;       // how long it took in real microseconds
    std::string outcome;            // "ok" or an error code
    std::vector<TraceContext> links;  // further causes (the other records of a batch)
};

// A finished span, of texts that lie elsewhere. For calls, of which there are many.
struct SpanText {
    std::uint64_t id = 0, parent = 0;
    std::string_view root, kind, service, operation, resource, account, region;  // its name is service:operation
    TimeMs started = 0, ended = 0;
    std::int64_t real_us = 0;
    std::string_view outcome;
};

// A bounded ring of finished spans: the newest `capacity` are kept. Thread-safe.
class Trace {
public:
    explicit Trace(std::size_t capacity = 16384) : capacity_(capacity) {}
    void record(Span span);
    void record(const SpanText& span);
    // All spans of a trace, oldest first, with those that link to it.
    std::vector<Span> by_root(std::string_view root) const;
    // Newest first.
    std::vector<Span> by_resource(std::string_view resource, std::size_t limit) const;
    std::vector<Span> newest(std::size_t limit) const;
    void clear();
    // The spans of a trace as a forest: [{id, kind, name, resource, ..., children: [...]}], ordered by start then id.
    Value tree(std::string_view root) const;

private:
    // The place of the next span: a new one, or the oldest's. Lock held.
    Span& next_place();
    const Span& at(std::size_t age) const { return spans_[(oldest_ + age) % spans_.size()]; }  // 0 = the oldest
    const Span& newest_at(std::size_t i) const { return at(spans_.size() - 1 - i); }

    mutable std::mutex mutex_;
    std::size_t capacity_;
    std::vector<Span> spans_;
    std::size_t oldest_ = 0;
};

Value span_document(const Span& span);
// "1-<8 hex of epoch seconds>-<24 hex>".
std::string new_trace_root(TimeMs now, std::uint64_t high, std::uint64_t low);

}  // namespace virga
