#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using issuance::PassFetch;
using issuance::PhoneLog;
using issuance::Transaction;
using std::chrono::seconds;

const DeviceLibraryIdentifier kPhone("phone-1");
const DeviceLibraryIdentifier kWatch("watch-1");

Status Insert(Transaction& t, int n, const ProgrammeId& programme = kCoffee) {
  return Succeeded(t.InsertCard(programme, SampleCard(n, MemberIdOf(n))));
}

issuance::DesignVersion Design(int version, int ring) {
  return {.name = kTemplate,
          .version = version,
          .hash = "h" + std::to_string(version),
          .kind = "loyalty",
          .files = {},
          .ring = ring,
          .reach = ring,
          .changed_at = Start() + seconds(version),
          .published_at = Start(),
          .author = ApiKeyName("a"),
          .published_by = ApiKeyName("a"),
          .comment = {},
          .withdrawal = {}};
}

// What phones do, in transactions of their own.
class PhoneCalls {
 public:
  explicit PhoneCalls(issuance::Store& store) : store_(store) {}

  // Whether the registration was new.
  bool Register(const DeviceLibraryIdentifier& device, const std::string& token, int card,
                const ProgrammeId& programme = kCoffee) {
    return Ask<bool>([&](Transaction& t) {
      return t.PutRegistration(programme, device, PushToken(token), HexId(card));
    });
  }

  bool Unregister(const DeviceLibraryIdentifier& device, int card) {
    return Ask<bool>(
        [&](Transaction& t) { return t.DeleteRegistration(kCoffee, device, HexId(card)); });
  }

  std::vector<issuance::RegisteredPhone> OfCard(int card, int limit = 10) {
    return Ask<std::vector<issuance::RegisteredPhone>>(
        [&](Transaction& t) { return t.PhonesOfCard(kCoffee, HexId(card), limit); });
  }

  std::vector<std::string> SerialsOf(const DeviceLibraryIdentifier& device,
                                     const ProgrammeId& programme = kCoffee) {
    const auto passes = Ask<std::vector<issuance::PassState>>(
        [&](Transaction& t) { return t.PassesOfDevice(programme, device, 100); });
    std::vector<std::string> serials;
    serials.reserve(passes.size());
    for (const issuance::PassState& pass : passes) serials.push_back(pass.card.serial.str());
    return serials;
  }

 private:
  template <class T>
  T Ask(const std::function<Result<T>(Transaction&)>& call) {
    T value{};
    const Status done = store_.Write([&](Transaction& t) -> Status {
      auto answer = call(t);
      if (answer.ok()) value = answer.value();
      return Succeeded(answer);
    });
    EXPECT_TRUE(done.ok()) << done.error().message;
    return value;
  }

  issuance::Store& store_;
};

TEST_P(StoreContract, APassIsFoundWithItsDesignsAndWhatIsDue) {
  MustWrite([](Transaction& t) -> Status {
    if (Status done = Insert(t, 1); !done.ok()) return done;
    if (Status done = t.InsertDesignVersion(kCoffee, Design(1, 100)); !done.ok()) return done;
    return t.InsertDesignVersion(kCoffee, Design(2, 10));
  });
  const auto found = Read([](Transaction& t) { return t.FindPass(SerialNumber("serial1")); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->programme, kCoffee);
  EXPECT_EQ(found->card.id, HexId(1));
  EXPECT_EQ(found->card.key_id, "k1");
  EXPECT_EQ(found->next_due, Timestamp::max());
  ASSERT_EQ(found->designs.size(), 2u);
  const auto& newer = found->designs[found->designs[0].version == 2 ? 0 : 1];
  EXPECT_EQ(newer.ring, 10);
  EXPECT_EQ(newer.reach, 10);
  EXPECT_EQ(newer.changed_at, Start() + seconds(2));
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindPass(SerialNumber("x")); }).has_value());
}

TEST_P(StoreContract, ARepeatedRegistrationIsNotNewAndStoresTheNewPushToken) {
  PhoneCalls phones(store());
  MustWrite([](Transaction& t) { return Insert(t, 1); });
  EXPECT_TRUE(phones.Register(kPhone, "aa", 1));
  clock_.Advance(seconds(5));
  EXPECT_FALSE(phones.Register(kPhone, "bb", 1));
  const auto found = phones.OfCard(1);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].device, kPhone);
  EXPECT_EQ(found[0].push_token.str(), "bb");
  EXPECT_EQ(found[0].since, Start());
  EXPECT_EQ(found[0].registered_at, Start() + seconds(5));
  EXPECT_FALSE(found[0].listed_at.has_value());
}

TEST_P(StoreContract, ADeviceHasThePassesItRegisteredForAndNoOther) {
  PhoneCalls phones(store());
  MustWrite([](Transaction& t) -> Status {
    for (const int n : {1, 2, 3}) {
      if (Status done = Insert(t, n); !done.ok()) return done;
    }
    if (Status done = t.InsertDesignVersion(kCoffee, Design(1, 100)); !done.ok()) return done;
    if (Status done = t.InsertDesignVersion(kCoffee, Design(2, 50)); !done.ok()) return done;
    return Insert(t, 4, kTea);
  });
  phones.Register(kPhone, "aa", 2);
  phones.Register(kPhone, "aa", 1);
  phones.Register(kWatch, "cc", 3);
  phones.Register(kPhone, "aa", 4, kTea);
  EXPECT_EQ(phones.SerialsOf(kPhone), (std::vector<std::string>{"serial1", "serial2"}));
  EXPECT_EQ(phones.SerialsOf(kPhone, kTea), std::vector<std::string>{"serial4"});
  EXPECT_TRUE(phones.SerialsOf(DeviceLibraryIdentifier("stranger")).empty());
  const auto first = Read([](Transaction& t) { return t.PassesOfDevice(kCoffee, kPhone, 1); });
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].designs.size(), 2u);
}

TEST_P(StoreContract, TheDeviceGoesWithItsLastRegistration) {
  PhoneCalls phones(store());
  MustWrite([](Transaction& t) -> Status {
    if (Status done = Insert(t, 1); !done.ok()) return done;
    return Insert(t, 2);
  });
  phones.Register(kPhone, "aa", 1);
  phones.Register(kPhone, "aa", 2);
  MustWrite([](Transaction& t) { return t.PutListing(kCoffee, kPhone, Start()); });
  EXPECT_TRUE(phones.Unregister(kPhone, 1));
  EXPECT_FALSE(phones.Unregister(kPhone, 1));
  EXPECT_TRUE(phones.OfCard(1).empty());
  EXPECT_TRUE(phones.OfCard(2).at(0).listed_at.has_value());
  EXPECT_TRUE(phones.Unregister(kPhone, 2));
  // A new row: the old one would remember when it listed.
  phones.Register(kPhone, "bb", 1);
  EXPECT_FALSE(phones.OfCard(1).at(0).listed_at.has_value());
}

TEST_P(StoreContract, PhonesOfACardComeLastRegisteredFirst) {
  PhoneCalls phones(store());
  MustWrite([](Transaction& t) { return Insert(t, 1); });
  phones.Register(kWatch, "cc", 1);
  clock_.Advance(seconds(1));
  phones.Register(kPhone, "aa", 1);
  EXPECT_EQ(phones.OfCard(1).at(0).device, kPhone);
  EXPECT_EQ(phones.OfCard(1, 1).size(), 1u);
  clock_.Advance(seconds(1));
  phones.Register(kWatch, "cc", 1);
  EXPECT_EQ(phones.OfCard(1).at(0).device, kWatch);
}

TEST_P(StoreContract, AnEarlierListingOrFetchDoesNotReplaceALaterOne) {
  PhoneCalls phones(store());
  MustWrite([](Transaction& t) { return Insert(t, 1); });
  phones.Register(kPhone, "aa", 1);
  const auto put = [this](seconds after, int status, std::int64_t revision) {
    MustWrite([=](Transaction& t) -> Status {
      Status listed = t.PutListing(kCoffee, kPhone, Start() + after);
      if (!listed.ok()) return listed;
      return t.PutFetch(kCoffee, HexId(1),
                        PassFetch{.at = Start() + after, .status = status, .revision = revision});
    });
  };
  put(seconds(10), 200, 4);
  put(seconds(9), 304, 3);
  EXPECT_EQ(*phones.OfCard(1).at(0).listed_at, Start() + seconds(10));
  auto fetch = Read([](Transaction& t) { return t.FindFetch(kCoffee, HexId(1)); });
  ASSERT_TRUE(fetch.has_value());
  EXPECT_EQ(fetch->status, 200);
  EXPECT_EQ(fetch->revision, 4);
  put(seconds(11), 304, 4);
  fetch = Read([](Transaction& t) { return t.FindFetch(kCoffee, HexId(1)); });
  EXPECT_EQ(fetch->status, 304);
  EXPECT_EQ(fetch->at, Start() + seconds(11));
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindFetch(kCoffee, HexId(2)); }).has_value());
}

PhoneLog Log(int n, const std::string& serial) {
  return {.id = HexId(n),
          .logged_at = Start() + seconds(n),
          .serial = SerialNumber(serial),
          .kind = "other",
          .message = "message " + std::to_string(n)};
}

TEST_P(StoreContract, LogsAreFoundBySerialNewestFirstAndSwept) {
  MustWrite([](Transaction& t) -> Status {
    for (int n = 1; n <= 10; ++n) {
      Status put = t.PutPhoneLog(kCoffee, Log(n, n % 2 == 0 ? "even" : "odd"));
      if (!put.ok()) return put;
    }
    return t.PutPhoneLog(ProgrammeId(), Log(1, ""));
  });
  const auto logs = [this](const std::string& serial) {
    std::vector<std::string> messages;
    for (const PhoneLog& log :
         Read([&](Transaction& t) { return t.PhoneLogs(kCoffee, SerialNumber(serial), 3); })) {
      messages.push_back(log.message);
    }
    return messages;
  };
  EXPECT_EQ(logs("even"), (std::vector<std::string>{"message 10", "message 8", "message 6"}));
  MustWrite([](Transaction& t) { return t.SweepPhoneLogs(kCoffee, HexId(7), 100); });
  EXPECT_EQ(logs("even"), (std::vector<std::string>{"message 10", "message 8"}));
  MustWrite([](Transaction& t) { return t.SweepPhoneLogs(kCoffee, "", 1); });
  EXPECT_EQ(logs("even"), std::vector<std::string>{"message 10"});
  EXPECT_TRUE(logs("odd").empty());
  EXPECT_EQ(
      Read([](Transaction& t) { return t.PhoneLogs(ProgrammeId(), SerialNumber(""), 3); }).size(),
      1u);
}

TEST_P(StoreContract, LogsAreSearchedByCardKindAndWordsAPageAtATime) {
  const std::string serial = SampleCard(1, MemberIdOf(1)).serial.str();
  MustWrite([&](Transaction& t) -> Status {
    if (Status inserted = Insert(t, 1); !inserted.ok()) return inserted;
    for (int n = 1; n <= 4; ++n) {
      PhoneLog log = Log(n, n % 2 == 0 ? serial : "");
      log.kind = n > 2 ? "same_tag" : "other";
      log.message = "50% of Message_" + std::to_string(n);
      if (Status put = t.PutPhoneLog(kCoffee, log); !put.ok()) return put;
    }
    return t.PutPhoneLog(kTea, Log(5, serial));
  });
  const auto ids = [this](const issuance::PhoneLogQuery& query) {
    std::vector<std::string> found;
    for (const auto& one :
         Read([&](Transaction& t) { return t.SearchPhoneLogs(kCoffee, query); })) {
      found.push_back(one.log.id);
      EXPECT_EQ(one.number.has_value(), !one.log.serial.empty());
    }
    return found;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids({.limit = 3}), (Ids{HexId(4), HexId(3), HexId(2)}));
  EXPECT_EQ(ids({.before = HexId(2), .limit = 3}), Ids{HexId(1)});
  EXPECT_EQ(ids({.serial = SerialNumber(serial), .limit = 9}), (Ids{HexId(4), HexId(2)}));
  EXPECT_EQ(ids({.kind = "same_tag", .limit = 9}), (Ids{HexId(4), HexId(3)}));
  EXPECT_EQ(ids({.text = "50% OF message_3", .limit = 9}), Ids{HexId(3)});
  EXPECT_TRUE(ids({.text = "5_% of", .limit = 9}).empty()) << "a wildcard was one";
  EXPECT_TRUE(ids({.text = "message%3", .limit = 9}).empty());
  EXPECT_TRUE(ids({.serial = SerialNumber(serial), .kind = "nothing", .limit = 9}).empty());
}

}  // namespace
}  // namespace passmint::testing
