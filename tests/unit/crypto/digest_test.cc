#include "crypto/digest.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/bytes.h"

namespace passmint::crypto {
namespace {

std::string Hex(const Secret& secret) { return ToHex(secret.RevealForSerialization()); }

// FIPS 180-4, examples of NIST.
TEST(DigestTest, HashesTheVectorsOfNist) {
  EXPECT_EQ(Sha1Hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(Sha1Hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha1("abc").size(), kSha1Bytes);
  EXPECT_EQ(Sha256("abc").size(), kSha256Bytes);
}

// RFC 4231 sections 4.2, 4.3 and 4.7 (a key longer than a block).
TEST(DigestTest, ComputesTheHmacsOfRfc4231) {
  EXPECT_EQ(ToHex(HmacSha256(Secret(std::string(20, '\x0b')), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256(Secret("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(Secret(std::string(131, '\xaa')),
                             "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// openssl dgst -sha256 -mac HMAC -macopt hexkey: (an empty key is a key too).
TEST(DigestTest, ComputesAnHmacUnderAnEmptyKey) {
  EXPECT_EQ(ToHex(HmacSha256(Secret(""), "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// RFC 5869 appendix A.1 and A.3 (no salt, no info).
TEST(DigestTest, DerivesTheKeysOfRfc5869) {
  const Secret key(std::string(22, '\x0b'));
  EXPECT_EQ(Hex(HkdfSha256(key, FromHex("000102030405060708090a0b0c").value(),
                           FromHex("f0f1f2f3f4f5f6f7f8f9").value(), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(Hex(HkdfSha256(key, "", "", 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(DigestTest, ComparesWholeStrings) {
  EXPECT_TRUE(ConstantTimeEquals("", ""));
  EXPECT_TRUE(ConstantTimeEquals("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEquals("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEquals("abc", "ab"));
}

TEST(DigestTest, GivesEachThreadTheRightDigest) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  std::vector<int> wrong(4, 0);
  for (int& count : wrong) {
    threads.emplace_back([&count] {
      for (int i = 0; i < 500; ++i) {
        if (Sha1Hex("abc") != "a9993e364706816aba3e25717850c26c9cd0d89d") ++count;
        if (ToHex(HmacSha256(Secret("Jefe"), "what do ya want for nothing?")).front() != '5') {
          ++count;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace passmint::crypto
