// A browser's form upload, multipart/form-data: the fields, then the file, which is streamed.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/base/stream.hpp"

namespace virga::s3 {

struct FormField {
    std::string name;  // as sent
    std::string value;
};

// Reads a form piece by piece. Nothing after the file is looked at.
class FormBody {
public:
    FormBody(std::shared_ptr<ByteSource> source, std::string boundary) : source_(std::move(source)), delimiter_("\r\n--" + std::move(boundary)), buffer_("\r\n") {}

    // Everything up to the field "file". Throws MalformedPOSTRequest or MaxPostPreDataLengthExceeded.
    Task<> read_fields();
    const std::vector<FormField>& fields() const { return fields_; }
    // After read_fields(): whether there was a file, and how the client calls it ("photo.jpg", without folders).
    bool has_file() const { return has_file_; }
    const std::string& file_name() const { return file_name_; }
    // The file's next piece; nothing at its end.
    Task<std::optional<std::string>> next_piece();

private:
    Task<bool> fill();
    Task<std::string> take_line();
    Task<bool> next_part();

    std::shared_ptr<ByteSource> source_;
    std::string delimiter_, buffer_;
    std::vector<FormField> fields_;
    std::string part_name_, file_name_;
    std::size_t field_bytes_ = 0;
    bool has_file_ = false, file_ended_ = false, ended_ = false;
};

// The file of a form as the body of an upload, of at least `least` and at most `most` bytes: EntityTooSmall, EntityTooLarge.
class FormFile : public ByteSource {
public:
    FormFile(std::shared_ptr<FormBody> form, std::uint64_t least, std::uint64_t most) : form_(std::move(form)), least_(least), most_(most) {}
    Task<std::optional<std::string>> read() override;

private:
    std::shared_ptr<FormBody> form_;
    std::uint64_t least_, most_, size_ = 0;
};

// The boundary of a Content-Type; empty when it is none of a form.
std::string form_boundary(std::string_view content_type);

}  // namespace virga::s3
