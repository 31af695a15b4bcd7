#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace passmint::sql::postgresql {

// A checked "postgresql://user:password@host:port/database?sslmode=..." as libpq reads it
// (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING); what it leaves out
// comes from PGPASSFILE, PGSERVICE and the other environment variables of libpq.
class ConnectionUrl {
 public:
  // Fails with kInvalidArgument; no message repeats any part of the URL that may be a password.
  static Result<ConnectionUrl> Parse(std::string_view url);

  const Secret& url() const { return url_; }

  // "database passmint at db.example:5432": for logs and messages.
  const std::string& shown() const { return shown_; }

  // `text` without the password, should a message ever repeat it.
  std::string WithoutPassword(std::string text) const;

 private:
  ConnectionUrl(Secret url, Secret password, std::string shown)
      : url_(std::move(url)), password_(std::move(password)), shown_(std::move(shown)) {}

  Secret url_;
  Secret password_;
  std::string shown_;
};

}  // namespace passmint::sql::postgresql
