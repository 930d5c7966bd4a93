// SPDX-License-Identifier: Apache-2.0
#include "service.h"

#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "held_changes.h"
#include "json_values.h"
#include "kernel_sas.h"
#include "list_jobs.h"
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

/// As those of the kernel are told: it is the inbound half that is named.
Json to_json(const RefusedSa& refused) {
  const SaInfo& sa = refused.sa;
  return {{"netns", ""},
          {"name", sa.name},
          {"source", sa.peer.to_string()},
          {"destination", sa.local.to_string()},
          {"spi", sa.spi_in},
          {"protocol", IPPROTO_ESP},
          {"reqid", 0},
          {"reason", "stored, but cannot be installed: " + refused.reason}};
}

std::string text_of_version(const CardInfo& info) {
  return fmt::format("{}.{}.{}", info.version_major, info.version_minor, info.version_patch);
}

}  // namespace

Json error_line(const Error& error) { return {{"error", {{"code", name(error.code)}, {"message", error.message}}}}; }

class Service::Impl {
 public:
  explicit Impl(Endpoint& endpoint)
      : endpoint_(endpoint), lists_(endpoint), pings_(endpoint), mtus_(endpoint), kernel_target_(endpoint) {
    endpoint_.monitor().set_handler([this](const LivenessChange& change) {
      if (kernel_) {
        held_.hold(change);
      } else {
        tell(change);
      }
    });
    endpoint_.follower().set_handler([this](const PeerMove& move) { log(LogLevel::info, to_line(move)); });
  }

  ~Impl() {
    endpoint_.monitor().set_handler({});
    endpoint_.follower().set_handler({});
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void handle(std::uint64_t client, const Json& json, const Reply& reply, Access access) {
    Request request(json);
    const std::string command = request.mistake() ? "" : request.text("command");
    if (const auto& mistake = request.mistake()) return reply(error_line(*mistake), true);
    for (const auto& [known, needed, run] : commands()) {
      if (known != command) continue;
      if (access < needed) return reply(error_line(not_allowed(command)), true);
      if (auto done = (this->*run)(client, request, reply); !done) reply(error_line(done.error()), true);
      return;
    }
    reply(error_line({Errc::invalid_argument, fmt::format("command: '{}' is not known", command)}), true);
  }

  void forget(std::uint64_t client) {
    lists_.forget(client);
    pings_.forget(client);
    mtus_.forget(client);
    watchers_.erase(client);
  }

  void set_elsewhere(std::vector<IpAddress> addresses) { kernel_target_.set_elsewhere(std::move(addresses)); }

  [[nodiscard]] bool has_sa(const std::string& sa) const {
    const Json json{{"sa", sa}};
    Request request(json);
    (void)request.sa(endpoint_.sas());
    const std::optional<Error>& mistake = request.mistake();
    return !mistake || mistake->code != Errc::not_found;
  }

  void run_beside(const std::function<void()>& work) { endpoint_.run_beside(work); }
  void set_log(Log log) { log_ = std::move(log); }
  void set_observer(std::function<void(const LivenessChange&)> observer) { observer_ = std::move(observer); }
  void set_ping_time(std::chrono::nanoseconds time) { ping_time_ = time; }

  Result<void> poll() {
    const auto polled = endpoint_.poll();
    if (!polled) return tl::unexpected(polled.error());
    if (kernel_) {
      held_.mark();
      if (auto followed = kernel_->poll(); !followed) return followed;
      for (const LivenessChange& change : held_.release(endpoint_.monitor(), kernel_->is_behind())) tell(change);
    }
    lists_.poll();
    return pings_.poll();
  }
  [[nodiscard]] std::optional<std::uint64_t> next_due() const { return pings_.next_due(); }
  [[nodiscard]] std::vector<int> event_descriptors() const {
    return kernel_ ? kernel_->event_descriptors() : std::vector<int>();
  }
  [[nodiscard]] std::chrono::nanoseconds longest_sleep() const {
    if (lists_.has_work() || held_.has_unmarked()) return std::chrono::nanoseconds(0);
    const auto due = kernel_ ? kernel_->next_due() : std::nullopt;
    if (!due) return std::chrono::nanoseconds::max();
    return std::max(std::chrono::nanoseconds(0), *due - std::chrono::steady_clock::now());
  }

  void set_config(Config config, std::function<Result<Config>()> read_again) {
    config_ = std::move(config);
    read_again_ = std::move(read_again);
  }

  Result<Reloaded> reload() {
    if (!read_again_) return failure(Errc::unsupported, "there is no configuration that could be read again");
    Result<Config> read;
    run_beside([&] { read = read_again_(); });
    if (!read) return tl::unexpected(read.error());
    auto reloaded = service::reload(endpoint_, config_, *read);
    if (!reloaded) return reloaded;
    // SAs of the kernel that are installed stay as they are.
    auto opened = kernel_ ? open_kernel(read->kernel) : Result<void>();
    if (!opened) return tl::unexpected(opened.error());
    config_ = std::move(*read);
    return reloaded;
  }

  Result<void> follow_kernel() { return kernel_ ? Result<void>() : open_kernel(config_.kernel); }

 private:
  Result<void> open_kernel(const KernelSaSettings& settings) {
    auto opened = kernel::KernelSas::open(kernel_target_, settings);
    if (!opened) return tl::unexpected(opened.error());
    kernel_ = std::move(*opened);
    kernel_->set_log([this](const std::string& line) { log(LogLevel::info, line); });
    // The kernel has told what of these there still is.
    std::vector<std::uint32_t> stored;
    for (const RefusedSa& refused : endpoint_.sas().refused()) stored.push_back(refused.sa.spi_in);
    return endpoint_.sas().remove(stored);
  }

  void log(LogLevel level, const std::string& line) const {
    if (log_) log_(level, line);
  }

  void tell(const LivenessChange& change) {
    const bool is_bad = change.to == Liveness::suspect || change.to == Liveness::down || change.to == Liveness::lost;
    log(is_bad ? LogLevel::warning : LogLevel::info, to_line(change));
    if (observer_) observer_(change);
    for (const auto& [client, reply] : watchers_) reply({{"change", to_json(change)}}, false);
  }

  struct Command {
    std::string_view name;
    Access access;
    Result<void> (Impl::*run)(std::uint64_t client, Request& request, const Reply& reply);
  };
  static std::span<const Command> commands() {
    static constexpr std::array<Command, 13> kAll{{{"info", Access::watch, &Impl::info},
                                                   {"stats", Access::watch, &Impl::stats},
                                                   {"sa-list", Access::watch, &Impl::list_sas},
                                                   {"sa-status", Access::watch, &Impl::status},
                                                   {"sa-unwatched", Access::watch, &Impl::list_unwatched},
                                                   {"watch", Access::watch, &Impl::watch},
                                                   {"sa-add", Access::change, &Impl::add_sas},
                                                   {"sa-import-kernel", Access::change, &Impl::import_kernel},
                                                   {"sa-del", Access::change, &Impl::delete_sa},
                                                   {"sa-admin", Access::change, &Impl::set_admin},
                                                   {"ping", Access::change, &Impl::ping},
                                                   {"mtu", Access::change, &Impl::search_mtu},
                                                   {"reload", Access::change, &Impl::reload_config}}};
    return kAll;
  }
  static Error not_allowed(const std::string& command) {
    return {Errc::invalid_argument, fmt::format("{}: you may only look: it takes the group that may change", command)};
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

  /// All that is known of one SA at this moment.
  Result<void> status(std::uint64_t, Request& request, const Reply& reply) {
    const std::uint32_t spi = request.sa(endpoint_.sas());
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    Json entry = with_liveness(endpoint_, *endpoint_.sas().find(spi));
    const auto statistics = endpoint_.sas().statistics(spi);
    if (!statistics) return tl::unexpected(statistics.error());
    entry["statistics"] = to_json(*statistics);
    entry["probe"] = nullptr;
    if (endpoint_.monitor().find(spi)) {
      const auto probe = endpoint_.monitor().probe_status(spi);
      if (!probe) return tl::unexpected(probe.error());
      entry["probe"] = to_json(*probe);
    }
    reply({{"status", entry}}, true);
    return {};
  }

  Result<void> list_sas(std::uint64_t client, Request&, const Reply& reply) {
    lists_.add(client, true, reply);
    return {};
  }

  Result<void> list_unwatched(std::uint64_t, Request&, const Reply& reply) {
    Json all = Json::array();
    for (const RefusedSa& sa : endpoint_.sas().refused()) all.push_back(to_json(sa));
    if (kernel_) {
      for (const kernel::UnwatchedSa& sa : kernel_->unwatched()) all.push_back(to_json(sa));
    }
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
      return failure(Errc::invalid_argument, file + ": others may read its keys: chmod o-rwx");
    }
    const auto next = endpoint_.store() != nullptr || is_simulated ? NextField::allowed : NextField::refused;
    Result<Config> config;
    endpoint_.run_beside([&] { config = parse_config(text, file, endpoint_.sas().capacity(), next); });
    zeroise(std::as_writable_bytes(std::span(text)));
    if (!config) return tl::unexpected(config.error());
    const std::span sas(config->sas);
    if (auto good = check_names(sas).and_then([&] { return check_local(sas); }); !good) return good;
    return (replace ? endpoint_.sas().put(sas) : endpoint_.sas().add(sas)).map([&] {
      reply({{"added", config->sas.size()}}, true);
    });
  }

  /// A name that several SAs have names none of them; a file has each once. SAs that are replaced may keep theirs.
  Result<void> check_names(std::span<const SaParameters> sas) const {
    std::unordered_map<std::string_view, std::uint32_t> owners;  // inbound SPIs
    for (const SaParameters& sa : sas) owners.emplace(sa.name, sa.in.spi);
    for (std::uint32_t number = 0; number < endpoint_.sas().capacity(); ++number) {
      const SaInfo* sa = endpoint_.sas().find_number(number);
      if (sa == nullptr) continue;
      const auto owner = owners.find(sa->name);
      if (owner == owners.end() || owner->second == sa->spi_in) continue;
      return failure(Errc::exists,
                     fmt::format("SA '{}': the SA with inbound SPI {:#x} is called so, too", sa->name, sa->spi_in));
    }
    return {};
  }

  /// The card answers for its own addresses only.
  Result<void> check_local(std::span<const SaParameters> sas) const {
    const auto& own = endpoint_.card().config().local;
    for (const SaParameters& sa : sas) {
      if (std::ranges::find(own, sa.local) != own.end()) continue;
      return failure(Errc::invalid_argument,
                     fmt::format("SA '{}': local {} is not one of the addresses that the card answers "
                                 "for",
                                 sa.name, sa.local.to_string()));
    }
    return {};
  }

  Result<void> reload_config(std::uint64_t, Request&, const Reply& reply) {
    return reload().map([&](const Reloaded& done) {
      reply({{"reloaded",
              {{"added", done.added},
               {"rekeyed", done.rekeyed},
               {"adjusted", done.adjusted},
               {"kept", done.kept},
               {"removed", done.removed}}}},
            true);
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
    series.options.timeout = request.nanoseconds("timeout_ns", ping_time_);
    series.count = request.number("count", 1, 1, kMostPings);
    series.interval = request.nanoseconds("interval_ns", ping_time_);
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    pings_.add(std::move(series));
    return {};
  }

  Result<void> search_mtu(std::uint64_t client, Request& request, const Reply& reply) {
    PathMtuOptions options;
    const std::uint32_t spi = request.sa(endpoint_.sas());
    options.most = request.number("most", options.most, 64, regs::kMaxFrameBytes);
    options.timeout = request.nanoseconds("timeout_ns", ping_time_);
    if (const auto& mistake = request.mistake()) return tl::unexpected(*mistake);
    return mtus_.add(client, spi, options, reply);
  }

  Result<void> watch(std::uint64_t client, Request&, const Reply& reply) {
    watchers_.insert_or_assign(client, reply);
    lists_.add(client, false, reply);
    return {};
  }

  Endpoint& endpoint_;
  ListJobs lists_;
  PingJobs pings_;
  MtuJobs mtus_;
  std::map<std::uint64_t, Reply> watchers_;
  Log log_;
  std::function<void(const LivenessChange&)> observer_;
  std::chrono::nanoseconds ping_time_ = std::chrono::seconds(1);
  Config config_;
  std::function<Result<Config>()> read_again_;
  kernel::EndpointTarget kernel_target_;
  HeldChanges held_;                           // while kernel_ is to be looked at first
  std::unique_ptr<kernel::KernelSas> kernel_;  // nullptr: nobody has asked for SAs of the kernel
};

Service::Service(Endpoint& endpoint) : impl_(std::make_unique<Impl>(endpoint)) {}
Service::~Service() = default;
void Service::handle(std::uint64_t client, const Json& request, Reply reply, Access access) {
  impl_->handle(client, request, reply, access);
}
void Service::forget(std::uint64_t client) { impl_->forget(client); }
void Service::set_elsewhere(std::vector<IpAddress> addresses) { impl_->set_elsewhere(std::move(addresses)); }
bool Service::has_sa(const std::string& sa) const { return impl_->has_sa(sa); }
void Service::run_beside(const std::function<void()>& work) { impl_->run_beside(work); }
void Service::set_log(Log log) { impl_->set_log(std::move(log)); }
void Service::set_observer(std::function<void(const LivenessChange& change)> observer) {
  impl_->set_observer(std::move(observer));
}
void Service::set_ping_time(std::chrono::nanoseconds time) { impl_->set_ping_time(time); }
void Service::set_config(Config config, std::function<Result<Config>()> read_again) {
  impl_->set_config(std::move(config), std::move(read_again));
}
Result<Reloaded> Service::reload() { return impl_->reload(); }
Result<void> Service::follow_kernel() { return impl_->follow_kernel(); }
Result<void> Service::poll() { return impl_->poll(); }
std::optional<std::uint64_t> Service::next_due() const { return impl_->next_due(); }
std::vector<int> Service::event_descriptors() const { return impl_->event_descriptors(); }
std::chrono::nanoseconds Service::longest_sleep() const { return impl_->longest_sleep(); }

}  // namespace sapulse::service
