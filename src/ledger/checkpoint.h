#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::crypto {
class PrivateKey;
}

// Signed snapshots of how far every account's chain had come. A chain proves its own past but not
// that its tail is there, nor that the account is: a checkpoint that lies outside the database
// does.
//
// The document is text, one line an account (about 110 bytes), so that diff, grep and openssl can
// read it:
//
//   passmint checkpoint 1
//   time 2026-11-22T01:00:00Z
//   previous 53a8...                      root of the one before; 64 zeros for the first
//   state 9f0c...                         see Checkpoint::state
//   accounts 2
//   root 77e1...                          Merkle root of the leaves
//   signature <88 characters of base64>   Ed25519 over the six lines before, with line feeds
//   cafe a_0193... 17 0c5d...             programme, account, sequence, head
//   cafe a_0194... 3 a31f...
//
// To verify by hand: the first six lines with `openssl pkeyutl -verify -rawin`.

namespace passmint::ledger {

inline constexpr std::size_t kHashBytes = 32;

// Of one document: 10 million accounts.
inline constexpr std::size_t kCheckpointBytesMax = std::size_t{2} * 1024 * 1024 * 1024;

// A Merkle tree as in RFC 6962 section 2.1: SHA-256 over 0x00 and a leaf, over 0x01 and two nodes;
// the left subtree is the largest full one. Keeps one hash a level.
class MerkleTree {
 public:
  void Add(std::string_view leaf);
  std::int64_t size() const { return size_; }
  // 32 bytes; of no leaves SHA-256 of nothing.
  std::string Root() const;

 private:
  struct Subtree {
    int height = 0;
    std::string hash;
  };
  std::vector<Subtree> full_;  // From left to right, ever lower.
  std::int64_t size_ = 0;
};

// How far one account had come.
struct CheckpointLeaf {
  ProgrammeId programme;
  AccountId account;
  std::int64_t sequence = 0;  // 0: no entry yet.
  std::string head;           // 32 bytes.

  friend bool operator==(const CheckpointLeaf&, const CheckpointLeaf&) = default;
};

struct Checkpoint {
  Timestamp time;        // Whole microseconds; of the snapshot.
  std::string previous;  // Root of the checkpoint before; 32 zero bytes for the first.
  // What all accounts amounted to when settled at `time`: the Merkle root of their StateHash, in
  // the order of the leaves.
  std::string state;
  std::vector<CheckpointLeaf> leaves;  // By programme, then account; no account twice.

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The root over the leaves: each is programme, 0x00, account, 0x00, sequence as 8 bytes big-endian,
// head.
std::string RootOf(const Checkpoint& checkpoint);

// The document. Fails with kInvalidArgument if the key is not Ed25519, the leaves are not in order,
// a hash has not 32 bytes, or a name holds something else than printable ASCII without spaces.
Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const crypto::PrivateKey& key);

// Reads a document and checks that it is whole and ours. Fails with kInvalidArgument and reason
//   "checkpoint_format"     it is no checkpoint, or cut; the message names the line,
//   "checkpoint_signature"  it was not signed with this key, or its head was changed,
//   "checkpoint_root"       the leaves are not those that were signed,
// and with kInvalidArgument if `public_key_pem` is no Ed25519 key; kTooLarge.
Result<Checkpoint> OpenCheckpoint(std::string_view document, std::string_view public_key_pem);

// Where an account's chain is today.
struct ChainPoint {
  std::int64_t last = 0;  // Its last sequence.
  std::string hash;       // At the leaf's sequence, if it is not beyond `last`; the genesis at 0.
};
// Nothing if the account does not exist. A failure ends the check.
using FindChainPoint = std::function<Result<std::optional<ChainPoint>>(const CheckpointLeaf& leaf)>;

// What became of an account since a checkpoint that should not have.
struct LostHistory {
  enum class Kind {
    kVanished,  // The account is gone.
    kCut,       // Its journal ends before the checkpoint's sequence.
    kRewritten  // Another entry stands there.
  };
  Kind kind = Kind::kVanished;
  CheckpointLeaf leaf;
  std::int64_t last = 0;  // Of kCut: where it ends now.

  // "account a_1 of programme cafe: its journal ends at 4, at the checkpoint of ... it had 7".
  std::string Describe(Timestamp checkpoint) const;
};

inline constexpr std::size_t kLostHistoryMax = 100;  // Who lost more has lost the database.

struct CheckpointReport {
  std::int64_t checked = 0;
  std::int64_t bad = 0;
  std::vector<LostHistory> lost;  // The first kLostHistoryMax.
};

// Whether every leaf is a prefix of today's chain. Asks for the leaves in their order. Fails only
// with what `find` fails with.
Result<CheckpointReport> CompareWithToday(const Checkpoint& checkpoint, const FindChainPoint& find);

// Whether `later` follows `earlier` directly and forgets nothing: cites its root, is not older, and
// has every account with at least its sequence. kInvalidArgument with reason "checkpoint_order".
Status CheckFollows(const Checkpoint& earlier, const Checkpoint& later);

}  // namespace passmint::ledger
