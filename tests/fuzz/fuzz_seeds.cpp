// SPDX-License-Identifier: Apache-2.0
// Good inputs of all fuzzers, made of the project's vectors, cases and examples: FOLDER/<fuzzer>/<number>.
// usage: fuzz_seeds FOLDER
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frame_list.h"
#include "journal_record.h"
#include "kernel/tests/kernel_messages.h"
#include "rpc.h"
#include "sa_record.h"
#include "sapulse/registers.h"
#include "store_fixture.h"
#include "traffic/dissect.h"
#include "traffic/message.h"
#include "traffic/vectors.h"
#include "vici/tests/vici_bytes.h"

namespace {

namespace fs = std::filesystem;
using namespace sapulse;
using Bytes = std::vector<std::uint8_t>;

const fs::path kSource = SAPULSE_SOURCE_DIR;

/// Writes the inputs of a fuzzer.
class Seeds {
 public:
  Seeds(const fs::path& folder, const std::string& fuzzer) : folder_(folder / fuzzer) {
    fs::create_directories(folder_);
  }

  void add(std::span<const std::uint8_t> bytes) {
    std::ofstream file(folder_ / std::to_string(count_++), std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error((folder_ / "*").string() + ": cannot be written");
  }
  void add(std::string_view text) { add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}); }
  void add_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path.string() + ": cannot be read");
    add(std::string(std::istreambuf_iterator<char>(file), {}));
  }

 private:
  fs::path folder_;
  unsigned count_ = 0;
};

Bytes behind(std::initializer_list<std::uint8_t> head, std::span<const std::uint8_t> bytes) {
  Bytes all(head);
  all.insert(all.end(), bytes.begin(), bytes.end());
  return all;
}

/// A frame of card_fuzz.
Bytes item(std::uint8_t repairs, const Bytes& frame) {
  return behind({repairs, static_cast<std::uint8_t>(frame.size()), static_cast<std::uint8_t>(frame.size() >> 8)},
                frame);
}

/// The frame with its nested packet in the clear, for card_fuzz to seal; empty if it has none that opens.
Bytes opened(Bytes frame, const traffic::Config& config) {
  const traffic::Dissected at = traffic::dissect(frame);
  const std::size_t nested = at.payload + traffic::kControlBytes;
  if (at.kind != traffic::Dissected::Kind::spi || at.limit > frame.size() || at.limit < nested + traffic::kNestedMin)
    return {};
  const std::size_t end = at.payload + traffic::get16(frame, at.payload + 4);
  if (end > frame.size() || end < nested + traffic::kNestedMin) return {};
  for (const traffic::Association& sa : config.sas) {
    if (sa.in.spi != traffic::get32(frame, nested)) continue;
    const auto text = traffic::open_nested(sa, sa.in, traffic::part(frame, nested, end - nested));
    if (!text) return {};
    std::ranges::copy(*text, frame.begin() + static_cast<std::ptrdiff_t>(nested + 16));
    return frame;
  }
  return {};
}

void frames(const fs::path& folder) {
  Seeds classify(folder, "classify"), card(folder, "card");
  const traffic::Vectors vectors = traffic::load_vectors(kSource / "tests/vectors/frames.json");
  for (const traffic::VectorCase& item_of : vectors.cases) {
    classify.add(item_of.in);
    card.add(item(0, item_of.in));
    if (const Bytes text = opened(item_of.in, vectors.config); !text.empty()) card.add(item(7, text));
  }
}

/// Entries of rings, as they are and through a card.
void exceptions(const fs::path& folder) {
  Seeds seeds(folder, "exceptions"), broken_card(folder, "broken_card");
  // Status block and rings full of ones, when there is a ping under way and when there is none; registers full of ones.
  constexpr std::uint8_t kOverwrite = 1, kPing = 4, kVanish = 8, kPoll = 9, kBuffers = 8, kBytes = 64;
  for (std::uint8_t buffer = 0; buffer < kBuffers; ++buffer) {
    Bytes acts = behind({kOverwrite, buffer, 0, 0, kBytes}, Bytes(kBytes, 0xff));
    acts.push_back(kPoll);
    broken_card.add(acts);
    broken_card.add(behind({kPing}, acts));
  }
  broken_card.add(Bytes{kPing, kVanish, kPoll, kVanish, kPoll});
  const traffic::Vectors vectors = traffic::load_vectors(kSource / "tests/vectors/frames.json");
  for (std::size_t i = 0; i < vectors.cases.size(); ++i) {
    const Bytes& frame = vectors.cases[i].in;
    Bytes bytes(regs::kExceptionBytes);
    const regs::Exception entry(std::as_writable_bytes(std::span(bytes)).first<regs::kExceptionBytes>());
    const std::size_t captured = std::min<std::size_t>(frame.size(), regs::kSnapshotBytes);
    entry.set_cause(static_cast<regs::Cause>(i % regs::kCauseCount));
    entry.set_frame_length(static_cast<std::uint16_t>(frame.size()));
    entry.set_payload_end(static_cast<std::uint16_t>(frame.size()));
    entry.set_captured(static_cast<std::uint16_t>(captured));
    const auto at = traffic::dissect(frame);
    entry.set_esp_offset(static_cast<std::uint8_t>(at.esp));
    std::ranges::copy(std::as_bytes(std::span(frame)).first(captured), entry.snapshot().begin());
    seeds.add(behind({0}, bytes));
    seeds.add(behind({2}, frame));
    constexpr std::uint8_t kException = 2, kTaken = 255;
    broken_card.add(behind({kException, kTaken}, bytes));
  }
  seeds.add(behind({1}, Bytes(regs::kEventBytes)));
}

void journal(const fs::path& folder) {
  Seeds seeds(folder, "journal");
  const std::vector<SaParameters> sas{test::full_sa(256), test::make_sa(257)};
  const auto record = encode_change(std::vector<std::uint32_t>{300}, sas);
  seeds.add(behind({1}, record));
  seeds.add(behind({0}, test::content_of(record)));
}

void netlink(const fs::path& folder) {
  namespace k = kernel::test;
  Seeds seeds(folder, "netlink");
  k::SaSpec v4{.source = "192.0.2.1", .destination = "198.51.100.1", .spi = 0x1001};
  v4.encapsulation = kernel::SaEncapsulation{.type = 2, .source_port = 4500, .destination_port = 4500};
  v4.mark = kernel::Mark{.value = 1, .mask = 0xff};
  const k::SaSpec v6{.source = "2001:db8::1", .destination = "2001:db8::2", .spi = 0x1002, .esn = true};
  for (const k::SaSpec& spec : {v4, v6}) {
    seeds.add(k::new_gcm_sa(spec));
    seeds.add(k::deleted_sa(spec));
    const auto key = k::counting(32);
    seeds.add(k::new_sa(spec, XFRM_MSG_NEWSA)
                  .put(XFRMA_ALG_CRYPT, k::algorithm("cbc(aes)", key))
                  .put(XFRMA_ALG_AUTH_TRUNC, k::algorithm("hmac(sha256)", key, 128))
                  .finish(0));
    seeds.add(k::new_sa(spec, XFRM_MSG_UPDSA).finish(0));
  }
  const Bytes address{192, 0, 2, 1}, mac{2, 0, 0, 0, 0, 1};
  using kernel::RequestBuilder;
  seeds.add(RequestBuilder(RTM_NEWADDR, 0).put(ifaddrmsg{}).put(IFA_LOCAL, address).finish(0));
  seeds.add(
      RequestBuilder(RTM_NEWLINK, 0).put(ifinfomsg{}).put(IFLA_ADDRESS, mac).put_value(IFLA_MTU, 1500U).finish(0));
  seeds.add(RequestBuilder(RTM_NEWROUTE, 0).put(rtmsg{}).put(RTA_GATEWAY, address).put_value(RTA_OIF, 3U).finish(0));
  seeds.add(RequestBuilder(RTM_NEWNEIGH, 0).put(ndmsg{}).put(NDA_DST, address).put(NDA_LLADDR, mac).finish(0));
  seeds.add(RequestBuilder(NLMSG_ERROR, 0).put(nlmsgerr{}).finish(0));
}

void charon(const fs::path& folder) {
  using namespace vici::test;
  Seeds seeds(folder, "vici");
  seeds.add(list_sa(child("net-1", "net", "c0ffee01", "0badcafe") + child("net-2", "net", "", "")));
  seeds.add(Bytes{1} + entry("success", "yes"));
  seeds.add(named(7, "child-updown") + section("gw", entry("uniqueid", "1")));
}

void files(const fs::path& folder) {
  Seeds config(folder, "config"), capture(folder, "capture");
  for (const char* file : {"host/examples/sas.yaml", "tests/demo/sas.yaml", "tests/cases/errors_twice.yaml"}) {
    config.add_file(kSource / file);
  }
  config.add("card: {local: [192.0.2.1], http: '127.0.0.1:9100'}\nsas: kernel\nkernel: {cipher: any}\n");
  for (const char* file : {"fcs_flag.pcap", "frames.pcap", "last_record_cut.pcap", "two_interfaces.pcapng"}) {
    capture.add_file(kSource / "tests/cases" / file);
  }
}

void requests(const fs::path& folder) {
  Seeds seeds(folder, "service");
  for (const char* command : {"info", "stats", "sa-list", "sa-status", "sa-unwatched", "watch", "reload"}) {
    seeds.add(R"({"command":")" + std::string(command) + "\"}\n");
  }
  seeds.add(R"({"command":"ping","sa":"sa256","count":2,"interval_ns":1000,"timeout_ns":1000,"data_bytes":8})"
            "\n");
  seeds.add(R"({"command":"mtu","sa":"300","least":100,"most":200,"attempts":1,"timeout_ns":1000})"
            "\n");
  seeds.add(R"({"command":"sa-del","sa":"0x100"})"
            "\n"
            R"({"command":"sa-admin","sa":"sa300","down":true})"
            "\n");
  seeds.add(R"({"command":"stats","sa":"sa300"})"
            "\n"
            R"({"command":"sa-status","sa":"sa300"})"
            "\n");
  seeds.add(R"({"command":"sa-add","file":"x","config":"card: {local: [192.0.2.1]}\nsas: []\n"})"
            "\n");
}

void xrt(const fs::path& folder) {
  using namespace sim::xrt;
  Seeds seeds(folder, "xrt");
  const std::string body = FieldWriter().number(1, 0x12345678).bytes(2, "data").number(3, 1).body();
  seeds.add(std::string(1, '\0') + make_call(Api::write_register, body));
  seeds.add(std::string(1, '\0') + make_answer(body));
  seeds.add("\1" + body);
  std::vector<std::byte> list{std::byte{2}};
  if (append_frame(list, std::vector<std::byte>(60)) && append_frame(list, std::vector<std::byte>(14))) {
    seeds.add({reinterpret_cast<const std::uint8_t*>(list.data()), list.size()});
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
    return 2;
  }
  for (const auto make : {frames, exceptions, journal, netlink, charon, files, requests, xrt}) make(argv[1]);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "fuzz_seeds: %s\n", error.what());
  return 1;
}
