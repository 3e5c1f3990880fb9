// The types that a schema describes, whatever the language they are written in: a class for each object with properties.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::schema {

struct CodeType {
    enum class Kind { any, text, instant, integer, number, boolean, list, map, object } kind = Kind::any;
    std::string name = {};                        // object: the class
    std::shared_ptr<const CodeType> element = {}; // list
};

struct CodeMember {
    std::string name;  // in JSON
    CodeType type;
    bool required = false;
};

struct CodeClass {
    std::string name;
    std::vector<CodeMember> members;
};

struct CodeModel {
    std::vector<std::string> package;  // {"schema", "aws", "ec2", "EC2InstanceStateChangeNotification"}; words in no language's form yet
    std::string root;                  // the class of a whole event; "" when the schema has no object
    std::vector<CodeClass> classes;
};

// `document`: OpenAPI 3 or JSON Schema draft 4. Schemas that refer to what is not there, or to themselves without an object between, are anything.
CodeModel read_code_model(std::string_view schema_name, const Value& document);

}  // namespace virga::schema
