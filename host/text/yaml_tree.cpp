// SPDX-License-Identifier: Apache-2.0
#include "yaml_tree.h"

#include <fmt/format.h>
#include <string.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <istream>
#include <iterator>
#include <streambuf>

namespace sapulse {
namespace {

/// Text as it is in memory.
class TextBuffer final : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* const begin = const_cast<char*>(text.data());  // which is only read
    setg(begin, begin, begin + text.size());
  }
};

int line_of(const YAML::Mark& mark) { return std::max(mark.line, 0) + 1; }

}  // namespace

/// Takes a document as it is read.
class YamlTree::Builder final : public YAML::EventHandler {
 public:
  explicit Builder(YamlTree& tree) : tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(Kind::null, mark, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(Kind::alias, mark, 0).text = anchors_.at(anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& value) override {
    Entry& entry = add(Kind::scalar, mark, anchor);
    entry.text = static_cast<std::uint32_t>(tree_.text_.size());
    entry.length = static_cast<std::uint32_t>(value.size());
    tree_.text_ += value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(next());
    add(Kind::sequence, mark, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(next());
    add(Kind::map, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  [[nodiscard]] std::uint32_t next() const { return static_cast<std::uint32_t>(tree_.entries_.size()); }

  Entry& add(Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) {
      anchors_.resize(std::max<std::size_t>(anchors_.size(), anchor + 1));
      anchors_[anchor] = next();
    }
    return tree_.entries_.emplace_back(
        Entry{.kind = kind, .line = line_of(mark), .end = next() + 1, .text = 0, .length = 0});
  }
  void close() {
    tree_.entries_[open_.back()].end = next();
    open_.pop_back();
  }

  YamlTree& tree_;
  std::vector<std::uint32_t> open_;     // sequences and maps that have not ended
  std::vector<std::uint32_t> anchors_;  // the node by the number of its anchor
};

YamlTree::YamlTree(std::string_view text) {
  text_.reserve(text.size());
  TextBuffer buffer(text);
  std::istream stream(&buffer);
  std::size_t documents = 0;
  try {
    YAML::Parser parser(stream);
    Builder builder(*this);
    std::size_t begin = 0;  // of a document
    for (; parser.HandleNextDocument(builder); begin = entries_.size()) {
      if (entries_[begin].kind == Kind::null) break;  // there was nothing but comments
      ++documents;
    }
  } catch (const YAML::Exception& error) {
    throw YamlMistake{line_of(error.mark), "not YAML: " + error.msg.substr(0, error.msg.find('\n'))};
  }
  if (documents != 1) throw YamlMistake{1, fmt::format("expected one YAML document, found {}", documents)};
}

YamlTree::~YamlTree() { ::explicit_bzero(text_.data(), text_.size()); }

YamlNode::YamlNode(const YamlTree& tree, std::uint32_t index) : tree_(&tree), index_(index) {
  const YamlTree::Entry& entry = tree.entries_[index];
  if (entry.kind == YamlTree::Kind::alias) index_ = entry.text;
}

bool YamlNode::is_scalar() const { return tree_->entries_[index_].kind == YamlTree::Kind::scalar; }
bool YamlNode::is_sequence() const { return tree_->entries_[index_].kind == YamlTree::Kind::sequence; }
bool YamlNode::is_map() const { return tree_->entries_[index_].kind == YamlTree::Kind::map; }

std::string_view YamlNode::scalar() const {
  const YamlTree::Entry& entry = tree_->entries_[index_];
  return is_scalar() ? std::string_view(tree_->text_).substr(entry.text, entry.length) : std::string_view();
}

int YamlNode::line() const { return tree_->entries_[index_].line; }

std::size_t YamlNode::size() const {
  std::size_t count = 0;
  for (Iterator item = begin(); item != end(); ++item) ++count;
  return count;
}

YamlNode::Iterator YamlNode::begin() const { return {tree_, index_ + 1}; }
YamlNode::Iterator YamlNode::end() const { return {tree_, tree_->entries_[index_].end}; }

std::optional<YamlNode> YamlNode::find(std::string_view key) const {
  if (!is_map()) return std::nullopt;
  for (Iterator item = begin(); item != end(); ++item) {
    const YamlNode name = *item;
    const YamlNode value = *++item;
    if (name.is_scalar() && name.scalar() == key) return value;
  }
  return std::nullopt;
}

}  // namespace sapulse
