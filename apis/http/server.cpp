#include "apis/http/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <vector>

#include "apis/http/connection.hpp"
#include "apis/http/http2.hpp"

namespace virga {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct HttpServer::Impl : ConnectionOwner, std::enable_shared_from_this<HttpServer::Impl> {
    Impl(Runtime& r, HttpHandler h, HttpOptions o) : runtime(r), handler(std::move(h)), options(std::move(o)) {
        shared.handler = &handler;
        shared.options = &options;
        shared.owner = this;
        if (options.tls_certificate.empty()) return;
        try {
            tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
            tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
            tls->use_certificate_chain_file(options.tls_certificate);
            tls->use_private_key_file(options.tls_key, asio::ssl::context::pem);
            offer_http2(*tls);
            shared.tls = tls.get();
        } catch (const boost::system::system_error& e) {
            throw std::runtime_error("The TLS certificate " + options.tls_certificate + " or its key cannot be used: " + e.code().message() + ".");
        }
    }

    void added(Connection& c) override {
        std::lock_guard lock(mutex);
        connections.insert(&c);
        if (!sweeping) sweep_later();
    }

    void removed(Connection& c) override {
        std::lock_guard lock(mutex);
        connections.erase(&c);
        if (connections.empty()) none_left.notify_all();
    }

    bool closing() const override { return closed.load(); }

    // Once a second while there are connections: ends those that have been silent for too long.
    void sweep_later() {
        sweeping = true;
        runtime.after_real(1000, [weak = weak_from_this()] {
            if (auto self = weak.lock()) self->sweep();
        });
    }

    void sweep() {
        std::lock_guard lock(mutex);
        sweeping = false;
        std::int64_t now = monotonic_ms();
        for (Connection* c : connections)
            if (c->deadline() < now) c->end_soon(false);
        if (!connections.empty()) sweep_later();
    }

    void accept(std::shared_ptr<tcp::acceptor> acceptor) {
        auto& loop = runtime.loop(next_loop.fetch_add(1, std::memory_order_relaxed));
        acceptor->async_accept(loop, [self = shared_from_this(), acceptor](boost::system::error_code ec, Tcp socket) {
            if (self->closed || ec == asio::error::operation_aborted) return;
            if (!ec) {
                boost::system::error_code ignored;
                socket.set_option(tcp::no_delay(true), ignored);
                socket.non_blocking(true, ignored);
                auto executor = socket.get_executor();
                asio::post(executor, [self, s = std::move(socket)]() mutable { Connection::serve(self->shared, self, std::move(s)); });
                self->accept(acceptor);
            } else {
                // Out of file descriptors or the like: try again in a moment instead of spinning.
                self->runtime.after_real(50, [self, acceptor] { self->accept(acceptor); });
            }
        });
    }

    Runtime& runtime;
    HttpHandler handler;
    HttpOptions options;
    std::unique_ptr<asio::ssl::context> tls;
    ConnectionShared shared;
    std::mutex mutex;
    std::condition_variable none_left;
    std::set<Connection*> connections;
    bool sweeping = false;
    std::vector<std::shared_ptr<tcp::acceptor>> acceptors;
    std::atomic<unsigned> next_loop{0};
    std::atomic<bool> closed{false};
};

HttpServer::HttpServer(Runtime& runtime, HttpHandler handler, HttpOptions options)
    : impl_(std::make_shared<Impl>(runtime, std::move(handler), std::move(options))) {}

HttpServer::~HttpServer() {
    close();
    abort();
}

unsigned short HttpServer::listen(const std::string& host, unsigned short port) {
    boost::system::error_code ec;
    asio::ip::address address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, ec);
    if (ec) throw std::runtime_error("The host " + host + " is no IP address to listen on.");
    auto acceptor = std::make_shared<tcp::acceptor>(impl_->runtime.loop(0));
    tcp::endpoint endpoint(address, port);
    acceptor->open(endpoint.protocol(), ec);
    if (!ec) acceptor->set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor->bind(endpoint, ec);
    if (!ec) acceptor->listen(1024, ec);
    if (ec == asio::error::address_in_use) throw std::runtime_error("Port " + std::to_string(port) + " on " + host + " is in use.");
    if (ec) throw std::runtime_error("Cannot listen on port " + std::to_string(port) + " of " + host + ": " + ec.message() + ".");
    unsigned short bound = acceptor->local_endpoint().port();
    {
        std::lock_guard lock(impl_->mutex);
        impl_->acceptors.push_back(acceptor);
    }
    return bound;
}

void HttpServer::start() {
    std::vector<std::shared_ptr<tcp::acceptor>> acceptors;
    {
        std::lock_guard lock(impl_->mutex);
        acceptors = impl_->acceptors;
    }
    for (auto& acceptor : acceptors) impl_->accept(acceptor);
}

void HttpServer::close() {
    if (impl_->closed.exchange(true)) return;
    std::lock_guard lock(impl_->mutex);
    for (auto& a : impl_->acceptors)
        asio::post(a->get_executor(), [a] {
            boost::system::error_code ignored;
            a->close(ignored);
        });
    impl_->acceptors.clear();
    for (Connection* c : impl_->connections) c->end_soon(true);
}

void HttpServer::abort() {
    std::lock_guard lock(impl_->mutex);
    for (Connection* c : impl_->connections) c->end_soon(false);
}

bool HttpServer::drained(std::int64_t ms) {
    std::unique_lock lock(impl_->mutex);
    return impl_->none_left.wait_for(lock, std::chrono::milliseconds(ms), [this] { return impl_->connections.empty(); });
}

}  // namespace virga
