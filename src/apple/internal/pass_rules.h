#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "design/finding.h"
#include "json/json.h"

namespace passmint::apple::internal {

// The rules of the Apple reference 6.2 that one pass.json can break; shared by lint and verify.

struct RuleFinding {
  std::string id;
  design::Level level = design::Level::kError;
  std::string pointer;  // Into pass.json.
  std::string cause;
  std::string cure;
};

// The translations of one .lproj folder.
struct LanguageStrings {
  std::string language;
  std::map<std::string, std::string> texts;
};

// A pass.json and what around it decides whether it is right.
struct PassFile {
  const Json& json;
  const std::vector<LanguageStrings>& strings;
  const std::set<std::string>& images;  // "icon", "artwork": slots with a picture.
  // Of the certificate; "" if it is not known.
  std::string pass_type;
  std::string team;
  std::optional<bool> nfc_certificate;
  std::optional<Timestamp> now;  // Nothing: nothing is in the past.
};

// All findings, in the order of the rules' files. Total: whatever the JSON, it answers, in time
// linear in its size.
std::vector<RuleFinding> CheckPass(const PassFile& pass);

// What the rules' files share.
class RuleReport {
 public:
  explicit RuleReport(const PassFile& pass) : pass_(pass) {}

  const PassFile& file() const { return pass_; }
  const Json& json() const { return pass_.json; }

  void Error(std::string_view id, std::string pointer, std::string cause, std::string cure);
  void Warn(std::string_view id, std::string pointer, std::string cause, std::string cure);

  std::vector<RuleFinding> Take() && { return std::move(findings_); }

 private:
  const PassFile& pass_;
  std::vector<RuleFinding> findings_;
};

void CheckTypes(RuleReport& report);     // P05, P06, P07, P09, P28: rules_types.cc
void CheckIdentity(RuleReport& report);  // P01, P02, P03, P15, P27, P29: rules_identity.cc
void CheckFields(RuleReport& report);    // P08 to P13: rules_fields.cc
void CheckCodes(RuleReport& report);     // P14, P18: rules_codes.cc
void CheckContext(RuleReport& report);   // P16, P17: rules_context.cc
void CheckLayouts(RuleReport& report);   // P19 to P22: rules_layouts.cc

// The member, or null if `object` is no object, has none, or it is null.
const Json* Find(const Json& object, std::string_view key);

// Its text, or "" if there is none.
std::string TextOf(const Json& object, std::string_view key);

// The five styles that phones before iOS 27 know, and those of them that the pass has.
bool IsClassicStyle(std::string_view key);
std::vector<std::string> StylesOf(const Json& pass);  // posterGeneric included.

// Whether preferredStyleSchemes lists `scheme`.
bool HasScheme(const Json& pass, std::string_view scheme);

// A date-time as Wallet takes it (Apple reference 2.1): seconds are optional, the zone is not.
std::optional<Timestamp> ParseWalletDate(std::string_view text);

// `value` as it reads in the message: cut at 60 characters.
std::string Shown(const Json& value);

}  // namespace passmint::apple::internal
