#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "contract/samples.h"
#include "issuance/store.h"
#include "support/fake_clock.h"

namespace passmint::testing {

// A store of one kind, empty at first.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;

  virtual issuance::Store& store() = 0;
  // Closes the store and opens it again.
  virtual void Reopen() = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>(const Clock&)> make;
};

// What every implementation of issuance::Store must do. Instantiate it with a StoreKind.
class StoreContract : public ::testing::TestWithParam<StoreKind> {
 protected:
  StoreContract() : under_test_(GetParam().make(clock_)) {}

  issuance::Store& store() { return under_test_->store(); }
  void Reopen() { under_test_->Reopen(); }

  Status Write(const std::function<Status(issuance::Transaction&)>& fn) {
    return store().Write(fn);
  }

  // For writes that have to succeed: fails the test if one does not.
  void MustWrite(const std::function<Status(issuance::Transaction&)>& fn) {
    const Status written = store().Write(fn);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  // The value that `fn` reads; fails the test if it cannot.
  template <class Fn>
  auto Read(Fn fn) {
    using Value = std::remove_cvref_t<decltype(fn(std::declval<issuance::Transaction&>()).value())>;
    std::optional<Value> value;
    const Status read = store().Read([&](issuance::Transaction& transaction) -> Status {
      auto found = fn(transaction);
      if (!found.ok()) return std::move(found).error();
      value.emplace(std::move(found).value());
      return {};
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return std::move(value).value();
  }

  FakeClock clock_;

 private:
  std::unique_ptr<StoreUnderTest> under_test_;
};

// Turns "nothing but success counts" into a Status.
template <class T>
Status Succeeded(const Result<T>& result) {
  if (!result.ok()) return result.error();
  return {};
}

}  // namespace passmint::testing
