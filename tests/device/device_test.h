// SPDX-License-Identifier: Apache-2.0
// Fixture of the tests that every backend must pass.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "rig.h"
#include "sapulse/card.h"

namespace sapulse::test {

class DeviceTest : public testing::Test {
 protected:
  void SetUp() override { rig_ = make_rig(); }
  void TearDown() override {
    if (!rig_) return;
    EXPECT_EQ(rig_->dma_faults() > 0, faults_expected_) << "accesses to memory that the card has not been given";
    for (const std::string& complaint : rig_->complaints()) ADD_FAILURE() << complaint;
  }

  Rig& rig() { return *rig_; }
  Device& device() { return rig_->device(); }
  /// An opened card that passes everything; a failure is thrown.
  std::unique_ptr<Card> open(const CardOptions& options = {});
  /// To be called by tests that send the card where it must not go.
  void expect_faults() { faults_expected_ = true; }

 private:
  std::unique_ptr<Rig> rig_;
  bool faults_expected_ = false;
};

}  // namespace sapulse::test
