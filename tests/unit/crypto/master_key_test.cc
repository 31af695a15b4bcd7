#include "crypto/master_key.h"

#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/system_random.h"
#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

const std::string kOld = "k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
const std::string kNew = "k2:ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n";
const PassTypeIdentifier kPassType("pass.com.example.test");
const SerialNumber kSerial("4Zq8bYw2LxkR0vTn9PcD1s");

KeyRing Ring(const std::string& text) { return KeyRing::Parse(Secret(text)).value(); }

std::string Token(const KeyRing& ring, std::string_view key_id, const PassTypeIdentifier& pass_type,
                  const SerialNumber& serial) {
  return ring.AuthenticationToken(key_id, pass_type, serial).value().RevealForSerialization();
}

TEST(KeyRingTest, TakesTheFirstKeyAsCurrentAndKeepsTheOthers) {
  const KeyRing ring = Ring("# rotated 2026-11-21\n\n" + kNew + "  " + kOld);
  EXPECT_EQ(ring.current_key_id(), "k2");
  EXPECT_EQ(ring.key_ids(), (std::vector<std::string>{"k2", "k1"}));
}

TEST(KeyRingTest, GivesACardTheSameTokenForEverAlsoAfterARotation) {
  const std::string before = Token(Ring(kOld), "k1", kPassType, kSerial);
  EXPECT_EQ(before, Token(Ring(kNew + kOld), "k1", kPassType, kSerial));
  EXPECT_NE(before, Token(Ring(kNew + kOld), "k2", kPassType, kSerial));
}

// Fixed for ever: phones hold these. Computed with another HKDF and HMAC (Python's hmac module).
TEST(KeyRingTest, ComputesThisTokenForThisCard) {
  EXPECT_EQ(Token(Ring(kOld), "k1", kPassType, kSerial),
            "d7c2954a9a2b630db3fd4b46b2af5c533a0a20ec");
  EXPECT_EQ(Ring(kOld).Fingerprint("k1").value(), "85d83f5d5c2024a4a9812eacf0b1a9e3");
  EXPECT_EQ(ToHex(Ring(kOld).Derive("k1", "link/1").value().RevealForSerialization()),
            "3023b72755e91a6fb48347005f0805d7ba41dce9d342efcc73c5c09b9edb1b60");
  EXPECT_EQ(HashApiKey(Secret("pm_0123456789abcdef")),
            "37e8d951b43983e7a42334e95a882c08c58f08a010f2df15eaef20fc0d7a97f8");
}

TEST(KeyRingTest, GivesDifferentTokensWhenPassTypeAndSerialShiftAgainstEachOther) {
  const KeyRing ring = Ring(kOld);
  const std::set<std::string> tokens = {
      Token(ring, "k1", PassTypeIdentifier("pass.a"), SerialNumber("b1")),
      Token(ring, "k1", PassTypeIdentifier("pass.ab"), SerialNumber("1")),
      Token(ring, "k1", PassTypeIdentifier("pass."), SerialNumber("ab1"))};
  EXPECT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens.begin()->size(), 40u);
}

TEST(KeyRingTest, DerivesIndependentKeysForEachPurpose) {
  const KeyRing ring = Ring(kOld);
  const Secret link = ring.Derive("k1", "link/1").value();
  EXPECT_TRUE(link.Matches(ring.Derive("k1", "link/1").value().RevealForSerialization()));
  EXPECT_FALSE(link.Matches(ring.Derive("k1", "link/2").value().RevealForSerialization()));
  EXPECT_EQ(link.RevealForSerialization().size(), 32u);
}

TEST(KeyRingTest, CannotBeMadeToGiveOutAnInnerKeyByItsPurpose) {
  const KeyRing ring = Ring(kOld);
  const Secret derived = ring.Derive("k1", "fingerprint/1").value();
  EXPECT_NE(ring.Fingerprint("k1").value(), ToHex(derived.RevealForSerialization().substr(0, 16)));
}

TEST(KeyRingTest, TellsKeysApartByFingerprint) {
  EXPECT_NE(Ring(kOld).Fingerprint("k1").value(), Ring(kNew).Fingerprint("k2").value());
  EXPECT_EQ(Ring(kOld).Fingerprint("k1").value(), Ring(kNew + kOld).Fingerprint("k1").value());
  EXPECT_EQ(Ring(kOld).Fingerprint("k1").value().size(), 32u);
}

TEST(KeyRingTest, MacsAQuoteUnderTheNamedKey) {
  const KeyRing ring = Ring(kNew + kOld);
  const std::string mac = ring.QuoteMac("k1", "quote").value();
  EXPECT_EQ(mac.size(), 43u);
  EXPECT_TRUE(ConstantTimeEquals(mac, ring.QuoteMac("k1", "quote").value()));
  EXPECT_NE(mac, ring.QuoteMac("k1", "Quote").value());
  EXPECT_NE(mac, ring.QuoteMac("k2", "quote").value());
}

TEST(KeyRingTest, MacsContentUnderItsDerivedKey) {
  const KeyRing ring = Ring(kNew + kOld);
  const Secret derived = ring.Derive("k1", "content-fingerprint/1").value();
  EXPECT_EQ(ring.ContentMac("k1", "body").value(), HmacSha256(derived, "body"));
  EXPECT_NE(ring.ContentMac("k1", "body").value(), ring.ContentMac("k2", "body").value());
}

TEST(KeyRingTest, RefusesAKeyIdThatItDoesNotHave) {
  const KeyRing ring = Ring(kOld);
  for (const Error& error : {ring.Derive("k9", "x").error(), ring.Fingerprint("k9").error(),
                             ring.QuoteMac("k9", "x").error(), ring.ContentMac("k9", "x").error(),
                             ring.AuthenticationToken("k9", kPassType, kSerial).error()}) {
    EXPECT_EQ(error.code, ErrorCode::kNotFound);
    EXPECT_EQ(error.reason, "unknown_key_id");
  }
}

TEST(KeyRingTest, RefusesABadFileByLineWithoutRepeatingIt) {
  const std::string hex(kOld.substr(3, 64));
  const std::vector<std::string> bad = {
      "",                                // No key.
      "# only a comment\n",              //
      "k1\n",                            // No colon.
      ":" + hex,                         // No name.
      "K1:" + hex,                       // Upper case.
      std::string(33, 'k') + ":" + hex,  // Too long.
      "k1:" + hex.substr(1),             // 63 digits.
      "k1:" + hex + "00",                // 33 bytes.
      "k1:" + std::string(64, 'x'),      // No hex.
      "k1:" + std::string(64, '0'),      // A placeholder.
      kOld + kOld,                       // Twice.
      std::string("k1:") + '\0' + hex,   // A zero byte.
  };
  for (const std::string& text : bad) {
    const auto ring = KeyRing::Parse(Secret(text));
    ASSERT_FALSE(ring.ok()) << text;
    EXPECT_EQ(ring.error().reason, "bad_master_key");
    EXPECT_NE(ring.error().message.find("line "), std::string::npos) << ring.error().message;
    EXPECT_EQ(ring.error().message.find(hex.substr(1, 8)), std::string::npos);
  }
  EXPECT_EQ(KeyRing::Parse(Secret(kOld + "bad")).error().message,
            "master key file, line 2: no name of 1 to 32 of [a-z0-9_-] before a colon");
}

TEST(KeyRingTest, RefusesAFileThatIsFarTooLarge) {
  EXPECT_EQ(KeyRing::Parse(Secret(std::string(kMasterKeyFileBytesMax + 1, '\n'))).error().code,
            ErrorCode::kTooLarge);
  SystemRandom random;
  std::string many;
  for (std::size_t i = 0; i <= kMasterKeysMax; ++i) {
    many += MakeMasterKeyLine("k" + std::to_string(i), random).RevealForSerialization();
  }
  EXPECT_EQ(KeyRing::Parse(Secret(many)).error().reason, "bad_master_key");
}

TEST(KeyRingTest, ReadsTheLinesThatItMakes) {
  SystemRandom random;
  const std::string line = MakeMasterKeyLine("2026-11", random).RevealForSerialization();
  EXPECT_EQ(Ring(line).current_key_id(), "2026-11");
  EXPECT_NE(line, MakeMasterKeyLine("2026-11", random).RevealForSerialization());
}

}  // namespace
}  // namespace passmint::crypto
