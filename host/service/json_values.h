// SPDX-License-Identifier: Apache-2.0
// Values of the library as JSON. Times are numbers of nanoseconds in fields that end with _ns; SPIs are numbers; what
// is not known is null.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sapulse/counters.h"
#include "sapulse/endpoint.h"
#include "sapulse/event.h"
#include "sapulse/liveness.h"
#include "sapulse/pinger.h"
#include "sapulse/sa.h"

namespace sapulse {

nlohmann::ordered_json to_json(const Counters& counters);
/// `card`: its name where a service has several, else empty.
nlohmann::ordered_json to_json(const LivenessChange& change, const std::string& card = {});
nlohmann::ordered_json to_json(const LivenessInfo& info);
nlohmann::ordered_json to_json(const PingResult& result);
nlohmann::ordered_json to_json(const PathMtu& mtu);
nlohmann::ordered_json to_json(const ProbeStatus& status);
nlohmann::ordered_json to_json(const SaInfo& sa);
/// The same with its `liveness`, null if it is not watched.
nlohmann::ordered_json with_liveness(Endpoint& endpoint, const SaInfo& sa);
nlohmann::ordered_json to_json(const SaStatistics& statistics);

}  // namespace sapulse
