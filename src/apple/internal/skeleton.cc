#include "apple/internal/skeleton.h"

#include "apple/internal/json_text.h"

namespace passmint::apple::internal {
namespace {

bool HasSlot(const Json& value) {
  if (value.is_binary()) return true;
  if (!value.is_object()) return false;
  for (const Json& member : value) {
    if (HasSlot(member)) return true;
  }
  return false;
}

std::string MemberName(const std::string& key) {
  std::string name;
  AppendJsonString(key, name);
  name += ':';
  return name;
}

class Compiler {
 public:
  Program Run(const Json& skeleton) {
    AddObject(skeleton);
    program_.rest = std::move(text_);
    return std::move(program_);
  }

 private:
  void AddObject(const Json& object) {
    text_ += '{';
    bool first = true;
    const auto comma = [this, &first] {
      if (!first) text_ += ',';
      first = false;
    };
    for (const auto& [key, value] : object.items()) {
      if (HasSlot(value)) continue;
      comma();
      text_ += MemberName(key) + json::Dump(value);
    }
    for (const auto& [key, value] : object.items()) {
      if (value.is_binary() || !HasSlot(value)) continue;
      comma();
      text_ += MemberName(key);
      AddObject(value);
    }
    for (const auto& [key, value] : object.items()) {
      if (value.is_binary()) AddSlot(key, value.get_binary());
    }
    text_ += '}';
  }

  void AddSlot(const std::string& key, const Json::binary_t& value) {
    const Slot slot{static_cast<SlotKind>(value[0]), static_cast<design::FieldGroup>(value[1])};
    program_.steps.push_back({.text = std::move(text_), .slot = slot, .member = MemberName(key)});
    text_.clear();
  }

  Program program_;
  std::string text_;  // Behind the last slot.
};

}  // namespace

Json SlotValue(Slot slot) {
  return Json::binary(
      {static_cast<std::uint8_t>(slot.kind), static_cast<std::uint8_t>(slot.group)});
}

Program Compile(const Json& skeleton) { return Compiler().Run(skeleton); }

}  // namespace passmint::apple::internal
