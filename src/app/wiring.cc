#include "app/wiring.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/checkpoints.h"
#include "app/disk_room.h"
#include "app/files.h"
#include "app/log.h"
#include "app/time_zone_release.h"
#include "app/tool_store.h"
#include "crypto/expiry.h"
#include "http/context.h"
#include "issuance/designs.h"
#include "issuance/rule_sets.h"
#include "issuance/time_zone_journal.h"
#include "store/open.h"

namespace passmint::app {
namespace {

// /metrics is asked for by one Prometheus; a few threads are enough.
constexpr int kMetricsThreads = 4;

void LogAccess(const http::AccessRecord& record) {
  const LogLevel level = record.status >= 500 ? LogLevel::kError : LogLevel::kInfo;
  LogEvent(level, "http.request",
           {{"method", record.method},
            {"path", record.path},
            {"status", std::to_string(record.status)},
            {"bytes", std::to_string(record.bytes)},
            {"us", std::to_string(record.time.count())},
            {"client", record.client_address}});
  if (record.cause.empty()) return;
  LogEvent(level, "http.failed", {{"path", record.path}, {"cause", record.cause}});
}

void LogRemarks(const std::vector<Remark>& remarks) {
  for (const Remark& remark : remarks) {
    if (remark.level != RemarkLevel::kWarning) continue;
    LogEvent(LogLevel::kWarning, "site.warning",
             {{"subject", remark.subject}, {"text", remark.text}});
  }
}

// Publishes one template of the settings, if the store has no version of it.
Status ImportTemplate(issuance::Store& store, const issuance::Site& site,
                      const issuance::ProgrammeSite& programme, const TemplateName& name,
                      const std::filesystem::path& folder, Timestamp now) {
  const ProgrammeId& id = programme.programme.id;
  bool is_there = false;
  Status looked = store.Read([&](issuance::Transaction& transaction) -> Status {
    auto versions = transaction.DesignVersions(id, name);
    if (!versions.ok()) return std::move(versions).error();
    is_there = !versions.value().empty();
    return {};
  });
  if (!looked.ok() || is_there) return looked;
  auto files = ReadTemplateFolder(folder);
  if (!files.ok()) return std::move(files).error();
  const auto ready = issuance::PreparePublish(files.value(), site, programme, now);
  if (!ready.ok()) {
    Error error = Annotate(ready.error(), folder.string());
    error.hint = "passmint template lint " + folder.string();
    return error;
  }
  const issuance::Publication publication{.name = name,
                                          .files = std::move(files).value(),
                                          .ring = 100,
                                          .author = ApiKeyName("settings"),
                                          .published_by = ApiKeyName("settings"),
                                          .comment = "imported at start"};
  Status written = store.Write([&](issuance::Transaction& transaction) -> Status {
    auto published = issuance::Publish(transaction, id, ready.value(), publication);
    if (!published.ok()) return std::move(published).error();
    return {};
  });
  if (written.ok()) {
    LogEvent(LogLevel::kInfo, "template.imported",
             {{"programme", id.str()}, {"template", name.str()}});
  }
  return written;
}

// Publishes the rules of the settings, if the store has none.
Status ImportRules(issuance::Store& store, const ProgrammeSettings& settings) {
  if (settings.rules.empty()) return {};
  const auto text = ReadFile(settings.rules, issuance::kRulesBytesMax);
  if (!text.ok()) return text.error();
  const auto rules = json::Parse(text.value(), issuance::kRulesBytesMax);
  if (!rules.ok()) return Annotate(rules.error(), settings.rules.string());
  const ProgrammeId& id = settings.programme.id;
  bool imported = false;
  Status written = store.Write([&](issuance::Transaction& transaction) -> Status {
    imported = false;
    const auto newest = transaction.NewestRuleSet(id);
    if (!newest.ok()) return newest.error();
    if (newest.value() > 0) return {};
    auto version = issuance::PublishRules(transaction, id,
                                          {.content = json::Dump(rules.value()),
                                           .effective_from = std::nullopt,
                                           .author = ApiKeyName("settings"),
                                           .published_by = ApiKeyName("settings"),
                                           .comment = "imported at start"});
    if (!version.ok()) return std::move(version).error();
    imported = true;
    return {};
  });
  if (imported) LogEvent(LogLevel::kInfo, "rules.imported", {{"programme", id.str()}});
  return written;
}

// Tells the journal by which rules of time zones we compute from now on.
Status RecordTimeZoneRules(issuance::Store& store, const issuance::ProgrammeSite& programme) {
  const std::string release = TimeZoneRelease();
  bool changed = false;
  Status written = store.Write([&](issuance::Transaction& transaction) -> Status {
    auto recorded = issuance::RecordTimeZoneRules(transaction, programme, release);
    if (!recorded.ok()) return std::move(recorded).error();
    changed = recorded.value();
    return {};
  });
  if (changed) {
    LogEvent(LogLevel::kInfo, "time_zones.release",
             {{"programme", programme.programme.id.str()}, {"release", release}});
  }
  return written;
}

}  // namespace

Result<std::unique_ptr<RunningSite>> RunningSite::Start(const Settings& settings) {
  std::unique_ptr<RunningSite> running(new RunningSite());
  LoadedSite loaded = LoadSite(settings, running->clock_.Now());
  LogRemarks(loaded.remarks);
  if (!loaded.ok()) return Refusal(loaded.remarks);
  running->site_ = std::move(loaded.site);
  if (Status opened = running->OpenStore(settings); !opened.ok()) return std::move(opened).error();
  if (Status imported = running->ImportTemplates(settings); !imported.ok())
    return std::move(imported).error();
  if (Status made = running->MakeService(settings); !made.ok()) return std::move(made).error();
  if (Status listening = running->Listen(settings); !listening.ok())
    return std::move(listening).error();
  if (Status started = running->StartJobs(settings); !started.ok())
    return std::move(started).error();
  running->WatchCertificates();
  return running;
}

RunningSite::~RunningSite() {
  if (server_ != nullptr) server_->Stop();
  if (metrics_server_ != nullptr) metrics_server_->Stop();
}

Status RunningSite::OpenStore(const Settings& settings) {
  const auto report = [](const Error& error) {
    LogEvent(LogLevel::kError, "store.trouble", {{"error", error.message}});
  };
  std::vector<std::shared_ptr<push::WantedQueue>> queues = {apple_queue_};
  if (GoogleLink::IsWanted(settings, *site_)) queues.push_back(google_queue_);
  auto store = store::Open(StoreUrl(settings).RevealForSerialization(), clock_,
                           {.use = store::Use::kServe,
                            .connections = static_cast<std::size_t>(settings.store.connections),
                            .vfs = {},
                            .report = report,
                            .deliveries = std::make_shared<push::WantedFan>(std::move(queues))});
  if (!store.ok()) return std::move(store).error();
  store_ = std::move(store).value();
  if (Status restored = CheckRestored(*store_); !restored.ok()) return restored;
  guard_ = std::make_unique<GuardedStore>(*store_);
  if (Status looked = guard_->Refresh(); !looked.ok()) return looked;
  if (!guard_->read_only().empty()) {
    LogEvent(LogLevel::kError, "store.read_only", {{"reason", guard_->read_only()}});
  }
  return CheckMasterKeys(*store_, *site_->keys);
}

Status RunningSite::ImportTemplates(const Settings& settings) {
  for (const ProgrammeSettings& programme : settings.programmes) {
    if (Status imported = ImportRules(*store_, programme); !imported.ok()) return imported;
    const issuance::ProgrammeSite& site = *site_->Find(programme.programme.id);
    if (guard_->read_only().empty()) {
      if (Status told = RecordTimeZoneRules(*store_, site); !told.ok()) return told;
    }
    for (std::size_t i = 0; i < programme.templates.size(); ++i) {
      Status imported = ImportTemplate(*store_, *site_, site, programme.programme.templates[i],
                                       programme.templates[i], clock_.Now());
      if (!imported.ok()) return imported;
    }
  }
  return {};
}

Status RunningSite::MakeService(const Settings& settings) {
  maker_ = std::make_unique<issuance::CardMaker>(*site_, *guard_, clock_);
  erasures_ = std::make_unique<ErasureFile>(settings.store.checkpoint_dir);
  google_ = GoogleLink::Start(settings, *site_, *guard_, *maker_, clock_, google_queue_);
  const http::Context context{.site = *site_,
                              .store = *guard_,
                              .maker = *maker_,
                              .clock = clock_,
                              .erasures = erasures_.get(),
                              .phones = &phones_,
                              .google = google_ != nullptr ? &google_->cards() : nullptr,
                              .google_keys = google_ != nullptr ? &google_->root_keys() : nullptr};
  const auto checks = [this, file = settings.store.sqlite_file]() -> std::vector<http::ReadyCheck> {
    std::vector<http::ReadyCheck> found = pushes_->Checks();
    if (!file.empty()) {
      found.push_back(CheckDiskRoom(file));
    } else {
      const Status clock = store_->Ready();
      found.push_back({"clock", clock.ok(), clock.ok() ? "" : clock.error().message});
    }
    return found;
  };
  service_ = std::make_unique<http::Service>(
      context, http::ServiceOptions{.log = LogAccess, .checks = checks});
  phone_writer_ = std::make_unique<PhoneWriter>(
      phones_, *guard_, *site_,
      [&metrics = service_->metrics()](std::uint64_t dropped) { metrics.SetDroppedLogs(dropped); });
  auto pushes = PushJobs::Start({.store = *guard_,
                                 .site = *site_,
                                 .settings = settings,
                                 .metrics = service_->metrics(),
                                 .apple = apple_queue_});
  if (!pushes.ok()) return std::move(pushes).error();
  pushes_ = std::move(pushes).value();
  return {};
}

Status RunningSite::Listen(const Settings& settings) {
  http::Service& service = *service_;
  if (!settings.server.metrics_listen.empty()) {
    http::ServerOptions options;
    options.listen = settings.server.metrics_listen;
    options.threads = kMetricsThreads;
    auto metrics = http::Server::Start(
        std::move(options),
        [&service](const http::Request& request) { return service.HandleMetrics(request); });
    if (!metrics.ok()) return Annotate(std::move(metrics).error(), "server.metrics_listen");
    metrics_server_ = std::move(metrics).value();
  }
  http::ServerOptions options;
  options.listen = settings.server.listen;
  options.trusted_proxies = settings.server.trusted_proxies;
  options.body_bytes_max = [this](std::string_view method, std::string_view path,
                                  const http::Headers& headers) {
    return service_->BodyBytesMax(method, path, headers);
  };
  auto server = http::Server::Start(std::move(options), [&service](const http::Request& request) {
    return service.Handle(request);
  });
  if (!server.ok()) return Annotate(std::move(server).error(), "server.listen");
  server_ = std::move(server).value();
  return {};
}

Status RunningSite::StartJobs(const Settings& settings) {
  auto key = LoadSigningKey(settings);
  if (!key.ok()) return std::move(key).error();
  jobs_ =
      std::make_unique<LedgerJobs>(LedgerJobsParts{.store = *store_,
                                                   .guard = *guard_,
                                                   .site = *site_,
                                                   .clock = clock_,
                                                   .checkpoint_dir = settings.store.checkpoint_dir,
                                                   .signing_key = std::move(key).value(),
                                                   .on_parked = [this](std::int64_t refunds) {
                                                     service_->metrics().SetParkedRefunds(refunds);
                                                   }});
  replays_ = std::make_unique<ReplayJobs>(*guard_, *site_, clock_);
  return {};
}

void RunningSite::WatchCertificates() {
  const Timestamp now = clock_.Now();
  for (const auto& [id, programme] : site_->programmes) {
    if (programme.apple == nullptr) continue;
    const crypto::SigningIdentity& identity = programme.apple->identity();
    const Timestamp ends = std::min(identity.not_after(), identity.intermediate_not_after());
    const int days = crypto::DaysLeft(ends, now);
    service_->metrics().SetCertificateDays(id.str(), days);
    if (!crypto::ExpiryWarning(days)) continue;
    LogEvent(LogLevel::kWarning, "certificate.expires",
             {{"programme", id.str()},
              {"pass_type", identity.pass_type().str()},
              {"days", std::to_string(days)}});
  }
}

}  // namespace passmint::app
