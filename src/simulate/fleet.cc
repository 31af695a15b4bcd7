#include "simulate/fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <shared_mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/timestamp.h"
#include "simulate/fleet_phone.h"
#include "simulate/shop.h"
#include "simulate/wake_queue.h"

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
constexpr std::size_t kLockScreenShown = 5;

// Any token that no other phone of this run has: 64 hex digits, as APNs' are today.
std::string PushTokenOf(std::uint64_t seed, std::size_t phone, int rotation) {
  return fmt::format("{:016x}{:016x}{:032x}", seed, phone, rotation);
}

std::string AddressOf(std::size_t phone) {
  return fmt::format("10.{}.{}.{}", (phone >> 16) & 255, (phone >> 8) & 255, phone & 255);
}

double MillisSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}  // namespace

class Fleet::Impl {
 public:
  Impl(FleetOptions options, Secret shop_key, std::vector<crypto::Certificate> roots,
       std::function<void(const std::string&)> progress)
      : options_(std::move(options)),
        shop_key_(std::move(shop_key)),
        roots_(std::move(roots)),
        progress_(std::move(progress)) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(options_.phones); ++i) AddPhone(i);
  }

  bool Deliver(std::string_view push_token);
  Result<FleetReport> Run();

 private:
  void AddPhone(std::size_t index);
  void Say(const std::string& line) const {
    if (progress_) progress_(line);
  }
  // Runs `fn(thread, from, to)` on as many threads as there shall be, over [0, count).
  template <class Fn>
  void InThreads(std::int64_t count, Fn fn);

  Status IssueAll();
  Status IssueOne(std::size_t index, Shop& shop, ServiceClient& client);
  void PlaceAll();
  void PlaceOne(std::int64_t number, std::size_t index, Shop& shop);
  Result<PlacedOrder> PlaceUntilAnswered(const Shop::Sale& sale, Shop& shop);
  Shop::Sale SaleOf(std::string order_id, std::size_t index, std::int64_t total) const;

  void RunPhones(std::size_t thread);
  void RunFaults(const std::stop_token& stop);
  void Rotate(std::size_t index, ServiceClient& client);
  void Settle();
  std::int64_t Wrong() const;
  void Compare();
  void CompareOne(std::size_t index, Shop& shop);

  const FleetOptions options_;
  const Secret shop_key_;
  const std::vector<crypto::Certificate> roots_;
  const std::function<void(const std::string&)> progress_;

  std::vector<std::unique_ptr<FleetPhone>> phones_;
  std::vector<int> rotations_;  // Of each phone's token; of the thread of faults.
  mutable std::shared_mutex tokens_mutex_;
  std::unordered_map<std::string, std::size_t> tokens_;
  WakeQueue wake_;

  std::mutex report_mutex_;
  FleetReport report_;
  std::atomic<std::int64_t> placed_{0};
};

void Fleet::Impl::AddPhone(std::size_t index) {
  const std::string token = PushTokenOf(options_.seed, index, 0);
  VirtualPhone::Identity identity{.device = fmt::format("{:016x}{:016x}", options_.seed, index),
                                  .push_token = token,
                                  .language = options_.language,
                                  .address = AddressOf(index)};
  phones_.push_back(
      std::make_unique<FleetPhone>(std::move(identity), fmt::format("+7900{:07}", index), roots_));
  rotations_.push_back(0);
  tokens_.emplace(token, index);
}

bool Fleet::Impl::Deliver(std::string_view push_token) {
  std::size_t index = 0;
  {
    const std::shared_lock lock(tokens_mutex_);
    const auto found = tokens_.find(std::string(push_token));
    if (found != tokens_.end())
      index = found->second;
    else
      index = phones_.size();
  }
  if (index == phones_.size()) {
    const std::lock_guard lock(report_mutex_);
    ++report_.stray_pushes;
    return false;
  }
  if (phones_[index]->TakePush()) wake_.Add(index, Clock::now());
  return true;
}

template <class Fn>
void Fleet::Impl::InThreads(std::int64_t count, Fn fn) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < options_.threads; ++thread) {
    threads.emplace_back([=, this] {
      fn(thread, count * thread / options_.threads, count * (thread + 1) / options_.threads);
    });
  }
}

Shop::Sale Fleet::Impl::SaleOf(std::string order_id, std::size_t index, std::int64_t total) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {.order_id = std::move(order_id),
          .phone = phones_[index]->owner(),
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

// The owner's first order makes the card; then the phone adds it.
Status Fleet::Impl::IssueOne(std::size_t index, Shop& shop, ServiceClient& client) {
  FleetPhone& phone = *phones_[index];
  auto placed = PlaceUntilAnswered(
      SaleOf(fmt::format("first-{}-{}", options_.seed, index), index, 100'000), shop);
  if (!placed.ok()) return std::move(placed).error();
  phone.SetCard(placed.value().card_number);
  phone.Acknowledge(placed.value().earned);
  if (placed.value().page.empty()) {
    return Error{.code = ErrorCode::kUnavailable, .message = "the order brought no link"};
  }
  const std::string bundle = placed.value().page + "/pass.pkpass";
  return phone.Drive(options_.field, [&](VirtualPhone& virtual_phone) {
    return virtual_phone.Install(client, bundle);
  });
}

Status Fleet::Impl::IssueAll() {
  std::mutex mutex;
  Status first_failure;
  InThreads(options_.phones, [&](int, std::int64_t from, std::int64_t to) {
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
  const auto placed =
      PlaceUntilAnswered(SaleOf(fmt::format("{}-{}", options_.seed, number), index, total), shop);
  ++placed_;
  if (placed.ok()) {
    phones_[index]->Acknowledge(placed.value().earned);
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
    for (std::int64_t i = from; i < to; ++i) {
      if (options_.orders_per_second > 0) {
        const double share = static_cast<double>(options_.orders_per_second) / options_.threads;
        std::this_thread::sleep_until(
            start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(i - from) / share)));
      }
      PlaceOne(i, random() % phones_.size(), shop);
      if (thread == 0 && i % 1000 == 999) {
        Say(fmt::format("{} of {} orders", placed_.load(), options_.orders));
      }
    }
  });
  report_.placing = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

void Fleet::Impl::RunPhones(std::size_t) {
  ServiceClient client;
  while (const auto index = wake_.Next()) {
    FleetPhone& phone = *phones_[*index];
    const Status updated = phone.Drive(options_.field, [&](VirtualPhone& virtual_phone) {
      virtual_phone.CountPush();
      return virtual_phone.Update(client);
    });
    if (!updated.ok()) wake_.Add(*index, Clock::now() + kPhonePause);
  }
}

void Fleet::Impl::Rotate(std::size_t index, ServiceClient& client) {
  const std::string token = PushTokenOf(options_.seed, index, ++rotations_[index]);
  std::string old;
  {
    const std::unique_lock lock(tokens_mutex_);
    tokens_.emplace(token, index);
  }
  const Status rotated = phones_[index]->Drive(options_.field, [&](VirtualPhone& phone) {
    old = phone.push_token();
    return phone.RotateToken(client, token);
  });
  // Until the service has taken the new one APNs still knows the old one.
  if (!rotated.ok()) return;
  {
    const std::unique_lock lock(tokens_mutex_);
    tokens_.erase(old);
  }
  if (options_.token_retired) options_.token_retired(old);
}

void Fleet::Impl::RunFaults(const std::stop_token& stop) {
  ServiceClient client;
  std::mt19937_64 random(options_.seed);
  std::vector<std::size_t> offline;
  std::vector<std::size_t> deck;
  const auto pause_span = static_cast<std::uint64_t>(2 * options_.fault_pause.count() + 1);
  const std::size_t kinds = options_.fault_list.size() + 2;
  while (!stop.stop_requested()) {
    std::this_thread::sleep_for(milliseconds(random() % pause_span));
    for (const std::size_t index : std::exchange(offline, {})) {
      if (phones_[index]->GoOnline()) wake_.Add(index, Clock::now());
    }
    if (stop.stop_requested()) return;
    // Each kind once before any comes again.
    if (deck.empty()) {
      deck.resize(kinds);
      std::iota(deck.begin(), deck.end(), std::size_t{0});
      std::shuffle(deck.begin(), deck.end(), random);
    }
    const std::size_t kind = deck.back();
    deck.pop_back();
    std::string name;
    if (kind == 0) {
      name = "phones offline";
      for (std::size_t i = 0; i < phones_.size() / 10 + 1; ++i) {
        offline.push_back(random() % phones_.size());
        phones_[offline.back()]->GoOffline();
      }
    } else if (kind == 1) {
      name = "another push token";
      Rotate(random() % phones_.size(), client);
    } else {
      name = options_.fault_list[kind - 2].name;
      options_.fault_list[kind - 2].happen();
    }
    const std::lock_guard lock(report_mutex_);
    ++report_.faults[name];
  }
  for (const std::size_t index : offline) {
    if (phones_[index]->GoOnline()) wake_.Add(index, Clock::now());
  }
}

std::int64_t Fleet::Impl::Wrong() const {
  return std::count_if(phones_.begin(), phones_.end(),
                       [](const auto& phone) { return !phone->IsRight(); });
}

void Fleet::Impl::Settle() {
  const auto start = Clock::now();
  auto said = start;
  while (Clock::now() - start < options_.settle_max) {
    const std::int64_t wrong = Wrong();
    if (wrong == 0) break;
    if (Clock::now() - said > kProgressEvery) {
      said = Clock::now();
      Say(fmt::format("{} phones do not show the last balance yet", wrong));
    }
    std::this_thread::sleep_for(kLookPause);
  }
  report_.settling = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

void Fleet::Impl::CompareOne(std::size_t index, Shop& shop) {
  FleetPhone& phone = *phones_[index];
  const auto balance = shop.Balance(phone.number());
  const std::lock_guard lock(report_mutex_);
  if (!balance.ok()) {
    report_.AddWrong(fmt::format("card {}: {}", phone.number(), balance.error().message));
    return;
  }
  if (balance.value() != phone.acknowledged()) {
    report_.AddWrong(fmt::format("card {}: the ledger has {} points, acknowledged were {}",
                                 phone.number(), balance.value(), phone.acknowledged()));
  }
  if (phone.shown() != balance.value()) {
    const auto shown = phone.shown();
    report_.AddWrong(fmt::format("card {}: the phone shows {}, the ledger has {}", phone.number(),
                                 shown ? std::to_string(*shown) : "nothing", balance.value()));
  }
  const int pushes = phone.PushesWithin(options_.push_window);
  if (options_.pushes_max > 0 && pushes > options_.pushes_max) {
    report_.AddWrong(fmt::format("card {}: {} pushes within {} s, {} are allowed", phone.number(),
                                 pushes, options_.push_window.count(), options_.pushes_max));
  }
}

void Fleet::Impl::Compare() {
  InThreads(options_.phones, [&](int, std::int64_t from, std::int64_t to) {
    Shop shop(options_.url, shop_key_.Clone());
    for (std::int64_t i = from; i < to; ++i) CompareOne(static_cast<std::size_t>(i), shop);
  });
  for (const auto& phone : phones_) {
    auto latencies = phone->TakeLatencies();
    auto& all = report_.to_phone.values;
    all.insert(all.end(), latencies.begin(), latencies.end());
    phone->Drive(options_.field, [&](VirtualPhone& seen) {
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
}

Result<FleetReport> Fleet::Impl::Run() {
  report_.phones = options_.phones;
  Say(fmt::format("issuing and installing {} cards", options_.phones));
  if (Status issued = IssueAll(); !issued.ok()) return std::move(issued).error();
  // What the first orders told the phones is not what is measured.
  for (const auto& phone : phones_) static_cast<void>(phone->TakeLatencies());
  {
    std::vector<std::jthread> phones;
    for (int thread = 0; thread < options_.threads; ++thread) {
      phones.emplace_back([this, thread] { RunPhones(static_cast<std::size_t>(thread)); });
    }
    {
      std::jthread faults;
      if (options_.faults) {
        faults = std::jthread([this](const std::stop_token& stop) { RunFaults(stop); });
      }
      Say(fmt::format("placing {} orders", options_.orders));
      PlaceAll();
    }
    Settle();
    wake_.Close();
  }
  Say("comparing every phone with the ledger");
  Compare();
  return std::move(report_);
}

Fleet::Fleet(FleetOptions options, Secret shop_key, std::vector<crypto::Certificate> roots,
             std::function<void(const std::string&)> progress)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(shop_key), std::move(roots),
                                   std::move(progress))) {}

Fleet::~Fleet() = default;

bool Fleet::Deliver(std::string_view push_token) { return impl_->Deliver(push_token); }

Result<FleetReport> Fleet::Run() { return impl_->Run(); }

}  // namespace passmint::simulate
