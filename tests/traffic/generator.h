// SPDX-License-Identifier: Apache-2.0
// Traffic: good pings in every wrapping, everything that is refused, and customer frames, by weights and a seed.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "bytes.h"
#include "config.h"
#include "message.h"
#include "packet.h"
#include "random.h"

namespace sapulse::traffic {

/// A frame and what the generator meant by it, for instance "ping" or "bad padding". Only the reference judges frames.
struct Sample {
  Bytes frame;
  std::string kind;
};

/// Everything that makes one control message; the defaults are a good ping.
struct PingShape {
  unsigned type = type_echo_request;
  unsigned flags = kFlagNested;
  std::uint64_t token_nonce = 0;
  Echo echo{};
  std::size_t extra_padding = 0;
  std::uint64_t n = 0;
};

/// Chances of a frame's sizes and wrappings.
struct Mixture {
  std::size_t max_data = 256;      ///< usual size of echo data and customer payloads, bytes
  unsigned jumbo_one_in = 0;       ///< frames of up to 9216 bytes; 0: none
  unsigned bad_percent = 30;       ///< of line frames
  unsigned customer_percent = 30;  ///< of line frames
  bool wrappings = true;           ///< tags, UDP, AH, options, extension headers, bytes behind a message
  bool replays = true;             ///< replayed and too old packets
  bool for_the_host = true;        ///< clear echoes that the host answers, whenever it comes to it
};

/// Wrapping and content of a ping, chosen by the caller.
struct PingForm {
  std::vector<std::uint32_t> tags{};
  Encapsulation wrap = Encapsulation::esp;
  std::size_t options = 0;  ///< bytes of IPv4 options (a multiple of 4) or of an IPv6 hop-by-hop header (of 8)
  std::size_t data = 0;     ///< bytes of echo data
  bool telemetry = false;
};

/// Two addresses, SAs of both key sizes, both address families, some of them plain: for demo and tests.
Config sample_config(std::uint64_t seed, unsigned sas);

/// The configuration with token nonces, as the host of a card draws them.
Config with_token_nonces(Config config);

/// Makes traffic for a configuration, whose SAs must stay as they are meanwhile. Equal seeds give equal frames.
class Generator {
 public:
  Generator(const Config& config, std::uint64_t seed, Mixture mixture = {});

  /// Next frame from the network.
  Sample line();
  /// Next frame from the gateway: customer traffic.
  Sample core();

  /// A good ping on one SA, telemetry or plain data of a size; uses the next sequence number.
  Bytes ping(std::size_t sa, bool telemetry, std::size_t data);
  /// A good ping of a given form.
  Bytes ping(std::size_t sa, const PingForm& form);
  /// A good ping whose frame has exactly this size where that is possible, or the nearest below.
  Bytes ping_of_frame_size(std::size_t sa, std::size_t frame_bytes);
  /// One bad frame of a kind of `bad_kinds`.
  Sample bad(const std::string& kind);
  static std::vector<std::string> bad_kinds();
  /// One good or host-bound frame, or customer frame, of a kind of these lists.
  Sample good(const std::string& kind);
  Sample customer(const std::string& kind);
  static std::vector<std::string> good_kinds();
  static std::vector<std::string> customer_kinds();

 private:
  struct Flow {
    std::uint64_t next = 1;
    std::deque<std::uint64_t> skipped;  ///< numbers left out, to be sent late
    std::deque<Bytes> sent;             ///< recent frames, for replays
    std::uint32_t data_sequence = 1;
  };
  /// A frame under construction and where its parts are.
  struct Draft {
    Bytes frame;
    std::size_t ip = 0;
    std::size_t outer = 0;    ///< ESP or AH header
    std::size_t control = 0;  ///< control header
  };
  using Maker = Bytes (Generator::*)();
  struct Kind {
    const char* name;
    Maker make;
    unsigned weight;
  };
  static const std::vector<Kind>& good_table();
  static const std::vector<Kind>& customer_table();
  static const std::vector<Kind>& bad_table();
  Sample choose(const std::vector<Kind>& table);
  Sample named(const std::vector<Kind>& table, const std::string& kind);

  std::size_t any_sa() { return random_.below(config_.sas.size()); }
  std::uint64_t take_number(std::size_t sa);
  std::size_t data_size();
  Bytes echo_data(std::size_t size, bool telemetry);
  Mac own_mac();
  Address own_address(bool v4) const;
  Address unusable_ipv4();
  Address unusable_ipv6();
  Bytes options_header();
  Bytes skipped_options(std::size_t size);
  Link link();
  Network network(const Address& from, const Address& to);
  Wrap wrap(std::uint32_t spi);
  Echo echo();
  Bytes trailer();
  Draft draft(const Link& link, const Network& network, const Wrap& wrap, View payload) const;
  Draft control_frame(std::size_t sa, const Control& control, View nested);
  Draft clear_echo_draft(const Echo& echo, View behind);
  Draft control_frame_between(const Address& from, const Address& to, const Control& control, View nested);
  Draft ping_draft(std::size_t sa, const PingShape& shape);
  Bytes nested(std::size_t sa, const PingShape& shape);
  Bytes sealed_frame(std::size_t sa, View plaintext, unsigned type = type_echo_request);
  Draft good_ping();
  Bytes esp_frame(std::uint32_t spi, const Address& from, const Address& to, View payload);
  static void fix(Draft& draft);

  // good frames
  Bytes plain_ping();
  Bytes telemetry_ping();
  Bytes late_ping();
  Bytes keepalive();
  Bytes clear_echo();
  Bytes echo_with_return_spi();
  Bytes told_token_nonce();
  Bytes reply_to_host();
  Bytes protected_error();
  Bytes clear_error();
  Bytes unsupported_type();
  Bytes private_type();
  Bytes unknown_spi();
  Bytes host_action();
  Bytes echo_reply();
  // customer frames
  Bytes customer_esp();
  Bytes other_esp();
  Bytes foreign_esp();
  Bytes customer_ah();
  Bytes tcp();
  Bytes plain_udp();
  Bytes ike();
  Bytes arp();
  Bytes fragment();
  Bytes fragment_v6();
  Bytes foreign_control();
  Bytes passed_reserved();
  Bytes other_chain();
  Bytes misplaced_options();
  Bytes echo_behind(const Bytes& options);
  Bytes unknown_options();
  Bytes broken_options();
  Bytes other_mac();
  Bytes other_port();
  Bytes short_datagram();
  Bytes mapped_destination();
  Bytes echo_in_ah();
  Bytes unusable_customer();
  Bytes odd_ethernet();
  // bad frames
  Bytes dropped_reserved();
  Bytes bad_ip_checksum();
  Bytes bad_ip_length();
  Bytes unusable_source();
  Bytes bad_echo();
  Bytes unchecked_echo();
  Bytes bad_encapsulation();
  Bytes too_short();
  Bytes bad_version();
  Bytes bad_checksum();
  Bytes bad_length();
  Bytes bad_nested();
  Bytes bad_sequence();
  Bytes forged();
  Bytes wrong_key();
  Bytes bad_padding();
  Bytes bad_body();
  Bytes return_spi_in_body();
  Bytes bad_data_length();
  Bytes odd_size();
  Bytes replayed();
  Bytes too_old();

  const Config& config_;
  Random random_;
  Mixture mixture_;
  std::vector<Flow> flows_;
};

}  // namespace sapulse::traffic
