# Every outside library, found once, under one name.
find_package(Threads REQUIRED)
find_package(Protobuf CONFIG QUIET)
if(NOT Protobuf_FOUND)
  find_package(Protobuf REQUIRED)
endif()
find_package(gRPC CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(pugixml CONFIG REQUIRED)
find_package(yaml-cpp CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_library(ENTENTE_GEOGRAPHICLIB NAMES GeographicLib Geographic REQUIRED)  # Debian's package has no CMake config
find_package(GTest CONFIG REQUIRED)
find_package(benchmark CONFIG REQUIRED)
include(GoogleTest)

add_library(entente_asio INTERFACE)
# Asio finds std::aligned_alloc only when a standard header came before it: said here, so that every file frees as the others allocate.
target_compile_definitions(entente_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED ASIO_HAS_STD_ALIGNED_ALLOC=1)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_definitions(entente_asio INTERFACE ASIO_HAS_CO_AWAIT=1 ASIO_HAS_STD_COROUTINE=1)
endif()
target_link_libraries(entente_asio INTERFACE Threads::Threads)
add_library(entente::asio ALIAS entente_asio)

add_library(entente_geographic INTERFACE)
target_link_libraries(entente_geographic INTERFACE ${ENTENTE_GEOGRAPHICLIB})
add_library(entente::geographic ALIAS entente_geographic)

add_library(entente_rapidcheck INTERFACE)
find_library(ENTENTE_RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
target_link_libraries(entente_rapidcheck INTERFACE ${ENTENTE_RAPIDCHECK_LIBRARY})
add_library(entente::rapidcheck ALIAS entente_rapidcheck)

# Debian's CMake package of the NATS client names files that it does not have; its pkg-config file is right.
find_package(PkgConfig REQUIRED)
pkg_check_modules(ENTENTE_NATS IMPORTED_TARGET libnats)
if(NOT ENTENTE_NATS_FOUND)
  message(FATAL_ERROR "The NATS client library (libnats, 3.4 or later) is not found by pkg-config. On Debian: apt-get install libnats-dev; "
                      "elsewhere, build it from nats-io/nats.c and put its libnats.pc on PKG_CONFIG_PATH.")
endif()
add_library(entente_nats INTERFACE)
target_link_libraries(entente_nats INTERFACE PkgConfig::ENTENTE_NATS)
add_library(entente::nats ALIAS entente_nats)
