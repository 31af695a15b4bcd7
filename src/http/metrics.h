#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace passmint::http {

// What the service counts, in Prometheus' text format. Safe for concurrent calls.
//
//   passmint_http_requests_total{route,status}    answers, by route family and status class
//   passmint_http_request_seconds{route}          how long they took
//   passmint_certificate_expiry_days{programme}   whole days left of the pass certificate
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

  void SetParkedRefunds(std::int64_t refunds);
  void SetCertificateDays(const std::string& programme, std::int64_t days);

  // text/plain; version=0.0.4.
  std::string Render() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace passmint::http
