# The daily verbs. `make` alone lists them.
.PHONY: help build run test test-long test-asan test-tsan fuzz bench format tidy clean

PRESET ?= release
FUZZ_SECONDS ?= 60

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

build: ## build the PRESET (release)
	@scripts/setup build
	@scripts/build $(PRESET)

run: ## run exercises/first-light.yaml, or EXERCISE=file
	@scripts/run $(EXERCISE)

test: ## the whole suite of the release build
	@scripts/test

test-long: ## what takes too long for every day: a cluster that loses its servers, a hundred rounds of kills
	@scripts/setup build test && scripts/build release && ctest --preset long

test-asan: ## the whole suite under address and undefined behaviour sanitizers
	@scripts/setup build test clang && scripts/build asan && ctest --preset asan

test-tsan: ## what has threads, under the thread sanitizer
	@scripts/setup build test clang && scripts/build tsan entente_threads_tests && ctest --preset tsan

fuzz: ## every fuzz target for FUZZ_SECONDS (60) each
	@scripts/setup build clang && scripts/build fuzz && scripts/fuzz $(FUZZ_SECONDS)

bench: ## every benchmark; rows in build/bench.json
	@scripts/setup build test && scripts/build release && scripts/bench

format: ## clang-format in place
	@scripts/setup clang && git ls-files '*.h' '*.cc' | xargs clang-format-19 -i

tidy: ## clang-tidy over everything but the tests
	@scripts/setup build clang && scripts/tidy

clean: ## remove what was built
	@rm -rf build
