#include <utility>

#include "cards/card_number.h"
#include "http/card_terms_json.h"
#include "http/decode_customer.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/tier_json.h"
#include "issuance/card_life.h"
#include "issuance/card_terms.h"
#include "issuance/organisations.h"
#include "issuance/owner.h"
#include "issuance/phones.h"
#include "issuance/points.h"
#include "issuance/referrals.h"
#include "issuance/staff.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::Transaction;

constexpr TextBounds kReason{1, 500};
constexpr TextBounds kInstant{1, 64};
constexpr TextBounds kPayment{1, 100};
constexpr std::int64_t kPpmMax = 1'000'000;

// What the card's member has; nothing while it is nobody's.
Result<issuance::PointsSummary> PointsOn(const Call& call, Transaction& transaction,
                                         const cards::Card& card) {
  if (card.member.empty()) return issuance::PointsSummary();
  return issuance::PointsOf(transaction, call.programme_id(), issuance::AccountFor(card.member));
}

// The card that the path names, as it is now, and how it was named.
Result<Reply> CardReply(const Call& call, Transaction& transaction, const CardNumber& asked) {
  auto found = transaction.FindCardByNumber(call.programme_id(), asked);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) {
    return Error{.code = ErrorCode::kNotFound, .message = "no card with that number"};
  }
  auto points = PointsOn(call, transaction, found.value()->card);
  if (!points.ok()) return std::move(points).error();
  auto phones = transaction.PhonesOfCard(call.programme_id(), found.value()->card.id,
                                         issuance::kPhonesOfCardMax);
  if (!phones.ok()) return std::move(phones).error();
  auto google = transaction.FindGoogleObject(call.programme_id(), found.value()->card.id);
  if (!google.ok()) return std::move(google).error();
  Json card = CardJson({.card = found.value()->card,
                        .asked = asked,
                        .compromised = found.value()->compromised,
                        .points = std::move(points).value(),
                        .apple_devices = phones.value().size(),
                        .in_google = google.value() && google.value()->has_users},
                       transaction.Now());
  card["tier"] = TierJson(call, transaction, found.value()->card.member);
  Status told = AddTerms(call, transaction, found.value()->card, card);
  if (!told.ok()) return std::move(told).error();
  return JsonReply(200, card);
}

struct CardRequest {
  std::optional<issuance::Customer> customer;
  std::optional<MemberId> member;
  std::optional<TemplateName> template_name;
  std::optional<CardNumber> number;
};

Result<CardRequest> DecodeCardRequest(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  CardRequest request;
  if (const Json* customer = reader.Object("customer")) {
    const auto facts = DecodeCustomer(*customer, "/customer", problems);
    request.customer =
        issuance::CheckCustomer(facts, call.programme.programme, "/customer", problems);
    request.customer->source = call.key.name.str();
    if (!facts.phone && !facts.email) {
      reader.Report("customer", "no_identity", "a customer has a phone or an e-mail");
    }
  }
  if (auto member = reader.Text("member_id", kCallerId)) {
    request.member = MemberId(*std::move(member));
    if (request.customer) reader.Report("member_id", "choose_one", "send customer or member_id");
  }
  if (auto name = reader.Text("template", {1, 64})) {
    request.template_name = TemplateName(*std::move(name));
  }
  if (const auto number = reader.Text("number", {1, 40})) {
    auto parsed = cards::ParseCardNumber(*number, call.programme.programme.card_number);
    if (parsed.ok())
      request.number = std::move(parsed).value();
    else
      reader.Report("number", "invalid_card_number", parsed.error().message);
  }
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return request;
}

struct CardBuyer {
  std::optional<issuance::Bearer> bearer;  // Nothing for printed stock.
  bool proven = false;
};

// Whose data an answer about their card holds.
MemberId PersonOf(const issuance::Bearer& bearer) {
  return bearer.holder.empty() ? bearer.member : bearer.holder;
}

// Finds or makes the member of a customer. If that changes what their cards show, the cards say so.
Result<CardBuyer> FindCustomer(const Call& call, Transaction& transaction,
                               const issuance::Customer& customer,
                               std::vector<issuance::Warning>& warnings) {
  auto found = issuance::FindOrMakeMember(transaction, call.programme.programme, customer,
                                          *call.context.site.random, warnings);
  if (!found.ok()) return std::move(found).error();
  Status brought = issuance::KeepReferral(transaction, call.context.site, call.programme,
                                          found.value().member, customer, warnings);
  if (!brought.ok()) return std::move(brought).error();
  const issuance::Bearer bearer = issuance::BearerOf(found.value().member);
  if (found.value().changed && !found.value().created && bearer.holder.empty()) {
    if (Status touched = issuance::TouchCardsOf(transaction, call.programme_id(), bearer.member);
        !touched.ok()) {
      return std::move(touched).error();
    }
  }
  return CardBuyer{.bearer = bearer, .proven = found.value().proven};
}

Result<CardBuyer> FindBuyer(const Call& call, Transaction& transaction, const CardRequest& request,
                            std::vector<issuance::Warning>& warnings) {
  if (request.customer) return FindCustomer(call, transaction, *request.customer, warnings);
  if (!request.member) return CardBuyer();
  auto member = issuance::FindLivingMember(transaction, call.programme_id(), *request.member);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) {
    return InvalidInput("unknown_member", "/member_id", "no member has this id");
  }
  if (member.value()->erased) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "the member's data was erased",
                 .reason = "member_erased"};
  }
  Status person = issuance::RequirePerson(transaction, call.programme_id(), member.value()->id);
  if (!person.ok()) return std::move(person).error();
  return CardBuyer{.bearer = issuance::BearerOf(*member.value()), .proven = false};
}

Result<issuance::IssuedCard> IssueFor(const Call& call, Transaction& transaction,
                                      const CardRequest& request,
                                      const std::optional<issuance::Bearer>& bearer) {
  if (bearer && !request.number) {
    return issuance::FindOrIssueCard(transaction, call.context.site, call.programme,
                                     {.bearer = bearer, .template_name = request.template_name});
  }
  auto card = issuance::IssueCard(
      transaction, call.context.site, call.programme,
      {.bearer = bearer, .template_name = request.template_name, .number = request.number});
  if (!card.ok()) return std::move(card).error();
  return issuance::IssuedCard{std::move(card).value(), true};
}

Result<Json> CardResultJson(const Call& call, Transaction& transaction,
                            const issuance::IssuedCard& issued, bool with_links,
                            const std::vector<issuance::Warning>& warnings) {
  auto points = PointsOn(call, transaction, issued.card);
  if (!points.ok()) return std::move(points).error();
  const Json links =
      with_links ? LinksJson(call.context.site, call.programme, issued.card,
                             HasGoogle(transaction, call.programme, issued.card.template_name))
                 : Json(nullptr);
  const CardAnswer card{.card = issued.card,
                        .asked = std::nullopt,
                        .compromised = false,
                        .points = std::move(points).value()};
  Json shown = CardJson(card, transaction.Now());
  shown["tier"] = TierJson(call, transaction, issued.card.member);
  Status told = AddTerms(call, transaction, issued.card, shown);
  if (!told.ok()) return std::move(told).error();
  return Json{{"created", issued.created},
              {"card", std::move(shown)},
              {"links", links},
              {"warnings", WarningsJson(warnings)}};
}

Result<Work> CreateCard(const Call& call) {
  auto request = DecodeCardRequest(call);
  if (!request.ok()) return std::move(request).error();
  return Work(
      [call, request = std::move(request).value()](Transaction& transaction) -> Result<Reply> {
        std::vector<issuance::Warning> warnings;
        auto buyer = FindBuyer(call, transaction, request, warnings);
        if (!buyer.ok()) return std::move(buyer).error();
        auto issued = IssueFor(call, transaction, request, buyer.value().bearer);
        if (!issued.ok()) return std::move(issued).error();
        const bool links = issued.value().created || buyer.value().proven;
        auto result = CardResultJson(call, transaction, issued.value(), links, warnings);
        if (!result.ok()) return std::move(result).error();
        Reply reply = JsonReply(issued.value().created ? 201 : 200, result.value());
        if (buyer.value().bearer) reply.about = PersonOf(*buyer.value().bearer);
        return reply;
      });
}

Result<Work> GetCard(const Call& call) {
  auto number = DecodeCardNumber(call.arguments[0]);
  if (!number.ok()) return std::move(number).error();
  return Work([call, number = std::move(number).value()](Transaction& transaction) {
    return CardReply(call, transaction, number);
  });
}

// A call about one card, with a body.
struct CardCall {
  CardNumber number;
  Json body;
};

Result<CardCall> DecodeCardCall(const Call& call) {
  auto number = DecodeCardNumber(call.arguments[0]);
  if (!number.ok()) return std::move(number).error();
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  return CardCall{std::move(number).value(), std::move(body).value()};
}

Result<Work> AssignCard(const Call& call) {
  auto asked = DecodeCardCall(call);
  if (!asked.ok()) return std::move(asked).error();
  auto& [number, body] = asked.value();
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "", problems);
  issuance::Customer customer;
  if (const Json* object = reader.Object("customer")) {
    customer = issuance::CheckCustomer(DecodeCustomer(*object, "/customer", problems),
                                       call.programme.programme, "/customer", problems);
    customer.source = call.key.name.str();
    if (problems.empty() && !customer.phone && !customer.email) {
      reader.Report("customer", "no_identity", "a customer has a phone or an e-mail");
    }
  } else if (problems.empty()) {
    reader.Report("customer", "required", "is missing");
  }
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work(
      [call, customer, number = std::move(number)](Transaction& transaction) -> Result<Reply> {
        std::vector<issuance::Warning> warnings;
        auto before = issuance::GetCard(transaction, call.programme_id(), number);
        if (!before.ok()) return std::move(before).error();
        auto buyer = FindCustomer(call, transaction, customer, warnings);
        if (!buyer.ok()) return std::move(buyer).error();
        const issuance::Bearer bearer = *buyer.value().bearer;
        auto card = issuance::AssignCard(transaction, call.programme_id(), number, bearer);
        if (!card.ok()) return std::move(card).error();
        const bool links = before.value().member.empty() || buyer.value().proven;
        auto result = CardResultJson(call, transaction, {card.value(), false}, links, warnings);
        if (!result.ok()) return std::move(result).error();
        Reply reply = JsonReply(200, result.value());
        reply.about = PersonOf(bearer);
        return reply;
      });
}

issuance::Deed DeedOf(const Call& call, std::string reason) {
  return {.reason = std::move(reason),
          .actor = call.key.name.str(),
          .random = call.context.site.random.get()};
}

struct StatusRequest {
  CardNumber number;
  std::string reason;
  std::optional<Timestamp> until;
};

// {reason} of unblock and close; with {until?} of block.
Result<StatusRequest> DecodeStatusRequest(const Call& call, bool with_until) {
  auto asked = DecodeCardCall(call);
  if (!asked.ok()) return std::move(asked).error();
  auto& [number, body] = asked.value();
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "", problems);
  StatusRequest request{std::move(number), reader.RequiredText("reason", kReason), {}};
  if (with_until) {
    if (const auto until = reader.Text("until", kInstant)) {
      const auto instant = ParseRfc3339(*until);
      if (instant.ok())
        request.until = instant.value();
      else
        reader.Report("until", "invalid_time", instant.error().message);
    }
  }
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return request;
}

Result<Work> BlockCard(const Call& call) {
  auto request = DecodeStatusRequest(call, true);
  if (!request.ok()) return std::move(request).error();
  return Work(
      [call, request = std::move(request).value()](Transaction& transaction) -> Result<Reply> {
        if (request.until && *request.until <= transaction.Now()) {
          return InvalidInput("not_in_future", "/until", "is not in the future");
        }
        auto card = issuance::BlockCard(transaction, call.programme_id(), request.number,
                                        DeedOf(call, request.reason), request.until);
        if (!card.ok()) return std::move(card).error();
        return CardReply(call, transaction, request.number);
      });
}

using StatusChange = Result<cards::Card> (*)(Transaction&, const ProgrammeId&, const CardNumber&,
                                             const issuance::Deed&);

// What takes {reason} and answers with the card.
template <StatusChange kChange>
Result<Work> ChangeStatus(const Call& call) {
  auto request = DecodeStatusRequest(call, false);
  if (!request.ok()) return std::move(request).error();
  return Work(
      [call, request = std::move(request).value()](Transaction& transaction) -> Result<Reply> {
        auto card =
            kChange(transaction, call.programme_id(), request.number, DeedOf(call, request.reason));
        if (!card.ok()) return std::move(card).error();
        return CardReply(call, transaction, request.number);
      });
}

struct RateRequest {
  CardNumber number;
  std::optional<std::int64_t> rate_ppm;
  std::string reason;
};

Result<RateRequest> DecodeRate(const Call& call) {
  auto asked = DecodeCardCall(call);
  if (!asked.ok()) return std::move(asked).error();
  auto& [number, body] = asked.value();
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "", problems);
  const bool told = reader.Has("rate_ppm");
  RateRequest request{.number = std::move(number),
                      .rate_ppm = reader.Integer("rate_ppm", 0, kPpmMax),
                      .reason = reader.RequiredText("reason", kReason)};
  if (!told && reader.is_object()) {
    reader.Report("rate_ppm", "required", "millionths, or null for no rate of its own");
  }
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return request;
}

Result<Work> SetRate(const Call& call) {
  auto request = DecodeRate(call);
  if (!request.ok()) return std::move(request).error();
  return Work(
      [call, request = std::move(request).value()](Transaction& transaction) -> Result<Reply> {
        const auto found = issuance::GetCard(transaction, call.programme_id(), request.number);
        if (!found.ok()) return found.error();
        Status others = issuance::RequireNotOwn(transaction, call.programme_id(),
                                                issuance::StaffOf(call.key), found.value().member);
        if (!others.ok()) return std::move(others).error();
        const auto card = issuance::SetCardRate(transaction, call.programme_id(), request.number,
                                                request.rate_ppm, DeedOf(call, request.reason));
        if (!card.ok()) return card.error();
        return CardReply(call, transaction, request.number);
      });
}

Result<Work> PayCard(const Call& call) {
  auto asked = DecodeCardCall(call);
  if (!asked.ok()) return std::move(asked).error();
  auto& [number, body] = asked.value();
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "", problems);
  std::string payment = reader.RequiredText("payment", kPayment);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, number = std::move(number),
               payment = std::move(payment)](Transaction& transaction) -> Result<Reply> {
    const auto card = issuance::PayCard(transaction, call.programme_id(), number, payment,
                                        DeedOf(call, "payment " + payment));
    if (!card.ok()) return card.error();
    return CardReply(call, transaction, number);
  });
}

Result<Work> ReplaceCard(const Call& call) {
  auto asked = DecodeCardCall(call);
  if (!asked.ok()) return std::move(asked).error();
  auto& [number, body] = asked.value();
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "", problems);
  issuance::Replacement replacement{.deed = DeedOf(call, reader.RequiredText("reason", kReason))};
  const auto compromised = reader.Boolean("compromised");
  if (!compromised && problems.empty()) reader.Report("compromised", "required", "is missing");
  replacement.compromised = compromised.value_or(false);
  if (auto name = reader.Text("template", {1, 64})) {
    replacement.template_name = TemplateName(*std::move(name));
  }
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, replacement,
               number = std::move(number)](Transaction& transaction) -> Result<Reply> {
    auto before = issuance::GetCard(transaction, call.programme_id(), number);
    if (!before.ok()) return std::move(before).error();
    auto card =
        issuance::ReplaceCard(transaction, call.context.site, call.programme, number, replacement);
    if (!card.ok()) return std::move(card).error();
    const Json links =
        replacement.compromised
            ? LinksJson(call.context.site, call.programme, card.value(),
                        HasGoogle(transaction, call.programme, card.value().template_name))
            : Json(nullptr);
    auto points = PointsOn(call, transaction, card.value());
    if (!points.ok()) return std::move(points).error();
    const CardAnswer answer{.card = card.value(),
                            .asked = std::nullopt,
                            .compromised = false,
                            .points = std::move(points).value()};
    Json shown = CardJson(answer, transaction.Now());
    shown["tier"] = TierJson(call, transaction, card.value().member);
    Status told = AddTerms(call, transaction, card.value(), shown);
    if (!told.ok()) return std::move(told).error();
    return JsonReply(
        200,
        {{"replaced", before.value().number.str()}, {"card", std::move(shown)}, {"links", links}});
  });
}

}  // namespace

void AddCardEndpoints(EndpointRouter& router) {
  const std::vector<Role> staff = {Role::kOperator, Role::kAdmin};
  const std::vector<Role> all = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::string card = "/api/v1/cards/{number}";
  router.Add("POST", "/api/v1/cards", {Access::kWrite, KeyUse::kRequired, all, CreateCard});
  router.Add("GET", card, {Access::kRead, KeyUse::kNone, all, GetCard});
  router.Add("POST", card + "/assign", {Access::kWrite, KeyUse::kOptional, all, AssignCard});
  router.Add("POST", card + "/block", {Access::kWrite, KeyUse::kOptional, staff, BlockCard});
  router.Add("POST", card + "/unblock",
             {Access::kWrite, KeyUse::kOptional, staff, ChangeStatus<issuance::UnblockCard>});
  router.Add("POST", card + "/close",
             {Access::kWrite, KeyUse::kOptional, staff, ChangeStatus<issuance::CloseCard>});
  router.Add("PUT", card + "/rate", {Access::kWrite, KeyUse::kOptional, staff, SetRate});
  router.Add("POST", card + "/paid", {Access::kWrite, KeyUse::kOptional, all, PayCard});
  router.Add("POST", card + "/replace", {Access::kWrite, KeyUse::kRequired, staff, ReplaceCard});
}

}  // namespace passmint::http
