#include "apple/verify.h"

#include <algorithm>
#include <set>
#include <utility>

#include "apple/internal/bundle_check.h"
#include "zip/reader.h"

namespace passmint::apple {
namespace {

using internal::BundleCheck;
using internal::RuleFinding;

// Every pass.json that was seen has under 100 kB; zip::ReadLimits allows 16 MiB.
constexpr std::size_t kPassJsonBytesMax = 4 * 1024 * 1024;

// "Card" if the whole bundle was packed inside a folder of that name, "" if not.
std::string WrapperOf(const std::map<std::string, std::string>& files) {
  if (files.contains("pass.json")) return "";
  constexpr std::string_view kTail = "/pass.json";
  for (const auto& [name, bytes] : files) {
    if (name.ends_with(kTail)) return name.substr(0, name.size() - kTail.size());
  }
  return "";
}

void CheckWrapper(BundleCheck& check) {
  const std::string folder = WrapperOf(check.files);
  if (folder.empty()) return;
  check.Error(folder, "everything is inside the folder \"" + folder + "\"",
              "log: \"No entry in manifest for file ...\"",
              "zip the files, not the folder: cd " + folder + " && zip -r ../card.pkpass .");
}

std::set<std::string> ImageSlots(const std::map<std::string, std::string>& files) {
  std::set<std::string> slots;
  for (const auto& [path, bytes] : files) {
    std::string name = path.substr(path.rfind('/') + 1);
    if (!name.ends_with(".png")) continue;
    name.resize(name.size() - 4);
    slots.insert(name.substr(0, name.find('@')));
  }
  return slots;
}

void NoteFacts(const Json& pass, BundleFacts& facts) {
  facts.pass_type = internal::TextOf(pass, "passTypeIdentifier");
  facts.serial = internal::TextOf(pass, "serialNumber");
  facts.team = internal::TextOf(pass, "teamIdentifier");
  facts.organization = internal::TextOf(pass, "organizationName");
  facts.description = internal::TextOf(pass, "description");
  facts.styles = internal::StylesOf(pass);
}

void AddRuleFindings(BundleCheck& check, const internal::PassFile& file) {
  for (RuleFinding& finding : internal::CheckPass(file)) {
    check.report.findings.push_back({finding.id, finding.level, "pass.json", finding.pointer,
                                     finding.cause, std::string(internal::WalletSays(finding)),
                                     finding.cure});
  }
}

void CheckPassJson(BundleCheck& check, const internal::SignerFacts& signer,
                   const std::vector<internal::LanguageStrings>& strings) {
  const std::string* bytes = check.Find("pass.json");
  if (bytes == nullptr) {
    check.Error("pass.json", "the bundle has no pass.json at its root", "the pass is refused",
                "add it");
    return;
  }
  const auto pass = json::Parse(*bytes, kPassJsonBytesMax);
  if (!pass.ok()) {
    check.Error("pass.json", pass.error().message,
                "log: \"Invalid json from URL ... Badly formed object around character N\"",
                "no comments, no trailing commas, no byte order mark, UTF-8");
    return;
  }
  NoteFacts(pass.value(), check.report.facts);
  const std::set<std::string> images = ImageSlots(check.files);
  AddRuleFindings(check,
                  {.json = pass.value(),
                   .strings = strings,
                   .images = images,
                   .pass_type = signer.pass_type,
                   .team = signer.team,
                   .nfc_certificate = signer.nfc,
                   .now = check.options.now ? check.options.now : check.report.facts.signing_time});
  if (!pass.value().is_object()) return;
  internal::CheckTranslations(check, pass.value(), strings);
  internal::CheckPersonalization(check, pass.value(), strings, images);
}

}  // namespace

namespace internal {

const std::string* BundleCheck::Find(const std::string& name) const {
  const auto found = files.find(name);
  return found == files.end() ? nullptr : &found->second;
}

void BundleCheck::Error(std::string file, std::string cause, std::string wallet, std::string cure) {
  report.findings.push_back({"K01", design::Level::kError, std::move(file), "", std::move(cause),
                             std::move(wallet), std::move(cure)});
}

void BundleCheck::Warn(std::string id, std::string file, std::string cause, std::string wallet,
                       std::string cure) {
  report.findings.push_back({std::move(id), design::Level::kWarning, std::move(file), "",
                             std::move(cause), std::move(wallet), std::move(cure)});
}

std::string_view WalletSays(const RuleFinding& finding) {
  if (finding.level != design::Level::kError) return "";
  if (finding.id == "P01") return "a required key is missing: the pass is refused";
  if (finding.id == "P02") return "without exactly one classic style the pass is refused";
  if (finding.id == "P03") {
    return "log: \"The passTypeIdentifier or teamIdentifier provided may not match your "
           "certificate, or the certificate trust chain could not be verified\"";
  }
  if (finding.id == "P05") {
    return "log: \"Unable to parse ... as a date. We expect dates in W3C date time stamp format\"";
  }
  if (finding.id == "P07") return "a wrong JSON type: the pass is refused, or the key is ignored";
  if (finding.id == "P08") return "a field without key or value: the pass is refused";
  if (finding.id == "P09") return "an unknown value: the pass is refused";
  if (finding.id == "P11") return "no message appears on the lock screen";
  if (finding.id == "P14") return "the barcode is not shown, or the pass is refused";
  if (finding.id == "P15") return "the pass is never updated";
  if (finding.id == "P18") return "with NFC and without its entitlement the pass is refused";
  return "";
}

}  // namespace internal

bool BundleReport::ok() const {
  return std::none_of(findings.begin(), findings.end(), [](const BundleFinding& finding) {
    return finding.level == design::Level::kError;
  });
}

BundleReport VerifyBundle(std::string_view pkpass, const VerifyBundleOptions& options) {
  BundleReport report;
  BundleCheck check{.options = options, .report = report, .files = {}};
  auto archive = zip::ReadArchive(pkpass);
  if (!archive.ok()) {
    check.Error("", archive.error().message, "\"Safari cannot download this file\"",
                "a .pkpass is a plain zip: store or deflate, no encryption, files at its root");
    return report;
  }
  for (zip::Entry& entry : archive.value().entries) {
    report.facts.files.push_back({entry.name, entry.bytes.size()});
    check.files.emplace(std::move(entry.name), std::move(entry.bytes));
  }
  CheckWrapper(check);
  internal::CheckManifest(check);
  const internal::SignerFacts signer = internal::CheckSignature(check);
  const std::vector<internal::LanguageStrings> strings = internal::CheckStrings(check);
  CheckPassJson(check, signer, strings);
  internal::CheckImages(check);
  return report;
}

std::vector<BundleFinding> CheckUpdate(const Json& before, const Json& after) {
  std::vector<BundleFinding> findings;
  const auto add = [&findings](design::Level level, const std::string& pointer, std::string cause,
                               std::string wallet, std::string cure) {
    findings.push_back(
        {"U01", level, "pass.json", pointer, std::move(cause), std::move(wallet), std::move(cure)});
  };
  for (const char* key : {"passTypeIdentifier", "serialNumber", "authenticationToken"}) {
    const Json* old_value = internal::Find(before, key);
    const Json* new_value = internal::Find(after, key);
    const bool same = old_value == nullptr || new_value == nullptr ? old_value == new_value
                                                                   : *old_value == *new_value;
    if (same) continue;
    add(design::Level::kError, std::string("/") + key,
        std::string(key) + " differs from the installed pass", "the update is refused",
        "keep it for the life of the pass");
  }
  if (internal::StylesOf(before) != internal::StylesOf(after)) {
    add(design::Level::kWarning, "", "the style differs from the installed pass", "",
        "publish another kind as another template");
  }
  if (internal::TextOf(before, "webServiceURL") != internal::TextOf(after, "webServiceURL")) {
    add(design::Level::kWarning, "/webServiceURL",
        "the service URL differs from the installed pass", "phones register anew",
        "keep the old address alive until all passes carry the new one");
  }
  return findings;
}

}  // namespace passmint::apple
