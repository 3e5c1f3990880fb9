// The JSON paths of targets: InputPath, InputPathsMap, PartitionKeyPath.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virga::bus {

// "$", names after dots (letters, digits, '_', '-', '/'), "[n]" and "[*]".
class JsonPath {
public:
    // Nothing when the text is no such path.
    static std::optional<JsonPath> parse(std::string_view text);

    // The value there, as the bytes it is written with; an array of values when the path has "[*]". Nothing when it is not there.
    // `json` must be valid.
    std::optional<std::string> select(std::string_view json) const;

private:
    struct Step {
        std::string name;  // a member, when index is -1
        int index = -1;    // an element; -2: all elements
    };
    static constexpr int all = -2;
    void walk(std::string_view value, std::size_t step, std::vector<std::string_view>& out) const;
    std::vector<Step> steps_;
    bool many_ = false;
};

// The inside of a JSON string value with its escapes resolved; other values as they are.
std::string json_as_text(std::string_view value);

}  // namespace virga::bus
