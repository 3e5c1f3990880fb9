// The one exception that a client gets to see.
#pragma once
#include <exception>
#include <string>

#include "emulator/base/value.hpp"

namespace virga {

// What went wrong with a request, in the words of the real service. Every other exception that escapes an operation
// becomes a 500 InternalFailure. Code is the wire code ("ResourceNotFoundException"); status the HTTP status;
// fields are further members of the error's shape (by model name), e.g. CancellationReasons.
class ApiError : public std::exception {
public:
    ApiError(std::string code_, int status_, std::string message_, Object fields_ = {})
        : code(std::move(code_)), status(status_), message(std::move(message_)), fields(std::move(fields_)) {}

    const char* what() const noexcept override { return message.c_str(); }

    std::string code;
    int status;
    std::string message;
    Object fields;
};

}  // namespace virga
