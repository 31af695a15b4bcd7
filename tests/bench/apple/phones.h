#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/system_clock.h"
#include "crypto/system_random.h"
#include "http/service.h"
#include "issuance/phone_activity.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::bench {

// A programme with the shipped points card on SQLite, with as many cards as asked for, each
// registered on a phone of its own.
class Phones {
 public:
  // Ends the program with a message if anything fails.
  Phones(const std::string& directory, int cards);

  http::Service& service() { return *service_; }
  issuance::PhoneActivity& activity() { return activity_; }
  issuance::Store& store() { return *store_; }
  const issuance::Site& site() const { return site_; }
  int cards() const { return static_cast<int>(serials_.size()); }

  // Requests of the phone that has card `i`.
  http::Request List(int i) const;
  http::Request Fetch(int i) const;  // Unconditional.

  static std::string Device(int i);

 private:
  void MakeSite();
  void Publish();
  void AddCards(int first, int count);

  app::SystemClock clock_;
  issuance::Site site_;
  std::unique_ptr<issuance::Store> store_;
  std::unique_ptr<issuance::CardMaker> maker_;
  issuance::PhoneActivity activity_;
  std::unique_ptr<http::Service> service_;
  std::vector<SerialNumber> serials_;
};

}  // namespace passmint::bench
