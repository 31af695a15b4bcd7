/* To be preloaded into a service: the machine's time zones come from the folder that OTHER_ZONES names,
 * as after an update of the package tzdata. Built by tests/functional/api/edges.test.mjs. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kZones[] = "/usr/share/zoneinfo";

FILE *fopen64(const char *path, const char *mode) {
  static FILE *(*real)(const char *, const char *);
  const char *folder = getenv("OTHER_ZONES");
  char other[4096];
  if (real == NULL) real = (FILE * (*)(const char *, const char *)) dlsym(RTLD_NEXT, "fopen64");
  if (folder != NULL && strncmp(path, kZones, sizeof(kZones) - 1) == 0) {
    snprintf(other, sizeof(other), "%s%s", folder, path + sizeof(kZones) - 1);
    path = other;
  }
  return real(path, mode);
}

FILE *fopen(const char *path, const char *mode) { return fopen64(path, mode); }
