// SPDX-License-Identifier: Apache-2.0
#include "control_channel.h"

#include <sys/socket.h>

#include <array>
#include <sstream>

namespace sapulse::sim {

void ControlChannel::attend(Card& card) {
  std::array<char, 512> block{};
  const ssize_t size = recv(socket_, block.data(), block.size(), MSG_DONTWAIT);
  if (size <= 0) return;
  received_.append(block.data(), static_cast<std::size_t>(size));
  for (auto end = received_.find('\n'); end != std::string::npos; end = received_.find('\n')) {
    const std::string reply = answer(card, received_.substr(0, end)) + "\n";
    received_.erase(0, end + 1);
    (void)::send(socket_, reply.data(), reply.size(), MSG_NOSIGNAL);
  }
}

std::string ControlChannel::answer(Card& card, const std::string& line) const {
  std::istringstream text(line);
  std::string request;
  text >> request;
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  const auto handler = handlers_.find(request);
  return handler == handlers_.end() ? "unknown request" : handler->second(card, words);
}

}  // namespace sapulse::sim
