// SPDX-License-Identifier: Apache-2.0
// A card that only remembers what was installed.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sa_target.h"

namespace sapulse::kernel::test {

struct FakeSa {
  SaParameters parameters;
  std::optional<LivenessSettings> watched{};
};

class FakeTarget final : public SaTarget {
 public:
  std::size_t capacity = 1000;
  std::vector<SaInfo> restored;
  std::map<std::uint32_t, FakeSa> sas;
  std::vector<std::string> log;  // "add 0x1001", "watch 0x1001"...

  [[nodiscard]] std::vector<SaInfo> installed() const override { return restored; }
  void run_beside(const std::function<void()>& work) override {
    is_beside_ = true;
    work();
    is_beside_ = false;
  }
  void take_turn() override {}
  [[nodiscard]] bool is_elsewhere(const IpAddress& local) const override { return local == elsewhere; }
  [[nodiscard]] std::string obstacle(const IpAddress& local, const std::optional<Path>& /*path*/) const override {
    return local == forbidden ? "not ours" : "";
  }
  Result<void> add(std::span<const SaParameters> added) override {
    if (sas.size() + added.size() > capacity) return failure(Errc::no_space, "the card is full");
    for (const SaParameters& sa : added) {
      if (sa.in.spi == refused_spi) return failure(Errc::device_error, "the card refuses it");
    }
    for (const SaParameters& sa : added) {
      if (auto good = validate(sa); !good) return good;
      if (sas.contains(sa.in.spi)) return failure(Errc::exists, "twice");
    }
    for (const SaParameters& sa : added) {
      sas[sa.in.spi] = {.parameters = sa};
      note("add", sa.in.spi);
    }
    return {};
  }
  [[nodiscard]] Result<void> changeable() const override {
    return is_lost ? failure(Errc::device_error, "the card has failed") : Result<void>();
  }
  Result<void> remove(std::span<const std::uint32_t> spis) override {
    for (const std::uint32_t spi : spis) {
      note("remove", spi);
      if (before_remove) before_remove(spi);
      if (sas.erase(spi) == 0) return failure(Errc::not_found, "not installed");
    }
    return {};
  }
  Result<void> set_place(std::uint32_t spi, const Place& place) override {
    note("move", spi);
    sas.at(spi).parameters.peer = place.peer;
    sas.at(spi).parameters.path = place.path;
    return {};
  }
  Result<void> rename(std::uint32_t spi, const std::string& name) override {
    note("rename", spi);
    sas.at(spi).parameters.name = name;
    return {};
  }
  Result<void> watch(std::uint32_t spi, const LivenessSettings& settings) override {
    note("watch", spi);
    if (!sas.at(spi).parameters.path) return failure(Errc::not_found, "no path");
    sas.at(spi).watched = settings;
    return {};
  }
  Result<void> unwatch(std::uint32_t spi) override {
    note("unwatch", spi);
    sas.at(spi).watched.reset();
    return {};
  }

  IpAddress elsewhere;
  IpAddress forbidden;
  std::optional<std::uint32_t> refused_spi;
  bool is_lost = false;
  std::function<void(std::uint32_t spi)> before_remove;

 private:
  void note(const char* what, std::uint32_t spi) {
    EXPECT_FALSE(is_beside_) << what << ": only the thread that probes may change SAs";
    log.push_back(fmt::format("{} {:#x}", what, spi));
  }

  bool is_beside_ = false;
};

}  // namespace sapulse::kernel::test
