#include "simulate/fake_apns_tool.h"

#include <algorithm>
#include <fstream>
#include <mutex>
#include <utility>

#include "json/json.h"

namespace passmint::simulate {
namespace {

constexpr std::size_t kCommandBytesMax = 64 * 1024;
constexpr std::uint64_t kCountMax = 1'000'000'000;

// Lines of two threads must not mix.
class Lines {
 public:
  explicit Lines(std::ostream& out) : out_(out) {}

  void Print(const Json& line) {
    const std::lock_guard lock(mutex_);
    out_ << json::Dump(line) << std::endl;
  }

 private:
  std::mutex mutex_;
  std::ostream& out_;
};

std::string Text(const Json& command, const char* name) {
  const auto found = command.find(name);
  return found != command.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t Number(const Json& command, const char* name, std::uint64_t otherwise) {
  const auto found = command.find(name);
  return found != command.end() && found->is_number_unsigned()
             ? std::min(found->get<std::uint64_t>(), kCountMax * 1'000'000)
             : otherwise;
}

std::uint32_t Count(const Json& command) {
  return static_cast<std::uint32_t>(std::min(Number(command, "count", 1), kCountMax));
}

Json Failure(std::string message) { return {{"event", "error"}, {"message", std::move(message)}}; }

Json TotalsOf(const FakeApns& fake) {
  const FakeApnsTotals totals = fake.Totals();
  return {{"event", "totals"},
          {"accepted", totals.accepted},
          {"refused", totals.refused},
          {"unanswered", totals.unanswered},
          {"connections", totals.connections},
          {"open_connections", totals.open_connections}};
}

Json ObeyFault(const Json& command, const std::string& what, FakeApns& fake) {
  const auto fault = ParseApnsFault(Text(command, "fault"));
  if (!fault) return Failure("unknown fault");
  if (what == "fail") {
    fake.FailNext(*fault, Count(command));
    return {{"event", "done"}};
  }
  const auto share = command.find("share");
  if (share == command.end() || !share->is_number()) return Failure("share is no number");
  fake.SetShare(*fault, share->get<double>());
  return {{"event", "done"}};
}

Json Obey(const Json& command, FakeApns& fake) {
  const std::string what = Text(command, "do");
  const PushToken token(Text(command, "token"));
  if (what == "totals") return TotalsOf(fake);
  if (what == "fail" || what == "share") return ObeyFault(command, what, fake);
  if (what == "answer") {
    fake.AnswerNext(
        {.status = static_cast<int>(std::min<std::uint64_t>(Number(command, "status", 500), 599)),
         .reason = Text(command, "reason"),
         .retry_after =
             std::chrono::seconds(std::min(Number(command, "retry_after", 0), kCountMax))},
        Count(command));
  } else if (what == "add") {
    fake.AddToken(token, PassTypeIdentifier(Text(command, "topic")));
  } else if (what == "retire") {
    fake.RetireToken(token, Timestamp(std::chrono::milliseconds(Number(command, "timestamp", 0))));
  } else if (what == "down") {
    fake.SetDown(command.value("down", Json(true)) == Json(true));
  } else if (what == "goaway") {
    fake.SendGoaway(Text(command, "reason"));
  } else if (what == "streams") {
    fake.ChangeStreamsMax(
        static_cast<std::uint32_t>(std::min(Number(command, "max", 1'000), kCountMax)));
  } else {
    return Failure("unknown command");
  }
  return {{"event", "done"}};
}

Status WriteCa(const std::string& file, const std::string& pem) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << pem;
  stream.close();
  if (stream) return {};
  return Error{.code = ErrorCode::kUnavailable, .message = file + ": cannot be written"};
}

}  // namespace

Status RunFakeApnsTool(const FakeApnsToolOptions& options, const Clock& clock, std::istream& in,
                       std::ostream& out) {
  Lines lines(out);
  auto fake = FakeApns::Start(options.apns, clock, [&lines](const FakePush& push) {
    lines.Print({{"event", "push"},
                 {"token", push.push_token.str()},
                 {"topic", push.topic.str()},
                 {"apns_id", push.apns_id},
                 {"expiration", push.expiration},
                 {"priority", push.priority}});
  });
  if (!fake.ok()) return std::move(fake).error();
  if (Status wrote = WriteCa(options.ca_file, fake.value()->ca_pem()); !wrote.ok()) return wrote;
  lines.Print({{"event", "listening"},
               {"port", fake.value()->port()},
               {"url", fake.value()->url()},
               {"ca_file", options.ca_file}});
  for (std::string line; std::getline(in, line);) {
    const auto command = json::Parse(line, kCommandBytesMax);
    lines.Print(command.ok() && command.value().is_object()
                    ? Obey(command.value(), *fake.value())
                    : Failure("a command is a JSON object on one line"));
  }
  return {};
}

}  // namespace passmint::simulate
