#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/private_key.h"

namespace passmint::crypto {

// How a leaf of TestAuthority differs from the one that Apple would issue.
struct PassCertificateOptions {
  PassTypeIdentifier pass_type;  // "pass.com.example.test".
  TeamIdentifier team;           // "TEAM123456". Empty: no OU.
  bool nfc = false;
  Timestamp not_before;
  Timestamp not_after;
  bool has_uid = true;
  // Apple's extension 1.2.840.113635.100.6.1.16. Nothing: the pass type, as it should be; "": the
  // extension is left out.
  std::optional<std::string> pass_type_extension = {};
  // Whose certificate it is. Nothing: a fresh RSA-2048 key.
  std::optional<PrivateKey> key = {};
};

// A stand-in for a service of Apple's or Google's, which our clients connect to.
struct ServerCertificateOptions {
  std::vector<std::string> dns_names;     // "localhost". At most 16 with the addresses, at least 1.
  std::vector<std::string> ip_addresses;  // "127.0.0.1", "::1".
  Timestamp not_before;
  Timestamp not_after;
};

struct PassCertificate {
  Certificate certificate;
  PrivateKey key;
};

// Stands in for Apple where nothing real is signed: tests, and the site that `passmint init` makes.
// Root "Passmint Test Root CA", an intermediate named like Apple's but clearly a test's, and leaves
// with Apple's extensions. No phone accepts its passes.
class TestAuthority {
 public:
  struct Options {
    Timestamp not_before;  // Of root and intermediate.
    Timestamp not_after;
    std::string generation = "G4";  // The intermediate's OU.
  };

  // Two fresh RSA-2048 keys: 0.1 to 1 s. Fails with kInternal only.
  static Result<TestAuthority> Create(const Options& options);

  // A second intermediate under the same root, with its own key, as Apple has G1 to G8.
  Result<TestAuthority> WithIntermediate(const Options& options) const;

  const Certificate& root() const { return root_; }
  const Certificate& intermediate() const { return intermediate_; }

  // Fails with kInvalidArgument if pass type or team is over 256 bytes, or the pass type is empty;
  // else with kInternal only.
  Result<PassCertificate> Issue(const PassCertificateOptions& options) const;

  // For TLS, with a fresh P-256 key. Fails with kInvalidArgument if there is no name, too many, or
  // one is malformed; else with kInternal only.
  Result<PassCertificate> IssueServer(const ServerCertificateOptions& options) const;

 private:
  TestAuthority(Certificate root, PrivateKey root_key, Certificate intermediate,
                PrivateKey intermediate_key);

  Certificate root_;
  PrivateKey root_key_;
  Certificate intermediate_;
  PrivateKey intermediate_key_;
};

}  // namespace passmint::crypto
