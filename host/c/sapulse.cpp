// SPDX-License-Identifier: Apache-2.0
// The C face. Nothing is thrown across it, and one call at a time uses an endpoint.
#include "sapulse/sapulse.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "calls.h"
#include "convert.h"
#include "sapulse/endpoint.h"
#include "sapulse_version.h"

namespace {

using sapulse::Errc;
using sapulse::failure;
using sapulse::Result;
using sapulse::c::fail;
using sapulse::c::guarded;
using sapulse::c::on_endpoint;
using sapulse::c::on_shared;

std::chrono::nanoseconds to_time(std::uint64_t nanoseconds) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(nanoseconds, kMost)));
}

Result<std::vector<sapulse::SaParameters>> to_all(const sapulse_sa* sas, std::size_t count) {
  std::vector<sapulse::SaParameters> result;
  result.reserve(count);
  // The caller's structures may be longer or shorter than ours.
  const auto* bytes = reinterpret_cast<const std::byte*>(sas);
  for (std::size_t i = 0; i < count; ++i) {
    const auto* given = reinterpret_cast<const sapulse_sa*>(bytes + i * sas->size);
    if (auto good = sapulse::c::check_input(given, "sapulse_sa"); !good) return tl::unexpected(good.error());
    auto sa = sapulse::c::to_parameters(sapulse::c::take(given));
    if (!sa) return tl::unexpected(sa.error());
    result.push_back(std::move(*sa));
  }
  return result;
}

}  // namespace

extern "C" {

const char* sapulse_version(void) { return SAPULSE_LIBRARY_VERSION; }

const char* sapulse_status_name(sapulse_status status) {
  if (status == SAPULSE_OK) return "ok";
  if (status == SAPULSE_INTERNAL) return "internal";
  for (const std::string_view code : sapulse::kErrcNames) {
    const auto errc = sapulse::errc_of(code);
    if (errc && sapulse::c::to_status(*errc) == status) return code.data();  // a literal, so it ends with a zero
  }
  return "?";
}

sapulse_status sapulse_close(sapulse_endpoint* endpoint) {
  if (endpoint == nullptr) return SAPULSE_OK;
  const std::unique_ptr<sapulse_endpoint> owned(endpoint);
  return guarded([&] { return owned->shared.close(); });
}

sapulse_status sapulse_get_info(sapulse_endpoint* endpoint, sapulse_info* info) {
  return on_endpoint(endpoint, info != nullptr, [&](sapulse::Endpoint& e) -> Result<void> {
    if (auto good = sapulse::c::check_output(info, "sapulse_info"); !good) return good;
    const sapulse::CardInfo& card = e.card().info();
    sapulse_info result{};
    result.version_major = card.version_major;
    result.version_minor = card.version_minor;
    result.sa_capacity = card.sa_capacity;
    result.clock_khz = card.clock_khz;
    result.has_requester = card.has_requester() ? 1 : 0;
    result.has_prober = card.has_prober() ? 1 : 0;
    sapulse::c::give(result, info);
    return {};
  });
}

sapulse_status sapulse_sa_add(sapulse_endpoint* endpoint, const sapulse_sa* sas, size_t count) {
  return on_endpoint(endpoint, sas != nullptr || count == 0, [&](sapulse::Endpoint& e) -> Result<void> {
    const auto parameters = to_all(sas, count);
    if (!parameters) return tl::unexpected(parameters.error());
    return e.sas().add(std::span(*parameters));
  });
}

sapulse_status sapulse_sa_replace(sapulse_endpoint* endpoint, uint32_t spi_in, const sapulse_sa* sa) {
  return on_endpoint(endpoint, sa != nullptr, [&](sapulse::Endpoint& e) -> Result<void> {
    const auto parameters = to_all(sa, 1);
    if (!parameters) return tl::unexpected(parameters.error());
    return e.sas().replace(spi_in, parameters->front()).map([](std::uint32_t) {});
  });
}

sapulse_status sapulse_sa_remove(sapulse_endpoint* endpoint, const uint32_t* spis_in, size_t count) {
  return on_endpoint(endpoint, spis_in != nullptr || count == 0,
                     [&](sapulse::Endpoint& e) { return e.sas().remove(std::span(spis_in, count)); });
}

sapulse_status sapulse_sa_list(sapulse_endpoint* endpoint, sapulse_sa_info* sas, size_t* count) {
  return on_endpoint(endpoint, count != nullptr, [&](sapulse::Endpoint& e) -> Result<void> {
    const auto installed = e.sas().list();
    const std::size_t room = sas == nullptr ? 0 : *count;
    if (room != 0) {
      if (auto good = sapulse::c::check_output(sas, "sapulse_sa_info"); !good) return good;
    }
    const std::size_t size = room == 0 ? 0 : sas->size;
    for (std::size_t i = 0; sas != nullptr && i < std::min(room, installed.size()); ++i) {
      auto* target = reinterpret_cast<sapulse_sa_info*>(reinterpret_cast<std::byte*>(sas) + i * size);
      target->size = size;
      sapulse::c::give(sapulse::c::to_info(installed[i]), target);
    }
    *count = installed.size();
    if (sas == nullptr || installed.size() <= room) return {};
    return failure(Errc::no_space, "there are more SAs than the array has room for");
  });
}

sapulse_status sapulse_sa_get_statistics(sapulse_endpoint* endpoint, uint32_t spi_in,
                                         sapulse_sa_statistics* statistics) {
  return on_endpoint(endpoint, statistics != nullptr, [&](sapulse::Endpoint& e) -> Result<void> {
    if (auto good = sapulse::c::check_output(statistics, "sapulse_sa_statistics"); !good) return good;
    return e.sas().statistics(spi_in).map([&](const sapulse::SaStatistics& read) {
      sapulse_sa_statistics result{};
      result.window_top = read.window_top;
      result.next = read.next;
      result.accepted = read.accepted;
      result.replayed = read.replayed;
      result.rejected = read.rejected;
      result.data_sequence_valid = read.data_sequence ? 1 : 0;
      result.data_sequence = read.data_sequence.value_or(0);
      result.time = read.time;
      sapulse::c::give(result, statistics);
    });
  });
}

sapulse_status sapulse_ping(sapulse_endpoint* endpoint, uint32_t spi_in, size_t data_bytes, uint64_t timeout_ns,
                            sapulse_ping_result* result) {
  return on_endpoint(endpoint, result != nullptr, [&](sapulse::Endpoint& e) -> Result<void> {
    if (auto good = sapulse::c::check_output(result, "sapulse_ping_result"); !good) return good;
    return e.pinger()
        .ping(spi_in, {.data_bytes = data_bytes, .timeout = to_time(timeout_ns)})
        .map([&](const sapulse::PingResult& ping) { sapulse::c::give(sapulse::c::to_result(ping), result); });
  });
}

sapulse_status sapulse_ping_start(sapulse_endpoint* endpoint, uint32_t spi_in, size_t data_bytes, uint64_t timeout_ns,
                                  sapulse_ping_callback callback, void* user) {
  return on_endpoint(endpoint, callback != nullptr, [&](sapulse::Endpoint& e) {
    return e.pinger().start(spi_in, {.data_bytes = data_bytes, .timeout = to_time(timeout_ns)},
                            [callback, user](const Result<sapulse::PingResult>& ping) {
                              if (!ping) {
                                const auto status = sapulse::c::to_status(ping.error().code);
                                return callback(user, fail(status, ping.error().message), nullptr);
                              }
                              sapulse_ping_result result = sapulse::c::to_result(*ping);
                              result.size = sizeof(result);
                              callback(user, SAPULSE_OK, &result);
                            });
  });
}

sapulse_status sapulse_probe_mtu(sapulse_endpoint* endpoint, uint32_t spi_in, size_t most, uint64_t timeout_ns,
                                 size_t* passed) {
  return on_endpoint(endpoint, passed != nullptr, [&](sapulse::Endpoint& e) {
    return e.pinger()
        .probe_path_mtu(spi_in, {.most = most, .timeout = to_time(timeout_ns)})
        .map([&](const sapulse::PathMtu& mtu) { *passed = mtu.passed; });
  });
}

const char* sapulse_liveness_name(sapulse_liveness state) {
  return sapulse::name(static_cast<sapulse::Liveness>(state)).data();  // of literals, so they end with 0
}

sapulse_status sapulse_watch(sapulse_endpoint* endpoint, uint32_t spi_in, const sapulse_watch_settings* settings) {
  return on_endpoint(endpoint, settings != nullptr, [&](sapulse::Endpoint& e) -> Result<void> {
    if (auto good = sapulse::c::check_input(settings, "sapulse_watch_settings"); !good) return good;
    return e.monitor().watch(spi_in, sapulse::c::to_settings(sapulse::c::take(settings)));
  });
}

sapulse_status sapulse_unwatch(sapulse_endpoint* endpoint, uint32_t spi_in) {
  return on_endpoint(endpoint, true, [&](sapulse::Endpoint& e) { return e.monitor().unwatch(spi_in); });
}

sapulse_status sapulse_get_liveness(sapulse_endpoint* endpoint, uint32_t spi_in, sapulse_liveness* state) {
  return on_endpoint(endpoint, state != nullptr, [&](sapulse::Endpoint& e) -> Result<void> {
    const auto info = e.monitor().find(spi_in);
    if (!info) return failure(Errc::not_found, "the SA is not watched");
    *state = static_cast<sapulse_liveness>(info->state);
    return {};
  });
}

sapulse_status sapulse_on_change(sapulse_endpoint* endpoint, sapulse_change_callback callback, void* user) {
  return on_endpoint(endpoint, true, [&](sapulse::Endpoint& e) -> Result<void> {
    if (callback == nullptr) {
      e.monitor().set_handler({});
      return {};
    }
    e.monitor().set_handler([callback, user](const sapulse::LivenessChange& change) {
      const std::string peer = change.peer.to_string();
      const std::string line = sapulse::to_line(change);
      sapulse_change told{};
      told.size = sizeof(told);
      told.spi_in = change.spi_in;
      told.spi_out = change.spi_out;
      told.name = change.name.c_str();
      told.peer = peer.c_str();
      told.from = static_cast<sapulse_liveness>(change.from);
      told.to = static_cast<sapulse_liveness>(change.to);
      told.reason = sapulse::name(change.reason).data();
      told.time = change.time;
      told.line = line.c_str();
      callback(user, &told);
    });
    return {};
  });
}

sapulse_status sapulse_set_admin_down(sapulse_endpoint* endpoint, uint32_t spi_in, int down) {
  return on_endpoint(endpoint, true,
                     [&](sapulse::Endpoint& e) { return e.monitor().set_admin_down(spi_in, down != 0); });
}

sapulse_status sapulse_on_exception(sapulse_endpoint* endpoint, sapulse_exception_callback callback, void* user) {
  return on_endpoint(endpoint, true, [&](sapulse::Endpoint& e) -> Result<void> {
    if (callback == nullptr) {
      e.set_exception_observer({});
      return {};
    }
    e.set_exception_observer([callback, user](const sapulse::Exception& exception, sapulse::ErrorVerdict verdict) {
      sapulse_exception told{};
      told.size = sizeof(told);
      told.cause = sapulse::regs::name(exception.cause).data();
      told.verdict = sapulse::c::verdict_name(verdict);
      told.spi = exception.spi;
      told.sequence = exception.sequence;
      told.time = exception.time;
      told.snapshot = exception.snapshot.data();
      told.snapshot_size = exception.snapshot.size();
      callback(user, &told);
    });
    return {};
  });
}

sapulse_status sapulse_poll(sapulse_endpoint* endpoint, uint64_t timeout_ns) {
  return on_shared(endpoint, true,
                   [&](sapulse::c::SharedEndpoint& shared) { return shared.poll(to_time(timeout_ns)); });
}

sapulse_status sapulse_event_descriptor(sapulse_endpoint* endpoint, int* descriptor) {
  return on_shared(endpoint, descriptor != nullptr, [&](sapulse::c::SharedEndpoint& shared) {
    return shared.event_descriptor().map([&](int event) { *descriptor = event; });
  });
}

sapulse_status sapulse_prepare_sleep(sapulse_endpoint* endpoint, uint64_t* longest_ns) {
  return on_shared(endpoint, longest_ns != nullptr, [&](sapulse::c::SharedEndpoint& shared) {
    return shared.prepare_sleep().map([&](std::chrono::nanoseconds longest) {
      constexpr auto kForever = std::chrono::nanoseconds::max();
      *longest_ns = longest == kForever ? UINT64_MAX : static_cast<std::uint64_t>(longest.count());
    });
  });
}

sapulse_status sapulse_get_time(sapulse_endpoint* endpoint, uint64_t* time) {
  return on_endpoint(endpoint, time != nullptr, [&](sapulse::Endpoint& e) {
    return e.card().time().map([&](std::uint64_t now) { *time = now; });
  });
}

size_t sapulse_counter_count(void) { return sapulse::Counters::size(); }

const char* sapulse_counter_name(size_t position) {
  return position < sapulse::Counters::size() ? sapulse::Counters::name(position).data() : nullptr;
}

sapulse_status sapulse_read_counters(sapulse_endpoint* endpoint, uint64_t* values, size_t count) {
  return on_endpoint(endpoint, values != nullptr || count == 0, [&](sapulse::Endpoint& e) {
    return e.card().counters().map([&](const sapulse::Counters& counters) {
      for (std::size_t i = 0; i < std::min(count, sapulse::Counters::size()); ++i) {
        values[i] = counters[static_cast<sapulse::Counter>(i)];
      }
    });
  });
}

}  // extern "C"
