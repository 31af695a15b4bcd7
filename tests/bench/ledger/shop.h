#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "issuance/orders.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::bench {

// Of the n-th member.
std::string PhoneOf(int member);

// A file for Shop::Import.
void WriteMembers(const std::string& file, int members);

// 5 %, for a year.
inline constexpr const char* kPlainRules =
    R"({"earn": [{"id": "base", "ppm": 50000, "expires": {"after": "P12M"}}]})";

// A programme with members who buy something.
class Shop {
 public:
  // Opens the store at `url`. Ends the program with a message if that fails.
  explicit Shop(const std::string& url, const std::string& rules = kPlainRules);
  explicit Shop(std::unique_ptr<issuance::Store> store);
  ~Shop();

  // So many members, imported with points, a card and a phone each.
  void Fill(int members);
  // One account with so many open lots.
  void FillLots(int member, int lots);

  // Takes in a file of members as `passmint ledger import` does; members a second, with and without
  // the look at the whole file that comes before.
  struct ImportRates {
    double import = 0;
    double with_check = 0;
  };
  ImportRates Import(const std::string& file);

  // One paid order of a known member with an idempotency key: member and card are found, a lot, a
  // journal entry with its hash, the order, the card's revision, its delivery and the stored answer
  // are written.
  void Accrue(int member, const std::string& order);
  // The member's balance.
  void Look(int member);
  // What was spent of a budget of the rules.
  std::int64_t Spent(const std::string& budget);

  issuance::Store& store() { return *store_; }
  const issuance::Site& site() const { return site_; }

 private:
  void Prepare(const std::string& rules);

  std::unique_ptr<Clock> clock_;
  issuance::Site site_;
  std::unique_ptr<issuance::Store> store_;
};

}  // namespace passmint::bench
