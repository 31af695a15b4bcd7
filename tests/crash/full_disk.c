/* To be preloaded into a service: while the file exists that FULL_DISK names, SQLite's writes fail as
 * on a disk without room. Built by tests/functional/crash/full_disk.test.mjs. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t pwrite64(int file, const void *from, size_t count, off64_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  const char *full = getenv("FULL_DISK");
  if (full != NULL && access(full, F_OK) == 0) {
    errno = ENOSPC;
    return -1;
  }
  if (real == NULL) real = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  return real(file, from, count, offset);
}
