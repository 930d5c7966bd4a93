// SPDX-License-Identifier: Apache-2.0
#include "kernel_sas.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "network_namespace.h"
#include "update_pause.h"

namespace sapulse::kernel {
namespace {

using Clock = std::chrono::steady_clock;

// For an IKE daemon to add again what it has deleted because the peer has moved.
constexpr auto kMovePause = std::chrono::seconds(1);
// Between two questions to charon at least; one that takes longer to answer is asked less often.
constexpr auto kLeastPause = std::chrono::seconds(1);
constexpr int kPausePerAnswer = 10;
// After a change charon is asked twice: what it has only just installed it may not list yet.
constexpr int kQuestionsPerChange = 2;

std::set<NextHops::Ends> ends_of(const Pairing& pairing) {
  std::set<NextHops::Ends> ends;
  for (const SaPair& pair : pairing.pairs) ends.emplace(pair.local(), pair.current_peer());
  return ends;
}

}  // namespace

KernelSas::KernelSas(SaTarget& target, const KernelSaSettings& settings)
    : target_(target), follower_(target, settings) {
  for (const std::string& socket : settings.vici) {
    charons_.push_back({.client = vici::Client(socket)});
  }
}

Result<std::unique_ptr<KernelSas>> KernelSas::open(SaTarget& target, KernelSaSettings settings) {
  std::unique_ptr<KernelSas> opened(new KernelSas(target, settings));
  Result<void> done;
  target.run_beside([&] {
    for (const std::string& name : settings.namespaces) {
      if (!done) return;
      done = in_network_namespace(name, [&] { return opened->open_namespace(name, settings.line); });
    }
  });
  if (!done) return tl::unexpected(done.error());
  done = opened->update(Clock::now());
  if (!done) return tl::unexpected(done.error());
  return opened;
}

Result<void> KernelSas::open_namespace(const std::string& name, const std::string& line) {
  auto xfrm = XfrmSource::open();
  if (!xfrm) return tl::unexpected(xfrm.error());
  return NextHops::open(line).map([&](NextHops&& hops) {
    namespaces_.push_back(std::make_unique<Namespace>(
        Namespace{.name = name, .xfrm = std::move(*xfrm), .hops = std::move(hops), .pairing = {}}));
  });
}

void KernelSas::log_complaints() {
  for (const std::string& line : std::exchange(complaints_, {})) {
    if (log_) log_(line);
  }
}

Result<bool> KernelSas::poll_namespace(Namespace& place) {
  if (auto polled = place.xfrm.poll(); !polled) return tl::unexpected(polled.error());
  for (std::string& complaint : place.xfrm.take_complaints()) complaints_.push_back(std::move(complaint));
  const bool changed = place.xfrm.state().version() != place.version;
  return place.hops.poll().map([&](bool moved) { return changed || moved; });
}

void KernelSas::complain(Charon& charon, const std::string& what) {
  if (std::exchange(charon.complaint, what) != what) complaints_.push_back("no names of SAs from charon: " + what);
}

bool KernelSas::take_names(Charon& charon, const std::vector<vici::ChildSa>& children, Clock::time_point now) {
  charon.complaint.clear();
  charon.next = now + std::max<Clock::duration>(kLeastPause, kPausePerAnswer * (now - charon.asked));
  PairNames names;
  for (const vici::ChildSa& child : children) names.emplace(std::pair(child.spi_in, child.spi_out), child.name);
  const bool changed = names != charon.names;
  charon.names = std::move(names);
  return changed;
}

bool KernelSas::poll_charon(Charon& charon, Clock::time_point now) {
  const auto answer = charon.client.poll();
  if (!answer) {
    complain(charon, answer.error().message);
  } else if (const auto& children = *answer) {
    return take_names(charon, *children, now);
  }
  if (charon.questions == 0 || charon.client.is_asking() || now < charon.next) return false;
  --charon.questions;
  charon.asked = now;
  charon.next = now + kLeastPause;
  // Where no charon runs there is nobody to ask.
  if (const auto asked = charon.client.ask(); !asked && asked.error().code != Errc::not_found) {
    complain(charon, asked.error().message);
  }
  return false;
}

PairNames KernelSas::all_names() const {
  PairNames names;
  for (const Charon& charon : charons_) names.insert(charon.names.begin(), charon.names.end());
  return names;
}

bool KernelSas::has_news(Clock::time_point now) const {
  if (const auto due = next_listening(); due && *due <= now) return true;
  std::vector<pollfd> told;
  for (const int descriptor : event_descriptors()) told.push_back({descriptor, POLLIN, 0});
  return ::poll(told.data(), told.size(), 0) > 0;
}

Result<void> KernelSas::listen(Clock::time_point now) {
  for (const auto& place : namespaces_) {
    const auto polled = poll_namespace(*place);
    if (!polled) return tl::unexpected(polled.error());
    changed_ = changed_ || *polled;
    if (const auto moved = place->xfrm.state().last_move()) next_update_ = std::max(next_update_, *moved + kMovePause);
    if (!*polled) continue;
    for (Charon& charon : charons_) charon.questions = kQuestionsPerChange;
  }
  for (Charon& charon : charons_) changed_ = poll_charon(charon, now) || changed_;
  return {};
}

Result<void> KernelSas::poll() {
  const auto now = Clock::now();
  if (has_news(now)) {
    Result<void> listened;
    target_.run_beside([&] { listened = listen(now); });
    log_complaints();
    if (!listened) return listened;
  }
  const auto due = follower_.next_update();
  if (!changed_ && (!due || now < *due)) return {};
  return now < next_update_ ? Result<void>() : update(now);
}

std::vector<int> KernelSas::event_descriptors() const {
  std::vector<int> descriptors;
  for (const auto& place : namespaces_) {
    descriptors.push_back(place->xfrm.descriptor());
    descriptors.push_back(place->hops.descriptor());
  }
  for (const Charon& charon : charons_) {
    if (charon.client.is_asking()) descriptors.push_back(charon.client.descriptor());
  }
  return descriptors;
}

std::optional<Clock::time_point> KernelSas::next_due() const {
  std::optional<Clock::time_point> due = next_listening();
  const auto at = [&](Clock::time_point time) { due = std::min(due.value_or(time), time); };
  if (changed_) at(next_update_);
  if (const auto update = follower_.next_update()) at(std::max(*update, next_update_));
  return due;
}

std::optional<Clock::time_point> KernelSas::next_listening() const {
  std::optional<Clock::time_point> due;
  const auto at = [&](Clock::time_point time) { due = std::min(due.value_or(time), time); };
  for (const auto& place : namespaces_) {
    if (place->hops.is_behind()) at(Clock::time_point());
  }
  for (const Charon& charon : charons_) {
    if (charon.questions > 0 && !charon.client.is_asking()) at(charon.next);
  }
  return due;
}

KernelPairs KernelSas::pair() {
  KernelPairs pairs{.namespaces = {}, .names = all_names()};
  std::vector<KnownPair> known;
  for (const auto& [spis, name] : pairs.names) known.push_back({.spi_in = spis.first, .spi_out = spis.second});
  for (const auto& place : namespaces_) {
    place->version = place->xfrm.state().version();
    place->pairing = pair_sas(place->xfrm.state(), place->hops.local(), known, place->pairing.partners);
    place->hops.retain(ends_of(place->pairing));
    pairs.namespaces.push_back({.name = place->name,
                                .pairing = &place->pairing,
                                .next_hop = [&hops = place->hops](const IpAddress& local, const IpAddress& peer) {
                                  return hops.find(local, peer);
                                }});
  }
  return pairs;
}

Result<void> KernelSas::update(Clock::time_point now) {
  auto done = follower_.update([this] { return pair(); }, now);
  changed_ = false;
  const auto end = Clock::now();
  next_update_ = end + pause_after_update(end - now);
  return done;
}

}  // namespace sapulse::kernel
