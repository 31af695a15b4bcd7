#include "bench/ledger/raw_sqlite.h"

#include <sqlite3.h>

#include <utility>

#include "bench/ledger/load.h"
#include "bench/ledger/raw.h"

namespace passmint::bench {
namespace {

// What the product's rows measure for an order of one line by a member with a few open lots.
constexpr int kBodyBytes = 150;
constexpr int kStateBytes = 260;
constexpr int kRecordBytes = 40;
constexpr int kHashBytes = 32;
constexpr char kOrderJson[] =
    R"({"currency":"RUB","lines":[{"amount":199900,"category":"coffee","line_id":"1","name":"","points":0,"points_quantity":"0","quantity":"1","sku":"ESP-1","type":"product"}],"location":"","total":199900})";
constexpr char kAnswerJson[] =
    R"({"card_created":false,"moved":{"earned":99,"explain":[{"entry":"e_00000000000000000000000000000000.17","line_id":"1","points":99,"rule":"base"}],"spent":0}})";

enum : std::size_t { kAnswer, kOrder, kEntry, kAccount, kCard, kDelivery, kOwner, kBalance };
constexpr const char* kSql[] = {
    "INSERT INTO stored_answer (scope, key, fingerprint, status, body, member, expires_at)"
    " VALUES ('coffee POST /api/v1/orders', ?1, ?2, 201, ?3, ?4, 1)",
    "INSERT INTO shop_order (programme, source, id, fingerprint, member, card, account, "
    "total_minor,"
    " paid_at, received_at, body, answer, record)"
    " VALUES ('coffee', 'web', ?1, ?2, ?3, ?4, ?3, 199900, 1, 1, ?5, ?6, ?7)",
    "INSERT INTO entry (programme, account, sequence, body, hash)"
    " VALUES ('coffee', ?1, ?2, ?3, ?4)",
    "UPDATE account SET sequence = ?2, head = ?3, state = ?4 WHERE programme = 'coffee' AND id = "
    "?1",
    "UPDATE card SET revision = revision + 1, changed_at = ?2"
    " WHERE programme = 'coffee' AND id = ?1",
    "INSERT INTO delivery (programme, card, channel, wanted, sent, due_at, attempts)"
    " VALUES ('coffee', ?1, 'apple', ?2, 0, ?2, 0)"
    " ON CONFLICT (programme, card, channel) DO UPDATE SET wanted = excluded.wanted,"
    " due_at = excluded.due_at",
    "SELECT member FROM member_identity WHERE programme = 'coffee' AND type = 'phone' AND value = "
    "?1",
    "SELECT sequence, head, far_lots, state FROM account WHERE programme = 'coffee' AND id = ?1",
};

void BindText(sqlite3_stmt* statement, int index, const std::string& text) {
  (void)sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()),
                          SQLITE_STATIC);
}

void BindBytes(sqlite3_stmt* statement, int index, int count) {
  static const std::string bytes(1024, '\x5a');
  (void)sqlite3_bind_blob(statement, index, bytes.data(), count, SQLITE_STATIC);
}

}  // namespace

RawSqlite::RawSqlite(const std::string& file, int members) : database_(Open(file)) {
  for (const char* sql : kSql) {
    sqlite3_stmt* statement = nullptr;
    Must(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr),
         database_);
    statements_.push_back(statement);
  }
  sqlite3_stmt* all = nullptr;
  Must(sqlite3_prepare_v2(database_,
                          "SELECT member.account, card.id, account.sequence FROM card"
                          " JOIN member ON member.programme = card.programme"
                          " AND member.id = card.member"
                          " JOIN account ON account.programme = card.programme"
                          " AND account.id = member.account LIMIT ?1",
                          -1, &all, nullptr),
       database_);
  (void)sqlite3_bind_int(all, 1, members);
  while (sqlite3_step(all) == SQLITE_ROW) {
    accounts_.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(all, 0)));
    cards_.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(all, 1)));
    sequences_.push_back(sqlite3_column_int(all, 2));
  }
  (void)sqlite3_finalize(all);
  checkpointer_ = std::thread([this, file] { Checkpoints(file); });
  writer_ = std::thread([this] { Run(); });
}

RawSqlite::~RawSqlite() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  answered_.notify_all();
  writer_.join();
  checkpointer_.join();
  for (sqlite3_stmt* statement : statements_) (void)sqlite3_finalize(statement);
  (void)sqlite3_close(database_);
}

void RawSqlite::Accrue(int member, const std::string& order) {
  Job job{.member = member, .order = &order};
  std::unique_lock lock(mutex_);
  queue_.push_back(&job);
  wake_.notify_one();
  answered_.wait(lock, [&job] { return job.done; });
}

void RawSqlite::Run() {
  std::vector<Job*> batch;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      for (Job* job : batch) job->done = true;
      if (!batch.empty()) answered_.notify_all();
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      batch.assign(queue_.begin(), queue_.end());
      queue_.clear();
    }
    Must(sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), database_);
    const auto begun = std::chrono::steady_clock::now();
    for (std::size_t next = 0; next < batch.size(); ++next) {
      Write(*batch[next]);
      if (!joins_ || next + 1 < batch.size() || MillisecondsSince(begun) > 5) continue;
      const std::lock_guard lock(mutex_);
      batch.insert(batch.end(), queue_.begin(), queue_.end());
      queue_.clear();
    }
    Must(sqlite3_exec(database_, "COMMIT", nullptr, nullptr, nullptr), database_);
  }
}

void RawSqlite::Write(const Job& job) {
  static const std::string fingerprint(64, 'f');
  static const std::string answer = kAnswerJson;
  static const std::string body = kOrderJson;
  const auto at = static_cast<std::size_t>(job.member) % accounts_.size();
  const int sequence = ++sequences_[at];
  const auto step = [this](std::size_t which) {
    Must(sqlite3_step(statements_[which]), database_);
    (void)sqlite3_reset(statements_[which]);
  };
  BindText(statements_[kAnswer], 1, *job.order);
  BindText(statements_[kAnswer], 2, fingerprint);
  BindBytes(statements_[kAnswer], 3, 150);
  BindText(statements_[kAnswer], 4, accounts_[at]);
  step(kAnswer);
  BindText(statements_[kOrder], 1, *job.order);
  BindText(statements_[kOrder], 2, fingerprint);
  BindText(statements_[kOrder], 3, accounts_[at]);
  BindText(statements_[kOrder], 4, cards_[at]);
  BindText(statements_[kOrder], 5, body);
  BindText(statements_[kOrder], 6, answer);
  BindBytes(statements_[kOrder], 7, kRecordBytes);
  step(kOrder);
  BindText(statements_[kEntry], 1, accounts_[at]);
  (void)sqlite3_bind_int(statements_[kEntry], 2, sequence);
  BindBytes(statements_[kEntry], 3, kBodyBytes);
  BindBytes(statements_[kEntry], 4, kHashBytes);
  step(kEntry);
  BindText(statements_[kAccount], 1, accounts_[at]);
  (void)sqlite3_bind_int(statements_[kAccount], 2, sequence);
  BindBytes(statements_[kAccount], 3, kHashBytes);
  BindBytes(statements_[kAccount], 4, kStateBytes);
  step(kAccount);
  BindText(statements_[kCard], 1, cards_[at]);
  (void)sqlite3_bind_int64(statements_[kCard], 2, 1'800'000'000'000'000LL + sequence);
  step(kCard);
  BindText(statements_[kDelivery], 1, cards_[at]);
  (void)sqlite3_bind_int(statements_[kDelivery], 2, sequence);
  step(kDelivery);
}

// As the product does: PASSIVE every few frames, the file synced, beside the writer.
void RawSqlite::Checkpoints(const std::string& file) {
  sqlite3* database = Open(file);
  const auto stopping = [this] {
    std::unique_lock lock(mutex_);
    return answered_.wait_for(lock, std::chrono::milliseconds(50), [this] { return stopping_; });
  };
  while (!stopping()) {
    (void)sqlite3_wal_checkpoint_v2(database, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }
  (void)sqlite3_close(database);
}

void RawSqlite::Look(const std::string& phone) {
  thread_local sqlite3* mine = nullptr;
  thread_local sqlite3_stmt* owner = nullptr;
  thread_local sqlite3_stmt* balance = nullptr;
  if (mine == nullptr) {
    mine = Open(sqlite3_db_filename(database_, "main"));
    Must(sqlite3_prepare_v2(mine, kSql[kOwner], -1, &owner, nullptr), mine);
    Must(sqlite3_prepare_v2(mine, kSql[kBalance], -1, &balance, nullptr), mine);
  }
  Must(sqlite3_exec(mine, "BEGIN", nullptr, nullptr, nullptr), mine);
  BindText(owner, 1, phone);
  Must(sqlite3_step(owner), mine);
  std::string account(reinterpret_cast<const char*>(sqlite3_column_text(owner, 0)));
  account[0] = 'a';  // Member m_X has account a_X.
  (void)sqlite3_reset(owner);
  BindText(balance, 1, account);
  Must(sqlite3_step(balance), mine);
  (void)sqlite3_reset(balance);
  Must(sqlite3_exec(mine, "COMMIT", nullptr, nullptr, nullptr), mine);
}

}  // namespace passmint::bench
