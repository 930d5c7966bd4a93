// SPDX-License-Identifier: Apache-2.0
// A card made of software in the memory of this process, with a peer, in real time.
#pragma once

#include <memory>
#include <thread>

#include "local_card.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::command {

/// A card that is joined by a cable to a second one, which has the other ends of all SAs and answers for all peers; a
/// thread does what its host has to.
class ModelCard final : public LocalCard {
 public:
  /// Errors: those of open_joined_models() and Endpoint::open(); io_error.
  static Result<std::unique_ptr<LocalCard>> open(const LocalCardOptions& options, Config config);
  ~ModelCard() override;

  [[nodiscard]] Endpoint& endpoint() override { return *endpoint_; }
  Result<void> close() override;

 private:
  ModelCard() = default;
  void serve_peer();
  void stop_peer();

  std::unique_ptr<Device> device_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<Device> peer_device_;
  std::unique_ptr<Endpoint> peer_;
  std::function<void(const std::string&)> report_;
  FileDescriptor stop_;
  std::thread thread_;
};

}  // namespace sapulse::command
