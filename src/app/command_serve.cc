#include <signal.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include "app/commands.h"
#include "app/log.h"
#include "app/settings.h"
#include "app/wiring.h"

namespace passmint::app {
namespace {

constexpr std::time_t kCertificateWatchSeconds = 86'400;

// SIGTERM and SIGINT, kept for WaitForStop: every thread that starts later inherits the mask, so no
// other code is interrupted. A client that hangs up must not end the process either.
sigset_t HoldStopSignals() {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Waits for one of the signals; looks at the certificates once a day meanwhile. Returns the
// signal's name.
const char* WaitForStop(const sigset_t& signals, RunningSite& site) {
  for (;;) {
    const timespec day = {kCertificateWatchSeconds, 0};
    const int signal = sigtimedwait(&signals, nullptr, &day);
    if (signal == SIGTERM) return "SIGTERM";
    if (signal == SIGINT) return "SIGINT";
    if (errno == EAGAIN) site.WatchCertificates();
  }
}

}  // namespace

Status RunServe(const ServeOptions& options, const Console&) {
  const sigset_t signals = HoldStopSignals();
  const auto settings = LoadSettings(options.config);
  if (!settings.ok()) return settings.error();
  auto running = RunningSite::Start(settings.value());
  if (!running.ok()) return std::move(running).error();
  LogEvent(LogLevel::kInfo, "server.listening",
           {{"address", settings.value().server.listen},
            {"public_url", settings.value().server.public_url}});
  const char* signal = WaitForStop(signals, *running.value());
  LogEvent(LogLevel::kInfo, "server.stopping", {{"signal", signal}});
  std::move(running).value().reset();
  LogEvent(LogLevel::kInfo, "server.stopped");
  return {};
}

}  // namespace passmint::app
