#include <signal.h>

#include "app/commands.h"
#include "app/system_clock.h"
#include "crypto/system_random.h"
#include "simulate/fake_google.h"

namespace passmint::app {

Status RunSimulateGoogle(const SimulateGoogleOptions& options, const Console& console) {
  // Before any thread starts, so that none of them is interrupted.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const SystemClock clock;
  crypto::SystemRandom random;
  const auto google = simulate::FakeGoogle::Start(
      {.listen = options.listen, .requests_per_second = options.requests_per_second}, clock,
      random);
  if (!google.ok()) return google.error();
  const std::string url = "http://127.0.0.1:" + std::to_string(google.value()->port());
  console.out << "[google]\n"
              << "api_url = \"" << url << "\"\n"
              << "token_url = \"" << url << "/token\"\n"
              << "save_url = \"" << url << "/gp/v/save/\"\n"
              << "keys_url = \"" << url << "/gp/m/issuer/keys\"\n"
              << std::flush;
  int signal = 0;
  sigwait(&signals, &signal);
  return {};
}

}  // namespace passmint::app
