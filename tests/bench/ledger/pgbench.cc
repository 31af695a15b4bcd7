#include "bench/ledger/pgbench.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace passmint::bench {
namespace {

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin/";

std::string Run(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) std::abort();
  std::string said;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) {
    said.append(buffer, count);
  }
  if (pclose(pipe) != 0) {
    std::fprintf(stderr, "bench_ledger: error: %s: %s\n", command.c_str(), said.c_str());
    std::_Exit(1);
  }
  return said;
}

}  // namespace

void InitializeTpcB(const std::string& database_url, int scale) {
  (void)Run(std::string(kPrograms) + "pgbench -i -q -s " + std::to_string(scale) + " '" +
            database_url + "'");
}

std::string AccrualScript(const std::string& database_url, const std::string& folder, int members) {
  const std::string count = std::to_string(members);
  (void)Run(std::string(kPrograms) + "psql -q '" + database_url +
            "' -c \"INSERT INTO account SELECT 'pgbench', 'a_' || n, 0, '\\x00', NULL, 0,"
            " decode(repeat('5a', 260), 'hex') FROM generate_series(1, " +
            count +
            ") n\""
            " -c \"INSERT INTO card SELECT 'pgbench', 'c_' || n, 'm_' || n, n::text, 'points',"
            " 'active', '', NULL, 'l_' || n, 's_' || n, 'g_' || n, 'k1', 1, 1, 1"
            " FROM generate_series(1, " +
            count + ") n\" -c 'ANALYZE'");
  std::string script = folder + "/accrual.sql";
  std::ofstream(script) << "\\set member random(1, " << count << ")\n"
                        << R"(\set order random(1, 9000000000000000000)
BEGIN;
INSERT INTO stored_answer (scope, key, fingerprint, status, body, member, expires_at) VALUES ('pgbench POST /api/v1/orders', :order, repeat('f', 64), 201, decode(repeat('5a', 150), 'hex'), 'm_' || :member, 1) ON CONFLICT (scope, key) DO NOTHING;
SELECT sequence, head, far_lots, state FROM account WHERE programme = 'pgbench' AND id = 'a_' || :member FOR UPDATE;
INSERT INTO shop_order (programme, source, id, fingerprint, member, card, account, total_minor, paid_at, received_at, body, answer, record) VALUES ('pgbench', 'web', :order, repeat('f', 64), 'm_' || :member, 'c_' || :member, 'a_' || :member, 199900, 1, 1, repeat('b', 200), repeat('a', 150), decode(repeat('5a', 40), 'hex')) ON CONFLICT (programme, source, id) DO NOTHING;
INSERT INTO entry (programme, account, sequence, body, hash) SELECT 'pgbench', id, sequence + 1, decode(repeat('5a', 150), 'hex'), decode(repeat('5a', 32), 'hex') FROM account WHERE programme = 'pgbench' AND id = 'a_' || :member;
UPDATE account SET sequence = sequence + 1, head = decode(repeat('5a', 32), 'hex'), state = decode(repeat('5a', 260), 'hex') WHERE programme = 'pgbench' AND id = 'a_' || :member;
UPDATE card SET revision = revision + 1, changed_at = changed_at + 1 WHERE programme = 'pgbench' AND id = 'c_' || :member;
INSERT INTO delivery (programme, card, channel, wanted, sent, due_at, attempts) VALUES ('pgbench', 'c_' || :member, 'apple', 1, 0, 1, 0) ON CONFLICT (programme, card, channel) DO UPDATE SET wanted = delivery.wanted + 1, due_at = 1;
COMMIT;
)";
  return script;
}

double Pgbench(const std::string& database_url, const std::string& script, int clients,
               int seconds) {
  const std::string what = script.empty() ? "-b tpcb-like" : "-f '" + script + "'";
  const std::string said =
      Run(std::string(kPrograms) + "pgbench -n -M prepared -c " + std::to_string(clients) +
          " -j 2 -T " + std::to_string(seconds) + " " + what + " '" + database_url + "'");
  const std::size_t at = said.find("tps = ");
  return at == std::string::npos ? 0 : std::strtod(said.c_str() + at + 6, nullptr);
}

}  // namespace passmint::bench
