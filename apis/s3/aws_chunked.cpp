#include "apis/s3/aws_chunked.hpp"

#include <algorithm>

#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

namespace errors = object::errors;

namespace {
constexpr std::size_t longest_line = 4096;  // "<hex>;chunk-signature=<64 hex>" or a trailer
constexpr std::size_t most_trailers = 16;
constexpr std::string_view trailer_signature_name = "x-amz-trailer-signature";

std::string sign(ChunkSigning& signing, std::string_view kind, const std::string& rest) {
    std::string text = std::string(kind) + "\n" + signing.timestamp + "\n" + signing.scope + "\n" + signing.previous + "\n" + rest;
    return signing.previous = hex_encode(hmac_sha256(signing.key, text));
}
}  // namespace

void AwsChunkedDecoder::feed(std::string_view piece, std::string& out) {
    out.reserve(out.size() + piece.size());
    while (!piece.empty()) {
        if (state_ == State::data) {
            auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece.size()));
            out.append(piece.substr(0, n));
            if (hasher_) hasher_->update(piece.substr(0, n));
            piece.remove_prefix(n);
            left_ -= n;
            if (left_ == 0) state_ = State::data_end;
            continue;
        }
        if (state_ == State::done) throw errors::incomplete_body();
        std::size_t end = piece.find('\n');
        std::string_view part = piece.substr(0, end);
        if (line_.size() + part.size() > longest_line) throw errors::incomplete_body();
        line_.append(part);
        if (end == std::string_view::npos) return;
        piece.remove_prefix(end + 1);
        if (!line_.ends_with('\r')) throw errors::incomplete_body();
        line_.pop_back();
        std::string line = std::move(line_);
        line_.clear();
        line_ended(line);
    }
}

void AwsChunkedDecoder::line_ended(std::string_view line) {
    switch (state_) {
        case State::size_line: return size_line_ended(line);
        case State::data_end:
            if (!line.empty()) throw errors::incomplete_body();
            check_chunk();
            state_ = State::size_line;
            return;
        case State::trailer: return trailer_ended(line);
        default: throw errors::incomplete_body();
    }
}

void AwsChunkedDecoder::size_line_ended(std::string_view line) {
    std::string_view digits = line.substr(0, line.find(';'));
    if (digits.empty() || digits.size() > 15) throw errors::incomplete_body();
    std::uint64_t size = 0;
    for (char c : digits) {
        int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (d < 0) throw errors::incomplete_body();
        size = size << 4 | static_cast<unsigned>(d);
    }
    if (signing_) {
        std::size_t at = line.find(";chunk-signature=");
        chunk_signature_ = at == std::string_view::npos ? std::string_view() : line.substr(at + 17);
        hasher_.emplace(object::ChecksumAlgorithm::sha256);
    }
    if (size == 0) {
        check_chunk();
        state_ = State::trailer;
        return;
    }
    if (chunks_ > 0 && last_size_ < object::min_chunk_bytes) throw errors::invalid_chunk_size(chunks_, last_size_);
    ++chunks_;
    last_size_ = left_ = size;
    state_ = State::data;
}

void AwsChunkedDecoder::trailer_ended(std::string_view line) {
    if (line.empty()) {
        state_ = State::done;
        return;
    }
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || trailers_.size() == most_trailers) throw errors::malformed_trailer();
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    std::string name = to_lower(line.substr(0, colon));
    if (name == trailer_signature_name) trailer_signature_ = value;
    else trailers_.emplace_back(std::move(name), std::string(value));
}

void AwsChunkedDecoder::check_chunk() {
    if (!signing_) return;
    std::string expected = sign(*signing_, "AWS4-HMAC-SHA256-PAYLOAD", hex_encode(sha256("")) + "\n" + hex_encode(hasher_->finish()));
    hasher_.reset();
    if (expected != chunk_signature_) throw errors::signature_does_not_match(chunk_signature_);
}

void AwsChunkedDecoder::check_trailers() {
    if (!signing_ || trailers_.empty()) return;
    std::string lines;
    for (const auto& [name, value] : trailers_) lines += name + ":" + value + "\n";
    if (sign(*signing_, "AWS4-HMAC-SHA256-TRAILER", hex_encode(sha256(lines))) != trailer_signature_) throw errors::signature_does_not_match(trailer_signature_);
}

void AwsChunkedDecoder::finish() {
    // Some clients leave out the empty line after the last trailer.
    if (state_ != State::done && !(state_ == State::trailer && line_.empty())) throw errors::incomplete_body();
    check_trailers();
}

}  // namespace virga::s3
