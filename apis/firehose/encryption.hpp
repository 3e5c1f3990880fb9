// Server-side encryption: recorded and shown; records lie in the store as they are.
#pragma once
#include "emulator/delivery/streams.hpp"

namespace virga::firehose {

// What a stream's encryption becomes by an EncryptionConfigurationInput. Throws what is wrong with it.
Value enabled_encryption(const delivery::DeliveryStream& stream, const Value& input);

}  // namespace virga::firehose
