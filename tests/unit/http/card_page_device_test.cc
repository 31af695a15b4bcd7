#include <gtest/gtest.h>

#include <string>

#include "http/pages/device.h"

namespace passmint::http::pages {
namespace {

struct Case {
  const char* what;
  const char* user_agent;
  Platform platform;
  bool in_app;
};

// User agents as those programs send them, shortened where nothing looks.
constexpr Case kCases[] = {
    {"Safari on an iPhone",
     "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
     Platform::kIphone, false},
    {"Chrome on an iPhone",
     "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1",
     Platform::kIphone, false},
    {"Safari on an older iPad",
     "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/12.1.2 Mobile/15E148 Safari/604.1",
     Platform::kIphone, false},
    {"Safari on a Mac or a newer iPad",
     "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/18.6 Safari/605.1.15",
     Platform::kDesktop, false},
    {"Instagram on an iPhone",
     "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Mobile/22G86 Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_6; ru_RU; ru)",
     Platform::kIphone, true},
    {"Facebook on an iPhone",
     "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Mobile/22G86 [FBAN/FBIOS;FBAV/500.0.0.0;FBDV/iPhone15,2]",
     Platform::kIphone, true},
    {"an app's own view on an iPhone",
     "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Mobile/15E148",
     Platform::kIphone, true},
    {"VK on an iPhone",
     "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Mobile/15E148 VKApp/8.120 Safari/604.1",
     Platform::kIphone, true},
    {"Chrome on Android",
     "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
     "Mobile Safari/537.36",
     Platform::kAndroid, false},
    {"Samsung's browser",
     "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
     "SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
     Platform::kAndroid, false},
    {"Firefox on Android", "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
     Platform::kAndroid, false},
    {"Telegram on Android",
     "Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36 Telegram-Android/11.4.2",
     Platform::kAndroid, true},
    {"some app's WebView on Android",
     "Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36",
     Platform::kAndroid, true},
    {"Chrome on Windows",
     "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/142.0.0.0 Safari/537.36",
     Platform::kDesktop, false},
    {"a Windows phone that says it is all others",
     "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) like iPhone",
     Platform::kDesktop, false},
    {"curl", "curl/7.88.1", Platform::kDesktop, false},
    {"nothing", "", Platform::kDesktop, false},
};

TEST(DeviceTest, IsToldByTheUserAgent) {
  for (const Case& row : kCases) {
    const Device device = DeviceOf(row.user_agent);
    EXPECT_EQ(device.platform, row.platform) << row.what;
    EXPECT_EQ(device.in_app, row.in_app) << row.what;
  }
}

TEST(DeviceTest, ALongUserAgentIsReadOnlySoFar) {
  EXPECT_EQ(DeviceOf(std::string(5000, 'x') + "iPhone").platform, Platform::kDesktop);
}

}  // namespace
}  // namespace passmint::http::pages
