#include "bench/ledger/over_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "app/system_clock.h"
#include "http/server.h"
#include "http/service.h"
#include "issuance/api_keys.h"

namespace passmint::bench {
namespace {

constexpr int kClientsMax = 128;

void Fail(const std::string& what) {
  std::fprintf(stderr, "bench_ledger: error: %s\n", what.c_str());
  std::_Exit(1);
}

int Connect(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    Fail("cannot connect");
  }
  const int on = 1;
  (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

// Reads one answer whole; returns its status.
int ReadAnswer(int socket) {
  std::string answer;
  char buffer[4096];
  while (true) {
    const std::size_t head = answer.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::size_t length = answer.find("Content-Length: ");
      const std::size_t body =
          length == std::string::npos ? 0 : std::strtoul(answer.c_str() + length + 16, nullptr, 10);
      if (answer.size() >= head + 4 + body) return std::atoi(answer.c_str() + 9);
    }
    const ssize_t count = ::recv(socket, buffer, sizeof buffer, 0);
    if (count <= 0) return 0;
    answer.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace

struct OverHttp::Rep {
  explicit Rep(Shop& shop)
      : maker(shop.site(), shop.store(), clock),
        service({shop.site(), shop.store(), maker, clock}, {}) {
    sockets.fill(-1);
  }

  app::SystemClock clock;
  issuance::CardMaker maker;
  http::Service service;
  std::unique_ptr<http::Server> server;
  std::string key;
  std::array<int, kClientsMax> sockets{};
};

OverHttp::OverHttp(Shop& shop) : rep_(std::make_unique<Rep>(shop)) {
  auto key = issuance::MakeApiKey(ProgrammeId("coffee"), "till", {issuance::Role::kShop},
                                  OrderSource("web"), rep_->clock.Now(), *shop.site().random);
  if (!key.ok()) Fail(key.error().message);
  const Status stored = shop.store().Write([&](issuance::Transaction& transaction) {
    return transaction.InsertApiKey(key.value().record);
  });
  if (!stored.ok()) Fail(stored.error().message);
  rep_->key = std::string(key.value().key.RevealForSerialization());
  http::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.threads = kClientsMax;
  options.body_bytes_max = [](std::string_view, std::string_view, const http::Headers&) {
    return std::size_t{1} << 20;
  };
  auto server = http::Server::Start(std::move(options), [this](const http::Request& request) {
    return rep_->service.Handle(request);
  });
  if (!server.ok()) Fail(server.error().message);
  rep_->server = std::move(server).value();
}

OverHttp::~OverHttp() {
  for (const int socket : rep_->sockets) {
    if (socket >= 0) ::close(socket);
  }
}

void OverHttp::Accrue(int client, int member, const std::string& order) {
  int& socket = rep_->sockets[static_cast<std::size_t>(client)];
  if (socket < 0) socket = Connect(rep_->server->port());
  std::string digits = std::to_string(member);
  const std::string body =
      R"({"order_id":")" + order + R"(","source":"web","paid_at":")" +
      FormatRfc3339(rep_->clock.Now()) +
      R"(","currency":"RUB","total":199900,"customer":{"phone":"+7921)" +
      std::string(7 - digits.size(), '0') + digits +
      R"("},"lines":[{"line_id":"1","sku":"ESP-1","category":"coffee","amount":199900}]})";
  const std::string request =
      "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + rep_->key +
      "\r\nContent-Type: application/json\r\nIdempotency-Key: " + order +
      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    Fail("cannot send");
  }
  if (const int status = ReadAnswer(socket); status != 201) {
    Fail("an order was answered with " + std::to_string(status));
  }
}

}  // namespace passmint::bench
