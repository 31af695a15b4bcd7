#include "app/disk_room.h"

#include <fmt/format.h>

#include <system_error>

namespace passmint::app {

http::ReadyCheck CheckDiskRoom(const std::filesystem::path& file, std::uintmax_t room_min) {
  http::ReadyCheck check{.name = "disk", .ok = true, .detail = ""};
  std::error_code failed;
  const auto space = std::filesystem::space(file, failed);
  if (failed || space.available >= room_min) return check;
  check.ok = false;
  check.detail = fmt::format(
      "the store's disk has {} MiB left of the {} MiB that writing needs; make room, writing goes "
      "on by itself",
      space.available >> 20U, room_min >> 20U);
  return check;
}

}  // namespace passmint::app
