# Two interface targets carry every flag: passmint_warnings for our own sources, passmint_options for
# whoever links us.
add_library(passmint_warnings INTERFACE)
target_compile_options(passmint_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>)

add_library(passmint_options INTERFACE)
find_package(Threads REQUIRED)
target_link_libraries(passmint_options INTERFACE Threads::Threads)
if(PASSMINT_SANITIZE)
  target_compile_options(passmint_options INTERFACE
    -fsanitize=${PASSMINT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(passmint_options INTERFACE -fsanitize=${PASSMINT_SANITIZE})
endif()

if(PASSMINT_FUZZ)
  target_compile_options(passmint_options INTERFACE
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(passmint_options INTERFACE -fsanitize=address,undefined)
endif()

# ccache and lld only change how long a build takes.
find_program(PASSMINT_CCACHE ccache)
if(PASSMINT_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PASSMINT_CCACHE})
endif()
find_program(PASSMINT_LLD ld.lld)
if(PASSMINT_LLD)
  add_link_options(-fuse-ld=lld)
endif()
