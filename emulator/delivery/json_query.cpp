#include "emulator/delivery/json_query.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <jq.h>

#include <cctype>
#include <stdexcept>
#include <vector>

namespace virga::delivery {

namespace {

// The functions of libjq that are used, by their names.
struct Library {
    void* handle = dlopen("libjq.so.1", RTLD_NOW | RTLD_LOCAL);
    template <class F>
    F* find(const char* name) {
        return handle ? reinterpret_cast<F*>(dlsym(handle, name)) : nullptr;
    }
    decltype(jq_init)* init = find<decltype(jq_init)>("jq_init");
    decltype(jq_teardown)* teardown = find<decltype(jq_teardown)>("jq_teardown");
    decltype(jq_compile)* compile = find<decltype(jq_compile)>("jq_compile");
    decltype(jq_start)* start = find<decltype(jq_start)>("jq_start");
    decltype(jq_next)* next = find<decltype(jq_next)>("jq_next");
    decltype(jq_set_error_cb)* set_error_cb = find<decltype(jq_set_error_cb)>("jq_set_error_cb");
    decltype(jv_parse_sized)* parse = find<decltype(jv_parse_sized)>("jv_parse_sized");
    decltype(jv_get_kind)* kind = find<decltype(jv_get_kind)>("jv_get_kind");
    decltype(jv_free)* free = find<decltype(jv_free)>("jv_free");
    decltype(jv_dump_string)* dump = find<decltype(jv_dump_string)>("jv_dump_string");
    decltype(jv_string_value)* text = find<decltype(jv_string_value)>("jv_string_value");
    decltype(jv_array)* array = find<decltype(jv_array)>("jv_array");
    decltype(jv_array_append)* append = find<decltype(jv_array_append)>("jv_array_append");
    decltype(jv_number)* number = find<decltype(jv_number)>("jv_number");
    decltype(jv_invalid_has_msg)* has_message = find<decltype(jv_invalid_has_msg)>("jv_invalid_has_msg");
    decltype(jv_invalid_get_msg)* message = find<decltype(jv_invalid_get_msg)>("jv_invalid_get_msg");
    decltype(jv_copy)* copy = find<decltype(jv_copy)>("jv_copy");

    bool complete() const {
        return init && teardown && compile && start && next && set_error_cb && parse && kind && free && dump && text && array && append && number &&
               has_message && message && copy;
    }
};

// Code of a library, loaded once: no state of the emulator.
Library& library() {
    static Library loaded;
    return loaded;
}

std::string as_text(Library& jq, jv value) {
    jv text = jq.kind(value) == JV_KIND_STRING ? value : jq.dump(value, 0);
    std::string out = jq.text(text);
    jq.free(text);
    return out;
}

void collect(void* to, jv message) { *static_cast<std::string*>(to) += as_text(library(), message); }

}  // namespace

struct JsonQuery::State {
    jq_state* jq = nullptr;
    std::string words;
    ~State() {
        if (jq) library().teardown(&jq);
    }
};

bool JsonQuery::available() { return library().complete(); }

JsonQuery::JsonQuery(const std::string& query) : state_(std::make_unique<State>()) {
    Library& lib = library();
    if (!lib.complete()) throw std::runtime_error("libjq.so.1 is needed to run JQ queries");
    state_->jq = lib.init();
    lib.set_error_cb(state_->jq, collect, &state_->words);
    // By itself first, so that nothing it says reaches beyond its parentheses.
    if (!lib.compile(state_->jq, query.c_str())) throw std::runtime_error(state_->words);
    lib.teardown(&state_->jq);
    state_->jq = lib.init();
    lib.set_error_cb(state_->jq, collect, &state_->words);
    std::string whole = ". as [$virga_now, $virga_record] | def now: $virga_now; $virga_record | (" + query + "\n)";
    if (!lib.compile(state_->jq, whole.c_str())) throw std::runtime_error(state_->words);
}

JsonQuery::~JsonQuery() = default;

JsonQuery::Result JsonQuery::run(std::string_view record, TimeMs now) {
    Library& lib = library();
    std::lock_guard lock(mutex_);
    Result result;
    jv input = lib.parse(record.data(), static_cast<int>(record.size()));
    if (lib.kind(input) == JV_KIND_INVALID) {
        lib.free(input);
        result.is_json = false;
        return result;
    }
    jv given = lib.append(lib.append(lib.array(), lib.number(static_cast<double>(now) / 1000)), input);
    lib.start(state_->jq, given, 0);
    jv answer = lib.next(state_->jq);
    if (lib.kind(answer) != JV_KIND_INVALID) {
        result.output = as_text(lib, lib.dump(answer, 0));
    } else if (lib.has_message(lib.copy(answer))) {
        result.error = as_text(lib, lib.message(answer));
    } else {
        lib.free(answer);
    }
    return result;
}

std::vector<std::string> query_keys(std::string_view query) {
    std::vector<std::string> keys;
    std::size_t at = query.find('{');
    if (at == query.npos) return keys;
    int depth = 0;
    bool expects = false;  // a key of the outermost object
    for (; at < query.size(); ++at) {
        char c = query[at];
        if (c == '"') {
            std::size_t end = at + 1;
            while (end < query.size() && query[end] != '"') end += query[end] == '\\' ? 2 : 1;
            if (expects && end < query.size()) keys.emplace_back(query.substr(at + 1, end - at - 1));
            expects = false;
            at = end;
        } else if (c == '{' || c == '[' || c == '(') {
            expects = ++depth == 1;
        } else if (c == '}' || c == ']' || c == ')') {
            if (--depth == 0) break;
        } else if (c == ',' && depth == 1) {
            expects = true;
        } else if (expects && (std::isalnum(static_cast<unsigned char>(c)) || c == '_')) {
            std::size_t end = at;
            while (end < query.size() && (std::isalnum(static_cast<unsigned char>(query[end])) || query[end] == '_')) ++end;
            keys.emplace_back(query.substr(at, end - at));
            expects = false;
            at = end - 1;
        } else if (!std::isspace(static_cast<unsigned char>(c))) {
            expects = false;
        }
    }
    return keys;
}

}  // namespace virga::delivery
