#pragma once

#include <span>
#include <string_view>

namespace passmint::store {

// One step of the schema. Released steps never change.
struct Migration {
  int version = 0;  // 1, 2, 3, ... without gaps.
  std::string_view name;
  std::string_view script;
};

// Those that this binary knows, in order.
std::span<const Migration> Migrations();

}  // namespace passmint::store
