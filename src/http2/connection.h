#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/certificate.h"
#include "http2/event_loop.h"
#include "http2/tls.h"

namespace passmint::http2 {

// A stream's number within its connection: 1, 3, 5, ... for requests.
using StreamId = std::int32_t;

// The error codes of RFC 9113 section 7 that we send or look for.
enum class StreamError : std::uint32_t {
  kNoError = 0x0,
  kInternalError = 0x2,
  kRefusedStream = 0x7,  // Not processed: may be sent again without a thought.
  kCancel = 0x8,
  kEnhanceYourCalm = 0xb,
};

struct HeaderField {
  std::string name;  // Lower case; pseudo-headers first.
  std::string value;
  // Kept out of the compression tables of both ends: for secrets, and for values that never repeat.
  bool never_indexed = false;
};

// Why a connection ended.
struct Ending {
  std::string why;             // One phrase.
  int peer_tls_alert = 0;      // The peer's alert (RFC 8446 section 6); 0: none.
  bool had_handshake = false;  // TLS and ALPN were agreed on before.
};

// One HTTP/2 connection over TLS, either end of it (nghttp2). It lives on one EventLoop's thread:
// all calls and all callbacks happen there. What is submitted goes out after the callback that
// submitted it, or with Flush.
class Connection {
 public:
  // Told what happens. The connection may not be destroyed from within a callback; Post that.
  class Owner {
   public:
    virtual ~Owner() = default;
    // TLS stands, and our SETTINGS are on their way.
    virtual void OnReady() {}
    // The peer's SETTINGS have come, at first or again: see peer_streams_max.
    virtual void OnPeerSettings() {}
    virtual void OnHeader(StreamId stream, std::string_view name, std::string_view value) = 0;
    virtual void OnData(StreamId, std::string_view) {}
    // The peer has said all on this stream.
    virtual void OnMessageEnd(StreamId stream) = 0;
    // The stream is over, in good (kNoError) or in bad; a code of RFC 9113 section 7.
    virtual void OnStreamClosed(StreamId stream, std::uint32_t error_code) = 0;
    // The peer takes no new streams. Those above `last_stream` were not processed: they are closed
    // with kRefusedStream right after.
    virtual void OnGoaway(StreamId last_stream, std::uint32_t error_code, std::string_view debug) {
      (void)last_stream, (void)error_code, (void)debug;
    }
    virtual void OnPingAnswered() {}
    // The last callback: all streams that were open are lost, without OnStreamClosed.
    virtual void OnEnded(const Ending& ending) = 0;
  };

  struct Options {
    TlsContext tls;                    // Decides which end this is.
    std::string host = {};             // Of a client: whom the server's certificate must name.
    std::uint32_t streams_max = 1000;  // Of a server: SETTINGS_MAX_CONCURRENT_STREAMS.
  };

  // Takes over `socket`: non-blocking TCP, connected or about to be. `loop` and `owner` must
  // outlive the connection. Fails with kInternal, kUnavailable.
  static Result<std::unique_ptr<Connection>> Create(EventLoop& loop, int socket,
                                                    const Options& options, Owner& owner);

  // Closes at once, with no callback.
  virtual ~Connection() = default;

  // Of a client. Nothing: no more streams can be had from this connection.
  virtual std::optional<StreamId> SubmitRequest(const std::vector<HeaderField>& headers,
                                                std::string body) = 0;
  // Of a server. A stream that is gone by now is passed over.
  virtual void SubmitResponse(StreamId stream, const std::vector<HeaderField>& headers,
                              std::string body) = 0;
  virtual void Reset(StreamId stream, StreamError error_code) = 0;
  virtual void Ping() = 0;
  // Refuses streams above `last_stream`; nothing: above the last one that has come. The connection
  // ends when the rest is answered. Streams that come before this is flushed are still reported: a
  // server has to leave them alone, since their sender sends them again.
  virtual void Goaway(std::optional<StreamId> last_stream, StreamError error_code,
                      std::string_view debug) = 0;
  virtual void ChangeStreamsMax(std::uint32_t streams_max) = 0;
  virtual void Flush() = 0;

  // How many streams the peer lets us have open at once. May change at any time.
  virtual std::size_t peer_streams_max() const = 0;
  // When bytes last came in.
  virtual EventLoop::Clock::time_point last_input() const = 0;
  // What the peer has shown; nothing if it has shown none or a broken one.
  virtual std::optional<crypto::Certificate> peer_certificate() const = 0;
};

}  // namespace passmint::http2
