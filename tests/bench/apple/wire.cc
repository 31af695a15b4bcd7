#include "bench/apple/wire.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace passmint::bench {
namespace {

constexpr int kThreads = 64;

int Connect(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    std::fprintf(stderr, "bench_apple: error: cannot connect\n");
    std::_Exit(1);
  }
  const int on = 1;
  (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

// Reads one answer whole; returns its status, 0 if the connection ended. What a phone does with a
// body is no work of the service's machine: the kernel drops it uncopied.
int ReadAnswer(int socket, std::string& answer) {
  answer.clear();
  std::array<char, 4096> buffer;
  std::size_t head = std::string::npos;
  while ((head = answer.find("\r\n\r\n")) == std::string::npos) {
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) return 0;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const std::size_t length = answer.find("Content-Length: ");
  const bool has_body = length != std::string::npos && length < head;
  std::size_t wanted = has_body ? std::strtoul(answer.c_str() + length + 16, nullptr, 10) : 0;
  wanted -= std::min(wanted, answer.size() - head - 4);
  while (wanted > 0) {
    const ssize_t count = ::recv(socket, nullptr, wanted, MSG_TRUNC | MSG_WAITALL);
    if (count <= 0) return 0;
    wanted -= std::min(wanted, static_cast<std::size_t>(count));
  }
  return std::atoi(answer.c_str() + 9);
}

std::string Written(const http::Request& request) {
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& [name, value] : request.headers.fields()) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

}  // namespace

double PerSecond(int port, const http::Request& request, int status, int clients, double seconds) {
  const std::string text = Written(request);
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> answers{0};
  std::vector<std::jthread> threads;
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      const int socket = Connect(port);
      std::string answer;
      while (!stop.load(std::memory_order_relaxed)) {
        (void)::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        const int got = ReadAnswer(socket, answer);
        if (got != status) {
          std::fprintf(stderr, "bench_apple: error: answer %d, wanted %d\n", got, status);
          std::_Exit(1);
        }
        answers.fetch_add(1, std::memory_order_relaxed);
      }
      ::close(socket);
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  threads.clear();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - began;
  return static_cast<double>(answers.load()) / time.count();
}

struct HelloWorld::Rep {
  httplib::Server server;
  int port = 0;
  std::jthread thread;
};

HelloWorld::HelloWorld() : rep_(new Rep) {
  rep_->server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  rep_->server.set_tcp_nodelay(true);
  rep_->server.set_keep_alive_max_count(1'000'000'000);
  rep_->server.Get("/hi", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("Hello World!", "text/plain");
  });
  rep_->port = rep_->server.bind_to_any_port("127.0.0.1");
  rep_->thread = std::jthread([this] { rep_->server.listen_after_bind(); });
  while (!rep_->server.is_running()) std::this_thread::yield();
}

HelloWorld::~HelloWorld() {
  rep_->server.stop();
  delete rep_;
}

int HelloWorld::port() const { return rep_->port; }

}  // namespace passmint::bench
