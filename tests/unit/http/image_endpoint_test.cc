#include "http/image_endpoint.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "unit/http/card_page_fixture.h"

namespace passmint::http {
namespace {

class ImageEndpointTest : public CardPageTest {
 protected:
  std::string Put(const std::string& png) {
    const std::string sha256 = crypto::Sha256Hex(png);
    const Status written = store_->Write(
        [&](issuance::Transaction& transaction) { return transaction.PutImage(sha256, png); });
    EXPECT_TRUE(written.ok());
    return sha256;
  }

  Response Get(const std::string& path, const std::string& method = "GET") {
    return images_.Handle({.method = method,
                           .target = path,
                           .client_address = "192.0.2.1",
                           .headers = {},
                           .body = {}});
  }

  ImageEndpoint images_{context_, 1000};
};

TEST_F(ImageEndpointTest, ServesAPictureForEver) {
  const std::string sha256 = Put("picture");
  for (int i = 0; i < 2; ++i) {  // From the store, from memory.
    const Response response = Get("/i/" + sha256 + ".png");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "image/png");
    EXPECT_EQ(response.body, "picture");
    EXPECT_EQ(response.headers.Find("Cache-Control"), "public, max-age=31536000, immutable");
  }
}

TEST_F(ImageEndpointTest, StaysRightWhenMemoryHoldsOnlySome) {
  std::vector<std::string> hashes;
  for (char c = 'a'; c < 'h'; ++c) hashes.push_back(Put(std::string(400, c)));
  hashes.push_back(Put(std::string(5000, 'z')));  // More than memory may hold.
  for (int round = 0; round < 2; ++round) {
    for (const std::string& hash : hashes) {
      const Response response = Get("/i/" + hash + ".png");
      EXPECT_EQ(crypto::Sha256Hex(response.body), hash);
    }
  }
}

TEST_F(ImageEndpointTest, AnswersNotFoundToWhateverIsNoHash) {
  const std::string sha256 = Put("picture");
  EXPECT_EQ(Get("/i/" + std::string(64, '0') + ".png").status, 404);
  EXPECT_EQ(Get("/i/" + sha256).status, 404);
  EXPECT_EQ(Get("/i/" + sha256 + ".png/").status, 404);
  EXPECT_EQ(Get("/i/../" + sha256 + ".png").status, 404);
  EXPECT_EQ(Get("/i/" + std::string(64, 'G') + ".png").status, 404);
  EXPECT_EQ(Get("/i/").status, 404);
}

TEST_F(ImageEndpointTest, KnowsGetAndHeadOnly) {
  const std::string sha256 = Put("picture");
  EXPECT_EQ(Get("/i/" + sha256 + ".png", "HEAD").status, 200);
  const Response refusal = Get("/i/" + sha256 + ".png", "DELETE");
  EXPECT_EQ(refusal.status, 405);
  EXPECT_EQ(refusal.headers.Find("Allow"), "GET, HEAD");
}

TEST_F(ImageEndpointTest, RefusesAFloodWithTheTimeToWait) {
  int refused = 0;
  for (int i = 0; i < kImageRate.burst + 5; ++i) {
    const Response response = Get("/i/");
    if (response.status != 429) continue;
    ++refused;
    EXPECT_FALSE(response.headers.Find("Retry-After").empty());
  }
  EXPECT_EQ(refused, 5);
}

}  // namespace
}  // namespace passmint::http
