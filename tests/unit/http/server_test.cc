#include "http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace passmint::http {
namespace {

using std::chrono::milliseconds;

// A client that says exactly what it is told to.
class RawClient {
 public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }

  bool Send(std::string_view bytes) {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }

  // What comes until the peer closes or says nothing for `quiet`.
  std::string Receive(milliseconds quiet = milliseconds(300)) {
    std::string all;
    char buffer[4096];
    while (true) {
      pollfd entry{.fd = socket_, .events = POLLIN, .revents = 0};
      if (::poll(&entry, 1, static_cast<int>(quiet.count())) <= 0) return all;
      const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) {
        closed_ = true;
        return all;
      }
      all.append(buffer, static_cast<std::size_t>(count));
    }
  }

  // What comes until it holds `text`; bounded, for a machine that is busy.
  std::string ReceiveUntil(std::string_view text) {
    std::string all;
    for (int i = 0; i < 500 && !closed_ && all.find(text) == std::string::npos; ++i) {
      all += Receive(milliseconds(20));
    }
    return all;
  }

  bool closed() const { return closed_; }

 private:
  int socket_;
  bool connected_ = false;
  bool closed_ = false;
};

class ServerTest : public testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    if (options.listen.empty()) options.listen = "127.0.0.1:0";
    options.threads = 8;
    options.body_bytes_max = [](std::string_view, std::string_view, const Headers&) {
      return std::size_t{1024};
    };
    auto started = Server::Start(std::move(options), [this](const Request& request) {
      ++handled_;
      last_ = request;
      if (delay_ > milliseconds(0)) std::this_thread::sleep_for(delay_);
      if (request.target == "/bare") return Response{.status = 401, .content_type = "", .body = ""};
      return Response{
          .status = 200, .content_type = "text/plain", .body = "seen " + request.target};
    });
    ASSERT_TRUE(started.ok()) << started.error().message;
    server_ = std::move(started).value();
  }

  // The answer to one raw exchange on a connection of its own.
  std::string Exchange(std::string_view bytes, milliseconds quiet = milliseconds(300)) {
    RawClient client(server_->port());
    EXPECT_TRUE(client.connected());
    (void)client.Send(bytes);
    std::string answer = client.Receive(quiet);
    closed_ = client.closed();
    return answer;
  }

  std::atomic<int> handled_ = 0;
  Request last_;
  milliseconds delay_{0};
  bool closed_ = false;
  std::unique_ptr<Server> server_;  // Last: it stops before what its handler touches goes.
};

bool HasStatus(const std::string& answer, int status) {
  return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

TEST_F(ServerTest, HandsTheRawTargetOnUndecoded) {
  Start();
  const auto answer = Exchange("GET /a%2Fb/%2e%2e?q=%41 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(HasStatus(answer, 200)) << answer;
  EXPECT_EQ(last_.target, "/a%2Fb/%2e%2e?q=%41");
}

TEST_F(ServerTest, AddsNothingToAnErrorWithoutABody) {
  Start();
  const auto answer = Exchange("GET /bare HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(HasStatus(answer, 401)) << answer;
  EXPECT_NE(answer.find("Content-Length: 0\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(ServerTest, RefusesACompressedBodyBeforeInflatingIt) {
  Start();
  const auto answer = Exchange(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_TRUE(HasStatus(answer, 415)) << answer;
  EXPECT_TRUE(closed_);
  EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, NeverTakesARefusedBodyForTheNextRequest) {
  Start();
  const auto answer = Exchange(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n"
      "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.find("smuggled"), std::string::npos);
  EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, RefusesRequestsWhoseEndIsInDoubt) {
  Start();
  for (const char* headers :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: -1\r\n",
        "Content-Length: 3x\r\n", "Transfer-Encoding: gzip, chunked\r\n"}) {
    const auto answer =
        Exchange("POST / HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\nabc");
    EXPECT_TRUE(HasStatus(answer, 400)) << headers << answer;
    EXPECT_TRUE(closed_) << headers;
  }
  EXPECT_TRUE(
      HasStatus(Exchange("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"), 400));
  EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, RefusesABodyOverTheLimitWithoutReadingIt) {
  Start();
  const auto answer =
      Exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\nabc");
  EXPECT_TRUE(HasStatus(answer, 413)) << answer;
  EXPECT_TRUE(closed_);
}

TEST_F(ServerTest, StopsReadingAChunkedBodyOverTheLimit) {
  Start();
  RawClient client(server_->port());
  ASSERT_TRUE(client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
  const std::string chunk = "400\r\n" + std::string(1024, 'a') + "\r\n";
  bool sent = true;
  for (int i = 0; i < 100 && sent; ++i) sent = client.Send(chunk);
  (void)client.Receive();
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, TakesAPostWithoutALengthForOneWithoutABody) {
  Start();
  const auto answer = Exchange("POST /lint HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(HasStatus(answer, 200)) << answer;
  EXPECT_EQ(last_.body, "");
}

TEST_F(ServerTest, TellsAClientThatWaitsToGoOn) {
  Start();
  RawClient client(server_->port());
  ASSERT_TRUE(client.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_NE(client.Receive().find("100 Continue"), std::string::npos);
  ASSERT_TRUE(client.Send("abc"));
  EXPECT_NE(client.Receive().find("200 OK"), std::string::npos);
}

TEST_F(ServerTest, AcceptsAChunkedBodyWithinTheLimit) {
  Start();
  const auto answer = Exchange(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_TRUE(HasStatus(answer, 200)) << answer;
  EXPECT_EQ(last_.body, "abcde");
}

TEST_F(ServerTest, IgnoresRangesSoThatOverlappingOnesCostNothing) {
  Start();
  const auto answer =
      Exchange("GET /r HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1,0-1,0-1,0-1,0-1,0-1\r\n\r\n");
  EXPECT_TRUE(HasStatus(answer, 200)) << answer;
  EXPECT_NE(answer.find("seen /r"), std::string::npos);
}

TEST_F(ServerTest, NeverBelievesARemoteAddrHeader) {
  Start();
  (void)Exchange(
      "GET / HTTP/1.1\r\nHost: x\r\nREMOTE_ADDR: 203.0.113.9\r\n"
      "X-Forwarded-For: 203.0.113.9\r\n\r\n");
  EXPECT_EQ(last_.client_address, "127.0.0.1");
}

TEST_F(ServerTest, BelievesATrustedProxyAboutTheLastHopOnly) {
  Start({.listen = {}, .trusted_proxies = {"127.0.0.1"}, .body_bytes_max = {}});
  (void)Exchange("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.1, 203.0.113.9\r\n\r\n");
  EXPECT_EQ(last_.client_address, "203.0.113.9");
}

TEST_F(ServerTest, CutsHeadersThatComeTooSlowly) {
  Start({.listen = {},
         .trusted_proxies = {},
         .header_time_max = milliseconds(400),
         .body_bytes_max = {}});
  RawClient client(server_->port());
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(client.Send("GET / HTTP/1.1\r\n"));
  for (int i = 0; i < 40 && !client.closed(); ++i) {
    (void)client.Send("X-Slow: 1\r\n");
    (void)client.Receive(milliseconds(50));
  }
  EXPECT_TRUE(client.closed());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, CutsHeadersThatAreTooLarge) {
  Start();
  std::string request = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 2000; ++i) request += "X-Field-" + std::to_string(i) + ": value value\r\n";
  (void)Exchange(request + "\r\n");
  EXPECT_TRUE(closed_);
  EXPECT_EQ(handled_, 0);
}

TEST_F(ServerTest, ServesManyRequestsOnOneConnection) {
  Start();
  RawClient client(server_->port());
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(client.Send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    const std::string expected = "seen /" + std::to_string(i);
    ASSERT_NE(client.ReceiveUntil(expected).find(expected), std::string::npos) << i;
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  const auto answer =
      Exchange("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_LT(answer.find("seen /1"), answer.find("seen /2"));
  EXPECT_NE(answer.find("seen /2"), std::string::npos);
}

TEST_F(ServerTest, FinishesWhatIsInFlightWhenItStops) {
  delay_ = milliseconds(500);
  Start();
  RawClient client(server_->port());
  ASSERT_TRUE(client.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"));
  while (handled_ == 0) std::this_thread::yield();
  server_->Stop();
  EXPECT_NE(client.Receive().find("seen /slow"), std::string::npos);
  EXPECT_FALSE(RawClient(server_->port()).connected());
}

TEST_F(ServerTest, NamesTheAddressThatItCannotListenOn) {
  Start();
  const std::string taken = "127.0.0.1:" + std::to_string(server_->port());
  const auto second =
      Server::Start({.listen = "256.0.0.1:1", .trusted_proxies = {}, .body_bytes_max = {}},
                    [](const Request&) { return Response(); });
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("256.0.0.1:1"), std::string::npos);
  for (const char* address : {"", "8080", "127.0.0.1:", "127.0.0.1:70000", ":80"}) {
    EXPECT_FALSE(Server::Start({.listen = address, .trusted_proxies = {}, .body_bytes_max = {}},
                               [](const Request&) { return Response(); })
                     .ok())
        << address;
  }
}

TEST_F(ServerTest, ListensOnAUnixSocketThatOnlyItsGroupMayUse) {
  const std::string path = testing::TempDir() + "passmint-server-test.sock";
  Start({.listen = "unix:" + path, .trusted_proxies = {}, .body_bytes_max = {}});
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const std::string request =
      "GET /unix HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(::send(socket, request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  char buffer[1024];
  const ssize_t count = ::recv(socket, buffer, sizeof buffer, 0);
  ::close(socket);
  ASSERT_GT(count, 0);
  EXPECT_EQ(last_.client_address, "203.0.113.9");
  server_->Stop();
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace passmint::http
