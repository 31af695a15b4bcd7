#include "apple/manifest.h"

#include <algorithm>

#include "apple/internal/json_text.h"
#include "crypto/digest.h"
#include "json/json.h"

namespace passmint::apple {
namespace {

// A bundle of 4,096 files (zip::ReadLimits) with names of 512 bytes has 2.3 MB.
constexpr std::size_t kManifestBytesMax = 4 * 1024 * 1024;

bool IsSha1Hex(const std::string& text) {
  return text.size() == 40 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

Error BadManifest(const std::string& path) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "the entry of \"" + path + "\" is not a SHA-1 of 40 hexadecimal digits",
          .reason = "bad_manifest"};
}

}  // namespace

std::string ManifestMember(std::string_view path, std::string_view bytes) {
  std::string member;
  internal::AppendJsonString(path, member);
  member += ":\"";
  member += crypto::Sha1Hex(bytes);
  member += "\",";
  return member;
}

std::string CloseManifest(std::string_view members) {
  std::string manifest;
  manifest.reserve(members.size() + 2);
  manifest += '{';
  manifest += members;
  if (manifest.back() == ',') manifest.pop_back();
  manifest += '}';
  return manifest;
}

Result<std::map<std::string, std::string>> ParseManifest(std::string_view bytes) {
  const Result<Json> parsed = json::Parse(bytes, kManifestBytesMax);
  if (!parsed.ok()) return parsed.error();
  if (!parsed.value().is_object()) {
    return Error{.code = ErrorCode::kInvalidSyntax,
                 .message = "the manifest is not a JSON object",
                 .reason = "bad_manifest"};
  }
  std::map<std::string, std::string> digests;
  for (const auto& [path, digest] : parsed.value().items()) {
    if (!digest.is_string() || !IsSha1Hex(digest.get_ref<const std::string&>())) {
      return BadManifest(path);
    }
    digests[path] = digest.get<std::string>();
  }
  return digests;
}

}  // namespace passmint::apple
