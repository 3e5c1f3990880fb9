#define PCRE2_CODE_UNIT_WIDTH 8
#include "emulator/gateway/regex.hpp"

#include <pcre2.h>

namespace virga::gateway {
namespace {

constexpr std::uint32_t match_limit = 1'000'000;  // steps of one match

PCRE2_SPTR units(std::string_view s) { return reinterpret_cast<PCRE2_SPTR>(s.data()); }

struct Matching {
    pcre2_match_data* data;
    pcre2_match_context* context = pcre2_match_context_create(nullptr);
    explicit Matching(const pcre2_code* code) : data(pcre2_match_data_create_from_pattern(code, nullptr)) {
        pcre2_set_match_limit(context, match_limit);
    }
    Matching(const Matching&) = delete;
    ~Matching() {
        pcre2_match_data_free(data);
        pcre2_match_context_free(context);
    }
};

}  // namespace

struct Regex::Code {
    pcre2_code* code;
    explicit Code(pcre2_code* c) : code(c) {}
    Code(const Code&) = delete;
    ~Code() { pcre2_code_free(code); }
};

std::optional<Regex> Regex::compile(std::string_view pattern) {
    int error = 0;
    PCRE2_SIZE at = 0;
    pcre2_code* code = pcre2_compile(units(pattern), pattern.size(), PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &at, nullptr);
    if (!code) return {};
    Regex out;
    out.code_ = std::make_shared<const Code>(code);
    return out;
}

bool Regex::matches(std::string_view text) const {
    Matching m(code_->code);
    return pcre2_match(code_->code, units(text), text.size(), 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED, m.data, m.context) > 0;
}

bool Regex::finds(std::string_view text) const {
    Matching m(code_->code);
    return pcre2_match(code_->code, units(text), text.size(), 0, 0, m.data, m.context) > 0;
}

std::string Regex::replace(const std::string& text, const std::string& with, bool all) const {
    Matching m(code_->code);
    const std::uint32_t options = PCRE2_SUBSTITUTE_OVERFLOW_LENGTH | PCRE2_SUBSTITUTE_UNSET_EMPTY | (all ? PCRE2_SUBSTITUTE_GLOBAL : 0);
    std::string out(text.size() * 2 + with.size() + 64, '\0');
    for (;;) {
        PCRE2_SIZE length = out.size();
        const int result = pcre2_substitute(code_->code, units(text), text.size(), 0, options, m.data, m.context, units(with), with.size(),
                                            reinterpret_cast<PCRE2_UCHAR*>(out.data()), &length);
        if (result == PCRE2_ERROR_NOMEMORY && length > out.size() && length < (64u << 20)) {
            out.resize(length);
            continue;
        }
        if (result < 0) return text;
        out.resize(length);
        return out;
    }
}

std::vector<std::string> Regex::split(const std::string& text) const {
    Matching m(code_->code);
    std::vector<std::string> out;
    std::size_t from = 0, at = 0;
    while (at <= text.size() && pcre2_match(code_->code, units(text), text.size(), at, 0, m.data, m.context) > 0) {
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(m.data);
        if (range[1] == range[0]) {  // an empty match splits between characters
            if (range[0] >= text.size()) break;
            at = range[0] + 1;
            if (range[0] == from) continue;
        } else {
            at = range[1];
        }
        out.push_back(text.substr(from, range[0] - from));
        from = range[1];
    }
    out.push_back(text.substr(from));
    return out;
}

}  // namespace virga::gateway
