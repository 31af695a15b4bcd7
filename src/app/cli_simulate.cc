#include "app/internal/cli_verbs.h"

namespace passmint::app {
namespace {

void AddSimulateGoogle(CLI::App& simulate, Run& run, SimulateGoogleOptions& google) {
  CLI::App* verb = AddVerb(
      simulate, "google", "Runs a Google Wallet of our own, and prints the settings for it.",
      "simulate google --listen 127.0.0.1:9100", run, &RunSimulateGoogle, google);
  verb->add_option("--listen", google.listen, "Where, on loopback; port 0 for any free one")
      ->capture_default_str()
      ->type_name("HOST:PORT");
  verb->add_option("--rate", google.requests_per_second, "Requests a second; more are 429")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
}

// With a verb of its own it stands in for others; without one it runs the fleet.
CLI::App* AddSimulate(CLI::App& app, Run& run, SimulateFleetOptions& fleet) {
  CLI::App* simulate = AddVerb(
      app, "simulate", "Proves the loop from paid orders to phones, without Apple or Google.",
      "simulate --phones 100 --orders 1000 --faults", run, &RunSimulateFleet, fleet);
  simulate->require_subcommand(0, 1);
  simulate->callback([simulate, &run, &fleet] {
    if (!simulate->get_subcommands().empty()) return;
    run = [&fleet](const Console& console) { return RunSimulateFleet(fleet, console); };
  });
  const auto number = [simulate](const char* name, auto& value, const char* about) {
    return simulate->add_option(name, value, about)->type_name("N")->capture_default_str();
  };
  number("--phones", fleet.phones, "Virtual iPhones, each with a card")
      ->check(CLI::Range(1, 1'000'000));
  number("--google-accounts", fleet.google_accounts, "Customers with the card in Google Wallet")
      ->check(CLI::Range(0, 100'000));
  number("--orders", fleet.orders, "Orders of their owners")->check(CLI::Range(0, 100'000'000));
  number("--orders-per-second", fleet.orders_per_second, "0: as fast as they are answered")
      ->check(CLI::Range(0, 1'000'000));
  number("--threads", fleet.threads, "Of phones, and as many of shops")->check(CLI::Range(1, 256));
  number("--seed", fleet.seed, "Another one, other luck");
  simulate->add_flag("--faults", fleet.faults,
                     "Phones go offline, APNs and Google fail in every way");
  simulate->add_flag("--kill", fleet.kill, "With --faults: the service is killed as well");
  number("--kills", fleet.kills, "Likewise, but so often at most; 0: as --kill says")
      ->check(CLI::Range(0, 1000));
  number("--settle", fleet.settle_seconds_max, "Seconds that cards may take after the last order")
      ->check(CLI::Range(1, 86'400));
  number("--time-lapse", fleet.time_lapse, "Waits between pushes are so many times shorter")
      ->check(CLI::Range(1, 100'000));
  simulate->add_option("--keep", fleet.keep, "Work in this new folder and leave it")
      ->type_name("DIR");
  return simulate;
}

}  // namespace

void AddSimulateVerbs(CLI::App& app, Run& run, SimulateVerbs& options) {
  CLI::App* simulate = AddSimulate(app, run, options.fleet);
  SimulateApnsOptions& chosen = options.apns;
  CLI::App* apns = AddVerb(*simulate, "apns", "A fake Apple push service, driven by JSON lines.",
                           "simulate apns --listen 127.0.0.1:2197 --ca-file ca.pem", run,
                           &RunSimulateApns, chosen);
  apns->add_option("--listen", chosen.listen, "Where to serve; port 0: any free one")
      ->type_name("ADDR:PORT")
      ->capture_default_str();
  apns->add_option("--ca-file", chosen.ca_file, "Written: whom clients trust (apns.ca_file)")
      ->type_name("FILE")
      ->capture_default_str();
  apns->add_option("--streams", chosen.streams_max, "Requests that a connection may have open")
      ->type_name("COUNT")
      ->capture_default_str();
  apns->add_flag("--known-tokens", chosen.knows_tokens, "Refuse tokens that were not added");
  apns->add_option("--anonymous", chosen.anonymous_pass_type,
                   "Pass type of who shows no certificate (load tools)")
      ->type_name("PASS_TYPE");
  AddSimulateGoogle(*simulate, run, options.google);
}

}  // namespace passmint::app
