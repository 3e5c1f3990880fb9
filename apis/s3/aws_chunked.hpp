// The aws-chunked content coding: a body in chunks that are signed or not, with trailers or without.
//
//   STREAMING-AWS4-HMAC-SHA256-PAYLOAD            <hex size>;chunk-signature=<64 hex>\r\n<data>\r\n ... 0;chunk-signature=...\r\n\r\n
//   STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER    the same, then <name>:<value>\r\nx-amz-trailer-signature:<64 hex>\r\n\r\n after "0...\r\n"
//   STREAMING-UNSIGNED-PAYLOAD-TRAILER            <hex size>\r\n<data>\r\n ... 0\r\n<name>:<value>\r\n\r\n
//
// Signatures of chunks are read over, not verified.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virga::s3 {

class AwsChunkedDecoder {
public:
    // Takes a piece of the coded body and appends what it holds of the object to `out`. Throws ApiError: IncompleteBody for a
    // frame that is none, InvalidChunkSizeError for a small chunk before the last.
    void feed(std::string_view piece, std::string& out);
    // The coded body has ended. Throws IncompleteBody when the frame has not.
    void finish() const;

    // After finish(): names in lower case.
    const std::vector<std::pair<std::string, std::string>>& trailers() const { return trailers_; }

private:
    enum class State { size_line, data, data_end, trailer, done };
    void line_ended(std::string_view line);
    void size_line_ended(std::string_view line);
    void trailer_ended(std::string_view line);

    State state_ = State::size_line;
    std::string line_;
    std::uint64_t left_ = 0;  // of the current chunk
    std::uint64_t chunks_ = 0, last_size_ = 0;
    std::vector<std::pair<std::string, std::string>> trailers_;
};

}  // namespace virga::s3
