// SPDX-License-Identifier: Apache-2.0
#include "service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "json_values.h"
#include "kernel_sas.h"
#include "mtu_jobs.h"
#include "ping_jobs.h"
#include "request.h"
#include "sapulse/config.h"

namespace sapulse::service {
namespace {

constexpr std::uint64_t kMostPings = 1'000'000'000;

Json to_json(const kernel::UnwatchedSa& sa) {
  return {{"netns", sa.network_namespace},
          {"name", sa.name},
          {"source", sa.source.to_string()},
          {"destination", sa.destination.to_string()},
          {"spi", sa.spi},
          {"protocol", sa.protocol},
          {"reqid", sa.reqid},
          {"reason", sa.reason}};
}

std::string text_of_version(const CardInfo& info) {
  return fmt::format("{}.{}.{}", info.version_major, info.version_minor, info.version_patch);
}

}  // namespace

Json error_line(const Error& error) { return {{"error", {{"code", name(error.code)}, {"message", error.message}}}}; }

class Service::Impl {
 public:
  explicit Impl(Endpoint& endpoint) : endpoint_(endpoint), pings_(endpoint), mtus_(endpoint), kernel_target_(endpoint) {
    endpoint_.monitor().set_handler([this](const LivenessChange& change) {
      if (kernel_) {
        untold_.push_back(change);
      } else {
        tell(change);
      }
    });
    endpoint_.follower().set_handler([this](const PeerMove& move) {
      if (log_) log_(to_line(move));
    });
  }

  ~Impl() {
    endpoint_.monitor().set_handler({});
    endpoint_.follower().set_handler({});
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void handle(std::uint64_t client, const Json& json, const Reply& reply) {
    Request request(json);
    const std::string command = request.mistake() ? "" : request.text("command");
    if (const auto& mistake = request.mistake()) return reply(error_line(*mistake), true);
    for (const auto& [known, run] : commands()) {
      if (known != command) continue;
      if (auto done = (this->*run)(client, request, reply); !done) reply(error_line(done.error()), true);
      return;
    }
    reply(error_line({Errc::invalid_argument, fmt::format("command: '{}' is not known", command)}), true);
  }

  void forget(std::uint64_t client) {
    pings_.forget(client);
    mtus_.forget(client);
    watchers_.erase(client);
  }

  void set_log(std::function<void(const std::string&)> log) { log_ = std::move(log); }

  Result<void> poll() {
    const auto polled = endpoint_.poll();
    if (!polled) return tl::unexpected(polled.error());
    if (kernel_) {
      if (auto followed = kernel_->poll(); !followed) return followed;
      tell_what_holds();
    }
    return pings_.poll();
  }
  [[nodiscard]] std::optional<std::uint64_t> next_due() const { return pings_.next_due(); }
  [[nodiscard]] std::vector<int> event_descriptors() const {
    return kernel_ ? kernel_->event_descriptors() : std::vector<int>();
  }
  [[nodiscard]] std::chrono::nanoseconds longest_sleep() const {
    const auto due = kernel_ ? kernel_->next_due() : std::nullopt;
    if (!due) return std::chrono::nanoseconds::max();
    return std::max(std::chrono::nanoseconds(0), *due - std::chrono::steady_clock::now());
  }

  void set_kernel_settings(KernelSaSettings settings) { kernel_settings_ = std::move(settings); }

  Result<void> follow_kernel() {
    if (kernel_) return {};
    auto opened = kernel::KernelSas::open(kernel_target_, kernel_settings_);
    if (!opened) return tl::unexpected(opened.error());
    kernel_ = std::move(*opened);
    kernel_->set_log([this](const std::string& line) {
      if (log_) log_(line);
    });
    return {};
  }

 private:
  void tell(const LivenessChange& change) {
    if (log_) log_(to_line(change));
    if (kernel_) kernel_->note(change);
    for (const auto& [client, reply] : watchers_) reply({{"change", to_json(change)}}, false);
  }

  /// Our kernel gets the younger SA before its IKE daemon tells the peer to delete the older one. So when the peer
  /// answers that it has no such SA, the reason may be among what the kernel has told and nobody has looked at yet:
  /// only once that is done is it known whether somebody has died.
  void tell_what_holds() {
    if (kernel_->is_behind()) return;
    for (const LivenessChange& change : std::exchange(untold_, {})) {
      if (endpoint_.monitor().find(change.spi_in)) tell(change);
    }
  }

  using Command = Result<void> (Impl::*)(std::uint64_t client, Request& request, const Reply& reply);
  static const std::array<std::pair<std::string_view, Command>, 11>& commands() {
    static const std::array<std::pair<std::string_view, Command>, 11> all{{{"info", &Impl::info},
                                                                           {"stats", &Impl::stats},
                                                                           {"sa-list", &Impl::list_sas},
                                                                           {"sa-unwatched", &Impl::list_unwatched},
                                                                           {"sa-add", &Impl::add_sas},
                                                                           {"sa-import-kernel", &Impl::import_kernel},
                                                                           {"sa-del", &Impl::delete_sa},
                                                                           {"sa-admin", &Impl::set_admin},
                                                                           {"ping", &Impl::ping},
                                                                           {"mtu", &Impl::search_mtu},
                                                                           {"watch", &Impl::watch}}};
    return all;
  }

  Result<void> info(std::uint64_t, Request&, const Reply& reply) {
    const CardInfo& card = endpoint_.card().info();
    reply({{"info",
            {{"device", endpoint_.card().device().name()},
             {"version", text_of_version(card)},
             {"git_hash", fmt::format("{:08x}", card.git_hash)},
             {"sa_capacity", card.sa_capacity},
             {"clock_khz", card.clock_khz},
             {"requester", card.has_requester()},
             {"prober", card.has_prober()}}}},
          true);
    return {};
  }

  Result<void> stats(std::uint64_t, Request& request, const Reply& reply) {
    if (!request.has("sa")) {
      return endpoint_.card().counters().map(
          [&](const Counters& counters) { reply({{"counters", to_json(counters)}}, true); });
    }
    const std::uint32_t spi = request.sa(endpoint_.sas());
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    return endpoint_.sas().statistics(spi).map(
        [&](const SaStatistics& statistics) { reply({{"statistics", to_json(statistics)}}, true); });
  }

  Json all_sas() {
    Json all = Json::array();
    for (const SaInfo& sa : endpoint_.sas().list()) {
      Json entry = to_json(sa);
      const auto liveness = endpoint_.monitor().find(sa.spi_in);
      entry["liveness"] = liveness ? to_json(*liveness) : Json(nullptr);
      all.push_back(std::move(entry));
    }
    return all;
  }

  Result<void> list_sas(std::uint64_t, Request&, const Reply& reply) {
    reply({{"sas", all_sas()}}, true);
    return {};
  }

  Result<void> list_unwatched(std::uint64_t, Request&, const Reply& reply) {
    if (!kernel_) return failure(Errc::invalid_argument, "SAs are not taken from the kernel");
    Json all = Json::array();
    for (const kernel::UnwatchedSa& sa : kernel_->unwatched()) all.push_back(to_json(sa));
    reply({{"unwatched", all}}, true);
    return {};
  }

  Result<void> import_kernel(std::uint64_t, Request&, const Reply& reply) {
    return follow_kernel().map(
        [&] { reply({{"followed", kernel_->size()}, {"unwatched", kernel_->unwatched().size()}}, true); });
  }

  /// `config`: text of a configuration file, of which only the SAs are looked at; `replace`: those that are installed
  /// already are replaced, not refused; `exposed`: the file can be read by others, which is refused unless the
  /// card is a simulated one. All or none.
  Result<void> add_sas(std::uint64_t, Request& request, const Reply& reply) {
    std::string text = request.text("config");
    const std::string file = request.text("file");
    const bool replace = request.flag("replace");
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    const bool is_simulated = endpoint_.card().device().is_simulated();
    if (request.flag("exposed") && !is_simulated) {
      return failure(Errc::io_error, file + ": others may read its keys: chmod o-rwx");
    }
    const auto next = endpoint_.store() != nullptr || is_simulated ? NextField::allowed : NextField::refused;
    const auto config = parse_config(text, file, endpoint_.sas().capacity(), next);
    zeroise(std::as_writable_bytes(std::span(text)));
    if (!config) return tl::unexpected(config.error());
    const std::span sas(config->sas);
    return (replace ? endpoint_.sas().put(sas) : endpoint_.sas().add(sas)).map([&] {
      reply({{"added", config->sas.size()}}, true);
    });
  }

  Result<void> delete_sa(std::uint64_t, Request& request, const Reply& reply) {
    const std::uint32_t spi = request.sa(endpoint_.sas());
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    return endpoint_.sas().remove(spi).map([&] { reply({{"deleted", 1}}, true); });
  }

  Result<void> set_admin(std::uint64_t, Request& request, const Reply& reply) {
    const std::uint32_t spi = request.sa(endpoint_.sas());
    const bool down = request.flag("down");
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    return endpoint_.monitor().set_admin_down(spi, down).map([&] { reply({{"admin_down", down}}, true); });
  }

  Result<void> ping(std::uint64_t client, Request& request, const Reply& reply) {
    PingSeries series;
    series.client = client;
    series.reply = reply;
    series.spi_in = request.sa(endpoint_.sas());
    series.options.data_bytes = request.number("data_bytes", series.options.data_bytes, 0, regs::kEchoDataBytes);
    series.options.timeout = request.nanoseconds("timeout_ns", series.options.timeout);
    series.count = request.number("count", 1, 1, kMostPings);
    series.interval = request.nanoseconds("interval_ns", std::chrono::seconds(1));
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    pings_.add(std::move(series));
    return {};
  }

  Result<void> search_mtu(std::uint64_t client, Request& request, const Reply& reply) {
    PathMtuOptions options;
    const std::uint32_t spi = request.sa(endpoint_.sas());
    options.most = request.number("most", options.most, 64, regs::kMaxFrameBytes);
    options.timeout = request.nanoseconds("timeout_ns", options.timeout);
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    return mtus_.add(client, spi, options, reply);
  }

  Result<void> watch(std::uint64_t client, Request&, const Reply& reply) {
    reply({{"sas", all_sas()}}, false);
    watchers_.insert_or_assign(client, reply);
    return {};
  }

  Endpoint& endpoint_;
  PingJobs pings_;
  MtuJobs mtus_;
  std::map<std::uint64_t, Reply> watchers_;
  std::function<void(const std::string&)> log_;
  KernelSaSettings kernel_settings_;
  kernel::EndpointTarget kernel_target_;
  std::vector<LivenessChange> untold_;         // while kernel_ is to be looked at first
  std::unique_ptr<kernel::KernelSas> kernel_;  // nullptr: nobody has asked for SAs of the kernel
};

Service::Service(Endpoint& endpoint) : impl_(std::make_unique<Impl>(endpoint)) {}
Service::~Service() = default;
void Service::handle(std::uint64_t client, const Json& request, Reply reply) { impl_->handle(client, request, reply); }
void Service::forget(std::uint64_t client) { impl_->forget(client); }
void Service::set_log(std::function<void(const std::string& line)> log) { impl_->set_log(std::move(log)); }
void Service::set_kernel_settings(KernelSaSettings settings) { impl_->set_kernel_settings(std::move(settings)); }
Result<void> Service::follow_kernel() { return impl_->follow_kernel(); }
Result<void> Service::poll() { return impl_->poll(); }
std::optional<std::uint64_t> Service::next_due() const { return impl_->next_due(); }
std::vector<int> Service::event_descriptors() const { return impl_->event_descriptors(); }
std::chrono::nanoseconds Service::longest_sleep() const { return impl_->longest_sleep(); }

}  // namespace sapulse::service
