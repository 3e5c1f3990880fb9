// Receiving the body of an object or part: the transfer coding undone, hashed and stored on the way, every digest that the client
// declared compared.
#pragma once
#include <memory>

#include "apis/s3/support.hpp"
#include "emulator/object/bodies.hpp"

namespace virga::s3 {

struct Incoming {
    std::unique_ptr<object::BodyWriter> writer;  // finished; keep() it after the commit
    object::Checksum checksum;                   // the declared one, else CRC64NVME
    bool declared = false;                       // the client named the algorithm
};

// What the request says about its body, all of it checked that can be before the first byte.
struct BodyDeclaration {
    bool chunked = false;   // aws-chunked
    bool trailers = false;  // and ends with trailers
    std::optional<std::uint64_t> length;  // of the object
    std::string md5;                      // raw, "" when not declared
    std::string sha256;                   // hex, of x-amz-content-sha256
    object::Checksum checksum;            // algorithm none: not declared; value "": in the trailer
};
BodyDeclaration read_declaration(const Context& ctx, const Value& input);

// `algorithm`: what is computed when the client declares none; `also`: what is computed in any case.
Task<Incoming> receive_body(Context& ctx, const Value& input, std::shared_ptr<Partition> partition, BodyDeclaration declaration,
                            object::ChecksumAlgorithm algorithm = object::ChecksumAlgorithm::crc64nvme,
                            object::ChecksumAlgorithm also = object::ChecksumAlgorithm::none);

}  // namespace virga::s3
