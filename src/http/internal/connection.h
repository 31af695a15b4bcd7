#pragma once

#include <httplib.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace passmint::http::internal {

// One accepted socket as the library's Stream, with what the library lacks: a deadline and a byte
// budget for each phase of a request, and one write for a whole response.
class Connection final : public httplib::Stream {
 public:
  using Clock = std::chrono::steady_clock;

  // `stopping` ends waits for a further request. REQUIRES: it outlives the connection.
  Connection(int socket, const std::atomic<bool>& stopping);

  // Waits for the first byte of the next request. False if none comes in time, the peer has closed,
  // or the server is stopping.
  bool AwaitRequest(std::chrono::milliseconds idle_time);

  // From here on at most `bytes` may be read, until `deadline`; then reads fail.
  void Allow(std::size_t bytes, Clock::time_point deadline);
  void SetWriteTime(std::chrono::milliseconds time) { write_time_ = time; }

  // Whether a read has failed since Allow: over the budget, too late, or at the peer's end. Nobody
  // knows then where the next request would begin.
  bool read_failed() const { return read_failed_; }

  // Sends what was written. False if the peer does not take it in time.
  bool Flush();

  // Tells the peer that nothing more comes and reads what it still sends, bounded, so that it sees
  // the answer and not a reset.
  void Linger();

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* bytes, std::size_t size) override;
  ssize_t write(const char* bytes, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override { remote_.Tell(ip, port); }
  void get_local_ip_and_port(std::string& ip, int& port) const override { local_.Tell(ip, port); }
  int socket() const override { return socket_; }

 private:
  // Waits until the socket is ready for `events`, in slices, so that a stop is noticed.
  bool Wait(short events, Clock::time_point deadline) const;

  // Reads what is there into the empty buffer. False on end, error or deadline.
  bool Fill();

  // An end of the socket. The library asks for both with each request.
  struct End {
    std::string ip;  // "" for a Unix socket.
    int port = 0;

    void Tell(std::string& to_ip, int& to_port) const {
      to_ip = ip;
      to_port = port;
    }
  };
  using GetName = int(int, sockaddr*, socklen_t*);
  static End Describe(int socket, GetName* get_name);

  const int socket_;
  const End remote_;
  const End local_;
  const std::atomic<bool>& stopping_;
  std::string in_;
  std::size_t in_position_ = 0;
  std::string out_;
  std::size_t budget_ = 0;
  bool read_failed_ = false;
  Clock::time_point deadline_;
  std::chrono::milliseconds write_time_{30'000};
};

}  // namespace passmint::http::internal
