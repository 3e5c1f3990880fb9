// One request over HTTP/2 and its answer. Private to apis/http. Everything runs on the connection's loop, unless said otherwise.
#pragma once
#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apis/http/message.hpp"

namespace virga {

class Http2Session;

class Http2Stream : public std::enable_shared_from_this<Http2Stream> {
public:
    Http2Stream(std::shared_ptr<Http2Session> session, std::int32_t id);

    // The request, as it comes in.
    enum class HeaderOutcome { taken, too_many };  // too_many: beyond what is worth a 431
    HeaderOutcome header(std::string_view name, std::string_view value, std::size_t limit);
    void headers_end(bool whole);  // whole: no body follows
    void data(std::string_view bytes);
    void end();
    // Closed by either side, or with the connection.
    void closed();

    // The client may still owe us body bytes, or does not take ours.
    bool waits_for_client() const { return !dispatched_ || (!in_ended_ && reader_) || (answered_ && !out_waits_source_); }

private:
    friend class Http2Session;
    class Body;
    class Answer;

    void dispatch();
    void send_continue();
    void consumed(std::size_t bytes);
    void drop_body();

    void answer(HttpResponse response);
    void submit(const HttpResponse& response, bool with_body, std::optional<std::uint64_t> length);
    static Task<> pump(std::shared_ptr<Http2Stream> self, std::shared_ptr<ByteSource> source, std::optional<std::uint64_t> length);
    ssize_t read_out(std::uint8_t* buffer, std::size_t size, std::uint32_t* flags);
    static ssize_t read_callback(nghttp2_session*, std::int32_t, std::uint8_t* buffer, std::size_t size, std::uint32_t* flags, nghttp2_data_source* source, void*);

    std::weak_ptr<Http2Session> session_;
    std::int32_t id_;
    bool closed_ = false;

    std::shared_ptr<HttpRequest> request_;  // until it is given to the handler
    std::shared_ptr<Cancel> cancel_;
    std::size_t header_bytes_ = 0;
    bool headers_done_ = false, too_large_ = false, head_ = false, expects_continue_ = false;
    std::optional<std::uint64_t> length_;
    bool eager_ = false, dispatched_ = false;
    std::string in_;             // body bytes that arrived and were not read
    bool in_ended_ = false, in_dropped_ = false;
    std::uint64_t dropped_ = 0;
    std::function<void(bool)> reader_;

    bool answered_ = false;
    std::string out_;            // response body bytes not yet in a frame, from out_sent_ on
    std::size_t out_sent_ = 0;
    bool out_ended_ = false, out_waits_source_ = false;
    std::function<void(bool)> room_;  // the pump, waiting for out_ to go
};

}  // namespace virga
