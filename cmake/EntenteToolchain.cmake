# Language, warnings, sanitizers, ccache: what every target shares.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(ENTENTE_WARNINGS_ARE_ERRORS "Treat compiler warnings as errors" OFF)
option(ENTENTE_FUZZ "Build the fuzz targets with libFuzzer (Clang only)" OFF)
set(ENTENTE_SANITIZE "" CACHE STRING "Value for -fsanitize=, e.g. address,undefined or thread")

find_program(ENTENTE_CCACHE ccache)
if(ENTENTE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the source tree, so that two checkouts share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
                                  ${ENTENTE_CCACHE})
endif()

add_library(entente_flags INTERFACE)
target_include_directories(entente_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(entente_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false positives of these in libstdc++ and protobuf headers when it optimises.
  target_compile_options(entente_flags INTERFACE -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds -Wno-restrict
                                                 -Wno-dangling-pointer)
endif()
if(ENTENTE_WARNINGS_ARE_ERRORS)
  target_compile_options(entente_flags INTERFACE -Werror)
endif()

if(ENTENTE_SANITIZE)
  add_compile_options(-fsanitize=${ENTENTE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ENTENTE_SANITIZE})
endif()
if(ENTENTE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  # Reading an empty optional, or past a span's end within its vector, is no error to a sanitizer.
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
