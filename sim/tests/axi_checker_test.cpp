// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "checked_axi.h"
#include "checker_bench.h"

namespace sapulse::sim {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AxiChecker : public testing::Test {
 protected:
  AxiChecker() {
    pins.awsize = pins.arsize = 6;
    pins.awburst = pins.arburst = 1;
  }
  void write_address(std::uint64_t address, unsigned beats, unsigned id = 0) {
    pins.awvalid = pins.awready = 1;
    pins.awaddr = address;
    pins.awlen = beats - 1;
    pins.awid = id;
    bench.tick();
    pins.awvalid = 0;
  }
  void write_data(unsigned beats) {
    pins.wvalid = pins.wready = 1;
    for (unsigned i = 0; i < beats; ++i) {
      pins.wlast = i + 1 == beats;
      bench.tick();
    }
    pins.wvalid = 0;
  }
  void write_response(unsigned id = 0) {
    pins.bvalid = pins.bready = 1;
    pins.bid = id;
    bench.tick();
    pins.bvalid = 0;
  }
  void read_address(std::uint64_t address, unsigned beats, unsigned id = 0) {
    pins.arvalid = pins.arready = 1;
    pins.araddr = address;
    pins.arlen = beats - 1;
    pins.arid = id;
    bench.tick();
    pins.arvalid = 0;
  }
  void read_data(unsigned beats, unsigned id = 0) {
    pins.rvalid = pins.rready = 1;
    pins.rid = id;
    for (unsigned i = 0; i < beats; ++i) {
      pins.rlast = i + 1 == beats;
      bench.tick();
    }
    pins.rvalid = 0;
  }
  CheckerBench<checked_axi> bench;
  checked_axi& pins = bench.pins();
};

TEST_F(AxiChecker, AcceptsBurstsInAnyOrderOfAddressAndData) {
  for (unsigned i = 0; i < 40; ++i) {
    write_data(4);
    write_address(0x1000 + 64 * i, 4, i % 16);
    bench.tick();
    write_response(i % 16);
    read_address(0xfc0, 1, i % 16);
    read_data(1, i % 16);
  }
  read_address(0x2000, 64);
  read_data(64);
  EXPECT_THAT(bench.take(), IsEmpty());
}

TEST_F(AxiChecker, ReportsBurstsAcrossPages) {
  read_address(0x12340fc0, 2);
  EXPECT_THAT(bench.take(), ElementsAre(AllOf(HasSubstr("0000000012340fc0"), HasSubstr("4 KiB"))));
  write_address(0xfff, 2);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("4 KiB")));
}

TEST_F(AxiChecker, ReportsWlastThatIsEarlyOrLate) {
  write_address(0, 3);
  write_data(2);
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("wlast")));
  write_data(2);
  write_address(0, 1);
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("wlast")));
}

TEST_F(AxiChecker, ReportsRlastThatIsEarly) {
  read_address(0, 3);
  read_data(2);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("rlast")));
}

TEST_F(AxiChecker, ReportsResponsesWithoutRequests) {
  read_data(1);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("read data without")));
  write_address(0, 1);
  write_response();
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("write response without")));
}

TEST_F(AxiChecker, ReportsForeignIdentifiers) {
  write_address(0, 1, 3);
  write_data(1);
  write_response(4);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("identifier")));
  read_address(0, 1, 3);
  read_data(1, 5);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("identifier")));
}

TEST_F(AxiChecker, ReportsNarrowAndFixedBursts) {
  pins.arsize = 5;
  read_address(0, 1);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("full width")));
  pins.awburst = 0;
  write_address(0, 1);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("INCR")));
}

TEST_F(AxiChecker, ReportsAddressThatChangesBeforeReady) {
  pins.arvalid = 1;
  bench.tick();
  pins.araddr = 64;
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(AllOf(HasSubstr("payload changed"), HasSubstr(".u_ar."))));
}

TEST_F(AxiChecker, ReportsWithdrawnWriteData) {
  pins.wvalid = 1;
  bench.tick();
  pins.wvalid = 0;
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(AllOf(HasSubstr("withdrawn"), HasSubstr(".u_w."))));
}

}  // namespace
}  // namespace sapulse::sim
