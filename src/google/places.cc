#include "google/places.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace passmint::google {
namespace {

using design::FieldGroup;

// Rows of the front that fields without a hint may fill by themselves: Google recommends at most
// two.
constexpr std::size_t kOwnRows = 2;

bool IsFront(FieldGroup group) {
  return group == FieldGroup::kHeader || group == FieldGroup::kPrimary ||
         group == FieldGroup::kSecondary || group == FieldGroup::kAuxiliary;
}

bool IsNumber(const design::Field& field) {
  return field.type == design::FieldType::kNumber || field.type == design::FieldType::kCurrency;
}

bool IsMoney(const design::Field& field) { return field.type == design::FieldType::kCurrency; }
bool IsAny(const design::Field&) { return true; }

std::string ModuleId(std::string_view key, std::set<std::string>& taken) {
  std::string id;
  for (const char c : key) {
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                         (c >= 'a' && c <= 'z') || c == '_' || c == '-';
    id += allowed ? c : '_';
  }
  std::string unique = id;
  for (int i = 2; !taken.insert(unique).second; ++i) unique = id + "_" + std::to_string(i);
  return unique;
}

class Placer {
 public:
  Placer(const design::Template& source, Vertical vertical)
      : source_(source), vertical_(vertical) {}

  Layout::Places Place() {
    TakeHints();
    TakeDefaults();
    TakeRest();
    return std::move(places_);
  }

 private:
  template <class F>
  void ForEach(F visit) {
    for (const FieldGroup group : kReadingOrder) {
      auto& places = places_[static_cast<std::size_t>(group)];
      const auto& fields = source_.Group(group);
      for (std::size_t i = 0; i < fields.size(); ++i) visit(group, fields[i], places[i]);
    }
  }

  void TakeHints() {
    for (std::size_t i = 0; i < places_.size(); ++i) places_[i].resize(source_.fields[i].size());
    ForEach([this](FieldGroup, const design::Field& field, Layout::Place& place) {
      const auto use = ParseFieldUse(field.google);
      if (!use || !Allows(vertical_, *use)) return;  // Lint says so: rule G03.
      place.use = *use;
      hinted_.insert(*use);
      done_.insert(&place);
    });
  }

  // The first front field that `fits` takes `use`, unless a hint has it already.
  void Default(FieldUse use, bool (*fits)(const design::Field&),
               std::initializer_list<FieldGroup> groups) {
    if (hinted_.count(use) > 0) return;
    for (const FieldGroup group : groups) {
      auto& places = places_[static_cast<std::size_t>(group)];
      const auto& fields = source_.Group(group);
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (done_.count(&places[i]) > 0 || !fits(fields[i])) continue;
        places[i].use = use;
        done_.insert(&places[i]);
        return;
      }
    }
  }

  void TakeDefaults() {
    constexpr auto kHeader = FieldGroup::kHeader;
    constexpr auto kPrimary = FieldGroup::kPrimary;
    constexpr auto kSecondary = FieldGroup::kSecondary;
    switch (vertical_) {
      case Vertical::kLoyalty:
        Default(FieldUse::kLoyaltyPoints, IsNumber, {kHeader, kPrimary});
        break;
      case Vertical::kGiftCard:
        Default(FieldUse::kBalance, IsMoney, {kHeader, kPrimary, kSecondary});
        break;
      case Vertical::kGeneric:
        Default(FieldUse::kHeader, IsAny, {kPrimary});
        break;
      case Vertical::kOffer:
      case Vertical::kEventTicket:
        break;
    }
  }

  void TakeRest() {
    const bool own_rows = hinted_.count(FieldUse::kRow1) == 0 &&
                          hinted_.count(FieldUse::kRow2) == 0 &&
                          hinted_.count(FieldUse::kRow3) == 0;
    std::size_t placed = 0;
    std::set<std::string> ids;
    ForEach([&](FieldGroup group, const design::Field& field, Layout::Place& place) {
      if (done_.count(&place) == 0) {
        const bool to_row = own_rows && IsFront(group) && placed < kOwnRows * kRowItemsMax;
        place.use = !to_row                 ? FieldUse::kDetails
                    : placed < kRowItemsMax ? FieldUse::kRow1
                                            : FieldUse::kRow2;
        if (to_row) ++placed;
      }
      if (place.use != FieldUse::kDetails && RowOf(place.use) == 0) return;
      place.module_id = ModuleId(field.key, ids);
      place.on_class = !field.label.HasVariables() && !field.value.HasVariables();
    });
  }

  const design::Template& source_;
  const Vertical vertical_;
  Layout::Places places_;
  std::set<FieldUse> hinted_;
  std::set<const Layout::Place*> done_;
};

// The fields that Google shows by itself when no rows are named, in that order. Source: the default
// templates at https://developers.google.com/wallet/retail/loyalty-cards/resources/template and its
// siblings, as far as the reference 1.13 has them.
struct NamedItem {
  FieldUse use;
  std::string_view path;
};
constexpr auto kNamedItems = std::to_array<NamedItem>({
    {FieldUse::kLoyaltyPoints, "object.loyaltyPoints.balance"},
    {FieldUse::kSecondaryLoyaltyPoints, "object.secondaryLoyaltyPoints.balance"},
    {FieldUse::kAccountName, "object.accountName"},
    {FieldUse::kAccountId, "object.accountId"},
    {FieldUse::kBalance, "object.balance"},
    {FieldUse::kCardNumber, "object.cardNumber"},
    {FieldUse::kEventNumber, "object.eventNumber"},
    {FieldUse::kSection, "object.seatInfo.section"},
    {FieldUse::kSeatRow, "object.seatInfo.row"},
    {FieldUse::kSeat, "object.seatInfo.seat"},
    {FieldUse::kGate, "object.seatInfo.gate"},
    {FieldUse::kTicketHolderName, "object.ticketHolderName"},
    {FieldUse::kTicketType, "object.ticketType"},
});

Json Item(std::string path, std::string_view date_format = "") {
  Json reference = Json::object();
  reference["fieldPath"] = std::move(path);
  if (!date_format.empty()) reference["dateFormat"] = date_format;
  Json item = Json::object();
  item["firstValue"]["fields"] = Json::array({std::move(reference)});
  return item;
}

using Rows = std::array<std::vector<Json>, kRowsMax>;

std::vector<Json> NamedItems(const design::Template& source, Vertical vertical,
                             const Layout::Places& places) {
  std::vector<Json> items;
  if (vertical == Vertical::kEventTicket && source.event.is_object() &&
      source.event.contains("start")) {
    items.push_back(Item("class.dateTime.start", "DATE_TIME"));
  }
  for (const NamedItem& named : kNamedItems) {
    for (const auto& group : places) {
      if (std::any_of(group.begin(), group.end(),
                      [&named](const Layout::Place& place) { return place.use == named.use; })) {
        items.push_back(Item(std::string(named.path)));
        break;
      }
    }
  }
  return items;
}

Rows TextRows(const Layout::Places& places) {
  Rows rows;
  for (const FieldGroup group : kReadingOrder) {
    for (const Layout::Place& place : places[static_cast<std::size_t>(group)]) {
      const std::size_t row = RowOf(place.use);
      if (row == 0) continue;
      const std::string_view level = place.on_class ? "class" : "object";
      rows[row - 1].push_back(
          Item(std::string(level) + ".textModulesData['" + place.module_id + "']"));
    }
  }
  return rows;
}

// Puts `named` before the texts of the rows, where there is room, in the first two rows.
void AddNamed(std::vector<Json> named, Rows& rows) {
  std::size_t next = 0;
  for (std::size_t row = 0; row < kOwnRows && next < named.size(); ++row) {
    std::size_t at = 0;
    while (rows[row].size() < kRowItemsMax && next < named.size()) {
      rows[row].insert(rows[row].begin() + static_cast<std::ptrdiff_t>(at++),
                       std::move(named[next++]));
    }
  }
}

Json RowInfo(std::vector<Json>& items) {
  Json info = Json::object();
  if (items.size() == 1) {
    info["oneItem"]["item"] = std::move(items[0]);
  } else if (items.size() == 2) {
    info["twoItems"]["startItem"] = std::move(items[0]);
    info["twoItems"]["endItem"] = std::move(items[1]);
  } else {
    info["threeItems"]["startItem"] = std::move(items[0]);
    info["threeItems"]["middleItem"] = std::move(items[1]);
    info["threeItems"]["endItem"] = std::move(items[2]);
  }
  return info;
}

}  // namespace

Layout::Places PlaceFields(const design::Template& source, Vertical vertical) {
  return Placer(source, vertical).Place();
}

Json CardRows(const design::Template& source, Vertical vertical, const Layout::Places& places) {
  Rows rows = TextRows(places);
  if (std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.empty(); })) {
    return nullptr;
  }
  AddNamed(NamedItems(source, vertical, places), rows);
  Json infos = Json::array();
  for (auto& row : rows) {
    if (!row.empty()) infos.push_back(RowInfo(row));
  }
  Json info = Json::object();
  info["cardTemplateOverride"]["cardRowTemplateInfos"] = std::move(infos);
  return info;
}

}  // namespace passmint::google
