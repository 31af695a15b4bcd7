#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace passmint::issuance {

// What phones complain about, as iOS words it (reference, Apple Wallet section 4.5, found by
// substring). Stored by name.
enum class LogKind {
  kAuthenticationFailure,  // We answered 401.
  kUnexpectedStatus,       // We answered a status that phones do not know.
  kMalformedList,          // The list of updated passes was no such JSON.
  kInvalidPass,            // The bundle is no valid pass.
  kWrongPass,              // Another serial number or type than was asked for.
  kUnchanged,              // Listed, but 304 or the same manifest.
  kIgnoredCondition,       // Full answer where 304 was right.
  kNoLastModified,
  kNoTag,          // Serial numbers without lastUpdated.
  kSameTag,        // lastUpdated did not move.
  kSpuriousPush,   // Pushed, and nothing had changed.
  kNotRegistered,  // Listed a serial number that the phone had not registered.
  kOther,
};

// Stable snake_case: "authentication_failure".
std::string_view Name(LogKind kind);
bool IsLogKind(std::string_view name);
LogKind LogKindOf(std::string_view message);

// What a message says, as far as we understand it.
struct ReadLog {
  LogKind kind = LogKind::kOther;
  SerialNumber serial{};           // Empty if it names none.
  PassTypeIdentifier pass_type{};  // Likewise.
  std::string message;  // At most kLogCharactersMax, secrets shortened, no control characters.
};

inline constexpr std::size_t kLogBytesMax = 64 * 1024;  // Of one request.
inline constexpr std::size_t kLogMessagesMax = 100;     // Of one request.
inline constexpr std::size_t kLogCharactersMax = 1000;  // Of one message.

// The messages of a request's body, {"logs": ["...", ...]}: the first kLogMessagesMax. None if the
// body is anything else.
std::vector<ReadLog> ReadLogs(std::string_view body);

}  // namespace passmint::issuance
