// SPDX-License-Identifier: Apache-2.0
// Opening a card of any backend.
#include "calls.h"
#include "sapulse/config.h"
#include "sapulse/endpoint.h"
#include "sapulse/open_device.h"
#include "sapulse/secret_file.h"

extern "C" sapulse_status sapulse_open(const char* device, const char* config, const char* state,
                                       sapulse_endpoint** endpoint) {
  if (endpoint == nullptr) return sapulse::c::fail(SAPULSE_INVALID_ARGUMENT, "an argument is NULL");
  *endpoint = nullptr;
  if (device == nullptr || config == nullptr) return sapulse::c::fail(SAPULSE_INVALID_ARGUMENT, "an argument is NULL");
  return sapulse::c::guarded([&]() -> sapulse::Result<void> {
    constexpr std::size_t kMostSas = 65536;  // the largest card; a smaller one refuses what does not fit
    const auto address = sapulse::DeviceAddress::parse(device);
    if (!address) return tl::unexpected(address.error());
    const bool is_simulated = address->is_simulated();
    if (auto good = is_simulated ? sapulse::Result<void>() : sapulse::check_key_file(config); !good) return good;
    const auto next = state != nullptr || is_simulated ? sapulse::NextField::allowed : sapulse::NextField::refused;
    const auto settings = sapulse::load_config(config, kMostSas, next);
    if (!settings) return tl::unexpected(settings.error());
    auto opened = sapulse::open_device(*address);
    if (!opened) return tl::unexpected(opened.error());
    sapulse::EndpointOptions options;
    if (state != nullptr) options.state = state;
    auto made = sapulse::Endpoint::open(**opened, *settings, options);
    if (!made) return tl::unexpected(made.error());
    *endpoint = new sapulse_endpoint{.shared = {std::move(*opened), std::move(*made)}};
    return {};
  });
}
