// SPDX-License-Identifier: Apache-2.0
#include "sa_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "bytes.h"
#include "checksum.h"
#include "sapulse/secret.h"
#include "sapulse/secret_file.h"

namespace sapulse {
namespace {

constexpr std::string_view kSasMagic = "sapulse SAs 2\n";
constexpr std::string_view kSequenceMagic = "sapulse sequence 2\n";
constexpr std::string_view kFloorsMagic = "sapulse floors 2\n";
const std::string kSas = "sas";
const std::string kSequence = "sequence";
const std::string kFloors = "floors";
const std::string kSecret = "secret";
constexpr std::size_t kFloorBytes = 20;  ///< SPI, token nonce, number
/// The journal is written afresh when it is longer than that and than twice what it says.
constexpr std::size_t kRewriteBytes = 65536;

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string sequence_text(std::uint64_t number) {
  const std::string text = fmt::format("{}{}", kSequenceMagic, number);
  return fmt::format("{} {}\n", text, checksum_text(text));
}

/// Nothing unless the text is that of a number.
std::optional<std::uint64_t> parse_sequence(std::string_view text) {
  if (!text.starts_with(kSequenceMagic)) return std::nullopt;
  std::uint64_t number = 0;
  (void)std::from_chars(text.data() + kSequenceMagic.size(), text.data() + text.size(), number);
  return number != 0 && text == sequence_text(number) ? std::optional(number) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<SaStore::Impl>> SaStore::Impl::open(const std::filesystem::path& directory, FileCalls& calls,
                                                           SequenceSource::Clocks clocks) {
  auto storage = FileStorage::open(directory, calls);
  if (!storage) return tl::unexpected(storage.error());
  std::unique_ptr<Impl> impl(new Impl(std::move(*storage)));
  const auto loaded = impl->load_sas().and_then([&] { return impl->load_sequence(std::move(clocks)); }).and_then([&] {
    return impl->load_floors();
  });
  if (!loaded) return tl::unexpected(loaded.error());
  return impl;
}

tl::unexpected<Error> SaStore::Impl::damaged(const std::string& name, std::string_view what) const {
  return failure(Errc::parse_error, fmt::format("{}: {}", storage_.path(name).string(), what));
}

Result<void> SaStore::Impl::load_sas() {
  const auto contents = storage_.read(kSas);
  if (!contents) return tl::unexpected(contents.error());
  const auto& stored = *contents;
  is_new_ = !stored;
  if (!stored) return {};
  std::span<const std::uint8_t> rest(*stored);
  if (!as_text(rest).starts_with(kSasMagic)) return damaged(kSas, "not a file of SAs, or of a later version");
  rest = rest.subspan(kSasMagic.size());
  bool torn = false;
  while (!rest.empty() && !torn) {
    DecodedChange next = decode_change(rest);
    if (next.kind == DecodedChange::Kind::damaged) {
      return damaged(
          kSas, fmt::format("damaged at byte {}; nothing of the file has been changed", stored->size() - rest.size()));
    }
    torn = next.kind == DecodedChange::Kind::torn;
    if (torn) break;
    apply(next.change.removed, next.change.put);
    rest = rest.subspan(next.size);
  }
  journal_bytes_ = stored->size() - rest.size();
  if (torn) {
    if (auto cut = storage_.truncate(kSas, journal_bytes_); !cut) return cut;
    repaired_ = fmt::format(
        "{}: cut off at byte {}: the change that begins there has been cut short, and was not "
        "acknowledged",
        storage_.path(kSas).string(), journal_bytes_);
  }
  if (needs_rewrite()) (void)rewrite();  // the journal is good as it is
  return {};
}

Result<void> SaStore::Impl::load_sequence(SequenceSource::Clocks clocks) {
  const auto contents = storage_.read(kSequence);
  if (!contents) return tl::unexpected(contents.error());
  std::uint64_t reserved = 0;
  const auto& stored = *contents;
  if (stored) {
    const auto number = parse_sequence(as_text(*stored));
    if (!number) return damaged(kSequence, "damaged, or of another version: expected a number and its checksum");
    reserved = *number;
  } else if (!is_new_) {
    return damaged(kSequence, "missing, so control sequence numbers could repeat under the keys that are stored");
  }
  sequence_.emplace(std::move(clocks), reserved, [this](std::uint64_t number) {
    return storage_.replace(kSequence, as_bytes(sequence_text(number)));
  });
  // Reserved now, so that the file is there before the first SA is.
  return stored ? Result<void>() : sequence_->extend();
}

Result<void> SaStore::Impl::load_floors() {
  const auto contents = storage_.read(kFloors);
  if (!contents) return tl::unexpected(contents.error());
  const auto& stored = *contents;
  if (!stored) return {};
  const std::size_t entries = stored->size() - std::min(stored->size(), kFloorsMagic.size() + kChecksumBytes);
  const auto summed = std::span(*stored).first(stored->size() - std::min(stored->size(), kChecksumBytes));
  if (!as_text(*stored).starts_with(kFloorsMagic) || entries % kFloorBytes != 0 ||
      !std::ranges::equal(std::span(*stored).subspan(summed.size()), checksum(summed))) {
    return damaged(kFloors, "damaged, or of another version");
  }
  ByteReader reader(*stored, kFloorsMagic.size());
  for (std::size_t left = entries / kFloorBytes; left > 0; --left) {
    Floor& floor = floors_[reader.get32()];
    std::ranges::copy(reader.get(floor.sa.size()), floor.sa.begin());
    const std::uint64_t high = reader.get32();
    floor.n = high << 32 | reader.get32();
  }
  return {};
}

void SaStore::Impl::apply(std::span<const std::uint32_t> removed, std::span<const SaParameters> put) {
  for (const std::uint32_t spi : removed) sas_.erase(spi);
  for (const SaParameters& sa : put) sas_.insert_or_assign(sa.in.spi, sa);
}

bool SaStore::Impl::needs_rewrite() const {
  std::size_t live = kSasMagic.size();
  for (const auto& [spi, sa] : sas_) live += encode_change({}, std::span(&sa, 1)).size();
  return journal_bytes_ > 2 * live;
}

Result<void> SaStore::Impl::rewrite() {
  SecretBuffer contents(kSasMagic.begin(), kSasMagic.end());
  for (const auto& [spi, sa] : sas_) {
    const SecretBuffer record = encode_change({}, std::span(&sa, 1));
    contents.insert(contents.end(), record.begin(), record.end());
  }
  auto done = storage_.replace(kSas, contents);
  journal_bytes_ = storage_.size(kSas);  // the old file or the new one, if it has failed
  return done;
}

Result<void> SaStore::Impl::create(std::span<const SaParameters> put) {
  apply({}, put);
  auto made = rewrite();
  is_new_ = !made;
  if (made) return made;
  sas_.clear();
  (void)storage_.remove(kSas);  // the first error is the one to report
  return made;
}

Result<void> SaStore::Impl::change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put) {
  if (is_new_) return create(put);
  const SecretBuffer record = encode_change(removed, put);
  if (auto written = storage_.append(kSas, journal_bytes_, record); !written) return written;
  journal_bytes_ += record.size();
  apply(removed, put);
  if (journal_bytes_ > kRewriteBytes && journal_bytes_ > rewrite_above_) {
    if (needs_rewrite()) (void)rewrite();  // the journal is good as it is; the next change tries again
    rewrite_above_ = 2 * journal_bytes_;
  }
  return {};
}

Result<void> SaStore::Impl::checkpoint(const std::unordered_map<std::uint32_t, std::uint64_t>& floors) {
  ByteWriter writer;
  writer.put(as_bytes(kFloorsMagic));
  std::unordered_map<std::uint32_t, Floor> written;
  for (const auto& [spi, n] : floors) {
    const auto sa = sas_.find(spi);
    if (sa == sas_.end()) continue;
    const Floor floor{.sa = sa->second.token_nonce.value_or(TokenNonce{}), .n = n};
    written.emplace(spi, floor);
    writer.put32(spi);
    writer.put(floor.sa);
    writer.put32(static_cast<std::uint32_t>(n >> 32));
    writer.put32(static_cast<std::uint32_t>(n));
  }
  const auto sum = checksum(writer.bytes());
  writer.put(sum);
  auto done = storage_.replace(kFloors, writer.bytes());
  if (done) floors_ = std::move(written);
  return done;
}

std::uint64_t SaStore::Impl::floor(std::uint32_t spi) const {
  const auto sa = sas_.find(spi);
  const auto found = floors_.find(spi);
  const bool is_of_sa =
      sa != sas_.end() && found != floors_.end() && found->second.sa == sa->second.token_nonce.value_or(TokenNonce{});
  return is_of_sa ? found->second.n : 0;
}

Result<DeviceSecret> SaStore::Impl::secret() const { return load_or_create_secret(storage_.path(kSecret)); }

SaStore::SaStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SaStore::~SaStore() = default;

Result<std::unique_ptr<SaStore>> SaStore::open(const std::filesystem::path& directory) {
  static FileCalls calls;
  return SaStoreAccess::open(directory, calls, SequenceSource::system_clocks());
}

Result<std::unique_ptr<SaStore>> SaStoreAccess::open(const std::filesystem::path& directory, FileCalls& calls,
                                                     SequenceSource::Clocks clocks) {
  const StackZeroiser stack;
  auto impl = SaStore::Impl::open(directory, calls, std::move(clocks));
  if (!impl) return tl::unexpected(impl.error());
  return std::unique_ptr<SaStore>(new SaStore(std::move(*impl)));
}

bool SaStore::is_new() const { return impl_->is_new(); }
const std::string& SaStore::repaired() const { return impl_->repaired(); }
const std::map<std::uint32_t, SaParameters>& SaStore::sas() const { return impl_->sas(); }

Result<void> SaStore::change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put) {
  const StackZeroiser stack;
  return impl_->change(removed, put);
}

Result<std::uint64_t> SaStore::take_sequence(std::uint64_t least) { return impl_->sequence().take(least); }
Result<void> SaStore::extend_sequence() { return impl_->sequence().extend(); }
std::uint64_t SaStore::floor(std::uint32_t spi_in) const { return impl_->floor(spi_in); }

Result<void> SaStore::checkpoint(const std::unordered_map<std::uint32_t, std::uint64_t>& floors) {
  return impl_->checkpoint(floors);
}

Result<DeviceSecret> SaStore::secret() { return impl_->secret(); }

}  // namespace sapulse
