// SPDX-License-Identifier: Apache-2.0
#include "url_reaction.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include "json_values.h"
#include "sapulse/poll_timeout.h"

namespace sapulse::reactions {
namespace {

/// Calls a function of libcurl that gives something back; its handles are all of type void.
template <auto Function>
struct Call {
  template <class Type>
  void operator()(Type* handle) const {
    (void)Function(handle);
  }
};
using Easy = std::unique_ptr<CURL, Call<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Call<curl_multi_cleanup>>;
using Headers = std::unique_ptr<curl_slist, Call<curl_slist_free_all>>;
using ParsedUrl = std::unique_ptr<CURLU, Call<curl_url_cleanup>>;

/// libcurl needs to be set up once, before there are threads of its users.
bool set_up_curl() {
  static const bool good = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return good;
}

std::size_t ignore(const char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return "";
  std::string result(text);
  curl_free(text);
  return result;
}

/// Adds a transfer to libcurl's loop, and takes it away in the end.
class Transfer {
 public:
  Transfer() : easy_(curl_easy_init()), multi_(curl_multi_init()) {
    if (is_good()) curl_multi_add_handle(multi_.get(), easy_.get());
  }
  ~Transfer() {
    if (is_good()) curl_multi_remove_handle(multi_.get(), easy_.get());
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] bool is_good() const { return easy_ != nullptr && multi_ != nullptr; }
  [[nodiscard]] CURL* easy() const { return easy_.get(); }

  /// Goes on until it is done.
  Result<CURLcode> run(const Patience& patience) {
    for (int running = 1;;) {
      curl_multi_perform(multi_.get(), &running);
      int left = 0;
      if (const CURLMsg* told = curl_multi_info_read(multi_.get(), &left)) return told->data.result;
      curl_waitfd stop{patience.called_off(), CURL_WAIT_POLLIN, 0};
      curl_multi_poll(multi_.get(), &stop, 1, poll_timeout(patience.left()), nullptr);
      if (auto waited = patience.check(); !waited) return tl::unexpected(waited.error());
    }
  }

 private:
  Easy easy_;
  Multi multi_;
};

void set_up(CURL* easy, const std::string& url, const std::string& body, curl_slist* headers) {
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);    // signals are the whole process's
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // who looks up a name is not waited for
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "sapulse");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &ignore);
}

}  // namespace

Result<std::string> public_part(const std::string& url) {
  const ParsedUrl parsed(curl_url());
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return failure(Errc::invalid_argument, "not a URL");
  }
  const std::string scheme = part(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return failure(Errc::invalid_argument, "neither http nor https");
  return scheme + "://" + part(parsed.get(), CURLUPART_HOST);
}

Result<std::string> UrlReaction::react(const LivenessChange& change, const Patience& patience) {
  if (!set_up_curl()) return failure(Errc::io_error, "libcurl cannot be set up");
  const Headers headers(curl_slist_append(nullptr, "Content-Type: application/json"));
  Transfer transfer;
  if (!transfer.is_good() || !headers) return failure(Errc::io_error, "out of memory");
  const std::string body = to_json(change, card_).dump();
  set_up(transfer.easy(), url_, body, headers.get());
  const auto code = transfer.run(patience);
  if (!code) return tl::unexpected(code.error());
  if (*code != CURLE_OK) return failure(Errc::io_error, curl_easy_strerror(*code));
  long status = 0;
  curl_easy_getinfo(transfer.easy(), CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) return failure(Errc::io_error, fmt::format("HTTP status {}", status));
  return fmt::format("HTTP status {}", status);
}

}  // namespace sapulse::reactions
