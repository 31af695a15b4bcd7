#include "ledger/chain.h"

#include "crypto/digest.h"

namespace passmint::ledger {
namespace {

void AppendBigEndian(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

}  // namespace

std::string Genesis(const ProgrammeId& programme, const AccountId& account) {
  std::string input = "passmint/1";
  input.push_back('\0');
  input.append(programme.str());
  input.push_back('\0');
  input.append(account.str());
  return crypto::Sha256(input);
}

std::string NextHash(std::string_view previous, std::int64_t sequence, std::string_view body) {
  std::string input;
  input.reserve(previous.size() + 16 + body.size());
  input.append(previous);
  AppendBigEndian(input, static_cast<std::uint64_t>(sequence));
  AppendBigEndian(input, body.size());
  input.append(body);
  return crypto::Sha256(input);
}

}  // namespace passmint::ledger
