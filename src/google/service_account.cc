#include "google/service_account.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "json/json.h"

namespace passmint::google {
namespace {

constexpr std::string_view kReason = "bad_service_account";
constexpr std::string_view kWhereFrom =
    "in the Google Cloud console open IAM & Admin, Service Accounts, the account, Keys, Add key, "
    "JSON, and use that file as it is";

Error Bad(std::string message, std::string hint) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "Google service account file: " + std::move(message),
          .reason = std::string(kReason),
          .hint = std::move(hint)};
}

// What the file is instead, if it is one of Google's other credential files.
std::optional<Error> OtherCredential(const Json& file) {
  if (file.contains("installed") || file.contains("web")) {
    return Bad("it is an OAuth client of an application, not a service account",
               std::string(kWhereFrom));
  }
  const auto type = file.find("type");
  if (type == file.end() || !type->is_string() || *type == "service_account") return std::nullopt;
  const auto& name = type->get_ref<const std::string&>();
  if (name == "authorized_user") {
    return Bad("it holds a person's own login (type authorized_user), not a service account",
               std::string(kWhereFrom));
  }
  if (name == "external_account") {
    return Bad("it is a workload identity (type external_account) without a private key",
               "links have to be signed with a key: " + std::string(kWhereFrom));
  }
  return Bad(R"(its "type" is not "service_account")", std::string(kWhereFrom));
}

class Reader {
 public:
  explicit Reader(const Json& file) : file_(file) {}

  std::string Take(std::string_view key) {
    const auto member = file_.find(key);
    if (member == file_.end()) {
      Add("missing_field", key, fmt::format("\"{}\" is missing", key));
      return "";
    }
    if (!member->is_string()) {
      Add("wrong_type", key, fmt::format("\"{}\" is not a text", key));
      return "";
    }
    auto text = member->get<std::string>();
    if (text.empty()) Add("empty_field", key, fmt::format("\"{}\" is empty", key));
    return text;
  }

  void Add(std::string code, std::string_view key, std::string detail) {
    problems_.push_back({std::move(code), json::Child("", key), std::move(detail)});
  }

  std::vector<InputProblem>& problems() { return problems_; }

 private:
  const Json& file_;
  std::vector<InputProblem> problems_;
};

bool LooksLikeEmail(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of(" \t\r\n\"") == std::string_view::npos;
}

// Loopback is for tests against a local fake.
bool IsTokenUri(std::string_view text) {
  constexpr std::string_view kAllowed[] = {"https://", "http://127.0.0.1", "http://localhost"};
  for (const auto prefix : kAllowed) {
    if (text.substr(0, prefix.size()) == prefix && text.size() > prefix.size()) return true;
  }
  return false;
}

std::string MendLineFeeds(std::string pem) {
  std::string mended;
  mended.reserve(pem.size());
  for (std::size_t i = 0; i < pem.size(); ++i) {
    if (pem[i] == '\\' && i + 1 < pem.size() && pem[i + 1] == 'n') {
      mended += '\n';
      ++i;
    } else {
      mended += pem[i];
    }
  }
  return mended;
}

void CheckValues(Reader& reader, const ServiceAccount& account) {
  if (!account.client_email.empty() && !LooksLikeEmail(account.client_email)) {
    reader.Add("bad_email", "client_email",
               "\"client_email\" is no e-mail address; it ends in .iam.gserviceaccount.com");
  }
  if (!account.token_uri.empty() && !IsTokenUri(account.token_uri)) {
    reader.Add("bad_uri", "token_uri",
               "\"token_uri\" does not begin with https://; it is "
               "https://oauth2.googleapis.com/token");
  }
  const std::string& pem = account.private_key_pem.RevealForSerialization();
  if (!pem.empty() && pem.find("-----BEGIN PRIVATE KEY-----") == std::string::npos &&
      pem.find("-----BEGIN RSA PRIVATE KEY-----") == std::string::npos) {
    reader.Add("bad_private_key", "private_key",
               "\"private_key\" is no PEM: it begins with -----BEGIN PRIVATE KEY-----");
  }
}

}  // namespace

Result<ServiceAccount> ParseServiceAccount(std::string_view json_text) {
  auto parsed = json::Parse(json_text, kServiceAccountBytesMax);
  if (!parsed.ok()) {
    if (parsed.error().code == ErrorCode::kTooLarge) return parsed.error();
    return Bad(
        "it is not JSON: " + parsed.error().message,
        json_text.find("-----BEGIN") == std::string_view::npos
            ? std::string(kWhereFrom)
            : "this is a bare PEM; the whole JSON file is needed: " + std::string(kWhereFrom));
  }
  const Json& file = parsed.value();
  if (!file.is_object()) return Bad("it is not a JSON object", std::string(kWhereFrom));
  if (auto other = OtherCredential(file)) return *std::move(other);

  Reader reader(file);
  ServiceAccount account{.client_email = reader.Take("client_email"),
                         .private_key_pem = Secret(MendLineFeeds(reader.Take("private_key"))),
                         .private_key_id = reader.Take("private_key_id"),
                         .token_uri = reader.Take("token_uri")};
  CheckValues(reader, account);
  if (reader.problems().empty()) return account;
  Error error = Bad(reader.problems().front().detail, std::string(kWhereFrom));
  error.problems = std::move(reader.problems());
  return error;
}

}  // namespace passmint::google
