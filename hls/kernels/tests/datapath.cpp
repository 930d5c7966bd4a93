// SPDX-License-Identifier: Apache-2.0
#include "tests/datapath.h"

#include <algorithm>

#include "align/align.h"
#include "assemble/assemble.h"
#include "classify/classify.h"
#include "common/bytes.h"
#include "header/header.h"
#include "open/open.h"
#include "respond/respond.h"
#include "sapulse_wire.h"
#include "seal/seal.h"

namespace sapulse::test {

namespace {

void move_all(hls::stream<payload_beat>& from, hls::stream<payload_beat>& to) {
  while (!from.empty()) to.write(from.read());
}

void discard(hls::stream<payload_beat>& stream) {
  while (!stream.empty()) stream.read();
}

outcome dropped(const std::string& why) { return {"dropped: " + why, {}}; }

template <class T>
bool contains(const std::vector<T>& list, const T& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// The shell's part of an answer in UDP over IPv6: its checksum (RFC 8200 section 8.1).
void put_udp_checksum(bytes& frame, const record_t& r) {
  const std::size_t ip = 14 + 4 * r.l2.tags.to_uint(), udp = ip + 40, length = get(frame, udp + 4, 2);
  std::uint64_t sum = 17 + length;
  for (std::size_t i = ip + 8; i < udp + length; i += 2)
    sum += get(frame, i, 1) << 8 | (i + 1 < udp + length ? frame[i + 1] : 0);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  put(frame, udp + 6, 2, sum == 0xffff ? 0xffff : ~sum & 0xffff);
}

}  // namespace

Datapath::Datapath() {
  simulation_.add("classify", [this] { sapulse::classify(frame_, record_); });
  simulation_.add("align", [this] { sapulse::align(align_job_, align_frame_, cut_); });
  simulation_.add("open", [this] { sapulse::open(open_job_, cipher_, opened_, verdict_); });
  simulation_.add("respond", [this] { sapulse::respond(respond_job_, plain_, reply_); });
  simulation_.add("seal", [this] { sapulse::seal(seal_job_, reply_, sealed_, icv_); });
  simulation_.add("header", [this] { sapulse::header(header_job_, header_); });
  simulation_.add("assemble", [this] { sapulse::assemble(header_, icv_, sealed_, answer_); });
}

outcome Datapath::process(const bytes& frame) {
  const auto beats = frame_beats(frame);
  feed(frame_, beats);
  run_until_idle(simulation_);
  const record_t r = record_.read();
  if (!for_us(r)) return {"passed", {}};
  const bool echo_request = r.l4.spi == wire::spi_echo, echo_reply = r.l4.spi == wire::spi_echo_reply;
  if ((echo_request || echo_reply) && r.l4.encap == ENCAP_AH) return {"passed", {}};
  if (!echo_request && !echo_reply && r.l4.spi != control_spi) return {"passed", {}};
  if (r.source_unusable || contains(local, r.l3.src)) return dropped("source");
  if (echo_reply) return r.echo_reply_malformed == MALFORMED_NONE ? outcome{"host", {}} : dropped("echo reply");
  return echo_request ? echo(r, beats) : control(r, beats);
}

bool Datapath::for_us(const record_t& r) const {
  return r.kind == FRAME_SPI && !r.group_mac && contains(macs, r.l2.dst) && contains(local, r.l3.dst) &&
         !r.mapped_destination && (r.l4.encap != ENCAP_UDP || r.l4.dport == wire::udp_port_ipsec);
}

header_job Datapath::header_of(const record_t& r) const {
  return {0,
          r.l2,
          r.l3,
          r.l4.encap,
          r.l4.sport,
          r.l4.dport,
          r.l4.spi,
          r.l4.seq,
          wire::type_echo_reply,
          0,
          0,
          r.control.transaction,
          r.control.token_nonce,
          0};
}

outcome Datapath::finish(const char* fate, const record_t& r) {
  run_until_idle(simulation_);
  outcome o = {fate, take_frame(answer_)};
  if (r.l3.v6 && r.l4.encap == ENCAP_UDP) put_udp_checksum(o.answer, r);
  return o;
}

outcome Datapath::echo(const record_t& r, const std::vector<axis_beat>& beats) {
  if (r.echo_malformed != MALFORMED_NONE) return dropped("echo");
  if (r.echo_return) return {"host", {}};
  const unsigned length = r.echo_length.to_uint();
  align_job_.write({r.l4.payload, length});
  feed(align_frame_, beats);
  run_until_idle(simulation_);
  header_job h = header_of(r);
  h.echo = 1;
  h.spi = wire::spi_echo_reply;
  h.length = length;
  header_job_.write(h);
  icv_.write({0, 0});
  payload_beat first = cut_.read();
  put_be<1>(first.data, wire::echo_subtype, ap_uint<8>(wire::subtype_reply));
  put_be<1>(first.data, wire::echo_flags, ap_uint<8>(0));
  sealed_.write(first);
  move_all(cut_, sealed_);
  return finish("echo answered", r);
}

outcome Datapath::control(const record_t& r, const std::vector<axis_beat>& beats) {
  if (r.control_malformed != MALFORMED_NONE) return dropped("control " + std::to_string(r.control_malformed.to_uint()));
  if (r.control.message != wire::type_echo_request) return dropped("not a request");
  const auto found = associations.find(r.control.subject.to_uint());
  if (found == associations.end()) return {"unknown SPI", {}};
  security_association& sa = found->second;
  const unsigned length = r.control.length.to_uint() - wire::control_bytes;
  align_job_.write({r.l4.payload + wire::control_bytes, length});
  feed(align_frame_, beats);
  run_until_idle(simulation_);
  move_all(cut_, cipher_);
  open_job_.write({to_key(sa.in), length});
  run_until_idle(simulation_);

  const open_verdict v = verdict_.read();
  const bool sound = v.status == OPEN_OK && v.subtype == wire::subtype_request;
  const bool fresh = sound && sa.seen.insert(r.control.n.to_uint64()).second;
  if (fresh && !r.control.no_answer) return reply(r, sa, length);
  discard(opened_);
  if (v.status != OPEN_OK) return dropped("open " + std::to_string(v.status.to_uint()));
  if (v.subtype != wire::subtype_request) return dropped("sub-type");
  if (!fresh) return dropped("replay");
  return {"keepalive", {}};
}

outcome Datapath::reply(const record_t& r, security_association& sa, unsigned length) {
  const bool token = !sa.token.empty();
  respond_job_.write({sa.out_spi, sa.next++, time_ns, time_ns, 0, 0, token ? to_ap<128>(sa.token) : ap_uint<128>(0),
                      token ? to_ap<64>(sa.token_nonce) : ap_uint<64>(0), token});
  seal_job_.write({to_key(sa.out), length});
  header_job h = header_of(r);
  h.subject = sa.out_spi;
  h.length = length;
  header_job_.write(h);
  move_all(opened_, plain_);
  return finish("answered", r);
}

}  // namespace sapulse::test
