// SPDX-License-Identifier: Apache-2.0
#include "sapulse/error_responder.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "crypto.h"
#include "echo_reply.h"
#include "icmp.h"
#include "packet.h"
#include "source_limiter.h"
#include "token_bucket.h"

namespace sapulse {
namespace {

constexpr std::size_t kErrorCodes = wire::error_unsupported + 1;
/// Replies of clear echoes have the bucket of the code that no error has.
constexpr std::uint8_t kEchoBucket = 0;

/// Error code that a cause asks for, 0 if none.
std::uint8_t error_code(Cause cause) {
  switch (cause) {
    case Cause::unknown_spi:
    case Cause::unknown_spi_data:
      return wire::error_unknown_spi;
    case Cause::integrity:
      return wire::error_icv;
    case Cause::replayed:
      return wire::error_replay;
    case Cause::malformed:
      return wire::error_malformed;
    case Cause::sa_down:
      return wire::error_sa_down;
    case Cause::unsupported:
    case Cause::version:
      return wire::error_unsupported;
    default:
      return 0;
  }
}

/// Messages that are never answered with an error (protocol, section 6).
bool is_error_or_reply(std::uint8_t type) {
  return type == wire::type_echo_reply || type == wire::type_error_clear || type == wire::type_error_protected;
}

/// Whether a peer without the SA may prove it to whoever has sent this message (protocol, section 7).
bool asks_for_token(const Exception& exception, const OffendingPacket& packet) {
  return exception.cause == Cause::unknown_spi && packet.control && packet.control->type == wire::type_echo_request &&
         packet.control->token_nonce != TokenNonce{};
}

/// Length of the IP packet of an exception, as far as its payload is used; 0 if the card does not say.
std::size_t ip_length(const Exception& exception) {
  const std::size_t ethernet = wire::ethernet_bytes + std::size_t{exception.vlan_tags} * wire::vlan_bytes;
  return exception.payload_end > ethernet ? exception.payload_end - ethernet : 0;
}

}  // namespace

std::set<Cause> needed_copies(const ErrorCodes& codes) {
  std::set<Cause> copies;
  for (const Cause cause : {Cause::integrity, Cause::replayed, Cause::malformed, Cause::version}) {
    if (codes.has(error_code(cause))) copies.insert(cause);
  }
  return copies;
}

class ErrorResponder::Impl {
 public:
  Impl(Card& card, const SaManager& sas, const ErrorResponderOptions& options)
      : card_(card),
        sas_(sas),
        on_(options.codes),
        icmp_peers_(options.icmp_peers),
        sources_(options.per_source, options.hash_key) {
    codes_.fill(TokenBucket(options.per_cause));
  }

  Result<std::size_t> poll(const Observer& observer);
  Result<ErrorVerdict> handle(const Exception& exception);
  [[nodiscard]] std::uint64_t count(ErrorVerdict verdict) const {
    return counts_.at(static_cast<std::size_t>(verdict));
  }

 private:
  Result<ErrorVerdict> answer(const Exception& exception);
  /// About a frame whose headers are in the snapshot.
  Result<ErrorVerdict> answer_frame(const Exception& exception, std::uint8_t code);
  Result<ErrorVerdict> answer_echo(const Exception& exception);
  /// About a packet of an SA, of which there is no frame: to the peer.
  Result<ErrorVerdict> answer_peer(const Exception& exception, std::uint8_t code);
  [[nodiscard]] bool wants_icmp(const Exception& exception, const OffendingPacket& packet) const;
  [[nodiscard]] bool addresses_allow(const OffendingPacket& packet) const;
  bool take_tokens(std::uint8_t code, const IpAddress& source, std::uint64_t now);
  Result<void> send(const Exception& exception, const OffendingPacket& packet, std::uint8_t code);
  Result<void> send_protected(const Exception& exception, const SaInfo& sa, std::uint8_t code);

  Card& card_;
  const SaManager& sas_;
  ErrorCodes on_;
  std::vector<IpAddress> icmp_peers_;
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
  if (exception.cause == Cause::echo_return) return answer_echo(exception);
  const std::uint8_t code = error_code(exception.cause);
  if (code == 0) return ErrorVerdict::not_applicable;
  if (!on_.has(code)) return ErrorVerdict::disabled;
  if (!exception.answer_wanted) return ErrorVerdict::unwanted;
  const bool of_peer = code == wire::error_icv || code == wire::error_replay || code == wire::error_sa_down;
  return of_peer ? answer_peer(exception, code) : answer_frame(exception, code);
}

Result<ErrorVerdict> ErrorResponder::Impl::answer_frame(const Exception& exception, std::uint8_t code) {
  const auto packet = parse_offending(exception);
  if (!packet) return ErrorVerdict::malformed;
  const bool must_be_control = exception.cause == Cause::unknown_spi || exception.cause == Cause::unsupported;
  if (must_be_control && !packet->control) return ErrorVerdict::malformed;
  if (const auto& type = packet->type; type && is_error_or_reply(*type)) return ErrorVerdict::about_message;
  if (!addresses_allow(*packet)) return ErrorVerdict::address;
  const bool icmp = wants_icmp(exception, *packet);
  const std::size_t length = icmp ? icmp_failure_ip_length(exception, *packet) : error_ip_length(*packet);
  if (length > packet->ip_length) return ErrorVerdict::too_long;
  // The SA may have come while the exception was waiting; its token must not leave in clear.
  if (code == wire::error_unknown_spi && sas_.find(exception.spi) != nullptr) return ErrorVerdict::installed;
  if (!take_tokens(code, packet->src, exception.time)) return ErrorVerdict::limited;
  auto sent = icmp ? card_.send_frame(build_icmp_failure(exception, *packet, IcmpFailureCode::bad_spi))
                   : send(exception, *packet, code);
  return sent.map([] { return ErrorVerdict::sent; });
}

Result<ErrorVerdict> ErrorResponder::Impl::answer_echo(const Exception& exception) {
  const auto packet = parse_offending(exception);
  if (!packet) return ErrorVerdict::malformed;
  const auto request = parse_echo_request(exception, *packet);
  if (!request) return ErrorVerdict::malformed;
  if (!addresses_allow(*packet)) return ErrorVerdict::address;
  if (!request->is_whole) return ErrorVerdict::cut;
  if (!take_tokens(kEchoBucket, packet->src, exception.time)) return ErrorVerdict::limited;
  return card_.send_frame(build_echo_reply(*packet, *request)).map([] { return ErrorVerdict::sent; });
}

Result<ErrorVerdict> ErrorResponder::Impl::answer_peer(const Exception& exception, std::uint8_t code) {
  const SaInfo* sa = exception.sa ? sas_.find_number(*exception.sa) : nullptr;
  // The SA number may have been given to another SA while the exception was waiting.
  if (sa == nullptr || sa->spi_in != exception.spi || !sa->path) return ErrorVerdict::no_path;
  if (is_error_or_reply(exception.message)) return ErrorVerdict::about_message;
  const OffendingPacket packet = packet_from_peer(*sa, *sa->path, exception.sequence);
  // A clear error is shorter than any message with a nested packet.
  static_assert(wire::error_bytes < wire::nested_min_bytes);
  const bool is_protected = code != wire::error_icv;
  if (is_protected && protected_error_ip_length(packet) > ip_length(exception)) return ErrorVerdict::too_long;
  if (!take_tokens(code, sa->peer, exception.time)) return ErrorVerdict::limited;
  auto sent = is_protected ? send_protected(exception, *sa, code) : send(exception, packet, code);
  return sent.map([] { return ErrorVerdict::sent; });
}

bool ErrorResponder::Impl::wants_icmp(const Exception& exception, const OffendingPacket& packet) const {
  return exception.cause == Cause::unknown_spi_data && !packet.ipv6 &&
         std::ranges::find(icmp_peers_, packet.src) != icmp_peers_.end();
}

bool ErrorResponder::Impl::addresses_allow(const OffendingPacket& packet) const {
  const auto& local = card_.config().local;
  // An IPv4 address in an IPv6 packet is not one (RFC 4291 section 2.5.5.2).
  const bool right_family = packet.src.is_v4() != packet.ipv6 && packet.dst.is_v4() != packet.ipv6;
  return right_family && packet.src.is_unicast() && packet.dst.is_unicast() && !packet.mac_src.is_group() &&
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
                   .token_nonce = {},
                   .token = {},
                   .spi = exception.spi,
                   .sequence = exception.sequence};
  if (exception.cause != Cause::unknown_spi_data) error.outer_spi = packet.spi;
  if (exception.cause == Cause::integrity) {
    error.transaction = exception.transaction;
    error.token_nonce = exception.token_nonce;
  }
  if (packet.control && exception.cause != Cause::unknown_spi_data) {
    error.subject = packet.control->subject;
    error.transaction = packet.control->transaction;
    error.token_nonce = packet.control->token_nonce;
  }
  if (asks_for_token(exception, packet) && !sas_.secret().empty()) {
    const auto token = crash_token(sas_.secret(), exception.spi, error.token_nonce);
    if (!token) return tl::unexpected(token.error());
    error.token = *token;
  }
  return card_.send_frame(build_error(packet, error));
}

Result<void> ErrorResponder::Impl::send_protected(const Exception& exception, const SaInfo& sa, std::uint8_t code) {
  const ProtectedError error{
      .code = code, .transaction = exception.transaction, .spi = exception.spi, .sequence = exception.sequence};
  const Command command =
      Command::send(sa.number, wire::type_error_protected, code, exception.transaction, build_protected_error(error));
  auto submitted = card_.submit(command, {});
  if (submitted || submitted.error().code != Errc::no_space) return submitted;
  return card_.drain().and_then([&] { return card_.submit(command, {}); });
}

ErrorResponder::ErrorResponder(Card& card, const SaManager& sas, const ErrorResponderOptions& options)
    : impl_(std::make_unique<Impl>(card, sas, options)) {}
ErrorResponder::~ErrorResponder() = default;

Result<std::size_t> ErrorResponder::poll(const Observer& observer) { return impl_->poll(observer); }

Result<ErrorVerdict> ErrorResponder::handle(const Exception& exception) { return impl_->handle(exception); }

std::uint64_t ErrorResponder::count(ErrorVerdict verdict) const { return impl_->count(verdict); }

}  // namespace sapulse
