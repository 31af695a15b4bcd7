#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace passmint::crypto::internal {

// Where the parts of a detached signature lie that change from one content to the next. All have a
// fixed length for one RSA key, so a new signature is the old one with three parts overwritten.
struct CmsLayout {
  struct Range {
    std::size_t offset = 0;
    std::size_t size = 0;
  };

  Range signed_attributes;  // With its tag, which is [0] here and SET OF when it is signed.
  Range signing_time;       // The 13 characters of the UTCTime.
  Range message_digest;     // 32 bytes.
  Range signature;
};

// Finds the parts in a DER of CMS SignedData (RFC 5652) with exactly one signer and exactly the
// attributes contentType, signingTime (UTCTime) and messageDigest (of 32 bytes), with the signature
// last of all. Nothing if the bytes are laid out in any other way.
std::optional<CmsLayout> FindCmsLayout(std::string_view der);

// The version of SignedData, which OpenSSL does not tell; BER is fine too. 0 if it cannot be found.
int SignedDataVersion(std::string_view ber);

}  // namespace passmint::crypto::internal
