/* To be preloaded into a service: its clock is ahead of the machine's by as many seconds as the file says
 * that OTHER_CLOCK names, and moves on when the file does. Built by tests/functional/api/sliding.test.mjs. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long Ahead(void) {
  char text[32] = {0};
  const char *path = getenv("OTHER_CLOCK");
  const int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  if (read(file, text, sizeof(text) - 1) < 0) text[0] = 0;
  close(file);
  return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (real == NULL) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const int failed = real(clock, now);
  if (!failed && clock == CLOCK_REALTIME) now->tv_sec += Ahead();
  return failed;
}
