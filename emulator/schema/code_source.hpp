// Source code of a schema's types, as code bindings have it: a class for each object and a Marshaller between them and JSON.
#pragma once
#include <string_view>
#include <vector>

#include "emulator/base/zip.hpp"
#include "emulator/schema/code_model.hpp"

namespace virga::schema {

// `language`: Go1, Java8, Python36 or TypeScript3. The files lie below folders named after the schema: schema/aws/ec2/...
std::vector<ZipSource> write_code(std::string_view language, const CodeModel& model);

}  // namespace virga::schema
