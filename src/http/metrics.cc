#include "http/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace passmint::http {

struct Metrics::Rep {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("passmint_http_requests_total")
          .Help("Answers by route family and status")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("passmint_http_request_seconds")
          .Help("Time from the whole request to the whole answer")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& certificate_days =
      prometheus::BuildGauge()
          .Name("passmint_certificate_expiry_days")
          .Help("Whole days until the pass certificate expires")
          .Register(registry);
  prometheus::Gauge& refunds_waiting = prometheus::BuildGauge()
                                           .Name("passmint_refunds_waiting")
                                           .Help("Refunds whose order has not come for a day")
                                           .Register(registry)
                                           .Add({});
  prometheus::Counter& logs_dropped = prometheus::BuildCounter()
                                          .Name("passmint_device_logs_dropped_total")
                                          .Help("Messages of phones beyond what is kept")
                                          .Register(registry)
                                          .Add({});
  prometheus::Family<prometheus::Counter>& pushes = prometheus::BuildCounter()
                                                        .Name("passmint_pushes_total")
                                                        .Help("What the wallets' services answered")
                                                        .Register(registry);
  prometheus::Family<prometheus::Counter>& removed =
      prometheus::BuildCounter()
          .Name("passmint_push_devices_removed_total")
          .Help("Devices that are gone")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& backlog = prometheus::BuildGauge()
                                                       .Name("passmint_push_backlog")
                                                       .Help("Due and not told yet")
                                                       .Register(registry);
  prometheus::Family<prometheus::Gauge>& oldest =
      prometheus::BuildGauge()
          .Name("passmint_push_oldest_seconds")
          .Help("How long the first of the backlog has been due")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& stopped =
      prometheus::BuildGauge()
          .Name("passmint_push_stopped")
          .Help("1 if nothing can be told until somebody acts")
          .Register(registry);
};

namespace {

// From a 304 out of memory to a design that is compiled on its first use.
const prometheus::Histogram::BucketBoundaries kSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                          0.025,  0.05,  0.1,    0.5,   2};

}  // namespace

Metrics::Metrics() : rep_(std::make_unique<Rep>()) {}
Metrics::~Metrics() = default;

void Metrics::CountRequest(const std::string& route, int status, std::chrono::microseconds time) {
  rep_->requests.Add({{"route", route}, {"status", std::to_string(status)}}).Increment();
  rep_->seconds.Add({{"route", route}}, kSeconds)
      .Observe(std::chrono::duration<double>(time).count());
}

void Metrics::SetDroppedLogs(std::uint64_t dropped) {
  rep_->logs_dropped.Increment(static_cast<double>(dropped) - rep_->logs_dropped.Value());
}

void Metrics::SetParkedRefunds(std::int64_t refunds) {
  rep_->refunds_waiting.Set(static_cast<double>(refunds));
}

void Metrics::SetCertificateDays(const std::string& programme, std::int64_t days) {
  rep_->certificate_days.Add({{"programme", programme}}).Set(static_cast<double>(days));
}

void Metrics::SetPushes(const PushFigures& figures) {
  const std::map<std::string, std::string> labels = {{"programme", figures.programme},
                                                     {"wallet", figures.wallet}};
  const auto raise = [](prometheus::Counter& counter, std::int64_t total) {
    counter.Increment(static_cast<double>(total) - counter.Value());
  };
  for (const auto& [outcome, total] : figures.outcomes) {
    auto with_outcome = labels;
    with_outcome.emplace("outcome", outcome);
    raise(rep_->pushes.Add(with_outcome), total);
  }
  raise(rep_->removed.Add(labels), figures.removed);
  rep_->backlog.Add(labels).Set(static_cast<double>(figures.backlog));
  rep_->oldest.Add(labels).Set(static_cast<double>(figures.oldest.count()));
  rep_->stopped.Add(labels).Set(figures.stopped ? 1 : 0);
}

std::string Metrics::Render() const {
  return prometheus::TextSerializer().Serialize(rep_->registry.Collect());
}

}  // namespace passmint::http
