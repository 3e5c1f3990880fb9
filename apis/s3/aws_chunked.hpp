// The aws-chunked content coding: a body in chunks that are signed or not, with trailers or without.
//
//   STREAMING-AWS4-HMAC-SHA256-PAYLOAD            <hex size>;chunk-signature=<64 hex>\r\n<data>\r\n ... 0;chunk-signature=...\r\n\r\n
//   STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER    the same, then <name>:<value>\r\nx-amz-trailer-signature:<64 hex>\r\n\r\n after "0...\r\n"
//   STREAMING-UNSIGNED-PAYLOAD-TRAILER            <hex size>\r\n<data>\r\n ... 0\r\n<name>:<value>\r\n\r\n
//
// Signatures of chunks are read over unless the decoder is told how they are made.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/object/checksums.hpp"

namespace virga::s3 {

// How the chunks of a request are signed: each with the signature before it, the first with the request's.
struct ChunkSigning {
    std::string key;        // the request's signing key
    std::string timestamp;  // "20260102T030405Z"
    std::string scope;      // "20260102/us-east-1/s3/aws4_request"
    std::string previous;   // at first the request's signature
};

class AwsChunkedDecoder {
public:
    explicit AwsChunkedDecoder(std::optional<ChunkSigning> signing = std::nullopt) : signing_(std::move(signing)) {}

    // Takes a piece of the coded body and appends what it holds of the object to `out`. Throws ApiError: IncompleteBody for a
    // frame that is none, InvalidChunkSizeError for a small chunk before the last, SignatureDoesNotMatch.
    void feed(std::string_view piece, std::string& out);
    // The coded body has ended. Throws IncompleteBody when the frame has not.
    void finish();

    // After finish(): names in lower case, without the trailers' signature.
    const std::vector<std::pair<std::string, std::string>>& trailers() const { return trailers_; }

private:
    enum class State { size_line, data, data_end, trailer, done };
    void line_ended(std::string_view line);
    void size_line_ended(std::string_view line);
    void trailer_ended(std::string_view line);
    void check_chunk();
    void check_trailers();

    std::optional<ChunkSigning> signing_;
    std::optional<object::Hasher> hasher_;  // of the current chunk's data, where signatures are checked
    std::string chunk_signature_, trailer_signature_;
    State state_ = State::size_line;
    std::string line_;
    std::uint64_t left_ = 0;  // of the current chunk
    std::uint64_t chunks_ = 0, last_size_ = 0;
    std::vector<std::pair<std::string, std::string>> trailers_;
};

}  // namespace virga::s3
