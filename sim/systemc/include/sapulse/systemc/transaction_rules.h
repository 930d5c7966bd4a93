// SPDX-License-Identifier: Apache-2.0
// The rules of the TLM-2.0 base protocol (IEEE 1666-2011, clauses 11, 14 and 15) that a checker between two sockets can
// see.
#pragma once

#include <map>
#include <string>
#include <systemc>
#include <tlm>
#include <vector>

namespace sapulse::systemc {

/// What a socket promises beyond the base protocol.
struct SocketPromises {
  bool byte_enables = false;  ///< false: transactions with byte enables are refused with TLM_BYTE_ENABLE_ERROR_RESPONSE
  bool dmi = false;           ///< false: no direct memory pointer is ever given out
};

/// Watches the transactions of one connection. Calls come in the order in which they cross it.
class TransactionRules {
 public:
  /// `name`: of the connection, for messages.
  TransactionRules(std::string name, const SocketPromises& promises) : name_(std::move(name)), promises_(promises) {}

  using Payload = tlm::tlm_generic_payload;

  /// What a non-blocking call has left behind.
  struct Return {
    tlm::tlm_phase called;    ///< phase as it was passed
    tlm::tlm_phase returned;  ///< and as it came back
    tlm::tlm_sync_enum status;
  };

  void blocking_begins(const Payload& payload);
  void blocking_ends(const Payload& payload);

  void forward_begins(const Payload& payload, const tlm::tlm_phase& phase);
  void forward_ends(const Payload& payload, const Return& result);
  void backward_begins(const Payload& payload, const tlm::tlm_phase& phase);
  void backward_ends(const Payload& payload, const Return& result);

  /// Both ends of any transport call: moments of the caller, the annotated delay included.
  void time_passes(const sc_core::sc_time& called, const sc_core::sc_time& returned);

  void debug_ends(const Payload& payload, unsigned bytes);
  void dmi_ends(bool granted);

  /// Broken rules, oldest first, one line each; at most 100 are kept.
  [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
  /// Transactions that have been completed, whatever the response.
  [[nodiscard]] std::uint64_t completed() const { return completed_; }

 private:
  /// Attributes that nobody but the initiator may change, as they were when the transaction began.
  struct Snapshot {
    tlm::tlm_command command;
    const unsigned char* data;
    unsigned length;
    const unsigned char* byte_enables;
    unsigned byte_enable_length;
    unsigned streaming_width;
  };
  /// How far a non-blocking transaction has come.
  enum class Progress { requested, request_ended, responding, done };
  struct Transaction {
    Snapshot snapshot;
    Progress progress = Progress::requested;
  };

  void check_start(const Payload& payload);
  void check_response(const Payload& payload, const Snapshot& snapshot);
  static Snapshot take(const Payload& payload);
  void move(const Payload& payload, const tlm::tlm_phase& phase, bool from_target);
  void begin_request(const Payload& payload);
  void check_return(const Return& result);
  void finish(const Payload& payload);
  [[nodiscard]] bool any(Progress progress) const;
  void expect(bool good, const std::string& rule);

  std::string name_;
  SocketPromises promises_;
  std::map<const Payload*, Snapshot> blocking_calls_;  // several: a blocking transport may wait
  std::map<const Payload*, Transaction> transactions_;
  std::vector<std::string> violations_;
  std::uint64_t completed_ = 0;
};

}  // namespace sapulse::systemc
