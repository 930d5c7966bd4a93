// SPDX-License-Identifier: Apache-2.0
#include "endpoint.h"

#include "sapulse/card.h"
#include "sapulse/config.h"
#include "sapulse/endpoint.h"

namespace sapulse::examples {
namespace {

void print_exception(std::ostream& out, const Exception& exception, ErrorVerdict verdict) {
  out << regs::name(exception.cause) << " about SPI " << exception.spi
      << (verdict == ErrorVerdict::sent ? ", error sent\n" : "\n");
}

Result<void> print_results(Endpoint& endpoint, std::ostream& out) {
  const auto counters = endpoint.card().counters();
  if (!counters) return tl::unexpected(counters.error());
  for (std::size_t i = 0; i < Counters::size(); ++i) {
    const std::uint64_t value = (*counters)[static_cast<Counter>(i)];
    if (value != 0) out << Counters::name(i) << ' ' << value << '\n';
  }
  for (const SaInfo& sa : endpoint.sas().list()) {
    const auto statistics = endpoint.sas().statistics(sa.spi_in);
    if (!statistics) return tl::unexpected(statistics.error());
    out << sa.name << ": " << statistics->accepted << " pings accepted, " << statistics->replayed << " replayed, "
        << statistics->rejected << " rejected\n";
  }
  return {};
}

}  // namespace

Result<void> run_endpoint(Device& device, const std::filesystem::path& file, std::chrono::nanoseconds duration,
                          std::ostream& out) {
  constexpr std::size_t kMostSas = 65536;  // the largest card; a smaller one refuses what does not fit
  const auto config = load_config(file, kMostSas);
  if (!config) return tl::unexpected(config.error());
  auto opened = Endpoint::open(device, *config);
  if (!opened) return tl::unexpected(opened.error());
  Endpoint& endpoint = **opened;

  // The card answers by itself from here on. What is left to the host: the exceptions.
  const auto start = endpoint.card().time();
  if (!start) return tl::unexpected(start.error());
  const std::uint64_t end = *start + static_cast<std::uint64_t>(duration.count());
  for (std::uint64_t now = *start; now < end;) {
    const auto arrived = endpoint.card().wait_exception(std::chrono::nanoseconds(end - now));
    if (!arrived) return tl::unexpected(arrived.error());
    const auto handled = endpoint.poll(
        [&](const Exception& exception, ErrorVerdict verdict) { print_exception(out, exception, verdict); });
    if (!handled) return tl::unexpected(handled.error());
    const auto time = endpoint.card().time();
    if (!time) return tl::unexpected(time.error());
    now = *time;
  }

  if (auto printed = print_results(endpoint, out); !printed) return printed;
  return endpoint.close();
}

}  // namespace sapulse::examples
