# SPDX-License-Identifier: Apache-2.0
# Front end of the build; the work is done by CMake and Ninja in build/.

BUILD ?= build
JOBS ?= $(shell nproc)
CTEST_ARGS ?=
export CLICOLOR_FORCE ?= 0

CONFIGURED := $(BUILD)/build.ninja

.DEFAULT_GOAL := all
.PHONY: all demo test test-xrt lint format format-check tidy lint-rtl bench deps configure clean help

all: configure ## build everything users need
	@cmake --build $(BUILD) -j$(JOBS)

demo: configure ## build what it needs, run the main job on the simulated card, verify every answer
	@cmake --build $(BUILD) -j$(JOBS) --target sapulse card_1024 sapulse-verify
	@bash tests/demo/run.sh $(BUILD)

test: all ## build, then run all tests
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) $(CTEST_ARGS)

test-xrt: configure ## the tests of the XRT backend, on simulated cards behind XRT's emulation
	@cmake --build $(BUILD) -j$(JOBS) --target xrt_tests
	@cd $(BUILD) && ctest --output-on-failure -L xrt $(CTEST_ARGS)

lint: configure ## formatting, clang-tidy, Verilator lint, Yosys elaboration, generated documents
	@bash scripts/lint.sh $(BUILD)

format: ## rewrite C++ sources with clang-format
	@git ls-files '*.cpp' '*.h' | xargs clang-format-19 -i

deps: ## install missing Debian packages
	@scripts/deps.sh

configure: deps $(CONFIGURED)

$(CONFIGURED):
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=clang++-19 \
	  -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld

clean: ## remove the build folder
	rm -rf $(BUILD)

help: ## this list
	@echo "usage: make [target]   (default: all)"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "variables: BUILD=folder JOBS=n CTEST_ARGS='-R name'"
