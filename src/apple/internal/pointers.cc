#include "apple/internal/pointers.h"

#include <charconv>
#include <iterator>

#include "apple/internal/blocks.h"
#include "apple/internal/pass_rules.h"
#include "apple/pass_json.h"

namespace passmint::apple::internal {
namespace {

using design::FieldGroup;
using design::Kind;
using design::RenderedCard;
using design::Template;

using Tokens = std::vector<std::string>;

struct Rename {
  std::string_view from;  // Of pass.json.
  std::string_view to;    // Of template.json.
};

constexpr Rename kTop[] = {{"organizationName", "/organization"},
                           {"description", "/description"},
                           {"logoText", "/logo_text"},
                           {"backgroundColor", "/colors/background"},
                           {"foregroundColor", "/colors/foreground"},
                           {"labelColor", "/colors/label"},
                           {"expirationDate", "/expires"},
                           {"sharingProhibited", "/sharing"},
                           {"associatedStoreIdentifiers", "/app/store_ids"},
                           {"appLaunchURL", "/app/launch_url"},
                           {"auxiliaryStoreIdentifiers", "/app/auxiliary_store_ids"},
                           {"eventLogoText", "/poster/logo_text"},
                           {"footerBackgroundColor", "/poster/footer_background"},
                           {"useAutomaticColors", "/poster/automatic_colors"},
                           {"suppressHeaderDarkening", "/poster/suppress_header_darkening"},
                           {"posterGeneric", "/poster"}};
constexpr Rename kFieldMembers[] = {{"currencyCode", "currency"}, {"numberStyle", "type"},
                                    {"dateStyle", "date_style"},  {"timeStyle", "time_style"},
                                    {"isRelative", "relative"},   {"ignoresTimeZone", "type"},
                                    {"textAlignment", "align"},   {"changeMessage", "change"},
                                    {"attributedValue", "href"},  {"dataDetectorTypes", "detect"}};
constexpr Rename kBarcodeMembers[] = {{"altText", "text"}, {"messageEncoding", "message"}};
constexpr Rename kLocationMembers[] = {{"relevantText", "text"}};
constexpr Rename kBeaconMembers[] = {{"relevantText", "text"}, {"proximityUUID", "uuid"}};
constexpr Rename kRelevantMembers[] = {
    {"startDate", "start"}, {"endDate", "end"}, {"relevantDate", "date"}};
constexpr Rename kNfcMembers[] = {{"encryptionPublicKey", "public_key"},
                                  {"requiresAuthentication", "requires_authentication"}};
constexpr Rename kActionMembers[] = {{"identifier", "id"}, {"placeIdentifier", "place"}};
constexpr Rename kEventTags[] = {{"eventName", "name"},
                                 {"eventType", "type"},
                                 {"eventStartDate", "start"},
                                 {"eventEndDate", "end"},
                                 {"venueDoorsOpenDate", "doors_open"},
                                 {"venueName", "venue/name"},
                                 {"venueRegionName", "venue/region"},
                                 {"venueRoom", "venue/room"},
                                 {"venueLocation", "venue"},
                                 {"performerNames", "performers"},
                                 {"homeTeamAbbreviation", "home_team"},
                                 {"awayTeamAbbreviation", "away_team"},
                                 {"seats", "seat"}};

std::string RenamedOr(std::string_view name, const Rename* begin, const Rename* end) {
  for (const Rename* rename = begin; rename != end; ++rename) {
    if (rename->from == name) return std::string(rename->to);
  }
  return std::string(name);
}

template <std::size_t N>
std::string RenamedOr(std::string_view name, const Rename (&renames)[N]) {
  return RenamedOr(name, std::begin(renames), std::end(renames));
}

Tokens Split(std::string_view pointer) {
  Tokens tokens;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const std::string_view raw = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(raw.size());
    std::string& token = tokens.emplace_back();
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const bool escaped = raw[i] == '~' && i + 1 < raw.size();
      if (escaped) ++i;
      token += !escaped ? raw[i] : raw[i] == '1' ? '/' : '~';
    }
  }
  return tokens;
}

std::string Join(std::string pointer, const Tokens& tokens, std::size_t from) {
  for (std::size_t i = from; i < tokens.size(); ++i) pointer = json::Child(pointer, tokens[i]);
  return pointer;
}

std::size_t Index(const std::string& token) {
  std::size_t index = static_cast<std::size_t>(-1);
  (void)std::from_chars(token.data(), token.data() + token.size(), index);
  return index;
}

// RFC 7396: objects merge, everything else replaces the whole value.
bool IsPatched(const Json& patch, const Tokens& tokens) {
  const Json* node = &patch;
  for (const std::string& token : tokens) {
    if (!node->is_object()) return true;
    const auto found = node->find(token);
    if (found == node->end()) return false;
    node = &*found;
  }
  return !tokens.empty();
}

class Finder {
 public:
  Finder(const Template& source, const RenderedCard& card, Tokens tokens)
      : source_(source), card_(card), tokens_(std::move(tokens)) {}

  SourcePlace Run() const {
    if (tokens_.empty()) return {"template.json", ""};
    if (source_.apple.is_object() && IsPatched(source_.apple, tokens_)) {
      return {"template.json", Join("/apple", tokens_, 0)};
    }
    const std::string& top = tokens_[0];
    if (top == "webServiceURL" || top == "authenticationToken" || top == "passTypeIdentifier" ||
        top == "teamIdentifier" || top == "serialNumber") {
      return {"passmint.toml", ""};
    }
    return {"template.json", InTemplate()};
  }

 private:
  std::string InTemplate() const {
    const std::string& top = tokens_[0];
    if (IsClassicStyle(top) || top == "posterGeneric") return InStyle();
    if (top == "barcodes" || top == "barcode") return InBarcodes();
    if (top == "locations") return InList("/locations", kLocationMembers);
    if (top == "beacons") return InList("/beacons", kBeaconMembers);
    if (top == "featuredActions") return InList("/actions", kActionMembers);
    if (top == "relevantDate" || top == "relevantDates") return InRelevance();
    if (top == "nfc")
      return tokens_.size() < 2 ? "/nfc" : "/nfc/" + RenamedOr(tokens_[1], kNfcMembers);
    if (top == "semantics") return InSemantics();
    if (top == "preferredStyleSchemes") {
      return source_.kind == Kind::kBoarding ? "/boarding/semantic" : "/poster";
    }
    if (top == "groupingIdentifier") {
      return source_.kind == Kind::kBoarding ? "/boarding/group" : "/event/group";
    }
    const std::string renamed = RenamedOr(top, kTop);
    // Nobody but the patch says anything else.
    return renamed == top ? Join("/apple", tokens_, 0) : renamed;
  }

  template <std::size_t N>
  std::string InList(const std::string& list, const Rename (&members)[N]) const {
    std::string pointer = list;
    if (tokens_.size() > 1) pointer = json::Child(pointer, tokens_[1]);
    if (tokens_.size() > 2) pointer = json::Child(pointer, RenamedOr(tokens_[2], members));
    return pointer;
  }

  std::string InBarcodes() const {
    const bool is_list = tokens_[0] == "barcodes";
    const std::size_t index = is_list && tokens_.size() > 1 ? Index(tokens_[1]) : 0;
    const std::size_t member = is_list ? 2 : 1;
    if (index >= card_.barcodes.size() || (is_list && tokens_.size() < 2)) return "/barcode";
    std::string pointer = json::Child("/barcode", card_.barcodes[index].definition);
    if (tokens_.size() > member) pointer += '/' + RenamedOr(tokens_[member], kBarcodeMembers);
    return pointer;
  }

  std::string InRelevance() const {
    const bool has_own = source_.relevant.is_array() && !source_.relevant.empty();
    if (!has_own) return source_.kind == Kind::kTicket ? "/event/start" : "/relevant";
    return tokens_[0] == "relevantDate" ? "/relevant/0" : InList("/relevant", kRelevantMembers);
  }

  std::string InSemantics() const {
    if (source_.kind == Kind::kGift) return "/fields";
    if (source_.kind != Kind::kTicket) return Join("/apple", tokens_, 0);
    if (tokens_.size() < 2) return "/event";
    const std::string renamed = RenamedOr(tokens_[1], kEventTags);
    return renamed == tokens_[1] ? Join("/apple", tokens_, 0) : "/event/" + renamed;
  }

  std::string InStyle() const {
    const bool is_poster = tokens_[0] == "posterGeneric";
    if (tokens_.size() < 2) return is_poster ? "/poster" : "/fields";
    if (tokens_[1] == "transitType") return "/boarding/transit";
    for (std::size_t i = 0; i < design::kFieldGroups; ++i) {
      const auto group = static_cast<FieldGroup>(i);
      if (tokens_[1] == GroupName(group)) return is_poster ? InPoster(group) : InGroup(group);
    }
    return Join("/apple", tokens_, 0);
  }

  std::string InGroup(FieldGroup group) const {
    std::string list = "/fields/" + std::string(design::Name(group));
    if (tokens_.size() < 3) return list;
    const std::size_t index = Index(tokens_[2]);
    const auto& fields = card_.Group(group);
    if (index < fields.size()) return Member(FieldPointer({group, fields[index].definition}));
    return json::Child("/links", index - fields.size());
  }

  std::string InPoster(FieldGroup group) const {
    if (tokens_.size() < 3) return "/poster/" + std::string(design::Name(group));
    const PosterFields chosen = ChoosePosterFields(source_);
    const auto& places = group == FieldGroup::kHeader    ? chosen.header
                         : group == FieldGroup::kPrimary ? chosen.primary
                         : group == FieldGroup::kFooter  ? chosen.footer
                                                         : chosen.back;
    std::size_t left = Index(tokens_[2]);
    for (const FieldAt& place : places) {
      for (const design::RenderedField& field : card_.Group(place.first)) {
        if (field.definition != place.second) continue;
        if (left-- == 0) return Member(FieldPointer(place));
      }
    }
    return "/poster/" + std::string(design::Name(group));
  }

  std::string Member(std::string field) const {
    if (tokens_.size() < 4) return field;
    return Join(json::Child(field, RenamedOr(tokens_[3], kFieldMembers)), tokens_, 4);
  }

  const Template& source_;
  const RenderedCard& card_;
  Tokens tokens_;
};

}  // namespace

SourcePlace FindSource(const Template& source, const RenderedCard& card, std::string_view pointer) {
  return Finder(source, card, Split(pointer)).Run();
}

}  // namespace passmint::apple::internal
