// The head of an HTTP/1.1 request, and its chunked body, from bytes. Private to apis/http.
#pragma once
#include <boost/beast/http/basic_parser.hpp>

#include <string>
#include <string_view>

#include "apis/http/message.hpp"

namespace virga {

// Beast's parser, which knows the grammar and refuses what could be read in two ways; what it finds goes straight into the request.
// Trailers are read and dropped.
class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    // `header_limit`: bytes of request line and header fields together. The request gets method, target and headers.
    RequestParser(HttpRequest& request, std::uint32_t header_limit) : request_(request) {
        this->header_limit(header_limit);
        body_limit(boost::none);
    }
    // Where the content of chunks is appended to from now on.
    void body_to(std::string& out) { body_ = &out; }
    // What the client expects before it sends the body: the header Expect, "" when there is none.
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
        request_.headers.add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
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

}  // namespace virga
