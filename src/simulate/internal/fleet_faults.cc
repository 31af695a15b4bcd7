#include "simulate/internal/fleet_faults.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace passmint::simulate::internal {
namespace {

using std::chrono::milliseconds;

// Beside those of the options.
constexpr std::size_t kOwnKinds = 2;
// So few of the phones lose the network, or get another token, at once.
constexpr std::size_t kShare = 10;
constexpr std::size_t kRotationsMax = 50;

class Faults {
 public:
  Faults(const FleetOptions& options, FleetCrowd& crowd)
      : options_(options), crowd_(crowd), random_(options.seed) {}

  std::map<std::string, int> Run(const std::stop_token& stop) {
    const auto span = static_cast<std::uint64_t>(2 * options_.fault_pause.count() + 1);
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(milliseconds(random_() % span));
      for (const std::size_t phone : std::exchange(offline_, {})) crowd_.GoOnline(phone);
      if (stop.stop_requested()) break;
      Next();
    }
    for (const std::size_t phone : offline_) crowd_.GoOnline(phone);
    return std::move(happened_);
  }

 private:
  std::size_t AnyPhone() { return random_() % crowd_.phones(); }

  void Next() {
    if (deck_.empty()) {
      deck_.resize(options_.fault_list.size() + kOwnKinds);
      std::iota(deck_.begin(), deck_.end(), std::size_t{0});
      std::shuffle(deck_.begin(), deck_.end(), random_);
    }
    const std::size_t kind = deck_.back();
    deck_.pop_back();
    if (kind == 0) {
      for (std::size_t i = 0; i < crowd_.phones() / kShare + 1; ++i) {
        offline_.push_back(AnyPhone());
        crowd_.phone(offline_.back()).GoOffline();
      }
      ++happened_["phones offline"];
    } else if (kind == 1) {
      Rotate();
      ++happened_["other push tokens"];
    } else {
      const Fault& fault = options_.fault_list[kind - kOwnKinds];
      if (fault.happen()) ++happened_[fault.name];
    }
  }

  void Rotate() {
    const std::size_t count = std::min(crowd_.phones() / kShare + 1, kRotationsMax);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string dead = crowd_.Rotate(AnyPhone(), client_);
      if (!dead.empty() && options_.token_retired) options_.token_retired(dead);
    }
  }

  const FleetOptions& options_;
  FleetCrowd& crowd_;
  std::mt19937_64 random_;
  ServiceClient client_;
  std::vector<std::size_t> deck_;
  std::vector<std::size_t> offline_;
  std::map<std::string, int> happened_;
};

}  // namespace

std::map<std::string, int> RunFaults(const FleetOptions& options, FleetCrowd& crowd,
                                     const std::stop_token& stop) {
  return Faults(options, crowd).Run(stop);
}

}  // namespace passmint::simulate::internal
