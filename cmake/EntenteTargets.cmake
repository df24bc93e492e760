# The verbs that the folders' CMakeLists.txt speak. A header is included by its path from the root: "base/bytes.h".
set(ENTENTE_TEST_TIMEOUT 120)
set(ENTENTE_SHARED_DATA ${CMAKE_SOURCE_DIR}/../shared/data CACHE PATH "Real samples for tests; tests that need them skip when absent")

# entente_library(base_bytes SOURCES a.cc b.cc DEPS base) makes target entente_base_bytes, alias entente::base_bytes.
function(entente_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(entente_${name} STATIC ${arg_SOURCES})
  add_library(entente::${name} ALIAS entente_${name})
  target_include_directories(entente_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(entente_${name} PUBLIC ${arg_DEPS} PRIVATE entente_flags ${arg_PRIVATE_DEPS})
endfunction()

# Everything that the thread sanitizer has something to say about: what carries the label "threads".
add_custom_target(entente_threads_tests)

# entente_test(cot_codec_test SOURCES codec_test.cc DEPS entente::adapter_cot [LABELS threads peers] [TIMEOUT 60]
#              [RUN_SERIAL]) — every TEST in it becomes a ctest test.
function(entente_test name)
  cmake_parse_arguments(arg "RUN_SERIAL;OWN_MAIN" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT ${ENTENTE_TEST_TIMEOUT})
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE entente_flags ${arg_DEPS} GTest::gmock)
  if(NOT arg_OWN_MAIN)
    target_link_libraries(${name} PRIVATE GTest::gtest_main)
  endif()
  target_compile_definitions(${name} PRIVATE ENTENTE_SHARED_DATA="${ENTENTE_SHARED_DATA}"
                                             ENTENTE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                             ENTENTE_NODE="$<$<BOOL:${ENTENTE_NODE}>:${ENTENTE_NODE}>"
                                             ENTENTE_TSHARK="$<$<BOOL:${ENTENTE_TSHARK}>:${ENTENTE_TSHARK}>"
                                             ENTENTE_XMLLINT="$<$<BOOL:${ENTENTE_XMLLINT}>:${ENTENTE_XMLLINT}>"
                                             ENTENTE_SQLITE3="$<$<BOOL:${ENTENTE_SQLITE3}>:${ENTENTE_SQLITE3}>"
                                             ENTENTE_NATS_SERVER="$<$<BOOL:${ENTENTE_NATS_SERVER}>:${ENTENTE_NATS_SERVER}>"
                                             ENTENTE_GPSDECODE="$<$<BOOL:${ENTENTE_GPSDECODE}>:${ENTENTE_GPSDECODE}>"
                                             ENTENTE_PEERS_DIR="${ENTENTE_PEERS_DIR}")
  set(properties TIMEOUT ${arg_TIMEOUT})
  if("threads" IN_LIST arg_LABELS)
    add_dependencies(entente_threads_tests ${name})
  endif()
  if(arg_RUN_SERIAL)
    list(APPEND properties RUN_SERIAL ON)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX "${name}." PROPERTIES ${properties})
  if(arg_LABELS)
    # gtest_discover_tests flattens a property that is a list to its first element: labels are set once it has listed the tests.
    set(labels ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
    file(CONFIGURE OUTPUT ${labels} @ONLY
         CONTENT "if(@name@_TESTS)\n  set_tests_properties(\${@name@_TESTS} PROPERTIES LABELS \"@arg_LABELS@\")\nendif()\n")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels})
  endif()
endfunction()

# entente_bench(cot_bench SOURCES codec_bench.cc DEPS ...) — Google Benchmark; runs once, tiny, among the tests.
function(entente_bench name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE entente_flags ${arg_DEPS} benchmark::benchmark benchmark::benchmark_main)
  target_compile_definitions(${name} PRIVATE ENTENTE_SHARED_DATA="${ENTENTE_SHARED_DATA}"
                                             ENTENTE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name}.runs_tiny COMMAND ${name} --benchmark_min_time=0.001)
  set_tests_properties(${name}.runs_tiny PROPERTIES TIMEOUT ${ENTENTE_TEST_TIMEOUT} LABELS bench)
  set_property(GLOBAL APPEND_STRING PROPERTY ENTENTE_BENCHES "$<TARGET_FILE:${name}>\n")
endfunction()

# entente_fuzz(cot_fuzz SOURCES codec_fuzz.cc CORPUS corpus DEPS ...) — a libFuzzer target in the fuzz preset; in every other
# build the same LLVMFuzzerTestOneInput with a plain main that replays its corpus, as a test. Target fuzzers builds all of them.
function(entente_fuzz name)
  cmake_parse_arguments(arg "" "CORPUS" "SOURCES;DEPS" ${ARGN})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE entente_flags ${arg_DEPS})
  if(ENTENTE_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/adapters/api/fuzz_main.cc)
    add_test(NAME ${name}.replays_corpus COMMAND ${name} ${corpus})
    set_tests_properties(${name}.replays_corpus PROPERTIES TIMEOUT ${ENTENTE_TEST_TIMEOUT})
  endif()
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name})
  set_property(GLOBAL APPEND_STRING PROPERTY ENTENTE_FUZZERS "${name}\t$<TARGET_FILE:${name}>\t${corpus}\n")
endfunction()

# entente_adapter(cot SOURCES ... DEPS ...) — one folder, one protocol. The library is entente::adapter_cot; the folder must
# define `const AdapterInfo& entente::cot::Info()` and is found by adapters/CMakeLists.txt.
function(entente_adapter name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  entente_library(adapter_${name} SOURCES ${arg_SOURCES} DEPS entente::adapter_api ${arg_DEPS})
endfunction()

# Lists for scripts/fuzz (name, program and corpus, with tabs between) and scripts/bench; called once, after every folder.
function(entente_write_lists)
  get_property(fuzzers GLOBAL PROPERTY ENTENTE_FUZZERS)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/fuzzers.txt CONTENT "${fuzzers}")
  get_property(benches GLOBAL PROPERTY ENTENTE_BENCHES)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/benches.txt CONTENT "${benches}")
endfunction()
