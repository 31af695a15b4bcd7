#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace passmint::zip::testing {

// A file as a stranger may describe it. Whatever is not given is right for `data`, stored.
struct HostileEntry {
  std::string name;
  std::string data = "data";  // As it lies in the archive.
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::uint32_t attributes = 0;
  std::optional<std::uint32_t> crc = std::nullopt;
  std::optional<std::uint32_t> packed_size = std::nullopt;
  std::optional<std::uint32_t> size = std::nullopt;
  std::optional<std::string> local_name = std::nullopt;
  std::optional<std::uint32_t> local_size = std::nullopt;
  std::optional<std::uint32_t> local_offset = std::nullopt;
};

// The archive of these, and its end record with the fields given.
struct HostileEnd {
  std::optional<std::uint16_t> entries = std::nullopt;
  std::optional<std::uint32_t> directory_offset = std::nullopt;
  std::uint16_t disk = 0;
  std::string before_end = "";  // Bytes between the directory and the end record.
  std::string comment = "";
};

std::string MakeHostileArchive(const std::vector<HostileEntry>& entries,
                               const HostileEnd& end = {});

// `bytes` as a raw deflate stream.
std::string Deflate(const std::string& bytes);

std::uint32_t Crc32Of(const std::string& bytes);

}  // namespace passmint::zip::testing
