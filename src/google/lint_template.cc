// Rules about template.json itself: hints (G03, G05, G08), reserved keys (G02, G04), what Google
// needs (G01), pictures (G23), member data on the class (G25), what Google lacks (G30).

#include <array>
#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "google/lint_report.h"
#include "google/lint_visit.h"
#include "google/places.h"

namespace passmint::google {
namespace {

using design::Template;

std::string Join(const std::vector<std::string_view>& names) {
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

template <class F>
void ForEachField(const Layout& layout, F visit) {
  for (const design::FieldGroup group : kReadingOrder) {
    const auto& fields = layout.source.Group(group);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      visit(fields[i], layout.places[static_cast<std::size_t>(group)][i], FieldPointer(group, i));
    }
  }
}

void CheckHints(const Layout& layout, LintReport& report) {
  std::map<FieldUse, std::string> taken;
  std::array<std::size_t, kRowsMax + 1> in_row = {};
  ForEachField(layout, [&](const design::Field& field, const Layout::Place& place,
                           const std::string& pointer) {
    const auto use = ParseFieldUse(field.google);
    const std::string at = pointer + "/google";
    if (!field.google.empty() && (!use || !Allows(layout.vertical, *use))) {
      report.Error(
          "G03", {.pointer = at},
          Quoted(field.google) + " is no place on " + std::string(ObjectResource(layout.vertical)),
          "Write one of: " + Join(AllowedNames(layout.vertical)) + ".");
      return;
    }
    const std::size_t row = RowOf(place.use);
    if (row > 0 && ++in_row[row] > kRowItemsMax) {
      report.Error("G08", {.pointer = at}, "row " + std::to_string(row) + " has more than 3 fields",
                   "Give this field another row, or \"google\": \"details\".");
    }
    const bool shared = row > 0 || place.use == FieldUse::kDetails || place.use == FieldUse::kNone;
    if (!shared && !taken.emplace(place.use, pointer).second) {
      report.Error("G03", {.pointer = at},
                   "two fields want to be " + std::string(Name(place.use)) + ", the other is " +
                       taken[place.use],
                   "Give one of them \"google\": \"details\" or \"none\".");
    }
    const bool money = place.use == FieldUse::kBalance || place.use == FieldUse::kFaceValue;
    if (money && field.type != design::FieldType::kCurrency) {
      report.Error("G05", {.pointer = pointer + "/type"},
                   std::string(Name(place.use)) + " has to be an amount of money",
                   "Write \"type\": \"currency\".");
    }
  });
}

void CheckReserved(const Template& source, LintReport& report) {
  constexpr std::array<std::string_view, 8> kReserved = {
      "id",           "classId",  "classReference", "state", "callbackOptions",
      "reviewStatus", "hasUsers", "hasLinkedDevice"};
  const auto check = [&](const Json& patch, const std::string& pointer) {
    for (const std::string_view key : kReserved) {
      if (!patch.is_object() || !patch.contains(key)) continue;
      report.Error(key == "reviewStatus" ? "G04" : "G02", {.pointer = json::Child(pointer, key)},
                   std::string(key) + " is written by Passmint alone", "Remove it.");
    }
  };
  check(source.google_class, "/google/class");
  check(source.google_object, "/google/object");
}

bool UsesField(const Layout& layout, FieldUse use) { return !FieldWithUse(layout, use).empty(); }

// What contract/templates.md demands of a kind and Google's schema does not.
void CheckNeeds(const Layout& layout, LintReport& report) {
  const Template& source = layout.source;
  if (layout.vertical == Vertical::kGiftCard && !UsesField(layout, FieldUse::kBalance) &&
      MemberOf(source.google_object, "balance").is_null()) {
    report.Error("G01", {.pointer = "/fields"}, "the gift card has no balance",
                 "Add a field of \"type\": \"currency\" with \"google\": \"balance\".");
  }
  if (layout.vertical == Vertical::kEventTicket) {
    if (MemberOf(source.event, "venue").is_null()) {
      report.Error("G01", {.pointer = "/event/venue"}, "the ticket has no venue",
                   "Write event.venue with name and address.");
    }
    if (TextOf(source.event, "start").empty()) {
      report.Error("G01", {.pointer = "/event/start"}, "the ticket does not say when it starts",
                   "Write event.start as 2026-11-21T19:00:00+03:00.");
    }
  }
}

// Variables that are the same for all cards of a programme.
bool IsShared(std::string_view variable) { return variable.rfind("programme.", 0) == 0; }

bool HasMemberData(const design::Text& text) {
  for (const auto& version : text.versions()) {
    for (const design::Text::Part& part : version) {
      const bool literal = part.type == design::Text::Part::Type::kLiteral;
      const bool variable = part.type == design::Text::Part::Type::kVariable;
      if (!literal && !(variable && IsShared(part.text))) return true;
    }
  }
  return false;
}

bool StandsOnClass(Vertical vertical, std::string_view pointer) {
  if (pointer.rfind("/google/class", 0) == 0 || pointer.rfind("/app/", 0) == 0) return true;
  if (vertical == Vertical::kOffer) return pointer.rfind("/offer/", 0) == 0;
  if (vertical != Vertical::kEventTicket) return false;
  constexpr std::string_view kOnClass[] = {
      "/event/name", "/event/venue/name", "/event/venue/address", "/event/start",
      "/event/end",  "/event/doors_open", "/event/group",         "/event/fine_print"};
  for (const std::string_view one : kOnClass) {
    if (one == pointer) return true;
  }
  return false;
}

void CheckClassTexts(const Layout& layout, LintReport& report) {
  const Template& source = layout.source;
  const auto warn = [&report](const std::string& pointer) {
    report.Warn("G25", {.pointer = pointer},
                "a text with data of one member, where Google keeps one text for all",
                "Leave the variable out, or show it in a field of its own.");
  };
  if (layout.vertical != Vertical::kGeneric) {
    if (HasMemberData(source.organization)) warn("/organization");
    if (HasMemberData(source.logo_text)) warn("/logo_text");
  }
  for (const design::BlockText& block : source.block_texts) {
    if (StandsOnClass(layout.vertical, block.pointer) && HasMemberData(block.text)) {
      warn(block.pointer);
    }
  }
}

void CheckPicture(const std::optional<ImageSet>& set, bool is_logo, LintReport& report) {
  constexpr unsigned kLogoSide = 660;
  constexpr unsigned kHeroWidth = 1032;
  if (!set) return;
  for (const Image& image : set->variants) {
    const Origin origin{.file = "images/" + set->slot_name + ".png", .pointer = ""};
    const std::string size = std::to_string(image.width) + " x " + std::to_string(image.height);
    if (is_logo && (image.width != image.height || image.width < kLogoSide)) {
      report.Warn("G23", origin, "Google's logo is a circle cut from " + size + " pixels",
                  "Give it images/google-logo.png: square, at least 660 pixels, with a margin of "
                  "15 % on each side.");
    }
    if (!is_logo && (image.width < kHeroWidth || image.width < 3 * image.height)) {
      report.Warn("G23", origin, "Google's hero picture has " + size + " pixels",
                  "Give it images/google-hero.png: 1032 x 336, or wider than three times its "
                  "height.");
    }
  }
}

void Info(LintReport& report, const std::string& pointer, const std::string& what) {
  report.Add("G30", design::Level::kInfo, {.pointer = pointer}, what + " on Apple's card only",
             "Google has nothing like it.");
}

void CheckAppleOnly(const Layout& layout, LintReport& report) {
  const Template& source = layout.source;
  if (!source.colors.foreground.empty()) Info(report, "/colors/foreground", "this colour is seen");
  if (!source.colors.label.empty()) Info(report, "/colors/label", "this colour is seen");
  if (source.barcodes.size() > 1) Info(report, "/barcode", "several barcodes are tried");
  struct Block {
    std::string_view key;
    const Json& block;
    std::string_view what;
  };
  const Block blocks[] = {{"/beacons", source.beacons, "beacons work"},
                          {"/relevant", source.relevant, "relevant dates work"},
                          {"/actions", source.actions, "actions are shown"},
                          {"/personalization", source.personalization, "signing up works"},
                          {"/poster", source.poster, "a poster is shown"},
                          {"/nfc", source.nfc, "nfc works"}};
  for (const Block& block : blocks) {
    if (!block.block.is_null() && !block.block.empty()) {
      Info(report, std::string(block.key), std::string(block.what));
    }
  }
  ForEachField(layout, [&report](const design::Field& field, const Layout::Place&,
                                 const std::string& pointer) {
    if (!field.change.empty()) Info(report, pointer + "/change", "a change shows this text");
    if (field.align != design::Alignment::kNatural)
      Info(report, pointer + "/align", "it is aligned");
    if (field.relative) Info(report, pointer + "/relative", "dates are relative");
  });
}

}  // namespace

void LintTemplate(const Layout& layout, LintReport& report) {
  CheckReserved(layout.source, report);
  CheckHints(layout, report);
  CheckNeeds(layout, report);
  CheckClassTexts(layout, report);
  CheckPicture(layout.logo, true, report);
  CheckPicture(layout.hero, false, report);
  CheckAppleOnly(layout, report);
}

}  // namespace passmint::google
