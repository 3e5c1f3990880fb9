// The filter pattern language of CloudWatch Logs:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
//
//   terms    error "exact phrase" -without ?either ?or     all terms, none of the -terms, and at least one of the ?terms
//   JSON     { $.level = "ERROR" && ($.n >= 3 || $.user.id IS NULL) }
//   columns  [ip, ..., status=5*, bytes>100]               for lines of fields between blanks, "..." or [...]
//   regex    %pattern%                                     as a term
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace virga {

struct FilterPatternError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class FilterPattern {
public:
    // Throws FilterPatternError.
    explicit FilterPattern(std::string_view text);
    ~FilterPattern();
    FilterPattern(FilterPattern&&) noexcept;
    bool matches(std::string_view message) const;

    class Matcher {
    public:
        virtual ~Matcher() = default;
        virtual bool matches(std::string_view message) const = 0;
    };

private:
    std::unique_ptr<Matcher> matcher_;
};

}  // namespace virga
