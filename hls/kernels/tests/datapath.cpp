// SPDX-License-Identifier: Apache-2.0
#include "tests/datapath.h"

#include <algorithm>

#include "align/align.h"
#include "assemble/assemble.h"
#include "classify/classify.h"
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

}  // namespace

datapath::datapath() {
  simulation_.add("classify", [this] { sapulse::classify(frame_, record_); });
  simulation_.add("align", [this] { sapulse::align(align_job_, align_frame_, cut_); });
  simulation_.add("open", [this] { sapulse::open(open_job_, cipher_, opened_, verdict_); });
  simulation_.add("respond", [this] { sapulse::respond(respond_job_, plain_, reply_); });
  simulation_.add("seal", [this] { sapulse::seal(seal_job_, reply_, sealed_, icv_); });
  simulation_.add("header", [this] { sapulse::header(header_job_, header_); });
  simulation_.add("assemble", [this] { sapulse::assemble(header_, icv_, sealed_, answer_); });
}

outcome datapath::process(const bytes& frame) {
  const auto beats = frame_beats(frame);
  feed(frame_, beats);
  run_until_idle(simulation_);
  const record_t r = record_.read();
  if (r.kind != FRAME_SPI || std::find(local.begin(), local.end(), r.l3.dst) == local.end()) return {"passed", {}};
  if (r.l4.spi == wire::spi_echo) return echo(r, beats);
  if (r.l4.spi == control_spi) return control(r, beats);
  return {"passed", {}};
}

header_job datapath::header_of(const record_t& r) const {
  return {0,          r.l2,       r.l3,
          r.l4.encap, r.l4.sport, r.l4.dport,
          r.l4.spi,   r.l4.seq,   wire::type_echo_reply,
          0,          0,          r.control.transaction,
          0};
}

outcome datapath::finish(const char* fate) {
  run_until_idle(simulation_);
  return {fate, take_frame(answer_)};
}

outcome datapath::echo(const record_t& r, const std::vector<axis_beat>& beats) {
  if (r.echo_malformed != MALFORMED_NONE) return dropped("echo");
  const unsigned length = r.l4.limit.to_uint() - r.l4.payload.to_uint();
  align_job_.write({r.l4.payload, length});
  feed(align_frame_, beats);
  run_until_idle(simulation_);
  header_job h = header_of(r);
  h.echo = 1;
  h.spi = wire::spi_echo_reply;
  h.length = length;
  header_job_.write(h);
  icv_.write({0, 0});
  move_all(cut_, sealed_);
  return finish("echo answered");
}

outcome datapath::control(const record_t& r, const std::vector<axis_beat>& beats) {
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
  const bool fresh = v.status == OPEN_OK && sa.seen.insert(r.control.n.to_uint64()).second;
  if (v.status == OPEN_OK && fresh && v.subtype == wire::subtype_request && v.reply_wanted) return reply(r, sa, length);
  discard(opened_);
  if (v.status != OPEN_OK) return dropped("open " + std::to_string(v.status.to_uint()));
  if (!fresh) return dropped("replay");
  return {"keepalive", {}};
}

outcome datapath::reply(const record_t& r, security_association& sa, unsigned length) {
  const bool token = !sa.token.empty();
  respond_job_.write(
      {sa.out_spi, sa.next++, time_ns, time_ns, 0, 0, token ? to_ap<128>(sa.token) : ap_uint<128>(0), token});
  seal_job_.write({to_key(sa.out), length});
  header_job h = header_of(r);
  h.subject = sa.out_spi;
  h.length = length;
  header_job_.write(h);
  move_all(opened_, plain_);
  return finish("answered");
}

}  // namespace sapulse::test
