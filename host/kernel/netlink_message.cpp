// SPDX-License-Identifier: Apache-2.0
#include "netlink_message.h"

#include <linux/netlink.h>

#include <algorithm>

namespace sapulse::kernel {
namespace {

std::size_t aligned(std::size_t size) { return NLMSG_ALIGN(size); }

/// What is left after an item of `size` bytes and its padding, which the last one may lack.
Bytes after(Bytes bytes, std::size_t size) { return bytes.subspan(std::min(aligned(size), bytes.size())); }

}  // namespace

Result<std::vector<NetlinkMessage>> split_messages(Bytes datagram) {
  std::vector<NetlinkMessage> messages;
  for (Bytes rest = datagram; !rest.empty();) {
    const auto header = load<nlmsghdr>(rest, "netlink header");
    if (!header) return tl::unexpected(header.error());
    if (header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > rest.size()) {
      return failure(Errc::parse_error, fmt::format("netlink message of type {}: length {}, of {} bytes that are there",
                                                    header->nlmsg_type, header->nlmsg_len, rest.size()));
    }
    messages.push_back({.type = header->nlmsg_type,
                        .flags = header->nlmsg_flags,
                        .sequence = header->nlmsg_seq,
                        .payload = rest.subspan(sizeof(nlmsghdr), header->nlmsg_len - sizeof(nlmsghdr))});
    rest = after(rest, header->nlmsg_len);
  }
  return messages;
}

Result<int> error_of(const NetlinkMessage& message) {
  constexpr int kMostErrno = 4095;  // of the kernel
  return load<int>(message.payload, "netlink error").and_then([](int error) -> Result<int> {
    if (error > 0 || error < -kMostErrno) return failure(Errc::parse_error, fmt::format("netlink error {}", error));
    return -error;
  });
}

Result<Attributes> Attributes::parse(Bytes bytes, std::string_view what) {
  Attributes attributes;
  for (Bytes rest = bytes; !rest.empty();) {
    const auto header = load<nlattr>(rest, fmt::format("{}: attribute header", what));
    if (!header) return tl::unexpected(header.error());
    const std::uint16_t type = header->nla_type & NLA_TYPE_MASK;
    if (header->nla_len < sizeof(nlattr) || header->nla_len > rest.size()) {
      return failure(Errc::parse_error, fmt::format("{}: attribute {}: length {}, of {} bytes that are there", what,
                                                    type, header->nla_len, rest.size()));
    }
    attributes.all_.emplace_back(type, rest.subspan(sizeof(nlattr), header->nla_len - sizeof(nlattr)));
    rest = after(rest, header->nla_len);
  }
  return attributes;
}

std::optional<Bytes> Attributes::find(std::uint16_t type) const {
  const auto found = std::ranges::find(all_.rbegin(), all_.rend(), type, &std::pair<std::uint16_t, Bytes>::first);
  return found == all_.rend() ? std::nullopt : std::optional(found->second);
}

std::string text_of(Bytes bytes) { return {bytes.begin(), std::ranges::find(bytes, 0)}; }

RequestBuilder::RequestBuilder(std::uint16_t type, std::uint16_t flags) {
  put(nlmsghdr{.nlmsg_len = 0,
               .nlmsg_type = type,
               .nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST),
               .nlmsg_seq = 0,
               .nlmsg_pid = 0});
}

RequestBuilder& RequestBuilder::put(std::uint16_t attribute, Bytes content) {
  const auto length = static_cast<std::uint16_t>(sizeof(nlattr) + content.size());
  return put(nlattr{.nla_len = length, .nla_type = attribute}).append(content);
}

RequestBuilder& RequestBuilder::append(Bytes bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  bytes_.resize(aligned(bytes_.size()));
  return *this;
}

std::vector<std::uint8_t> RequestBuilder::finish(std::uint32_t sequence) {
  auto header = load<nlmsghdr>(bytes_, "netlink header");
  header->nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
  header->nlmsg_seq = sequence;
  std::memcpy(bytes_.data(), &*header, sizeof(*header));
  return bytes_;
}

}  // namespace sapulse::kernel
