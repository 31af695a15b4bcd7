#include "http/pages/device.h"

#include <algorithm>
#include <array>

namespace passmint::http::pages {
namespace {

// Longer ones exist only to make us work.
constexpr std::size_t kUserAgentBytesMax = 1024;

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Marks of apps that open links in a browser of their own. From user agents seen in the wild and in
// public lists of them; an app that is not here is found by the rules of its platform below.
constexpr auto kApps = std::to_array<std::string_view>({
    "Instagram",
    "FBAN/",
    "FBAV/",
    "FB_IAB/",
    "Barcelona",
    "Telegram",
    "VKAndroidApp",
    "com.vk.vkclient",
    "VKApp",
    "OKApp",
    "ok.android",
    "Line/",
    "MicroMessenger",
    "Snapchat",
    "Pinterest/",
    "musical_ly",
    "BytedanceWebview",
    "TikTok",
    "trill",
    "Twitter for",
    "LinkedInApp",
    "KAKAOTALK",
    "Viber",
    "MAX-Android",
    "Zalo",
});

bool NamesAnApp(std::string_view user_agent) {
  return std::any_of(kApps.begin(), kApps.end(),
                     [&](std::string_view app) { return Has(user_agent, app); });
}

// Safari and the browsers that may call themselves one (Chrome, Firefox, Edge, Yandex) end their
// user agent in "Safari/604.1"; a bare WKWebView inside an app does not.
bool IsBareWebView(std::string_view user_agent) {
  return Has(user_agent, "AppleWebKit/") && !Has(user_agent, "Safari/");
}

// "; wv" is how Android's WebView is told from Chrome:
// https://developer.chrome.com/docs/webview/user-agent
bool IsAndroidWebView(std::string_view user_agent) { return Has(user_agent, "; wv)"); }

}  // namespace

Device DeviceOf(std::string_view user_agent) {
  user_agent = user_agent.substr(0, kUserAgentBytesMax);
  // Windows Phone claimed to be both others; it has neither wallet.
  if (Has(user_agent, "Windows")) return {};
  if (Has(user_agent, "iPhone") || Has(user_agent, "iPad") || Has(user_agent, "iPod")) {
    return {.platform = Platform::kIphone,
            .in_app = NamesAnApp(user_agent) || IsBareWebView(user_agent)};
  }
  if (Has(user_agent, "Android")) {
    return {.platform = Platform::kAndroid,
            .in_app = NamesAnApp(user_agent) || IsAndroidWebView(user_agent)};
  }
  return {};
}

}  // namespace passmint::http::pages
