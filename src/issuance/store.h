#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/points.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "cards/card.h"
#include "cards/member.h"
#include "design/template_files.h"
#include "issuance/award_tables.h"
#include "issuance/coupon_tables.h"
#include "issuance/delivery_tables.h"
#include "issuance/design_version.h"
#include "issuance/google_tables.h"
#include "issuance/ledger_tables.h"
#include "issuance/phone_tables.h"
#include "issuance/programme_tables.h"
#include "issuance/referral_tables.h"
#include "issuance/reward_tables.h"
#include "json/json.h"
#include "ledger/order.h"

namespace passmint::issuance {

class CardTermsTables;
class OrganisationTables;
class ReplayTables;
class StaffTables;
class TierTables;

// Roles of an API key, as in contract/api.md section 1; stored by name.
enum class Role { kShop, kDesigner, kApprover, kOperator, kAdmin };

struct ApiKey {
  std::string id;  // Public half of the key, printed in lists.
  ApiKeyName name;
  ProgrammeId programme;
  std::vector<Role> roles;
  std::string secret_hash;  // HMAC-SHA-256 in hex; the key itself is never stored.
  OrderSource source;       // The default `source` of its orders.
  MemberId member = {};     // Whose key it is, if that person has a card; empty: nobody's.
  Timestamp created_at;
  std::optional<Timestamp> revoked_at;
};

// A sale as the shop reported it. Its content is compared by `fingerprint` when the same order
// comes again.
struct Order {
  OrderId id;
  OrderSource source;
  std::string fingerprint;  // Over source, currency, total, lines and identity as sent.
  MemberId member;
  std::string card_id;
  std::int64_t total_minor = 0;
  Timestamp paid_at;
  Timestamp received_at;
  // The request without who the customer is, as JSON, with what the rules knew of them where they
  // looked at it (kept_order.h). Erased with the customer's data.
  std::string body;
  Json answer;                 // The points object and the warnings of the first answer; no links.
  AccountId account;           // That it was paid on.
  ledger::OrderRecord record;  // What it earned and burned, and what refunds took back.
};

// A template that is being worked on.
struct TemplateDraft {
  TemplateName name;
  std::string etag;
  design::TemplateFiles files;
  ApiKeyName author;
  Timestamp updated_at;
};

// The answer that an idempotency key stands for.
struct StoredAnswer {
  std::string fingerprint;  // HMAC of the request's body.
  int status = 0;
  std::string body;
};

// Everything the use cases need to read and write, inside one transaction of one programme-aware
// store. Not safe for concurrent use; lives only during the function that Store::Write or Read was
// given.
//
// Every call may fail with kUnavailable (the database did not answer, the disk is full) or
// kInternal (damaged data); a failed call fails the whole transaction. Other failures are named at
// the call.
class Transaction : public LedgerTables,
                    public DeliveryTables,
                    public PhoneTables,
                    public GoogleTables,
                    public ProgrammeTables,
                    public CouponTables,
                    public RewardTables,
                    public AwardTables,
                    public ReferralTables {
 public:
  virtual ~Transaction() = default;

  // The store's clock: the instant the transaction began, the same during all of it.
  virtual Timestamp Now() const = 0;

  // Members and identities.
  virtual Result<std::optional<cards::Member>> FindMember(const ProgrammeId&, const MemberId&) = 0;
  virtual Result<std::optional<MemberId>> FindMemberByIdentity(const ProgrammeId&,
                                                               cards::IdentityType,
                                                               const std::string& value) = 0;
  virtual Result<std::vector<cards::Identity>> Identities(const ProgrammeId&, const MemberId&) = 0;
  // FindMemberByIdentity, FindMember and Identities in one look, which also sees the member's cards
  // and account: CardsOfMember and LoadAccount cost nothing after it.
  struct KnownMember {
    cards::Member member;
    std::vector<cards::Identity> identities;
  };
  virtual Result<std::optional<KnownMember>> FindKnownMember(const ProgrammeId&,
                                                             cards::IdentityType,
                                                             const std::string& value) = 0;
  virtual Status InsertMember(const ProgrammeId&, const cards::Member&) = 0;
  virtual Status UpdateMember(const ProgrammeId&, const cards::Member&) = 0;
  // False if the identity belongs to another member already; then nothing was written.
  virtual Result<bool> AttachIdentity(const ProgrammeId&, const MemberId&,
                                      const cards::Identity&) = 0;
  virtual Status DetachIdentity(const ProgrammeId&, const MemberId&, cards::IdentityType) = 0;
  // After a merge: what hangs on `from` hangs on `to` from now on: identities, cards, orders,
  // codes, claims and stored answers. Identities that came so are listed behind the member's own.
  virtual Status MoveBelongings(const ProgrammeId&, const MemberId& from, const MemberId& to) = 0;
  // Those with this merged_into, by id.
  virtual Result<std::vector<MemberId>> MergedInto(const ProgrammeId&, const MemberId&) = 0;
  // Removes name, birthday, locale, attributes, identities, and the bodies of orders and stored
  // answers that hold personal data of the member.
  virtual Status EraseMember(const ProgrammeId&, const MemberId&) = 0;

  // Cards. FindCardByNumber also finds by a number that was replaced.
  virtual Result<std::optional<cards::Card>> FindCard(const ProgrammeId&,
                                                      const std::string& id) = 0;
  struct Numbered {
    cards::Card card;
    bool compromised = false;  // The number was given up as compromised (MoveCardNumbers).
  };
  virtual Result<std::optional<Numbered>> FindCardByNumber(const ProgrammeId&,
                                                           const CardNumber&) = 0;
  // Newest first.
  virtual Result<std::vector<cards::Card>> CardsOfMember(const ProgrammeId&, const MemberId&) = 0;
  // False if the number is or was in use; then nothing was written.
  virtual Result<bool> InsertCard(const ProgrammeId&, const cards::Card&) = 0;
  // Writes every column; a changed number is added to the numbers that resolve to the card. False
  // if that number is or was in use by another card.
  virtual Result<bool> UpdateCard(const ProgrammeId&, const cards::Card&) = 0;
  // Writes revision and changed_at only.
  virtual Status UpdateCardRevision(const ProgrammeId&, const cards::Card&) = 0;
  // Every number that resolves to `from` resolves to `to` from now on, as compromised; `from` keeps
  // its own as a memory.
  virtual Status MoveCardNumbers(const ProgrammeId&, const std::string& from,
                                 const std::string& to) = 0;
  // Over all programmes: these secrets are unique in the store.
  struct Located {
    ProgrammeId programme;
    cards::Card card;
  };
  virtual Result<std::optional<Located>> FindCardByLinkToken(const LinkToken&) = 0;
  virtual Result<std::optional<Located>> FindCardBySerial(const SerialNumber&) = 0;
  // Cards whose temporary block was over at `now` and still stands there, the longest over first.
  struct CardOfProgramme {
    ProgrammeId programme;
    std::string card;
  };
  virtual Result<std::vector<CardOfProgramme>> BlocksEnded(Timestamp now, int limit) = 0;
  // The first instant after `now` at which a temporary block ends; nothing if none does.
  virtual Result<std::optional<Timestamp>> NextBlockEndAfter(Timestamp now) = 0;

  // Orders. InsertOrder fails with kUnavailable, reason "lost_race", if (source, id) exists: at
  // once or, at the latest, before the commit. FindOrder first tells.
  virtual Result<std::optional<Order>> FindOrder(const ProgrammeId&, const OrderSource&,
                                                 const OrderId&) = 0;
  virtual Status InsertOrder(const ProgrammeId&, const Order&) = 0;

  // Designs.
  virtual Result<std::vector<TemplateName>> Templates(const ProgrammeId&) = 0;
  // Without files; newest first.
  virtual Result<std::vector<DesignVersion>> DesignVersions(const ProgrammeId&,
                                                            const TemplateName&) = 0;
  // The newest changed_at of the template's versions; nothing if it has none.
  virtual Result<std::optional<Timestamp>> NewestDesignChange(const ProgrammeId&,
                                                              const TemplateName&) = 0;
  virtual Result<std::optional<DesignVersion>> FindDesignVersion(const ProgrammeId&,
                                                                 const TemplateName&,
                                                                 int version) = 0;
  virtual Status InsertDesignVersion(const ProgrammeId&, const DesignVersion&) = 0;
  // Writes ring, changed_at and withdrawal of a version that exists.
  virtual Status UpdateDesignRing(const ProgrammeId&, const DesignVersion&) = 0;
  virtual Result<std::optional<TemplateDraft>> FindDraft(const ProgrammeId&,
                                                         const TemplateName&) = 0;
  // The draft's etag alone, without a lock.
  virtual Result<std::optional<std::string>> FindDraftTag(const ProgrammeId&,
                                                          const TemplateName&) = 0;
  virtual Status PutDraft(const ProgrammeId&, const TemplateDraft&) = 0;
  // The newest changed_at of the template's cards; nothing if it has none. In a write no card
  // changes from here on until the end (store/README.md, "Locks").
  virtual Result<std::optional<Timestamp>> NewestCardChange(const ProgrammeId&,
                                                            const TemplateName&) = 0;

  // Images that Google fetches, by SHA-256 in hex. Putting the same again changes nothing.
  virtual Status PutImage(const std::string& sha256, const std::string& png) = 0;
  virtual Result<std::optional<std::string>> FindImage(const std::string& sha256) = 0;

  // Idempotency. `scope` is programme, method and path. PutAnswer fails with kUnavailable, reason
  // "lost_race", if the key has an answer already: at once or, at the latest, at the commit.
  virtual Result<std::optional<StoredAnswer>> FindAnswer(const std::string& scope,
                                                         const IdempotencyKey&) = 0;
  virtual Status PutAnswer(const std::string& scope, const IdempotencyKey&, const StoredAnswer&,
                           const std::optional<MemberId>& about, Timestamp expires_at) = 0;

  // API keys.
  virtual Status InsertApiKey(const ApiKey&) = 0;
  virtual Result<std::optional<ApiKey>> FindApiKey(const std::string& id) = 0;
  virtual Result<std::vector<ApiKey>> ApiKeys(const ProgrammeId&) = 0;
  virtual Result<bool> RevokeApiKey(const ProgrammeId&, const std::string& id, Timestamp at) = 0;

  // Tables that few use cases touch; each has a header of its own.
  virtual TierTables& Tiers() = 0;                  // tier_tables.h
  virtual CardTermsTables& CardTerms() = 0;         // card_terms_tables.h
  virtual OrganisationTables& Organisations() = 0;  // organisation_tables.h
  virtual StaffTables& Staff() = 0;                 // staff_tables.h
  virtual ReplayTables& Replays() = 0;              // replay_tables.h

  // Small facts about the store itself, such as the fingerprint of its master key.
  virtual Result<std::optional<std::string>> FindSetting(const std::string& name) = 0;
  virtual Status PutSetting(const std::string& name, const std::string& value) = 0;
};

// Safe for concurrent calls.
class Store {
 public:
  virtual ~Store() = default;

  // Runs `fn` in one transaction and returns once its writes are on stable storage. If `fn` fails
  // nothing is written and its error is returned. `fn` may run more than once, so it touches
  // nothing outside but what it overwrites whole. Also fails with kUnavailable if the commit did
  // not succeed: it may or may not have happened, so run it again with the same keys.
  virtual Status Write(const std::function<Status(Transaction&)>& fn) = 0;

  // Runs `fn` on a consistent snapshot that holds every write acknowledged before. Writing fails.
  virtual Status Read(const std::function<Status(Transaction&)>& fn) const = 0;

  // Whether it can be relied on now. Fails with kUnavailable if it does not answer, and with reason
  // "clock_apart" if the clock of its machine is more than a second from ours: instants that
  // several processes write would contradict each other.
  virtual Status Ready() const { return {}; }

  // After much was written at once (an import, a restore): lets the engine look at how its tables
  // have grown before it plans the next statements. May be called while others read and write.
  // Takes up to seconds. Fails as Write.
  virtual Status RefreshStatistics() { return {}; }
};

}  // namespace passmint::issuance
