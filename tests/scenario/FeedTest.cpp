#include <gtest/gtest.h>

#include <fstream>

#include "ScenarioText.h"
#include "StressBot/scenario/FeedTableReader.h"
#include "tests/TemporaryDirectory.h"

namespace stressbot {
namespace {

std::shared_ptr<const FeedTable> Csv(std::string_view text, Diagnostics& errors) {
  return ReadCsv(text, "f.csv", errors);
}

/// A table's content on one line: columns, then rows; texts in quotes.
std::string Show(const FeedTable& table) {
  std::string text;
  for (const std::string& column : table.columns) text += column + " ";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    text += "| ";
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const Value& value = table.at(row, column);
      const bool is_text = std::holds_alternative<std::string>(value);
      text += is_text ? "'" + ToText(value) + "' " : ToText(value) + " ";
    }
  }
  return text;
}

TEST(CsvTest, ReadsWhatRfc4180Writes) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a,b\n1,x\n2,y\n", "a b | 1 'x' | 2 'y' "},
      {"a,b\r\n1,x\r\n2,y", "a b | 1 'x' | 2 'y' "},
      {"\xEF\xBB\xBF"
       "a\nx\n",
       "a | 'x' "},
      {"a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", "a b | 'x,y' 'say \"hi\"' "},
      {"a,b\n\"two\nlines\",\"\"\n,\n", "a b | 'two\nlines' '' | '' '' "},
      {"\"a b\",c\n\n1,2\n\n", "a b c | 1 2 "},
      {"a\n안녕\n", "a | '안녕' "},
      {"a\n\"\"\n", "a | '' "}};
  for (const auto& [text, expected] : cases) {
    Diagnostics errors;
    const auto table = Csv(text, errors);
    ASSERT_TRUE(table) << text << errors.ToString();
    EXPECT_EQ(Show(*table), expected);
  }
}

TEST(CsvTest, WhatIsWrittenLikeANumberIsOneUnlessThatWouldChangeIt) {
  Diagnostics errors;
  const auto table =
      Csv("a\n12\n-3\n0.5\ntrue\n\"12\"\n007\n1e5\n1.50\n+1\n 1\nnull\n[1]\n", errors);
  ASSERT_TRUE(table) << errors.ToString();
  EXPECT_EQ(Show(*table),
            "a | 12 | -3 | 0.5 | true | '12' | '007' | '1e5' | '1.50' | '+1' | ' 1' | 'null' | "
            "'[1]' ");
}

TEST(CsvTest, MistakesNameTheirLine) {
  struct Mistake {
    std::string text;
    int line;
    std::string words;
  };
  const std::vector<Mistake> mistakes = {
      {"", 0, "is empty"},
      {"\n\n", 0, "is empty"},
      {"a,b\n", 0, "has a header and no rows"},
      {"a,b\n1,2\n1,2,3\n", 3, "has 3 fields where the header has 2"},
      {"a,b\n1\n", 2, "has 1 fields where the header has 2"},
      {"a,,b\n1,2,3\n", 1, "names no column 2"},
      {"a,a\n1,2\n", 1, "two columns \"a\""},
      {"a}\n1\n", 1, "no ${...} could name it"},
      {"a\nx\"y\"\n", 2, "quote inside a field"},
      {"a\n\"x\" \n", 2, "behind the quote"},
      {"a\n\"x\ny\nz", 2, "never closed"},
      {"a\nx\ry\n", 2, "carriage return"},
      {"a\n\"x\ny\"\n\xFF\n", 4, "is not UTF-8"}};
  for (const Mistake& mistake : mistakes) {
    Diagnostics errors;
    EXPECT_FALSE(Csv(mistake.text, errors)) << mistake.text;
    ASSERT_EQ(errors.list().size(), 1U) << mistake.text << errors.ToString();
    EXPECT_EQ(errors.list()[0].line, mistake.line) << mistake.text;
    EXPECT_NE(errors.list()[0].message.find(mistake.words), std::string::npos) << errors.ToString();
  }
}

TEST(CsvTest, TellsTenMistakesAtMost) {
  std::string text = "a\n";
  for (int i = 0; i < 100; ++i) text += "1,2\n";
  Diagnostics errors;
  EXPECT_FALSE(Csv(text, errors));
  EXPECT_EQ(errors.list().size(), 10U);
}

TEST(JsonLinesTest, ReadsAnObjectALine) {
  Diagnostics errors;
  const auto table = ReadJsonLines(
      "{\"name\": \"ann\", \"level\": 3}\r\n\n{\"level\": 0.5, \"name\": "
      "\"7\"}\n",
      "f.jsonl", errors);
  ASSERT_TRUE(table) << errors.ToString();
  EXPECT_EQ(Show(*table), "name level | 'ann' 3 | '7' 0.5 ");
}

TEST(JsonLinesTest, MistakesNameTheirLine) {
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"{\"a\": 1", "no JSON"},
      {"[1]", "needs an object"},
      {"{}", "needs an object"},
      {"{\"b\": 1, \"a\": 1}", "a key \"b\" that the first line does not have"},
      {"{\"a\": [1]}", "needs a text, a number"}};
  for (const auto& [line, words] : lines) {
    Diagnostics errors;
    EXPECT_FALSE(ReadJsonLines("{\"a\": 1}\n" + line + "\n", "f.jsonl", errors)) << line;
    ASSERT_EQ(errors.list().size(), 1U) << errors.ToString();
    EXPECT_EQ(errors.list()[0].line, 2);
    EXPECT_NE(errors.list()[0].message.find(words), std::string::npos) << errors.ToString();
  }
  Diagnostics errors;
  EXPECT_FALSE(ReadJsonLines("\n", "f.jsonl", errors));
  EXPECT_NE(errors.ToString().find("is empty"), std::string::npos);
}

/// A scenario in a directory with accounts.csv of three rows.
class FeedFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Write("accounts.csv", "name,key\nann,1\nbob,2\ncid,3\n");
    Write("lines.jsonl", "{\"name\": \"ann\"}\n");
    Write("table.txt", "name\nann\n");
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() / name, std::ios::binary) << text;
  }
  Loaded Load(const std::string& feed, const std::string& name,
              const ScenarioOptions& options = {}) {
    const std::string protocol = STRESSBOT_SCENARIO_DATA "/game.protocol.json";
    Write("test.json", R"({"servers": {"game": {"protocol": ")" + protocol +
                           R"(", "target": "127.0.0.1:7777"}},
      "feeds": {"account": )" +
                           feed + R"(},
      "groups": {"a": {"executor": "constant-bots", "flow": "a", "bots": 2, "duration": "10s"},
                 "b": {"executor": "constant-bots", "flow": "b", "bots": 90, "duration": "10s"},
                 "c": {"executor": "constant-bots", "flow": "a", "bots": 1, "duration": "10s"}},
      "flows": {"a": [{"connect": "game"},
                      {"request": "C_LOGIN", "fields": {"name": ")" +
                           name + R"("}, "expect": "S_LOGIN"}],
                "b": [{"connect": "game"}]}})");
    Loaded loaded;
    loaded.scenario = LoadScenario(directory_.path() / "test.json", options, loaded.errors);
    return loaded;
  }
  TemporaryDirectory directory_;
};

TEST_F(FeedFileTest, BotsOfTheGroupsThatUseItHaveTheirPlaces) {
  const Loaded loaded =
      Load(R"({"file": "accounts.csv", "give": "unique"})", "${account.name}-${account.key}");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  ASSERT_EQ(loaded.program().feeds.size(), 1U);
  const Feed& feed = loaded.program().feeds[0];
  EXPECT_EQ(feed.give, Feed::Give::kUnique);
  EXPECT_EQ(feed.table->rows(), 3U);
  EXPECT_EQ(feed.bots, 3U);
  EXPECT_EQ(feed.first_bot, (std::vector<std::uint32_t>{0, 2, 2}));
  EXPECT_TRUE(loaded.scenario->warnings.empty());
}

TEST_F(FeedFileTest, TooFewRowsAreToldWithBothNumbersAndFewerBotsMayFit) {
  const std::string feed = R"({"file": "accounts.csv", "give": "unique"})";
  ScenarioOptions options;
  options.bots = {{"a", 4}};
  const Loaded loaded = Load(feed, "${account.name}", options);
  ASSERT_EQ(loaded.errors.list().size(), 1U) << loaded.errors.ToString();
  EXPECT_EQ(loaded.errors.list()[0].path, "feeds.account");
  EXPECT_NE(loaded.errors.ToString().find("has 3 rows for 5 bots"), std::string::npos);
  options.bots = {{"a", 1}};
  EXPECT_TRUE(Load(feed, "${account.name}", options).scenario);
  EXPECT_TRUE(Load(R"({"file": "lines.jsonl", "give": "shared"})", "${account.name}").scenario);
  EXPECT_TRUE(Load(R"({"file": "table.txt", "give": "random", "format": "csv"})", "${account.name}")
                  .scenario);
}

TEST_F(FeedFileTest, MistakesAreToldAtTheirPlace) {
  struct Mistake {
    std::string feed, name, path, words;
  };
  const std::string good = R"({"file": "accounts.csv", "give": "shared"})";
  const std::vector<Mistake> mistakes = {
      {R"({"file": "acounts.csv", "give": "shared"})", "${account.name}", "feeds.account.file",
       "did you mean \"accounts.csv\"?"},
      {R"({"file": ".", "give": "shared"})", "${account.name}", "feeds.account.file", "is no file"},
      {R"({"file": "table.txt", "give": "shared"})", "${account.name}", "feeds.account.file",
       "add \"format\""},
      {R"({"file": "accounts.csv", "give": "uniqe"})", "${account.name}", "feeds.account.give",
       "did you mean \"unique\"?"},
      {R"({"file": "accounts.csv"})", "${account.name}", "feeds.account", "\"give\" is missing"},
      {R"({"file": "accounts.csv", "give": "shared", "format": "xls"})", "${account.name}",
       "feeds.account.format", "known: csv, jsonl"},
      {good, "${account.nam}", "flows.a[1].fields.name", "did you mean \"name\"?"},
      {good, "${account}", "flows.a[1].fields.name", "name a column of it: ${account.name}"},
      {good, "${acount.name}", "flows.a[1].fields.name", "did you mean \"account.name\"?"}};
  for (const Mistake& mistake : mistakes) {
    const Loaded loaded = Load(mistake.feed, mistake.name);
    ASSERT_EQ(loaded.errors.list().size(), 1U) << mistake.feed << loaded.errors.ToString();
    EXPECT_EQ(loaded.errors.list()[0].path, mistake.path) << loaded.errors.ToString();
    EXPECT_NE(loaded.errors.ToString().find(mistake.words), std::string::npos)
        << loaded.errors.ToString();
  }
  Write("accounts.csv", "name,key\nann\n");
  const Loaded loaded = Load(good, "${account.name}");
  ASSERT_EQ(loaded.errors.list().size(), 1U) << loaded.errors.ToString();
  EXPECT_TRUE(loaded.errors.list()[0].file.ends_with("accounts.csv"));
  EXPECT_EQ(loaded.errors.list()[0].line, 2);
}

TEST_F(FeedFileTest, WhatNobodyUsesIsAWarning) {
  const Loaded loaded = Load(R"({"file": "accounts.csv", "give": "unique"})", "ann");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  ASSERT_EQ(loaded.scenario->warnings.size(), 1U);
  EXPECT_NE(loaded.scenario->warnings[0].message.find("never used"), std::string::npos);
}

}  // namespace
}  // namespace stressbot
