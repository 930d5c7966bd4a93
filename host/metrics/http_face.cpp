// SPDX-License-Identifier: Apache-2.0
#include "http_face.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <utility>

#include "assets.h"
#include "exposition.h"
#include "json_values.h"

namespace sapulse::metrics {
namespace {

using Json = nlohmann::ordered_json;

/// How long a client waits for a snapshot before he gets an older one.
constexpr std::chrono::seconds kPatience(3);

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

template <class Part>
Json or_null(const std::optional<Part>& part) {
  return part ? to_json(*part) : Json(nullptr);
}

void write_json(std::ostream& out, const Snapshot& snapshot) {
  out << "{\"device\":" << text_of(snapshot.device) << ",\"sa_capacity\":" << snapshot.sa_capacity << ",\"sas\":[";
  const char* separator = "";
  for (const SaSample& sample : snapshot.sas) {
    Json json = to_json(sample.sa);
    json["liveness"] = or_null(sample.liveness);
    json["probe"] = or_null(sample.probe);
    json["statistics"] = or_null(sample.statistics);
    out << std::exchange(separator, ",\n") << text_of(json);
  }
  out << "]}\n";
}

/// A document that is made of a snapshot, once for all who get the same one.
class SnapshotDocument {
 public:
  using Writer = std::function<void(std::ostream& out, const Snapshot& snapshot)>;

  SnapshotDocument(SnapshotExchange& exchange, const char* type, Writer writer)
      : exchange_(exchange), type_(type), writer_(std::move(writer)) {}

  HttpAnswer operator()() {
    auto snapshot = exchange_.get(kPatience);
    if (!snapshot) return {.status = 503, .body = text_body("the card has not answered yet\n")};
    if (snapshot != made_of_) {
      std::ostringstream out;
      writer_(out, *snapshot);
      body_ = text_body(std::move(out).str());
      made_of_ = std::move(snapshot);
    }
    return {.type = type_, .body = body_};
  }

 private:
  static std::shared_ptr<const std::string> text_body(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
  }

  SnapshotExchange& exchange_;
  const char* type_;
  Writer writer_;
  SnapshotExchange::Pointer made_of_;
  std::shared_ptr<const std::string> body_;
};

std::function<HttpAnswer()> file(const char* type, std::string_view content) {
  return [type, body = std::make_shared<const std::string>(content)] { return HttpAnswer{.type = type, .body = body}; };
}

HttpServer::Documents documents_of(SnapshotExchange& exchange, Families families) {
  const auto metrics = [families](std::ostream& out, const Snapshot& snapshot) {
    write_metrics(out, snapshot, families);
  };
  return {{"/metrics", SnapshotDocument(exchange, "text/plain; version=0.0.4; charset=utf-8", metrics)},
          {"/sas.json", SnapshotDocument(exchange, "application/json", write_json)},
          {"/", file("text/html; charset=utf-8", kPageHtml)},
          {"/sapulse.css", file("text/css; charset=utf-8", kPageStyle)},
          {"/sapulse.js", file("text/javascript; charset=utf-8", kPageScript)}};
}

}  // namespace

Result<std::unique_ptr<HttpFace>> HttpFace::start(const HttpSettings& settings, Endpoint& endpoint) {
  std::unique_ptr<HttpFace> face(new HttpFace(endpoint));
  const Families families = settings.sa_metrics ? Families::all : Families::totals;
  auto server = HttpServer::start(settings, documents_of(face->exchange_, families));
  if (!server) return tl::unexpected(server.error());
  face->server_ = std::move(*server);
  return face;
}

HttpFace::~HttpFace() {
  exchange_.close();  // else the server would wait for those who wait
}

}  // namespace sapulse::metrics
