#include "store/lot_rows.h"

#include <algorithm>
#include <map>

#include "ledger/codec.h"
#include "store/columns.h"

namespace passmint::store {
namespace {

using ledger::Account;
using ledger::Lot;
using ledger::LotId;
using ledger::SpentBefore;
using sql::Bytes;
using sql::Row;
using sql::Statement;

// How many lots one query of the spend order reads.
constexpr int kCoverBatch = 64;

constexpr Statement kLotsDue(
    "SELECT state FROM lot WHERE programme = $1 AND account = $2 AND due <= $3");
constexpr Statement kLotById(
    "SELECT state FROM lot WHERE programme = $1 AND account = $2 AND id = $3");
constexpr Statement kAllLots("SELECT state FROM lot WHERE programme = $1 AND account = $2");
// What index lot_that_slides holds.
constexpr Statement kLotsThatSlide(
    "SELECT state FROM lot WHERE programme = $1 AND account = $2 AND slides > 0");
constexpr Statement kLotsInSpendOrder(
    "SELECT state, expires_at, id FROM lot WHERE programme = $1 AND account = $2 AND available > 0"
    " AND (expires_at, id) > ($3, $4) ORDER BY expires_at, id LIMIT $5");
constexpr Statement kNextDue(
    "SELECT due FROM lot WHERE programme = $1 AND account = $2 AND due IS NOT NULL"
    " ORDER BY due LIMIT 1");
constexpr Statement kPutLot(
    "INSERT INTO lot (programme, account, id, expires_at, available, due, slides, state)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    " ON CONFLICT (programme, account, id) DO UPDATE SET expires_at = excluded.expires_at,"
    " available = excluded.available, due = excluded.due, slides = excluded.slides,"
    " state = excluded.state");
constexpr Statement kDropLot("DELETE FROM lot WHERE programme = $1 AND account = $2 AND id = $3");

const Lot* Find(const Account& account, LotId id) {
  for (const Lot& lot : account.lots) {
    if (lot.id == id) return &lot;
  }
  return nullptr;
}

bool Slides(const Lot& lot) { return lot.slides && lot.open(); }

std::optional<std::int64_t> DueOf(const Lot& lot) {
  Timestamp due = ledger::kNever;
  if (lot.pending > 0) due = std::min(lot.activates_at, lot.expires_at);
  if (lot.available > 0) due = std::min(due, lot.expires_at);
  if (due == ledger::kNever) return std::nullopt;
  return ToMicros(due);
}

// What the loaded lots, in spend order and without a gap, still lack of what is to be covered.
class Missing {
 public:
  Missing(const ledger::Need& need, Timestamp now)
      : left_(need.cover), now_(now), without_sliding_(need.sliding) {}

  void Count(const Lot& lot) {
    if (without_sliding_ && lot.slides) return;
    const auto asset = left_.find(lot.asset);
    if (asset != left_.end() && lot.expires_at > now_) asset->second -= lot.available;
  }
  bool any() const {
    return std::any_of(left_.begin(), left_.end(), [](const auto& one) { return one.second > 0; });
  }

 private:
  std::map<ledger::AssetId, std::int64_t> left_;
  Timestamp now_;
  bool without_sliding_;
};

// How many of `open` (in spend order) stay in the account's row.
std::vector<const Lot*> NearLots(const std::vector<const Lot*>& open, const LoadedLots& loaded,
                                 bool more_unloaded) {
  const auto precedes = [&loaded](const Lot& lot) {
    return !loaded.first_unloaded || std::pair(lot.expires_at, lot.id) < *loaded.first_unloaded;
  };
  const bool fits = !more_unloaded && open.size() <= kNearLotsMax;
  const std::size_t keep = open.size() <= kNearLotsMax ? kNearLotsMax : kNearLotsKept;
  std::vector<const Lot*> near;
  std::size_t kept = 0;
  for (const Lot* lot : open) {
    const bool first = fits || (kept < keep && precedes(*lot));
    if (first) ++kept;
    if (first || lot->held > 0) near.push_back(lot);
  }
  return near;
}

}  // namespace

Status LotRows::Add(Account& account, const Row& row, LoadedLots& loaded) {
  auto lot = ledger::DecodeLot(row.Bytes(0));
  if (!lot.ok()) return Damaged("lot.state");
  if (!loaded.rows.insert(lot.value().id).second) return {};
  if (lot.value().open()) ++loaded.far_loaded;
  if (Slides(lot.value())) ++loaded.far_sliding_loaded;
  account.lots.push_back(std::move(lot).value());
  return {};
}

Status LotRows::Load(Account& account, const ledger::Need& need, Timestamp now,
                     LoadedLots& loaded) {
  if (need.all) {
    if (Status done = LoadAll(account, loaded); !done.ok()) return done;
  } else {
    if (Status done = LoadNamed(account, need, loaded); !done.ok()) return done;
    if (need.sliding && loaded.far_sliding > 0) {
      if (Status done = LoadSliding(account, loaded); !done.ok()) return done;
    }
    if (loaded.far_lots > 0) {
      if (Status done = LoadCover(account, need, now, loaded); !done.ok()) return done;
      if (Status done = LoadDue(account, now, loaded); !done.ok()) return done;
      if (Status done = FindFirstUnloaded(account, loaded); !done.ok()) return done;
    }
  }
  if (!loaded.rows.empty()) std::sort(account.lots.begin(), account.lots.end(), SpentBefore);
  return {};
}

Status LotRows::LoadAll(Account& account, LoadedLots& loaded) {
  return connection_.Query(kAllLots, {programme_, account_},
                           [&](const Row& row) -> Status { return Add(account, row, loaded); });
}

Status LotRows::LoadSliding(Account& account, LoadedLots& loaded) {
  return connection_.Query(kLotsThatSlide, {programme_, account_},
                           [&](const Row& row) -> Status { return Add(account, row, loaded); });
}

Status LotRows::LoadDue(Account& account, Timestamp now, LoadedLots& loaded) {
  return connection_.Query(kLotsDue, {programme_, account_, ToMicros(now)},
                           [&](const Row& row) -> Status { return Add(account, row, loaded); });
}

Status LotRows::LoadNamed(Account& account, const ledger::Need& need, LoadedLots& loaded) {
  for (const LotId id : need.lots) {
    if (Find(account, id) != nullptr) continue;
    Status done =
        connection_.Query(kLotById, {programme_, account_, id},
                          [&](const Row& row) -> Status { return Add(account, row, loaded); });
    if (!done.ok()) return done;
  }
  return {};
}

// The account's row comes first in spend order, so what is in it counts first.
Status LotRows::LoadCover(Account& account, const ledger::Need& need, Timestamp now,
                          LoadedLots& loaded) {
  Missing missing(need, now);
  for (const Lot& lot : account.lots) {
    if (!loaded.rows.contains(lot.id)) missing.Count(lot);
  }
  std::int64_t last_expiry = ToMicros(Timestamp::min());
  LotId last_id = 0;
  for (bool more = missing.any(); more && missing.any();) {
    int count = 0;
    Status done = connection_.Query(kLotsInSpendOrder,
                                    {programme_, account_, last_expiry, last_id, kCoverBatch},
                                    [&](const Row& row) -> Status {
                                      ++count;
                                      last_expiry = row.Integer(1);
                                      last_id = row.Integer(2);
                                      if (Status added = Add(account, row, loaded); !added.ok())
                                        return added;
                                      if (const Lot* lot = Find(account, last_id))
                                        missing.Count(*lot);
                                      return {};
                                    });
    if (!done.ok()) return done;
    more = count == kCoverBatch;
  }
  return {};
}

Status LotRows::FindFirstUnloaded(const Account&, LoadedLots& loaded) {
  std::int64_t last_expiry = ToMicros(Timestamp::min());
  LotId last_id = 0;
  while (true) {
    std::optional<std::pair<Timestamp, LotId>> first;
    bool any = false;
    Status done = connection_.Query(kLotsInSpendOrder,
                                    {programme_, account_, last_expiry, last_id, kCoverBatch},
                                    [&](const Row& row) -> Status {
                                      any = true;
                                      last_expiry = row.Integer(1);
                                      last_id = row.Integer(2);
                                      if (!first && !loaded.rows.contains(last_id)) {
                                        first = std::pair(FromMicros(last_expiry), last_id);
                                      }
                                      return {};
                                    });
    if (!done.ok()) return done;
    if (first) loaded.first_unloaded = first;
    if (first || !any) return {};
  }
}

Status LotRows::Write(const Lot& lot) {
  return connection_.Send(
      kPutLot, {programme_, account_, lot.id, ToMicros(lot.expires_at), lot.available, DueOf(lot),
                Slides(lot) ? std::int64_t{1} : std::int64_t{0}, Bytes{ledger::EncodeLot(lot)}});
}

Result<LotRows::Near> LotRows::Save(const ledger::Change& change, const LoadedLots& loaded) {
  Near result;
  const Account& after = change.account;
  const std::int64_t unloaded = loaded.far_lots - loaded.far_loaded;
  result.far_sliding = loaded.far_sliding - loaded.far_sliding_loaded;
  std::vector<const Lot*> open;
  for (const Lot& lot : after.lots) {
    if (lot.open()) open.push_back(&lot);
    if (Slides(lot)) ++result.far_sliding;
  }
  const std::vector<const Lot*> near = NearLots(open, loaded, unloaded > 0);
  result.account = after;
  result.account.lots.clear();
  std::set<LotId> near_ids;
  for (const Lot* lot : near) {
    result.account.lots.push_back(*lot);
    near_ids.insert(lot->id);
    if (Slides(*lot)) --result.far_sliding;
  }
  result.far_lots = unloaded + static_cast<std::int64_t>(open.size() - near.size());
  for (const Lot& lot : after.lots) {
    const bool has_row = loaded.rows.contains(lot.id);
    const bool touched = std::binary_search(change.touched.begin(), change.touched.end(), lot.id);
    if (near_ids.contains(lot.id)) {
      if (!has_row) continue;
      Status dropped = connection_.Send(kDropLot, {programme_, account_, lot.id});
      if (!dropped.ok()) return std::move(dropped).error();
    } else if (touched || !has_row) {
      if (Status written = Write(lot); !written.ok()) return std::move(written).error();
    }
  }
  if (result.far_lots > 0) {
    Status done =
        connection_.Query(kNextDue, {programme_, account_}, [&](const Row& row) -> Status {
          result.far_due = Instant(row, 0);
          return {};
        });
    if (!done.ok()) return std::move(done).error();
  }
  return result;
}

}  // namespace passmint::store
