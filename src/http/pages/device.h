#pragma once

#include <string_view>

namespace passmint::http::pages {

enum class Platform { kIphone, kAndroid, kDesktop };

// What a browser says of itself. Only the order of the page's parts depends on it: whatever it
// says, every way to a wallet stays within reach.
struct Device {
  Platform platform = Platform::kDesktop;
  // A browser inside another app. On iPhones it often only downloads a pass, or does nothing
  // (reference: Apple Wallet section 7), so the page shows the way out.
  bool in_app = false;
};

// An iPad of today says that it is a Mac, and gets the desktop's page, which has the button too.
Device DeviceOf(std::string_view user_agent);

}  // namespace passmint::http::pages
