// P16 places, P17 dates of relevance (Apple reference 2.6).

#include <chrono>

#include "apple/internal/pass_rules.h"

namespace passmint::apple::internal {
namespace {

constexpr std::size_t kLocationsMax = 10;
constexpr std::int64_t kBeaconNumberMax = 65'535;
constexpr std::chrono::hours kIntervalMax(24);

void CheckRange(RuleReport& report, const Json& object, const std::string& pointer, const char* key,
                double limit) {
  const Json* value = Find(object, key);
  if (value == nullptr) {
    report.Error("P16", pointer + '/' + key, std::string(key) + " is missing",
                 "a location needs latitude and longitude");
    return;
  }
  if (!value->is_number()) return;  // P07 says so.
  const double degrees = value->get<double>();
  if (degrees >= -limit && degrees <= limit) return;
  report.Error("P16", pointer + '/' + key, std::string(key) + " is " + Shown(*value),
               "latitudes are -90 to 90, longitudes -180 to 180");
}

void CheckLocations(RuleReport& report) {
  const Json* locations = Find(report.json(), "locations");
  if (locations == nullptr || !locations->is_array()) return;
  if (locations->size() > kLocationsMax) {
    report.Error("P16", "/locations",
                 std::to_string(locations->size()) + " locations; phones take 10",
                 "keep the 10 nearest to your customers");
  }
  for (std::size_t i = 0; i < locations->size(); ++i) {
    if (!(*locations)[i].is_object()) continue;
    const std::string pointer = json::Child("/locations", i);
    CheckRange(report, (*locations)[i], pointer, "latitude", 90);
    CheckRange(report, (*locations)[i], pointer, "longitude", 180);
  }
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) != text.npos;
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

void CheckBeacons(RuleReport& report) {
  const Json* beacons = Find(report.json(), "beacons");
  if (beacons == nullptr || !beacons->is_array()) return;
  for (std::size_t i = 0; i < beacons->size(); ++i) {
    const Json& beacon = (*beacons)[i];
    if (!beacon.is_object()) continue;
    const std::string pointer = json::Child("/beacons", i);
    if (!IsUuid(TextOf(beacon, "proximityUUID"))) {
      report.Error("P16", pointer + "/proximityUUID", "the beacon has no valid UUID",
                   "write it like E2C56DB5-DFFB-48D2-B060-D0F5A71096E0");
    }
    for (const char* key : {"major", "minor"}) {
      const Json* number = Find(beacon, key);
      if (number == nullptr || !number->is_number_integer()) continue;
      const auto value = number->get<std::int64_t>();
      if (value >= 0 && value <= kBeaconNumberMax) continue;
      report.Error("P16", pointer + '/' + key, std::string(key) + " is " + Shown(*number),
                   "write 0 to 65535");
    }
  }
}

void CheckInterval(RuleReport& report, const Json& entry, const std::string& pointer) {
  const auto start = ParseWalletDate(TextOf(entry, "startDate"));
  const auto end = ParseWalletDate(TextOf(entry, "endDate"));
  if (!start || !end) return;  // P05 says so.
  if (*start >= *end) {
    report.Error("P17", pointer, "startDate is not before endDate", "exchange them");
  } else if (*end - *start > kIntervalMax) {
    report.Warn("P17", pointer, "the interval is longer than 24 hours",
                "split it, one entry a day");
  }
}

void CheckRelevantEntry(RuleReport& report, const Json& entry, const std::string& pointer) {
  const bool has_start = Find(entry, "startDate") != nullptr;
  const bool has_end = Find(entry, "endDate") != nullptr;
  const bool has_date = Find(entry, "date") != nullptr;
  const bool has_old_date = Find(entry, "relevantDate") != nullptr;
  if (has_start != has_end) {
    report.Error("P17", pointer,
                 has_start ? "startDate without endDate" : "endDate without startDate",
                 "give both, or a single date");
  } else if (has_start) {
    CheckInterval(report, entry, pointer);
  } else if (!has_date && !has_old_date) {
    report.Error("P17", pointer, "the entry has neither an interval nor a date",
                 "give startDate and endDate, or date");
  } else if (has_date != has_old_date) {
    report.Warn("P17", pointer,
                has_date ? "date alone: iOS 18 reads relevantDate"
                         : "relevantDate alone: iOS 26 reads date",
                "give both with the same value");
  }
}

void CheckRelevance(RuleReport& report) {
  const Json* dates = Find(report.json(), "relevantDates");
  if (dates == nullptr || !dates->is_array()) return;
  for (std::size_t i = 0; i < dates->size(); ++i) {
    if (!(*dates)[i].is_object()) continue;
    CheckRelevantEntry(report, (*dates)[i], json::Child("/relevantDates", i));
  }
  if (!dates->empty() && Find(report.json(), "relevantDate") == nullptr) {
    report.Warn("P17", "/relevantDates",
                "relevantDates without relevantDate: iOS 17 and earlier "
                "see no date",
                "add relevantDate with the first of them");
  }
}

}  // namespace

void CheckContext(RuleReport& report) {
  CheckLocations(report);
  CheckBeacons(report);
  CheckRelevance(report);
}

}  // namespace passmint::apple::internal
