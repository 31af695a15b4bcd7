#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace passmint::http {

// What became of pushes to one wallet of one programme since the process started.
struct PushFigures {
  std::string programme;
  std::string wallet;                            // "apple", "google"
  std::map<std::string, std::int64_t> outcomes;  // "accepted", else the wallet's reason.
  std::int64_t removed = 0;                      // Devices that are gone.
  std::int64_t backlog = 0;                      // Due, not told.
  std::chrono::seconds oldest{0};                // How long the first of these has been due.
  bool stopped = false;
};

// What the service counts, in Prometheus' text format. Safe for concurrent calls.
//
//   passmint_http_requests_total{route,status}    answers, by route family and status class
//   passmint_http_request_seconds{route}          how long they took
//   passmint_pushes_total{programme,wallet,outcome}        what APNs and Google answered
//   passmint_push_devices_removed_total{programme,wallet}  phones that are gone
//   passmint_push_backlog{programme,wallet}                due, not told yet
//   passmint_push_oldest_seconds{programme,wallet}         how long the first of these waits
//   passmint_push_stopped{programme,wallet}                1: nothing goes until somebody acts
//   passmint_certificate_expiry_days{programme}   whole days left of the pass certificate
//   passmint_device_logs_dropped_total            phones' messages beyond what is kept
//   passmint_refunds_waiting                      refunds whose order has not come for a day
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // `route`: a family such as "api", "page", "bundle"; never a raw path, which would grow without
  // bound.
  void CountRequest(const std::string& route, int status, std::chrono::microseconds time);

  void SetDroppedLogs(std::uint64_t dropped);  // Since the process started.
  void SetParkedRefunds(std::int64_t refunds);
  void SetCertificateDays(const std::string& programme, std::int64_t days);

  void SetPushes(const PushFigures& figures);

  // text/plain; version=0.0.4.
  std::string Render() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace passmint::http
