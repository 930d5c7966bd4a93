# SPDX-License-Identifier: Apache-2.0
# Front end of the build; the work is done by CMake and Ninja in build/.

CARD_SHELL ?= vfio
CARD ?= u50

BUILD ?= build
HOST_BUILD ?= build-host
XRT ?= 1
JOBS ?= $(shell nproc)
CTEST_ARGS ?=
MUTATE_ARGS ?=
CHECK_ARGS ?=
FUZZ_SECONDS ?= 600
FUZZ_ARGS ?=
LOAD_HOURS ?= 24
LOAD_SECONDS ?= 600
PREFIX ?= /usr/local
export CLICOLOR_FORCE ?= 0

CONFIGURED := $(BUILD)/build.ninja
# The Python with PyYAML that the configuration has found.
YAML_PYTHON = $(shell sed -n 's/^SAPULSE_PYTHON:[A-Z]*=//p' $(BUILD)/CMakeCache.txt)

.DEFAULT_GOAL := all
.PHONY: all host demo prove fuzz load mutate verify bench-live bench-software-card test test-attacks test-liveness test-deb \
  coverage coverage-rtl test-cocotb test-sanitize test-vfio test-xrt test-systemc vm install install-hlsc deb \
  lint lint-constraints format bench bench-check synth deps deps-host configure bitstream flash hls-vitis \
  compare-headers clean help

all: configure ## build everything users need
	@cmake --build $(BUILD) -j$(JOBS)

host: deps-host ## build what a gateway needs, with g++ or clang, in HOST_BUILD: library, drivers, service, command; XRT=0: no XRT
	@cmake -S . -B $(HOST_BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DSAPULSE_COMPONENTS=host -DBUILD_TESTING=OFF \
	  -DSAPULSE_XRT=$(if $(filter 0,$(XRT)),OFF,ON) $(HOST_CMAKE_ARGS)
	@cmake --build $(HOST_BUILD) -j$(JOBS)

demo: configure ## build what it needs, run the main job on the simulated card, verify every answer, two cards, a cable that is cut
	@cmake --build $(BUILD) -j$(JOBS) --target sapulse card_1024_view sapulse-verify
	@bash tests/demo/run.sh $(BUILD)

# With CTEST_ARGS only some tests run, which show nothing of the plan.
test: all ## build, then run all tests, those of the host under sanitizers, too; what they show: BUILD/verification.md
	@(cd $(BUILD) && ctest --output-on-failure --output-junit tests.xml --test-output-size-passed 16384 -j$(JOBS) $(CTEST_ARGS)); \
	  status=$$?; \
	  $(if $(CTEST_ARGS),:,$(YAML_PYTHON) -B scripts/test_plan.py $(BUILD) --results $(BUILD)/tests.xml) || status=1; exit $$status
	@$(if $(CTEST_ARGS),:,bash scripts/sanitize.sh $(BUILD) $(JOBS))

test-sanitize: deps ## host, drivers, service and command under ASan and UBSan, what has threads under TSan
	@bash scripts/sanitize.sh $(BUILD) $(JOBS)

coverage: deps ## lines and branches of the C++ that tests run: docs/coverage.md, pages in BUILD/coverage
	@bash scripts/coverage.sh $(BUILD) $(JOBS)

coverage-rtl: deps ## lines, branches and toggles of the RTL in simulation: docs/rtl-coverage.md, lines in BUILD/coverage_rtl
	@bash scripts/rtl_coverage.sh $(BUILD) $(JOBS)

test-xrt: configure ## the tests of the XRT backend, on simulated cards behind XRT's emulation
	@cmake --build $(BUILD) -j$(JOBS) --target xrt_tests
	@cd $(BUILD) && ctest --output-on-failure -L xrt $(CTEST_ARGS)

test-cocotb: configure ## the ports of the core under bus models of other people: cocotb and cocotbext-axi, from PyPI
	@bash tests/cocotb/run.sh $(BUILD) $(JOBS)

test-attacks: all ## only the tests of attacks, which docs/security.md lists, and the check of that page
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -R '[Aa]ttack' $(CTEST_ARGS)

test-liveness: all ## only the tests of liveness, from end to end
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -R '[Ll]iveness|Lab(Test)?\.' $(CTEST_ARGS)

prove: configure ## prove the assertions of the shell's modules by Yosys and ABC, without simulation
	@cmake --build $(BUILD) -j$(JOBS) --target sapulse_proof_inputs
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -L proof $(CTEST_ARGS)

fuzz: configure ## readers of what others send, whole card and hlsc, by random inputs, guided where possible: FUZZ_SECONDS=600 each
	@cmake --build $(BUILD) -j$(JOBS) --target hlsc
	@bash scripts/sanitize.sh $(BUILD) $(JOBS) fuzzers
	@$(YAML_PYTHON) -B tests/fuzz/fuzz.py long $(BUILD)/sanitize-address --seconds $(FUZZ_SECONDS) $(FUZZ_ARGS)
	@$(YAML_PYTHON) -B hls/compiler/tests/random/fuzz_hlsc.py $(BUILD)/bin/hlsc --seconds $(FUZZ_SECONDS) --keep $(BUILD)/fuzz_hlsc

load: configure ## a gateway with 65,000 SAs for LOAD_HOURS=24 of its time, two with software cards for LOAD_SECONDS=600 (as root)
	@cmake --build $(BUILD) -j$(JOBS) --target sapulse-gateway-day sapulse
	@$(BUILD)/bin/sapulse-gateway-day --hours $(LOAD_HOURS)
	@tests/net/in_namespace.sh python3 -B tests/load/gateway_minutes.py $(BUILD)/bin/sapulse --seconds $(LOAD_SECONDS)

verify: all ## kernels of hlsc, proofs, cocotb, 500 resets, load, fuzzing for FUZZ_SECONDS each, 300 single faults: half a day
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -L hlsc
	@$(MAKE) prove
	@cmake --build $(BUILD) --target sapulse_prove_long
	@$(MAKE) test-cocotb
	@cd $(BUILD) && SAPULSE_TEST_RESETS=500 SAPULSE_TEST_HOSTILE=500 bin/reset_test --gtest_brief=1
	@$(MAKE) load
	@$(MAKE) fuzz
	@$(MAKE) mutate MUTATE_ARGS="--count 300 $(MUTATE_ARGS)"

mutate: configure ## make single faults in a copy and list those that no test finds: MUTATE_ARGS
	@$(YAML_PYTHON) -B scripts/mutate.py $(BUILD) --jobs $(JOBS) $(MUTATE_ARGS)

test-live: configure ## two gateways with strongSwan and software cards in User-Mode Linux
	@cmake --build $(BUILD) -j$(JOBS) --target sapulse
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -L live $(CTEST_ARGS)

bench-live: configure ## seconds until faults are noticed and traffic flows again, with DPD alone and with sapulse: 10 minutes
	@cmake --build $(BUILD) -j$(JOBS) --target bench_live

test-vfio: configure ## run the tests in a Linux guest over /dev/vfio alone
	@cmake --build $(BUILD) -j$(JOBS) --target vfio_tests
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -L vfio $(CTEST_ARGS)

vm: configure ## boot a Linux guest that has the simulated card, with a shell
	@cmake --build $(BUILD) -j$(JOBS) --target vm_image card_1024_view
	@$(BUILD)/bin/sapulse-vm --kernel $(BUILD)/vm/vmlinuz --initrd $(BUILD)/vm/initramfs.cpio --interactive

bench: configure ## cycles, area, host, simulation and software beside them: writes docs/performance.md, BUILD/bench.json
	@cmake --build $(BUILD) -j$(JOBS) --target bench

synth: configure ## cells, memories and LUT levels of every block, by Yosys: BUILD/synth/synth.json; the first run takes minutes
	@cmake --build $(BUILD) -j$(JOBS) --target synth

bench-check: synth ## cycles, cells and levels against tests/bench/recorded.json; CHECK_ARGS=--record writes it
	@cmake --build $(BUILD) -j$(JOBS) --target sapulse_bench_cycles
	@python3 -B tests/bench/check.py --cycles $(BUILD)/bin/sapulse_bench_cycles --synth $(BUILD)/synth/synth.json $(CHECK_ARGS)

bench-software-card: configure ## pings a second of the card made of software, beside ipsec-mb: needs root
	@cmake --build $(BUILD) -j$(JOBS) --target bench_software_card

install: all ## install library, headers, command and simulated card: PREFIX=/usr/local DESTDIR=
	@cmake --install $(BUILD) --prefix $(PREFIX)
	@[ -n "$(DESTDIR)" ] || ldconfig || echo "install: for root to do: ldconfig, so that programs find the library"

install-hlsc: configure ## install the compiler of kernels alone, with its headers and run-time modules: PREFIX=/usr/local DESTDIR=
	@cmake --build $(BUILD) -j$(JOBS) --target hlsc
	@cmake --install $(BUILD) --prefix $(PREFIX) --component hlsc

deb: all ## Debian packages sapulse, libsapulse1, libsapulse-dev, python3-sapulse, sapulse-sim in BUILD/deb
	@bash host/package/deb.sh $(BUILD) . $(BUILD)/deb

test-deb: all ## install, start, upgrade and purge the packages in a fresh Debian 12; takes root and Debian's archive
	@bash host/package/package_test.sh $(BUILD) . $(BUILD)/debian_root

test-systemc: configure ## build and test the fast model, lockstep and the SystemC platform alone
	@cmake --build $(BUILD) -j$(JOBS) --target systemc_tests
	@cd $(BUILD) && ctest --output-on-failure -j$(JOBS) -L systemc $(CTEST_ARGS)

lint: configure ## formatting, clang-tidy, Verilator lint, Yosys elaboration, constraints, generated documents
	@bash scripts/lint.sh $(BUILD)

lint-constraints: configure ## scripts, pins, clocks, crossings and IP of all cards, without the vendor's tools
	@cmake --build $(BUILD) -j$(JOBS) --target lint_constraints

bitstream: ## build for CARD (u50, u55c, u250) and CARD_SHELL (vfio, xrt) with Vivado, Vitis
	@bash scripts/card.sh $@ $(BUILD) $(CARD) $(CARD_SHELL)

flash: ## write what bitstream has made into the flash of CARD
	@bash scripts/card.sh $@ $(BUILD) $(CARD) $(CARD_SHELL)

hls-vitis: ## kernels through Vitis HLS, for the chip of CARD
	@bash scripts/card.sh $@ $(BUILD) $(CARD) $(CARD_SHELL)

compare-headers: ## hls/include/ap_int.h against the vendor's open header in the folder VENDOR_HEADERS, on random statements
	@python3 -B hls/tests/compare/compare_headers.py "$(VENDOR_HEADERS)" $(COMPARE_ARGS)

format: ## rewrite C++ sources with clang-format
	@git ls-files '*.cpp' '*.h' | xargs clang-format-19 -i

deps: ## install missing Debian packages, and Python packages into the build folder
	@scripts/deps.sh
	@scripts/venv.sh $(BUILD)/venv

deps-host: ## install those that make host takes; XRT=0 without XRT
	@scripts/deps.sh host $(if $(filter 0,$(XRT)),,xrt)

configure: deps $(CONFIGURED)

$(CONFIGURED):
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=clang++-19 \
	  -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld

clean: ## remove the build folders
	rm -rf $(BUILD) $(HOST_BUILD)

help: ## this list
	@echo "usage: make [target]   (default: all)"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "variables: BUILD=folder HOST_BUILD=folder XRT=0|1 JOBS=n CTEST_ARGS='-R name' MUTATE_ARGS='--count n' FUZZ_SECONDS=n" \
	  "LOAD_HOURS=n LOAD_SECONDS=n" \
	  "FUZZ_ARGS='--keep'; for cards: CARD=name CARD_SHELL=vfio|xrt SA_CAPACITY=n CLOCK_KHZ=n"
