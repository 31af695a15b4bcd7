#include "http/studio_cookie.h"

#include "issuance/studio_session.h"

namespace passmint::http {
namespace {

constexpr std::string_view kName = "passmint_studio";

std::string Cookie(std::string_view value, std::string_view age, std::string_view public_url) {
  std::string cookie(kName);
  cookie += "=";
  cookie += value;
  cookie += "; Path=/; HttpOnly; SameSite=Strict; Max-Age=";
  cookie += age;
  if (!public_url.starts_with("http://")) cookie += "; Secure";
  return cookie;
}

}  // namespace

std::string_view StudioSession(const Headers& headers) {
  if (headers.Find(kStudioHeader).empty()) return {};
  const std::string_view origin = headers.Find("Sec-Fetch-Site");
  if (!origin.empty() && origin != "same-origin") return {};
  std::string_view cookies = headers.Find("Cookie");
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    std::string_view cookie = cookies.substr(0, end);
    cookies = end == std::string_view::npos ? std::string_view() : cookies.substr(end + 1);
    while (cookie.starts_with(' ')) cookie.remove_prefix(1);
    if (!cookie.starts_with(kName)) continue;
    cookie.remove_prefix(kName.size());
    if (cookie.starts_with('=')) return cookie.substr(1);
  }
  return {};
}

std::string SessionCookie(const Secret& session, std::string_view public_url) {
  const auto age = std::chrono::seconds(issuance::kStudioSessionLife).count();
  return Cookie(session.RevealForSerialization(), std::to_string(age), public_url);
}

std::string EndedSessionCookie(std::string_view public_url) { return Cookie("", "0", public_url); }

}  // namespace passmint::http
