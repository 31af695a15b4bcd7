#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/timestamp.h"
#include "google/vertical.h"
#include "json/json.h"

namespace passmint::simulate {

// What stands for Google's answer to one call.
struct FakeAnswer {
  int status = 200;
  Json body;
};

// "error" as Google writes it: code, message, errors[0] with domain and reason.
FakeAnswer FakeRefusal(int status, std::string_view reason, std::string message);

// Google's classes and objects with Google's semantics: ids that are unique over all verticals, 409
// for what exists, 404 for what does not, PATCH that merges and replaces arrays, PUT that replaces,
// UNDER_REVIEW that becomes APPROVED, nothing that can be deleted, three notifications a day. What
// is required and known is google/schema.h. For one thread.
class FakeWallet {
 public:
  // An object is there or has changed; `notified`: and its customer was told.
  using OnObject = std::function<void(const std::string& id, const Json& object, bool notified)>;
  // Called while it handles calls, by who calls. May be empty.
  explicit FakeWallet(OnObject on_object = {}) : on_object_(std::move(on_object)) {}

  // `path` is below /walletobjects/v1/, without the query: "loyaltyObject/3388.abc/addMessage".
  FakeAnswer Handle(std::string_view method, std::string_view path, std::string_view query,
                    std::string_view body, Timestamp now);

  // What the customer does. Null if there is no such object.
  const Json* Save(const std::string& object_id, bool saved);
  // The class of an object, null if there is none.
  const Json* ClassOf(const std::string& object_id) const;
  // Puts an object that a link carries, unless it is there. False if its class is not.
  bool Adopt(google::Vertical vertical, const Json& object);
  // {"object": ..., "notifications": n, "writes": n} or null: what tests look at.
  Json Peek(const std::string& object_id) const;

 private:
  struct Resource {
    google::Vertical vertical = google::Vertical::kLoyalty;
    Json body;
    std::deque<Timestamp> notified = {};  // By changes of fields.
    std::deque<Timestamp> messaged = {};  // By messages.
    int notifications = 0;                // Ever.
    int writes = 0;
  };
  using Resources = std::map<std::string, Resource>;
  struct Target;

  FakeAnswer HandleClass(const Target& target, const Json& body);
  FakeAnswer HandleObject(const Target& target, const Json& body, Timestamp now);
  FakeAnswer InsertObject(const Target& target, Json body);
  FakeAnswer ChangeObject(const Target& target, const Json& body, Timestamp now);
  FakeAnswer AddMessage(Resource& resource, const Json& body, Timestamp now);
  FakeAnswer List(const Resources& resources, const Target& target, std::string_view of) const;
  Json Shown(const Resource& resource) const;

  void Tell(const std::string& id, const Resource& resource, bool notified) const {
    if (on_object_) on_object_(id, resource.body, notified);
  }

  const OnObject on_object_;
  Resources classes_;
  Resources objects_;
};

}  // namespace passmint::simulate
