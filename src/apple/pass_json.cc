#include "apple/pass_json.h"

#include <algorithm>
#include <array>
#include <utility>

#include "apple/internal/blocks.h"
#include "apple/internal/card_writer.h"
#include "apple/internal/personalization.h"
#include "apple/internal/skeleton.h"
#include "apple/internal/texts.h"
#include "image/color.h"
#include "json/json.h"

namespace passmint::apple {
namespace {

using design::FieldGroup;
using design::Kind;
using internal::SlotKind;

void PutColor(const char* member, const std::string& color, Json& pass) {
  if (color.empty()) return;
  const auto parsed = image::ParseColor(color);
  pass[member] = parsed.ok() ? image::ToCssRgb(parsed.value()) : color;
}

// What no template may say, whatever its native patch says (contract/templates.md, "Reserved").
void RemoveReserved(Json& patch) {
  for (const char* key : {"serialNumber", "authenticationToken", "webServiceURL",
                          "passTypeIdentifier", "teamIdentifier", "formatVersion"}) {
    patch.erase(key);
  }
}

}  // namespace

std::string_view ClassicStyle(Kind kind) {
  switch (kind) {
    case Kind::kLoyalty:
    case Kind::kGift:
      return "storeCard";
    case Kind::kMembership:
      return "generic";
    case Kind::kCoupon:
      return "coupon";
    case Kind::kTicket:
      return "eventTicket";
    case Kind::kBoarding:
      return "boardingPass";
  }
  return "generic";  // Not reached: -Wswitch makes a missing case an error.
}

std::string_view GroupName(FieldGroup group) {
  static constexpr std::array<std::string_view, design::kFieldGroups> kNames = {
      "headerFields", "primaryFields",        "secondaryFields", "auxiliaryFields",
      "backFields",   "additionalInfoFields", "footerFields"};
  return kNames[static_cast<std::size_t>(group)];
}

struct PassWriter::Rep {
  Rep(const design::Template& its_source, const PassEnvironment& its_environment)
      : source(its_source),
        environment(its_environment),
        strings(source.languages.size()),
        writer(source, environment, strings) {}

  // pass.json with slots, without the native patch.
  Json Skeleton(const internal::BlockTexts& texts) const;

  // The text of the members that a card decides and a patch may reach into.
  Json SlotAsJson(SlotKind kind, const internal::CardInput& input) const;
  Json SkeletonOf(const internal::CardInput& input) const;
  std::string Personalization(const std::string& pass_json, const internal::CardInput& input) const;
  std::string Run(const internal::Program& steps, const internal::CardInput& input) const;

  design::Template source;
  PassEnvironment environment;
  internal::FixedStrings strings;
  internal::CardWriter writer;
  std::vector<std::string> fixed_strings;
  internal::Program program;
  // Either a text of a block or a member that the native patch reaches into differs from card to
  // card: the skeleton is then made for each card, which costs some 50 us.
  bool per_card = false;
  bool has_personalization = false;  // And its picture.
};

namespace {

// Members whose value is an object that a card decides.
constexpr struct {
  const char* member;
  SlotKind kind;
} kObjectSlots[] = {
    {"barcode", SlotKind::kBarcode}, {"nfc", SlotKind::kNfc}, {"semantics", SlotKind::kSemantics}};

bool ReachesIntoASlot(const Json& skeleton, const Json& patch) {
  for (const auto& slot : kObjectSlots) {
    const auto here = skeleton.find(slot.member);
    const auto there = patch.find(slot.member);
    if (here != skeleton.end() && here->is_binary() && there != patch.end() && there->is_object()) {
      return true;
    }
  }
  return false;
}

bool HasSlot(const design::Design& design, std::string_view name) {
  return std::any_of(design.slots().begin(), design.slots().end(),
                     [name](const design::ImageSlot& slot) { return slot.name == name; });
}

// A text of the template: itself if no card changes it, else a slot.
void AddText(const char* member, const design::Text& text, SlotKind kind,
             internal::StringsSink& strings, Json& pass) {
  const auto fixed = internal::FixedText(text);
  if (fixed.has_value() && !fixed->empty()) {
    pass[member] = strings.Put(*fixed);
  } else {
    pass[member] = internal::SlotValue({kind, FieldGroup::kHeader});
  }
}

Json PatchOf(const internal::BlockTexts& texts) {
  Json patch = internal::FillPatch(texts);
  if (!patch.is_object()) return Json::object();
  RemoveReserved(patch);
  return patch;
}

}  // namespace

Json PassWriter::Rep::Skeleton(const internal::BlockTexts& texts) const {
  Json pass = Json::object();
  pass["formatVersion"] = 1;
  pass["passTypeIdentifier"] = environment.pass_type.str();
  pass["teamIdentifier"] = environment.team.str();
  AddText("organizationName", source.organization, SlotKind::kOrganizationName, texts.strings,
          pass);
  AddText("description", source.description, SlotKind::kDescription, texts.strings, pass);
  // On poster event tickets it has no place (Apple reference 2.7), on classic ones it has.
  if (!source.logo_text.empty()) {
    AddText("logoText", source.logo_text, SlotKind::kLogoText, texts.strings, pass);
  }
  PutColor("backgroundColor", source.colors.background, pass);
  PutColor("foregroundColor", source.colors.foreground, pass);
  PutColor("labelColor", source.colors.label, pass);
  if (!source.sharing) pass["sharingProhibited"] = true;
  pass[std::string(ClassicStyle(source.kind))] = Json::object();
  internal::AddBlocks(texts, pass);
  writer.AddSlots(texts, pass);
  return pass;
}

Json PassWriter::Rep::SlotAsJson(SlotKind kind, const internal::CardInput& input) const {
  std::string text = "{";
  writer.Append({kind, FieldGroup::kHeader}, "\"value\":", input, text);
  text += '}';
  Result<Json> object = json::Parse(text, text.size());
  return object.ok() ? object.value().value("value", Json()) : Json();
}

Json PassWriter::Rep::SkeletonOf(const internal::CardInput& input) const {
  const internal::BlockTexts texts{source, input.card, input.strings};
  Json pass = Skeleton(texts);
  const Json patch = PatchOf(texts);
  for (const auto& slot : kObjectSlots) {
    if (!patch.contains(slot.member) || !pass.contains(slot.member)) continue;
    if (!pass[slot.member].is_binary()) continue;
    pass[slot.member] = SlotAsJson(slot.kind, input);
    if (pass[slot.member].is_null()) pass.erase(slot.member);
  }
  json::MergePatch(pass, patch);
  return pass;
}

std::string PassWriter::Rep::Run(const internal::Program& steps,
                                 const internal::CardInput& input) const {
  std::string text;
  text.reserve(4096);
  for (const internal::Program::Step& step : steps.steps) {
    text += step.text;
    writer.Append(step.slot, step.member, input, text);
  }
  text += steps.rest;
  return text;
}

// The finished pass.json decides, since a native patch may add nfc or take it away. Reading it
// again costs some 50 us, on the passes of printed stock alone.
std::string PassWriter::Rep::Personalization(const std::string& pass_json,
                                             const internal::CardInput& input) const {
  const bool wanted = has_personalization && input.identity.unassigned &&
                      input.card.state == design::CardState::kActive;
  if (!wanted) return "";
  const Result<Json> pass = json::Parse(pass_json, pass_json.size());
  if (!pass.ok() || !internal::AllowsPersonalization(pass.value())) return "";
  return internal::WritePersonalization({source, input.card, input.strings});
}

Result<PassWriter> PassWriter::Make(const design::Design& design,
                                    const PassEnvironment& environment) {
  auto rep = std::make_unique<Rep>(design.source(), environment);
  const design::RenderedCard card = internal::FixedBlockTexts(rep->source);
  const internal::BlockTexts texts{rep->source, card, rep->strings};
  Json skeleton = rep->Skeleton(texts);
  const Json patch = PatchOf(texts);
  rep->per_card = internal::HasVariableBlocks(rep->source) || ReachesIntoASlot(skeleton, patch);
  json::MergePatch(skeleton, patch);
  if (skeleton.contains("nfc") && !environment.supports_nfc) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "the template has nfc, and the certificate of " +
                            environment.pass_type.str() + " is not one with NFC",
                 .reason = "nfc_certificate_needed",
                 .hint =
                     "remove \"nfc\" from template.json, or ask Apple for a \"Pass Type ID "
                     "with NFC\" certificate"};
  }
  rep->program = internal::Compile(skeleton);
  rep->has_personalization =
      internal::HasPersonalization(rep->source) && HasSlot(design, internal::kPersonalizationLogo);
  rep->fixed_strings = rep->strings.Encode();
  return PassWriter(std::move(rep));
}

PassWriter::PassWriter(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}
PassWriter::PassWriter(PassWriter&&) noexcept = default;
PassWriter& PassWriter::operator=(PassWriter&&) noexcept = default;
PassWriter::~PassWriter() = default;

PassTexts PassWriter::Write(const design::RenderedCard& card, const PassIdentity& identity) const {
  internal::CardStrings strings(rep_->strings, rep_->fixed_strings);
  const internal::CardInput input{card, identity, strings};
  PassTexts texts;
  if (rep_->per_card) {
    texts.pass_json = rep_->Run(internal::Compile(rep_->SkeletonOf(input)), input);
  } else {
    texts.pass_json = rep_->Run(rep_->program, input);
  }
  texts.personalization = rep_->Personalization(texts.pass_json, input);
  texts.strings = strings.Encode();
  return texts;
}

const std::vector<std::string>& PassWriter::fixed_strings() const { return rep_->fixed_strings; }

}  // namespace passmint::apple
