#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "http/apple_path.h"
#include "issuance/phone_log.h"
#include "issuance/update_tag.h"

namespace {

using passmint::http::ApplePath;

// What a path names is text of a bounded length.
void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void RequireName(const std::string& name) {
  Require(name.size() <= passmint::http::kAppleNameBytesMax);
  Require(passmint::IsUtf8(name) && !passmint::HasControlCharacter(name));
}

}  // namespace

// Paths, tags and logs as any phone, or whoever says to be one, may send them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string& start :
       {std::string(), std::string("/apple/v1/devices/"), std::string("/apple/v1/passes/")}) {
    for (const char* method : {"GET", "POST"}) {
      const ApplePath path = passmint::http::ParseApplePath(method, start + std::string(bytes));
      if (path.kind == ApplePath::Kind::kMalformed) continue;
      RequireName(path.device.str());
      RequireName(path.pass_type.str());
      RequireName(path.serial.str());
    }
  }
  const auto tag = passmint::issuance::UpdateTag::Parse(bytes);
  if (tag) Require(passmint::issuance::UpdateTag::Parse(tag->ToText())->clock() == tag->clock());
  for (const auto& log : passmint::issuance::ReadLogs(bytes))
    Require(passmint::IsUtf8(log.message));
  return 0;
}
