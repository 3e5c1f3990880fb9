#include "apis/s3/form_body.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

namespace errors = object::errors;

namespace {

// name="value" among a header's parameters; a backslash quotes the next character.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
    for (std::size_t at = header.find(';'); at != std::string_view::npos;) {
        std::string_view rest = header.substr(at + 1);
        while (rest.starts_with(' ')) rest.remove_prefix(1);
        bool found = starts_with_i(rest, name) && rest.size() > name.size() && rest[name.size()] == '=';
        std::size_t eq = rest.find('=');
        if (eq == std::string_view::npos) return std::nullopt;
        rest.remove_prefix(eq + 1);
        std::string value;
        if (rest.starts_with('"')) {
            rest.remove_prefix(1);
            while (!rest.empty() && rest.front() != '"') {
                if (rest.front() == '\\' && rest.size() > 1 && (rest[1] == '"' || rest[1] == '\\')) rest.remove_prefix(1);
                value += rest.front();
                rest.remove_prefix(1);
            }
        } else {
            value = rest.substr(0, rest.find(';'));
            while (value.ends_with(' ')) value.pop_back();
        }
        if (found) return value;
        std::size_t next = rest.find(';');
        at = next == std::string_view::npos ? next : header.size() - rest.size() + next;
    }
    return std::nullopt;
}

}  // namespace

std::string form_boundary(std::string_view content_type) {
    if (!starts_with_i(content_type, "multipart/form-data")) return {};
    return parameter(content_type, "boundary").value_or(std::string());
}

// More bytes behind what is buffered; false at the end.
Task<bool> FormBody::fill() {
    if (ended_) co_return false;
    std::optional<std::string> piece = co_await source_->read();
    if (!piece) {
        ended_ = true;
        co_return false;
    }
    buffer_ += *piece;
    co_return true;
}

Task<std::string> FormBody::take_line() {
    std::size_t end;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (buffer_.size() > object::max_form_fields_bytes) throw errors::form_fields_too_large();
        bool more = co_await fill();
        if (!more) throw errors::malformed_post();
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    co_return line;
}

// The headers of the next part; false at the end of the form. The buffer begins with the delimiter.
Task<bool> FormBody::next_part() {
    while (buffer_.size() < delimiter_.size() + 2) {
        bool more = co_await fill();
        if (!more) throw errors::malformed_post();
    }
    if (!buffer_.starts_with(delimiter_)) throw errors::malformed_post();
    buffer_.erase(0, delimiter_.size());
    if (buffer_.starts_with("--")) co_return false;
    std::string line = co_await take_line();  // the rest of the delimiter's line
    part_name_.clear();
    std::optional<std::string> file;
    for (;;) {
        line = co_await take_line();
        if (line.empty()) break;
        if (!starts_with_i(line, "content-disposition:")) continue;
        part_name_ = parameter(line, "name").value_or(std::string());
        file = parameter(line, "filename");
    }
    if (file) file_name_ = file->substr(file->find_last_of("/\\") + 1);  // npos + 1 is 0
    co_return true;
}

Task<> FormBody::read_fields() {
    for (;;) {
        bool another = co_await next_part();
        if (!another) co_return;
        if (iequals(part_name_, "file")) {
            has_file_ = true;
            co_return;
        }
        std::size_t end;
        while ((end = buffer_.find(delimiter_)) == std::string::npos) {
            if (field_bytes_ + buffer_.size() > object::max_form_fields_bytes) throw errors::form_fields_too_large();
            bool more = co_await fill();
            if (!more) throw errors::malformed_post();
        }
        field_bytes_ += end + part_name_.size();
        if (field_bytes_ > object::max_form_fields_bytes) throw errors::form_fields_too_large();
        fields_.push_back({part_name_, buffer_.substr(0, end)});
        buffer_.erase(0, end);
    }
}

Task<std::optional<std::string>> FormBody::next_piece() {
    for (;;) {
        if (file_ended_) co_return std::nullopt;
        std::size_t end = buffer_.find(delimiter_);
        // What may be the beginning of a delimiter stays until it is known not to be.
        std::size_t sure = end != std::string::npos ? end : buffer_.size() - std::min(buffer_.size(), delimiter_.size() - 1);
        if (end != std::string::npos) file_ended_ = true;
        if (sure > 0) {
            std::string piece = buffer_.substr(0, sure);
            buffer_.erase(0, sure);
            co_return std::optional<std::string>(std::move(piece));
        }
        if (file_ended_) co_return std::nullopt;
        bool more = co_await fill();
        if (!more) throw errors::malformed_post();
    }
}

Task<std::optional<std::string>> FormFile::read() {
    std::optional<std::string> piece = co_await form_->next_piece();
    if (piece) size_ += piece->size();
    if (size_ > most_) throw errors::entity_too_large(size_, most_);
    if (!piece && size_ < least_) throw errors::form_file_too_small(size_, least_);
    co_return piece;
}

}  // namespace virga::s3
