#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using issuance::DesignVersion;
using issuance::TemplateDraft;
using issuance::Transaction;

std::string AllBytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

DesignVersion SampleVersion(int version) {
  return DesignVersion{.name = kTemplate,
                       .version = version,
                       .hash = "hash" + std::to_string(version),
                       .kind = "loyalty",
                       .files = {{"template.json", "{}"}, {"images/логотип.png", AllBytes()}},
                       .ring = 10,
                       .reach = 10,
                       .changed_at = Start(),
                       .published_at = Start() + std::chrono::microseconds(1),
                       .author = ApiKeyName("designer"),
                       .published_by = ApiKeyName("approver"),
                       .comment = "new colours",
                       .withdrawal = {}};
}

TEST_P(StoreContract, ADesignVersionReadsBackWithItsFiles) {
  const DesignVersion written = SampleVersion(1);
  MustWrite([&](Transaction& t) { return t.InsertDesignVersion(kCoffee, written); });
  Reopen();
  const auto read = Read([](Transaction& t) { return t.FindDesignVersion(kCoffee, kTemplate, 1); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->name, written.name);
  EXPECT_EQ(read->version, 1);
  EXPECT_EQ(read->hash, written.hash);
  EXPECT_EQ(read->kind, written.kind);
  EXPECT_EQ(read->files, written.files);
  EXPECT_EQ(read->ring, 10);
  EXPECT_EQ(read->reach, 10);
  EXPECT_EQ(read->changed_at, written.changed_at);
  EXPECT_EQ(read->published_at, written.published_at);
  EXPECT_EQ(read->author, written.author);
  EXPECT_EQ(read->published_by, written.published_by);
  EXPECT_EQ(read->comment, written.comment);
}

TEST_P(StoreContract, DesignVersionsComeNewestFirstAndWithoutFiles) {
  MustWrite([](Transaction& t) -> Status {
    for (int version = 1; version <= 11; ++version) {
      if (Status done = t.InsertDesignVersion(kCoffee, SampleVersion(version)); !done.ok()) {
        return done;
      }
    }
    return {};
  });
  const auto versions = Read([](Transaction& t) { return t.DesignVersions(kCoffee, kTemplate); });
  ASSERT_EQ(versions.size(), 11u);
  EXPECT_EQ(versions.front().version, 11);
  EXPECT_EQ(versions.back().version, 1);
  EXPECT_TRUE(versions.front().files.empty());
  EXPECT_TRUE(Read([](Transaction& t) { return t.DesignVersions(kTea, kTemplate); }).empty());
}

TEST_P(StoreContract, APublishedVersionIsNeverOverwritten) {
  MustWrite([](Transaction& t) { return t.InsertDesignVersion(kCoffee, SampleVersion(1)); });
  DesignVersion other = SampleVersion(1);
  other.hash = "other";
  EXPECT_FALSE(Write([&](Transaction& t) { return t.InsertDesignVersion(kCoffee, other); }).ok());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindDesignVersion(kCoffee, kTemplate, 1); })->hash,
            "hash1");
}

TEST_P(StoreContract, ReachRemembersTheWidestRing) {
  MustWrite([](Transaction& t) { return t.InsertDesignVersion(kCoffee, SampleVersion(1)); });
  DesignVersion changed = SampleVersion(1);
  for (const int ring : {50, 0, 20}) {
    changed.ring = ring;
    changed.changed_at = Start() + std::chrono::seconds(ring);
    MustWrite([&](Transaction& t) { return t.UpdateDesignRing(kCoffee, changed); });
  }
  const auto version =
      Read([](Transaction& t) { return t.FindDesignVersion(kCoffee, kTemplate, 1); });
  EXPECT_EQ(version->ring, 20);
  EXPECT_EQ(version->reach, 50);
  EXPECT_EQ(version->changed_at, Start() + std::chrono::seconds(20));
  EXPECT_FALSE(
      Write([](Transaction& t) { return t.UpdateDesignRing(kCoffee, SampleVersion(2)); }).ok());
}

TEST_P(StoreContract, AVersionKeepsWhoWithdrewItAndWhy) {
  DesignVersion version = SampleVersion(1);
  MustWrite([&](Transaction& t) { return t.InsertDesignVersion(kCoffee, version); });
  EXPECT_FALSE(Read([](Transaction& t) {
                 return t.FindDesignVersion(kCoffee, kTemplate, 1);
               })->withdrawal.has_value());
  version.ring = 0;
  version.withdrawal = issuance::Withdrawal{Start() + std::chrono::microseconds(7),
                                            ApiKeyName("approver"), "логотип обрезан"};
  MustWrite([&](Transaction& t) { return t.UpdateDesignRing(kCoffee, version); });
  Reopen();
  const auto versions = Read([](Transaction& t) { return t.DesignVersions(kCoffee, kTemplate); });
  ASSERT_EQ(versions.size(), 1u);
  ASSERT_TRUE(versions.front().withdrawal.has_value());
  EXPECT_EQ(versions.front().withdrawal->at, version.withdrawal->at);
  EXPECT_EQ(versions.front().withdrawal->by, version.withdrawal->by);
  EXPECT_EQ(versions.front().withdrawal->reason, version.withdrawal->reason);
}

TEST_P(StoreContract, ADraftIsReplacedWhole) {
  const TemplateDraft first{.name = kTemplate,
                            .etag = "e1",
                            .files = {{"template.json", "{}"}, {"old.png", "x"}},
                            .author = ApiKeyName("designer"),
                            .updated_at = Start()};
  const TemplateDraft second{.name = kTemplate,
                             .etag = "e2",
                             .files = {{"template.json", "{\"a\":1}"}, {"empty.json", ""}},
                             .author = ApiKeyName("another"),
                             .updated_at = Start() + std::chrono::seconds(1)};
  for (const TemplateDraft& draft : {first, second}) {
    MustWrite([&](Transaction& t) { return t.PutDraft(kCoffee, draft); });
  }
  const auto read = Read([](Transaction& t) { return t.FindDraft(kCoffee, kTemplate); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->etag, "e2");
  EXPECT_EQ(read->files, second.files);
  EXPECT_EQ(read->author, second.author);
  EXPECT_EQ(read->updated_at, second.updated_at);
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindDraft(kTea, kTemplate); }).has_value());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindDraftTag(kCoffee, kTemplate); }), "e2");
  EXPECT_EQ(Read([](Transaction& t) { return t.FindDraftTag(kTea, kTemplate); }), std::nullopt);
}

TEST_P(StoreContract, TemplatesAreThoseThatAreDraftedOrPublished) {
  MustWrite([](Transaction& t) -> Status {
    if (Status done = t.InsertDesignVersion(kCoffee, SampleVersion(1)); !done.ok()) return done;
    for (const char* name : {"coffee", "vip"}) {
      const TemplateDraft draft{.name = TemplateName(name),
                                .etag = "e",
                                .files = {},
                                .author = ApiKeyName("designer"),
                                .updated_at = Start()};
      if (Status done = t.PutDraft(kCoffee, draft); !done.ok()) return done;
    }
    return {};
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.Templates(kCoffee); }),
            (std::vector<TemplateName>{TemplateName("coffee"), TemplateName("vip")}));
  EXPECT_TRUE(Read([](Transaction& t) { return t.Templates(kTea); }).empty());
}

TEST_P(StoreContract, AnImageIsKeptOnceByItsDigest) {
  for (int round = 0; round < 2; ++round) {
    MustWrite([](Transaction& t) { return t.PutImage("ab12", AllBytes()); });
  }
  EXPECT_EQ(Read([](Transaction& t) { return t.FindImage("ab12"); }), AllBytes());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindImage("ab13"); }), std::nullopt);
}

TEST_P(StoreContract, ATemplateOfTheLargestSizeFits) {
  DesignVersion large = SampleVersion(1);
  large.files["images/strip.png"] = std::string(design::kTemplateBytesMax - 1024, '\x7f');
  MustWrite([&](Transaction& t) { return t.InsertDesignVersion(kCoffee, large); });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindDesignVersion(kCoffee, kTemplate, 1); })->files,
            large.files);
}

}  // namespace
}  // namespace passmint::testing
