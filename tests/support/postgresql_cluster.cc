#include "support/postgresql_cluster.h"

#include <gtest/gtest.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

namespace passmint::testing {
namespace {

constexpr const char* kFirstClient =
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'passmint' ORDER BY pid LIMIT 1";

[[noreturn]] void GiveUp(const std::string& message) {
  std::fprintf(stderr, "FAILED: %s\n", message.c_str());
  std::_Exit(1);
}

// Where Debian puts the programs, which are not in PATH; the oldest version that we promise.
std::string FindPrograms() {
  for (const char* folder : {"/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin",
                             "/usr/lib/postgresql/17/bin", "/usr/local/pgsql/bin"}) {
    if (::access((std::string(folder) + "/initdb").c_str(), X_OK) == 0) return folder;
  }
  GiveUp(
      "these tests need a PostgreSQL server: apt-get install postgresql-15, or run "
      "scripts/setup");
}

// PostgreSQL refuses to run as root.
std::string AsServerUser() {
  if (::geteuid() != 0) return {};
  if (::getpwnam("postgres") == nullptr) GiveUp("there is no user postgres to run the server");
  return "runuser -u postgres -- ";
}

}  // namespace

PostgresqlCluster& PostgresqlCluster::Shared() {
  static const auto shared = std::make_unique<PostgresqlCluster>();
  return *shared;
}

PostgresqlCluster::PostgresqlCluster() : owner_(::getpid()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "passmint-pg-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) GiveUp("no temporary directory for PostgreSQL");
  directory_ = pattern;
  if (::geteuid() == 0) {
    const passwd* user = ::getpwnam("postgres");
    if (user == nullptr) GiveUp("there is no user postgres: apt-get install postgresql-15");
    if (::chown(directory_.c_str(), user->pw_uid, user->pw_gid) != 0) GiveUp("chown " + directory_);
  }
  std::filesystem::permissions(directory_, std::filesystem::perms(0755));
  Run("initdb", "-D " + directory_ + "/data -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N");
  Start();
}

PostgresqlCluster::~PostgresqlCluster() {
  if (::getpid() != owner_) return;
  Stop();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string PostgresqlCluster::Run(const std::string& program, const std::string& arguments) const {
  const std::string command =
      "cd / && " + AsServerUser() + FindPrograms() + "/" + program + " " + arguments;
  const ProgramOutcome outcome = RunProgram(command);
  if (outcome.exit_code != 0) GiveUp(command + "\n" + outcome.output);
  return outcome.output;
}

void PostgresqlCluster::Start() {
  // Its output goes to the log, else the pipe to us would stay open as long as the server runs.
  Run("pg_ctl", "-D " + directory_ + "/data -l " + directory_ +
                    "/log -w -s -o \"-c listen_addresses='' -c unix_socket_directories=" +
                    directory_ + " -c max_connections=200\" start </dev/null >/dev/null");
}

void PostgresqlCluster::Stop(const std::string& mode) {
  const std::string command = "cd / && " + AsServerUser() + FindPrograms() + "/pg_ctl -D " +
                              directory_ + "/data -w -s -m " + mode + " stop";
  (void)RunProgram(command);  // It may have stopped before.
}

void PostgresqlCluster::RequirePasswords() {
  Sql("CREATE TABLE rules (line text)");
  Sql("INSERT INTO rules VALUES ('local all postgres trust'), ('local all all scram-sha-256')");
  Sql("COPY rules TO '" + directory_ + "/data/pg_hba.conf'");
  Sql("SELECT pg_reload_conf()");
  // The postmaster reads the rules between two connections; this one came after.
  Sql("SELECT count(*) FROM pg_hba_file_rules");
}

std::string PostgresqlCluster::WriteFile(const std::string& name, const std::string& text) const {
  const std::string path = directory_ + "/" + name;
  std::ofstream(path) << text;
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  return path;
}

// After a kill the server recovers, and then clients connect again.
void PostgresqlCluster::AwaitClients() const {
  for (int i = 0; i < 200; ++i) {
    const ProgramOutcome outcome = RunStatement(kFirstClient, "postgres");
    if (outcome.exit_code == 0 && outcome.output.size() > 1) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  GiveUp("no client has come back to the server");
}

void PostgresqlCluster::KillBackend() {
  AwaitClients();
  const std::string pid = Sql(kFirstClient);
  if (pid.empty() || ::kill(std::stoi(pid), SIGKILL) != 0) GiveUp("no server process to kill");
}

std::string PostgresqlCluster::Url(const std::string& database,
                                   const std::string& parameters) const {
  const std::string user = parameters.find("user=") == std::string::npos ? "&user=postgres" : "";
  return "postgresql:///" + database + "?host=" + directory_ + user +
         (parameters.empty() ? "" : "&" + parameters);
}

std::string PostgresqlCluster::MakeDatabase() {
  const std::string name = "test" + std::to_string(++databases_);
  Sql("CREATE DATABASE " + name);
  return Url(name);
}

ProgramOutcome PostgresqlCluster::RunStatement(const std::string& statement,
                                               const std::string& database) const {
  return RunProgram("cd / && " + AsServerUser() +
                    "psql -X -q -A -t -v ON_ERROR_STOP=1 -U postgres -h " + directory_ + " -d " +
                    database + " -c \"" + statement + "\"");
}

std::string PostgresqlCluster::Sql(const std::string& statement,
                                   const std::string& database) const {
  const ProgramOutcome outcome = RunStatement(statement, database);
  EXPECT_EQ(outcome.exit_code, 0) << statement << "\n" << outcome.output;
  std::string text = outcome.output;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace passmint::testing
