#include "issuance/reminders.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/money.h"
#include "issuance/card_life.h"
#include "issuance/tier_tables.h"
#include "ledger/codec.h"
#include "programme/occurrence.h"
#include "programme/period.h"

namespace passmint::issuance {
namespace {

using programme::Message;
using std::chrono::sys_days;
using std::chrono::year_month_day;

// A member's newest entries among which their last activity is looked for.
constexpr int kEntriesLooked = 50;
// So many purchases show how often somebody comes.
constexpr std::size_t kPurchasesLeast = 3;

std::string RuleOf(const Message& message) { return "message:" + message.id; }

// "2026-12-31"; in Russian "31.12.2026".
std::string DateText(sys_days day, std::string_view locale) {
  const year_month_day date(day);
  if (!locale.starts_with("ru")) return FormatDate(date);
  return fmt::format("{:02}.{:02}.{:04}", static_cast<unsigned>(date.day()),
                     static_cast<unsigned>(date.month()), static_cast<int>(date.year()));
}

std::string KeyOf(sys_days day) { return FormatDate(year_month_day(day)); }

// In the member's language; else in the programme's first that it is written in.
std::string TextOf(const Message& message, const std::string& locale,
                   const std::vector<std::string>& languages) {
  std::vector<std::string> wanted = {locale, locale.substr(0, locale.find('-'))};
  wanted.insert(wanted.end(), languages.begin(), languages.end());
  for (const std::string& language : wanted) {
    for (const auto& [written, text] : message.texts) {
      if (written == language) return text;
    }
  }
  return message.texts.empty() ? std::string() : message.texts.front().second;
}

void Fill(std::string& text, std::string_view place, const std::string& value) {
  const std::size_t at = text.find(place);
  if (at != std::string::npos) text.replace(at, place.size(), value);
}

// What is told, before its words.
struct Told {
  std::string occurrence;
  std::int64_t points = 0;
  sys_days day = {};
  std::string level = {};  // Of a level that falls: the one below.
};
using Candidates = std::vector<Told>;  // The first that was not told is.

class Look {
 public:
  Look(Transaction& transaction, const ProgrammeSite& programme, const calendar::TimeZone& zone,
       const ReminderRequest& request)
      : transaction_(transaction),
        programme_(programme),
        zone_(zone),
        request_(request),
        today_(zone.DayAt(request.at)) {}

  Result<Candidates> Run() {
    switch (request_.message.about) {
      case Message::About::kExpiring:
        return Expiring();
      case Message::About::kUnspent:
        return Unspent();
      case Message::About::kNextPurchase:
        return NextPurchase();
      case Message::About::kBirthday:
        return Birthday();
      case Message::About::kTierFalling:
        return TierFalling();
    }
    return Candidates();
  }

 private:
  const ProgrammeId& id() const { return programme_.programme.id; }
  sys_days After(sys_days day) const {
    return programme::Later(year_month_day(day), request_.message.time);
  }

  // All lots of points that can be spent.
  Result<ledger::Account> Account() {
    const ledger::AssetId points(ledger::kPointsAsset);
    auto account = transaction_.LoadAccount(
        id(), request_.member.account,
        {.cover = {{points, ledger::kAmountMax}}, .lots = {}, .all = false}, transaction_.Now());
    if (!account.ok()) return account;
    return ledger::Settled(account.value(), transaction_.Now());
  }

  Result<Candidates> Expiring() {
    const auto account = Account();
    if (!account.ok()) return account.error();
    std::map<sys_days, std::int64_t> last_days;
    for (const ledger::Lot& lot : account.value().lots) {
      const bool ends = lot.expires_at != ledger::kNever && lot.expires_at > request_.at;
      if (lot.asset != ledger::AssetId(ledger::kPointsAsset) || lot.available == 0 || !ends) {
        continue;
      }
      // Points that end at midnight are good until the day before.
      const sys_days day(zone_.DayAt(lot.expires_at - std::chrono::microseconds(1)));
      if (day <= After(today_)) last_days[day] += lot.available;
    }
    Candidates found;
    for (const auto& [day, points] : last_days) {
      found.push_back({.occurrence = KeyOf(day), .points = points, .day = day});
    }
    return found;
  }

  static bool IsActivity(ledger::EntryType type) {
    using ledger::EntryType;
    return type == EntryType::kEarn || type == EntryType::kBurn || type == EntryType::kCapture ||
           type == EntryType::kImport || type == EntryType::kTransferIn ||
           type == EntryType::kTransferOut || type == EntryType::kActivity;
  }

  Result<Candidates> Unspent() {
    const auto account = Account();
    if (!account.ok()) return account.error();
    const std::int64_t points =
        account.value().balance(ledger::AssetId(ledger::kPointsAsset)).available;
    if (points == 0) return Candidates();
    const auto entries =
        transaction_.EntriesBefore(id(), request_.member.account, 0, kEntriesLooked);
    if (!entries.ok()) return entries.error();
    for (const JournalEntry& entry : entries.value()) {
      const auto body = ledger::DecodeBody(entry.sequence, entry.body);
      if (!body.ok()) return body.error();
      if (!IsActivity(body.value().type)) continue;
      const sys_days day(zone_.DayAt(body.value().time));
      if (After(day) > today_) return Candidates();
      return Candidates{
          {.occurrence = "since " + std::to_string(entry.sequence), .points = points, .day = day}};
    }
    return Candidates();
  }

  Result<Candidates> NextPurchase() {
    const auto orders = transaction_.PastOrders(id(), request_.member.id);
    if (!orders.ok()) return orders.error();
    std::vector<sys_days> days;
    for (const PastOrder& order : orders.value()) {
      const bool kept =
          std::any_of(order.record.lines.begin(), order.record.lines.end(),
                      [](const ledger::LineRecord& line) { return line.gross_left() > 0; });
      if (kept) days.emplace_back(zone_.DayAt(order.paid_at));
    }
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    if (days.size() < kPurchasesLeast) return Candidates();
    std::vector<std::chrono::days> gaps;
    for (std::size_t i = 1; i < days.size(); ++i) gaps.push_back(days[i] - days[i - 1]);
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>((gaps.size() - 1) / 2);
    std::nth_element(gaps.begin(), middle, gaps.end());
    const sys_days expected = days.back() + *middle;
    if (After(expected) > today_) return Candidates();
    return Candidates{{.occurrence = "after " + KeyOf(days.back()), .points = 0, .day = expected}};
  }

  Result<Candidates> Birthday() {
    const auto& born = request_.member.birthday;
    if (!born) return Candidates();
    const year_month_day today(today_);
    for (const std::chrono::year year : {today.year(), today.year() + std::chrono::years(1)}) {
      const sys_days day(programme::BirthdayIn(year, *born, request_.rules.leap_birthday));
      if (day < today_ || day > After(today_)) continue;
      return Candidates{
          {.occurrence = std::to_string(static_cast<int>(year)), .points = 0, .day = day}};
    }
    return Candidates();
  }

  // What is kept is kept in time: levels are looked at before messages are told.
  Result<Candidates> TierFalling() {
    const auto kept = transaction_.Tiers().FindTier(id(), request_.member.id);
    if (!kept.ok()) return kept.error();
    const bool falls = kept.value() && kept.value()->falls_at > request_.at;
    if (!falls) return Candidates();
    const sys_days day(zone_.DayAt(*kept.value()->falls_at));
    if (day > After(today_)) return Candidates();
    return Candidates{{.occurrence = kept.value()->level + " until " + KeyOf(day),
                       .points = 0,
                       .day = day,
                       .level = kept.value()->falls_to}};
  }

  Transaction& transaction_;
  const ProgrammeSite& programme_;
  const calendar::TimeZone& zone_;
  const ReminderRequest& request_;
  sys_days today_;
};

}  // namespace

Result<std::optional<Reminder>> ReminderFor(Transaction& transaction,
                                            const ProgrammeSite& programme,
                                            const calendar::TimeZone& zone,
                                            const ReminderRequest& request) {
  const auto candidates = Look(transaction, programme, zone, request).Run();
  if (!candidates.ok()) return candidates.error();
  const std::string& locale = request.member.locale;
  for (const Told& told : candidates.value()) {
    const auto known = transaction.FindAward(programme.programme.id, request.member.id,
                                             RuleOf(request.message), told.occurrence);
    if (!known.ok()) return known.error();
    if (known.value()) continue;
    Reminder reminder{.occurrence = told.occurrence,
                      .text = TextOf(request.message, locale, programme.programme.languages)};
    Fill(reminder.text, "{points}", FormatMajor(told.points, request.rules.exponent));
    Fill(reminder.text, "{level}", told.level);
    Fill(reminder.text, "{date}", DateText(told.day, locale));
    return std::optional<Reminder>(std::move(reminder));
  }
  return std::optional<Reminder>();
}

Result<bool> Remind(Transaction& transaction, const ProgrammeSite& programme,
                    const calendar::TimeZone& zone, const ReminderRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  const auto reminder = ReminderFor(transaction, programme, zone, request);
  if (!reminder.ok()) return reminder.error();
  if (!reminder.value()) return false;
  cards::Member member = request.member;
  const bool room = member.attributes.contains(kReminderAttribute) ||
                    member.attributes.size() < cards::kAttributesMax;
  if (!room) return false;
  const auto first = transaction.InsertAward(id, {.member = request.member.id,
                                                  .rule = RuleOf(request.message),
                                                  .occurrence = reminder.value()->occurrence,
                                                  .given_at = transaction.Now(),
                                                  .rule_set = request.rules.version,
                                                  .count = 1,
                                                  .points = 0,
                                                  .entry = {},
                                                  .limits = Json::object()});
  if (!first.ok()) return first.error();
  if (!first.value()) return false;  // Another process was faster.
  member.attributes[kReminderAttribute] = reminder.value()->text;
  member.changed_at = transaction.Now();
  Status put = transaction.UpdateMember(id, member);
  if (!put.ok()) return std::move(put).error();
  Status touched = TouchCardsOf(transaction, id, request.member.id);
  if (!touched.ok()) return std::move(touched).error();
  return true;
}

}  // namespace passmint::issuance
