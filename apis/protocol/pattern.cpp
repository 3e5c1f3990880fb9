#include "apis/protocol/pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "emulator/base/encoding.hpp"

namespace virga::protocol {

namespace {

struct FreeCode {
    void operator()(pcre2_code* c) const { pcre2_code_free(c); }
};
using Code = std::unique_ptr<pcre2_code, FreeCode>;

struct PosixClass {
    std::string_view name, inside;  // the name in \p{...}, the same inside brackets
};
constexpr PosixClass posix_classes[] = {{"Lower", "a-z"}, {"Upper", "A-Z"}, {"ASCII", "\\x{0}-\\x{7F}"}, {"Alpha", "a-zA-Z"}, {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"}, {"Punct", "!-\\/:-@\\[-`{-~"}, {"Graph", "!-~"}, {"Print", " -~"}, {"Blank", " \\t"}, {"Cntrl", "\\x{0}-\\x{1F}\\x{7F}"},
    {"XDigit", "0-9a-fA-F"}, {"Space", " \\t\\n\\x0B\\f\\r"}, {"IsAlphabetic", "\\p{L}\\p{Nl}"}, {"IsDigit", "\\p{Nd}"}};

unsigned hex4(std::string_view text, std::size_t at) { return static_cast<unsigned>(std::stoul(std::string(text.substr(at, 4)), nullptr, 16)); }

// Java's regular expressions as PCRE2 writes them: \uXXXX (pairs of surrogates are one character), \p{Print} and its like,
// a dash after a class inside brackets that is only a dash.
std::string translate(std::string_view p) {
    std::string out;
    bool brackets = false;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (p[i] != '\\' || i + 1 == p.size()) {
            if (p[i] == '[' && !brackets) brackets = true;
            else if (p[i] == ']') brackets = false;
            out += p[i];
            continue;
        }
        char next = p[i + 1];
        if (next == 'u' && i + 5 < p.size()) {
            unsigned c = hex4(p, i + 2);
            i += 5;
            if (c >= 0xD800 && c <= 0xDBFF && p.substr(i + 1).starts_with("\\u") && i + 6 < p.size()) {
                c = 0x10000 + ((c - 0xD800) << 10) + (hex4(p, i + 3) - 0xDC00);
                i += 6;
            }
            char text[16];
            std::snprintf(text, sizeof text, "\\x{%X}", c);
            out += text;
            continue;
        }
        std::size_t end = next == 'p' && p.substr(i + 2).starts_with('{') ? p.find('}', i) : std::string_view::npos;
        if (end != std::string_view::npos) {
            std::string_view name = p.substr(i + 3, end - i - 3);
            const PosixClass* known = nullptr;
            for (const PosixClass& c : posix_classes)
                if (c.name == name) known = &c;
            if (known) {
                out += brackets ? std::string(known->inside) : "[" + std::string(known->inside) + "]";
                i = end;
                continue;
            }
        }
        out += '\\';
        out += next;
        ++i;
        bool class_escape = next == 'w' || next == 'd' || next == 's' || next == 'W' || next == 'D' || next == 'S';
        if (brackets && class_escape && i + 1 < p.size() && p[i + 1] == '-') {
            out += "\\-";
            ++i;
        }
    }
    return out;
}

// Java: ^ and $ are the text's ends, '.' stops at any line end; \d and \w are ASCII there as here.
Code compile(std::string_view java) {
    std::string pattern = translate(java);
    std::unique_ptr<pcre2_compile_context, void (*)(pcre2_compile_context*)> context(pcre2_compile_context_create(nullptr), pcre2_compile_context_free);
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANY);
    int error = 0;
    PCRE2_SIZE offset = 0;
    std::uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY | PCRE2_NO_AUTO_CAPTURE;
    return Code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error, &offset, context.get()));
}

// A cache, rebuilt at need; what it holds follows from its keys alone.
class Patterns {
public:
    const pcre2_code* get(std::string_view pattern) {
        {
            std::shared_lock lock(mutex_);
            auto it = codes_.find(pattern);
            if (it != codes_.end()) return it->second.get();
        }
        Code code = compile(pattern);
        std::unique_lock lock(mutex_);
        return codes_.emplace(pattern, std::move(code)).first->second.get();
    }

private:
    std::shared_mutex mutex_;
    std::unordered_map<std::string_view, Code> codes_;
};

Patterns& patterns() {
    static Patterns p;
    return p;
}

constexpr std::uint32_t max_steps = 1'000'000;

// What a thread needs to match, kept: and the short texts that matched last. A client names the same few resources again and again.
class Matcher {
public:
    Matcher() : data_(pcre2_match_data_create(1, nullptr)), context_(pcre2_match_context_create(nullptr)) {
        pcre2_set_match_limit(context_, max_steps);
    }
    Matcher(const Matcher&) = delete;
    ~Matcher() {
        pcre2_match_context_free(context_);
        pcre2_match_data_free(data_);
    }

    bool matches(std::string_view pattern, std::string_view text) {
        if (text.size() > longest_kept) return run(pattern, text);
        Kept& kept = kept_[(hash64(text) ^ reinterpret_cast<std::uintptr_t>(pattern.data()) >> 4) % kept_.size()];
        if (kept.pattern == pattern.data() && kept.pattern_size == pattern.size() && kept.text == text) return true;
        if (!run(pattern, text)) return false;
        kept.pattern = pattern.data();
        kept.pattern_size = pattern.size();
        kept.text = text;
        return true;
    }

private:
    static constexpr std::size_t longest_kept = 128;
    struct Kept {
        const char* pattern = nullptr;  // the address of a text that lives as long as the process
        std::size_t pattern_size = 0;
        std::string text;
    };

    bool run(std::string_view pattern, std::string_view text) {
        const pcre2_code* code = patterns().get(pattern);
        return !code || pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, data_, context_) >= 0;
    }

    pcre2_match_data* data_;
    pcre2_match_context* context_;
    std::array<Kept, 64> kept_;
};

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) {
    thread_local Matcher matcher;
    return matcher.matches(pattern, text);
}

bool pattern_is_valid(std::string_view pattern) { return compile(pattern) != nullptr; }

}  // namespace virga::protocol
