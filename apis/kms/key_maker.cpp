#include "apis/kms/key_maker.hpp"

#include <stdexcept>

#include "apis/kms/find.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/material.hpp"

namespace virga::kms {

void KeyMaker::close() {
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        wishes_.clear();
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void KeyMaker::make(const keys::KeySpec& spec, Random* random, std::function<void(std::string)> done) {
    {
        std::lock_guard lock(mutex_);
        if (closed_) return;
        wishes_.push_back({&spec, random, std::move(done)});
        if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    }
    wake_.notify_all();
}

void KeyMaker::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return closed_ || !wishes_.empty(); });
        if (closed_) return;
        Wish wish = std::move(wishes_.front());
        wishes_.pop_front();
        lock.unlock();
        std::string made;
        try {
            keys::Chance chance(wish.random);
            made = keys::make_material(*wish.spec);
        } catch (const std::exception&) {
            made.clear();
        }
        world_.runtime.post([done = std::move(wish.done), made = std::move(made)] { done(made); });
        lock.lock();
    }
}

Task<std::string> make_material(Context& ctx, const keys::KeySpec& spec) {
    Random* random = chance_of(ctx);
    if (spec.kind != keys::Kind::rsa) {
        keys::Chance chance(random);
        co_return keys::make_material(spec);
    }
    auto working = ctx.world.activities.begin("key", std::string(spec.name));
    KeyMaker& maker = ctx.world.part<KeyMaker>();
    std::string made = co_await callback<std::string>([&](auto resume) { maker.make(spec, random, resume); });
    if (made.empty()) throw std::runtime_error("no key could be made");
    co_return made;
}

}  // namespace virga::kms
