// SPDX-License-Identifier: Apache-2.0
// A YAML document in memory. yaml-cpp's own nodes take half a kilobyte each, too much for files of very many SAs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sapulse {

/// A mistake in a file; never leaves the library. The text says what, and never repeats a value, which could be a key.
struct YamlMistake {
  int line;  ///< 1-based
  std::string what;
};

class YamlTree;

/// A node of a tree, which must outlive it. An alias is the node that it stands for.
class YamlNode {
 public:
  class Iterator;

  [[nodiscard]] bool is_scalar() const;
  [[nodiscard]] bool is_sequence() const;
  [[nodiscard]] bool is_map() const;
  /// Empty if it is no scalar.
  [[nodiscard]] std::string_view scalar() const;
  /// 1-based.
  [[nodiscard]] int line() const;
  /// Items of a sequence.
  [[nodiscard]] std::size_t size() const;
  /// Items of a sequence; keys and values of a map in turn.
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;
  /// The value of a key of a map that is a scalar.
  [[nodiscard]] std::optional<YamlNode> find(std::string_view key) const;

 private:
  friend class YamlTree;
  YamlNode(const YamlTree& tree, std::uint32_t index);

  const YamlTree* tree_;
  std::uint32_t index_;  ///< of the node itself, where it is an alias
};

/// Immutable. What it has of keys is wiped with it.
class YamlTree {
 public:
  /// Throws YamlMistake unless `text` is one document.
  explicit YamlTree(std::string_view text);
  ~YamlTree();
  YamlTree(const YamlTree&) = delete;
  YamlTree& operator=(const YamlTree&) = delete;

  [[nodiscard]] YamlNode root() const { return {*this, 0}; }

 private:
  friend class YamlNode;
  friend class YamlNode::Iterator;
  class Builder;

  enum class Kind : std::uint8_t { null, scalar, sequence, map, alias };
  struct Entry {
    Kind kind;
    int line;
    std::uint32_t end;     ///< index behind its last descendant: descendants follow it
    std::uint32_t text;    ///< scalar: where it begins; alias: index of the node
    std::uint32_t length;  ///< of a scalar, bytes
  };

  std::vector<Entry> entries_;
  std::string text_;  ///< all scalars
};

class YamlNode::Iterator {
 public:
  YamlNode operator*() const { return {*tree_, index_}; }
  Iterator& operator++() {
    index_ = tree_->entries_[index_].end;
    return *this;
  }
  friend bool operator==(const Iterator&, const Iterator&) = default;

 private:
  friend class YamlNode;
  Iterator(const YamlTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}

  const YamlTree* tree_;
  std::uint32_t index_;
};

}  // namespace sapulse
