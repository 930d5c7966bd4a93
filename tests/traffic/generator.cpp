// SPDX-License-Identifier: Apache-2.0
// The generator's tools and its good frames.
#include "generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace sapulse::traffic {

namespace {

constexpr std::size_t kReplayMemory = 64;
constexpr std::size_t kSkippedMemory = 40;
constexpr Mac kUnconfigured = {0x02, 0xaa, 0, 0, 0, 1};  ///< where the card takes any
constexpr Mac kNetworkSide = {0x02, 0xaa, 0, 0, 0, 2};

}  // namespace

/// Sizes of an SA's keying material, bytes.
struct Cipher {
  std::size_t key;
  std::size_t salt;
  std::size_t integrity;
};

// AES-GCM-128, AES-GCM-256, AES-CBC-256 with HMAC-SHA-256; the fourth is used plain.
constexpr std::array<Cipher, 4> kCiphers = {{{16, 4, 0}, {32, 4, 0}, {32, 0, 32}, {16, 4, 0}}};

Config sample_config(std::uint64_t seed, unsigned sas) {
  Random random(seed);
  Config config;
  config.local = {parse_address("192.0.2.1"), parse_address("2001:db8::1")};
  config.secret = random.bytes(32);
  config.macs = {parse_mac("02:aa:bb:cc:dd:01"), parse_mac("02:aa:bb:cc:dd:02")};
  config.reserved = {{9, Action::drop}, {10, Action::host}};
  for (unsigned i = 0; i < sas; ++i) {
    const bool v6 = i % 3 == 2;
    const Cipher& cipher = kCiphers.at(i % kCiphers.size());
    Association sa;
    sa.name = fmt::format("peer{}", i);
    sa.local = config.local[v6 ? 1 : 0];
    sa.peer = parse_address(fmt::format("{}{}", v6 ? "2001:db8:100::" : "198.51.100.", i % 250 + 1));
    // The index keeps SPIs apart; the high half makes them look like negotiated ones.
    sa.in = {.spi = static_cast<std::uint32_t>(random.between(1, 0xfffe) << 16 | i), .key = random.bytes(cipher.key)};
    sa.out = {.spi = static_cast<std::uint32_t>(random.between(1, 0xfffe) << 16 | i), .key = random.bytes(cipher.key)};
    for (Direction* half : {&sa.in, &sa.out}) {
      half->salt = random.bytes(cipher.salt);
      half->integrity = random.bytes(cipher.integrity);
    }
    sa.out.next = i % 5 == 4 ? 0xfffffff0ULL : 1 + random.below(1000);  // some cross 2^32
    sa.plain = i % 4 == 3;
    config.sas.push_back(sa);
  }
  return config;
}

Config with_token_nonces(Config config) {
  for (Association& sa : config.sas) {
    sa.token_nonce = {1, 2, 3, 4};
    put32(sa.token_nonce, sa.in.spi);
  }
  return config;
}

Generator::Generator(const Config& config, std::uint64_t seed, Mixture mixture)
    : config_(config), random_(seed), mixture_(mixture), flows_(config.sas.size()) {
  for (std::size_t i = 0; i < flows_.size(); ++i) flows_[i].next = i % 5 == 3 ? 0xfffffff0ULL : 1;
}

const std::vector<Generator::Kind>& Generator::good_table() {
  static const std::vector<Kind> table = {
      {"ping", &Generator::plain_ping, 40},
      {"telemetry ping", &Generator::telemetry_ping, 40},
      {"late ping", &Generator::late_ping, 6},
      {"keepalive", &Generator::keepalive, 4},
      {"clear echo", &Generator::clear_echo, 8},
      {"clear echo with a return SPI", &Generator::echo_with_return_spi, 1},
      {"ping with a token nonce", &Generator::told_token_nonce, 4},
      {"unknown SPI", &Generator::unknown_spi, 2},
      {"reply", &Generator::reply_to_host, 2},
      {"protected error", &Generator::protected_error, 1},
      {"clear error", &Generator::clear_error, 1},
      {"unsupported type", &Generator::unsupported_type, 1},
      {"private type", &Generator::private_type, 1},
      {"reserved SPI for the host", &Generator::host_action, 1},
      {"clear echo reply", &Generator::echo_reply, 1},
  };
  return table;
}

Sample Generator::choose(const std::vector<Kind>& table) {
  std::uint64_t total = 0;
  for (const Kind& kind : table) total += kind.weight;
  if (total == 0) throw std::logic_error("a table of kinds without weights");
  std::uint64_t at = random_.below(total);
  for (const Kind& kind : table) {
    if (at < kind.weight) return {.frame = (this->*kind.make)(), .kind = kind.name};
    at -= kind.weight;
  }
  throw std::logic_error("weights");
}

Sample Generator::named(const std::vector<Kind>& table, const std::string& name) {
  for (const Kind& kind : table) {
    if (name == kind.name) return {.frame = (this->*kind.make)(), .kind = kind.name};
  }
  throw std::invalid_argument("no kind of traffic is called " + name);
}

namespace {

template <class Table>
std::vector<std::string> names(const Table& table) {
  std::vector<std::string> result;
  for (const auto& kind : table) result.emplace_back(kind.name);
  return result;
}

}  // namespace

std::vector<std::string> Generator::good_kinds() { return names(good_table()); }
std::vector<std::string> Generator::customer_kinds() { return names(customer_table()); }
std::vector<std::string> Generator::bad_kinds() { return names(bad_table()); }
Sample Generator::good(const std::string& kind) { return named(good_table(), kind); }
Sample Generator::customer(const std::string& kind) { return named(customer_table(), kind); }
Sample Generator::bad(const std::string& kind) { return named(bad_table(), kind); }

Sample Generator::line() {
  const std::uint64_t roll = random_.below(100);
  if (roll < mixture_.bad_percent) return choose(bad_table());
  if (roll < mixture_.bad_percent + mixture_.customer_percent) return choose(customer_table());
  return choose(good_table());
}

Sample Generator::core() {
  // Gateway to network: the same kinds with the addresses the wrong way round are as good as any.
  Sample sample = choose(customer_table());
  std::swap_ranges(sample.frame.begin(), sample.frame.begin() + 6, sample.frame.begin() + 6);
  return sample;
}

std::uint64_t Generator::take_number(std::size_t sa) {
  Flow& flow = flows_.at(sa);
  if (mixture_.replays && random_.one_in(12)) {
    for (std::uint64_t i = random_.between(1, 20); i > 0; --i) flow.skipped.push_back(flow.next++);
    while (flow.skipped.size() > kSkippedMemory) flow.skipped.pop_front();
  }
  return flow.next++;
}

std::size_t Generator::data_size() {
  if (mixture_.jumbo_one_in != 0 && random_.one_in(mixture_.jumbo_one_in)) return random_.between(0, 9000);
  return random_.between(0, mixture_.max_data);
}

Bytes Generator::echo_data(std::size_t size, bool telemetry) {
  if (!telemetry || size < kTelemetryBytes) return random_.bytes(size);
  return telemetry_request(random_.bits(), random_.bytes(size - kTelemetryBytes));
}

Mac Generator::own_mac() { return config_.macs.empty() ? kUnconfigured : random_.pick(config_.macs); }

Link Generator::link() {
  Link link{.to = own_mac(), .from = kNetworkSide, .tags = {}};
  if (!mixture_.wrappings) return link;
  const std::uint64_t roll = random_.below(8);
  if (roll == 0) link.tags = {static_cast<std::uint32_t>(0x8100'0000U | random_.below(0x10000))};
  if (roll == 1) {
    link.tags = {static_cast<std::uint32_t>(0x88a8'0000U | random_.below(0x10000)),
                 static_cast<std::uint32_t>(0x8100'0000U | random_.below(0x10000))};
  }
  return link;
}

Network Generator::network(const Address& from, const Address& to) {
  Network network{.from = from, .to = to};
  if (!mixture_.wrappings) return network;
  network.dscp = random_.one_in(3) ? random_.below(64) : 0;
  network.ecn = random_.below(4);
  network.hops = random_.between(1, 255);
  network.id = random_.below(0x10000);
  network.fragment = random_.one_in(2) ? 0x4000 : 0;
  if (is_ipv4(to)) {
    if (random_.one_in(6)) network.options = random_.bytes(4 * random_.between(1, 10));
  } else if (random_.one_in(4)) {
    const Protocol type = random_.one_in(2) ? next_hop_by_hop : next_destination_options;
    network.extensions.emplace_back(type, options_header());
    if (random_.one_in(2)) network.extensions.emplace_back(next_destination_options, options_header());
  }
  return network;
}

/// Content of an options header of up to 32 bytes.
Bytes Generator::options_header() { return skipped_options(8 * random_.between(1, 4) - 2); }

/// Options of so many bytes that whoever does not know them skips.
Bytes Generator::skipped_options(std::size_t size) {
  Bytes content;
  while (content.size() < size) {
    const std::size_t room = size - content.size();
    if (room == 1 || random_.one_in(4)) {
      put8(content, 0);  // Pad1
      continue;
    }
    const std::size_t length = random_.below(room - 1);
    put8(content, random_.between(1, 63));
    put8(content, length);
    put(content, random_.bytes(length));
  }
  return content;
}

Wrap Generator::wrap(std::uint32_t spi) {
  Wrap wrap{.spi = spi, .sequence = static_cast<std::uint32_t>(random_.bits())};
  if (!mixture_.wrappings) return wrap;
  const std::uint64_t roll = random_.below(6);
  if (roll == 0) wrap.kind = Encapsulation::ah;
  if (roll > 1) return wrap;
  if (roll == 1) {
    wrap.kind = Encapsulation::udp;
    wrap.to_port = config_.udp_port;
    if (random_.one_in(2)) wrap.from_port = random_.between(1, 0xffff);
  }
  return wrap;
}

Echo Generator::echo() {
  return {.identifier = static_cast<unsigned>(random_.below(0x10000)),
          .sequence = static_cast<unsigned>(random_.below(0x10000)),
          .data = {}};
}

/// Bytes that a receiver must ignore, behind a control message or an IP packet: mostly none.
Bytes Generator::trailer() {
  if (!mixture_.wrappings || !random_.one_in(10)) return {};
  return random_.bytes(random_.between(1, 70));
}

Generator::Draft Generator::draft(const Link& link, const Network& network, const Wrap& wrap, View payload) const {
  Draft draft;
  draft.ip = 14 + 4 * link.tags.size();
  draft.outer = draft.ip + ip_header_bytes(network) + (wrap.kind == Encapsulation::udp ? 8 : 0);
  draft.control = draft.ip + ip_header_bytes(network) + wrap_bytes(network, wrap);
  draft.frame = wrapped_frame(link, network, wrap, payload);
  return draft;
}

Generator::Draft Generator::control_frame_between(const Address& from, const Address& to, const Control& control,
                                                  View nested) {
  Bytes message = control_message(control, nested);
  put(message, trailer());
  Draft made = draft(link(), network(from, to), wrap(config_.control_spi), message);
  put(made.frame, trailer());
  return made;
}

Generator::Draft Generator::control_frame(std::size_t sa, const Control& control, View nested) {
  return control_frame_between(config_.sas.at(sa).peer, config_.sas.at(sa).local, control, nested);
}

Bytes Generator::nested(std::size_t sa, const PingShape& shape) {
  const Association& pair = config_.sas.at(sa);
  return nested_packet(pair, pair.in, shape.n, padded(echo_message(shape.echo), shape.extra_padding));
}

Generator::Draft Generator::ping_draft(std::size_t sa, const PingShape& shape) {
  const Control control{.type = shape.type,
                        .flags = shape.flags,
                        .subject = config_.sas.at(sa).in.spi,
                        .transaction = static_cast<std::uint32_t>(random_.bits()),
                        .token_nonce = shape.token_nonce};
  Draft ping = control_frame(sa, control, nested(sa, shape));
  std::deque<Bytes>& sent = flows_.at(sa).sent;
  sent.push_back(ping.frame);
  if (sent.size() > kReplayMemory) sent.pop_front();
  return ping;
}

Bytes Generator::sealed_frame(std::size_t sa, View plaintext, unsigned type) {
  const Association& pair = config_.sas.at(sa);
  const Control control{
      .type = type, .subject = pair.in.spi, .transaction = static_cast<std::uint32_t>(random_.bits())};
  return control_frame(sa, control, nested_packet(pair, pair.in, take_number(sa), plaintext)).frame;
}

Generator::Draft Generator::good_ping() {
  const std::size_t sa = any_sa();
  PingShape shape{.echo = echo()};
  shape.echo.data = echo_data(data_size(), random_.one_in(2));
  shape.n = take_number(sa);
  if (random_.one_in(8)) shape.extra_padding = 4 * random_.below(60);
  return ping_draft(sa, shape);
}

Bytes Generator::ping(std::size_t sa, bool telemetry, std::size_t data) {
  PingShape shape{.echo = echo()};
  shape.echo.data = echo_data(data, telemetry);
  shape.n = flows_.at(sa).next++;
  return ping_draft(sa, shape).frame;
}

Bytes Generator::ping(std::size_t sa, const PingForm& form) {
  const Association& pair = config_.sas.at(sa);
  PingShape shape{.echo = echo()};
  shape.echo.data = echo_data(form.data, form.telemetry);
  shape.n = flows_.at(sa).next++;
  Link outer{.to = own_mac(), .from = kNetworkSide, .tags = form.tags};
  Network ip{.from = pair.peer, .to = pair.local};
  if (form.options > 0 && is_ipv4(pair.local)) ip.options = Bytes(form.options, 1);
  if (form.options > 0 && !is_ipv4(pair.local)) ip.extensions = {{next_hop_by_hop, Bytes(form.options - 2)}};
  const Wrap wrapping{
      .kind = form.wrap, .spi = config_.control_spi, .sequence = static_cast<std::uint32_t>(random_.bits())};
  const Control control{.subject = pair.in.spi, .transaction = static_cast<std::uint32_t>(random_.bits())};
  return draft(outer, ip, wrapping, control_message(control, nested(sa, shape))).frame;
}

Bytes Generator::ping_of_frame_size(std::size_t sa, std::size_t frame_bytes) {
  PingShape shape{.echo = echo()};
  shape.n = flows_.at(sa).next++;
  const Link outer = link();
  const Network ip = network(config_.sas.at(sa).peer, config_.sas.at(sa).local);
  const Wrap wrapping = wrap(config_.control_spi);
  const Control control{.subject = config_.sas.at(sa).in.spi,
                        .transaction = static_cast<std::uint32_t>(random_.bits())};
  const std::size_t overhead = 14 + 4 * outer.tags.size() + ip_header_bytes(ip) + wrap_bytes(ip, wrapping) +
                               kControlBytes + 32 + kEchoHeader + 2;
  // The data that fills whole words of 4 bytes with the trailer of 2.
  const std::size_t words = frame_bytes > overhead ? (frame_bytes - overhead + 2) / 4 : 0;
  shape.echo.data = echo_data(words > 0 ? 4 * words - 2 : 0, random_.one_in(2));
  return draft(outer, ip, wrapping, control_message(control, nested(sa, shape))).frame;
}

Bytes Generator::plain_ping() { return good_ping().frame; }

Bytes Generator::telemetry_ping() {
  const std::size_t sa = any_sa();
  PingShape shape{.echo = echo()};
  shape.echo.data = echo_data(kTelemetryBytes + (random_.one_in(2) ? 0 : data_size()), true);
  shape.n = take_number(sa);
  return ping_draft(sa, shape).frame;
}

Bytes Generator::late_ping() {
  const std::size_t sa = any_sa();
  std::deque<std::uint64_t>& skipped = flows_.at(sa).skipped;
  if (skipped.empty()) return plain_ping();
  PingShape shape{.echo = echo()};
  shape.echo.data = echo_data(data_size(), false);
  const std::size_t at = random_.below(skipped.size());
  shape.n = skipped[at];
  skipped.erase(skipped.begin() + static_cast<std::ptrdiff_t>(at));
  return ping_draft(sa, shape).frame;
}

Bytes Generator::keepalive() {
  const std::size_t sa = any_sa();
  PingShape shape{.flags = kFlagNested | kFlagNoAnswer, .echo = echo()};
  shape.echo.data = random_.bytes(data_size());
  shape.n = take_number(sa);
  return ping_draft(sa, shape).frame;
}

/// A clear echo message, a request or a reply, with bytes behind its data.
Generator::Draft Generator::clear_echo_draft(const Echo& echo, View behind) {
  Wrap wrapping = wrap(echo.subtype == sub_reply ? 8 : 7);
  if (wrapping.kind == Encapsulation::ah) wrapping.kind = Encapsulation::esp;
  const Association& sa = config_.sas.at(any_sa());
  Bytes payload = echo_message(echo);
  put(payload, behind);
  Draft made = draft(link(), network(sa.peer, sa.local), wrapping, payload);
  put(made.frame, trailer());
  return made;
}

Bytes Generator::clear_echo() {
  Echo request = echo();
  request.flags = random_.below(kFlagReturn);
  request.data = random_.bytes(data_size());
  return clear_echo_draft(request, trailer()).frame;
}

Bytes Generator::echo_with_return_spi() {
  if (!mixture_.for_the_host) return clear_echo();
  Echo request = echo();
  request.return_spi = static_cast<std::uint32_t>(random_.bits());
  // The host answers these, and sees no more of a frame than an exception's snapshot.
  constexpr std::size_t kLongest = 32;
  request.data = random_.bytes(std::min(data_size(), kLongest));
  return clear_echo_draft(request, trailer()).frame;
}

Bytes Generator::told_token_nonce() {
  const std::size_t sa = any_sa();
  PingShape shape{.token_nonce = random_.bits(), .echo = echo()};
  shape.n = take_number(sa);
  return ping_draft(sa, shape).frame;
}

Bytes Generator::reply_to_host() {
  const std::size_t sa = any_sa();
  PingShape shape{.type = type_echo_reply, .echo = echo()};
  shape.echo.subtype = sub_reply;
  shape.echo.data = random_.bytes(data_size());
  shape.n = take_number(sa);
  return ping_draft(sa, shape).frame;
}

Bytes Generator::protected_error() {
  const std::size_t sa = any_sa();
  const auto transaction = static_cast<std::uint32_t>(random_.bits());
  const Bytes body = error_body(random_.between(1, 6), transaction, config_.sas.at(sa).out.spi,
                                static_cast<std::uint32_t>(random_.bits()));
  return sealed_frame(sa, padded(body), type_error_protected);
}

Bytes Generator::clear_error() {
  const Control control{
      .type = type_error_clear, .code = code_unknown_spi, .flags = 0, .subject = config_.sas.at(0).out.spi};
  return control_frame(any_sa(), control, random_.bytes(24)).frame;
}

Bytes Generator::unsupported_type() {
  const Control control{.type = random_.one_in(8) ? 0 : static_cast<unsigned>(random_.between(5, 127)),
                        .flags = static_cast<unsigned>(random_.below(256)),
                        .subject = static_cast<std::uint32_t>(random_.bits()),
                        .transaction = static_cast<std::uint32_t>(random_.bits())};
  return control_frame(any_sa(), control, random_.bytes(random_.below(60))).frame;
}

Bytes Generator::private_type() {
  return control_frame(any_sa(), {.type = static_cast<unsigned>(random_.between(128, 255))}, random_.bytes(40)).frame;
}

Bytes Generator::unknown_spi() {
  Association stranger = config_.sas.at(any_sa());
  stranger.in.spi = 0xf0000000U | static_cast<std::uint32_t>(random_.bits() >> 40) | 0x10000U;
  stranger.in.spi |= 0xffffU;  // no SPI of sample_config ends so
  const Control control{.flags = kFlagNested | (random_.one_in(4) ? kFlagNoAnswer : 0),
                        .subject = stranger.in.spi,
                        .transaction = static_cast<std::uint32_t>(random_.bits()),
                        .token_nonce = random_.one_in(2) ? 0 : random_.bits()};
  const Bytes packet = nested_packet(stranger, stranger.in, random_.between(1, 1U << 20), padded(echo_message(echo())));
  return control_frame_between(stranger.peer, stranger.local, control, packet).frame;
}

Bytes Generator::host_action() {
  const Association& sa = config_.sas.at(any_sa());
  return draft(link(), network(sa.peer, sa.local), wrap(10), random_.bytes(data_size())).frame;
}

Bytes Generator::echo_reply() {
  Echo reply = echo();
  reply.subtype = sub_reply;
  reply.data = random_.bytes(data_size());
  return clear_echo_draft(reply, {}).frame;
}

}  // namespace sapulse::traffic
