#include "issuance/journal_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "ledger/codec.h"

namespace passmint::issuance {
namespace {

using ledger::Entry;

constexpr int kPage = 64;

std::optional<std::int64_t> Integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string JournalPlace::Text() const {
  return std::to_string(ToMicros(time)) + "." + std::to_string(sequence) + "." + account.str();
}

std::optional<JournalPlace> JournalPlace::From(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto time = Integer(text.substr(0, first));
  const auto sequence = Integer(text.substr(first + 1, second - first - 1));
  if (!time || !sequence || *sequence < 1) return std::nullopt;
  return JournalPlace{.time = FromMicros(*time),
                      .account = AccountId(std::string(text.substr(second + 1))),
                      .sequence = *sequence};
}

JournalReader::JournalReader(Transaction& transaction, const ProgrammeId& programme,
                             AccountId account, const std::vector<ledger::PostedEntry>& due)
    : transaction_(transaction), programme_(programme), account_(std::move(account)) {
  for (const ledger::PostedEntry& posted : due) due_.push_back(posted.entry);
}

Status JournalReader::Begin(const std::optional<JournalPlace>& place,
                            const std::optional<Timestamp>& to) {
  auto newest = transaction_.EntriesBefore(programme_, account_, 0, 1);
  if (!newest.ok()) return std::move(newest).error();
  stored_ = newest.value().empty() ? 0 : newest.value().front().sequence;
  next_ = stored_ + static_cast<std::int64_t>(due_.size());
  if (place && place->account == account_) {
    next_ = std::min(next_, place->sequence - 1);
  } else if (place) {
    // Entries of one instant stand in descending order of their accounts.
    auto count = CountBefore(place->time, account_ < place->account);
    if (!count.ok()) return std::move(count).error();
    next_ = count.value();
  }
  if (!to) return {};
  auto count = CountBefore(*to, false);
  if (!count.ok()) return std::move(count).error();
  next_ = std::min(next_, count.value());
  return {};
}

Result<Entry> JournalReader::At(std::int64_t sequence) const {
  if (sequence > stored_) return due_[static_cast<std::size_t>(sequence - stored_ - 1)];
  auto found = transaction_.FindEntry(programme_, account_, sequence);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) {
    return Error{.code = ErrorCode::kInternal, .message = "an entry of the journal is missing"};
  }
  return ledger::DecodeBody(sequence, found.value()->body);
}

Result<std::int64_t> JournalReader::CountBefore(Timestamp time, bool with) const {
  std::int64_t low = 0;
  std::int64_t high = stored_ + static_cast<std::int64_t>(due_.size());
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    auto entry = At(middle);
    if (!entry.ok()) return std::move(entry).error();
    const bool before = entry.value().time < time || (with && entry.value().time == time);
    if (before)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

Result<const Entry*> JournalReader::Peek() {
  if (next_ == 0) return nullptr;
  if (!page_.empty()) return &page_.front();
  if (next_ > stored_) {
    page_.push_back(due_[static_cast<std::size_t>(next_ - stored_ - 1)]);
    return &page_.front();
  }
  auto entries = transaction_.EntriesBefore(programme_, account_, next_ + 1, kPage);
  if (!entries.ok()) return std::move(entries).error();
  for (const JournalEntry& stored : entries.value()) {
    auto entry = ledger::DecodeBody(stored.sequence, stored.body);
    if (!entry.ok()) return std::move(entry).error();
    page_.push_back(std::move(entry).value());
  }
  if (page_.empty()) {
    return Error{.code = ErrorCode::kInternal, .message = "an entry of the journal is missing"};
  }
  return &page_.front();
}

void JournalReader::Pop() {
  page_.pop_front();
  --next_;
}

}  // namespace passmint::issuance
