// Files to sockets, without their bytes passing through this process.
#pragma once
#include <sys/sendfile.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cerrno>

#include "apis/http/socket.hpp"
#include "emulator/base/file_source.hpp"
#include "emulator/base/task.hpp"

namespace virga {

// Sends the whole stretch. On the socket's loop; `progress` is called after every piece. A file that is shorter than it said is end_of_file.
template <class Progress>
Task<boost::system::error_code> send_file(Tcp& socket, FileStretch stretch, Progress progress) {
    constexpr std::uint64_t piece = 1024 * 1024;
    boost::system::error_code ec;
    auto at = static_cast<off_t>(stretch.offset);
    while (stretch.length > 0 && !ec) {
        ssize_t n = ::sendfile(socket.native_handle(), stretch.descriptor, &at, std::min(stretch.length, piece));
        if (n > 0) {
            stretch.length -= static_cast<std::uint64_t>(n);
            progress();
        } else if (n == 0) {
            ec = boost::asio::error::eof;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            ec = co_await callback<boost::system::error_code>([&socket](auto resume) {
                socket.async_wait(Tcp::wait_write, [resume](boost::system::error_code e) mutable { resume(e); });
            });
        } else if (errno != EINTR) {
            ec.assign(errno, boost::system::system_category());
        }
    }
    co_return ec;
}

}  // namespace virga
