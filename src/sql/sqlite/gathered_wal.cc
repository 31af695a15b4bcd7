#include "sql/sqlite/gathered_wal.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>

namespace passmint::sql::sqlite {
namespace {

// 31 pages of 4 KiB with their headers. The unix VFS writes less than 128 KiB at once: it masks the
// count with 0x1ffff (seekAndWriteFd in os_unix.c of 3.40).
constexpr int kRoom = 127 * 1024;

// What was written from `start` on and is not in the file yet.
struct Gathered {
  std::unique_ptr<char[]> bytes;
  sqlite3_int64 start = 0;
  int size = 0;
};

// What SQLite allocates for a WAL, uninitialised; the base's file stands behind it.
struct WalFile {
  sqlite3_file base;
  Gathered* gathered;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods* methods() { return real()->pMethods; }
};
static_assert(sizeof(WalFile) % alignof(std::max_align_t) == 0);

WalFile* Of(sqlite3_file* file) { return reinterpret_cast<WalFile*>(file); }

// What could not be written is forgotten: the transaction fails with it.
int Flush(WalFile& file) {
  Gathered& gathered = *file.gathered;
  if (gathered.size == 0) return SQLITE_OK;
  const int size = gathered.size;
  gathered.size = 0;
  return file.methods()->xWrite(file.real(), gathered.bytes.get(), size, gathered.start);
}

int Close(sqlite3_file* file) {
  WalFile& wal = *Of(file);
  const int flushed = Flush(wal);
  const int closed = wal.methods()->xClose(wal.real());
  delete wal.gathered;
  return flushed != SQLITE_OK ? flushed : closed;
}

int Read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
  WalFile& wal = *Of(file);
  if (const int code = Flush(wal); code != SQLITE_OK) return code;
  return wal.methods()->xRead(wal.real(), to, count, offset);
}

int Write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  WalFile& wal = *Of(file);
  Gathered& gathered = *wal.gathered;
  const bool follows = offset == gathered.start + gathered.size && gathered.size + count <= kRoom;
  if (gathered.size > 0 && !follows) {
    if (const int code = Flush(wal); code != SQLITE_OK) return code;
  }
  if (gathered.bytes == nullptr) gathered.bytes.reset(new (std::nothrow) char[kRoom]);
  if (gathered.bytes == nullptr || count > kRoom) {
    return wal.methods()->xWrite(wal.real(), from, count, offset);
  }
  if (gathered.size == 0) gathered.start = offset;
  std::memcpy(gathered.bytes.get() + gathered.size, from, static_cast<std::size_t>(count));
  gathered.size += count;
  return SQLITE_OK;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  WalFile& wal = *Of(file);
  if (const int code = Flush(wal); code != SQLITE_OK) return code;
  return wal.methods()->xTruncate(wal.real(), size);
}

int Sync(sqlite3_file* file, int flags) {
  WalFile& wal = *Of(file);
  if (const int code = Flush(wal); code != SQLITE_OK) return code;
  return wal.methods()->xSync(wal.real(), flags);
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  WalFile& wal = *Of(file);
  if (const int code = Flush(wal); code != SQLITE_OK) return code;
  return wal.methods()->xFileSize(wal.real(), size);
}

int Lock(sqlite3_file* file, int level) {
  return Of(file)->methods()->xLock(Of(file)->real(), level);
}
int Unlock(sqlite3_file* file, int level) {
  return Of(file)->methods()->xUnlock(Of(file)->real(), level);
}
int CheckReservedLock(sqlite3_file* file, int* out) {
  return Of(file)->methods()->xCheckReservedLock(Of(file)->real(), out);
}
int FileControl(sqlite3_file* file, int operation, void* argument) {
  return Of(file)->methods()->xFileControl(Of(file)->real(), operation, argument);
}
int SectorSize(sqlite3_file* file) { return Of(file)->methods()->xSectorSize(Of(file)->real()); }
int DeviceCharacteristics(sqlite3_file* file) {
  return Of(file)->methods()->xDeviceCharacteristics(Of(file)->real());
}

// Version 1: shared memory and mapping are the database file's.
const sqlite3_io_methods kWalMethods = {1,
                                        Close,
                                        Read,
                                        Write,
                                        Truncate,
                                        Sync,
                                        FileSize,
                                        Lock,
                                        Unlock,
                                        CheckReservedLock,
                                        FileControl,
                                        SectorSize,
                                        DeviceCharacteristics,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr};

// Registered for the rest of the process.
struct GatheringVfs {
  sqlite3_vfs vfs;  // First: SQLite's pointer to it is one to the whole.
  sqlite3_vfs* base;
  std::string name;
};

int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const base = reinterpret_cast<GatheringVfs*>(vfs)->base;
  if ((flags & SQLITE_OPEN_WAL) == 0) return base->xOpen(base, path, file, flags, out_flags);
  WalFile& wal = *Of(file);
  wal.base.pMethods = nullptr;
  wal.gathered = new (std::nothrow) Gathered;
  if (wal.gathered == nullptr) return SQLITE_NOMEM;
  const int code = base->xOpen(base, path, wal.real(), flags, out_flags);
  if (wal.real()->pMethods != nullptr) {
    wal.base.pMethods = &kWalMethods;
  } else {
    delete wal.gathered;
  }
  return code;
}

// All but files is the base's own; those of its functions that look at their sqlite3_vfs find a
// copy.
void Copy(sqlite3_vfs* base, GatheringVfs& to) {
  sqlite3_vfs* const next = to.vfs.pNext;
  to.vfs = *base;
  to.vfs.pNext = next;
  to.vfs.zName = to.name.c_str();
  to.vfs.szOsFile = static_cast<int>(sizeof(WalFile)) + base->szOsFile;
  to.vfs.xOpen = Open;
  to.base = base;
}

}  // namespace

std::string GatheredWalVfs(const std::string& base) {
  static std::mutex mutex;
  static auto& registered = *new std::map<std::string, GatheringVfs>;
  const std::lock_guard lock(mutex);
  sqlite3_vfs* const found = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
  if (found == nullptr) return base;
  const auto [entry, is_new] = registered.try_emplace(found->zName);
  GatheringVfs& vfs = entry->second;
  if (!is_new && vfs.base == found) return vfs.name;
  vfs.name = "gathered-wal-" + entry->first;
  Copy(found, vfs);
  if (!is_new) return vfs.name;
  if (sqlite3_vfs_register(&vfs.vfs, 0) == SQLITE_OK) return vfs.name;
  registered.erase(entry);
  return base;
}

}  // namespace passmint::sql::sqlite
