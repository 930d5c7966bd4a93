// SPDX-License-Identifier: Apache-2.0
#include "keyboard.h"

#include <unistd.h>

#include <array>
#include <utility>

namespace sapulse::command {
namespace {

using Sequence = std::pair<std::string_view, Key>;
constexpr std::array<Sequence, 21> kKeys{{
    {"\033[A", Key::up},       {"\033OA", Key::up},   {"k", Key::up},
    {"\033[B", Key::down},     {"\033OB", Key::down}, {"j", Key::down},
    {"\033[5~", Key::page_up}, {"b", Key::page_up},   {"\033[6~", Key::page_down},
    {" ", Key::page_down},     {"\033[H", Key::home}, {"\033OH", Key::home},
    {"\033[1~", Key::home},    {"g", Key::home},      {"\033[F", Key::end},
    {"\033OF", Key::end},      {"\033[4~", Key::end}, {"G", Key::end},
    {"s", Key::sort},          {"q", Key::quit},      {"Q", Key::quit},
}};

/// Bytes of what stands first: one, or a control sequence.
std::size_t first_length(std::string_view typed) {
  if (typed.size() < 3 || typed[0] != '\033' || (typed[1] != '[' && typed[1] != 'O')) return 1;
  const std::size_t last = typed.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz~", 2);
  return last == std::string_view::npos ? typed.size() : last + 1;
}

}  // namespace

std::vector<Key> keys_of(std::string_view typed) {
  std::vector<Key> keys;
  while (!typed.empty()) {
    const std::string_view first = typed.substr(0, first_length(typed));
    for (const auto& [sequence, key] : kKeys) {
      if (first == sequence) keys.push_back(key);
    }
    typed.remove_prefix(first.size());
  }
  return keys;
}

std::unique_ptr<Keyboard> Keyboard::open() {
  termios before{};
  // Whoever is in the background would be stopped.
  if (::tcgetattr(STDIN_FILENO, &before) != 0 || ::tcgetpgrp(STDIN_FILENO) != ::getpgrp()) return nullptr;
  termios raw = before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;  // reading does not wait
  raw.c_cc[VTIME] = 0;
  if (::tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0) return nullptr;
  return std::unique_ptr<Keyboard>(new Keyboard(before));
}

Keyboard::~Keyboard() { ::tcsetattr(STDIN_FILENO, TCSANOW, &before_); }

int Keyboard::descriptor() { return STDIN_FILENO; }

std::vector<Key> Keyboard::take() {
  std::array<char, 256> typed;
  const ssize_t size = ::read(STDIN_FILENO, typed.data(), typed.size());
  return size > 0 ? keys_of({typed.data(), static_cast<std::size_t>(size)}) : std::vector<Key>();
}

}  // namespace sapulse::command
