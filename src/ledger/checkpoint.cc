#include "ledger/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/private_key.h"

namespace passmint::ledger {
namespace {

constexpr std::string_view kTitle = "passmint checkpoint 1";

Error Refused(std::string reason, std::string message) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = std::move(message),
          .reason = std::move(reason)};
}

Error BadFormat(std::size_t line, const std::string& what) {
  return Refused("checkpoint_format", "checkpoint, line " + std::to_string(line) + ": " + what);
}

auto Key(const CheckpointLeaf& leaf) { return std::tie(leaf.programme, leaf.account); }

std::string LeafBytes(const CheckpointLeaf& leaf) {
  std::string bytes = leaf.programme.str();
  bytes.push_back('\0');
  bytes += leaf.account.str();
  bytes.push_back('\0');
  const auto sequence = static_cast<std::uint64_t>(leaf.sequence);
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(sequence >> shift));
  return bytes + leaf.head;
}

bool IsName(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string LeafLine(const CheckpointLeaf& leaf) {
  return leaf.programme.str() + " " + leaf.account.str() + " " + std::to_string(leaf.sequence) +
         " " + ToHex(leaf.head) + "\n";
}

std::string HeadText(const Checkpoint& checkpoint) {
  return std::string(kTitle) + "\ntime " + FormatRfc3339(checkpoint.time) + "\nprevious " +
         ToHex(checkpoint.previous) + "\nstate " + ToHex(checkpoint.state) + "\naccounts " +
         std::to_string(checkpoint.leaves.size()) + "\nroot " + ToHex(RootOf(checkpoint)) + "\n";
}

// Both what we sign and what we read: the leaves are named, in order, and whole.
Status CheckLeaves(const Checkpoint& checkpoint) {
  const CheckpointLeaf* before = nullptr;
  for (const CheckpointLeaf& leaf : checkpoint.leaves) {
    const bool whole = IsName(leaf.programme.str()) && IsName(leaf.account.str()) &&
                       leaf.sequence >= 0 && leaf.head.size() == kHashBytes;
    if (!whole) {
      return Refused("checkpoint_format", "not a leaf: account " + leaf.account.str());
    }
    if (before != nullptr && !(Key(*before) < Key(leaf))) {
      return Refused("checkpoint_format", "out of order: account " + leaf.account.str());
    }
    before = &leaf;
  }
  return {};
}

// The lines of a document, one after the other.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ == text_.size(); }
  std::size_t number() const { return number_; }
  // Of the next line.
  std::size_t offset() const { return at_; }

  // Without its line feed; nothing if there is none.
  std::optional<std::string_view> Next() {
    const std::size_t end = text_.find('\n', at_);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++number_;
    return line;
  }

  // What follows `name` and a space.
  Result<std::string_view> Field(std::string_view name) {
    const auto line = Next();
    const bool found = line.has_value() && line->size() > name.size() &&
                       line->substr(0, name.size()) == name && (*line)[name.size()] == ' ';
    if (!found) return BadFormat(number_, "\"" + std::string(name) + "\" is missing");
    return line->substr(name.size() + 1);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
};

Result<std::string> HashField(Lines& lines, std::string_view name) {
  const auto text = lines.Field(name);
  if (!text.ok()) return text.error();
  Result<std::string> hash = FromHex(text.value());
  if (!hash.ok() || hash.value().size() != kHashBytes) {
    return BadFormat(lines.number(), "not 64 hexadecimal digits");
  }
  return hash;
}

std::optional<std::int64_t> ParseNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<CheckpointLeaf> ParseLeaf(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == line.npos ? line.npos : line.find(' ', first + 1);
  const std::size_t third = second == line.npos ? line.npos : line.find(' ', second + 1);
  if (third == line.npos) return std::nullopt;
  const auto sequence = ParseNumber(line.substr(second + 1, third - second - 1));
  Result<std::string> head = FromHex(line.substr(third + 1));
  if (!sequence.has_value() || !head.ok()) return std::nullopt;
  CheckpointLeaf leaf;
  leaf.programme = ProgrammeId(std::string(line.substr(0, first)));
  leaf.account = AccountId(std::string(line.substr(first + 1, second - first - 1)));
  leaf.sequence = *sequence;
  leaf.head = std::move(head).value();
  return leaf;
}

// What the signed lines say.
struct Head {
  Checkpoint checkpoint;  // Without leaves.
  std::int64_t accounts = 0;
  std::string root;
};

Result<Head> ParseHead(Lines& lines) {
  Head head;
  if (lines.Next() != kTitle) return BadFormat(1, "not a checkpoint of version 1");
  const auto time = lines.Field("time");
  if (!time.ok()) return time.error();
  const auto instant = ParseRfc3339(time.value());
  if (!instant.ok()) return BadFormat(lines.number(), instant.error().message);
  head.checkpoint.time = instant.value();
  Result<std::string> previous = HashField(lines, "previous");
  if (!previous.ok()) return previous.error();
  Result<std::string> state = HashField(lines, "state");
  if (!state.ok()) return state.error();
  const auto accounts = lines.Field("accounts");
  if (!accounts.ok()) return accounts.error();
  const auto number = ParseNumber(accounts.value());
  if (!number.has_value()) return BadFormat(lines.number(), "not a number");
  Result<std::string> root = HashField(lines, "root");
  if (!root.ok()) return root.error();
  head.checkpoint.previous = std::move(previous).value();
  head.checkpoint.state = std::move(state).value();
  head.accounts = *number;
  head.root = std::move(root).value();
  return head;
}

Status ReadLeaves(Lines& lines, std::vector<CheckpointLeaf>& leaves) {
  while (!lines.AtEnd()) {
    const auto line = lines.Next();
    if (!line.has_value()) return BadFormat(lines.number() + 1, "it is cut");
    auto leaf = ParseLeaf(*line);
    if (!leaf.has_value()) return BadFormat(lines.number(), "not an account");
    leaves.push_back(std::move(*leaf));
  }
  return {};
}

// Nothing if the leaf is where it was.
std::optional<LostHistory> Lost(const CheckpointLeaf& leaf,
                                const std::optional<ChainPoint>& today) {
  using Kind = LostHistory::Kind;
  if (!today.has_value()) return LostHistory{Kind::kVanished, leaf, 0};
  if (today->last < leaf.sequence) return LostHistory{Kind::kCut, leaf, today->last};
  if (today->hash != leaf.head) return LostHistory{Kind::kRewritten, leaf, today->last};
  return std::nullopt;
}

// RFC 6962 section 2.1: a node is told from a leaf by its first byte.
std::string NodeHash(const std::string& left, const std::string& right) {
  std::string bytes(1, '\x01');
  bytes.append(left).append(right);
  return crypto::Sha256(bytes);
}

}  // namespace

void MerkleTree::Add(std::string_view leaf) {
  Subtree added{0, crypto::Sha256(std::string(1, '\0').append(leaf))};
  while (!full_.empty() && full_.back().height == added.height) {
    added.hash = NodeHash(full_.back().hash, added.hash);
    ++added.height;
    full_.pop_back();
  }
  full_.push_back(std::move(added));
  ++size_;
}

std::string MerkleTree::Root() const {
  if (full_.empty()) return crypto::Sha256("");
  std::string root = full_.back().hash;
  for (auto left = full_.rbegin() + 1; left != full_.rend(); ++left) {
    root = NodeHash(left->hash, root);
  }
  return root;
}

std::string RootOf(const Checkpoint& checkpoint) {
  MerkleTree tree;
  for (const CheckpointLeaf& leaf : checkpoint.leaves) tree.Add(LeafBytes(leaf));
  return tree.Root();
}

Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const crypto::PrivateKey& key) {
  if (checkpoint.previous.size() != kHashBytes || checkpoint.state.size() != kHashBytes) {
    return Refused("checkpoint_format", "a checkpoint's hashes have 32 bytes");
  }
  if (const Status leaves = CheckLeaves(checkpoint); !leaves.ok()) return leaves.error();
  std::string document = HeadText(checkpoint);
  const Result<std::string> signature = crypto::SignEd25519(key, document);
  if (!signature.ok()) return Annotate(signature.error(), "sign a checkpoint");
  document += "signature " + ToBase64(signature.value()) + "\n";
  for (const CheckpointLeaf& leaf : checkpoint.leaves) document += LeafLine(leaf);
  return document;
}

Result<Checkpoint> OpenCheckpoint(std::string_view document, std::string_view public_key_pem) {
  if (document.size() > kCheckpointBytesMax) {
    return Error{.code = ErrorCode::kTooLarge, .message = "too large for a checkpoint"};
  }
  Lines lines(document);
  Result<Head> head = ParseHead(lines);
  if (!head.ok()) return head.error();
  const std::string_view signed_text = document.substr(0, lines.offset());
  const auto encoded = lines.Field("signature");
  if (!encoded.ok()) return encoded.error();
  const Result<std::string> signature = FromBase64(encoded.value());
  if (!signature.ok()) return BadFormat(lines.number(), "not base64");
  const auto verified = crypto::VerifyEd25519(public_key_pem, signed_text, signature.value());
  if (!verified.ok()) return verified.error();
  if (!verified.value()) {
    return Refused("checkpoint_signature", "the checkpoint was not signed with this key");
  }
  Checkpoint checkpoint = std::move(head.value().checkpoint);
  if (const Status read = ReadLeaves(lines, checkpoint.leaves); !read.ok()) return read.error();
  if (const Status sound = CheckLeaves(checkpoint); !sound.ok()) return sound.error();
  const bool all = checkpoint.leaves.size() == static_cast<std::size_t>(head.value().accounts);
  if (!all || RootOf(checkpoint) != head.value().root) {
    return Refused("checkpoint_root",
                   "the accounts in the checkpoint are not those it was signed "
                   "for");
  }
  return checkpoint;
}

std::string LostHistory::Describe(Timestamp checkpoint) const {
  const std::string was = "at the checkpoint of " + FormatRfc3339(checkpoint) + " it had " +
                          std::to_string(leaf.sequence) + " entries";
  std::string text =
      "account " + leaf.account.str() + " of programme " + leaf.programme.str() + ": ";
  switch (kind) {
    case Kind::kVanished:
      text += "it is gone; ";
      break;
    case Kind::kCut:
      text += "its journal ends at entry " + std::to_string(last) + "; ";
      break;
    case Kind::kRewritten:
      text += "its journal up to entry " + std::to_string(leaf.sequence) + " is another; ";
      break;
  }
  return text + was;
}

Result<CheckpointReport> CompareWithToday(const Checkpoint& checkpoint,
                                          const FindChainPoint& find) {
  CheckpointReport report;
  for (const CheckpointLeaf& leaf : checkpoint.leaves) {
    const auto today = find(leaf);
    if (!today.ok()) return today.error();
    ++report.checked;
    auto lost = Lost(leaf, today.value());
    if (!lost.has_value()) continue;
    ++report.bad;
    if (report.lost.size() < kLostHistoryMax) report.lost.push_back(std::move(*lost));
  }
  return report;
}

Status CheckFollows(const Checkpoint& earlier, const Checkpoint& later) {
  const auto refused = [](const std::string& what) { return Refused("checkpoint_order", what); };
  if (later.previous != RootOf(earlier)) {
    return refused("the checkpoint of " + FormatRfc3339(later.time) +
                   " does not follow the one of " + FormatRfc3339(earlier.time));
  }
  if (later.time < earlier.time) return refused("a checkpoint is older than the one before it");
  auto at = later.leaves.begin();
  for (const CheckpointLeaf& leaf : earlier.leaves) {
    while (at != later.leaves.end() && Key(*at) < Key(leaf)) ++at;
    const bool there = at != later.leaves.end() && Key(*at) == Key(leaf);
    if (!there || at->sequence < leaf.sequence ||
        (at->sequence == leaf.sequence && at->head != leaf.head)) {
      return refused("account " + leaf.account.str() + " has less history in the checkpoint of " +
                     FormatRfc3339(later.time) + " than in the one before");
    }
  }
  return {};
}

}  // namespace passmint::ledger
