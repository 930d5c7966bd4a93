// SPDX-License-Identifier: Apache-2.0
#include "sapulse/error_responder.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "crypto.h"
#include "packet.h"
#include "source_limiter.h"
#include "token_bucket.h"

namespace sapulse {
namespace {

constexpr std::size_t kErrorCodes = wire::error_unsupported + 1;

/// Error code that a cause asks for, 0 if none.
std::uint8_t error_code(Cause cause) {
  switch (cause) {
    case Cause::kUnknownSpi:
    case Cause::kUnknownSpiData:
      return wire::error_unknown_spi;
    case Cause::kUnsupported:
      return wire::error_unsupported;
    default:
      return 0;
  }
}

/// Whether the message itself is one that is never answered with an error (protocol, section 6).
bool is_error_or_reply(const OffendingPacket& packet) {
  if (!packet.control) return false;
  const std::uint8_t type = packet.control->type;
  return type == wire::type_echo_reply || type == wire::type_error_clear || type == wire::type_error_protected;
}

}  // namespace

class ErrorResponder::Impl {
 public:
  Impl(Card& card, const SaManager& sas, const ErrorResponderOptions& options)
      : card_(card), sas_(sas), sources_(options.per_source, options.hash_key) {
    codes_.fill(TokenBucket(options.per_cause));
  }

  Result<std::size_t> poll(const Observer& observer);
  Result<ErrorVerdict> handle(const Exception& exception);
  [[nodiscard]] std::uint64_t count(ErrorVerdict verdict) const {
    return counts_.at(static_cast<std::size_t>(verdict));
  }

 private:
  Result<ErrorVerdict> answer(const Exception& exception);
  [[nodiscard]] bool addresses_allow(const OffendingPacket& packet) const;
  bool take_tokens(std::uint8_t code, const IpAddress& source, std::uint64_t now);
  Result<void> send(const Exception& exception, const OffendingPacket& packet, std::uint8_t code);

  Card& card_;
  const SaManager& sas_;
  SourceLimiter sources_;
  std::array<TokenBucket, kErrorCodes> codes_;
  std::array<std::uint64_t, kErrorVerdictCount> counts_{};
};

Result<std::size_t> ErrorResponder::Impl::poll(const Observer& observer) {
  // Sending may wait for the card, which must not happen inside Card::poll().
  std::vector<Exception> exceptions;
  auto polled = card_.poll([&](const Exception& exception) { exceptions.push_back(exception); });
  if (!polled) return polled;
  for (const Exception& exception : exceptions) {
    const auto verdict = handle(exception);
    if (!verdict) return tl::unexpected(verdict.error());
    if (observer) observer(exception, *verdict);
  }
  return exceptions.size();
}

Result<ErrorVerdict> ErrorResponder::Impl::handle(const Exception& exception) {
  auto verdict = answer(exception);
  if (verdict) ++counts_.at(static_cast<std::size_t>(*verdict));
  return verdict;
}

Result<ErrorVerdict> ErrorResponder::Impl::answer(const Exception& exception) {
  const std::uint8_t code = error_code(exception.cause);
  if (code == 0) return ErrorVerdict::kNotApplicable;
  const auto packet = parse_offending(exception);
  if (!packet) return ErrorVerdict::kMalformed;
  const bool about_control = exception.cause != Cause::kUnknownSpiData;
  if (about_control && !packet->control) return ErrorVerdict::kMalformed;
  if (is_error_or_reply(*packet)) return ErrorVerdict::kAboutMessage;
  if (!addresses_allow(*packet)) return ErrorVerdict::kAddress;
  if (error_ip_length(*packet) > packet->ip_length) return ErrorVerdict::kTooLong;
  // The SA may have come while the exception was waiting; its token must not leave in clear.
  if (code == wire::error_unknown_spi && sas_.find(exception.spi) != nullptr) return ErrorVerdict::kInstalled;
  if (!take_tokens(code, packet->src, exception.time)) return ErrorVerdict::kLimited;
  return send(exception, *packet, code).map([] { return ErrorVerdict::kSent; });
}

bool ErrorResponder::Impl::addresses_allow(const OffendingPacket& packet) const {
  const auto& local = card_.config().local;
  return packet.src.is_unicast() && packet.dst.is_unicast() && !packet.mac_src.is_group() &&
         !packet.mac_dst.is_group() && std::ranges::find(local, packet.src) == local.end();
}

bool ErrorResponder::Impl::take_tokens(std::uint8_t code, const IpAddress& source, std::uint64_t now) {
  TokenBucket& of_source = sources_.bucket(source);
  TokenBucket& of_code = codes_.at(code);
  // Both are asked before either is taken: a source over its limit costs the others nothing.
  if (!of_source.ready(now) || !of_code.ready(now)) return false;
  of_source.take(now);
  of_code.take(now);
  return true;
}

Result<void> ErrorResponder::Impl::send(const Exception& exception, const OffendingPacket& packet, std::uint8_t code) {
  ClearError error{.outer_spi = card_.config().control_spi,
                   .code = code,
                   .subject = exception.spi,
                   .transaction = 0,
                   .token = {},
                   .spi = exception.spi,
                   .sequence = exception.sequence};
  if (packet.control && exception.cause != Cause::kUnknownSpiData) {
    error.outer_spi = packet.spi;
    error.subject = packet.control->subject;
    error.transaction = packet.control->transaction;
  }
  if (code == wire::error_unknown_spi && !sas_.secret().empty()) {
    const auto token = crash_token(sas_.secret(), exception.spi, packet.dst, packet.src);
    if (!token) return tl::unexpected(token.error());
    error.token = *token;
  }
  return card_.send_frame(build_error(packet, error));
}

ErrorResponder::ErrorResponder(Card& card, const SaManager& sas, const ErrorResponderOptions& options)
    : impl_(std::make_unique<Impl>(card, sas, options)) {}
ErrorResponder::~ErrorResponder() = default;

Result<std::size_t> ErrorResponder::poll(const Observer& observer) { return impl_->poll(observer); }

Result<ErrorVerdict> ErrorResponder::handle(const Exception& exception) { return impl_->handle(exception); }

std::uint64_t ErrorResponder::count(ErrorVerdict verdict) const { return impl_->count(verdict); }

}  // namespace sapulse
