#include "crypto/token.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>

#include "crypto/system_random.h"
#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::At;

TEST(TokenTest, HasTheLengthAskedForAndOnlyLettersAndDigits) {
  SystemRandom random;
  for (const std::size_t length : {0u, 1u, 22u, 64u, 500u}) {
    const std::string token = MakeToken(random, length);
    EXPECT_EQ(token.size(), length);
    EXPECT_TRUE(std::all_of(token.begin(), token.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c));
    })) << token;
  }
  EXPECT_EQ(MakeToken(random).size(), 22u);
}

// Every byte once: 248 of them give each of the 62 characters four times, the others are refused.
TEST(TokenTest, FavoursNoCharacter) {
  class AllBytes final : public Random {
   public:
    std::string Bytes(std::size_t count) override {
      std::string bytes;
      for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(next_-- & 0xff);
      return bytes;
    }

   private:
    unsigned next_ = 255;
  };
  AllBytes random;
  std::map<char, int> counts;
  for (const char c : MakeToken(random, 248)) ++counts[c];
  EXPECT_EQ(counts.size(), 62u);
  for (const auto& [character, count] : counts) EXPECT_EQ(count, 4) << character;
}

TEST(TokenTest, DoesNotRepeat) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(MakeToken(random));
  EXPECT_EQ(seen.size(), 10'000u);
}

// RFC 9562 appendix A.6 has this instant: 017f22e2-79b0-7...
TEST(UuidV7Test, BeginsWithTheMillisecondsAndCarriesVersionAndVariant) {
  testing::CountingRandom random;
  const std::string uuid = MakeUuidV7(At("2022-02-22T19:22:22Z"), random);
  EXPECT_EQ(uuid, "017f22e279b0700080" + std::string("01020304050607"));
  EXPECT_EQ(uuid.size(), 32u);
  EXPECT_EQ(uuid[12], '7');
}

TEST(UuidV7Test, SortsByTimeToTheMicrosecond) {
  SystemRandom random;
  const Timestamp start = At("2026-11-21T10:00:00Z");
  std::string last;
  for (int micros = 0; micros < 3000; ++micros) {
    const std::string uuid = MakeUuidV7(start + std::chrono::microseconds(micros), random);
    EXPECT_LT(last, uuid);
    EXPECT_NE(std::string("89ab").find(uuid[16]), std::string::npos) << uuid;
    last = uuid;
  }
}

TEST(SystemRandomTest, GivesAsManyBytesAsAskedForAndOthersEachTime) {
  SystemRandom random;
  EXPECT_EQ(random.Bytes(0), "");
  EXPECT_EQ(random.Bytes((1 << 20) + 5).size(), (1u << 20) + 5);
  EXPECT_NE(random.Bytes(32), random.Bytes(32));
}

}  // namespace
}  // namespace passmint::crypto
