#include "StressBot/json/JsonDocument.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/TemporaryDirectory.h"

namespace stressbot {
namespace {

using std::chrono::nanoseconds;
using testing::HasSubstr;

constexpr std::string_view kTown = R"({
  // a comment before the flows
  "flows": {
    "login": [
      {"connect": "game"},
      {
        "request": "C_LOGIN",
        "timeout": 5
      }
    ],
    "odd key": {"x.y": [1,
      2]}
  },
  "last": 7
}
)";

JsonDocument ParseGood(std::string_view text) {
  Diagnostics errors;
  auto document = JsonDocument::Parse(text, "town.json", errors);
  EXPECT_TRUE(document) << errors.ToString();
  return document.value_or(JsonDocument{});
}

/// The only error of a text that must be refused.
Diagnostic ErrorOf(std::string_view text) {
  Diagnostics errors;
  EXPECT_FALSE(JsonDocument::Parse(text, "town.json", errors)) << text;
  EXPECT_EQ(errors.list().size(), 1U) << errors.ToString();
  return errors.empty() ? Diagnostic{} : errors.list().front();
}

TEST(JsonDocumentTest, KnowsTheLineOfEachValue) {
  const JsonDocument document = ParseGood(kTown);
  EXPECT_EQ(document.LineOf(""), 1);
  EXPECT_EQ(document.LineOf("flows"), 3);
  EXPECT_EQ(document.LineOf("flows.login"), 4);
  EXPECT_EQ(document.LineOf("flows.login[0].connect"), 5);
  EXPECT_EQ(document.LineOf("flows.login[1]"), 6);
  EXPECT_EQ(document.LineOf("flows.login[1].request"), 7);
  EXPECT_EQ(document.LineOf("flows.login[1].timeout"), 8);  // a newline follows the number at once
  EXPECT_EQ(document.LineOf("flows[\"odd key\"][\"x.y\"][0]"), 11);
  EXPECT_EQ(document.LineOf("flows[\"odd key\"][\"x.y\"][1]"), 12);
  EXPECT_EQ(document.LineOf("last"), 14);
}

TEST(JsonDocumentTest, GivesTheNearestParentsLineForWhatIsNotThere) {
  const JsonDocument document = ParseGood(kTown);
  EXPECT_EQ(document.LineOf("flows.login[1].fields.name"), 6);
  EXPECT_EQ(document.LineOf("flows[\"odd key\"][\"a.b[c\"]"), 11);
  EXPECT_EQ(document.LineOf("nothing.like.this"), 1);
}

TEST(JsonDocumentTest, KeepsTheOrderOfTheFile) {
  Diagnostics errors;
  const JsonDocument document = ParseGood(R"({"z": 1, "a": 2, "m": 3})");
  std::string keys;
  for (const auto& [key, node] : JsonNode::Root(document, errors).Members()) keys += key;
  EXPECT_EQ(keys, "zam");
}

TEST(JsonDocumentTest, RefusesDuplicateKeysAndNamesBothLines) {
  const Diagnostic error = ErrorOf("{\"a\": {\n\"b\": 1,\n\"c\": 2,\n\"b\": {}}}");
  EXPECT_EQ(error.line, 4);
  EXPECT_EQ(error.path, "a.b");
  EXPECT_THAT(error.message, HasSubstr("first in line 2"));
}

TEST(JsonDocumentTest, SaysInPlainWordsWhatIsNotJson) {
  const Diagnostic comma = ErrorOf("{\n  \"a\": 1,\n}");
  EXPECT_EQ(comma.line, 3);
  EXPECT_EQ(comma.ToString().find("json.exception"), std::string::npos);
  EXPECT_THAT(comma.message, HasSubstr("expected string literal"));

  const Diagnostic cut = ErrorOf("{\"flows\": [1, 2");
  EXPECT_EQ(cut.path, "flows");
  EXPECT_THAT(cut.message, HasSubstr("unexpected end of input"));
  EXPECT_EQ(ErrorOf("").ToString(), "town.json: the file is empty");
  EXPECT_EQ(ErrorOf(" \n").ToString(), "town.json: the file is empty");
  EXPECT_THAT(ErrorOf("{} {}").message, HasSubstr("unexpected"));
}

TEST(JsonDocumentTest, RefusesInvalidUtf8) {
  EXPECT_EQ(ErrorOf("{\n\"a\": \"\xC3\x28\"}").ToString(),
            "town.json:2: this is no text file (byte 7 of line 2 is not UTF-8)");
  for (const char* text : {"\xff\xfe{", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",
                           "\xe0\x80\x80", "\xf0\x80\x80\x80", "\x80"}) {
    EXPECT_THAT(ErrorOf(text).message, HasSubstr("byte 1 of line 1 is not UTF-8"));
  }
  using std::string_literals::operator""s;
  EXPECT_THAT(ErrorOf("{\n\n\0"s).ToString(), HasSubstr("town.json:3: this is no text file"));
}

TEST(JsonDocumentTest, NeverEchoesWhatATerminalMustNotSee) {
  for (const char* text : {"{\x1b[2J", "{\"a\": \x7f}", "{\xc3\xa9}", "\xc2\x9b"}) {
    const std::string told = ErrorOf(text).ToString();
    for (const char letter : told) EXPECT_TRUE(letter >= ' ' && letter <= '~') << told;
  }
}

TEST(JsonDocumentTest, RefusesDepthThatNobodyWrites) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  ParseGood(nested(JsonDocument::kDepthMax));
  EXPECT_THAT(ErrorOf(nested(JsonDocument::kDepthMax + 1)).message, HasSubstr("nested deeper"));
  EXPECT_THAT(ErrorOf(nested(100'000)).message, HasSubstr("nested deeper"));
}

TEST(JsonDocumentTest, RefusesWhatIsNoFile) {
  const TemporaryDirectory directory;
  Diagnostics errors;
  EXPECT_FALSE(JsonDocument::Load(directory.path() / "there_is_no_such.json", errors));
  EXPECT_FALSE(JsonDocument::Load(directory.path(), errors));
  ASSERT_EQ(errors.list().size(), 2U);
  EXPECT_EQ(errors.list()[0].message, "no such file");
  EXPECT_THAT(errors.list()[1].message, HasSubstr("directory"));
}

TEST(JsonDocumentTest, RefusesAFileThatIsTooLarge) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "large.json";
  {
    std::ofstream stream(file);
    stream << "\"" << std::string(JsonDocument::kFileBytesMax, 'x') << "\"";
  }
  Diagnostics errors;
  EXPECT_FALSE(JsonDocument::Load(file, errors));
  ASSERT_EQ(errors.list().size(), 1U);
  EXPECT_THAT(errors.list()[0].message, HasSubstr("larger than 16 MiB"));
}

TEST(JsonNodeTest, RefusesUnknownKeysWithASuggestion) {
  Diagnostics errors;
  const JsonDocument document =
      ParseGood("{\"$schema\": \"x\", \"//note\": 1,\n\"tiemout\": 1,\n\"name\": 2}");
  JsonNode::Root(document, errors).OnlyKeys({"timeout", "name"});
  ASSERT_EQ(errors.list().size(), 1U);
  EXPECT_EQ(errors.list()[0].ToString(),
            "town.json:2: tiemout: unknown key \"tiemout\"; did you mean \"timeout\"?");
}

TEST(JsonNodeTest, AMisspeltRequiredKeyIsOneMistake) {
  for (const bool keys_first : {true, false}) {
    Diagnostics errors;
    const JsonDocument document = ParseGood("{\"name\": 1,\n\"executr\": 2}");
    const JsonNode root = JsonNode::Root(document, errors);
    if (keys_first) root.OnlyKeys({"executor", "name"});
    EXPECT_FALSE(root.Require("executor"));
    if (!keys_first) root.OnlyKeys({"executor", "name"});
    EXPECT_EQ(errors.ToString(),
              "town.json:2: executr: unknown key \"executr\"; did you mean \"executor\"?\n");
  }
}

TEST(JsonNodeTest, WrongTypesGiveADefaultAndADiagnosticEach) {
  Diagnostics errors;
  const JsonDocument document =
      ParseGood(R"({"text": "x", "number": -1.5, "list": [1], "no": null})");
  const JsonNode root = JsonNode::Root(document, errors);
  EXPECT_EQ(root.Require("number")->AsString(), "");
  EXPECT_EQ(root.Require("text")->AsNumber(), 0);
  EXPECT_EQ(root.Require("number")->AsUnsigned(10), 0U);
  EXPECT_EQ(root.Require("list")->AsBool(), false);
  EXPECT_TRUE(root.Require("no")->Elements().empty());
  EXPECT_TRUE(root.Require("list")->Members().empty());
  EXPECT_FALSE(root.Require("missing"));
  EXPECT_FALSE(root.Find("text")->Require("key"));
  EXPECT_EQ(errors.list().size(), 8U) << errors.ToString();
  EXPECT_EQ(errors.list()[2].message, "must be a whole number from 0 to 10, not -1.5");
}

TEST(JsonNodeTest, ReadsWhatIsThere) {
  Diagnostics errors;
  const JsonDocument document =
      ParseGood(R"({"text": "안녕", "number": 1.5, "count": 10, "yes": true, "wait": "250ms"})");
  const JsonNode root = JsonNode::Root(document, errors);
  EXPECT_EQ(root.Require("text")->AsString(), "안녕");
  EXPECT_EQ(root.Require("number")->AsNumber(), 1.5);
  EXPECT_EQ(root.Require("count")->AsUnsigned(10), 10U);
  EXPECT_TRUE(root.Require("yes")->AsBool());
  EXPECT_EQ(root.Require("wait")->AsDuration(), std::chrono::milliseconds(250));
  EXPECT_FALSE(root.Find("nothing"));
  EXPECT_TRUE(errors.empty()) << errors.ToString();
}

TEST(JsonNodeTest, ABareNumberIsNoDuration) {
  Diagnostics errors;
  const JsonDocument document = ParseGood(R"({"wait": 5, "rest": "5"})");
  const JsonNode root = JsonNode::Root(document, errors);
  EXPECT_EQ(root.Require("wait")->AsDuration(), nanoseconds(0));
  EXPECT_EQ(root.Require("rest")->AsDuration(), nanoseconds(0));
  ASSERT_EQ(errors.list().size(), 2U);
  EXPECT_THAT(errors.list()[0].message, HasSubstr("\"250ms\""));
}

TEST(DurationTest, ReadsEveryUnit) {
  EXPECT_EQ(ParseDuration("7ns"), nanoseconds(7));
  EXPECT_EQ(ParseDuration("10us"), std::chrono::microseconds(10));
  EXPECT_EQ(ParseDuration("250ms"), std::chrono::milliseconds(250));
  EXPECT_EQ(ParseDuration("1.5s"), std::chrono::milliseconds(1500));
  EXPECT_EQ(ParseDuration("1.1s"), std::chrono::milliseconds(1100));
  EXPECT_EQ(ParseDuration("2m"), std::chrono::minutes(2));
  EXPECT_EQ(ParseDuration("1h"), std::chrono::hours(1));
  EXPECT_EQ(ParseDuration("0s"), nanoseconds(0));
}

TEST(DurationTest, RefusesEverythingElse) {
  for (const char* text : {"", "5", "s", "-1s", "+1s", "1 s", "1sec", "1s ", "inf", "nans", "1e3s",
                           "9999999999999h", ".5s"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

}  // namespace
}  // namespace stressbot
