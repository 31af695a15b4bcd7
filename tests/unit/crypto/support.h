#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/timestamp.h"
#include "crypto/private_key.h"
#include "crypto/signing_identity.h"
#include "crypto/test_authority.h"

namespace passmint::crypto::testing {

// 2026-11-21T10:00:00Z. The leaves of Leaf() are valid a year around it.
Timestamp Now();
Timestamp At(std::string_view rfc3339);

// Made once per process, because a key takes up to half a second. G4 and G3 share a root.
const TestAuthority& G4();
const TestAuthority& G3();
const PrivateKey& RsaKey();
const PrivateKey& OtherRsaKey();

// A good leaf for "pass.com.example.test" of team "TEAM123456" with RsaKey(), to be changed.
PassCertificateOptions LeafOptions();
Certificate Leaf(const PassCertificateOptions& options = LeafOptions());
SigningIdentity Identity();

// A folder that is removed at the end, to exchange files with other programs.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  // Writes the file and returns its path.
  std::string Write(const std::string& name, std::string_view bytes) const;
  std::string Read(const std::string& name) const;

 private:
  std::string path_;
};

struct Ran {
  int exit_code = -1;
  std::string output;  // Standard output and standard error.
};
// By the shell. Standard input is empty.
Ran Shell(const std::string& command);

// The same bytes every time.
class CountingRandom final : public Random {
 public:
  std::string Bytes(std::size_t count) override;

 private:
  unsigned next_ = 0;
};

}  // namespace passmint::crypto::testing
