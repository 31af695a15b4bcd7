// The archive's files: what the manifest says about them, and the pictures.

#include <algorithm>

#include "apple/internal/bundle_check.h"
#include "apple/manifest.h"
#include "crypto/digest.h"
#include "image/png.h"

namespace passmint::apple::internal {
namespace {

constexpr std::string_view kUnlisted = "log: \"No entry in manifest for file ...\"";

bool IsLitter(const std::string& name) {
  return name.ends_with(".DS_Store") || name.starts_with("__MACOSX/") ||
         name.ends_with("Thumbs.db");
}

bool IsSigned(const std::string& name) { return name != "manifest.json" && name != "signature"; }

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

// "strip" for "ru.lproj/strip@2x.png"; "" for what is no picture.
std::string SlotOf(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  if (!name.ends_with(".png")) return "";
  name.resize(name.size() - 4);
  return name.substr(0, name.find('@'));
}

void CheckIcon(BundleCheck& check) {
  bool any = false;
  for (const auto& [name, bytes] : check.files) any = any || SlotOf(name) == "icon";
  if (!any) {
    check.report.findings.push_back({"P23", design::Level::kError, "icon.png", "",
                                     "the bundle has no icon",
                                     "log: \"Pass does not contain icon.png...\"; it cannot be "
                                     "opened",
                                     "add icon.png, icon@2x.png and icon@3x.png"});
    return;
  }
  for (const char* name : {"icon.png", "icon@2x.png", "icon@3x.png"}) {
    if (check.Find(name) != nullptr) continue;
    check.Warn("P23", name, "this scale of the icon is missing", "", "ship all three");
  }
}

}  // namespace

void CheckManifest(BundleCheck& check) {
  const std::string* bytes = check.Find("manifest.json");
  if (bytes == nullptr) {
    check.Error("manifest.json", "the bundle has no manifest", "the pass is refused",
                "list every file with its SHA-1 in manifest.json");
    return;
  }
  const auto manifest = ParseManifest(*bytes);
  if (!manifest.ok()) {
    check.Error("manifest.json", manifest.error().message,
                "log: \"Invalid json from URL ...\"; the pass is refused",
                "write one JSON object, path to SHA-1 in 40 hexadecimal digits");
    return;
  }
  for (const auto& [name, content] : check.files) {
    const auto listed = manifest.value().find(name);
    if (!IsSigned(name)) {
      if (listed == manifest.value().end()) continue;
      check.Error(name, "the manifest lists " + name + ", which it cannot cover",
                  "the pass is refused", "leave it out of the manifest");
    } else if (listed == manifest.value().end()) {
      check.Error(name,
                  IsLitter(name) ? "a file that the system left here; not in the manifest"
                                 : "the file is not in the manifest",
                  std::string(kUnlisted),
                  IsLitter(name) ? "zip without it: zip -X -r ... -x '*.DS_Store' -x '__MACOSX/*'"
                                 : "list it, and sign again");
    } else if (Lower(listed->second) != crypto::Sha1Hex(content)) {
      check.Error(name,
                  "the file was changed after the manifest was made: its SHA-1 is " +
                      crypto::Sha1Hex(content) + ", the manifest says " + listed->second,
                  "the pass is refused", "make the manifest again, and sign it");
    } else if (IsLitter(name)) {
      check.Warn("K01", name, "a file that the system left here", "", "zip without it");
    }
  }
  for (const auto& [name, digest] : manifest.value()) {
    if (!IsSigned(name) || check.Find(name) != nullptr) continue;
    check.Error(name, "the manifest lists a file that is not in the bundle", "the pass is refused",
                "add the file, or make the manifest again");
  }
}

void CheckImages(BundleCheck& check) {
  CheckIcon(check);
  for (const auto& [name, bytes] : check.files) {
    if (SlotOf(name).empty()) continue;
    const auto info = image::Inspect(bytes);
    if (info.ok()) continue;
    check.report.findings.push_back({"P23", design::Level::kError, name, "",
                                     "not a picture that Wallet shows: " + info.error().message,
                                     "the picture is missing on the card", "save it as PNG"});
  }
  for (const auto& [name, bytes] : check.files) {
    if (LanguageOf(name).empty() || SlotOf(name).empty()) continue;
    const std::string at_root = name.substr(name.find('/') + 1);
    if (check.Find(at_root) == nullptr || SlotOf(name) == "icon") continue;
    check.Warn("P24", at_root, "the picture at the root hides " + name,
               "the localised picture is never shown", "remove the one at the root");
  }
}

}  // namespace passmint::apple::internal
