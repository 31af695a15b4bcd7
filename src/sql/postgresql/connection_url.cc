#include "sql/postgresql/connection_url.h"

#include <libpq-fe.h>

#include <memory>
#include <utility>

namespace passmint::sql::postgresql {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

Error WrongUrl(std::string message) {
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = std::move(message),
               .hint =
                   "for example url = \"postgresql://passmint@db.example/passmint\"; in a password "
                   "write %40 for @, %2F for /, %3A for :, %25 for %"};
}

std::string ValueOf(const Options& options, std::string_view keyword) {
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->keyword == keyword && option->val != nullptr) return option->val;
  }
  return {};
}

std::string Shown(const Options& options) {
  const std::string database = ValueOf(options, "dbname");
  std::string host = ValueOf(options, "host");
  if (host.empty()) host = ValueOf(options, "hostaddr");
  std::string shown = database.empty() ? "the default database" : "database " + database;
  if (host.empty()) return shown + " at libpq's default host";
  shown += " at " + host;
  const std::string port = ValueOf(options, "port");
  return port.empty() ? shown : shown + ":" + port;
}

}  // namespace

Result<ConnectionUrl> ConnectionUrl::Parse(std::string_view url) {
  if (url.find('\0') != std::string_view::npos) return WrongUrl("the store's url has a NUL in it");
  const std::string text(url);
  char* why = nullptr;
  const Options options(PQconninfoParse(text.c_str(), &why));
  // What libpq says repeats the piece that it could not read, which may be of the password.
  PQfreemem(why);
  if (options == nullptr) return WrongUrl("the store's url is no URL that PostgreSQL understands");
  // An @ or / that was not escaped in a password ends up in what libpq takes for host or port.
  for (const char* keyword : {"host", "port"}) {
    if (ValueOf(options, keyword).find('@') != std::string::npos) {
      return WrongUrl("the store's url has an @ that must be written %40");
    }
  }
  if (ValueOf(options, "dbname").find('@') != std::string::npos) {
    return WrongUrl("the store's url has a / or @ that must be written %2F or %40");
  }
  return ConnectionUrl(Secret(text), Secret(ValueOf(options, "password")), Shown(options));
}

std::string ConnectionUrl::WithoutPassword(std::string text) const {
  const std::string& password = password_.RevealForSerialization();
  if (password.empty()) return text;
  for (std::size_t at = text.find(password); at != std::string::npos;
       at = text.find(password, at + 3)) {
    text.replace(at, password.size(), "***");
  }
  return text;
}

}  // namespace passmint::sql::postgresql
