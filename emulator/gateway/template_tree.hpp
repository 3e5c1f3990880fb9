// A parsed mapping template, and its parser.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/gateway/template_value.hpp"

namespace virga::gateway::vtl {

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

// One step from a reference: .name, .name(arguments), [index].
struct Step {
    enum class Kind { property, call, index } kind;
    std::string name{};
    std::vector<ExpressionPtr> arguments{};
};

struct Reference {
    std::string name;
    std::vector<Step> steps;
};

struct Block;
using BlockPtr = std::shared_ptr<const Block>;

struct Expression {
    enum class Kind { literal, interpolated, reference, list, range, map, negate, binary } kind;
    Any value{};                           // literal
    BlockPtr block{};                      // interpolated: the string's inside
    Reference reference{};                 // reference
    std::string op{};                      // binary: + - * / % == != < > <= >= && ||
    std::vector<ExpressionPtr> parts{};    // operands; elements; key, value, key, value
};

struct Node {
    enum class Kind { text, print, set, branch, loop, leave, stop, define, call } kind;
    std::string text{};               // text; loop: the variable; define and call: the name
    Reference reference{};            // print, set
    ExpressionPtr expression{};       // set: the value; loop: what it runs over
    std::vector<std::pair<ExpressionPtr, BlockPtr>> branches{};  // branch; the #else has no expression
    BlockPtr body{};                  // loop, define
    std::vector<ExpressionPtr> arguments{};  // call
};

struct Macro {
    std::vector<std::string> parameters;
    BlockPtr body;
};

struct Block {
    std::vector<Node> nodes;
};

struct Program {
    Block block;
    std::vector<std::pair<std::string, Macro>> macros;
};

// Throws TemplateError with the line.
Program parse(std::string_view text);

}  // namespace virga::gateway::vtl
