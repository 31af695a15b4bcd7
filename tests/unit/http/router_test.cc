#include "http/router.h"

#include <gtest/gtest.h>

#include "http/service.h"

namespace passmint::http {
namespace {

Router<int> Routes() {
  Router<int> router;
  router.Add("GET", "/orders/{id}", 1);
  router.Add("POST", "/orders/quote", 2);
  router.Add("POST", "/orders/{id}/refunds", 3);
  router.Add("GET", "/passes/{type}/{serial...}", 4);
  return router;
}

int Find(std::string_view method, std::string_view path, PathArguments expected = {}) {
  static const Router<int> router = Routes();  // The match points into it.
  const auto match = router.Find(method, path);
  if (match.endpoint == nullptr) return 0;
  EXPECT_EQ(match.arguments, expected) << path;
  return *match.endpoint;
}

TEST(RouterTest, DecodesAnArgumentOnlyAfterThePathWasSplit) {
  EXPECT_EQ(Find("GET", "/orders/a%2Fb", {"a/b"}), 1);
  EXPECT_EQ(Find("GET", "/orders/%2e%2e", {".."}), 1);
  EXPECT_EQ(Find("GET", "/orders/a%252Fb", {"a%2Fb"}), 1);
}

TEST(RouterTest, TakesSerialNumbersWithSlashesWhole) {
  EXPECT_EQ(Find("GET", "/passes/pass.x/H8JP44-ORD07/09/25", {"pass.x", "H8JP44-ORD07/09/25"}), 4);
}

TEST(RouterTest, FindsNothingForArgumentsThatAreEmptyOrNoText) {
  for (const char* path : {"/orders/", "/orders", "/orders//refunds", "/orders/%", "/orders/%4",
                           "/orders/%zz", "/orders/%00", "/orders/%ff", "/orders/a%0Ab", "/", ""}) {
    EXPECT_EQ(Find("GET", path), 0) << path;
  }
}

TEST(RouterTest, ServesHeadWhereGetIsAndNamesTheMethodsOfAKnownPath) {
  EXPECT_EQ(Find("HEAD", "/orders/1", {"1"}), 1);
  EXPECT_EQ(Routes().Find("DELETE", "/orders/1").allowed, "GET, HEAD");
  EXPECT_EQ(Routes().Find("DELETE", "/nowhere").allowed, "");
}

TEST(RouterTest, ReadsQueryValues) {
  EXPECT_EQ(QueryValue("a=1&source=web%20shop&b", "source"), "web shop");
  EXPECT_EQ(QueryValue("source", "source"), std::nullopt);
  EXPECT_EQ(QueryValue("xsource=1", "source"), std::nullopt);
}

TEST(MaskPathTest, HidesEverySecretOfAPath) {
  EXPECT_EQ(MaskPath("/c/4fJq0ZtXw8sLr2NvYb6KdE"), "/c/***");
  EXPECT_EQ(MaskPath("/c/4fJq0ZtXw8sLr2NvYb6KdE/pass.pkpass?x=1"), "/c/***/pass.pkpass");
  EXPECT_EQ(MaskPath("/apple/v1/devices/abc/registrations/pass.x/123"), "/apple/v1/devices/***");
  EXPECT_EQ(MaskPath("/api/v1/orders?source=web"), "/api/v1/orders");
  for (const char* misspelt : {"//c/TOKEN", "/%63/TOKEN", "/C/TOKEN", "/c/x/TOKEN", "/TOKEN"}) {
    EXPECT_EQ(MaskPath(misspelt).find("TOKEN"), std::string::npos) << misspelt;
  }
}

}  // namespace
}  // namespace passmint::http
