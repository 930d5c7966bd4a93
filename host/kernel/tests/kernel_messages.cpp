// SPDX-License-Identifier: Apache-2.0
#include "kernel_messages.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/xfrm.h>
#include <sys/socket.h>

#include <numeric>

#include "xfrm_message.h"

namespace sapulse::kernel::test {
namespace {

constexpr std::size_t kNameBytes = 64;

void append32(std::vector<std::uint8_t>& bytes, std::uint32_t value) {
  const auto* raw = reinterpret_cast<const std::uint8_t*>(&value);
  bytes.insert(bytes.end(), raw, raw + sizeof value);
}

xfrm_address_t raw_address(const std::string& text) {
  xfrm_address_t address{};
  EXPECT_EQ(inet_pton(text.find(':') == std::string::npos ? AF_INET : AF_INET6, text.c_str(), &address), 1) << text;
  return address;
}

std::uint16_t family_of(const SaSpec& spec) {
  return spec.destination.find(':') == std::string::npos ? AF_INET : AF_INET6;
}

void put_mark(RequestBuilder& message, const SaSpec& spec) {
  if (spec.mark) message.put_value(XFRMA_MARK, xfrm_mark{.v = spec.mark->value, .m = spec.mark->mask});
}

}  // namespace

IpAddress ip(const std::string& text) { return *IpAddress::parse(text); }

std::vector<std::uint8_t> counting(std::size_t size, std::uint8_t first) {
  std::vector<std::uint8_t> bytes(size);
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

std::vector<std::uint8_t> algorithm(const std::string& name, Bytes key, std::optional<std::uint32_t> icv_bits) {
  std::vector<std::uint8_t> bytes(name.begin(), name.end());
  bytes.resize(kNameBytes);
  append32(bytes, static_cast<std::uint32_t>(key.size() * 8));
  if (icv_bits) append32(bytes, *icv_bits);
  bytes.insert(bytes.end(), key.begin(), key.end());
  return bytes;
}

RequestBuilder new_sa(const SaSpec& spec, std::uint16_t type) {
  xfrm_usersa_info info{};
  info.saddr = raw_address(spec.source);
  info.id = {.daddr = raw_address(spec.destination), .spi = htonl(spec.spi), .proto = spec.protocol};
  info.family = family_of(spec);
  info.mode = spec.mode;
  info.reqid = spec.reqid;
  info.flags = spec.esn ? XFRM_STATE_ESN : 0;
  info.curlft.add_time = spec.added;
  RequestBuilder message(type, 0);
  message.put(info);
  put_mark(message, spec);
  if (spec.if_id != 0) message.put_value(XFRMA_IF_ID, spec.if_id);
  if (const auto& encapsulation = spec.encapsulation) {
    message.put_value(XFRMA_ENCAP, xfrm_encap_tmpl{.encap_type = encapsulation->type,
                                                   .encap_sport = htons(encapsulation->source_port),
                                                   .encap_dport = htons(encapsulation->destination_port),
                                                   .encap_oa = {}});
  }
  return message;
}

std::vector<std::uint8_t> new_gcm_sa(const SaSpec& spec) {
  // Another key for each SPI.
  const auto key = counting(20, static_cast<std::uint8_t>(spec.spi));
  return new_sa(spec, XFRM_MSG_NEWSA).put(XFRMA_ALG_AEAD, algorithm("rfc4106(gcm(aes))", key, 128)).finish(0);
}

std::vector<std::uint8_t> deleted_sa(const SaSpec& spec) {
  RequestBuilder message(XFRM_MSG_DELSA, 0);
  message.put(xfrm_usersa_id{.daddr = raw_address(spec.destination),
                             .spi = htonl(spec.spi),
                             .family = family_of(spec),
                             .proto = spec.protocol});
  put_mark(message, spec);
  return message.finish(0);
}

NetlinkMessage only_message(Bytes datagram) {
  const auto messages = split_messages(datagram);
  EXPECT_TRUE(messages.has_value());
  EXPECT_EQ(messages->size(), 1U);
  return messages->front();
}

KernelSa gcm_sa(const SaSpec& spec) {
  const auto bytes = new_gcm_sa(spec);
  auto event = parse_xfrm(only_message(bytes));
  EXPECT_TRUE(event.has_value());
  return std::get<SaAdded>(**event).sa;
}

}  // namespace sapulse::kernel::test
