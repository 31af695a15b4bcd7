#include "simulate/fake_wallet.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "google/environment.h"
#include "google/schema.h"

namespace passmint::simulate {
namespace {

using google::Vertical;

constexpr std::size_t kBodyBytesMax = 1024 * 1024;
constexpr std::size_t kNotificationsADay = 3;
constexpr std::size_t kMessagesMax = 10;

FakeAnswer BadRequest(std::string message) {
  return FakeRefusal(400, "badRequest", std::move(message));
}
FakeAnswer NotFound() { return FakeRefusal(404, "notFound", "Not Found"); }

std::string Text(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

bool IsResourceId(const std::string& id) {
  const std::size_t dot = id.find('.');
  return dot != std::string::npos && google::IsIssuerId(id.substr(0, dot)) &&
         google::IsIdSuffix(id.substr(dot + 1));
}

// Unknown members and missing required ones.
std::optional<FakeAnswer> Check(const Json& body, const google::SchemaType& schema) {
  for (const auto& [name, value] : body.items()) {
    if (name != "kind" && schema.Find(name) == nullptr) {
      return BadRequest("Invalid JSON payload received. Unknown name \"" + name + "\"");
    }
  }
  for (const google::SchemaField& field : schema.fields) {
    const bool is_there = body.contains(field.name) && !body.at(std::string(field.name)).is_null();
    if (field.required && !field.output_only && !is_there) {
      return BadRequest("Required field missing: " + std::string(field.name));
    }
  }
  return std::nullopt;
}

// int64 goes out as a text, whatever it came as.
void WriteInt64(Json& value) {
  if (!value.is_structured()) return;
  for (auto& [name, member] : value.items()) {
    const bool is_int64 = value.is_object() && (name == "micros" || name == "periodMillis");
    if (is_int64 && member.is_number_integer()) {
      member = std::to_string(member.get<std::int64_t>());
    } else {
      WriteInt64(member);
    }
  }
}

// Whether one more fits into the day; forgets older ones.
bool FitsIntoTheDay(std::deque<Timestamp>& instants, Timestamp now) {
  while (!instants.empty() && instants.front() <= now - std::chrono::hours(24)) {
    instants.pop_front();
  }
  return instants.size() < kNotificationsADay;
}

FakeAnswer QuotaExceeded(const std::string& what) {
  return FakeRefusal(403, "quotaExceeded", "Quota exceeded for issuer when " + what + ".");
}

Json NotifyingValues(const Json& object) {
  Json values = Json::array();
  for (const char* const points : {"loyaltyPoints", "secondaryLoyaltyPoints"}) {
    const auto found = object.find(points);
    values.push_back(
        found == object.end() || !found->is_object() ? Json() : found->value("balance", Json()));
  }
  return values;
}

std::string QueryValue(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos && pair.substr(0, equals) == name) {
      return std::string(pair.substr(equals + 1));
    }
  }
  return "";
}

}  // namespace

FakeAnswer FakeRefusal(int status, std::string_view reason, std::string message) {
  return {
      status,
      {{"error",
        {{"code", status},
         {"message", message},
         {"errors", {{{"message", message}, {"domain", "walletobjects"}, {"reason", reason}}}}}}}};
}

// "loyaltyObject/{id}/addMessage" in parts.
struct FakeWallet::Target {
  std::string_view method;
  std::string_view query;
  Vertical vertical = Vertical::kLoyalty;
  bool is_class = false;
  std::string id = {};    // "": the collection.
  std::string verb = {};  // "addMessage" or "".

  static std::optional<Target> Read(std::string_view method, std::string_view path,
                                    std::string_view query) {
    Target target{.method = method, .query = query};
    const std::string_view resource = path.substr(0, path.find('/'));
    const auto* const vertical =
        std::find_if(google::kVerticals.begin(), google::kVerticals.end(), [&](Vertical candidate) {
          return google::ClassResource(candidate) == resource ||
                 google::ObjectResource(candidate) == resource;
        });
    if (vertical == google::kVerticals.end()) return std::nullopt;
    target.vertical = *vertical;
    target.is_class = google::ClassResource(*vertical) == resource;
    if (resource.size() == path.size()) return target;
    const std::string_view rest = path.substr(resource.size() + 1);
    target.id = rest.substr(0, rest.find('/'));
    if (target.id.empty()) return std::nullopt;
    if (target.id.size() < rest.size()) target.verb = rest.substr(target.id.size() + 1);
    if (!target.verb.empty() && (target.verb != "addMessage" || method != "POST")) {
      return std::nullopt;
    }
    return target;
  }

  bool IsInsert() const { return method == "POST" && id.empty(); }
  bool IsChange() const { return (method == "PATCH" || method == "PUT") && !id.empty(); }
};

FakeAnswer FakeWallet::Handle(std::string_view method, std::string_view path,
                              std::string_view query, std::string_view text, Timestamp now) {
  const auto target = Target::Read(method, path, query);
  if (!target) return NotFound();
  Json body = Json::object();
  if (!text.empty()) {
    auto parsed = json::Parse(text, kBodyBytesMax);
    if (!parsed.ok() || !parsed.value().is_object()) {
      return BadRequest("Invalid JSON payload received. " +
                        (parsed.ok() ? "no object" : parsed.error().message));
    }
    body = std::move(parsed).value();
  }
  WriteInt64(body);
  FakeAnswer answer =
      target->is_class ? HandleClass(*target, body) : HandleObject(*target, body, now);
  return answer;
}

FakeAnswer FakeWallet::HandleClass(const Target& target, const Json& body) {
  const google::SchemaType& schema = google::ClassSchema(target.vertical);
  if (target.method == "GET" && target.id.empty()) return List(classes_, target, "issuerId");
  if (!target.IsInsert() && !target.IsChange() && target.method != "GET") return NotFound();
  if (target.IsInsert()) {
    const std::string id = Text(body, "id");
    if (!IsResourceId(id)) return BadRequest("Invalid resource ID: " + id);
    if (classes_.contains(id)) {
      return FakeRefusal(409, "existingResource", "Wallet Object Class " + id + " already exists.");
    }
  }
  const auto found = classes_.find(target.IsInsert() ? Text(body, "id") : target.id);
  if (!target.IsInsert() &&
      (found == classes_.end() || found->second.vertical != target.vertical)) {
    return FakeRefusal(404, "classNotFound", "Wallet class " + target.id + " not found.");
  }
  if (target.method == "GET") return {200, found->second.body};
  const std::string review = Text(body, "reviewStatus");
  if (!review.empty() && review != "UNDER_REVIEW" && review != "DRAFT") {
    return BadRequest("Invalid review status: " + review);
  }
  Json next = target.method == "PATCH" ? found->second.body : Json::object();
  const bool was_draft = target.IsInsert() || Text(found->second.body, "reviewStatus") == "DRAFT";
  if (review == "DRAFT" && !was_draft) return BadRequest("Invalid review status: DRAFT");
  json::MergePatch(next, body);
  if (!target.IsInsert()) next["id"] = target.id;
  if (auto refused = Check(next, schema)) return *refused;
  if (Text(next, "reviewStatus") == "UNDER_REVIEW") next["reviewStatus"] = "APPROVED";
  next.erase("notifyPreference");
  Resource& resource = classes_[Text(next, "id")];
  resource.vertical = target.vertical;
  resource.body = std::move(next);
  ++resource.writes;
  return {200, resource.body};
}

FakeAnswer FakeWallet::HandleObject(const Target& target, const Json& body, Timestamp now) {
  if (target.method == "GET" && target.id.empty()) return List(objects_, target, "classId");
  if (target.IsInsert()) return InsertObject(target, body);
  const auto found = objects_.find(target.id);
  const bool is_known = found != objects_.end() && found->second.vertical == target.vertical;
  const bool is_call = target.IsChange() || target.method == "GET" || !target.verb.empty();
  if (!is_call) return NotFound();
  if (!is_known) {
    return FakeRefusal(404, "resourceNotFound", "Wallet object " + target.id + " not found.");
  }
  if (target.method == "GET") return {200, Shown(found->second)};
  if (!target.verb.empty()) return AddMessage(found->second, body, now);
  return ChangeObject(target, body, now);
}

FakeAnswer FakeWallet::InsertObject(const Target& target, Json body) {
  const std::string id = Text(body, "id");
  if (!IsResourceId(id)) return BadRequest("Invalid resource ID: " + id);
  if (objects_.contains(id)) {
    return FakeRefusal(409, "existingResource", "Wallet Object " + id + " already exists.");
  }
  if (auto refused = Check(body, google::ObjectSchema(target.vertical))) return *refused;
  const auto of_class = classes_.find(Text(body, "classId"));
  if (of_class == classes_.end() || of_class->second.vertical != target.vertical) {
    return FakeRefusal(404, "classNotFound",
                       "Wallet class " + Text(body, "classId") + " not found.");
  }
  if (Text(of_class->second.body, "reviewStatus") == "DRAFT") {
    return BadRequest("Wallet Object Class " + of_class->first + " not approved");
  }
  body.erase("notifyPreference");
  Resource& resource = objects_[id];
  resource = {.vertical = target.vertical, .body = std::move(body)};
  resource.body["hasUsers"] = false;
  ++resource.writes;
  Tell(id, resource, false);
  return {200, Shown(resource)};
}

FakeAnswer FakeWallet::ChangeObject(const Target& target, const Json& body, Timestamp now) {
  Resource& resource = objects_.at(target.id);
  Json next = target.method == "PATCH" ? resource.body : Json::object();
  Json change = body;
  const bool notify = Text(change, "notifyPreference") == "NOTIFY_ON_UPDATE";
  for (const char* const output_only : {"hasUsers", "classReference", "hasLinkedDevice"}) {
    change.erase(output_only);
  }
  json::MergePatch(next, change);
  next["id"] = target.id;
  next["hasUsers"] = resource.body["hasUsers"];
  if (auto refused = Check(next, google::ObjectSchema(target.vertical))) return *refused;
  next.erase("notifyPreference");
  if (!classes_.contains(Text(next, "classId"))) {
    return FakeRefusal(404, "classNotFound",
                       "Wallet class " + Text(next, "classId") + " not found.");
  }
  const bool changes = target.vertical == Vertical::kLoyalty &&
                       NotifyingValues(next) != NotifyingValues(resource.body);
  if (notify && changes) {
    if (!FitsIntoTheDay(resource.notified, now)) return QuotaExceeded("notifying of an update");
    resource.notified.push_back(now);
    ++resource.notifications;
  }
  resource.body = std::move(next);
  ++resource.writes;
  Tell(target.id, resource, notify && changes);
  return {200, Shown(resource)};
}

FakeAnswer FakeWallet::AddMessage(Resource& resource, const Json& body, Timestamp now) {
  const auto message = body.find("message");
  if (message == body.end() || !message->is_object()) return BadRequest("Message is required");
  Json& messages = resource.body["messages"];
  if (messages.is_null()) messages = Json::array();
  if (messages.size() >= kMessagesMax) return BadRequest("Too many messages");
  if (Text(*message, "messageType") == "TEXT_AND_NOTIFY") {
    if (!FitsIntoTheDay(resource.messaged, now)) {
      return QuotaExceeded("adding TEXT_AND_NOTIFY message to object");
    }
    resource.messaged.push_back(now);
    ++resource.notifications;
  }
  messages.push_back(*message);
  ++resource.writes;
  return {200, {{"resource", Shown(resource)}}};
}

FakeAnswer FakeWallet::List(const Resources& resources, const Target& target,
                            std::string_view of) const {
  const std::string owner = QueryValue(target.query, of);
  if (owner.empty()) return BadRequest(std::string(of) + " is required");
  const std::string wanted = QueryValue(target.query, "maxResults");
  std::size_t most = resources.size();
  if (!wanted.empty()) std::from_chars(wanted.data(), wanted.data() + wanted.size(), most);
  Json found = Json::array();
  std::string next;
  for (auto at = resources.upper_bound(QueryValue(target.query, "token")); at != resources.end();
       ++at) {
    const Resource& resource = at->second;
    const bool is_owned = target.is_class ? at->first.starts_with(owner + ".")
                                          : Text(resource.body, "classId") == owner;
    if (resource.vertical != target.vertical || !is_owned) continue;
    if (found.size() == most) {
      next = Text(found.back(), "id");
      break;
    }
    found.push_back(target.is_class ? resource.body : Shown(resource));
  }
  Json pagination = {{"resultsPerPage", found.size()}};
  if (!next.empty()) pagination["nextPageToken"] = next;
  return {200, {{"resources", std::move(found)}, {"pagination", std::move(pagination)}}};
}

Json FakeWallet::Shown(const Resource& resource) const {
  Json shown = resource.body;
  const auto of_class = classes_.find(Text(resource.body, "classId"));
  if (resource.vertical != Vertical::kGeneric && of_class != classes_.end()) {
    shown["classReference"] = of_class->second.body;
  }
  return shown;
}

const Json* FakeWallet::Save(const std::string& object_id, bool saved) {
  const auto found = objects_.find(object_id);
  if (found == objects_.end()) return nullptr;
  found->second.body["hasUsers"] = saved;
  return &found->second.body;
}

const Json* FakeWallet::ClassOf(const std::string& object_id) const {
  const auto object = objects_.find(object_id);
  if (object == objects_.end()) return nullptr;
  const auto found = classes_.find(Text(object->second.body, "classId"));
  return found == classes_.end() ? nullptr : &found->second.body;
}

bool FakeWallet::Adopt(Vertical vertical, const Json& object) {
  const std::string id = Text(object, "id");
  if (objects_.contains(id)) return true;  // A link never changes what is there.
  return InsertObject({.method = "POST", .query = {}, .vertical = vertical}, object).status == 200;
}

Json FakeWallet::Peek(const std::string& object_id) const {
  const auto found = objects_.find(object_id);
  if (found == objects_.end()) return nullptr;
  return {{"object", found->second.body},
          {"notifications", found->second.notifications},
          {"writes", found->second.writes}};
}

}  // namespace passmint::simulate
