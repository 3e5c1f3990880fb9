#include "emulator/table/schema.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"

namespace virga::table {

bool Index::is_key(std::string_view attribute) const {
    auto named = [&](const KeyPart& p) { return p.name == attribute; };
    return std::any_of(hash.begin(), hash.end(), named) || std::any_of(range.begin(), range.end(), named);
}

const Index* Table::find_index(std::string_view index_name) const {
    for (const Index& i : indexes)
        if (i.name == index_name) return &i;
    return nullptr;
}

const Destination* Table::find_destination(std::string_view stream) const {
    for (const Destination& d : destinations)
        if (d.stream_arn == stream) return &d;
    return nullptr;
}

bool Table::forwards() const {
    return std::any_of(destinations.begin(), destinations.end(), [](const Destination& d) { return d.enabled; });
}

bool Table::has_local_index() const {
    return std::any_of(indexes.begin(), indexes.end(), [](const Index& i) { return !i.global; });
}

std::vector<std::string> Table::key_names() const {
    std::vector<std::string> names{hash.name};
    if (range) names.push_back(range->name);
    return names;
}

Type scalar_type(std::string_view name) { return name == "N" ? Type::n : name == "B" ? Type::b : Type::s; }

namespace {

Value encode_part(const KeyPart& part) { return Object{{"name", part.name}, {"type", type_name(part.type)}}; }
KeyPart decode_part(const Value& v) { return {std::string(v.text("name")), scalar_type(v.text("type"))}; }

Array encode_parts(const std::vector<KeyPart>& parts) {
    Array out;
    for (const KeyPart& p : parts) out.push_back(encode_part(p));
    return out;
}
std::vector<KeyPart> decode_parts(const Array& parts) {
    std::vector<KeyPart> out;
    for (const Value& p : parts) out.push_back(decode_part(p));
    return out;
}

Value encode_throughput(const Throughput& t) { return Object{{"read", t.read}, {"write", t.write}}; }
Throughput decode_throughput(const Value& v) { return {v.integer("read"), v.integer("write")}; }

Value encode_index(const Index& i) {
    Array included;
    for (const std::string& name : i.included) included.push_back(name);
    return Object{{"id", i.id},
                  {"name", i.name},
                  {"global", i.global},
                  {"hash", encode_parts(i.hash)},
                  {"range", encode_parts(i.range)},
                  {"projection", static_cast<int>(i.projection)},
                  {"included", std::move(included)},
                  {"throughput", encode_throughput(i.throughput)},
                  {"backfilling", i.backfilling},
                  {"readyAt", i.ready_at},
                  {"goneAt", i.gone_at},
                  {"recorded", i.recorded}};
}

Index decode_index(const Value& v) {
    Index i;
    i.id = v.integer("id");
    i.name = v.text("name");
    i.global = v.flag("global");
    i.hash = decode_parts(v.list("hash"));
    i.range = decode_parts(v.list("range"));
    i.projection = static_cast<Index::Projection>(v.integer("projection"));
    for (const Value& name : v.list("included")) i.included.push_back(name.as_string());
    i.throughput = decode_throughput(v["throughput"]);
    i.backfilling = v.flag("backfilling");
    i.ready_at = v.integer("readyAt");
    i.gone_at = v.integer("goneAt");
    i.recorded = v.object("recorded");
    return i;
}

Value encode_destination(const Destination& d) {
    return Object{{"id", d.id}, {"stream", d.stream_arn}, {"micros", d.micros}, {"enabled", d.enabled}, {"settledAt", d.settled_at}, {"changing", d.changing}};
}
Destination decode_destination(const Value& v) {
    return {v.integer("id"), std::string(v.text("stream")), v.flag("micros"), v.flag("enabled"), v.integer("settledAt"), std::string(v.text("changing"))};
}

Value encode_replica(const Replica& r) { return Object{{"region", r.region}, {"readyAt", r.ready_at}, {"settings", r.settings}}; }
Replica decode_replica(const Value& v) { return {std::string(v.text("region")), v.integer("readyAt"), v.object("settings")}; }

void encode_lifecycle(Object& doc, const Table& t) {
    doc["ttlChanged"] = t.ttl_changed;
    doc["readyAt"] = t.ready_at;
    doc["filling"] = t.filling;
    doc["settledAt"] = t.settled_at;
    doc["goneAt"] = t.gone_at;
    doc["recoverySince"] = t.recovery_since;
    doc["recoveryDays"] = t.recovery_days;
    Array destinations, replicas;
    for (const Destination& d : t.destinations) destinations.push_back(encode_destination(d));
    for (const Replica& r : t.replicas) replicas.push_back(encode_replica(r));
    doc["destinations"] = std::move(destinations);
    doc["replicas"] = std::move(replicas);
}

void decode_lifecycle(const Value& doc, Table& t) {
    t.ttl_changed = doc.integer("ttlChanged");
    t.ready_at = doc.integer("readyAt");
    t.filling = doc.flag("filling");
    t.settled_at = doc.integer("settledAt");
    t.gone_at = doc.integer("goneAt");
    t.recovery_since = doc.integer("recoverySince");
    t.recovery_days = static_cast<int>(doc.integer("recoveryDays", 35));
    for (const Value& d : doc.list("destinations")) t.destinations.push_back(decode_destination(d));
    for (const Value& r : doc.list("replicas")) t.replicas.push_back(decode_replica(r));
}

}  // namespace

std::string encode_table(const Table& t) {
    Object doc{{"id", t.id}, {"name", t.name}, {"arn", t.arn}, {"uuid", t.uuid}, {"hash", encode_part(t.hash)}};
    if (t.range) doc["range"] = encode_part(*t.range);
    doc["definitions"] = encode_parts(t.definitions);
    Array indexes;
    for (const Index& i : t.indexes) indexes.push_back(encode_index(i));
    doc["indexes"] = std::move(indexes);
    doc["onDemand"] = t.on_demand;
    doc["onDemandSince"] = t.on_demand_since;
    doc["throughput"] = encode_throughput(t.throughput);
    doc["created"] = t.created;
    doc["deletionProtected"] = t.deletion_protected;
    doc["stream"] = t.stream;
    doc["streamView"] = t.stream_view;
    doc["streamArn"] = t.stream_arn;
    doc["streamLabel"] = t.stream_label;
    doc["ttlAttribute"] = t.ttl_attribute;
    doc["tags"] = t.tags;
    encode_lifecycle(doc, t);
    doc["recorded"] = t.recorded;
    return json::write(doc);
}

Table decode_table(std::string_view document) {
    const Value doc = json::parse(document);
    Table t;
    t.id = doc.integer("id");
    t.name = doc.text("name");
    t.arn = doc.text("arn");
    t.uuid = doc.text("uuid");
    t.hash = decode_part(doc["hash"]);
    if (doc.has("range")) t.range = decode_part(doc["range"]);
    t.definitions = decode_parts(doc.list("definitions"));
    for (const Value& i : doc.list("indexes")) t.indexes.push_back(decode_index(i));
    t.on_demand = doc.flag("onDemand");
    t.on_demand_since = doc.integer("onDemandSince");
    t.throughput = decode_throughput(doc["throughput"]);
    t.created = doc.integer("created");
    t.deletion_protected = doc.flag("deletionProtected");
    t.stream = doc.integer("stream");
    t.stream_view = doc.text("streamView");
    t.stream_arn = doc.text("streamArn");
    t.stream_label = doc.text("streamLabel");
    t.ttl_attribute = doc.text("ttlAttribute");
    t.tags = doc.object("tags");
    decode_lifecycle(doc, t);
    t.recorded = doc.object("recorded");
    return t;
}

}  // namespace virga::table
