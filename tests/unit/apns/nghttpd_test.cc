#include <signal.h>

#include "support.h"
#include "support/outside_program.h"

// A server that we did not write.
namespace passmint::apns {
namespace {

using push::ApplePushOutcome;

// nghttpd of Debian's nghttp2-server, which serves files: it has none for our paths.
class Nghttpd {
 public:
  Nghttpd(const passmint::testing::ScratchDirectory& folder, int port) {
    const auto leaf = Authority()
                          .IssueServer({.dns_names = {"localhost"},
                                        .ip_addresses = {},
                                        .not_before = Now() - std::chrono::days(1),
                                        .not_after = Now() + std::chrono::days(1)})
                          .value();
    folder.Write("server.key", leaf.key.ToPem().RevealForSerialization());
    folder.Write("server.pem", leaf.certificate.ToPem() + Authority().intermediate().ToPem());
    const auto started = passmint::testing::RunProgram(
        "nghttpd -a 127.0.0.1 -d " + folder.Path(".") + " " + std::to_string(port) + " " +
        folder.Path("server.key") + " " + folder.Path("server.pem") + " > " + folder.Path("log") +
        " & echo $!");
    process_ = std::stoi(started.output);
  }
  Nghttpd(const Nghttpd&) = delete;
  Nghttpd& operator=(const Nghttpd&) = delete;
  ~Nghttpd() { ::kill(process_, SIGTERM); }

 private:
  pid_t process_ = 0;
};

class NghttpdTest : public ApnsTest {};

TEST_F(NghttpdTest, OurClientSpeaksHttp2WithIt) {
  // A port that was free a moment ago.
  StartFake();
  const int port = fake_->port();
  fake_.reset();
  const passmint::testing::ScratchDirectory folder;
  const Nghttpd server(folder, port);
  options_.url = "https://localhost:" + std::to_string(port);
  options_.ca_file = folder.Write("ca.pem", Authority().root().ToPem());
  options_.times.backoff_last = std::chrono::milliseconds(50);
  StartSender();
  for (const ApplePushOutcome& outcome : SendMany(0, 500)) {
    ASSERT_EQ(outcome.status, 404) << outcome.reason << ' ' << outcome.detail;
    ASSERT_EQ(outcome.kind, Kind::kBug);
  }
  EXPECT_EQ(TheLane().connections, 1U);
}

}  // namespace
}  // namespace passmint::apns
