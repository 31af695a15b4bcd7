#include "support/failing_vfs.h"

#include <sqlite3.h>

#include <cassert>

namespace passmint::testing {
namespace {

FailingVfs* g_vfs = nullptr;  // SQLite's callbacks have no room for more than a name.
sqlite3_vfs* g_real = nullptr;

// What SQLite allocates for a file; the real VFS's file stands behind it.
struct File {
  sqlite3_file base;
  bool is_wal;
  bool is_database;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* Of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
const sqlite3_io_methods* Real(sqlite3_file* file) { return Of(file)->real()->pMethods; }

int Close(sqlite3_file* f) { return Real(f)->xClose(Of(f)->real()); }
// The fault of this call, which is counted if it is of the kind that fails.
FailingVfs::Fault NextFault(bool is_read = false) {
  if (is_read != (g_vfs->fault.load() == FailingVfs::Fault::kRead)) return FailingVfs::Fault::kNone;
  const std::int64_t call = ++g_vfs->calls;
  const std::int64_t first = g_vfs->fail_at.load();
  const bool hit = first > 0 && (g_vfs->fail_on.load() ? call >= first : call == first);
  return hit ? g_vfs->fault.load() : FailingVfs::Fault::kNone;
}

int Read(sqlite3_file* f, void* to, int count, sqlite3_int64 offset) {
  if (NextFault(true) != FailingVfs::Fault::kNone) return SQLITE_IOERR_READ;
  return Real(f)->xRead(Of(f)->real(), to, count, offset);
}

int FailWrite(FailingVfs::Fault fault, sqlite3_file* f, const void* from, int count,
              sqlite3_int64 offset) {
  if (fault == FailingVfs::Fault::kIo) return SQLITE_IOERR_WRITE;
  if (fault == FailingVfs::Fault::kShort) {
    (void)Real(f)->xWrite(Of(f)->real(), from, count / 2, offset);
  }
  return SQLITE_FULL;
}

int Write(sqlite3_file* f, const void* from, int count, sqlite3_int64 offset) {
  if (const auto fault = NextFault(); fault != FailingVfs::Fault::kNone) {
    return FailWrite(fault, f, from, count, offset);
  }
  sqlite3_int64 size = 0;
  (void)Real(f)->xFileSize(Of(f)->real(), &size);
  const sqlite3_int64 growth = offset + count - size;
  if (growth > 0 && g_vfs->room.load() >= 0 && g_vfs->room.fetch_sub(growth) < growth) {
    g_vfs->room.fetch_add(growth);
    return SQLITE_FULL;
  }
  return Real(f)->xWrite(Of(f)->real(), from, count, offset);
}

int Truncate(sqlite3_file* f, sqlite3_int64 size) {
  if (NextFault() != FailingVfs::Fault::kNone) return SQLITE_IOERR_TRUNCATE;
  return Real(f)->xTruncate(Of(f)->real(), size);
}

bool TakeOne(std::atomic<int>& left) {
  int seen = left.load();
  while (seen > 0 && !left.compare_exchange_weak(seen, seen - 1)) {
  }
  return seen > 0;
}

int Sync(sqlite3_file* f, int flags) {
  if (NextFault() != FailingVfs::Fault::kNone) return SQLITE_IOERR_FSYNC;
  if (Of(f)->is_wal && TakeOne(g_vfs->failing_wal_syncs)) return SQLITE_IOERR_FSYNC;
  if (Of(f)->is_database && TakeOne(g_vfs->failing_database_syncs)) return SQLITE_IOERR_FSYNC;
  if (Of(f)->is_wal) ++g_vfs->wal_syncs;
  if (Of(f)->is_database) ++g_vfs->database_syncs;
  return g_vfs->syncs_nothing.load() ? SQLITE_OK : Real(f)->xSync(Of(f)->real(), flags);
}

int FileSize(sqlite3_file* f, sqlite3_int64* size) {
  return Real(f)->xFileSize(Of(f)->real(), size);
}
int Lock(sqlite3_file* f, int level) { return Real(f)->xLock(Of(f)->real(), level); }
int Unlock(sqlite3_file* f, int level) { return Real(f)->xUnlock(Of(f)->real(), level); }
int CheckReservedLock(sqlite3_file* f, int* out) {
  return Real(f)->xCheckReservedLock(Of(f)->real(), out);
}
int FileControl(sqlite3_file* f, int op, void* argument) {
  return Real(f)->xFileControl(Of(f)->real(), op, argument);
}
int SectorSize(sqlite3_file* f) { return Real(f)->xSectorSize(Of(f)->real()); }
int DeviceCharacteristics(sqlite3_file* f) {
  return Real(f)->xDeviceCharacteristics(Of(f)->real());
}
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return Real(f)->xShmMap(Of(f)->real(), page, size, extend, out);
}
int ShmLock(sqlite3_file* f, int offset, int count, int flags) {
  return Real(f)->xShmLock(Of(f)->real(), offset, count, flags);
}
void ShmBarrier(sqlite3_file* f) { Real(f)->xShmBarrier(Of(f)->real()); }
int ShmUnmap(sqlite3_file* f, int remove) { return Real(f)->xShmUnmap(Of(f)->real(), remove); }

// Version 2: shared memory for the WAL, no mapped reads.
const sqlite3_io_methods kMethods = {2,
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
                                     ShmMap,
                                     ShmLock,
                                     ShmBarrier,
                                     ShmUnmap,
                                     nullptr,
                                     nullptr};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out_flags) {
  File* file = Of(f);
  file->base.pMethods = nullptr;
  file->is_wal = (flags & SQLITE_OPEN_WAL) != 0;
  file->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  if (NextFault() != FailingVfs::Fault::kNone) return SQLITE_CANTOPEN;
  const int code = g_real->xOpen(g_real, name, file->real(), flags, out_flags);
  if (file->real()->pMethods != nullptr) file->base.pMethods = &kMethods;
  return code;
}

}  // namespace

FailingVfs::FailingVfs() {
  assert(g_vfs == nullptr);
  g_vfs = this;
  g_real = sqlite3_vfs_find(nullptr);
  registered_ = new sqlite3_vfs(*g_real);
  registered_->pNext = nullptr;
  registered_->zName = "failing";
  registered_->szOsFile = static_cast<int>(sizeof(File)) + g_real->szOsFile;
  registered_->xOpen = Open;
  (void)sqlite3_vfs_register(registered_, 0);
}

FailingVfs::~FailingVfs() {
  (void)sqlite3_vfs_unregister(registered_);
  delete registered_;
  g_vfs = nullptr;
}

}  // namespace passmint::testing
