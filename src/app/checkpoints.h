#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/settings.h"
#include "base/result.h"
#include "crypto/private_key.h"
#include "issuance/ledger_audit.h"
#include "issuance/store.h"
#include "ledger/checkpoint.h"

// The folder of signed checkpoints (store.checkpoint_dir): "checkpoint-20261122T010000-000000Z.txt"
// by the instant they were taken at, so that they sort. Several processes may share it.
namespace passmint::app {

// The key of secrets.signing_key. Fails as ReadSecretFile and crypto::ParsePrivateKey.
Result<crypto::PrivateKey> LoadSigningKey(const Settings& settings);

// Oldest first; none if the folder is not there.
Result<std::vector<std::filesystem::path>> ListCheckpoints(const std::filesystem::path& folder);

// Fails as ReadFile and ledger::OpenCheckpoint.
Result<ledger::Checkpoint> ReadCheckpoint(const std::filesystem::path& file,
                                          const crypto::PrivateKey& key);

// The newest, if there is one.
Result<std::optional<ledger::Checkpoint>> NewestCheckpoint(const std::filesystem::path& folder,
                                                           const crypto::PrivateKey& key);

struct WrittenCheckpoint {
  ledger::Checkpoint checkpoint;
  std::filesystem::path file;  // Empty: nothing has changed since the newest, none was written.
};

// Takes a checkpoint and writes it, durably. Fails, and writes nothing, as
// issuance::TakeCheckpoint, with kUnavailable if the folder cannot be written, and with
// kInvalidArgument, reason "checkpoint_order", if the store has less history than the newest
// checkpoint: then something was lost or removed.
Result<WrittenCheckpoint> WriteCheckpoint(issuance::Store& store,
                                          const std::filesystem::path& folder,
                                          const crypto::PrivateKey& key,
                                          const issuance::OnAudit& on_audit);

// What is wrong with the checkpoints of the folder or with the store beside them.
struct CheckpointsReport {
  std::int64_t documents = 0;
  std::int64_t leaves = 0;  // That were compared with the store.
  std::vector<std::string> wrong;
};

// Checks every document's signature, that they follow each other, and that the store still has what
// each of them saw. Fails as ListCheckpoints and Store::Read.
Result<CheckpointsReport> VerifyCheckpoints(const issuance::Store& store,
                                            const std::filesystem::path& folder,
                                            const crypto::PrivateKey& key);

// Lays all checkpoints into a folder of their own inside the folder, since the history that they
// saw was given up. Returns that folder.
Result<std::filesystem::path> PutCheckpointsAside(const std::filesystem::path& folder,
                                                  Timestamp now);

}  // namespace passmint::app
