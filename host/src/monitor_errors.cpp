// SPDX-License-Identifier: Apache-2.0
// What errors that have been received do to watched SAs.
#include <algorithm>

#include "icmp.h"
#include "monitor_impl.h"

namespace sapulse {

Result<bool> Monitor::Impl::handle(const Exception& exception) {
  if (exception.cause == Cause::error_clear) return take_clear_error(exception);
  if (exception.cause == Cause::error_protected) return take_protected_error(exception);
  return false;
}

bool Monitor::Impl::take_error_token(const IpAddress& source, std::uint64_t now) {
  const auto peer = peers_.find(source);
  TokenBucket& bucket = peer != peers_.end() ? peer->second.errors : errors_of_others_;
  if (!bucket.ready(now)) return false;
  bucket.take(now);
  return true;
}

Result<bool> Monitor::Impl::take_clear_error(const Exception& exception) {
  ++counts_.errors;
  const auto message = parse_clear_error(exception);
  if (!message) {
    ++counts_.malformed;
    return true;
  }
  if (!take_error_token(message->from, exception.time)) {
    ++counts_.limited;
    return true;
  }
  const ReceivedError& error = message->error;
  Watch* watch = find_peer(error.spi, message->to, message->from);
  if (watch == nullptr) {
    ++counts_.strangers;
    return true;
  }
  if (error.code == wire::error_unknown_spi && watch->state != Liveness::lost) {
    const auto verdict = watch->token.judge(error.token);
    if (verdict == LearntToken::Verdict::proof && !sas_.find(watch->spi_in)->admin_down) {
      take_out(*watch, Liveness::lost, LivenessReason::crash_token, exception.time,
               {.code = error.code, .is_protected = false, .spi = error.spi, .sequence = error.sequence});
      return true;
    }
    const bool has_token = std::ranges::any_of(error.token, [](std::uint8_t byte) { return byte != 0; });
    if (verdict == LearntToken::Verdict::wrong && has_token) ++counts_.wrong_tokens;
  }
  return take_hint(*watch, exception.time).map([] { return true; });
}

Result<bool> Monitor::Impl::take_protected_error(const Exception& exception) {
  ++counts_.errors;
  const auto error = parse_protected_error(exception);
  if (!error) {
    ++counts_.malformed;
    return true;
  }
  Watch* watch = exception.sa ? find_number(*exception.sa) : nullptr;
  if (watch == nullptr || watch->spi_in != exception.spi || watch->spi_out != error->spi) {
    ++counts_.strangers;
    return true;
  }
  if (exception.n <= watch->floor) {
    ++counts_.stale;
    return true;
  }
  watch->floor = exception.n;
  const bool down_here = sas_.find(watch->spi_in)->admin_down;
  if (error->code != wire::error_sa_down || down_here || watch->state == Liveness::admin_down) {
    return take_hint(*watch, exception.time).map([] { return true; });
  }
  take_out(*watch, Liveness::admin_down, LivenessReason::peer_admin, exception.time,
           {.code = error->code, .is_protected = true, .spi = error->spi, .sequence = error->sequence});
  return true;
}

Result<bool> Monitor::Impl::handle_packet(std::span<const std::uint8_t> packet, std::uint64_t now) {
  const auto failure = parse_icmp_failure(packet);
  if (!failure) return false;
  ++counts_.errors;
  Watch* watch = find_peer(failure->spi, failure->original_src, failure->original_dst);
  if (watch == nullptr) {
    ++counts_.strangers;
    return true;
  }
  return take_hint(*watch, now).map([] { return true; });
}

Result<void> Monitor::Impl::take_hint(Watch& watch, std::uint64_t now) {
  ++counts_.hints;
  ++watch.hints;
  // Where nothing good is believed, there is nothing to check; and an attacker must not make the card probe faster
  // than once in the interval.
  if (!watch.hopeful() || watch.to_start || now < watch.next_burst) return {};
  watch.next_burst = now + nanoseconds_of(watch.settings.interval);
  if (watch.host) {
    ++counts_.bursts;
    watch.host->burst(now, options_.burst);
    reschedule(watch);
    return {};
  }
  auto submitted = card_.submit(Command::burst(watch.number, static_cast<std::uint8_t>(options_.burst)), {});
  if (submitted) ++counts_.bursts;
  // With a full command ring there are better things to do than to follow hints.
  if (!submitted && submitted.error().code == Errc::no_space) return {};
  return submitted;
}

}  // namespace sapulse
