// Key pairs made away from the threads that serve requests: RSA takes a tenth of a second to some.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/keys/key_spec.hpp"

namespace virga::kms {

// One thread, started when it is first needed.
class KeyMaker : public Part {
public:
    explicit KeyMaker(World& world) : world_(world) {}
    ~KeyMaker() override { close(); }
    // Waits for the key that is being made; those that wait are not made.
    void close() override;

    // Calls `done` on a runtime thread, with "" when it could not be made. `random`: what it is drawn from, null for the operating system; both live until then.
    void make(const keys::KeySpec& spec, Random* random, std::function<void(std::string)> done);

private:
    void run();
    struct Wish {
        const keys::KeySpec* spec;
        Random* random;
        std::function<void(std::string)> done;
    };
    World& world_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Wish> wishes_;
    bool closed_ = false;
    std::thread thread_;
};

// New material of any kind.
Task<std::string> make_material(Context& ctx, const keys::KeySpec& spec);

}  // namespace virga::kms
