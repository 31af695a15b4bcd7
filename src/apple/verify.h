#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "crypto/certificate.h"
#include "design/finding.h"
#include "json/json.h"

namespace passmint::apple {

// One thing wrong with a bundle.
struct BundleFinding {
  std::string id;  // "K01", or a rule of the Apple reference 6.2 that its pass.json breaks.
  design::Level level = design::Level::kError;
  std::string file;     // In the bundle; "" for the archive as a whole.
  std::string pointer;  // JSON pointer into `file`, if it is JSON.
  std::string cause;    // What is wrong, with the value found.
  std::string wallet;   // What iOS does or logs about it (Apple reference 6.1); may be empty.
  std::string cure;
};

// What a bundle says about itself; empty where it could not be read.
struct BundleFacts {
  struct File {
    std::string name;
    std::size_t bytes = 0;
  };
  std::string pass_type;
  std::string serial;
  std::string team;
  std::string organization;
  std::string description;
  std::string signer;  // Common name of the leaf.
  std::string issuer;  // Common name and generation (OU) of who issued it.
  std::optional<Timestamp> signing_time;
  std::optional<Timestamp> certificate_not_after;
  std::vector<std::string> styles;     // "storeCard", "posterGeneric", ...
  std::vector<std::string> languages;  // Of its .lproj folders.
  std::vector<File> files;
};

struct BundleReport {
  BundleFacts facts;
  std::vector<BundleFinding> findings;

  // True if nothing is worse than a warning: Wallet takes it, as far as anyone outside can tell.
  bool ok() const;
};

struct VerifyBundleOptions {
  // Roots that the chain must end at. Empty: the chain is followed through the bundle only, and a
  // note says that nobody vouches for its end.
  std::vector<crypto::Certificate> trust_anchors = {};
  // Nothing: dates are judged at the signing time.
  std::optional<Timestamp> now = {};
};

// The self-check K01, for our bundles and those of strangers: opens the archive, recomputes every
// digest, verifies the signature over the exact bytes of the manifest, compares the certificate
// with pass.json, and applies the rules of lint to pass.json. Total: whatever the bytes, it
// answers; time and memory are bounded by zip::ReadLimits.
BundleReport VerifyBundle(std::string_view pkpass, const VerifyBundleOptions& options = {});

// U01: what an update of an installed pass must not change. `before` and `after` are pass.json.
std::vector<BundleFinding> CheckUpdate(const Json& before, const Json& after);

}  // namespace passmint::apple
