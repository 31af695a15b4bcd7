#include "ledger/checkpoint.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "base/bytes.h"
#include "crypto/private_key.h"
#include "support/outside_program.h"

namespace passmint::ledger {
namespace {

using Kind = LostHistory::Kind;

const crypto::PrivateKey& Key() {
  static const crypto::PrivateKey key = crypto::GenerateEd25519().value();
  return key;
}

CheckpointLeaf Leaf(const std::string& account, std::int64_t sequence, char head) {
  return {ProgrammeId("cafe"), AccountId(account), sequence, std::string(kHashBytes, head)};
}

Checkpoint Sample() {
  Checkpoint checkpoint;
  checkpoint.time = FromMicros(1'795'262'400'000'001);
  checkpoint.previous = std::string(kHashBytes, '\0');
  checkpoint.state = std::string(kHashBytes, '\x55');
  checkpoint.leaves = {Leaf("a_1", 7, 'x'), Leaf("a_2", 0, 'y'), Leaf("a_3", 12, 'z')};
  return checkpoint;
}

std::string Signed(const Checkpoint& checkpoint) {
  return SignCheckpoint(checkpoint, Key()).value();
}

std::string ReasonOf(const std::string& document) {
  const auto opened = OpenCheckpoint(document, Key().PublicKeyPem());
  return opened.ok() ? "none" : opened.error().reason;
}

// Today's chains, by account.
using Today = std::map<std::string, ChainPoint>;

CheckpointReport Compared(const Checkpoint& checkpoint, const Today& today) {
  const FindChainPoint find =
      [&today](const CheckpointLeaf& leaf) -> Result<std::optional<ChainPoint>> {
    const auto found = today.find(leaf.account.str());
    if (found == today.end()) return std::optional<ChainPoint>();
    return std::optional<ChainPoint>(found->second);
  };
  return CompareWithToday(checkpoint, find).value();
}

Today Unchanged() {
  return {{"a_1", {7, std::string(kHashBytes, 'x')}},
          {"a_2", {3, std::string(kHashBytes, 'y')}},
          {"a_3", {40, std::string(kHashBytes, 'z')}}};
}

// The vectors of Google's certificate-transparency implementation of RFC 6962.
TEST(MerkleTreeTest, HasTheRootsOfRfc6962) {
  const char* const kLeaves[] = {"",
                                 "00",
                                 "10",
                                 "2021",
                                 "3031",
                                 "40414243",
                                 "5051525354555657",
                                 "606162636465666768696a6b6c6d6e6f"};
  const char* const kRoots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  MerkleTree tree;
  EXPECT_EQ(ToHex(tree.Root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (int i = 0; i < 8; ++i) {
    tree.Add(FromHex(kLeaves[i]).value());
    EXPECT_EQ(ToHex(tree.Root()), kRoots[i]) << i + 1 << " leaves";
  }
}

TEST(CheckpointTest, ComesBackWhole) {
  const auto opened = OpenCheckpoint(Signed(Sample()), Key().PublicKeyPem());
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_EQ(opened.value(), Sample());
  Checkpoint empty = Sample();
  empty.leaves.clear();
  EXPECT_EQ(OpenCheckpoint(Signed(empty), Key().PublicKeyPem()).value(), empty);
}

TEST(CheckpointTest, IsTextThatPeopleCanRead) {
  const std::string document = Signed(Sample());
  const std::string head = document.substr(0, document.find("signature "));
  EXPECT_EQ(head, "passmint checkpoint 1\ntime 2026-11-21T12:00:00.000001Z\nprevious " +
                      std::string(64, '0') + "\nstate " + ToHex(Sample().state) +
                      "\naccounts 3\nroot " + ToHex(RootOf(Sample())) + "\n");
  EXPECT_NE(document.find("\ncafe a_1 7 " + ToHex(std::string(kHashBytes, 'x')) + "\n"),
            std::string::npos);
}

TEST(CheckpointTest, OpenSslVerifiesItsSignature) {
  const std::string document = Signed(Sample());
  const std::size_t at = document.find("signature ");
  const std::string line = document.substr(at + 10, document.find('\n', at) - at - 10);
  const testing::ScratchDirectory folder;
  const std::string head = folder.Write("head", document.substr(0, at));
  const std::string signature = folder.Write("signature", FromBase64(line).value());
  const std::string key = folder.Write("public.pem", Key().PublicKeyPem());
  const auto ran = testing::RunProgram("openssl pkeyutl -verify -rawin -in " + head + " -sigfile " +
                                       signature + " -pubin -inkey " + key);
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
}

TEST(CheckpointTest, EveryChangedByteIsFound) {
  const std::string document = Signed(Sample());
  for (std::size_t at = 0; at < document.size(); ++at) {
    std::string changed = document;
    changed[at] ^= 1;
    const auto opened = OpenCheckpoint(changed, Key().PublicKeyPem());
    ASSERT_FALSE(opened.ok()) << at;
    EXPECT_EQ(opened.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(CheckpointTest, EveryCutIsFound) {
  const std::string document = Signed(Sample());
  for (std::size_t size = 0; size < document.size(); ++size) {
    EXPECT_NE(ReasonOf(document.substr(0, size)), "none") << size;
  }
}

TEST(CheckpointTest, SaysWhatIsWrongWithADocument) {
  const std::string document = Signed(Sample());
  EXPECT_EQ(ReasonOf(""), "checkpoint_format");
  EXPECT_EQ(ReasonOf("hello\n"), "checkpoint_format");
  EXPECT_EQ(ReasonOf(document + "cafe a_4 1 " + std::string(64, '0') + "\n"), "checkpoint_root");
  EXPECT_EQ(ReasonOf(document + "cafe a_3 1 " + std::string(64, '0') + "\n"), "checkpoint_format");
  std::string other_time = document;
  other_time[other_time.find("2026")] = '1';
  EXPECT_EQ(ReasonOf(other_time), "checkpoint_format");
  std::string more = document;
  more.replace(more.find("accounts 3"), 10, "accounts 4");
  EXPECT_EQ(ReasonOf(more), "checkpoint_signature");
  const auto other_key = OpenCheckpoint(document, crypto::GenerateEd25519().value().PublicKeyPem());
  EXPECT_EQ(other_key.error().reason, "checkpoint_signature");
  EXPECT_FALSE(OpenCheckpoint(document, "no key").ok());
}

TEST(CheckpointTest, OnlyWholeAndOrderedLeavesAreSigned) {
  const auto is_refused = [](auto change) {
    Checkpoint checkpoint = Sample();
    change(checkpoint);
    return !SignCheckpoint(checkpoint, Key()).ok();
  };
  EXPECT_TRUE(is_refused([](Checkpoint& c) { std::swap(c.leaves[0], c.leaves[1]); }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.leaves[1] = c.leaves[0]; }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.leaves[0].head.pop_back(); }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.leaves[0].account = AccountId("a 1"); }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.leaves[0].programme = ProgrammeId(""); }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.state.clear(); }));
  EXPECT_FALSE(SignCheckpoint(Sample(), crypto::GenerateEcP256().value()).ok());
}

TEST(CompareWithTodayTest, AChainThatWentOnIsWell) {
  const CheckpointReport report = Compared(Sample(), Unchanged());
  EXPECT_EQ(report.checked, 3);
  EXPECT_EQ(report.bad, 0);
}

TEST(CompareWithTodayTest, FindsVanishedCutAndRewrittenChains) {
  Today today = Unchanged();
  today.erase("a_2");
  today["a_1"].last = 6;
  today["a_3"].hash[0] = 'q';
  const CheckpointReport report = Compared(Sample(), today);
  EXPECT_EQ(report.bad, 3);
  ASSERT_EQ(report.lost.size(), 3U);
  EXPECT_EQ(report.lost[0].kind, Kind::kCut);
  EXPECT_EQ(report.lost[0].Describe(Sample().time),
            "account a_1 of programme cafe: its journal ends at entry 6; at the checkpoint of "
            "2026-11-21T12:00:00.000001Z it had 7 entries");
  EXPECT_EQ(report.lost[1].kind, Kind::kVanished);
  EXPECT_EQ(report.lost[2].kind, Kind::kRewritten);
}

TEST(CompareWithTodayTest, AFailedLookUpIsNotALostAccount) {
  const FindChainPoint find = [](const CheckpointLeaf&) -> Result<std::optional<ChainPoint>> {
    return Error{.code = ErrorCode::kUnavailable, .message = "gone"};
  };
  EXPECT_EQ(CompareWithToday(Sample(), find).error().code, ErrorCode::kUnavailable);
}

TEST(CheckFollowsTest, ALaterCheckpointCitesTheOneBeforeAndForgetsNothing) {
  const Checkpoint earlier = Sample();
  Checkpoint later = Sample();
  later.previous = RootOf(earlier);
  later.leaves[1].sequence = 5;
  later.leaves.insert(later.leaves.begin() + 1, Leaf("a_11", 1, 'n'));
  EXPECT_TRUE(CheckFollows(earlier, later).ok());
  const auto is_refused = [&](auto change) {
    Checkpoint changed = later;
    change(changed);
    const Status status = CheckFollows(earlier, changed);
    return !status.ok() && status.error().reason == "checkpoint_order";
  };
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.previous[0] = '\x7f'; }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.time -= std::chrono::seconds(1); }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.leaves.erase(c.leaves.begin()); }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.leaves[0].sequence = 6; }));
  EXPECT_TRUE(is_refused([](Checkpoint& c) { c.leaves[0].head[0] = 'q'; }));
}

}  // namespace
}  // namespace passmint::ledger
