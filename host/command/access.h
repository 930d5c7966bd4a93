// SPDX-License-Identifier: Apache-2.0
// How a subcommand gets at a card: through a running service, or by opening the card itself.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "capture_option.h"
#include "command_line.h"
#include "local_card.h"
#include "service.h"

namespace sapulse::command {

/// SAs of the largest card that there is.
inline constexpr std::size_t kLargestCapacity = 65536;

/// Options that name the card.
struct AccessOptions {
  std::string socket;         ///< of a service; used if no --sas is given
  bool names_socket = false;  ///< --socket is given
  std::string named;          ///< of its cards, the one that is meant; empty: see service::CardRouter
  std::string sas;            ///< configuration: open the card here and now
  std::string state;
  std::string capture;                                 ///< file; only of a card that is opened here and now
  std::optional<DeviceAddress> device;                 ///< named on the command line
  LocalCardOptions card;                               ///< but for the device
  std::optional<std::chrono::nanoseconds> patience{};  ///< for the whole answer; absent: for ever

  /// Adds the options; parsing fills this object.
  void add_to(Command& command);
  /// Adds those of them that say with what a configuration is meant to work.
  void add_device_options(Command& command);
  /// Adds the one that is for `--device sim` only.
  void add_simulator_option(Command& command);
  /// Adds only that of a running service.
  void add_socket_option(Command& command);
  /// The card that is meant: named on the command line, else by the configuration, else a model in memory.
  /// Errors: those of DeviceAddress::parse().
  [[nodiscard]] Result<DeviceAddress> device_of(const Config& config) const;
  /// Reads the configuration. Errors: those of load_config(), device_of() and check_key_file().
  [[nodiscard]] Result<Config> read_config() const;
  /// nullptr if none is asked for. Errors: invalid_argument (the card is none of software), those of
  /// command::open_capture().
  [[nodiscard]] Result<std::unique_ptr<capture::TrafficCapture>> open_capture(const Config& config) const;
  /// `capture` outlives the card; may be null. Errors: those of LocalCard::open().
  [[nodiscard]] Result<std::unique_ptr<LocalCard>> open_card(const Config& config,
                                                             capture::TrafficCapture* capture) const;
};

/// A service on a card that these options have opened with `config`. Takes the SAs of the kernel if it says so. Errors:
/// those of Service::follow_kernel().
Result<std::unique_ptr<service::Service>> make_service(const AccessOptions& options, LocalCard& card, Config config,
                                                       std::vector<IpAddress> elsewhere = {});

/// Takes a line of an answer; false: the rest is not wanted.
using LineHandler = std::function<bool(const service::Json& line)>;

/// Who is attended to while an answer is awaited.
struct Beside {
  int descriptor = -1;         ///< for poll()
  std::function<bool()> take;  ///< it may be readable; false: the rest of the answer is not wanted
  std::function<void()> idle;  ///< nothing more has come for now
};

/// Sends a request to the card that the options name and hands on the lines of the answer, to the last one. An answer
/// that is an error is returned as one; what a card of several does not answer, because it has failed, is complained
/// of. Errors: those of the service, not_found (no service), those of opening the card, timeout. `beside`: nullptr if
/// there is nobody.
Result<void> ask(const AccessOptions& options, const service::Json& request, const LineHandler& handler,
                 const Beside* beside = nullptr);

}  // namespace sapulse::command
