#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulate/virtual_phone.h"

namespace passmint::simulate {

// From many values of one kind, in milliseconds.
struct Latencies {
  std::vector<double> values;

  // 0 to 1; 0 ms if there are none.
  double Quantile(double q) const;
};

struct FleetReport {
  int phones = 0;
  int google_accounts = 0;
  std::int64_t orders = 0;                // Acknowledged, the first of each phone's owner included.
  std::int64_t repeats = 0;               // Sent again because there was no answer.
  std::chrono::milliseconds placing{0};   // How long the orders took.
  std::chrono::milliseconds settling{0};  // From the last order until all phones were right.
  Latencies answer;                       // Order sent to acknowledged.
  Latencies to_push;   // Order acknowledged to the push at APNs; bursts become one.
  Latencies to_phone;  // Order acknowledged to the phone showing its balance; bursts become one.
  PhoneCounts counts;
  Latencies to_google;           // Likewise, to Google holding it.
  double pushes_spent_most = 0;  // Of a phone's budget, at once.
  int push_burst = 0;            // The budget; 0: nobody counts.
  struct Google {
    std::int64_t changes = 0;        // Of objects.
    std::int64_t notifications = 0;  // That customers got.
  } google;
  std::int64_t stray_pushes = 0;         // For tokens that no phone has any more.
  std::map<std::string, int> faults;     // How often each happened.
  std::vector<std::string> lock_screen;  // Some of what owners read.
  std::vector<std::string> wrong;        // Everything that must not be; at most kWrongMax lines.
  std::int64_t wrong_in_all = 0;

  static constexpr std::size_t kWrongMax = 20;

  void AddWrong(std::string line);
  bool ok() const { return wrong_in_all == 0; }
};

// For people: one screen.
std::string ToText(const FleetReport& report);

}  // namespace passmint::simulate
