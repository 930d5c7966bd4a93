// SPDX-License-Identifier: Apache-2.0
#include "xfrm_message.h"

#include <arpa/inet.h>
#include <linux/ipsec.h>
#include <linux/xfrm.h>
#include <sys/socket.h>

#include <array>

namespace sapulse::kernel {
namespace {

using Event = Result<std::optional<XfrmEvent>>;

// Of kernels that are newer than the headers we may be compiled with.
constexpr std::uint16_t kSaDirectionAttribute = 33;
constexpr std::uint8_t kSaDirectionIn = 1;
constexpr std::uint8_t kSaDirectionOut = 2;

Result<IpAddress> address_of(const xfrm_address_t& address, std::uint16_t family, const char* what) {
  if (family == AF_INET) return IpAddress::v4(ntohl(address.a4));
  if (family != AF_INET6) return failure(Errc::parse_error, fmt::format("{}: address family {}", what, family));
  IpAddress::Bytes bytes;
  std::memcpy(bytes.data(), &address, bytes.size());
  return IpAddress::from_bytes(bytes);
}

/// An unspecified address of either family is the unspecified one of IPv6.
IpAddress wildcard(const IpAddress& address) { return address == IpAddress::v4(0) ? IpAddress() : address; }

Result<Mark> mark_of(const Attributes& attributes) {
  return attributes.get<xfrm_mark>(XFRMA_MARK, "XFRMA_MARK").map([](const std::optional<xfrm_mark>& mark) {
    return mark ? Mark{mark->v, mark->m} : Mark{};
  });
}

Result<SaId> id_of(const xfrm_id& id, std::uint16_t family, const Attributes& attributes, const char* what) {
  const auto destination = address_of(id.daddr, family, what);
  if (!destination) return tl::unexpected(destination.error());
  const auto mark = mark_of(attributes);
  if (!mark) return tl::unexpected(mark.error());
  return SaId{.destination = *destination, .spi = ntohl(id.spi), .protocol = id.proto, .mark = *mark};
}

/// What precedes the key in struct xfrm_algo, and in xfrm_algo_aead and xfrm_algo_auth.
struct AlgorithmHeader {
  std::array<std::uint8_t, 64> name;
  std::uint32_t key_bits;
};
struct AlgorithmHeaderWithIcv {
  std::array<std::uint8_t, 64> name;
  std::uint32_t key_bits;
  std::uint32_t icv_bits;
};
static_assert(sizeof(AlgorithmHeader) == sizeof(xfrm_algo));
static_assert(sizeof(AlgorithmHeaderWithIcv) == sizeof(xfrm_algo_aead));
static_assert(sizeof(AlgorithmHeaderWithIcv) == sizeof(xfrm_algo_auth));

template <class Header>
Result<std::optional<Algorithm>> algorithm_of(const Attributes& attributes, std::uint16_t type, const char* what) {
  const auto content = attributes.find(type);
  if (!content) return std::optional<Algorithm>();
  const auto header = load<Header>(*content, what);
  if (!header) return tl::unexpected(header.error());
  const std::size_t key_bytes = header->key_bits / 8 + (header->key_bits % 8 != 0 ? 1 : 0);
  const Bytes key = content->subspan(sizeof(Header));
  if (key.size() < key_bytes) {
    return failure(Errc::parse_error, fmt::format("{}: key of {} bytes, {} are there", what, key_bytes, key.size()));
  }
  Algorithm algorithm{.name = text_of(header->name), .key = {}, .key_bytes = key_bytes, .icv_bits = 0};
  if (key_bytes <= Key::capacity()) algorithm.key = Key(key.first(key_bytes));
  if constexpr (requires { header->icv_bits; }) algorithm.icv_bits = header->icv_bits;
  return std::optional(std::move(algorithm));
}

Result<void> read_algorithms(const Attributes& attributes, KernelSa& sa) {
  auto aead = algorithm_of<AlgorithmHeaderWithIcv>(attributes, XFRMA_ALG_AEAD, "XFRMA_ALG_AEAD");
  if (!aead) return tl::unexpected(aead.error());
  auto cipher = algorithm_of<AlgorithmHeader>(attributes, XFRMA_ALG_CRYPT, "XFRMA_ALG_CRYPT");
  if (!cipher) return tl::unexpected(cipher.error());
  // With the length of the ICV where the kernel knows it.
  auto mac = algorithm_of<AlgorithmHeaderWithIcv>(attributes, XFRMA_ALG_AUTH_TRUNC, "XFRMA_ALG_AUTH_TRUNC");
  if (mac && !*mac) mac = algorithm_of<AlgorithmHeader>(attributes, XFRMA_ALG_AUTH, "XFRMA_ALG_AUTH");
  if (!mac) return tl::unexpected(mac.error());
  sa.aead = std::move(*aead);
  sa.cipher = std::move(*cipher);
  sa.mac = std::move(*mac);
  sa.compresses = attributes.find(XFRMA_ALG_COMP).has_value();
  return {};
}

Result<void> read_options(const Attributes& attributes, KernelSa& sa) {
  const auto encapsulation = attributes.get<xfrm_encap_tmpl>(XFRMA_ENCAP, "XFRMA_ENCAP");
  if (!encapsulation) return tl::unexpected(encapsulation.error());
  if (const auto& encap = *encapsulation) {
    sa.encapsulation = {.type = encap->encap_type,
                        .source_port = ntohs(encap->encap_sport),
                        .destination_port = ntohs(encap->encap_dport)};
  }
  const auto if_id = attributes.get<std::uint32_t>(XFRMA_IF_ID, "XFRMA_IF_ID");
  if (!if_id) return tl::unexpected(if_id.error());
  sa.if_id = if_id->value_or(0);
  const auto direction = attributes.get<std::uint8_t>(kSaDirectionAttribute, "XFRMA_SA_DIR");
  if (!direction) return tl::unexpected(direction.error());
  if (*direction == kSaDirectionIn) sa.direction = Direction::in;
  if (*direction == kSaDirectionOut) sa.direction = Direction::out;
  return {};
}

Event parse_sa(Bytes payload) {
  const auto parsed = load_with_attributes<xfrm_usersa_info>(payload, "XFRM_MSG_NEWSA");
  if (!parsed) return tl::unexpected(parsed.error());
  const auto& [info, attributes] = *parsed;
  KernelSa sa;
  const auto id = id_of(info.id, info.family, attributes, "XFRM_MSG_NEWSA: destination");
  if (!id) return tl::unexpected(id.error());
  const auto source = address_of(info.saddr, info.family, "XFRM_MSG_NEWSA: source");
  if (!source) return tl::unexpected(source.error());
  sa.id = *id;
  sa.source = *source;
  sa.mode = info.mode;
  sa.reqid = info.reqid;
  sa.esn = (info.flags & XFRM_STATE_ESN) != 0;
  sa.added = info.curlft.add_time;
  const auto done = read_algorithms(attributes, sa).and_then([&] { return read_options(attributes, sa); });
  if (!done) return tl::unexpected(done.error());
  return XfrmEvent(SaAdded{std::move(sa)});
}

Event parse_deleted_sa(Bytes payload) {
  const auto parsed = load_with_attributes<xfrm_usersa_id>(payload, "XFRM_MSG_DELSA");
  if (!parsed) return tl::unexpected(parsed.error());
  const auto& [id, attributes] = *parsed;
  return id_of({.daddr = id.daddr, .spi = id.spi, .proto = id.proto}, id.family, attributes, "XFRM_MSG_DELSA")
      .map([](const SaId& deleted) { return std::optional<XfrmEvent>(SaDeleted{deleted}); });
}

Event parse_expired_sa(Bytes payload) {
  const auto parsed = load_with_attributes<xfrm_user_expire>(payload, "XFRM_MSG_EXPIRE");
  if (!parsed) return tl::unexpected(parsed.error());
  const auto& [expire, attributes] = *parsed;
  if (expire.hard == 0) return std::nullopt;
  return id_of(expire.state.id, expire.state.family, attributes, "XFRM_MSG_EXPIRE").map([](const SaId& expired) {
    return std::optional<XfrmEvent>(SaDeleted{expired});
  });
}

Event parse_mapping(Bytes payload) {
  const auto mapping = load<xfrm_user_mapping>(payload, "XFRM_MSG_MAPPING");
  if (!mapping) return tl::unexpected(mapping.error());
  const xfrm_usersa_id& id = mapping->id;
  const auto destination = address_of(id.daddr, id.family, "XFRM_MSG_MAPPING: destination");
  if (!destination) return tl::unexpected(destination.error());
  return address_of(mapping->new_saddr, id.family, "XFRM_MSG_MAPPING: source").map([&](const IpAddress& source) {
    return std::optional<XfrmEvent>(
        SaMapped{.id = {.destination = *destination, .spi = ntohl(id.spi), .protocol = id.proto, .mark = {}},
                 .source = {.address = source, .port = ntohs(mapping->new_sport)}});
  });
}

Event parse_flushed_sas(Bytes payload) {
  return load<xfrm_usersa_flush>(payload, "XFRM_MSG_FLUSHSA").map([](const xfrm_usersa_flush& flush) {
    return std::optional<XfrmEvent>(SasFlushed{flush.proto});
  });
}

Result<std::vector<PolicyTemplate>> templates_of(const Attributes& attributes) {
  std::vector<PolicyTemplate> templates;
  for (Bytes rest = attributes.find(XFRMA_TMPL).value_or(Bytes()); !rest.empty();
       rest = rest.subspan(sizeof(xfrm_user_tmpl))) {
    const auto wanted = load<xfrm_user_tmpl>(rest, "XFRMA_TMPL");
    if (!wanted) return tl::unexpected(wanted.error());
    const auto source = address_of(wanted->saddr, wanted->family, "XFRMA_TMPL: source");
    if (!source) return tl::unexpected(source.error());
    const auto destination = address_of(wanted->id.daddr, wanted->family, "XFRMA_TMPL: destination");
    if (!destination) return tl::unexpected(destination.error());
    templates.push_back({.source = wildcard(*source),
                         .destination = wildcard(*destination),
                         .protocol = wanted->id.proto,
                         .mode = wanted->mode,
                         .reqid = wanted->reqid});
  }
  return templates;
}

Result<std::uint8_t> policy_type_of(const Attributes& attributes) {
  return attributes.get<xfrm_userpolicy_type>(XFRMA_POLICY_TYPE, "XFRMA_POLICY_TYPE")
      .map([](const std::optional<xfrm_userpolicy_type>& type) {
        return type ? type->type : static_cast<std::uint8_t>(XFRM_POLICY_TYPE_MAIN);
      });
}

Event parse_policy(Bytes payload) {
  const auto parsed = load_with_attributes<xfrm_userpolicy_info>(payload, "XFRM_MSG_NEWPOLICY");
  if (!parsed) return tl::unexpected(parsed.error());
  const auto& [info, attributes] = *parsed;
  if (info.dir > XFRM_POLICY_FWD) return std::nullopt;  // of a socket
  const auto type = policy_type_of(attributes);
  if (!type) return tl::unexpected(type.error());
  auto templates = templates_of(attributes);
  if (!templates) return tl::unexpected(templates.error());
  const Direction direction = info.dir == XFRM_POLICY_OUT ? Direction::out : Direction::in;
  return XfrmEvent(
      PolicyAdded{{.index = info.index, .type = *type, .direction = direction, .templates = std::move(*templates)}});
}

Event parse_deleted_policy(Bytes payload) {
  const auto parsed = load_with_attributes<xfrm_userpolicy_id>(payload, "XFRM_MSG_DELPOLICY");
  if (!parsed) return tl::unexpected(parsed.error());
  // The policy itself is an attribute; outside of it there is an index only if it was deleted by index.
  return parsed->second.get<xfrm_userpolicy_info>(XFRMA_POLICY, "XFRMA_POLICY")
      .map([&](const std::optional<xfrm_userpolicy_info>& info) {
        return std::optional<XfrmEvent>(PolicyDeleted{info ? info->index : parsed->first.index});
      });
}

Event parse_expired_policy(Bytes payload) {
  const auto expire = load<xfrm_user_polexpire>(payload, "XFRM_MSG_POLEXPIRE");
  if (!expire) return tl::unexpected(expire.error());
  if (expire->hard == 0) return std::nullopt;
  return XfrmEvent(PolicyDeleted{expire->pol.index});
}

Event parse_flushed_policies(Bytes payload) {
  return Attributes::parse(payload, "XFRM_MSG_FLUSHPOLICY").and_then(policy_type_of).map([](std::uint8_t type) {
    return std::optional<XfrmEvent>(PoliciesFlushed{type});
  });
}

}  // namespace

bool SasFlushed::concerns(const SaId& id) const {
  if (protocol == 0 || protocol == id.protocol) return true;
  return protocol == IPSEC_PROTO_ANY &&
         (id.protocol == IPPROTO_ESP || id.protocol == IPPROTO_AH || id.protocol == IPPROTO_COMP);
}

Event parse_xfrm(const NetlinkMessage& message) {
  switch (message.type) {
    case XFRM_MSG_NEWSA:
    case XFRM_MSG_UPDSA:
      return parse_sa(message.payload);
    case XFRM_MSG_DELSA:
      return parse_deleted_sa(message.payload);
    case XFRM_MSG_EXPIRE:
      return parse_expired_sa(message.payload);
    case XFRM_MSG_MAPPING:
      return parse_mapping(message.payload);
    case XFRM_MSG_FLUSHSA:
      return parse_flushed_sas(message.payload);
    case XFRM_MSG_NEWPOLICY:
    case XFRM_MSG_UPDPOLICY:
      return parse_policy(message.payload);
    case XFRM_MSG_DELPOLICY:
      return parse_deleted_policy(message.payload);
    case XFRM_MSG_POLEXPIRE:
      return parse_expired_policy(message.payload);
    case XFRM_MSG_FLUSHPOLICY:
      return parse_flushed_policies(message.payload);
    default:
      return std::nullopt;
  }
}

}  // namespace sapulse::kernel
