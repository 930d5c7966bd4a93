// SPDX-License-Identifier: Apache-2.0
#include "sa_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto.h"
#include "sapulse/secret.h"

namespace sapulse {
namespace {

/// Both halves, path, administrative state.
constexpr std::size_t kCommandsPerSa = 4;

}  // namespace

Error none_of(std::span<const SaParameters> sas, std::size_t at, const Error& error) {
  if (sas.size() == 1) return error;
  return {error.code, fmt::format("SA {} of {} ('{}'): {}; nothing has been changed", at + 1, sas.size(), sas[at].name,
                                  error.message)};
}

Result<void> SaWriter::usable() const {
  if (!lost_) return {};
  return failure(Errc::device_error, fmt::format("{}: the SA tables are in an unknown state since: {}",
                                                 card().device().name(), lost_->message));
}

Result<void> SaWriter::check_requester(const char* what) const {
  if (card().info().has_requester()) return {};
  return failure(Errc::unsupported,
                 fmt::format("{}: {}: this card does not send requests of its own", card().device().name(), what));
}

Result<void> SaWriter::run(std::span<const Command> commands, std::size_t* refused) {
  const auto completions = commands_.execute(commands);
  if (!completions) {
    lose(completions.error());
    return tl::unexpected(completions.error());
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Status status = (*completions)[i].status;
    if (status == Status::ok) continue;
    if (refused != nullptr) *refused = i;
    return failure(Errc::device_error,
                   fmt::format("{}: command {} for SA {}: {}", card().device().name(), regs::name(commands[i].opcode()),
                               commands[i].sa(), regs::name(status)));
  }
  return {};
}

Result<std::optional<CrashToken>> SaWriter::make_token(CryptoContexts& contexts, const SaParameters& sa) const {
  if (secret_.empty() || !sa.token_nonce) return std::nullopt;
  return contexts.crash_token(secret_, sa.in.spi, *sa.token_nonce).map([&](const Token& token) {
    return std::optional(CrashToken{.token = token, .nonce = *sa.token_nonce});
  });
}

Result<void> SaWriter::append_commands(CryptoContexts& contexts, const SaParameters& sa, std::uint32_t number,
                                       const SaStarts& starts, std::vector<Command>& commands) const {
  const auto in = control_keys(contexts, sa.in, sa.plain);
  if (!in) return tl::unexpected(in.error());
  const auto out = control_keys(contexts, sa.out, sa.plain);
  if (!out) return tl::unexpected(out.error());
  const auto token = make_token(contexts, sa);
  if (!token) return tl::unexpected(token.error());
  const std::uint64_t window_top = starts.keeps_windows ? store_->floor(sa.in.spi) : 0;
  commands.push_back(Command::write_in(number, sa.in.spi, *in, *token, window_top));
  commands.push_back(
      Command::write_out(number, sa.out.spi, *out, std::max(sa.next.value_or(starts.next), starts.least)));
  if (!card().info().has_requester()) return sa.admin_down ? check_requester("administratively down") : Result<void>();
  if (sa.path) commands.push_back(Command::write_path(number, *sa.path, sa.local, sa.peer, TokenNonce{}));
  if (sa.admin_down) commands.push_back(Command::admin(number, true));
  return {};
}

Result<void> SaWriter::write(std::span<const SaParameters> sas, std::span<const std::uint32_t> numbers,
                             const SaStarts& starts) {
  const StackZeroiser stack;
  for (std::size_t first = 0; first < sas.size(); first += kSasPerBatch) {
    CryptoContexts contexts;  // no longer than a batch, as its keys
    std::vector<Command> commands;
    std::vector<std::size_t> owners;  // of the commands
    commands.reserve(kCommandsPerSa * kSasPerBatch);
    for (std::size_t i = first; i < std::min(first + kSasPerBatch, sas.size()); ++i) {
      if (auto made = append_commands(contexts, sas[i], numbers[i], starts, commands); !made) {
        return tl::unexpected(none_of(sas, i, made.error()));
      }
      owners.resize(commands.size(), i);
    }
    std::size_t refused = 0;
    if (auto done = run(commands, &refused); !done) return tl::unexpected(none_of(sas, owners[refused], done.error()));
    commands_.take_turn();
  }
  return {};
}

Result<void> SaWriter::erase(std::span<const std::uint32_t> numbers) {
  std::vector<Command> commands;
  commands.reserve(numbers.size());
  for (const std::uint32_t number : numbers) commands.push_back(Command::erase(number));
  auto done = run(commands);
  if (!done) lose(done.error());
  return done;
}

}  // namespace sapulse
