#include "simulate/service_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <mutex>

#include "base/ascii.h"

namespace passmint::simulate {
namespace {

void InitialiseOnce() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::size_t TakeBody(char* data, std::size_t size, std::size_t count, void* target) {
  auto& body = *static_cast<std::string*>(target);
  if (body.size() + size * count > ServiceClient::kAnswerBytesMax) return 0;
  body.append(data, size * count);
  return size * count;
}

std::size_t TakeHeader(char* data, std::size_t size, std::size_t count, void* target) {
  auto& headers = *static_cast<decltype(ServiceAnswer::headers)*>(target);
  const std::string_view line(data, size * count);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) {
    if (line.starts_with("HTTP/")) headers.clear();  // Of an interim answer before this one.
    return line.size();
  }
  headers.emplace_back(AsciiLower(line.substr(0, colon)), AsciiTrimmed(line.substr(colon + 1)));
  return line.size();
}

}  // namespace

struct ServiceClient::Handle {
  CURL* curl = curl_easy_init();
  Handle() = default;
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
};

std::string_view ServiceAnswer::Header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

ServiceClient::ServiceClient() {
  InitialiseOnce();
  handle_ = std::make_unique<Handle>();
}

ServiceClient::~ServiceClient() = default;

Result<ServiceAnswer> ServiceClient::Send(std::string_view method, const std::string& url,
                                          const RequestHeaders& headers, std::string_view body) {
  CURL* const curl = handle_->curl;
  curl_easy_reset(curl);  // Keeps the connection.
  ServiceAnswer answer;
  curl_slist* lines = curl_slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : headers) {
    std::string line = name;
    line.append(": ").append(value);
    lines = curl_slist_append(lines, line.c_str());
  }
  const std::string verb(method);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(kAnswerSecondsMax));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &TakeHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer.headers);
  if (method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (method == "POST" || !body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, verb.c_str());
  const CURLcode done = curl_easy_perform(curl);
  curl_slist_free_all(lines);
  if (done != CURLE_OK) {
    return Error{.code = ErrorCode::kUnavailable, .message = curl_easy_strerror(done)};
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace passmint::simulate
