#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace passmint::bench {

// Bare SQLite, tuned as the product's driver is (WAL, FULL, checkpoints beside the writer), that
// writes the rows of an accrual without deciding anything: the limit of what the disk and the
// library give. One thread commits what the waiting clients have queued.
class RawSqlite {
 public:
  // REQUIRES: `file` is a store of the product with its tables; rows are added to it.
  RawSqlite(const std::string& file, int members);
  ~RawSqlite();

  // Whether what queues while a batch runs shares its commit, as with the product's writer; else a
  // batch is what queued during the last commit.
  void LetJoin(bool joins) { joins_ = joins; }

  // The same rows as Shop::Accrue. Returns after the commit.
  void Accrue(int member, const std::string& order);
  // Reads the same rows as Shop::Look. REQUIRES: somebody has this phone.
  void Look(const std::string& phone);

 private:
  struct Job {
    int member;
    const std::string* order;
    bool done = false;
  };
  void Run();
  void Write(const Job& job);
  void Checkpoints(const std::string& file);

  sqlite3* database_ = nullptr;
  std::vector<sqlite3_stmt*> statements_;
  std::vector<std::string> accounts_;
  std::vector<std::string> cards_;
  std::vector<int> sequences_;
  std::mutex mutex_;
  std::condition_variable wake_, answered_;
  std::deque<Job*> queue_;
  std::atomic<bool> joins_{false};
  bool stopping_ = false;
  std::thread writer_;
  std::thread checkpointer_;
};

}  // namespace passmint::bench
