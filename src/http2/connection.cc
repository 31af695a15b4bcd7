#include "http2/connection.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>
#include <utility>

#include "http2/internal/tls_stream.h"

namespace passmint::http2 {
namespace {

using internal::FreeWith;
using internal::TlsStream;
using SessionPtr = std::unique_ptr<nghttp2_session, FreeWith<nghttp2_session_del>>;
using Step = TlsStream::Step;

constexpr std::size_t kReadBytes = 16 * 1024;   // One TLS record.
constexpr std::size_t kWriteBytes = 64 * 1024;  // Frames gathered for one write.
constexpr int kReadsMax = 16;                   // Before others on this loop have their turn.
// A message's headers; ours and APNs' have under 1 kB.
constexpr std::uint32_t kHeaderBytesMax = 16 * 1024;

struct Outgoing {
  std::string body;
  std::size_t sent = 0;
};

nghttp2_nv ToField(const HeaderField& field) {
  // The library only reads.
  auto* name = reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.name.data()));
  auto* value = reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.value.data()));
  return {name, value, field.name.size(), field.value.size(),
          static_cast<std::uint8_t>(field.never_indexed ? NGHTTP2_NV_FLAG_NO_INDEX
                                                        : NGHTTP2_NV_FLAG_NONE)};
}

std::string_view View(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

class TlsConnection final : public Connection, private EventLoop::Watcher {
 public:
  TlsConnection(EventLoop& loop, TlsStream stream, bool is_server, Owner& owner)
      : loop_(loop), stream_(std::move(stream)), is_server_(is_server), owner_(owner) {}
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;
  ~TlsConnection() override { Close(); }

  Status Start(std::uint32_t streams_max);

  std::optional<StreamId> SubmitRequest(const std::vector<HeaderField>& headers,
                                        std::string body) override;
  void SubmitResponse(StreamId stream, const std::vector<HeaderField>& headers,
                      std::string body) override;
  void Reset(StreamId stream, StreamError error_code) override;
  void Ping() override;
  void Goaway(std::optional<StreamId> last_stream, StreamError error_code,
              std::string_view debug) override;
  void ChangeStreamsMax(std::uint32_t streams_max) override;
  void Flush() override;

  std::size_t peer_streams_max() const override {
    return nghttp2_session_get_remote_settings(session_.get(),
                                               NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  }
  EventLoop::Clock::time_point last_input() const override { return last_input_; }
  std::optional<crypto::Certificate> peer_certificate() const override;

 private:
  friend struct Callbacks;

  void OnReady() override;
  void ShakeHands();
  void Receive();
  // False when the connection has ended.
  bool Feed(std::size_t size);
  void Send();
  bool Gather();
  void WaitFor(EventLoop::Interest interest);
  void End(std::string why);
  void Close();

  EventLoop& loop_;
  TlsStream stream_;
  const bool is_server_;
  Owner& owner_;
  SessionPtr session_;
  std::unordered_map<StreamId, Outgoing> outgoing_;
  std::string out_;
  std::size_t out_sent_ = 0;
  std::array<char, kReadBytes> in_ = {};
  EventLoop::Clock::time_point last_input_ = EventLoop::Clock::now();
  EventLoop::Interest interest_ = EventLoop::Interest::kReadAndWrite;
  bool is_up_ = false;      // The handshake is done.
  bool is_inside_ = false;  // A callback is running, which Flush must wait for.
  bool is_closed_ = false;
};

// What nghttp2 calls. They return 0, or an error that ends the session.
struct Callbacks {
  static TlsConnection& Self(void* user) { return *static_cast<TlsConnection*>(user); }

  // nghttp2_on_header_callback has these eight. NOLINTNEXTLINE(readability-function-size)
  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                      std::uint8_t, void* user) {
    Self(user).owner_.OnHeader(frame->hd.stream_id, View(name, name_size), View(value, value_size));
    return 0;
  }

  static int OnData(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* data,
                    std::size_t size, void* user) {
    Self(user).owner_.OnData(stream, View(data, size));
    return 0;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Connection::Owner& owner = Self(user).owner_;
    const bool is_ack = (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0;
    switch (frame->hd.type) {
      case NGHTTP2_SETTINGS:
        if (!is_ack) owner.OnPeerSettings();
        break;
      case NGHTTP2_PING:
        if (is_ack) owner.OnPingAnswered();
        break;
      case NGHTTP2_GOAWAY:
        owner.OnGoaway(frame->goaway.last_stream_id, frame->goaway.error_code,
                       View(frame->goaway.opaque_data, frame->goaway.opaque_data_len));
        break;
      case NGHTTP2_HEADERS:
      case NGHTTP2_DATA:
        if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
          owner.OnMessageEnd(frame->hd.stream_id);
        }
        break;
      default:
        break;
    }
    return 0;
  }

  static int OnStreamClose(nghttp2_session*, std::int32_t stream, std::uint32_t error_code,
                           void* user) {
    Self(user).outgoing_.erase(stream);
    Self(user).owner_.OnStreamClosed(stream, error_code);
    return 0;
  }

  // A request that could not even be sent, because a GOAWAY came first.
  static int OnNotSent(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS || Self(user).is_server_) return 0;
    Self(user).outgoing_.erase(frame->hd.stream_id);
    Self(user).owner_.OnStreamClosed(frame->hd.stream_id,
                                     static_cast<std::uint32_t>(StreamError::kRefusedStream));
    return 0;
  }

  static ssize_t ReadBody(nghttp2_session*, std::int32_t stream, std::uint8_t* buffer,
                          std::size_t size, std::uint32_t* flags, nghttp2_data_source*,
                          void* user) {
    auto& outgoing = Self(user).outgoing_;
    const auto found = outgoing.find(stream);
    if (found == outgoing.end()) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    Outgoing& body = found->second;
    const std::size_t count = std::min(size, body.body.size() - body.sent);
    std::copy_n(body.body.data() + body.sent, count, reinterpret_cast<char*>(buffer));
    body.sent += count;
    if (body.sent == body.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }
};

using CallbacksPtr =
    std::unique_ptr<nghttp2_session_callbacks, FreeWith<nghttp2_session_callbacks_del>>;
using OptionPtr = std::unique_ptr<nghttp2_option, FreeWith<nghttp2_option_del>>;

CallbacksPtr MakeCallbacks() {
  nghttp2_session_callbacks* raw = nullptr;
  if (nghttp2_session_callbacks_new(&raw) != 0) return nullptr;
  CallbacksPtr callbacks(raw);
  nghttp2_session_callbacks_set_on_header_callback(raw, Callbacks::OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(raw, Callbacks::OnData);
  nghttp2_session_callbacks_set_on_frame_recv_callback(raw, Callbacks::OnFrame);
  nghttp2_session_callbacks_set_on_stream_close_callback(raw, Callbacks::OnStreamClose);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(raw, Callbacks::OnNotSent);
  return callbacks;
}

OptionPtr MakeOptions() {
  nghttp2_option* raw = nullptr;
  if (nghttp2_option_new(&raw) != 0) return nullptr;
  OptionPtr options(raw);
  // Closed streams are kept for a priority tree that nobody uses any more (RFC 9113 section 5.3).
  nghttp2_option_set_no_closed_streams(raw, 1);
  return options;
}

SessionPtr MakeSession(bool is_server, void* user) {
  const CallbacksPtr callbacks = MakeCallbacks();
  const OptionPtr options = MakeOptions();
  if (!callbacks || !options) return nullptr;
  nghttp2_session* session = nullptr;
  const int failed =
      is_server ? nghttp2_session_server_new2(&session, callbacks.get(), user, options.get())
                : nghttp2_session_client_new2(&session, callbacks.get(), user, options.get());
  return SessionPtr(failed != 0 ? nullptr : session);
}

Status TlsConnection::Start(std::uint32_t streams_max) {
  session_ = MakeSession(is_server_, this);
  if (!session_) return Error{.code = ErrorCode::kInternal, .message = "no memory for HTTP/2"};
  std::vector<nghttp2_settings_entry> settings = {
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kHeaderBytesMax}};
  if (is_server_) {
    settings.push_back({NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams_max});
  } else {
    settings.push_back({NGHTTP2_SETTINGS_ENABLE_PUSH, 0});
  }
  if (nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings.data(),
                              settings.size()) != 0) {
    return Error{.code = ErrorCode::kInternal, .message = "HTTP/2 settings were refused"};
  }
  // Becomes writable when it is connected.
  return loop_.Watch(stream_.socket(), interest_, *this);
}

std::optional<StreamId> TlsConnection::SubmitRequest(const std::vector<HeaderField>& headers,
                                                     std::string body) {
  if (is_closed_ || nghttp2_session_check_request_allowed(session_.get()) == 0) {
    return std::nullopt;
  }
  std::vector<nghttp2_nv> fields(headers.size());
  std::transform(headers.begin(), headers.end(), fields.begin(), ToField);
  nghttp2_data_provider provider = {};
  provider.read_callback = Callbacks::ReadBody;
  const StreamId stream = nghttp2_submit_request(session_.get(), nullptr, fields.data(),
                                                 fields.size(), &provider, nullptr);
  if (stream < 0) return std::nullopt;
  outgoing_[stream] = {std::move(body)};
  return stream;
}

void TlsConnection::SubmitResponse(StreamId stream, const std::vector<HeaderField>& headers,
                                   std::string body) {
  if (is_closed_ || nghttp2_session_get_stream_local_close(session_.get(), stream) != 0) return;
  std::vector<nghttp2_nv> fields(headers.size());
  std::transform(headers.begin(), headers.end(), fields.begin(), ToField);
  nghttp2_data_provider provider = {};
  provider.read_callback = Callbacks::ReadBody;
  const bool has_body = !body.empty();
  if (has_body) outgoing_[stream] = {std::move(body)};
  if (nghttp2_submit_response(session_.get(), stream, fields.data(), fields.size(),
                              has_body ? &provider : nullptr) != 0) {
    outgoing_.erase(stream);
  }
}

void TlsConnection::Reset(StreamId stream, StreamError error_code) {
  if (is_closed_) return;
  (void)nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream,
                                  static_cast<std::uint32_t>(error_code));
}

void TlsConnection::Ping() {
  if (is_closed_) return;
  (void)nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
}

void TlsConnection::Goaway(std::optional<StreamId> last_stream, StreamError error_code,
                           std::string_view debug) {
  if (is_closed_) return;
  const StreamId last =
      last_stream.value_or(nghttp2_session_get_last_proc_stream_id(session_.get()));
  (void)nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, last,
                              static_cast<std::uint32_t>(error_code),
                              reinterpret_cast<const std::uint8_t*>(debug.data()), debug.size());
}

void TlsConnection::ChangeStreamsMax(std::uint32_t streams_max) {
  if (is_closed_) return;
  const nghttp2_settings_entry entry = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams_max};
  (void)nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, &entry, 1);
}

void TlsConnection::Flush() {
  if (is_up_ && !is_inside_ && !is_closed_) Send();
}

std::optional<crypto::Certificate> TlsConnection::peer_certificate() const {
  const std::string der = stream_.peer_certificate_der();
  if (der.empty()) return std::nullopt;
  auto certificate = crypto::ParseCertificate(der);
  if (!certificate.ok()) return std::nullopt;
  return std::move(certificate).value();
}

void TlsConnection::OnReady() {
  if (!is_up_) {
    ShakeHands();
    if (!is_up_) return;
  }
  Receive();
  Flush();
}

void TlsConnection::ShakeHands() {
  switch (stream_.Handshake()) {
    case Step::kDone:
      break;
    case Step::kWantRead:
      return WaitFor(EventLoop::Interest::kRead);
    case Step::kWantWrite:
      return WaitFor(EventLoop::Interest::kReadAndWrite);
    case Step::kClosed:
    case Step::kFailed:
      return End(stream_.failure());
  }
  if (!stream_.negotiated_h2()) return End("the peer does not speak HTTP/2");
  is_up_ = true;
  is_inside_ = true;
  owner_.OnReady();
  is_inside_ = false;
}

void TlsConnection::Receive() {
  for (int reads = 0; !is_closed_; ++reads) {
    // Bytes that TLS holds already wake nobody: they must be taken now.
    if (reads >= kReadsMax && !stream_.has_buffered_input()) return;
    std::size_t count = 0;
    switch (stream_.Read(in_.data(), in_.size(), count)) {
      case Step::kDone:
        if (!Feed(count)) return;
        break;
      case Step::kWantRead:
      case Step::kWantWrite:
        return;
      case Step::kClosed:
      case Step::kFailed:
        return End(stream_.failure());
    }
  }
}

bool TlsConnection::Feed(std::size_t size) {
  last_input_ = EventLoop::Clock::now();
  is_inside_ = true;
  const ssize_t used = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const std::uint8_t*>(in_.data()), size);
  is_inside_ = false;
  if (used >= 0) return true;
  End(std::string("the peer broke HTTP/2: ") + nghttp2_strerror(static_cast<int>(used)));
  return false;
}

// Frames into out_. False when the connection has ended.
bool TlsConnection::Gather() {
  if (out_sent_ == out_.size()) {
    out_.clear();
    out_sent_ = 0;
  }
  while (out_.size() < kWriteBytes) {
    const std::uint8_t* bytes = nullptr;
    is_inside_ = true;  // Streams may be closed by what is sent.
    const ssize_t count = nghttp2_session_mem_send(session_.get(), &bytes);
    is_inside_ = false;
    if (count < 0) {
      End(std::string("HTTP/2: ") + nghttp2_strerror(static_cast<int>(count)));
      return false;
    }
    if (count == 0) break;
    out_.append(View(bytes, static_cast<std::size_t>(count)));
  }
  return true;
}

void TlsConnection::Send() {
  for (;;) {
    if (!Gather()) return;
    if (out_sent_ == out_.size()) break;
    std::size_t count = 0;
    switch (stream_.Write(out_.data() + out_sent_, out_.size() - out_sent_, count)) {
      case Step::kDone:
        out_sent_ += count;
        break;
      case Step::kWantRead:  // A key update: reading comes first.
      case Step::kWantWrite:
        return WaitFor(EventLoop::Interest::kReadAndWrite);
      case Step::kClosed:
      case Step::kFailed: {
        const std::string why = stream_.failure();
        // The peer may have said why before it hung up.
        Receive();
        return End(why);
      }
    }
  }
  if (nghttp2_session_want_read(session_.get()) == 0 &&
      nghttp2_session_want_write(session_.get()) == 0) {
    return End("finished");
  }
  WaitFor(EventLoop::Interest::kRead);
}

void TlsConnection::WaitFor(EventLoop::Interest interest) {
  if (interest == interest_ || is_closed_) return;
  interest_ = interest;
  loop_.SetInterest(stream_.socket(), interest);
}

void TlsConnection::End(std::string why) {
  if (is_closed_) return;
  const Ending ending{std::move(why), stream_.peer_alert(), is_up_};
  Close();
  owner_.OnEnded(ending);
}

void TlsConnection::Close() {
  if (is_closed_) return;
  is_closed_ = true;
  loop_.Forget(stream_.socket());
  stream_.SayGoodbye();
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::Create(EventLoop& loop, int socket,
                                                       const Options& options, Owner& owner) {
  auto stream = TlsStream::Create(options.tls, socket, options.host);
  if (!stream.ok()) return std::move(stream).error();
  auto connection = std::make_unique<TlsConnection>(loop, std::move(stream).value(),
                                                    options.tls.rep().is_server, owner);
  if (Status started = connection->Start(options.streams_max); !started.ok()) {
    return std::move(started).error();
  }
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace passmint::http2
