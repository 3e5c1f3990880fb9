// The digests of one body, all of them at once.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/base/task.hpp"
#include "emulator/object/checksums.hpp"
#include "emulator/world/runtime.hpp"

namespace virga::object {

// To hash a body takes about as long as to receive and store it, so a large one is hashed by another thread than the one that
// receives it: its pieces are queued with update_aside(). A few may wait there; who has more to bring waits in room().
// Used by one coroutine at a time.
class Digests {
public:
    // Equal and `none` entries are ignored.
    explicit Digests(std::vector<ChecksumAlgorithm> algorithms);

    // Here and now. Not after update_aside().
    void update(std::string_view piece);
    // Soon, on another thread of the runtime where there is one.
    void update_aside(Runtime& runtime, std::string piece);
    // Until few bytes wait to be hashed.
    Task<> room();
    // Until all are: before finish(), where update_aside() was used.
    Task<> all_hashed();
    // No piece follows, and none waits.
    void finish();

    // After finish(): the raw digest. It must be one of those asked for.
    const std::string& of(ChecksumAlgorithm algorithm) const;

private:
    struct Queue;
    std::shared_ptr<Queue> queue_;  // with the hashers; lives until its last piece is hashed, whatever became of the body
    std::vector<std::pair<ChecksumAlgorithm, std::string>> digests_;
};

}  // namespace virga::object
