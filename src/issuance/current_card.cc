#include "issuance/current_card.h"

#include <functional>
#include <utility>

#include "calendar/time_zone.h"
#include "google/save_jwt.h"
#include "google/wallet_class.h"
#include "google/wallet_object.h"
#include "issuance/card_life.h"
#include "issuance/card_terms_tables.h"
#include "issuance/card_values.h"
#include "issuance/due_points.h"
#include "issuance/points.h"
#include "issuance/rule_sets.h"
#include "issuance/stamp_rounds.h"
#include "issuance/tier_review.h"
#include "programme/rules.h"

namespace passmint::issuance {
namespace {

using cards::CardStatus;
// Before it stand all orders of a member.
const OrderPlace kNewestOrder{.paid_at = Timestamp::max(), .source = {}, .id = {}};

using Found = Result<std::optional<Transaction::Located>>;

Error UnknownCard() { return {.code = ErrorCode::kNotFound, .message = "no such card"}; }

// What the member owns.
Status LoadPoints(Transaction& transaction, const ProgrammeId& programme, CurrentCard& current) {
  const AccountId& id = current.member.account;
  auto loaded = transaction.LoadAccount(programme, id, {}, current.now);
  if (!loaded.ok()) return std::move(loaded).error();
  current.next_due = ledger::NextDue(loaded.value());
  const ledger::Account account = ledger::Settled(std::move(loaded).value(), current.now);
  current.points = Balances(account);
  current.stamps = StampsShown(*current.rules, current.points);
  current.next_expiry = NextExpiryOf(account);
  // Of an account with many lots only the first were loaded, and these may all expire together.
  if (IsNextExpiryWhole(account)) return {};
  auto whole = transaction.LoadAccount(programme, id, AllPoints(), current.now);
  if (!whole.ok()) return std::move(whole).error();
  current.next_expiry = NextExpiryOf(ledger::Settled(std::move(whole).value(), current.now));
  return {};
}

// All but the design.
Status LoadOwner(Transaction& transaction, const Site& site, const ProgrammeId& programme,
                 const cards::Card& card, CurrentCard& current) {
  current.programme = site.Find(programme);
  if (current.programme == nullptr) return UnknownCard();
  current.card = card;
  current.now = transaction.Now();
  auto rules = RulesAt(transaction, *current.programme, current.now);
  if (!rules.ok()) return std::move(rules).error();
  current.rules = std::move(rules).value();
  if (!current.card.member.empty()) {
    auto member = transaction.FindMember(programme, current.card.member);
    if (!member.ok()) return std::move(member).error();
    if (!member.value())
      return Error{.code = ErrorCode::kInternal, .message = "card without member"};
    current.member = *std::move(member).value();
    if (Status loaded = LoadPoints(transaction, programme, current); !loaded.ok()) return loaded;
    if (current.member.erased) return {};
    if (!current.rules->memberships.empty()) {
      auto ends =
          transaction.CardTerms().MembershipsOf(programme, current.member.id, Timestamp(), 1);
      if (!ends.ok()) return std::move(ends).error();
      if (!ends.value().empty()) current.expires_at = ends.value().front().lapses_at;
    }
    auto tier = ShownTierOf(transaction, *current.programme, current.member);
    if (!tier.ok()) return std::move(tier).error();
    current.tier = std::move(tier).value();
  }
  return {};
}

Status Load(Transaction& transaction, const Site& site, const Transaction::Located& located,
            CurrentCard& current) {
  Status owner = LoadOwner(transaction, site, located.programme, located.card, current);
  if (!owner.ok()) return owner;
  auto design = ChooseDesign(transaction, located.programme, current.card);
  if (!design.ok()) return std::move(design).error();
  current.design = design.value();
  return {};
}

// The end of a block is a change that phones see, so it gets its revision before it is shown.
Status PostEndOfBlock(Store& store, const CurrentCard& current) {
  return store.Write([&](Transaction& transaction) -> Status {
    auto ended = EndBlockIfOver(transaction, current.programme->programme.id, current.card.id);
    return ended.ok() ? Status() : Status(std::move(ended).error());
  });
}

// The same with points that became active or expired.
Status PostDuePoints(Store& store, const Site& site, const CurrentCard& current) {
  return store.Write([&](Transaction& transaction) {
    return PostDueAndRounds(transaction, site, *current.programme, current.member.account);
  });
}

// And with a level that time or other rules have changed.
Status PostDueTier(Store& store, const Site& site, const CurrentCard& current) {
  return store.Write([&](Transaction& transaction) -> Status {
    auto member = transaction.FindMember(current.programme->programme.id, current.member.id);
    if (!member.ok()) return std::move(member).error();
    if (!member.value()) return {};
    auto reviewed = ReviewTier(transaction, site, *current.programme, *member.value(), {});
    return reviewed.ok() ? Status() : Status(std::move(reviewed).error());
  });
}

// Everything of that which is due. Fails as the store.
Status PostAllDue(Store& store, const Site& site, const CurrentCard& current) {
  if (cards::BlockIsOver(current.card, current.now)) {
    if (Status posted = PostEndOfBlock(store, current); !posted.ok()) return posted;
  }
  if (current.next_due <= current.now) {
    if (Status posted = PostDuePoints(store, site, current); !posted.ok()) return posted;
  }
  return current.tier.is_due ? PostDueTier(store, site, current) : Status();
}

Result<CurrentCard> Read(const Store& store, const Site& site,
                         const std::function<Found(Transaction&)>& find) {
  CurrentCard current;
  const Status read = store.Read([&](Transaction& transaction) -> Status {
    current = {};
    auto located = find(transaction);
    if (!located.ok()) return std::move(located).error();
    if (!located.value()) return UnknownCard();
    return Load(transaction, site, *located.value(), current);
  });
  if (!read.ok()) return read.error();
  return current;
}

Result<CurrentCard> Find(Store& store, const Site& site,
                         const std::function<Found(Transaction&)>& find) {
  auto current = Read(store, site, find);
  if (!current.ok()) return current;
  const bool block = cards::BlockIsOver(current.value().card, current.value().now);
  const bool points = current.value().next_due <= current.value().now;
  if (!block && !points && !current.value().tier.is_due) return current;
  const Status posted = PostAllDue(store, site, current.value());
  // A full disk keeps nobody from looking: what is due shows already and gets its revision later.
  if (!posted.ok() && posted.error().code == ErrorCode::kUnavailable) return current;
  if (!posted.ok()) return posted.error();
  return Read(store, site, find);
}

design::CardState State(const CurrentCard& current) {
  switch (cards::EffectiveStatus(current.card, current.now)) {
    case CardStatus::kActive:
      return design::CardState::kActive;
    case CardStatus::kPending:
    case CardStatus::kBlocked:
      return design::CardState::kBlocked;
    case CardStatus::kClosed:
      return design::CardState::kClosed;
  }
  return design::CardState::kActive;
}

// `token` is borrowed.
apple::PassIdentity PassIdentityOf(const CurrentCard& current, const Secret& token) {
  return {.serial = current.card.serial,
          .authentication_token = &token,
          .unassigned = current.card.member.empty()};
}

}  // namespace

Result<CurrentCard> FindByLinkToken(Store& store, const Site& site, const LinkToken& token) {
  return Find(store, site,
              [&](Transaction& transaction) { return transaction.FindCardByLinkToken(token); });
}

Result<CurrentCard> FindBySerial(Store& store, const Site& site, const SerialNumber& serial) {
  return Find(store, site,
              [&](Transaction& transaction) { return transaction.FindCardBySerial(serial); });
}

Result<CurrentCard> FindByCardId(Store& store, const Site& site, const ProgrammeId& programme,
                                 const std::string& id) {
  return Find(store, site, [&](Transaction& transaction) -> Found {
    auto card = transaction.FindCard(programme, id);
    if (!card.ok()) return std::move(card).error();
    if (!card.value()) return std::optional<Transaction::Located>();
    return std::optional(Transaction::Located{programme, *std::move(card).value()});
  });
}

Result<CurrentCard> LoadCard(Transaction& transaction, const Site& site, const PassState& pass) {
  CurrentCard current;
  Status owner = LoadOwner(transaction, site, pass.programme, pass.card, current);
  if (!owner.ok()) return std::move(owner).error();
  const auto design = ChooseDesign(pass.designs, pass.card);
  if (!design) return NoDesign(pass.card);
  current.design = *design;
  return current;
}

Result<int> LiveVersion(Transaction& transaction, const ProgrammeId& programme,
                        const TemplateName& name) {
  auto versions = transaction.DesignVersions(programme, name);
  if (!versions.ok()) return std::move(versions).error();
  for (const DesignVersion& version : versions.value()) {
    if (version.ring == 100) return version.version;
  }
  return 0;
}

Result<std::shared_ptr<const ReadyDesign>> CardMaker::Design(const CurrentCard& current) {
  return catalogue_.Get(*current.programme, current.card.template_name, current.design.version);
}

Result<design::RenderedCard> CardMaker::Render(const CurrentCard& current) {
  auto design = Design(current);
  if (!design.ok()) return std::move(design).error();
  return Render(*design.value(), current);
}

Result<design::RenderedCard> CardMaker::Render(const ReadyDesign& ready,
                                               const CurrentCard& current) const {
  design::Values values = CardValues(current);
  if (ready.shows_last_order && !current.member.id.empty() && !current.member.erased) {
    const cards::Programme& programme = current.programme->programme;
    const Status read = store_.Read([&](Transaction& transaction) -> Status {
      const auto last = transaction.OrdersOf(programme.id, current.member.id, kNewestOrder, 1);
      if (!last.ok()) return last.error();
      if (!last.value().empty()) SetLastOrder(last.value().front(), programme.currency, values);
      return {};
    });
    if (!read.ok()) return read.error();
  }
  return ready.design->Render(values, State(current));
}

Result<std::shared_ptr<const ReadyDesign>> CardMaker::AppleDesign(const CurrentCard& current) {
  auto design = Design(current);
  if (!design.ok() || design.value()->apple != nullptr) return design;
  return Error{.code = ErrorCode::kNotFound, .message = "this programme has no Apple Wallet cards"};
}

Result<Secret> CardMaker::AuthenticationToken(const ReadyDesign& ready,
                                              const CurrentCard& current) const {
  auto token = site_.keys->AuthenticationToken(
      current.card.key_id, ready.apple->environment().pass_type, current.card.serial);
  if (!token.ok()) return Annotate(std::move(token).error(), "authentication token");
  return token;
}

Result<std::string> CardMaker::Bundle(const CurrentCard& current) {
  const auto design = AppleDesign(current);
  if (!design.ok()) return design.error();
  const ReadyDesign& ready = *design.value();
  const auto token = AuthenticationToken(ready, current);
  if (!token.ok()) return token.error();
  const auto rendered = Render(ready, current);
  if (!rendered.ok()) return rendered.error();
  return ready.apple->Build(rendered.value(), PassIdentityOf(current, token.value()), clock_.Now());
}

Result<bool> CardMaker::OffersPersonalization(const CurrentCard& current) {
  const auto design = AppleDesign(current);
  if (!design.ok()) return design.error();
  const ReadyDesign& ready = *design.value();
  const auto token = AuthenticationToken(ready, current);
  if (!token.ok()) return token.error();
  const auto rendered = Render(ready, current);
  if (!rendered.ok()) return rendered.error();
  return ready.apple->OffersPersonalization(rendered.value(),
                                            PassIdentityOf(current, token.value()));
}

Result<GoogleCard> CardMaker::MakeGoogleCard(const CurrentCard& current) {
  auto design = Design(current);
  if (!design.ok()) return std::move(design).error();
  const ReadyDesign& ready = *design.value();
  if (ready.google == nullptr) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "this card has no counterpart in Google Wallet"};
  }
  GoogleCard card{.vertical = ready.google->vertical,
                  .class_id = ready.google_class,
                  .object_id = google::MakeObjectId(current.programme->google->issuer,
                                                    current.card.google_suffix),
                  .object = {},
                  .announcements = {}};
  const auto rendered = Render(ready, current);
  if (!rendered.ok()) return rendered.error();
  card.object = google::MakeObject(*ready.google, rendered.value(), card.class_id, card.object_id);
  card.announcements = google::AnnouncementsOf(*ready.google, rendered.value());
  return card;
}

Result<std::string> CardMaker::GoogleSaveUrl(const CurrentCard& current) {
  auto card = MakeGoogleCard(current);
  if (!card.ok()) return std::move(card).error();
  const GoogleIdentity& identity = *current.programme->google;
  auto jwt = google::SaveJwt(identity.signer,
                             {.service_account_email = identity.service_account,
                              .origins = {},
                              .language = current.member.locale},
                             card.value().vertical, card.value().object, clock_.Now());
  if (!jwt.ok()) return std::move(jwt).error();
  return google::SaveUrl(site_.google_save_url, jwt.value());
}

Result<std::string> CardMaker::GoogleSaveUrlById(const CurrentCard& current) {
  auto design = Design(current);
  if (!design.ok()) return std::move(design).error();
  const ReadyDesign& ready = *design.value();
  if (ready.google == nullptr) return GoogleSaveUrl(current);  // Which says why not.
  const GoogleIdentity& identity = *current.programme->google;
  auto jwt = google::SaveJwtById(
      identity.signer,
      {.service_account_email = identity.service_account, .origins = {}, .language = {}},
      ready.google->vertical, ready.google_class,
      google::MakeObjectId(identity.issuer, current.card.google_suffix), clock_.Now());
  if (!jwt.ok()) return std::move(jwt).error();
  return google::SaveUrl(site_.google_save_url, jwt.value());
}

Result<Json> CardMaker::GoogleClassOf(const CurrentCard& current) {
  auto design = Design(current);
  if (!design.ok()) return std::move(design).error();
  const ReadyDesign& ready = *design.value();
  if (ready.google == nullptr) return Json();
  return google::MakeClass(*ready.google, ready.google_class);
}

Result<std::optional<PublishedClass>> CardMaker::PublishedGoogleClass(
    const ProgrammeSite& programme, const TemplateName& name) {
  int version = 0;
  const Status read = store_.Read([&](Transaction& transaction) -> Status {
    auto live = LiveVersion(transaction, programme.programme.id, name);
    if (!live.ok()) return std::move(live).error();
    version = live.value();
    return {};
  });
  if (!read.ok()) return read.error();
  if (version == 0) return std::optional<PublishedClass>();
  auto design = catalogue_.Get(programme, name, version);
  if (!design.ok()) return std::move(design).error();
  const ReadyDesign& ready = *design.value();
  if (ready.google == nullptr) return std::optional<PublishedClass>();
  return std::optional(
      PublishedClass{.vertical = ready.google->vertical,
                     .class_id = ready.google_class,
                     .version = version,
                     .body = google::MakeClass(*ready.google, ready.google_class)});
}

Result<bool> CardMaker::HasGoogle(const CurrentCard& current) {
  if (current.programme->google == nullptr) return false;
  auto design = Design(current);
  if (!design.ok()) return std::move(design).error();
  return design.value()->google != nullptr;
}

}  // namespace passmint::issuance
