# Every third-party library, all Debian 12 packages (scripts/setup installs them).
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(PNG REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)

# find_package(libzip) fails on Debian: its targets file names tools of another package.
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(cairo REQUIRED IMPORTED_TARGET cairo)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
# Through pkg-config, so that our macros match those the library was built with (else its classes have
# another layout than ours).
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)

# malloc for the programs that carry load: threads that allocate at once do not wait for each other. A
# sanitizer brings its own.
add_library(passmint_allocator INTERFACE)
if(NOT PASSMINT_SANITIZE AND NOT PASSMINT_FUZZ)
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
  target_link_libraries(passmint_allocator INTERFACE PkgConfig::jemalloc)
endif()

# libphonenumber 8.12 ships no pkg-config file and no CMake package on Debian 12.
find_path(PHONENUMBER_INCLUDE_DIR phonenumbers/phonenumberutil.h REQUIRED)
find_library(PHONENUMBER_LIBRARY phonenumber REQUIRED)
add_library(passmint_phonenumber INTERFACE)
target_include_directories(passmint_phonenumber SYSTEM INTERFACE ${PHONENUMBER_INCLUDE_DIR})
target_link_libraries(passmint_phonenumber INTERFACE ${PHONENUMBER_LIBRARY})

# Header-only: kainjow-mustache, stb_image_resize.
find_path(MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp REQUIRED)
find_path(STB_INCLUDE_DIR stb/stb_image_resize.h REQUIRED)

if(PASSMINT_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED CONFIG)
endif()
if(PASSMINT_BENCH)
  find_package(benchmark REQUIRED)
endif()
