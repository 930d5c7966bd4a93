// SPDX-License-Identifier: Apache-2.0
#include "installed_sas.h"

namespace sapulse {

std::vector<std::uint32_t> InstalledSas::take_numbers(std::size_t count) {
  std::vector<std::uint32_t> numbers(free_.rbegin(), free_.rbegin() + static_cast<std::ptrdiff_t>(count));
  free_.resize(free_.size() - count);
  return numbers;
}

const SaInfo* InstalledSas::find(std::uint32_t spi) const {
  const auto found = all_.find(spi);
  return found == all_.end() ? nullptr : &found->second;
}

const SaInfo* InstalledSas::find_number(std::uint32_t number) const {
  const auto found = spi_of_.find(number);
  return found == spi_of_.end() ? nullptr : find(found->second);
}

void InstalledSas::install(const SaInfo& sa) {
  if (const SaInfo* before = find(sa.spi_in)) spi_of_.erase(before->number);
  const auto entry = all_.insert_or_assign(sa.spi_in, sa).first;
  spi_of_[sa.number] = sa.spi_in;
  if (observer_) observer_(SaManager::Change::installed, entry->second);
}

SaInfo InstalledSas::remove(std::uint32_t spi) {
  auto entry = all_.extract(spi);
  spi_of_.erase(entry.mapped().number);
  if (observer_) observer_(SaManager::Change::removed, entry.mapped());
  return std::move(entry.mapped());
}

}  // namespace sapulse
