#include "app/init_settings.h"

#include <fmt/format.h>

namespace passmint::app {
namespace {

constexpr char kSettings[] = R"(# Settings of a Passmint site. Paths are relative to this file.
# passmint check --explain lists every setting; passmint check says what is wrong.

[server]
listen = "{listen}"            # or "unix:/run/passmint/http.sock"
public_url = "{public_url}"    # https in production: phones refuse http
metrics_listen = "{metrics_listen}"    # never the public address
trusted_proxies = ["127.0.0.1"]

[store]
url = "sqlite:passmint.db"
checkpoint_dir = "checkpoints"

[secrets]
master_key = "secrets/master.key"         # back it up: without it no card can be updated
signing_key = "secrets/checkpoint.key"

[google]
api_url = ""                              # nothing is sent: the account below is made up

[[programme]]
id = "demo"                               # never change it once there are cards
name = "Bean & Leaf"
currency = "RUB"
time_zone = "Europe/Moscow"
# quiet_hours = "22:00-08:00"             # no phone is disturbed then
# approval = "another_person"             # nobody publishes a card design of their own
# given_per_day = 5000                    # what a key that is no admin's gives by hand, points
region = "RU"                             # how phone numbers without + are read
languages = ["en", "ru"]
templates = [{templates}]
rules = "rules.json"                      # how points are earned and spent
# A test certificate that no phone accepts. For a real one: passmint cert csr, then
# passmint cert import.
apple.certificate = "certs/pass.pem"
apple.key = "certs/pass.key"
apple.wwdr = "certs/wwdr"
# A made-up service account that Google does not know.
google.service_account = "certs/google.json"
google.issuer_id = "3388000000022141777"
card_number = {{prefix = "9", length = 16, check = "luhn"}}
)";

constexpr char kRules[] = R"({
  "format": 1,
  "points": {"exponent": 0, "value": {"points": 1, "minor": 100}, "rounding": "floor"},
  "earn": [
    {"id": "base", "kind": "percent", "ppm": 50000, "expires": {"after": "P12M", "round_to": "month"}}
  ],
  "burn": {"max_ppm_of_order": 1000000},
  "actions": [
    {"id": "review", "points": 50, "once": "subject", "moderated": true},
    {"id": "visit", "points": 5, "once": "day"}
  ],
  "refunds": {"debt": "unlimited", "expired": "grace", "grace": "P14D"}
}
)";

}  // namespace

std::string DemoRules() { return kRules; }

std::string DemoSettings(const DemoSite& site) {
  std::string templates;
  for (const std::string& name : site.templates) {
    templates += fmt::format("{}\"templates/{}\"", templates.empty() ? "" : ", ", name);
  }
  return fmt::format(
      kSettings, fmt::arg("listen", site.listen), fmt::arg("public_url", site.public_url),
      fmt::arg("metrics_listen", site.metrics_listen), fmt::arg("templates", templates));
}

}  // namespace passmint::app
