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
    pins_.awsize = pins_.arsize = 6;
    pins_.awburst = pins_.arburst = 1;
  }
  void write_address(std::uint64_t address, unsigned beats, unsigned id = 0) {
    pins_.awvalid = pins_.awready = 1;
    pins_.awaddr = address;
    pins_.awlen = beats - 1;
    pins_.awid = id;
    bench_.tick();
    pins_.awvalid = 0;
  }
  void write_data(unsigned beats) {
    pins_.wvalid = pins_.wready = 1;
    for (unsigned i = 0; i < beats; ++i) {
      pins_.wlast = i + 1 == beats;
      bench_.tick();
    }
    pins_.wvalid = 0;
  }
  void write_response(unsigned id = 0) {
    pins_.bvalid = pins_.bready = 1;
    pins_.bid = id;
    bench_.tick();
    pins_.bvalid = 0;
  }
  void read_address(std::uint64_t address, unsigned beats, unsigned id = 0) {
    pins_.arvalid = pins_.arready = 1;
    pins_.araddr = address;
    pins_.arlen = beats - 1;
    pins_.arid = id;
    bench_.tick();
    pins_.arvalid = 0;
  }
  void read_data(unsigned beats, unsigned id = 0) {
    pins_.rvalid = pins_.rready = 1;
    pins_.rid = id;
    for (unsigned i = 0; i < beats; ++i) {
      pins_.rlast = i + 1 == beats;
      bench_.tick();
    }
    pins_.rvalid = 0;
  }
  CheckerBench<checked_axi> bench_;
  checked_axi& pins_ = bench_.pins();
};

TEST_F(AxiChecker, AcceptsBurstsInAnyOrderOfAddressAndData) {
  for (unsigned i = 0; i < 40; ++i) {
    write_data(4);
    write_address(0x1000 + 64 * i, 4, i % 16);
    bench_.tick();
    write_response(i % 16);
    read_address(0xfc0, 1, i % 16);
    read_data(1, i % 16);
  }
  read_address(0x2000, 64);
  read_data(64);
  EXPECT_THAT(bench_.take(), IsEmpty());
}

TEST_F(AxiChecker, ReportsBurstsAcrossPages) {
  read_address(0x12340fc0, 2);
  EXPECT_THAT(bench_.take(), ElementsAre(AllOf(HasSubstr("0000000012340fc0"), HasSubstr("4 KiB"))));
  write_address(0xfff, 2);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("4 KiB")));
}

TEST_F(AxiChecker, ReportsWlastThatIsEarlyOrLate) {
  write_address(0, 3);
  write_data(2);
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("wlast")));
  write_data(2);
  write_address(0, 1);
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("wlast")));
}

TEST_F(AxiChecker, ReportsRlastThatIsEarly) {
  read_address(0, 3);
  read_data(2);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("rlast")));
}

TEST_F(AxiChecker, ReportsResponsesWithoutRequests) {
  read_data(1);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("read data without")));
  write_address(0, 1);
  write_response();
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("write response without")));
}

TEST_F(AxiChecker, ReportsForeignIdentifiers) {
  write_address(0, 1, 3);
  write_data(1);
  write_response(4);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("identifier")));
  read_address(0, 1, 3);
  read_data(1, 5);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("identifier")));
}

TEST_F(AxiChecker, ReportsNarrowAndFixedBursts) {
  pins_.arsize = 5;
  read_address(0, 1);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("full width")));
  pins_.awburst = 0;
  write_address(0, 1);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("INCR")));
}

TEST_F(AxiChecker, ReportsAddressThatChangesBeforeReady) {
  pins_.arvalid = 1;
  bench_.tick();
  pins_.araddr = 64;
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(AllOf(HasSubstr("payload changed"), HasSubstr(".u_ar."))));
}

TEST_F(AxiChecker, ReportsWithdrawnWriteData) {
  pins_.wvalid = 1;
  bench_.tick();
  pins_.wvalid = 0;
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(AllOf(HasSubstr("withdrawn"), HasSubstr(".u_w."))));
}

}  // namespace
}  // namespace sapulse::sim
