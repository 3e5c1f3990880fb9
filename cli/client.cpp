#include "cli/client.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace virga::cli {

namespace {

int connect_to(const std::string& host, const std::string& port, const std::string& endpoint) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) throw Unreachable("The host of " + endpoint + " is not known.");
    int fd = -1;
    for (addrinfo* a = found; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0) throw Unreachable("No virga answers at " + endpoint + "; start one with `virga serve`.");
    return fd;
}

}  // namespace

Answer request(const std::string& endpoint, const std::string& method, const std::string& path, const std::string& body,
               const std::vector<std::pair<std::string, std::string>>& headers) {
    std::string rest = endpoint;
    if (rest.rfind("http://", 0) != 0) throw Unreachable("The endpoint " + endpoint + " does not begin with http://.");
    rest.erase(0, 7);
    while (!rest.empty() && rest.back() == '/') rest.pop_back();
    std::size_t colon = rest.rfind(':');
    std::string host = rest.substr(0, colon), port = colon == std::string::npos ? "80" : rest.substr(colon + 1);
    int fd = connect_to(host, port, endpoint);

    std::string out = method + " " + path + " HTTP/1.1\r\nHost: " + rest + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    for (const auto& [n, v] : headers) out += n + ": " + v + "\r\n";
    out += "\r\n" + body;
    for (std::size_t sent = 0; sent < out.size();) {
        ssize_t n = send(fd, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) {
            close(fd);
            throw Unreachable("The connection to " + endpoint + " broke.");
        }
        sent += static_cast<std::size_t>(n);
    }
    std::string in;
    char buffer[16384];
    for (ssize_t n; (n = recv(fd, buffer, sizeof buffer, 0)) > 0;) in.append(buffer, static_cast<std::size_t>(n));
    close(fd);
    std::size_t head = in.find("\r\n\r\n");
    if (in.size() < 12 || head == std::string::npos) throw Unreachable("What answers at " + endpoint + " is no virga.");
    return Answer{std::atoi(in.c_str() + 9), in.substr(head + 4)};
}

}  // namespace virga::cli
