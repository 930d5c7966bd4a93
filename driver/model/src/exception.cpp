// SPDX-License-Identifier: Apache-2.0
#include "exception.h"

#include <algorithm>
#include <cstring>

#include "sapulse_wire.h"

namespace sapulse::model {

ExceptionBytes make_exception(const ExceptionSubject& subject, std::span<const std::byte> snapshot) {
  const record_t& record = subject.record;
  const bool opened = subject.sa.has_value();
  const bool nested = opened || subject.cause == regs::Cause::unknown_spi;
  const std::size_t captured = std::min<std::size_t>(snapshot.size(), regs::kSnapshotBytes);

  ExceptionBytes bytes{};
  regs::Exception exception(bytes);
  exception.set_cause(subject.cause);
  exception.set_flags(static_cast<std::uint8_t>((opened ? 1 : 0) | (opened && captured != 0 ? 2 : 0)));
  exception.set_frame_length(static_cast<std::uint16_t>(subject.frame_length));
  exception.set_sa(subject.sa.value_or(0));
  exception.set_time(subject.received);
  exception.set_spi((nested ? record.control.subject : record.l4.spi).to_uint());
  exception.set_sequence((nested ? record.control.nested_seq : record.l4.seq).to_uint());
  exception.set_payload_end(static_cast<std::uint16_t>(record.l4.limit.to_uint()));
  exception.set_esp_offset(static_cast<std::uint8_t>(record.l4.offset.to_uint()));
  exception.set_encapsulation(static_cast<std::uint8_t>(record.l2.tags.to_uint() << 6 | record.l3.v6.to_uint() << 4 |
                                                        record.l4.encap.to_uint()));
  exception.set_captured(static_cast<std::uint8_t>(captured));
  if (nested) exception.set_n(record.control.n.to_uint64());
  if (subject.cause != regs::Cause::unknown_spi_data) {
    exception.set_transaction(record.control.transaction.to_uint());
    exception.set_message(static_cast<std::uint8_t>(record.control.message.to_uint()));
    exception.set_code(static_cast<std::uint8_t>(record.control.code.to_uint()));
    exception.set_control_flags(record.control.no_answer ? wire::control_flag_no_answer : 0);
    std::memcpy(exception.token_nonce().data(), &record.control.token_nonce, wire::token_nonce_bytes);
  }
  std::ranges::copy(snapshot.first(captured), exception.snapshot().begin());
  return bytes;
}

}  // namespace sapulse::model
