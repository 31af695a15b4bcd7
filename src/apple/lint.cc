#include "apple/lint.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "apple/internal/pass_rules.h"
#include "apple/internal/personalization.h"
#include "apple/internal/pointers.h"
#include "apple/pass_json.h"
#include "apple/strings.h"
#include "base/secret.h"
#include "design/blocks.h"

namespace passmint::apple {
namespace {

using design::CardState;
using design::FieldGroup;
using design::Findings;
using design::Level;
using design::RenderedCard;
using design::Sample;
using design::Template;
using internal::LanguageStrings;
using internal::RuleFinding;

constexpr std::array<Sample, 6> kSamples = {Sample::kTypical, Sample::kEmpty,   Sample::kLongest,
                                            Sample::kZero,    Sample::kMillion, Sample::kVip};

// A pass.json of ours never comes near this.
constexpr std::size_t kPassJsonBytesMax = 4 * 1024 * 1024;

// Warnings that design::Compile gives for what the template itself says. Errors never stand in
// both, since a template with one does not compile.
bool IsOfDesign(const RuleFinding& finding, const internal::SourcePlace& place,
                const PassEnvironment& environment) {
  if (finding.level == Level::kError || place.pointer.starts_with("/apple")) return false;
  if (finding.id == "P11") return environment.web_service_url.has_value();
  static constexpr std::string_view kIds[] = {"P06", "P10", "P16", "P23",
                                              "P24", "P26", "P30", "P31"};
  return std::find(std::begin(kIds), std::end(kIds), finding.id) != std::end(kIds);
}

class Linter {
 public:
  Linter(const design::Design& design, const PassEnvironment& environment, Timestamp now)
      : design_(design), source_(design.source()), environment_(environment), now_(now) {
    for (const design::ImageSlot& slot : design.slots()) images_.insert(slot.name);
  }

  Findings Run() && {
    CheckReserved();
    CheckPlaces();
    CheckPersonalization();
    CheckSamples();
    return std::move(findings_);
  }

 private:
  void Add(std::string_view id, Level level, internal::SourcePlace place, std::string cause,
           std::string cure) {
    if (!seen_.emplace(id, level, place.file, place.pointer).second) return;
    findings_.push_back({std::string(id), level, std::move(place.file), std::move(place.pointer),
                         std::move(cause), std::move(cure)});
  }

  void Add(std::string_view id, Level level, std::string pointer, std::string cause,
           std::string cure) {
    Add(id, level, internal::SourcePlace{"template.json", std::move(pointer)}, std::move(cause),
        std::move(cure));
  }

  // What is ours to say, also where the native patch tries (contract/templates.md, "Reserved").
  void CheckReserved() {
    for (const char* key : {"serialNumber", "authenticationToken", "webServiceURL",
                            "passTypeIdentifier", "teamIdentifier", "formatVersion"}) {
      if (!source_.apple.is_object() || !source_.apple.contains(key)) continue;
      Add("P03", Level::kError, json::Child("/apple", key),
          std::string(key) + " is reserved: the service sets it", "remove it");
    }
    if (source_.apple.is_object() && source_.apple.contains("voided")) {
      Add("P29", Level::kError, "/apple/voided",
          "voided is reserved: the state of each card decides", "remove it");
    }
  }

  void CheckPlaces() {
    if (!source_.Group(FieldGroup::kAdditional).empty() && source_.kind != design::Kind::kTicket) {
      Add("P20", Level::kWarning, "/fields/additional",
          "additional fields are shown below event tickets only", "move them to the back");
    }
    const bool poster = !source_.poster.is_null() && source_.kind != design::Kind::kTicket &&
                        source_.kind != design::Kind::kBoarding;
    if (!source_.Group(FieldGroup::kFooter).empty() && !poster) {
      Add("P20", Level::kWarning, "/fields/footer", "footer fields are shown by posterGeneric only",
          "add \"poster\": {}, or move them to the back");
    }
    if (!source_.poster.is_null() && source_.kind == design::Kind::kBoarding) {
      Add("P19", Level::kWarning, "/poster", "boarding passes have no poster style",
          "remove it, or set boarding.semantic");
    }
  }

  void CheckPersonalization() {
    if (!internal::HasPersonalization(source_)) return;
    const auto need = [this](bool holds, std::string cause, std::string cure) {
      if (!holds) {
        Add("P25", Level::kError, "/personalization", std::move(cause), std::move(cure));
      }
    };
    need(images_.contains("personalizationLogo"), "the sign-up form has no personalizationLogo",
         "add images/personalizationLogo@3x.png, at most 450 x 120");
    need(source_.nfc.is_object() || (source_.apple.is_object() && source_.apple.contains("nfc")),
         "the sign-up form needs nfc", "add \"nfc\"");
    need(environment_.web_service_url.has_value(), "the sign-up form needs the web service",
         "set server.public_url");
    const Json fields = source_.personalization.value("fields", Json::array());
    const auto asks = [&fields](const char* field) {
      return std::find(fields.begin(), fields.end(), Json(field)) != fields.end();
    };
    if (asks("phone") || asks("email")) return;
    Add("P25", Level::kError, "/personalization/fields",
        "the sign-up form asks for neither phone nor e-mail: nobody could sign up",
        "add \"phone\", \"email\" or both");
  }

  // The form comes with cards that are nobody's, and like them this sample has no member.
  void CheckForm(const PassWriter& writer) {
    const bool possible = internal::HasPersonalization(source_) &&
                          images_.contains(std::string(internal::kPersonalizationLogo)) &&
                          environment_.web_service_url.has_value();
    if (!possible) return;
    const Secret token(std::string(32, 'a'));
    const RenderedCard card = design_.Render(
        design::SampleValues(Sample::kEmpty, design_.programme().currency), CardState::kActive);
    const PassTexts texts = writer.Write(
        card,
        {.serial = SerialNumber("sample"), .authentication_token = &token, .unassigned = true});
    if (!texts.personalization.empty()) return;
    const auto* description = design::FindBlockText(source_, card, "/personalization/description");
    if (description == nullptr || description->empty()) {
      Add("P25", Level::kError, "/personalization/description",
          "the description is empty on a card without a member, so the sign-up form never shows",
          "say what signing up gives, without the member's data");
      return;
    }
    Add("P25", Level::kError, "/personalization",
        "a card without a member has no nfc, so the sign-up form never shows",
        "let nfc.message be something that such a card has: \"{{card.number}}\"");
  }

  void CheckSamples() {
    // The certificate's NFC is rule P18's to judge, not a reason to see no pass.
    PassEnvironment permissive = environment_;
    permissive.supports_nfc = true;
    const auto writer = PassWriter::Make(design_, permissive);
    if (!writer.ok()) {
      Add("P07", Level::kError, "", writer.error().message, writer.error().hint);
      return;
    }
    for (const Sample sample : kSamples) {
      const design::Values values = design::SampleValues(sample, design_.programme().currency);
      CheckCard(writer.value(), design_.Render(values, CardState::kActive));
    }
    CheckForm(writer.value());
  }

  void CheckCard(const PassWriter& writer, const RenderedCard& card) {
    const Secret token(std::string(32, 'a'));
    const PassTexts texts =
        writer.Write(card, {.serial = SerialNumber("sample"), .authentication_token = &token});
    const auto pass = json::Parse(texts.pass_json, kPassJsonBytesMax);
    if (!pass.ok()) {
      Add("P07", Level::kError, "", "the pass.json cannot be read: " + pass.error().message,
          "shorten the template");
      return;
    }
    const std::vector<LanguageStrings> strings =
        Read(texts.strings.empty() ? writer.fixed_strings() : texts.strings);
    const internal::PassFile file{.json = pass.value(),
                                  .strings = strings,
                                  .images = images_,
                                  .pass_type = environment_.pass_type.str(),
                                  .team = environment_.team.str(),
                                  .nfc_certificate = environment_.supports_nfc,
                                  .now = now_};
    for (RuleFinding& finding : internal::CheckPass(file)) Take(card, std::move(finding));
  }

  void Take(const RenderedCard& card, RuleFinding finding) {
    internal::SourcePlace place = internal::FindSource(source_, card, finding.pointer);
    if (IsOfDesign(finding, place, environment_)) return;
    // A date that comes with the card is not the template's fault, nor is a sample's.
    if (finding.id == "P29" && place.pointer == "/expires" && source_.expires.HasVariables()) {
      return;
    }
    Add(finding.id, finding.level, std::move(place), std::move(finding.cause),
        std::move(finding.cure));
  }

  std::vector<LanguageStrings> Read(const std::vector<std::string>& encoded) const {
    std::vector<LanguageStrings> strings;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      auto texts = ParseStrings(encoded[i]);
      if (texts.ok()) strings.push_back({source_.languages[i], std::move(texts).value()});
    }
    return strings;
  }

  const design::Design& design_;
  const Template& source_;
  const PassEnvironment& environment_;
  Timestamp now_;
  std::set<std::string> images_;
  Findings findings_;
  std::set<std::tuple<std::string, Level, std::string, std::string>> seen_;
};

}  // namespace

Findings Lint(const design::Design& design, const PassEnvironment& environment, Timestamp now) {
  return Linter(design, environment, now).Run();
}

}  // namespace passmint::apple
