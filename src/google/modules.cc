#include "google/modules.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "base/money.h"
#include "google/localized.h"

namespace passmint::google {
namespace {

constexpr int kMicroExponent = 6;

std::optional<std::int64_t> TimesTen(std::int64_t number) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max() / 10;
  if (number > kMax || number < -kMax) return std::nullopt;
  return number * 10;
}

bool IsText(FieldUse use) { return use == FieldUse::kDetails || RowOf(use) > 0; }

}  // namespace

Json TextModule(const Layout::Place& place, const design::RenderedField& field,
                const design::Field& definition, const std::vector<std::string>& languages) {
  Json module = Json::object();
  module["id"] = place.module_id;
  SetTwins(module, "header", "localizedHeader", field.label, languages);
  SetTwins(module, "body", "localizedBody", ValueText(field, definition, languages), languages);
  return module;
}

Json LinkUri(const std::string& uri, const design::RenderedText& label,
             const std::vector<std::string>& languages) {
  Json link = Json::object();
  link["uri"] = uri;
  SetTwins(link, "description", "localizedDescription", label, languages);
  return link;
}

Json ImageJson(const std::string& url, const design::RenderedText& description,
               const std::vector<std::string>& languages) {
  Json image = Json::object();
  image["sourceUri"]["uri"] = url;
  if (!description.empty()) image["contentDescription"] = Localized(description, languages);
  return image;
}

void AddModules(Json& target, const Layout& layout, const design::RenderedCard& card,
                bool on_class) {
  Json texts = Json::array();
  Json uris = Json::array();
  const std::vector<std::string>& shared = layout.class_link_urls;
  for (const design::RenderedLink& link : card.links) {
    if ((std::find(shared.begin(), shared.end(), link.url) != shared.end()) != on_class) continue;
    uris.push_back(LinkUri(link.url, link.label, layout.languages()));
  }
  for (const design::FieldGroup group : kReadingOrder) {
    for (const design::RenderedField& field : card.Group(group)) {
      const Layout::Place& place = layout.PlaceOf(group, field);
      if (!IsText(place.use)) continue;
      const design::Field& definition = layout.Definition(group, field);
      if (place.on_class == on_class) {
        texts.push_back(TextModule(place, field, definition, layout.languages()));
      }
      const bool static_link = place.on_class && !definition.href.HasVariables();
      if (!field.href.empty() && static_link == on_class) {
        uris.push_back(LinkUri(field.href.In(0), field.label, layout.languages()));
      }
    }
  }
  if (!texts.empty()) target["textModulesData"] = std::move(texts);
  if (!uris.empty()) target["linksModuleData"]["uris"] = std::move(uris);
}

std::optional<std::int64_t> MicrosOf(const design::RenderedField& field) {
  design::Decimal decimal;
  if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    decimal.digits = *integer;
  } else if (const auto* exact = std::get_if<design::Decimal>(&field.value)) {
    decimal = *exact;
  } else {
    return std::nullopt;
  }
  for (; decimal.exponent < kMicroExponent; ++decimal.exponent) {
    const auto next = TimesTen(decimal.digits);
    if (!next) return std::nullopt;
    decimal.digits = *next;
  }
  for (; decimal.exponent > kMicroExponent; --decimal.exponent) decimal.digits /= 10;
  return decimal.digits;
}

Json MoneyJson(const design::RenderedField& field) {
  const auto micros = MicrosOf(field);
  if (!micros || !field.currency) return nullptr;
  Json money = Json::object();
  money["micros"] = std::to_string(*micros);
  money["currencyCode"] = field.currency->code();
  return money;
}

}  // namespace passmint::google
