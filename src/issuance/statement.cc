#include "issuance/statement.h"

#include <map>
#include <utility>

#include "issuance/journal_reader.h"
#include "issuance/organisation_tables.h"
#include "issuance/owner.h"
#include "issuance/points.h"
#include "ledger/entry_asset.h"

namespace passmint::issuance {
namespace {

using ledger::Document;
using ledger::DocumentType;
using ledger::Entry;

Result<cards::Member> Living(Transaction& transaction, const ProgrammeId& programme,
                             const MemberId& id) {
  auto member = FindLivingMember(transaction, programme, id);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return Error{.code = ErrorCode::kNotFound, .message = "no such member"};
  return AccountHolder(transaction, programme, *std::move(member).value());
}

// The account with what is due posted, in memory: the entries will be the same when they are
// stored, since every command begins with them.
Result<ledger::Change> Settle(Transaction& transaction, const ProgrammeSite& programme,
                              const AccountId& account, const ledger::Need& need) {
  auto loaded = transaction.LoadAccount(programme.programme.id, account, need, transaction.Now());
  if (!loaded.ok()) return std::move(loaded).error();
  const Noted noted =
      ContextOf(transaction, {.actor = kSystemActor, .note = nullptr, .random = nullptr});
  return ledger::Apply(std::move(loaded).value(), nullptr, ledger::Settle{}, noted.context);
}

// Turns entries into lines; remembers what it looked up.
class Printer {
 public:
  // `shared`: of an organisation, for which several people act.
  Printer(Transaction& transaction, const ProgrammeId& programme, bool shared)
      : transaction_(transaction), programme_(programme), shared_(shared) {}

  Result<StatementLine> Print(const AccountId& account, const Entry& entry) {
    Json note = Json::object();
    if (!entry.note_hash.empty()) {
      auto notes = transaction_.Notes(programme_, account, entry.sequence, entry.sequence);
      if (!notes.ok()) return std::move(notes).error();
      if (!notes.value().empty()) note = std::move(notes.value().front().text);
    }
    auto card = CardOf(account, entry.document, note);
    if (!card.ok()) return std::move(card).error();
    auto user = UserOf(card.value());
    if (!user.ok()) return std::move(user).error();
    return StatementLine{.id = EntryIdText(account, entry.sequence),
                         .type = entry.type,
                         .asset = ledger::AssetOf(entry),
                         .amount = entry.amount,
                         .balance_after = entry.available_after,
                         .document = DocumentOf(entry, note),
                         .comment = note.value("reason", ""),
                         .actor = entry.actor,
                         .card = card.value() ? std::optional(card.value()->number) : std::nullopt,
                         .user = std::move(user).value(),
                         .at = entry.time,
                         .effective_at = entry.effective_at};
  }

 private:
  // The claim of a reward burns as an order does, without a source; a referral's earns so.
  static StatementDocument RewardOf(const Document& document, const Json& note) {
    const bool cancelled = document.type == DocumentType::kRefund;
    const std::string& key = cancelled ? document.parent : document.id;
    if (IsReferralReward(key)) {
      return {"referral", key, cancelled ? "Refund of a friend's order" : "Order of a friend"};
    }
    const Json named = note.value("document", Json::object());
    return {"reward", cancelled ? document.parent : document.id,
            cancelled ? "Cancelled reward" : named.value("name", "Reward")};
  }

  static std::optional<StatementDocument> DocumentOf(const Entry& entry, const Json& note) {
    const Document& document = entry.document;
    const bool of_order =
        document.type == DocumentType::kOrder || document.type == DocumentType::kRefund;
    if (of_order && document.source.empty()) return RewardOf(document, note);
    switch (document.type) {
      case DocumentType::kNone:
        return std::nullopt;
      case DocumentType::kOrder:
        return StatementDocument{"order", document.id, "Order " + document.id};
      case DocumentType::kRefund:
        return StatementDocument{"refund", document.id,
                                 "Refund " + document.id + " of order " + document.parent};
      case DocumentType::kHold:
        return StatementDocument{"hold", document.id, "Hold " + document.id};
      case DocumentType::kAdjustment:
        return AdjustmentOf(document, note);
      case DocumentType::kTransfer:
        return StatementDocument{"transfer", document.id, TransferName(entry)};
      case DocumentType::kMerge:
        return StatementDocument{"merge", document.id, "Merge of " + document.id};
      case DocumentType::kImport:
        return StatementDocument{"import", document.id, "Import " + document.id};
      case DocumentType::kCard:
        return StatementDocument{"card", document.id, CardText(note)};
      case DocumentType::kOccasion:
        return StatementDocument{"occasion", document.id, document.id + " of " + document.parent};
      case DocumentType::kEvent:
        return StatementDocument{"event", document.id, "Event " + document.id};
    }
    return std::nullopt;
  }

  static std::string RateText(const Json& ppm) {
    return ppm.is_number_integer() ? std::to_string(ppm.get<std::int64_t>()) + " ppm" : "removed";
  }

  // "Card 9000... in place of 9001...", as far as it was not erased.
  static std::string CardText(const Json& note) {
    if (note.contains("replaced")) {
      return "Card " + note.value("number", "") + " in place of " + note.value("replaced", "");
    }
    if (note.contains("rate_ppm")) return "Card, rate " + RateText(note["rate_ppm"]);
    if (note.contains("payment")) return "Card, paid by " + note.value("payment", "");
    if (note.contains("until")) return "Card, until " + note.value("until", "");
    return "Card";
  }

  // As the caller named it; once that was erased, as much as the journal says.
  static std::optional<StatementDocument> AdjustmentOf(const Document& document, const Json& note) {
    const Json named = note.value("document", Json::object());
    if (!named.empty()) {
      return StatementDocument{named.value("type", ""), named.value("id", ""),
                               named.value("name", "")};
    }
    if (document.id.empty()) return std::nullopt;
    return StatementDocument{"adjustment", document.id, "Adjustment " + document.id};
  }

  static std::string TransferName(const Entry& entry) {
    if (entry.peer.empty()) return "Transfer";  // Debt that it paid.
    if (entry.type == ledger::EntryType::kDonate) return "Donation to " + entry.peer.substr(2);
    return (entry.type == ledger::EntryType::kTransferOut ? "Transfer to " : "Transfer from ") +
           OwnerOf(AccountId(entry.peer)).str();
  }

  // The card's id as far as the journal's surroundings know it.
  Result<std::string> CardIdOf(const AccountId& account, const Document& document,
                               const Json& note) {
    if (note.contains("card")) return note.value("card", "");
    if (note.contains("cards")) return note["cards"].value(account.str(), "");
    if (document.type == DocumentType::kCard) return document.id;
    if (document.type == DocumentType::kOrder || document.type == DocumentType::kRefund) {
      const bool refund = document.type == DocumentType::kRefund;
      auto order = transaction_.FindOrder(programme_, OrderSource(document.source),
                                          OrderId(refund ? document.parent : document.id));
      if (!order.ok()) return std::move(order).error();
      return order.value() ? order.value()->card_id : std::string();
    }
    if (document.type == DocumentType::kHold) {
      auto hold = transaction_.FindHold(programme_, HoldId(document.id));
      if (!hold.ok()) return std::move(hold).error();
      return hold.value() ? hold.value()->card : std::string();
    }
    return std::string();
  }

  Result<std::optional<cards::Card>> CardOf(const AccountId& account, const Document& document,
                                            const Json& note) {
    auto id = CardIdOf(account, document, note);
    if (!id.ok()) return std::move(id).error();
    if (id.value().empty()) return std::optional<cards::Card>();
    const auto known = cards_.find(id.value());
    if (known != cards_.end()) return std::optional<cards::Card>(known->second);
    auto card = transaction_.FindCard(programme_, id.value());
    if (!card.ok()) return std::move(card).error();
    if (card.value()) cards_[id.value()] = *card.value();
    return card;
  }

  // Who carries the card, or did when they acted for the organisation.
  Result<std::optional<StatementUser>> UserOf(const std::optional<cards::Card>& card) {
    if (!shared_ || !card) return std::optional<StatementUser>();
    const MemberId& person = card->holder.empty() ? card->member : card->holder;
    const auto known = names_.find(person);
    if (known == names_.end()) {
      auto member = transaction_.FindMember(programme_, person);
      if (!member.ok()) return std::move(member).error();
      names_[person] = member.value() ? member.value()->name : std::string();
    }
    return std::optional<StatementUser>({.member = person, .name = names_[person]});
  }

  Transaction& transaction_;
  const ProgrammeId& programme_;
  const bool shared_;
  std::map<std::string, cards::Card> cards_;
  std::map<MemberId, std::string> names_;
};

using Readers = std::vector<JournalReader>;

// One for the member and one for each that was merged into it, where the page begins.
Result<Readers> OpenJournals(Transaction& transaction, const ProgrammeSite& programme,
                             const cards::Member& member, const StatementQuery& query) {
  const ProgrammeId& id = programme.programme.id;
  std::optional<JournalPlace> place;
  if (!query.cursor.empty()) {
    place = JournalPlace::From(query.cursor);
    if (!place) return InvalidInput("invalid_value", "#query/cursor", "is no cursor of ours");
  }
  auto settled = Settle(transaction, programme, member.account, {});
  if (!settled.ok()) return std::move(settled).error();
  auto members = MergedMembers(transaction, id, member.id);
  if (!members.ok()) return std::move(members).error();
  Readers readers;
  for (const MemberId& one : members.value()) {
    const bool living = one == member.id;
    JournalReader& reader =
        readers.emplace_back(transaction, id, AccountFor(one),
                             living ? settled.value().entries : std::vector<ledger::PostedEntry>());
    if (Status begun = reader.Begin(place, query.to); !begun.ok()) return std::move(begun).error();
  }
  return readers;
}

// The reader with the newest entry; null if all are at their end.
Result<JournalReader*> Newest(Readers& readers) {
  JournalReader* newest = nullptr;
  std::pair<Timestamp, AccountId> best;
  for (JournalReader& reader : readers) {
    auto entry = reader.Peek();
    if (!entry.ok()) return std::move(entry).error();
    if (entry.value() == nullptr) continue;
    std::pair<Timestamp, AccountId> at(entry.value()->time, reader.account());
    if (newest != nullptr && at < best) continue;
    newest = &reader;
    best = std::move(at);
  }
  return newest;
}

}  // namespace

Result<Statement> GetStatement(Transaction& transaction, const ProgrammeSite& programme,
                               const StatementQuery& query) {
  auto member = Living(transaction, programme.programme.id, query.member);
  if (!member.ok()) return std::move(member).error();
  auto readers = OpenJournals(transaction, programme, member.value(), query);
  if (!readers.ok()) return std::move(readers).error();
  auto organisation =
      transaction.Organisations().FindOrganisationOf(programme.programme.id, member.value().id);
  if (!organisation.ok()) return std::move(organisation).error();
  Printer printer(transaction, programme.programme.id, organisation.value().has_value());
  Statement statement;
  JournalPlace last;
  while (true) {
    auto reader = Newest(readers.value());
    if (!reader.ok()) return std::move(reader).error();
    if (reader.value() == nullptr) return statement;
    auto entry = reader.value()->Peek();
    if (!entry.ok()) return std::move(entry).error();
    if (query.from && entry.value()->time < *query.from) return statement;
    if (statement.lines.size() == static_cast<std::size_t>(query.limit)) {
      statement.next = last.Text();
      return statement;
    }
    auto line = printer.Print(reader.value()->account(), *entry.value());
    if (!line.ok()) return std::move(line).error();
    last = {entry.value()->time, reader.value()->account(), entry.value()->sequence};
    statement.lines.push_back(std::move(line).value());
    reader.value()->Pop();
  }
}

Result<Wallet> GetWallet(Transaction& transaction, const ProgrammeSite& programme,
                         const MemberId& id) {
  auto member = Living(transaction, programme.programme.id, id);
  if (!member.ok()) return std::move(member).error();
  // Many lots may expire at one instant.
  auto settled = Settle(transaction, programme, member.value().account, AllPoints());
  if (!settled.ok()) return std::move(settled).error();
  const ledger::Account& account = settled.value().account;
  Wallet wallet;
  wallet.member = member.value().id;
  wallet.points = Balances(account);
  if (account.sequence > 0) wallet.as_of = EntryIdText(account.id, account.sequence);
  wallet.next_expiry = NextExpiryOf(account);
  return wallet;
}

}  // namespace passmint::issuance
