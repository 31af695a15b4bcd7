#include "design/internal/rules.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "image/color.h"

namespace passmint::design::internal {
namespace {

// WCAG's bound for large text; the reference's for all of a pass (6.2, P06).
constexpr double kContrastMin = 3.0;

constexpr std::array<FieldGroup, kFieldGroups> kGroups = {
    FieldGroup::kHeader, FieldGroup::kPrimary,    FieldGroup::kSecondary, FieldGroup::kAuxiliary,
    FieldGroup::kBack,   FieldGroup::kAdditional, FieldGroup::kFooter};

template <class Predicate>
bool AnyField(const Template& source, Predicate holds) {
  return std::any_of(source.fields.begin(), source.fields.end(), [&](const auto& group) {
    return std::any_of(group.begin(), group.end(), holds);
  });
}

bool HasBlockText(const Template& source, std::string_view pointer) {
  return std::any_of(source.block_texts.begin(), source.block_texts.end(),
                     [&](const BlockText& text) { return text.pointer == pointer; });
}

void NeedBlockTexts(const Template& source, std::initializer_list<std::string_view> pointers,
                    std::string_view example, Report& report) {
  for (const std::string_view pointer : pointers) {
    if (HasBlockText(source, pointer)) continue;
    const std::string_view key = pointer.substr(pointer.rfind('/') + 1);
    report.Error("T17", {std::string(pointer)},
                 "a " + std::string(Name(source.kind)) + " needs its " + std::string(key),
                 "Add " + std::string(example) + ".");
  }
}

void CheckForeignBlock(const Json& block, std::string_view key, Kind wanted, Kind kind,
                       Report& report) {
  if (block.is_null() || kind == wanted) return;
  report.Error("T17", {"/" + std::string(key)},
               "only a " + std::string(Name(wanted)) + " has \"" + std::string(key) +
                   "\", this is " + std::string(Name(kind)),
               "Remove it, or change \"kind\" before the first publish.");
}

// Something to reach people by: an address, a number, a link.
bool LooksLikeContact(const std::string& text) {
  const auto digits =
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::size_t at = text.find('@');
  return digits >= 6 || (at != std::string::npos && at > 0) ||
         text.find("://") != std::string::npos || text.find("www.") != std::string::npos;
}

}  // namespace

void CheckKind(const Template& source, bool has_logo, Report& report) {
  CheckForeignBlock(source.offer, "offer", Kind::kCoupon, source.kind, report);
  CheckForeignBlock(source.event, "event", Kind::kTicket, source.kind, report);
  CheckForeignBlock(source.boarding, "boarding", Kind::kBoarding, source.kind, report);
  switch (source.kind) {
    case Kind::kLoyalty:
      if (has_logo) break;
      report.Error("T17", {"", "images/logo.png"}, "a loyalty card needs a logo",
                   "Add images/logo@3x.png, at most 480 x 150 pixels.");
      break;
    case Kind::kMembership:
      if (!source.Group(FieldGroup::kPrimary).empty() ||
          AnyField(source, [](const Field& field) { return field.google == "header"; }))
        break;
      report.Error("T17", {"/fields/primary"}, "a membership card needs a header",
                   "Add a primary field, or \"google\": \"header\" to another.");
      break;
    case Kind::kCoupon:
      NeedBlockTexts(source, {"/offer/provider", "/offer/title"},
                     "\"offer\": {\"provider\": \"Bean & Leaf\", \"title\": \"@title\", "
                     "\"redemption_channel\": \"instore\"}",
                     report);
      if (source.offer.is_object() && !source.offer.contains("redemption_channel")) {
        report.Error("T17", {"/offer/redemption_channel"}, "a coupon needs its redemption_channel",
                     "Write instore, online, both or temporary_price_reduction.");
      }
      break;
    case Kind::kGift:
      if (AnyField(source, [](const Field& field) { return field.type == FieldType::kCurrency; }))
        break;
      report.Error("T17", {"/fields"}, "a gift card shows no balance in money",
                   "Add {\"key\": \"balance\", \"value\": \"{{points.value}}\", \"type\": "
                   "\"currency\"}.");
      break;
    case Kind::kTicket:
      NeedBlockTexts(source, {"/event/name", "/event/venue/name", "/event/start"},
                     "\"event\": {\"name\": \"@event\", \"venue\": {\"name\": \"@venue\"}, "
                     "\"start\": \"2026-12-31T19:00:00+03:00\"}",
                     report);
      break;
    case Kind::kBoarding:
      if (source.boarding.is_object() && source.boarding.contains("transit")) break;
      report.Error("T17", {"/boarding/transit"}, "a boarding pass needs its transit",
                   "Add \"boarding\": {\"transit\": \"train\"}: air, boat, bus, generic or train.");
      break;
  }
}

void CheckContrast(const Colors& colors, Report& report) {
  const auto background = image::ParseColor(colors.background);
  if (!background.ok()) return;
  const auto check = [&](const std::string& text, std::string_view key) {
    const auto color = image::ParseColor(text);
    if (!color.ok()) return;
    const double contrast = image::ContrastRatio(color.value(), background.value());
    if (contrast >= kContrastMin) return;
    std::array<char, 16> ratio{};
    (void)std::snprintf(ratio.data(), ratio.size(), "%.1f", contrast);
    report.Warn("P06", {"/colors/" + std::string(key)},
                text + " on " + colors.background + " has a contrast of " + ratio.data() + ":1",
                "Take colours further apart: at least 3:1.");
  };
  check(colors.foreground, "foreground");
  check(colors.label, "label");
}

void CheckContact(const Template& source, Report& report) {
  const auto& back = source.Group(FieldGroup::kBack);
  const bool found = std::any_of(back.begin(), back.end(), [](const Field& field) {
    if (!field.href.empty()) return true;
    for (std::size_t i = 0; i < field.value.versions().size(); ++i) {
      if (LooksLikeContact(field.value.Literal(i))) return true;
    }
    return false;
  });
  // Links become fields on the back, too.
  if (found || !source.links.empty()) return;
  report.Warn("P26", {"/fields/back"}, "nothing on the back says how to reach the issuer",
              "Add a back field with a phone number, an address or a link: Apple asks for it.");
}

void CheckSamples(const Renderer& renderer, const ProgrammeFacts& programme, Report& report) {
  const Template& source = renderer.source();
  std::array<std::vector<bool>, kFieldGroups> seen;
  for (std::size_t group = 0; group < kFieldGroups; ++group)
    seen[group].resize(source.fields[group].size());
  for (std::size_t i = 0; i < kSamples; ++i) {
    const auto sample = static_cast<Sample>(i);
    const RenderedCard card =
        renderer.Render(SampleValues(sample, programme.currency), CardState::kActive);
    for (std::size_t group = 0; group < kFieldGroups; ++group) {
      for (const RenderedField& field : card.fields[group]) seen[group][field.definition] = true;
    }
    const std::string member = "the sample member \"" + std::string(Name(sample)) + "\"";
    if (card.description.empty()) {
      report.Error("T21", {"/description"}, "it is empty for " + member,
                   "Add words that do not depend on the member.");
    }
    if (card.organization.empty()) {
      report.Error("T21", {"/organization"}, "it is empty for " + member,
                   "Add words that do not depend on the member.");
    }
    if (!source.barcodes.empty() && card.barcodes.empty()) {
      report.Warn("T21", {"/barcode"}, "there is no code on the card of " + member,
                  "Use {{card.number}}, which every card has.");
    }
  }
  for (const FieldGroup group : kGroups) {
    const std::vector<Field>& fields = source.Group(group);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      // What attributes hold is the shop's to know.
      const bool attributes = fields[i].value.source().find("attributes.") != std::string::npos ||
                              fields[i].value.localised();
      if (seen[static_cast<std::size_t>(group)][i] || attributes) continue;
      report.Warn("T21", {"/fields/" + std::string(Name(group)) + "/" + std::to_string(i)},
                  "no sample member has a value for the field " + Quote(fields[i].key),
                  "Check its value: a field without one is left out.");
    }
  }
}

}  // namespace passmint::design::internal
