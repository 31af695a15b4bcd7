#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>

#include "base/result.h"
#include "issuance/erasure_log.h"
#include "issuance/store.h"

namespace passmint::app {

// erasures.jsonl beside the checkpoints, a line each:
//   {"erased_at":"2026-11-22T01:00:00Z","member":"m_0193...","programme":"demo"}
class ErasureFile final : public issuance::ErasureLog {
 public:
  // `folder` is made when it is needed.
  explicit ErasureFile(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Status Record(const ProgrammeId& programme, const MemberId& member, Timestamp at) override;

 private:
  const std::filesystem::path folder_;
  std::mutex mutex_;
};

// Erases everybody on the list who is in the store and is not erased. Returns how many. Fails with
// kInvalidArgument if a line cannot be read (a torn last line is passed over), and as Store::Write.
Result<std::int64_t> EraseAgain(issuance::Store& store, const std::filesystem::path& folder);

}  // namespace passmint::app
