#pragma once

#include <string_view>

#include "base/ids.h"

namespace passmint::http {

// Everything of Apple's web service stands below it; webServiceURL ends before "/v1".
inline constexpr std::string_view kAppleRoot = "/apple/v1/";

// What a path of Apple's web service names.
// Source:
// https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
struct ApplePath {
  enum class Kind {
    kRegistration,   // devices/{device}/registrations/{type}/{serial}   POST, DELETE
    kRegistrations,  // devices/{device}/registrations/{type}            GET
    kPass,           // passes/{type}/{serial}                           GET
    kPersonalize,    // passes/{type}/{serial}/personalize               POST
    kLog,            // log                                              POST
    kMalformed,      // One of these with an argument that is no text or is too long.
    kUnknown,
  };

  Kind kind = Kind::kUnknown;
  DeviceLibraryIdentifier device{};
  PassTypeIdentifier pass_type{};
  SerialNumber serial{};
};

// Longest device library identifier, pass type identifier and serial number, in bytes. Apple's own
// are 32 hex digits, reverse domain names, and whatever the pass says.
inline constexpr std::size_t kAppleNameBytesMax = 255;

// Reads the raw path of a request. A phone percent-encodes each component twice (a space is %2520)
// and leaves "/" alone, so a serial number is all that follows the type; what was encoded once or
// not at all reads the same. A serial number may itself end in "/personalize": only POST asks for
// that endpoint.
ApplePath ParseApplePath(std::string_view method, std::string_view raw_path);

}  // namespace passmint::http
