#include "unit/crypto/support.h"

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace passmint::crypto::testing {
namespace {

TestAuthority::Options AuthorityOptions(std::string generation) {
  return {.not_before = At("2020-01-01T00:00:00Z"),
          .not_after = At("2036-01-01T00:00:00Z"),
          .generation = std::move(generation)};
}

}  // namespace

Timestamp At(std::string_view rfc3339) { return ParseRfc3339(rfc3339).value(); }

Timestamp Now() { return At("2026-11-21T10:00:00Z"); }

const TestAuthority& G4() {
  static const TestAuthority authority = TestAuthority::Create(AuthorityOptions("G4")).value();
  return authority;
}

const TestAuthority& G3() {
  static const TestAuthority authority = G4().WithIntermediate(AuthorityOptions("G3")).value();
  return authority;
}

const PrivateKey& RsaKey() {
  static const PrivateKey key = GenerateRsa2048().value();
  return key;
}

const PrivateKey& OtherRsaKey() {
  static const PrivateKey key = GenerateRsa2048().value();
  return key;
}

PassCertificateOptions LeafOptions() {
  return {.pass_type = PassTypeIdentifier("pass.com.example.test"),
          .team = TeamIdentifier("TEAM123456"),
          .not_before = At("2026-06-01T00:00:00Z"),
          .not_after = At("2027-06-30T23:59:59Z"),
          .key = RsaKey()};
}

Certificate Leaf(const PassCertificateOptions& options) {
  return G4().Issue(options).value().certificate;
}

SigningIdentity Identity() {
  static const SigningIdentity identity =
      MakeSigningIdentity(Leaf(), RsaKey(), {G3().intermediate(), G4().intermediate()}, Now())
          .value();
  return identity;
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "passmint-crypto-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::Write(const std::string& name, std::string_view bytes) const {
  std::string file = path_ + "/" + name;
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

std::string Folder::Read(const std::string& name) const {
  std::ifstream file(path_ + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Ran Shell(const std::string& command) {
  Ran ran;
  FILE* pipe = popen(("( " + command + " ) 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  std::size_t count = 0;
  while ((count = fread(buffer, 1, sizeof buffer, pipe)) > 0) ran.output.append(buffer, count);
  const int status = pclose(pipe);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

std::string CountingRandom::Bytes(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(next_++ & 0xff);
  return bytes;
}

}  // namespace passmint::crypto::testing
