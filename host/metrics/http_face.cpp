// SPDX-License-Identifier: Apache-2.0
#include "http_face.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

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

void write_json(std::ostream& out, std::span<const SnapshotPointer> snapshots) {
  out << "{\"cards\":[";
  const char* separator = "";
  for (const SnapshotPointer& snapshot : snapshots) {
    Json json{{"device", snapshot->device}, {"sa_capacity", snapshot->sa_capacity}};
    if (!snapshot->card.empty()) json["card"] = snapshot->card;
    out << std::exchange(separator, ",") << text_of(json);
  }
  out << "],\"sas\":[";
  separator = "";
  for (const SnapshotPointer& snapshot : snapshots) {
    for (const SaSample& sample : snapshot->sas) {
      Json json = to_json(sample.sa);
      if (!snapshot->card.empty()) json["card"] = snapshot->card;
      json["liveness"] = or_null(sample.liveness);
      json["probe"] = or_null(sample.probe);
      json["statistics"] = or_null(sample.statistics);
      out << std::exchange(separator, ",\n") << text_of(json);
    }
  }
  out << "]}\n";
}

/// A document that is made of snapshots, once for all who get the same ones.
class SnapshotDocument {
 public:
  using Writer = std::function<void(std::ostream& out, std::span<const SnapshotPointer> snapshots)>;

  SnapshotDocument(std::vector<SnapshotExchange*> exchanges, const char* type, Writer writer)
      : exchanges_(std::move(exchanges)), type_(type), writer_(std::move(writer)) {}

  HttpAnswer operator()() {
    std::vector<SnapshotPointer> snapshots;
    for (SnapshotExchange* exchange : exchanges_) {
      if (auto snapshot = exchange->get(kPatience)) snapshots.push_back(std::move(snapshot));
    }
    if (snapshots.empty()) return {.status = 503, .body = text_body("no card has answered yet\n")};
    if (snapshots != made_of_) {
      std::ostringstream out;
      writer_(out, snapshots);
      body_ = text_body(std::move(out).str());
      made_of_ = std::move(snapshots);
    }
    return {.type = type_, .body = body_};
  }

 private:
  static std::shared_ptr<const std::string> text_body(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
  }

  std::vector<SnapshotExchange*> exchanges_;
  const char* type_;
  Writer writer_;
  std::vector<SnapshotPointer> made_of_;
  std::shared_ptr<const std::string> body_;
};

std::function<HttpAnswer()> file(const char* type, std::string_view content) {
  return [type, body = std::make_shared<const std::string>(content)] { return HttpAnswer{.type = type, .body = body}; };
}

HttpServer::Documents documents_of(const std::vector<SnapshotExchange*>& exchanges, Families families) {
  const auto metrics = [families](std::ostream& out, std::span<const SnapshotPointer> snapshots) {
    write_metrics(out, snapshots, families);
  };
  return {{"/metrics", SnapshotDocument(exchanges, "text/plain; version=0.0.4; charset=utf-8", metrics)},
          {"/sas.json", SnapshotDocument(exchanges, "application/json", write_json)},
          {"/", file("text/html; charset=utf-8", kPageHtml)},
          {"/sapulse.css", file("text/css; charset=utf-8", kPageStyle)},
          {"/sapulse.js", file("text/javascript; charset=utf-8", kPageScript)}};
}

}  // namespace

Result<std::unique_ptr<HttpFace>> HttpFace::start(const HttpSettings& settings, std::span<const NamedEndpoint> cards) {
  std::unique_ptr<HttpFace> face(new HttpFace);
  std::vector<SnapshotExchange*> exchanges;
  for (const NamedEndpoint& card : cards) exchanges.push_back(&face->sources_.emplace_back(card).exchange);
  const Families families = settings.sa_metrics ? Families::all : Families::totals;
  auto server = HttpServer::start(settings, documents_of(exchanges, families));
  if (!server) return tl::unexpected(server.error());
  face->server_ = std::move(*server);
  return face;
}

HttpFace::Source& HttpFace::source_of(const Endpoint& card) {
  return *std::ranges::find(sources_, &card, &Source::endpoint);
}

HttpFace::~HttpFace() {
  for (Source& source : sources_) source.exchange.close();  // else the server would wait for those who wait
}

}  // namespace sapulse::metrics
