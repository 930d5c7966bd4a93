// SPDX-License-Identifier: Apache-2.0
#include "sapulse/config.h"

namespace sapulse {

Result<void> Config::apply(Card& card_to_program, SaManager& sa_manager) const {
  // SAs first: a card that answered without them would report the peers' SPIs as unknown.
  return sa_manager.add(std::span(sas)).and_then([&] { return card_to_program.configure(card); });
}

Endpoint::Endpoint(std::unique_ptr<Card> card, const Config& config, const ErrorResponderOptions& responder_options)
    : card_(std::move(card)), sas_(*card_, config.secret), errors_(*card_, sas_, responder_options) {}

Result<std::unique_ptr<Endpoint>> Endpoint::open(Device& device, const Config& config, const CardOptions& card_options,
                                                 const ErrorResponderOptions& responder_options) {
  auto card = Card::open(device, card_options);
  if (!card) return tl::unexpected(card.error());
  std::unique_ptr<Endpoint> endpoint(new Endpoint(std::move(*card), config, responder_options));
  if (auto applied = config.apply(*endpoint->card_, endpoint->sas_); !applied) return tl::unexpected(applied.error());
  return endpoint;
}

}  // namespace sapulse
