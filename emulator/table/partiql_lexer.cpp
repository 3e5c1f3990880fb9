#include "emulator/table/partiql_lexer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "emulator/base/encoding.hpp"
#include "emulator/table/errors.hpp"

namespace virga::table::partiql {

std::string Token::place() const { return fmt::format("{}:{}:{}", line, column, length); }

namespace {

// Words that are no names unless they stand in double quotes: SQL-92's and PartiQL's own, sorted.
constexpr std::string_view keywords[] = {
    "absolute", "action", "add", "all", "allocate", "alter", "and", "any", "are", "as", "asc", "assertion", "at", "authorization", "avg", "bag",
    "begin", "between", "bit", "bit_length", "blob", "bool", "boolean", "by", "cascade", "cascaded", "case", "cast", "catalog", "char", "char_length",
    "character", "character_length", "check", "clob", "close", "coalesce", "collate", "collation", "column", "commit", "conflict", "connect",
    "connection", "constraint", "constraints", "continue", "convert", "corresponding", "count", "create", "cross", "current", "current_date",
    "current_time", "current_timestamp", "current_user", "cursor", "date", "date_add", "deallocate", "dec", "decimal", "declare", "default",
    "deferrable", "deferred", "delete", "desc", "describe", "descriptor", "diagnostics", "disconnect", "distinct", "do", "domain", "double", "drop",
    "else", "end", "escape", "except", "exception", "exec", "execute", "exists", "external", "extract", "false", "fetch", "first", "float", "for",
    "foreign", "found", "from", "full", "get", "global", "go", "goto", "grant", "group", "having", "identity", "immediate", "in", "index",
    "indicator", "initially", "inner", "input", "insensitive", "insert", "int", "integer", "intersect", "interval", "into", "is", "isolation", "join",
    "key", "language", "last", "left", "let", "level", "like", "limit", "list", "local", "lower", "match", "max", "min", "missing", "modified",
    "module", "names", "national", "natural", "nchar", "new", "next", "no", "not", "nothing", "null", "nullif", "numeric", "octet_length", "of",
    "old", "on", "only", "open", "option", "or", "order", "outer", "output", "overlaps", "pad", "partial", "pivot", "position", "precision",
    "prepare", "preserve", "primary", "prior", "privileges", "procedure", "public", "read", "real", "references", "relative", "remove", "restrict",
    "returning", "revoke", "right", "rollback", "rows", "schema", "scroll", "section", "select", "session", "session_user", "set", "sexp", "size",
    "smallint", "some", "space", "sql", "sqlcode", "sqlerror", "sqlstate", "string", "struct", "substring", "sum", "symbol", "system_user", "table",
    "temporary", "then", "time", "timestamp", "to", "transaction", "translate", "translation", "trim", "true", "tuple", "union", "unique", "unknown",
    "unpivot", "update", "upper", "usage", "user", "using", "value", "values", "varchar", "varying", "view", "when", "whenever", "where", "with",
    "work", "write", "zone"};

bool is_keyword(std::string_view lower_case) { return std::binary_search(std::begin(keywords), std::end(keywords), lower_case); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

class Lexer {
public:
    explicit Lexer(std::string_view text) : s_(text) {}

    std::vector<Token> run() {
        for (skip_blanks(); at_ < s_.size(); skip_blanks()) {
            start_ = at_;
            token_ = Token();
            token_.line = line_;
            token_.column = column(at_);
            read();
            token_.length = column(at_) - token_.column;
            tokens_.push_back(std::move(token_));
        }
        Token end;
        end.line = line_;
        end.column = column(at_);
        tokens_.push_back(std::move(end));
        return std::move(tokens_);
    }

private:
    [[noreturn]] static void refuse() { throw errors::malformed_statement(""); }
    bool starts(std::string_view text) const { return s_.substr(at_).starts_with(text); }

    // Characters since the line began, from 1; bytes that continue a UTF-8 character do not count.
    int column(std::size_t at) const {
        return 1 + static_cast<int>(std::count_if(s_.begin() + static_cast<std::ptrdiff_t>(line_start_), s_.begin() + static_cast<std::ptrdiff_t>(at),
                                                  [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    }

    void new_line() {
        ++line_;
        line_start_ = at_;
    }

    void skip_blanks() {
        while (at_ < s_.size()) {
            if (s_[at_] == '\n') {
                ++at_;
                new_line();
            } else if (s_[at_] == ' ' || s_[at_] == '\t' || s_[at_] == '\r') {
                ++at_;
            } else if (starts("--")) {
                at_ = std::min(s_.find('\n', at_), s_.size());
            } else if (starts("/*")) {
                const std::size_t end = s_.find("*/", at_ + 2);
                if (end == std::string_view::npos) refuse();
                for (; at_ < end + 2; ++at_)
                    if (s_[at_] == '\n') {
                        ++line_;
                        line_start_ = at_ + 1;
                    }
            } else {
                return;
            }
        }
    }

    void read() {
        const char c = s_[at_];
        if (is_name_start(c)) return read_word();
        if (is_digit(c) || (c == '.' && at_ + 1 < s_.size() && is_digit(s_[at_ + 1]))) return read_number();
        if (c == '\'' || c == '"') return read_quoted(c);
        if (c == '?') return take(Token::Kind::parameter, 1);
        for (std::string_view two : {"<<", ">>", "<=", ">=", "<>", "!=", "||"})
            if (starts(two)) return take(Token::Kind::symbol, 2);
        if (std::string_view("=<>()[]{},.:;*+-/%").find(c) == std::string_view::npos) refuse();
        take(Token::Kind::symbol, 1);
    }

    void take(Token::Kind kind, std::size_t length) {
        token_.kind = kind;
        token_.text = s_.substr(at_, length);
        at_ += length;
    }

    void read_word() {
        std::size_t end = at_;
        while (end < s_.size() && is_name_part(s_[end])) ++end;
        take(Token::Kind::identifier, end - at_);
        std::string lower = to_lower(token_.text);
        if (!is_keyword(lower)) return;
        token_.kind = Token::Kind::keyword;
        token_.text = std::move(lower);
    }

    void read_quoted(char quote) {
        token_.kind = quote == '"' ? Token::Kind::quoted : Token::Kind::string;
        for (++at_;; ++at_) {
            if (at_ >= s_.size()) refuse();
            if (s_[at_] == quote) {
                if (at_ + 1 >= s_.size() || s_[at_ + 1] != quote) break;
                ++at_;  // doubled: the quote itself
            }
            token_.text.push_back(s_[at_]);
        }
        ++at_;
    }

    void read_number() {
        std::size_t end = at_;
        auto digits = [&] {
            const std::size_t from = end;
            while (end < s_.size() && is_digit(s_[end])) ++end;
            return end - from;
        };
        digits();
        std::size_t fraction = 0;
        if (end < s_.size() && s_[end] == '.') {
            ++end;
            fraction = digits();
        }
        std::int64_t exponent = 0;
        if (std::size_t e = end; e < s_.size() && (s_[e] == 'e' || s_[e] == 'E')) {
            ++e;
            const bool negative = e < s_.size() && s_[e] == '-';
            if (e < s_.size() && (s_[e] == '-' || s_[e] == '+')) ++e;
            if (e < s_.size() && is_digit(s_[e])) {
                end = e;
                digits();
                if (std::from_chars(s_.data() + e, s_.data() + end, exponent).ec != std::errc()) refuse();
                if (negative) exponent = -exponent;
            }
        }
        using Int = std::numeric_limits<std::int32_t>;
        const std::int64_t scale = static_cast<std::int64_t>(fraction) - exponent;
        if (exponent < Int::min() || exponent > Int::max() || scale < Int::min() || scale > Int::max()) refuse();
        take(Token::Kind::number, end - at_);
    }

    std::string_view s_;
    std::size_t at_ = 0, start_ = 0, line_start_ = 0;
    int line_ = 1;
    Token token_;
    std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view statement) { return Lexer(statement).run(); }

}  // namespace virga::table::partiql
