#include "app/google_link.h"

#include <algorithm>
#include <string>
#include <utility>

#include "app/log.h"
#include "google/wallet_errors.h"
#include "google_rest/root_keys.h"
#include "google_rest/wallet_rest.h"
#include "issuance/google_budget.h"

namespace passmint::app {
namespace {

using std::chrono::milliseconds;

// An account that Google refuses is for people to mend; until then now and then a try.
constexpr milliseconds kStoppedPause{30'000};
constexpr milliseconds kStorePause{2'000};

void LogKeyTrouble(const Error& error) {
  LogEvent(LogLevel::kWarning, "google.keys_failed", {{"error", error.message}});
}

google_rest::WalletRestOptions RestOptions(const Settings& settings, const issuance::Site& site) {
  google_rest::WalletRestOptions options{
      .api_url = settings.google.api_url, .token_url = settings.google.token_url, .accounts = {}};
  for (const auto& [id, programme] : site.programmes) {
    if (programme.google == nullptr) continue;
    options.accounts.emplace(
        id, google_rest::Account{.email = programme.google->service_account,
                                 .signer = std::shared_ptr<const crypto::Rs256Signer>(
                                     programme.google, &programme.google->signer)});
  }
  return options;
}

}  // namespace

// In the order of construction.
struct GoogleLink::Adapters {
  Adapters(const Settings& settings, const issuance::Site& site, issuance::Store& store,
           issuance::CardMaker& maker, const Clock& clock)
      : http(settings.google.ca_file.string()),
        api(RestOptions(settings, site), http, clock, *site.random),
        keys(settings.google.keys_url, http, clock, LogKeyTrouble),
        cards(store, site, maker, api, clock) {}
  ~Adapters() { http.Stop(); }
  Adapters(const Adapters&) = delete;
  Adapters& operator=(const Adapters&) = delete;

  google_rest::HttpClient http;
  google_rest::WalletRest api;
  google_rest::RestRootKeys keys;
  issuance::GoogleCards cards;
};

bool GoogleLink::IsWanted(const Settings& settings, const issuance::Site& site) {
  const bool has_account =
      std::any_of(site.programmes.begin(), site.programmes.end(),
                  [](const auto& entry) { return entry.second.google != nullptr; });
  return has_account && !settings.google.api_url.empty();
}

std::unique_ptr<GoogleLink> GoogleLink::Start(const Settings& settings, const issuance::Site& site,
                                              issuance::Store& store, issuance::CardMaker& maker,
                                              const Clock& clock,
                                              std::shared_ptr<push::WantedQueue> queue) {
  if (!IsWanted(settings, site)) return nullptr;
  auto adapters = std::make_unique<Adapters>(settings, site, store, maker, clock);
  return std::unique_ptr<GoogleLink>(
      new GoogleLink(std::move(adapters), site, clock, std::move(queue)));
}

GoogleLink::GoogleLink(std::unique_ptr<Adapters> adapters, const issuance::Site& site,
                       const Clock& clock, std::shared_ptr<push::WantedQueue> queue)
    : adapters_(std::move(adapters)),
      site_(site),
      clock_(clock),
      queue_(std::move(queue)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

GoogleLink::~GoogleLink() {
  adapters_->http.Stop();
  thread_.request_stop();
  thread_.join();
}

issuance::GoogleCards& GoogleLink::cards() { return adapters_->cards; }

const google::RootKeySource& GoogleLink::root_keys() const { return adapters_->keys; }

void GoogleLink::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    bool is_busy = false;
    auto wait = kGoogleLook;
    // Before looking: whoever commits from here on wakes us again.
    (void)queue_->Take(push::WantedQueue::kCardsMax);
    for (const auto& [id, programme] : site_.programmes) {
      if (programme.google == nullptr || stop.stop_requested()) continue;
      Lane& lane = lanes_[id];
      if (lane.not_before <= std::chrono::steady_clock::now()) {
        is_busy = RunLane(programme, lane, wait) || is_busy;
      }
      const auto left =
          std::chrono::ceil<milliseconds>(lane.not_before - std::chrono::steady_clock::now());
      if (left > milliseconds(0)) wait = std::min(wait, left);
    }
    if (is_busy) continue;
    queue_->Wait(stop, wait);
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, kGoogleWakeAtMost, [] { return false; });
  }
}

bool GoogleLink::RunLane(const issuance::ProgrammeSite& programme, Lane& lane, milliseconds& wait) {
  using Kind = google::WalletOutcome::Kind;
  const auto round = adapters_->cards.RunRound(programme);
  if (!round.ok()) {
    Trouble(programme, lane, "google.store_trouble", round.error().message, kStorePause);
    return false;
  }
  if (round.value().wait > std::chrono::microseconds(0)) {
    lane.not_before = std::chrono::steady_clock::now() + round.value().wait;
    return false;
  }
  const auto& trouble = round.value().trouble;
  if (trouble && google::IsTrouble(trouble->kind)) {
    const bool is_stopped = trouble->kind == Kind::kStopped;
    auto at_least = is_stopped ? kStoppedPause : milliseconds(0);
    at_least =
        std::max<milliseconds>(at_least, trouble->retry_after.value_or(std::chrono::seconds(0)));
    Trouble(programme, lane, is_stopped ? "google.stopped" : "google.trouble",
            std::to_string(trouble->status) + " " + trouble->reason + ": " + trouble->detail,
            at_least);
    return false;
  }
  if (trouble) {
    LogEvent(LogLevel::kError, "google.refused",
             {{"programme", programme.programme.id.str()},
              {"status", std::to_string(trouble->status)},
              {"detail", trouble->detail}});
  }
  if (round.value().done > 0) {
    if (std::exchange(lane.is_logged, false)) {
      LogEvent(LogLevel::kInfo, "google.works", {{"programme", programme.programme.id.str()}});
    }
    lane.failures = 0;
  }
  if (round.value().next) {
    const auto until_next = std::chrono::ceil<milliseconds>(*round.value().next - clock_.Now());
    wait = std::clamp(until_next, milliseconds(0), wait);
  }
  return round.value().done + round.value().failed > 0;
}

void GoogleLink::Trouble(const issuance::ProgrammeSite& programme, Lane& lane,
                         std::string_view what, const std::string& detail, milliseconds at_least) {
  ++lane.failures;
  const auto random = static_cast<unsigned char>(site_.random->Bytes(1).front());
  const auto pause = std::max(at_least, issuance::GoogleBackOff(lane.failures, random));
  lane.not_before = std::chrono::steady_clock::now() + pause;
  if (std::exchange(lane.is_logged, true)) return;
  LogEvent(LogLevel::kError, what,
           {{"programme", programme.programme.id.str()}, {"detail", detail}});
}

}  // namespace passmint::app
