// SPDX-License-Identifier: Apache-2.0
// Documents in memory, against yaml-cpp's own nodes.
#include "yaml_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <string>

namespace sapulse::test {
namespace {

using testing::HasSubstr;

/// A node with everything below it, as text.
std::string dump(const YAML::Node& node) {
  std::string text;
  if (node.IsSequence()) {
    for (const auto& item : node) text += dump(item) + ",";
    return "[" + text + "]";
  }
  if (node.IsMap()) {
    for (const auto& pair : node) text += dump(pair.first) + ":" + dump(pair.second) + ",";
    return "{" + text + "}";
  }
  return node.IsScalar() ? "'" + node.Scalar() + "'@" + std::to_string(node.Mark().line + 1) : "null";
}

std::string dump(const YamlNode& node) {
  std::string text;
  if (node.is_sequence()) {
    for (const auto& item : node) text += dump(item) + ",";
    return "[" + text + "]";
  }
  if (node.is_map()) {
    for (auto item = node.begin(); item != node.end(); ++item) {
      text += dump(*item) + ":";
      text += dump(*++item) + ",";
    }
    return "{" + text + "}";
  }
  return node.is_scalar() ? "'" + std::string(node.scalar()) + "'@" + std::to_string(node.line()) : "null";
}

class YamlTreeTest : public testing::TestWithParam<const char*> {};

TEST_P(YamlTreeTest, IsTheDocumentThatYamlCppReads) {
  const YamlTree tree(GetParam());
  EXPECT_EQ(dump(tree.root()), dump(YAML::Load(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Documents, YamlTreeTest,
                         testing::Values("a", "[]", "{}", "{a: [], b: {}, c: }", "- a\n- - b\n  - c\n-\n- {d: e}\n",
                                         "# comment\na: 1 # more\n\nb:\n  c: 'it''s'\n  d: \"\\u00e9\\n\"\n",
                                         "a: |\n  two\n  lines\nb: >\n  one\n  line\n", "? [x, y]\n: z\n",
                                         "- &one {a: b}\n- *one\n- &two [*one, c]\n- d: *two\n", "[~, null, \"null\"]",
                                         "---\na: b\n...\n"));

std::string mistake(const std::string& text) {
  try {
    const YamlTree tree(text);
    return {};
  } catch (const YamlMistake& error) {
    return std::to_string(error.line) + ": " + error.what;
  }
}

TEST(YamlTree, TellsMistakesWithTheirLines) {
  EXPECT_THAT(mistake("a: b\nc: [\n"), HasSubstr(": not YAML: "));
  EXPECT_THAT(mistake("a: b\nc: *nowhere\n"), HasSubstr("2: not YAML: "));
  EXPECT_EQ(mistake("# nothing\n"), "1: expected one YAML document, found 0");
  EXPECT_EQ(mistake("a\n---\nb\n"), "1: expected one YAML document, found 2");
}

TEST(YamlTree, FindsValuesByTheirKeys) {
  const YamlTree tree("{a: {a: x}, b: y}");
  ASSERT_TRUE(tree.root().find("b"));
  EXPECT_EQ(tree.root().find("b")->scalar(), "y");
  EXPECT_EQ(tree.root().find("a")->find("a")->scalar(), "x");
  EXPECT_FALSE(tree.root().find("x"));
  EXPECT_FALSE(tree.root().find("b")->find("a"));
}

}  // namespace
}  // namespace sapulse::test
