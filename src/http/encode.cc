#include "http/encode.h"

namespace passmint::http {

Json InstantJson(Timestamp instant) { return FormatRfc3339(instant); }

Json OptionalText(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json OptionalText(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json PointsBalanceJson(const issuance::PointsSummary& points) {
  Json json = {{"available", points.available},
               {"pending", points.pending},
               {"held", points.held},
               {"debt", points.debt}};
  if (points.stamps.empty()) return json;
  Json stamps = Json::array();
  for (const issuance::StampBalance& card : points.stamps) {
    stamps.push_back({{"card", card.card},
                      {"count", card.count},
                      {"pending", card.pending},
                      {"debt", card.debt}});
  }
  json["stamps"] = std::move(stamps);
  return json;
}

Json PointsResultJson(const issuance::PointsSummary& points) {
  Json json = PointsBalanceJson(points);
  json["earned"] = points.earned;
  json["spent"] = points.spent;
  if (points.restored) json["restored"] = *points.restored;
  if (points.clawed_back) json["clawed_back"] = *points.clawed_back;
  Json explain = Json::array();
  for (const issuance::PointsReason& reason : points.explain) {
    Json item = {{"entry", reason.entry}, {"rule", reason.rule}, {"points", reason.points}};
    if (!reason.line_id.empty()) item["line_id"] = reason.line_id;
    explain.push_back(std::move(item));
  }
  json["explain"] = std::move(explain);
  for (const issuance::StampMove& move : points.stamps_moved) {
    Json item = {{"card", move.card}, {"rule", move.rule}, {"stamps", move.stamps}};
    if (!move.line_id.empty()) item["line_id"] = move.line_id;
    json["stamps_moved"].push_back(std::move(item));
  }
  return json;
}

std::string CardStatusName(const cards::Card& card, Timestamp now) {
  switch (cards::EffectiveStatus(card, now)) {
    case cards::CardStatus::kPending:
      return "pending";
    case cards::CardStatus::kActive:
      return card.member.empty() ? "unassigned" : "active";
    case cards::CardStatus::kBlocked:
      return "blocked";
    case cards::CardStatus::kClosed:
      return "closed";
  }
  return "";
}

Json CardJson(const CardAnswer& answer, Timestamp now) {
  const cards::Card& card = answer.card;
  const std::string status = CardStatusName(card, now);
  const bool plain = status == "active" || status == "unassigned";
  const bool by_old_number = answer.asked && *answer.asked != card.number;
  return {
      {"number", card.number.str()},
      {"status", status},
      {"reason", plain ? Json(nullptr) : OptionalText(card.status_reason)},
      {"blocked_until", status == "blocked" && card.blocked_until ? InstantJson(*card.blocked_until)
                                                                  : Json(nullptr)},
      {"resolved_from", by_old_number ? Json(answer.asked->str()) : Json(nullptr)},
      {"compromised", answer.compromised},
      {"template", card.template_name.str()},
      {"member", card.member.empty() ? Json(nullptr) : Json{{"id", card.member.str()}}},
      {"points", PointsBalanceJson(answer.points)},
      {"tier", nullptr},
      {"rate_ppm", nullptr},
      {"sale", nullptr},
      {"wallets",
       {{"apple", {{"devices", answer.apple_devices}}}, {"google", {{"saved", answer.in_google}}}}},
      {"created_at", InstantJson(card.created_at)},
      {"changed_at", InstantJson(card.changed_at)}};
}

Json LinksJson(const issuance::Site& site, const issuance::ProgrammeSite& programme,
               const cards::Card& card, bool has_google) {
  const std::string page = site.public_url + "/c/" + card.link_token.str();
  return {{"page", page},
          {"apple", programme.apple != nullptr ? Json(page + "/pass.pkpass") : Json(nullptr)},
          {"google", has_google ? Json(page + "/google") : Json(nullptr)},
          {"qr", page + "/qr.svg"}};
}

bool HasGoogle(issuance::Transaction& transaction, const issuance::ProgrammeSite& programme,
               const TemplateName& name) {
  if (programme.google == nullptr) return false;
  auto versions = transaction.DesignVersions(programme.programme.id, name);
  return versions.ok() && !versions.value().empty() && versions.value().front().kind != "boarding";
}

Json OptInJson(const cards::Member& member) {
  if (!member.opted_in) return nullptr;
  return {{"in", member.opted_in->in},
          {"at", InstantJson(member.opted_in->at)},
          {"source", member.opted_in->source}};
}

// Who gave each attribute.
Json SourcesJson(const issuance::MemberView& view) {
  Json json = Json::object();
  for (const auto& [name, value] : view.member.attributes.items()) {
    const auto found = view.sources.find(name);
    json[name] = issuance::ToText(found == view.sources.end() ? issuance::AttributeSource::kShop
                                                              : found->second);
  }
  return json;
}

Json MemberJson(const issuance::MemberView& view, Timestamp now) {
  const cards::Member& member = view.member;
  Json cards = Json::array();
  for (const cards::Card& card : view.cards) {
    cards.push_back({{"number", card.number.str()},
                     {"status", CardStatusName(card, now)},
                     {"template", card.template_name.str()},
                     {"created_at", InstantJson(card.created_at)}});
  }
  return {{"id", member.id.str()},
          {"status", member.erased ? "erased" : "active"},
          {"phone", OptionalText(view.phone)},
          {"email", OptionalText(view.email)},
          {"name", OptionalText(member.name)},
          {"birthday", member.birthday ? Json(FormatDate(*member.birthday)) : Json(nullptr)},
          {"locale", OptionalText(member.locale)},
          {"time_zone", OptionalText(member.time_zone)},
          {"opted_in", OptInJson(member)},
          {"attributes", member.attributes},
          {"attribute_sources", SourcesJson(view)},
          {"cards", std::move(cards)},
          {"points", PointsBalanceJson(view.points)},
          {"lifecycle", nullptr},
          {"tier", nullptr},
          {"created_at", InstantJson(member.created_at)},
          {"changed_at", InstantJson(member.changed_at)}};
}

Json WarningsJson(const std::vector<issuance::Warning>& warnings) {
  Json json = Json::array();
  for (const issuance::Warning& warning : warnings) {
    json.push_back({{"code", warning.code}, {"detail", warning.detail}});
  }
  return json;
}

}  // namespace passmint::http
