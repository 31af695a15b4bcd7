#include "issuance/personalize.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "cards/contact.h"
#include "crypto/cms.h"
#include "issuance/card_life.h"
#include "issuance/card_terms_tables.h"
#include "issuance/customer.h"
#include "issuance/fingerprint.h"
#include "issuance/idempotency.h"

namespace passmint::issuance {
namespace {

using cards::Card;
using cards::CardStatus;

Error Unknown() {
  return {.code = ErrorCode::kUnauthenticated, .message = "no such pass, or not its token"};
}

Error Conflict(std::string reason, std::string message) {
  return {.code = ErrorCode::kConflict, .message = std::move(message), .reason = std::move(reason)};
}

// The card that the request is about, if it may ask about it.
Result<CurrentCard> FindPass(Store& store, const Site& site, const PersonalizeRequest& request) {
  auto current = FindBySerial(store, site, request.serial);
  if (!current.ok()) {
    return current.error().code == ErrorCode::kNotFound ? Unknown() : current.error();
  }
  const auto& signer = current.value().programme->apple;
  if (signer == nullptr || signer->identity().pass_type() != request.pass_type) return Unknown();
  if (!request.authentication_token) return current;
  const auto token = site.keys->AuthenticationToken(current.value().card.key_id, request.pass_type,
                                                    request.serial);
  if (!token.ok()) return token.error();
  if (!token.value().Matches(*request.authentication_token)) return Unknown();
  return current;
}

std::optional<std::string> NameOf(const PersonalizationInfo& info) {
  if (info.full_name) return info.full_name;
  if (!info.given_name || !info.family_name) {
    return info.given_name ? info.given_name : info.family_name;
  }
  return *info.given_name + ' ' + *info.family_name;
}

bool IsCountryCode(const std::string& text) {
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<std::string> PhoneOf(const PersonalizationInfo& info) {
  if (!info.phone_number || !info.country_code || !IsCountryCode(*info.country_code)) {
    return info.phone_number;
  }
  auto phone = cards::NormalisePhone(*info.phone_number, *info.country_code);
  return phone.ok() ? std::move(phone).value() : info.phone_number;
}

Result<Customer> CheckInfo(const PersonalizationInfo& info, const cards::Programme& programme) {
  CustomerFacts facts{.phone = PhoneOf(info),
                      .email = info.email_address,
                      .name = NameOf(info),
                      .birthday = std::nullopt,
                      .locale = std::nullopt,
                      .verified = false,
                      .attributes = Json::object()};
  std::vector<InputProblem> problems;
  if (info.postal_code) {
    if (CodePointCount(*info.postal_code) > kPostalCodeCharactersMax ||
        HasControlCharacter(*info.postal_code)) {
      problems.push_back({"invalid_value", "/postalCode", "this is no postal code"});
    }
    facts.attributes["postal_code"] = *info.postal_code;
  }
  // Others are not worth a refusal: it is the phone that guesses it.
  if (info.country_code && IsCountryCode(*info.country_code)) {
    facts.attributes["country_code"] = *info.country_code;
  }
  Customer customer = CheckCustomer(facts, programme, "", problems);
  if (problems.empty() && !customer.phone && !customer.email) {
    problems.push_back({"no_identity", "", "a customer has a phone or an e-mail"});
  }
  if (problems.empty()) return customer;
  std::string message = problems.front().detail;
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = std::move(message),
               .problems = std::move(problems)};
}

// What makes two sign-ups the same.
std::string Content(const Customer& customer) {
  return json::Dump({{"phone", customer.phone.value_or("")},
                     {"email", customer.email.value_or("")},
                     {"name", customer.name},
                     {"attributes", customer.attributes}});
}

// One sign-up a card.
struct SignUp {
  const Site& site;
  const ProgrammeSite& programme;
  std::string card_id;
  Customer customer;

  const ProgrammeId& programme_id() const { return programme.programme.id; }
  std::string scope() const { return programme_id().str() + " personalize"; }
  IdempotencyKey key() const { return IdempotencyKey(card_id); }
};

// An assigned card: fine if this very form made it so.
Status RequireSameForm(Transaction& transaction, const SignUp& sign_up) {
  auto answer = transaction.FindAnswer(sign_up.scope(), sign_up.key());
  if (!answer.ok()) return std::move(answer).error();
  if (answer.value() && MatchesFingerprint(*sign_up.site.keys, answer.value()->fingerprint,
                                           Content(sign_up.customer))) {
    return {};
  }
  return Conflict("card_assigned", "the card belongs to a member already");
}

Status RequireActive(const Card& card, Timestamp now) {
  switch (cards::EffectiveStatus(card, now)) {
    case CardStatus::kActive:
      return {};
    case CardStatus::kPending:
      return Conflict("card_pending", "the card was not paid for yet");
    case CardStatus::kBlocked:
      return Conflict("card_blocked", "the card is blocked");
    case CardStatus::kClosed:
      return Conflict("card_closed", "the card is closed");
  }
  return {};  // Not reached: -Wswitch makes a missing status an error.
}

Status Assign(Transaction& transaction, const SignUp& sign_up) {
  auto card = transaction.FindCard(sign_up.programme_id(), sign_up.card_id);
  if (!card.ok()) return std::move(card).error();
  if (!card.value()) return Error{.message = "a card that was there is gone"};
  if (!card.value()->member.empty()) return RequireSameForm(transaction, sign_up);
  if (Status active = RequireActive(*card.value(), transaction.Now()); !active.ok()) return active;

  std::vector<Warning> warnings;  // Not told: who is a member is nobody's business.
  auto member = MakeUnknownMember(transaction, sign_up.programme.programme, sign_up.customer,
                                  *sign_up.site.random, warnings);
  if (!member.ok()) return std::move(member).error();
  const MemberId& id = member.value().id;
  // The form was filled in by the customer.
  for (const auto& [name, value] : member.value().attributes.items()) {
    Status put = transaction.CardTerms().PutAttributeSource(
        sign_up.programme_id(), id, {.name = name, .source = AttributeSource::kClient});
    if (!put.ok()) return put;
  }
  auto assigned = AssignCard(transaction, sign_up.programme_id(), card.value()->number,
                             BearerOf(member.value()));
  if (!assigned.ok()) return std::move(assigned).error();
  return transaction.PutAnswer(
      sign_up.scope(), sign_up.key(),
      {.fingerprint = Fingerprint(*sign_up.site.keys, Content(sign_up.customer)),
       .status = 200,
       .body = {}},
      id, transaction.Now() + kAnswerKept);
}

// What can be said without writing, so that a hostile caller costs no write and gets no signature.
Status RequirePersonalizable(Store& store, CardMaker& maker, const CurrentCard& current,
                             const SignUp& sign_up) {
  if (!current.card.member.empty()) {
    return store.Read(
        [&](Transaction& transaction) { return RequireSameForm(transaction, sign_up); });
  }
  if (Status active = RequireActive(current.card, current.now); !active.ok()) return active;
  const auto offered = maker.OffersPersonalization(current);
  if (!offered.ok()) return offered.error();
  if (offered.value()) return {};
  return Conflict("not_personalizable", "this pass has no sign-up form");
}

}  // namespace

bool IsSignableToken(std::string_view token) {
  constexpr std::string_view kRefused = "\"<>\\{}";
  return !token.empty() && token.size() <= kPersonalizationTokenBytesMax &&
         std::all_of(token.begin(), token.end(), [kRefused](char c) {
           return c > ' ' && c <= '~' && kRefused.find(c) == std::string_view::npos;
         });
}

Result<std::string> Personalize(Store& store, const Site& site, CardMaker& maker,
                                const Clock& clock, const PersonalizeRequest& request) {
  if (!IsSignableToken(request.personalization_token)) {
    return InvalidInput("invalid_value", "/personalizationToken", "this is no opaque token");
  }
  const auto current = FindPass(store, site, request);
  if (!current.ok()) return current.error();
  const ProgrammeSite& programme = *current.value().programme;
  auto customer = CheckInfo(request.info, programme.programme);
  if (!customer.ok()) return std::move(customer).error();
  const SignUp sign_up{.site = site,
                       .programme = programme,
                       .card_id = current.value().card.id,
                       .customer = std::move(customer).value()};
  if (const Status may = RequirePersonalizable(store, maker, current.value(), sign_up); !may.ok()) {
    return may.error();
  }
  // Before the card changes hands: with an expired certificate nothing has happened.
  auto signature =
      crypto::SignDetached(programme.apple->identity(), request.personalization_token, clock.Now());
  if (!signature.ok()) return signature;
  if (!current.value().card.member.empty()) return signature;
  const Status assigned =
      store.Write([&](Transaction& transaction) { return Assign(transaction, sign_up); });
  if (!assigned.ok()) return assigned.error();
  return signature;
}

}  // namespace passmint::issuance
