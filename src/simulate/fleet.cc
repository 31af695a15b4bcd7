#include "simulate/fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "base/timestamp.h"
#include "simulate/internal/fleet_crowd.h"
#include "simulate/internal/fleet_faults.h"
#include "simulate/shop.h"

namespace passmint::simulate {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A shop gives up on an order that was not answered for so long.
constexpr std::chrono::minutes kAnswerWithin{3};
constexpr milliseconds kShopPause{100};
// iOS' own pauses between attempts are longer, but then a run would take hours.
constexpr milliseconds kPhonePause{500};
constexpr milliseconds kLookPause{50};
constexpr std::chrono::seconds kProgressEvery{5};
constexpr std::size_t kLockScreenShown = 5;  // Of each wallet.
constexpr std::int64_t kFirstTotal = 100'000;
// The service counts a push when it is sent, the phone when it comes: after a lost connection that
// much later.
constexpr std::chrono::seconds kPushLate{6};

double MillisSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void Append(Latencies& all, const std::vector<double>& some) {
  all.values.insert(all.values.end(), some.begin(), some.end());
}

}  // namespace

class Fleet::Impl {
 public:
  Impl(FleetOptions options, Secret shop_key, std::vector<crypto::Certificate> roots,
       std::function<void(const std::string&)> progress)
      : options_(std::move(options)),
        shop_key_(std::move(shop_key)),
        roots_(std::move(roots)),
        progress_(std::move(progress)),
        crowd_(options_, roots_) {}

  internal::FleetCrowd& crowd() { return crowd_; }
  void See(const std::string& object_id, const Json& object, bool notified);
  Result<FleetReport> Run();

 private:
  void Say(const std::string& line) const {
    if (progress_) progress_(line);
  }
  // Runs `fn(thread, from, to)` on as many threads as there shall be, over [0, count).
  template <class Fn>
  void InThreads(std::int64_t count, Fn fn);

  Status IssueAll();
  Status IssueOne(std::size_t index, Shop& shop, ServiceClient& client);
  Status Keep(std::size_t index, const std::string& page, ServiceClient& client);
  void PlaceAll();
  void PlaceOne(std::int64_t number, std::size_t index, Shop& shop);
  Result<PlacedOrder> PlaceUntilAnswered(const Shop::Sale& sale, Shop& shop);
  Shop::Sale SaleOf(std::string order_id, std::size_t index, std::int64_t total) const;

  void RunPhones();
  void PlaceAndSettle();
  void Settle();
  void Compare();
  void CompareOne(std::size_t index, Shop& shop);
  void CompareObject(const FleetAccount& account, std::int64_t balance);
  void ReadPhones();
  void ReadAccounts();

  const FleetOptions options_;
  const Secret shop_key_;
  const std::vector<crypto::Certificate> roots_;
  const std::function<void(const std::string&)> progress_;
  internal::FleetCrowd crowd_;

  std::mutex report_mutex_;
  FleetReport report_;
  std::atomic<std::int64_t> placed_{0};
  std::atomic<std::int64_t> google_changes_{0};
  std::atomic<std::int64_t> google_notifications_{0};
};

void Fleet::Impl::See(const std::string& object_id, const Json& object, bool notified) {
  ++google_changes_;
  if (notified) ++google_notifications_;
  crowd_.See(object_id, object, notified);
}

template <class Fn>
void Fleet::Impl::InThreads(std::int64_t count, Fn fn) {
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<std::size_t>(options_.threads));
  for (int thread = 0; thread < options_.threads; ++thread) {
    threads.emplace_back([=, this] {
      fn(thread, count * thread / options_.threads, count * (thread + 1) / options_.threads);
    });
  }
}

Shop::Sale Fleet::Impl::SaleOf(std::string order_id, std::size_t index, std::int64_t total) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {.order_id = std::move(order_id),
          .phone = crowd_.OwnerOf(index),
          .name = fmt::format("Owner {}", index),
          .locale = options_.language,
          .paid_at = FormatRfc3339(now),
          .currency = options_.currency,
          .total_minor = total};
}

Result<PlacedOrder> Fleet::Impl::PlaceUntilAnswered(const Shop::Sale& sale, Shop& shop) {
  const auto start = Clock::now();
  while (true) {
    auto placed = shop.Place(sale);
    if (placed.ok()) {
      const std::lock_guard lock(report_mutex_);
      ++report_.orders;
      report_.answer.values.push_back(MillisSince(start));
      return placed;
    }
    const bool again = placed.error().code == ErrorCode::kUnavailable;
    if (!again || Clock::now() - start > kAnswerWithin) return placed;
    {
      const std::lock_guard lock(report_mutex_);
      ++report_.repeats;
    }
    std::this_thread::sleep_for(kShopPause);
  }
}

// The owner adds the card to the wallet that she has.
Status Fleet::Impl::Keep(std::size_t index, const std::string& page, ServiceClient& client) {
  if (index < crowd_.phones()) {
    return crowd_.phone(index).Drive(options_.field, [&](VirtualPhone& phone) {
      return phone.Install(client, page + "/pass.pkpass");
    });
  }
  const std::size_t account = index - crowd_.phones();
  FleetAccount& owner = crowd_.account(account);
  if (Status saved = owner.Save(client, page); !saved.ok()) return saved;
  crowd_.AddObject(account);
  owner.See(options_.google_object(owner.object_id()), false);
  return {};
}

// The owner's first order makes the card; then she keeps it.
Status Fleet::Impl::IssueOne(std::size_t index, Shop& shop, ServiceClient& client) {
  const auto sent_at = Clock::now();
  auto placed = PlaceUntilAnswered(
      SaleOf(fmt::format("first-{}-{}", options_.seed, index), index, kFirstTotal), shop);
  if (!placed.ok()) return std::move(placed).error();
  crowd_.SetCard(index, placed.value().card_number);
  crowd_.BalanceOf(index).Acknowledge(placed.value().earned, sent_at);
  if (placed.value().page.empty()) {
    return Error{.code = ErrorCode::kUnavailable, .message = "the order brought no link"};
  }
  return Keep(index, placed.value().page, client);
}

Status Fleet::Impl::IssueAll() {
  std::mutex mutex;
  Status first_failure;
  InThreads(static_cast<std::int64_t>(crowd_.size()), [&](int, std::int64_t from, std::int64_t to) {
    Shop shop(options_.url, shop_key_.Clone());
    ServiceClient client;
    for (std::int64_t i = from; i < to; ++i) {
      Status issued = IssueOne(static_cast<std::size_t>(i), shop, client);
      if (issued.ok()) continue;
      const std::lock_guard lock(mutex);
      if (first_failure.ok()) first_failure = Annotate(std::move(issued).error(), "first card");
      return;
    }
  });
  return first_failure;
}

void Fleet::Impl::PlaceOne(std::int64_t number, std::size_t index, Shop& shop) {
  const std::int64_t total = 10'000 + number % 100 * 1'000;
  const auto sent_at = Clock::now();
  const auto placed =
      PlaceUntilAnswered(SaleOf(fmt::format("{}-{}", options_.seed, number), index, total), shop);
  ++placed_;
  if (placed.ok()) {
    crowd_.BalanceOf(index).Acknowledge(placed.value().earned, sent_at);
    return;
  }
  const std::lock_guard lock(report_mutex_);
  report_.AddWrong(
      fmt::format("order {}-{} was not taken: {}", options_.seed, number, placed.error().message));
}

void Fleet::Impl::PlaceAll() {
  const auto start = Clock::now();
  InThreads(options_.orders, [&](int thread, std::int64_t from, std::int64_t to) {
    Shop shop(options_.url, shop_key_.Clone());
    std::mt19937_64 random(options_.seed * 1'000'003 + static_cast<std::uint64_t>(thread));
    auto said = start;
    for (std::int64_t i = from; i < to; ++i) {
      if (options_.orders_per_second > 0) {
        const double share = static_cast<double>(options_.orders_per_second) / options_.threads;
        std::this_thread::sleep_until(
            start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(i - from) / share)));
      }
      PlaceOne(i, random() % crowd_.size(), shop);
      if (thread == 0 && Clock::now() - said > kProgressEvery) {
        said = Clock::now();
        Say(fmt::format("{} of {} orders", placed_.load(), options_.orders));
      }
    }
  });
  report_.placing = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

void Fleet::Impl::RunPhones() {
  ServiceClient client;
  while (const auto index = crowd_.wake().Next()) {
    const Status updated = crowd_.phone(*index).Drive(options_.field, [&](VirtualPhone& phone) {
      phone.CountPush();
      return phone.Update(client);
    });
    if (!updated.ok()) crowd_.wake().Add(*index, Clock::now() + kPhonePause);
  }
}

void Fleet::Impl::Settle() {
  const auto start = Clock::now();
  auto said = start;
  while (Clock::now() - start < options_.settle_max) {
    const std::int64_t wrong = crowd_.CountWrong();
    if (wrong == 0) break;
    if (Clock::now() - said > kProgressEvery) {
      said = Clock::now();
      Say(fmt::format("{} cards do not show the last balance yet", wrong));
    }
    std::this_thread::sleep_for(kLookPause);
  }
  report_.settling = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

void Fleet::Impl::CompareObject(const FleetAccount& account, std::int64_t balance) {
  const auto points = PointsOf(options_.google_object(account.object_id()));
  if (points == balance) return;
  report_.AddWrong(fmt::format("card {}: Google holds {}, the ledger has {}", account.number(),
                               points ? std::to_string(*points) : "nothing", balance));
}

void Fleet::Impl::CompareOne(std::size_t index, Shop& shop) {
  const BalanceWatch& watch = crowd_.BalanceOf(index);
  const std::string& number = crowd_.CardOf(index);
  const auto balance = shop.Balance(number);
  const std::lock_guard lock(report_mutex_);
  if (!balance.ok()) {
    report_.AddWrong(fmt::format("card {}: {}", number, balance.error().message));
    return;
  }
  if (balance.value() != watch.acknowledged()) {
    report_.AddWrong(fmt::format("card {}: the ledger has {} points, acknowledged were {}", number,
                                 balance.value(), watch.acknowledged()));
  }
  if (index >= crowd_.phones()) {
    CompareObject(crowd_.account(index - crowd_.phones()), balance.value());
  } else if (const auto shown = watch.shown(); shown != balance.value()) {
    report_.AddWrong(fmt::format("card {}: the phone shows {}, the ledger has {}", number,
                                 shown ? std::to_string(*shown) : "nothing", balance.value()));
  }
}

void Fleet::Impl::ReadPhones() {
  const double pushes_max =
      options_.push_budget.burst + std::chrono::duration<double>(kPushLate) /
                                       std::chrono::duration<double>(options_.push_budget.rest);
  for (std::size_t i = 0; i < crowd_.phones(); ++i) {
    FleetPhone& phone = crowd_.phone(i);
    Append(report_.to_phone, phone.balance().TakeLatencies());
    Append(report_.to_push, phone.balance().TakePushLatencies());
    const double spent = phone.PushesSpentMost();
    report_.pushes_spent_most = std::max(report_.pushes_spent_most, spent);
    if (options_.push_budget.burst > 0 && spent > pushes_max) {
      report_.AddWrong(fmt::format("card {}: {:.1f} pushes of the phone's {} were spent at once",
                                   phone.number(), spent, options_.push_budget.burst));
    }
    phone.Drive(options_.field, [&](VirtualPhone& seen) {
      report_.counts = report_.counts + seen.counts();
      if (!seen.lock_screen().empty() && report_.lock_screen.size() < kLockScreenShown) {
        report_.lock_screen.push_back(seen.lock_screen().back());
      }
      for (const std::string& note : seen.notes()) {
        if (!options_.faults) report_.AddWrong("a phone logged: " + note);
      }
      return 0;
    });
  }
  report_.stray_pushes = crowd_.stray_pushes();
  report_.push_burst = options_.push_budget.burst;
}

void Fleet::Impl::ReadAccounts() {
  std::size_t lines = 0;
  for (std::size_t i = 0; i < crowd_.accounts(); ++i) {
    FleetAccount& account = crowd_.account(i);
    Append(report_.to_google, account.balance().TakeLatencies());
    const std::string line = account.lock_screen();
    if (line.empty() || lines == kLockScreenShown) continue;
    report_.lock_screen.push_back(line);
    ++lines;
  }
  report_.google = {.changes = google_changes_.load(),
                    .notifications = google_notifications_.load()};
}

void Fleet::Impl::Compare() {
  InThreads(static_cast<std::int64_t>(crowd_.size()), [&](int, std::int64_t from, std::int64_t to) {
    Shop shop(options_.url, shop_key_.Clone());
    for (std::int64_t i = from; i < to; ++i) CompareOne(static_cast<std::size_t>(i), shop);
  });
  ReadPhones();
  ReadAccounts();
}

void Fleet::Impl::PlaceAndSettle() {
  std::vector<std::jthread> phones;
  phones.reserve(static_cast<std::size_t>(options_.threads));
  for (int thread = 0; thread < options_.threads; ++thread) {
    phones.emplace_back([this] { RunPhones(); });
  }
  {
    std::jthread faults;
    if (options_.faults) {
      faults = std::jthread([this](const std::stop_token& stop) {
        report_.faults = internal::RunFaults(options_, crowd_, stop);
      });
    }
    Say(fmt::format("placing {} orders", options_.orders));
    PlaceAll();
  }
  Settle();
  crowd_.wake().Close();
}

Result<FleetReport> Fleet::Impl::Run() {
  report_.phones = options_.phones;
  report_.google_accounts = options_.google_accounts;
  Say(fmt::format("issuing and installing {} cards", crowd_.size()));
  if (Status issued = IssueAll(); !issued.ok()) return std::move(issued).error();
  // What the first orders told is not what is measured.
  for (std::size_t i = 0; i < crowd_.size(); ++i) {
    static_cast<void>(crowd_.BalanceOf(i).TakeLatencies());
    static_cast<void>(crowd_.BalanceOf(i).TakePushLatencies());
  }
  report_.answer.values.clear();
  PlaceAndSettle();
  Say("comparing every card with the ledger");
  Compare();
  return std::move(report_);
}

Fleet::Fleet(FleetOptions options, Secret shop_key, std::vector<crypto::Certificate> roots,
             std::function<void(const std::string&)> progress)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(shop_key), std::move(roots),
                                   std::move(progress))) {}

Fleet::~Fleet() = default;

bool Fleet::Deliver(std::string_view push_token, bool answered) {
  return impl_->crowd().Deliver(push_token, answered);
}

void Fleet::See(const std::string& object_id, const Json& object, bool notified) {
  impl_->See(object_id, object, notified);
}

Result<FleetReport> Fleet::Run() { return impl_->Run(); }

}  // namespace passmint::simulate
