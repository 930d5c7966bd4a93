// SPDX-License-Identifier: Apache-2.0
// Three gateways on fake cards in memory, whose metrics and pages other programs look at. Prints the URLs, one a line,
// and goes on until its standard input ends. All is well at the first; the second has a name that must not become
// markup, and an SA that is down; the third has used up four fifths of its sequence numbers.
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "asking_card.h"
#include "http_face.h"

namespace sapulse::metrics::test {
namespace {

using namespace std::chrono_literals;
using sapulse::test::FakeDevice;
using sapulse::test::make_peer;
using sapulse::test::probe_event;

constexpr std::uint32_t kFirst = 0x1000;
constexpr std::uint32_t kSecond = 0x2000;

/// What must be good; else this program ends.
template <class Type>
Type must(Result<Type> result) {
  if (!result) {
    std::fprintf(stderr, "metrics_fleet: %s\n", result.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<Type>) return std::move(*result);
}

class Gateway {
 public:
  Gateway(const std::string& first_name, ProbeState second, std::uint32_t data_sequence) {
    device_.requester.data_sequence = data_sequence;
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    for (const auto& [spi, name] : {std::pair(kFirst, first_name), std::pair(kSecond, std::string("second"))}) {
      SaParameters sa = make_peer(spi);
      sa.name = name;
      sa.liveness = LivenessSettings{.interval = 10s};
      config.sas.push_back(sa);
    }
    endpoint_ = must(Endpoint::open(device_, config));
    (void)must(endpoint_->poll());
    tell(kFirst, ProbeState::up);
    tell(kSecond, ProbeState::up);
    tell(kSecond, second);
    HttpSettings settings;
    settings.port = 0;
    face_ = must(HttpFace::start(settings, std::array{NamedEndpoint{.endpoint = endpoint_.get()}}));
  }

  [[nodiscard]] std::string url() const { return face_->server().url(); }
  [[nodiscard]] int event_descriptor() { return face_->event_descriptor(*endpoint_); }
  [[nodiscard]] bool is_busy() { return face_->longest_sleep(*endpoint_) == 0ns; }
  void poll() {
    must(face_->poll(*endpoint_));
    (void)must(endpoint_->poll());
    (void)must(endpoint_->wait(1us));
    must(face_->poll(*endpoint_));
  }

 private:
  void tell(std::uint32_t spi, ProbeState state) {
    device_.deliver_event(probe_event(endpoint_->sas().find(spi)->number, state, ProbeState::init, device_.now()));
    (void)must(endpoint_->poll());
  }

  FakeDevice device_{64, 0, FakeDevice::kAll};
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<HttpFace> face_;
};

}  // namespace
}  // namespace sapulse::metrics::test

int main() {
  using sapulse::ProbeState;
  using sapulse::metrics::test::Gateway;
  constexpr std::uint32_t kFewUsed = 1000;
  constexpr std::uint32_t kFourFifths = 0xcccccccc;
  std::vector<std::unique_ptr<Gateway>> gateways;
  gateways.push_back(std::make_unique<Gateway>("first", ProbeState::up, kFewUsed));
  gateways.push_back(
      std::make_unique<Gateway>("<script>document.title='taken'</script>\"\\", ProbeState::down, kFewUsed));
  gateways.push_back(std::make_unique<Gateway>("first", ProbeState::up, kFourFifths));
  for (const auto& gateway : gateways) std::printf("%s\n", gateway->url().c_str());
  std::fflush(stdout);
  for (;;) {
    std::vector<pollfd> events{{STDIN_FILENO, POLLIN, 0}};
    bool is_busy = false;
    for (const auto& gateway : gateways) {
      events.push_back({gateway->event_descriptor(), POLLIN, 0});
      is_busy = is_busy || gateway->is_busy();
    }
    ::poll(events.data(), events.size(), is_busy ? 0 : -1);
    if (events[0].revents != 0) return 0;
    for (const auto& gateway : gateways) gateway->poll();
  }
}
