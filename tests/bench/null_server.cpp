// The floor that benchmarks are measured against: virga's HTTP server with a handler that does nothing.
#include <csignal>
#include <cstdio>
#include <thread>

#include "apis/http/server.hpp"

int main() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    virga::Runtime runtime(std::max(1u, std::thread::hardware_concurrency()));
    virga::HttpServer server(runtime, [](std::shared_ptr<virga::HttpRequest>, virga::Respond respond) {
        virga::HttpResponse response;
        response.headers.add("Content-Type", "application/x-amz-json-1.0");
        response.body = R"({"Item":{"pk":{"S":"a"}}})";
        respond(std::move(response));
    });
    std::printf("%d\n", server.listen("127.0.0.1", 0));
    server.start();
    std::fflush(stdout);
    int received = 0;
    sigwait(&signals, &received);
}
