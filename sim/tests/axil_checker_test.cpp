// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "checked_axil.h"
#include "checker_bench.h"

namespace sapulse::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AxilChecker : public testing::Test {
 protected:
  void address(bool on) { bench.pins().awvalid = bench.pins().awready = on; }
  void data(bool on) { bench.pins().wvalid = bench.pins().wready = on; }
  void write_response(bool on) { bench.pins().bvalid = bench.pins().bready = on; }
  void read_address(bool on) { bench.pins().arvalid = bench.pins().arready = on; }
  void read_data(bool on) { bench.pins().rvalid = bench.pins().rready = on; }
  CheckerBench<checked_axil> bench;
};

TEST_F(AxilChecker, AcceptsReadsAndWrites) {
  data(true);
  bench.tick();
  data(false);
  address(true);
  read_address(true);
  bench.tick();
  address(false);
  read_address(false);
  write_response(true);
  bench.pins().bresp = 2;
  read_data(true);
  bench.tick();
  EXPECT_THAT(bench.take(), IsEmpty());
}

TEST_F(AxilChecker, ReportsWriteResponseBeforeTheData) {
  address(true);
  bench.tick();
  address(false);
  write_response(true);
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("write response without a request")));
}

TEST_F(AxilChecker, ReportsSecondReadDataForOneRequest) {
  read_address(true);
  bench.tick();
  read_address(false);
  read_data(true);
  bench.tick();
  EXPECT_THAT(bench.take(), IsEmpty());
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("read data without a request")));
}

TEST_F(AxilChecker, ReportsExclusiveResponses) {
  read_address(true);
  bench.tick();
  read_address(false);
  read_data(true);
  bench.pins().rresp = 1;
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("EXOKAY")));
}

TEST_F(AxilChecker, ReportsResponseThatChangesBeforeReady) {
  read_address(true);
  bench.tick();
  read_address(false);
  bench.pins().rvalid = 1;
  bench.pins().rdata = 1;
  bench.tick();
  bench.pins().rdata = 2;
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(testing::AllOf(HasSubstr("payload changed"), HasSubstr(".u_r."))));
}

}  // namespace
}  // namespace sapulse::sim
