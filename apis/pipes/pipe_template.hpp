// Input templates of pipes, and parameters that are JSON paths.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::pipes {

// An event on its way through a pipe, as JSON text.
struct Event {
    std::string text;
    std::string seen;  // the same with the body of a message and the data of a record decoded, where they are JSON: what paths lead into
    static Event of(const Value& event);
};

class Template {
public:
    // Nothing when a placeholder is neither "$.path" nor a variable of pipes.
    static std::optional<Template> parse(std::string_view text);
    // `variables`: "aws.pipes.pipe-name" -> text, for those that are not about the event.
    std::string fill(const Event& event, const std::map<std::string, std::string, std::less<>>& variables) const;

private:
    struct Piece {
        std::string text;         // literal text before the placeholder
        std::string placeholder;  // empty at the end
        bool quoted = false;      // it stands inside a JSON string
    };
    std::vector<Piece> pieces_;
};

// The value of a parameter: what is there when it is a path ("$.detail.id"), itself otherwise. Nothing when the path leads nowhere.
std::optional<std::string> resolve(std::string_view parameter, const Event& event);

}  // namespace virga::pipes
