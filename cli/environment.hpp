// What other emulators read from the environment: who runs one of them in a container or a CI job changes its name and nothing else.
#pragma once
#include <string>

#include "cli/serve.hpp"

namespace virga::cli {

// The variable's value; `otherwise` when it is not set, or empty.
std::string environment(const std::string& name, const std::string& otherwise);

// Each name may carry the prefix LOCALSTACK_; options on the command line win:
//   GATEWAY_LISTEN ("0.0.0.0:4566", "4566"; of several the first), EDGE_PORT
//   PERSISTENCE (1: --data $LOCALSTACK_VOLUME_DIR, or /var/lib/localstack, where containers mount their volume)
//   DEBUG (1), LS_LOG (debug, trace): --log-requests
//   CUSTOM_SSL_CERT_PATH: a PEM file with certificate and key
//   DYNAMODB_ERROR_PROBABILITY, DYNAMODB_READ_ERROR_PROBABILITY, DYNAMODB_WRITE_ERROR_PROBABILITY, KINESIS_ERROR_PROBABILITY (0 to 1):
//   how many calls on items, or of records, answer ProvisionedThroughputExceededException.
// Throws std::invalid_argument for a probability that is none.
void apply_environment(ServeOptions& options);

}  // namespace virga::cli
