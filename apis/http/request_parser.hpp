// The head of an HTTP/1.1 request, and its chunked body, from bytes. Private to apis/http.
#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "apis/http/message.hpp"

namespace virga {

// Heads as SDKs send them are read in one pass over their bytes. Whatever is not so plain (a head in pieces, chunks, folded lines, a byte
// beyond ASCII, HTTP/1.0, any fault) goes to Beast's parser from its beginning, which knows all of the grammar and refuses what could be
// read in two ways: what passes here it would have read the same. Trailers are read and dropped.
class RequestParser {
public:
    // `header_limit`: bytes of request line and header fields together. The request gets method, target and headers.
    RequestParser(HttpRequest& request, std::uint32_t header_limit) : request_(request), header_limit_(header_limit) {}

    // Takes what it can of `bytes`; how many that is. The error is need_more, or says what is wrong.
    std::size_t put(boost::asio::const_buffer bytes, boost::beast::error_code& ec);
    bool is_header_done() const { return plain_ || (full_ && full_->is_header_done()); }
    // Whether the body was read too: there is none, or it was chunked.
    bool is_done() const { return plain_ ? length_.value_or(0) == 0 : full_ && full_->is_done(); }
    std::optional<std::uint64_t> content_length() const;
    bool keep_alive() const { return plain_ || (full_ && full_->keep_alive()); }
    // Where the content of chunks is appended to from now on.
    void body_to(std::string& out) {
        if (full_) full_->body_to(out);
    }
    // What the client expects before it sends the body: the header Expect, "" when there is none.
    std::string_view expectation() const { return full_ ? full_->expectation() : std::string_view(); }

private:
    // Beast's parser; what it finds goes straight into the request.
    class Full final : public boost::beast::http::basic_parser<true> {
    public:
        Full(HttpRequest& request, std::uint32_t limit) : request_(request) {
            header_limit(limit);
            body_limit(boost::none);
        }
        void body_to(std::string& out) { body_ = &out; }
        std::string_view expectation() const { return expectation_; }

    private:
        using Text = boost::beast::string_view;
        using Error = boost::beast::error_code;
        void on_request_impl(boost::beast::http::verb, Text method, Text target, int, Error&) override {
            request_.method.assign(method.data(), method.size());
            request_.target.assign(target.data(), target.size());
        }
        void on_response_impl(int, Text, int, Error&) override {}
        void on_field_impl(boost::beast::http::field field, Text name, Text value, Error&) override {
            if (head_done_) return;
            if (field == boost::beast::http::field::expect) expectation_.assign(value.data(), value.size());
            request_.headers.add(std::string_view(name.data(), name.size()), std::string_view(value.data(), value.size()));
        }
        void on_header_impl(Error&) override { head_done_ = true; }
        void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
        std::size_t on_body_impl(Text body, Error&) override { return take(body); }
        void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
        std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override { return take(body); }
        void on_finish_impl(Error&) override {}

        std::size_t take(Text body) {
            if (body_) body_->append(body.data(), body.size());
            return body.size();
        }

        HttpRequest& request_;
        std::string expectation_;
        std::string* body_ = nullptr;
        bool head_done_ = false;
    };

    // The bytes of the head, 0 when it is not plain.
    std::size_t take_plain(std::string_view bytes);
    bool take_plain_field(std::string_view name, std::string_view value);

    HttpRequest& request_;
    std::uint32_t header_limit_;
    bool plain_ = false;
    std::optional<std::uint64_t> length_;  // of a plain head
    std::optional<Full> full_;
};

}  // namespace virga
