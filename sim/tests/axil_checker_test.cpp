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
  void address(bool on) { bench_.pins().awvalid = bench_.pins().awready = on; }
  void data(bool on) { bench_.pins().wvalid = bench_.pins().wready = on; }
  void write_response(bool on) { bench_.pins().bvalid = bench_.pins().bready = on; }
  void read_address(bool on) { bench_.pins().arvalid = bench_.pins().arready = on; }
  void read_data(bool on) { bench_.pins().rvalid = bench_.pins().rready = on; }
  CheckerBench<checked_axil> bench_;
};

TEST_F(AxilChecker, AcceptsReadsAndWrites) {
  data(true);
  bench_.tick();
  data(false);
  address(true);
  read_address(true);
  bench_.tick();
  address(false);
  read_address(false);
  write_response(true);
  bench_.pins().bresp = 2;
  read_data(true);
  bench_.tick();
  EXPECT_THAT(bench_.take(), IsEmpty());
}

TEST_F(AxilChecker, ReportsWriteResponseBeforeTheData) {
  address(true);
  bench_.tick();
  address(false);
  write_response(true);
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("write response without a request")));
}

TEST_F(AxilChecker, ReportsSecondReadDataForOneRequest) {
  read_address(true);
  bench_.tick();
  read_address(false);
  read_data(true);
  bench_.tick();
  EXPECT_THAT(bench_.take(), IsEmpty());
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("read data without a request")));
}

TEST_F(AxilChecker, ReportsExclusiveResponses) {
  read_address(true);
  bench_.tick();
  read_address(false);
  read_data(true);
  bench_.pins().rresp = 1;
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("EXOKAY")));
}

TEST_F(AxilChecker, ReportsResponseThatChangesBeforeReady) {
  read_address(true);
  bench_.tick();
  read_address(false);
  bench_.pins().rvalid = 1;
  bench_.pins().rdata = 1;
  bench_.tick();
  bench_.pins().rdata = 2;
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(testing::AllOf(HasSubstr("payload changed"), HasSubstr(".u_r."))));
}

}  // namespace
}  // namespace sapulse::sim
