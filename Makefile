# SPDX-License-Identifier: Apache-2.0
# Front end of the build; the work is done by CMake and Ninja in build/.

# SHELL=vfio or SHELL=xrt on the command line means the shell around the core on a card. To make, SHELL is the program that runs
# recipes, here and in every make below: it gets its own value back.
ifeq ($(origin SHELL),command line)
ifneq ($(filter vfio xrt,$(SHELL)),)
CARD_SHELL := $(SHELL)
override SHELL := /bin/sh
unexport SHELL
MAKEOVERRIDES := $(filter-out SHELL=%,$(MAKEOVERRIDES))
else ifeq ($(filter /%,$(SHELL)),)
$(error SHELL=$(SHELL): the shells of a card are vfio and xrt)
endif
endif
CARD_SHELL ?= vfio
CARD ?= u50

BUILD ?= build
JOBS ?= $(shell nproc)
CTEST_ARGS ?=
PREFIX ?= /usr/local
export CLICOLOR_FORCE ?= 0

CONFIGURED := $(BUILD)/build.ninja

.DEFAULT_GOAL := all
.PHONY: all demo test test-liveness test-vfio test-xrt test-systemc vm install lint lint-constraints format format-check tidy lint-rtl bench deps configure bitstream flash hls-vitis clean help

all: configure ## build everything users need
	@cmake --build $(BUILD) -j$(JOBS)

demo: configure ## build what it needs, run the main job on the simulated card, verify every answer, then two cards that watch each other
	@cmake --build $(BUILD) -j$(JOBS) --target sapulse card_1024 sapulse-verify
	@bash tests/demo/run.sh $(BUILD)

test: all ## build, then run all tests
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) $(CTEST_ARGS)

test-xrt: configure ## the tests of the XRT backend, on simulated cards behind XRT's emulation
	@cmake --build $(BUILD) -j$(JOBS) --target xrt_tests
	@cd $(BUILD) && ctest --output-on-failure -L xrt $(CTEST_ARGS)

test-liveness: all ## only the tests of liveness, from end to end
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -R '[Ll]iveness|Lab(Test)?\.' $(CTEST_ARGS)

test-vfio: configure ## run the tests in a Linux guest over /dev/vfio alone
	@cmake --build $(BUILD) -j$(JOBS) --target vfio_tests
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -L vfio $(CTEST_ARGS)

vm: configure ## boot a Linux guest that has the simulated card, with a shell
	@cmake --build $(BUILD) -j$(JOBS) --target vm_image card_1024
	@$(BUILD)/bin/sapulse-vm --kernel $(BUILD)/vm/vmlinuz --initrd $(BUILD)/vm/initramfs.cpio --interactive

bench: configure ## how fast registers, SAs, pings and exceptions are, in process and in the guest, beside software: table and BUILD/bench.json
	@cmake --build $(BUILD) -j$(JOBS) --target bench

install: all ## install library, headers, command and simulated card: PREFIX=/usr/local DESTDIR=
	@cmake --install $(BUILD) --prefix $(PREFIX)

test-systemc: configure ## build and test the fast model, lockstep and the SystemC platform alone
	@cmake --build $(BUILD) -j$(JOBS) --target systemc_tests
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -L systemc $(CTEST_ARGS)

lint: configure ## formatting, clang-tidy, Verilator lint, Yosys elaboration, constraints, generated documents
	@bash scripts/lint.sh $(BUILD)

lint-constraints: configure ## scripts, pins, clocks, crossings and IP of all cards, without the vendor's tools
	@cmake --build $(BUILD) -j$(JOBS) --target lint_constraints

bitstream: ## build for CARD (u50, u55c, u250) and SHELL (vfio, xrt) with Vivado, Vitis
	@bash scripts/card.sh $@ $(BUILD) $(CARD) $(CARD_SHELL)

flash: ## write what bitstream has made into the flash of CARD
	@bash scripts/card.sh $@ $(BUILD) $(CARD) $(CARD_SHELL)

hls-vitis: ## kernels through Vitis HLS, for the chip of CARD
	@bash scripts/card.sh $@ $(BUILD) $(CARD) $(CARD_SHELL)

format: ## rewrite C++ sources with clang-format
	@git ls-files '*.cpp' '*.h' | xargs clang-format-19 -i

deps: ## install missing Debian packages, and Python packages into the build folder
	@scripts/deps.sh
	@scripts/venv.sh $(BUILD)/venv

configure: deps $(CONFIGURED)

$(CONFIGURED):
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=clang++-19 \
	  -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld

clean: ## remove the build folder
	rm -rf $(BUILD)

help: ## this list
	@echo "usage: make [target]   (default: all)"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "variables: BUILD=folder JOBS=n CTEST_ARGS='-R name'; for cards: CARD=name SHELL=vfio|xrt (or CARD_SHELL=) SA_CAPACITY=n CLOCK_KHZ=n"
