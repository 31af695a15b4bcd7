#include "google_rest/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace passmint::google_rest {
namespace {

// As many as there are at once in a busy second; more are opened and closed.
constexpr std::size_t kIdleMax = 8;
constexpr std::chrono::milliseconds kConnectTimeMax{5'000};
// Google's load balancers close idle connections after some minutes; older ones are not tried.
constexpr long kIdleSecondsMax = 110;
// The word "gzip" in it is what makes Google compress.
constexpr const char* kUserAgent = "passmint (gzip)";

void InitOnce() {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)initialised;
}

// What one transfer writes to.
struct Transfer {
  HttpAnswer* answer = nullptr;
  std::size_t bytes_max = 0;
  const std::atomic<bool>* stopping = nullptr;
};

std::size_t OnBody(const char* bytes, std::size_t, std::size_t count, void* transfer_pointer) {
  const auto* const transfer = static_cast<Transfer*>(transfer_pointer);
  std::string& body = transfer->answer->body;
  if (body.size() + count > transfer->bytes_max) return 0;  // Ends with CURLE_WRITE_ERROR.
  body.append(bytes, count);
  return count;
}

std::string Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

bool NameIs(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  return std::equal(name.begin(), name.end(), line.begin(), [](char ours, char theirs) {
    return ours ==
           (theirs >= 'A' && theirs <= 'Z' ? static_cast<char>(theirs - 'A' + 'a') : theirs);
  });
}

std::size_t OnHeader(const char* bytes, std::size_t, std::size_t count, void* transfer_pointer) {
  constexpr std::size_t kKept = 1024;
  HttpAnswer& answer = *static_cast<Transfer*>(transfer_pointer)->answer;
  const std::string_view line(bytes, count);
  const std::pair<std::string_view, std::string*> wanted[] = {
      {"content-type", &answer.content_type},
      {"retry-after", &answer.retry_after},
      {"cache-control", &answer.cache_control},
      {"age", &answer.age}};
  for (const auto& [name, value] : wanted) {
    if (NameIs(line, name)) *value = Trimmed(line.substr(name.size() + 1, kKept));
  }
  return count;
}

int OnProgress(void* transfer_pointer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(transfer_pointer)->stopping->load() ? 1 : 0;
}

std::string_view NameOf(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return "Timeout";
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return "ConnectFailed";
    case CURLE_WRITE_ERROR:
      return "AnswerTooLarge";
    case CURLE_ABORTED_BY_CALLBACK:
      return "Stopping";
    default:
      return "ConnectionLost";
  }
}

struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void Append(List& list, const char* line) {
  curl_slist* const longer = curl_slist_append(list.get(), line);
  if (longer == nullptr) return;
  (void)list.release();
  list.reset(longer);
}

List MakeHeaders(const HttpRequest& request) {
  List headers;
  for (const std::string& line : request.headers) Append(headers, line.c_str());
  Append(headers, "Expect:");  // Nobody waits for "100 Continue".
  return headers;
}

}  // namespace

// One of the library's handles; it keeps its connections. Used by one thread at a time.
class HttpClient::Handle {
 public:
  explicit Handle(const std::string& ca_file) : curl_(curl_easy_init()), ca_file_(ca_file) {}
  ~Handle() { curl_easy_cleanup(curl_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  HttpAnswer Send(const HttpRequest& request, const std::atomic<bool>& stopping) {
    HttpAnswer answer;
    if (curl_ == nullptr) {
      answer.failure = "ConnectFailed";
      answer.detail = "libcurl has no handle";
      return answer;
    }
    Transfer transfer{&answer, request.answer_bytes_max, &stopping};
    std::array<char, CURL_ERROR_SIZE> message{};
    curl_easy_reset(curl_);  // Keeps the connections.
    SetConnection(request, message);
    const List headers = MakeHeaders(request);
    SetRequest(request, headers.get());
    SetTransfer(transfer);
    const CURLcode code = curl_easy_perform(curl_);
    if (code != CURLE_OK) {
      answer = {};
      answer.failure = NameOf(code);
      answer.detail = message[0] != '\0' ? message.data() : curl_easy_strerror(code);
      return answer;
    }
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    return answer;
  }

 private:
  void SetConnection(const HttpRequest& request, std::array<char, CURL_ERROR_SIZE>& message) {
    curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, message.data());
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(request.time.count()));
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min(request.time, kConnectTimeMax).count()));
    curl_easy_setopt(curl_, CURLOPT_MAXAGE_CONN, kIdleSecondsMax);
    // The system's folder of certificates stays in use beside the file.
    if (!ca_file_.empty()) curl_easy_setopt(curl_, CURLOPT_CAINFO, ca_file_.c_str());
  }

  void SetRequest(const HttpRequest& request, const curl_slist* headers) {
    curl_easy_setopt(curl_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl_, CURLOPT_USERAGENT, kUserAgent);
    curl_easy_setopt(curl_, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
    if (!request.body.empty()) {
      curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, request.body.data());
    }
    curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  void SetTransfer(Transfer& transfer) {
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, OnBody);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, OnHeader);
    curl_easy_setopt(curl_, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(curl_, CURLOPT_XFERINFOFUNCTION, OnProgress);
    curl_easy_setopt(curl_, CURLOPT_XFERINFODATA, &transfer);
    curl_easy_setopt(curl_, CURLOPT_NOPROGRESS, 0L);
  }

  CURL* const curl_;
  const std::string& ca_file_;  // The client's.
};

HttpClient::HttpClient(std::string ca_file) : ca_file_(std::move(ca_file)) { InitOnce(); }

HttpClient::~HttpClient() { Stop(); }

std::unique_ptr<HttpClient::Handle> HttpClient::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  return std::make_unique<Handle>(ca_file_);
}

void HttpClient::GiveBack(std::unique_ptr<Handle> handle) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleMax) idle_.push_back(std::move(handle));
}

HttpAnswer HttpClient::Send(const HttpRequest& request) {
  HttpAnswer answer;
  if (stopping_) {
    answer.failure = "Stopping";
    return answer;
  }
  if (request.time <= std::chrono::milliseconds(0)) {  // To the library 0 is "for ever".
    answer.failure = "Timeout";
    answer.detail = "no time was left";
    return answer;
  }
  auto handle = Take();
  answer = handle->Send(request, stopping_);
  GiveBack(std::move(handle));
  return answer;
}

}  // namespace passmint::google_rest
