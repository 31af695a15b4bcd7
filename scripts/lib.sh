# Shared by the scripts of this folder: source it, don't run it.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# How many compilers at once. A heavy file takes about 1 GB with clang's sanitizers.
JOBS=${PASSMINT_JOBS:-$(nproc)}

# Debug information names the build folder, which must not make ccache take two builds for different.
export CCACHE_NOHASHDIR=1
# And a second clone may use what the first one compiled.
export CCACHE_BASEDIR=$PWD

say() { printf '%s\n' "$*" >&2; }

die() {
  printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# usage TEXT ARGUMENTS...: prints TEXT and ends if the arguments ask for help.
usage() {
  local text=$1 argument
  shift
  for argument in "$@"; do
    if [[ $argument == --help || $argument == -h ]]; then
      printf '%s\n' "$text"
      exit 0
    fi
  done
}

# wrong_usage TEXT...: says what is wrong with the command line and ends with 2.
wrong_usage() {
  printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2
  printf '%s: hint: see %s --help\n' "$(basename "$0")" "$0" >&2
  exit 2
}

# Our own C++ sources, one a line.
cxx_sources() {
  find src tests -name node_modules -prune -o -type f \( -name '*.cc' -o -name '*.h' \) -print | sort
}
