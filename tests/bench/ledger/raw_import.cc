#include "bench/ledger/raw_import.h"

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/ledger/load.h"
#include "bench/ledger/raw.h"
#include "bench/ledger/shop.h"

namespace passmint::bench {
namespace {

// What the product's rows measure for a member with one lot.
constexpr int kBodyBytes = 60;
constexpr int kStateBytes = 70;
constexpr int kHashBytes = 32;

enum : std::size_t { kKnown, kMember, kIdentity, kNumber, kCard, kAccount, kEntry };
constexpr const char* kSql[] = {
    "INSERT INTO stored_answer (scope, key, fingerprint, status, body, member, expires_at)"
    " VALUES ('coffee import', ?1, ?2, 201, ?3, NULL, 9223372036854775)",
    "INSERT INTO member (programme, id, account, merged_into, name, locale, birthday, attributes,"
    " erased, created_at, changed_at, time_zone, opted_in, opted_at, opted_by)"
    " VALUES ('coffee', ?1, ?2, '', ?3, '', NULL, '{}', 0, 1800000000000000, 1800000000000000, '',"
    " 0, NULL, '')",
    "INSERT INTO member_identity (programme, type, value, member, verified_at, merged)"
    " VALUES ('coffee', 'phone', ?1, ?2, NULL, 0)",
    "INSERT INTO card_number (programme, number, card, compromised) VALUES ('coffee', ?1, ?2, 0)",
    "INSERT INTO card (programme, id, member, number, template, status, status_reason,"
    " blocked_until, link_token, serial, google_suffix, key_id, revision, changed_at, created_at)"
    " VALUES ('coffee', ?1, ?2, ?3, 'points', 'active', '', NULL, ?4, ?5, ?6, 'k1', 1,"
    " 1800000000000000, 1800000000000000)",
    "INSERT INTO account (programme, id, sequence, head, next_due, far_lots, state)"
    " VALUES ('coffee', ?1, 1, ?2, 1900000000000000, 0, ?3)",
    "INSERT INTO entry (programme, account, sequence, body, hash)"
    " VALUES ('coffee', ?1, 1, ?2, ?3)",
};

// Letters and digits of no meaning, as tokens and hashes are.
class Letters {
 public:
  std::string Make(std::size_t count) {
    constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string text(count, '0');
    for (char& letter : text) letter = kAlphabet[engine_() % kAlphabet.size()];
    return text;
  }
  std::string Digits(std::size_t count) {
    std::string text(count, '0');
    for (char& digit : text) digit = static_cast<char>('0' + engine_() % 10);
    return text;
  }

 private:
  std::mt19937_64 engine_;
};

class Importer {
 public:
  explicit Importer(const std::string& file) : database_(Open(file)) {
    for (const char* sql : kSql) {
      sqlite3_stmt* statement = nullptr;
      Must(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr),
           database_);
      statements_.push_back(statement);
    }
  }
  Importer(const Importer&) = delete;
  Importer& operator=(const Importer&) = delete;
  ~Importer() {
    for (sqlite3_stmt* statement : statements_) (void)sqlite3_finalize(statement);
    (void)sqlite3_close(database_);
  }

  void Do(const char* sql) {
    Must(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), database_);
  }

  void Add(int n) {
    const std::string serial = std::to_string(1'000'000'000 + n);
    const std::string id = "01a1fcec31607b8a9c1d2e" + serial;
    const std::string member = "m_" + id;
    const std::string account = "a_" + id;
    const std::string card = "02" + id;
    const std::string number = "9" + letters_.Digits(15);
    Step(kKnown, {"id-" + std::to_string(n), "k1:" + letters_.Make(64), member});
    Step(kMember, {member, account, "Member " + std::to_string(n)});
    Step(kIdentity, {PhoneOf(n), member});
    Step(kNumber, {number, card});
    Step(kCard, {card, member, number, letters_.Make(22), letters_.Make(22), letters_.Make(22)});
    Step(kAccount, {account, letters_.Make(kHashBytes), letters_.Make(kStateBytes)});
    Step(kEntry, {account, letters_.Make(kBodyBytes), letters_.Make(kHashBytes)});
  }

 private:
  void Step(std::size_t which, const std::vector<std::string>& values) {
    sqlite3_stmt* statement = statements_[which];
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int index = static_cast<int>(i) + 1;
      const int size = static_cast<int>(values[i].size());
      // Hashes, bodies and states are bytes: STRICT tables want them so.
      const bool bytes = (which >= kAccount && i > 0) || (which == kKnown && i == 2);
      Must(bytes ? sqlite3_bind_blob(statement, index, values[i].data(), size, SQLITE_STATIC)
                 : sqlite3_bind_text(statement, index, values[i].data(), size, SQLITE_STATIC),
           database_);
    }
    Must(sqlite3_step(statement), database_);
    (void)sqlite3_reset(statement);
  }

  sqlite3* database_;
  std::vector<sqlite3_stmt*> statements_;
  Letters letters_;
};

}  // namespace

double RawImportRate(const std::string& file, int members, int batch) {
  Importer importer(file);
  std::atomic<bool> busy{true};
  std::thread checkpointer([&] {  // Beside the writer, as the product does.
    sqlite3* database = Open(file);
    while (busy) {
      (void)sqlite3_wal_checkpoint_v2(database, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                      nullptr);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    (void)sqlite3_close(database);
  });
  const auto begun = std::chrono::steady_clock::now();
  for (int first = 0; first < members; first += batch) {
    importer.Do("BEGIN IMMEDIATE");
    for (int n = first; n < first + batch && n < members; ++n) importer.Add(n);
    importer.Do("COMMIT");
  }
  const double seconds = MillisecondsSince(begun) / 1000;
  busy = false;
  checkpointer.join();
  return members / seconds;
}

}  // namespace passmint::bench
