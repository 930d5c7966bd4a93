// SPDX-License-Identifier: Apache-2.0
// Records of the journal of SAs. The first byte chooses: a record as it lies on the disk, or what is inside of one,
// whose checksums, which nothing random would get past, are made here.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "journal_record.h"
#include "sa_record.h"

namespace {

using namespace sapulse;

void read(std::span<const std::uint8_t> bytes) {
  const DecodedChange decoded = decode_change(bytes);
  if (decoded.kind != DecodedChange::Kind::change) return;
  if (decoded.size == 0 || decoded.size > bytes.size()) std::abort();
  // What has been read is written as it is read.
  const auto written = encode_change(decoded.change.removed, decoded.change.put);
  if (!std::ranges::equal(written, bytes.first(decoded.size))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> bytes(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    read(test::record_of(bytes));
  } else {
    read(bytes);
  }
  return 0;
}
