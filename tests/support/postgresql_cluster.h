#pragma once

#include <sys/types.h>

#include <string>

#include "support/outside_program.h"

namespace passmint::testing {

// A PostgreSQL server of one's own on a UNIX socket in a temporary directory: nothing of it is left
// at the end, also after a test that failed. Without a server's programs its first use ends the
// test program with a message that says what to install. Used by one thread.
class PostgresqlCluster {
 public:
  // The one that all tests of a program share, started when it is first needed and stopped when the
  // program ends.
  static PostgresqlCluster& Shared();

  // A server that belongs to one test, which may stop it.
  PostgresqlCluster();
  ~PostgresqlCluster();
  PostgresqlCluster(const PostgresqlCluster&) = delete;
  PostgresqlCluster& operator=(const PostgresqlCluster&) = delete;

  // A new, empty database, as a URL.
  std::string MakeDatabase();

  // The URL of a database, with `parameters` such as "user=shop".
  std::string Url(const std::string& database, const std::string& parameters = {}) const;

  // Runs a statement as the superuser; fails the test if it fails. Returns what it prints.
  std::string Sql(const std::string& statement, const std::string& database = "postgres") const;

  // From now on everyone but the superuser needs a password.
  void RequirePasswords();

  // A file beside the server's, mode 0600; returns its path.
  std::string WriteFile(const std::string& name, const std::string& text) const;

  void Start();
  // "immediate": as if the machine had lost power; "fast": connections are cut, nothing is lost.
  void Stop(const std::string& mode = "immediate");
  // Kills one process that serves a client, as the kernel does when memory is short. Waits until
  // there is one that is called 'passmint'.
  void KillBackend();

 private:
  std::string Run(const std::string& program, const std::string& arguments) const;
  ProgramOutcome RunStatement(const std::string& statement, const std::string& database) const;
  void AwaitClients() const;

  std::string directory_;
  pid_t owner_;  // A forked child does not stop its parent's server.
  int databases_ = 0;
};

}  // namespace passmint::testing
