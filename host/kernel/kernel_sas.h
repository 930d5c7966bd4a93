// SPDX-License-Identifier: Apache-2.0
// SAs of the kernel on a card: everything of this folder together.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "follower.h"
#include "next_hops.h"
#include "pairing.h"
#include "sa_target.h"
#include "sapulse/error.h"
#include "sapulse/kernel_sas.h"
#include "vici_client.h"
#include "xfrm_source.h"

namespace sapulse::kernel {

/// Reads the SAs of all network namespaces of the settings, and follows them. What the kernel and charon tell is read
/// and compared beside the target's probes. Not thread-safe; the target must outlive it.
class KernelSas {
 public:
  using Log = std::function<void(const std::string& line)>;

  /// Installs what there is. Errors: not_found (a network namespace), io_error (among others for lack of
  /// CAP_NET_ADMIN), those of the target.
  static Result<std::unique_ptr<KernelSas>> open(SaTarget& target, KernelSaSettings settings);

  /// Told about what an operator may want to know and what is no error.
  void set_log(Log log) { log_ = std::move(log); }
  /// Does what has become due; does not wait. Errors: as open().
  Result<void> poll();

  /// Something that the kernel has told is not done yet: many SAs change at once.
  [[nodiscard]] bool is_behind() const { return changed_; }

  /// For event loops: poll() has something to do when one of these is readable,
  [[nodiscard]] std::vector<int> event_descriptors() const;
  /// or when this time has come; nothing: never.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_due() const;

  [[nodiscard]] const std::vector<UnwatchedSa>& unwatched() const { return follower_.unwatched(); }
  [[nodiscard]] std::size_t size() const { return follower_.size(); }

 private:
  struct Namespace {
    std::string name;
    XfrmSource xfrm;
    NextHops hops;
    std::uint64_t version = 0;  // of the state that has been paired
    Pairing pairing;
  };
  struct Charon {
    vici::Client client;
    PairNames names{};
    std::chrono::steady_clock::time_point asked{};
    std::chrono::steady_clock::time_point next{};  // not to be asked before
    int questions = 1;                             // to be asked
    std::string complaint{};                       // the last one, since it has answered
  };

  KernelSas(SaTarget& target, const KernelSaSettings& settings);
  Result<void> open_namespace(const std::string& name, const std::string& line);
  /// When there is something to listen to though nothing has come.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_listening() const;
  /// Whether there is something to listen to.
  [[nodiscard]] bool has_news(std::chrono::steady_clock::time_point now) const;
  /// Takes what kernel and charon have told.
  Result<void> listen(std::chrono::steady_clock::time_point now);
  Result<bool> poll_namespace(Namespace& place);
  /// Once, until it answers again.
  void complain(Charon& charon, const std::string& what);
  /// Whether they are others than before.
  static bool take_names(Charon& charon, const std::vector<vici::ChildSa>& children,
                         std::chrono::steady_clock::time_point now);
  bool poll_charon(Charon& charon, std::chrono::steady_clock::time_point now);
  [[nodiscard]] KernelPairs pair();
  Result<void> update(std::chrono::steady_clock::time_point now);
  [[nodiscard]] PairNames all_names() const;
  void log_complaints();

  SaTarget& target_;
  Follower follower_;
  std::vector<std::unique_ptr<Namespace>> namespaces_;
  std::vector<Charon> charons_;
  bool changed_ = false;                                 // since the last update
  std::chrono::steady_clock::time_point next_update_{};  // not before
  std::vector<std::string> complaints_;                  // to be logged
  Log log_;
};

}  // namespace sapulse::kernel
