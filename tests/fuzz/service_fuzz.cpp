// SPDX-License-Identifier: Apache-2.0
// Requests to a service, a line each, as clients send them. Each is answered; nothing comes after the last line of an
// answer.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>

#include "asking_card.h"
#include "fake_device.h"
#include "input.h"
#include "request.h"
#include "service.h"

namespace {

using namespace sapulse;
using service::Json;

constexpr unsigned kTurns = 50;
constexpr unsigned kMostRequests = 8;

/// A card with two SAs and a service on it.
class FuzzedService {
 public:
  FuzzedService() {
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    config.sas = {test::make_peer(256), test::make_peer(300)};
    auto endpoint = Endpoint::open(device_, config, {.card = {.start = CardStart{}}});
    if (!endpoint) std::abort();
    endpoint_ = std::move(*endpoint);
    service_ = std::make_unique<service::Service>(*endpoint_);
    device_.requester.answer = [](const test::FakePing& ping) {
      return test::FakeReply{.n = 100 + ping.n, .telemetry = {}};
    };
  }
  ~FuzzedService() {
    service_.reset();
    endpoint_.reset();
    if (!device_.violations.empty()) std::abort();
  }
  FuzzedService(const FuzzedService&) = delete;
  FuzzedService& operator=(const FuzzedService&) = delete;

  void ask(const Json& request) {
    bool& is_done = done_[++requests_];
    service_->handle(requests_ % 2, request, [&is_done](const Json& line, bool is_last) {
      if (is_done || !line.is_object() || line.dump(-1, ' ', false, Json::error_handler_t::strict).empty())
        std::abort();
      is_done = is_last;
    });
    turn();
  }
  void go_on() {
    for (unsigned i = 0; i < kTurns; ++i) turn();
    service_->forget(0);
    service_->forget(1);
    turn();
  }

 private:
  void turn() {
    if (!service_->poll() || !endpoint_->wait(std::chrono::microseconds(1))) std::abort();
  }

  test::FakeDevice device_{64, 0, test::FakeDevice::kAll};
  std::map<unsigned, bool> done_;  ///< by request
  unsigned requests_ = 0;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<service::Service> service_;
};

/// The kernel of the machine that the fuzzer runs on is none of its inputs.
bool asks_for_the_kernel(const Json& request) {
  const auto command = request.find("command");
  return command != request.end() && *command == "sa-import-kernel";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  FuzzedService service;
  for (unsigned i = 0; i < kMostRequests && !input.empty(); ++i) {
    const auto request = service::parse_request(input.line());
    if (request && !asks_for_the_kernel(*request)) service.ask(*request);
  }
  service.go_on();
  return 0;
}
