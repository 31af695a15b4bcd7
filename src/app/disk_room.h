#pragma once

#include <cstdint>
#include <filesystem>

#include "http/service.h"

namespace passmint::app {

// Below this writes are about to fail: the largest request is a template's source of some MiB, and
// its transaction is in the WAL before it is in the file.
inline constexpr std::uintmax_t kDiskRoomMin = 16 * 1024 * 1024;

// Whether the disk of the store's file has `room_min` bytes left for us, for /readyz. Asks the file
// system and writes nothing. A disk that cannot be asked passes: the store's own check says more.
http::ReadyCheck CheckDiskRoom(const std::filesystem::path& file,
                               std::uintmax_t room_min = kDiskRoomMin);

}  // namespace passmint::app
