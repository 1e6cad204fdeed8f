#include "StressBot/scenario/FeedReader.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "StressBot/scenario/FeedTableReader.h"
#include "StressBot/scenario/Keys.h"
#include "StressBot/scenario/VariableCollector.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

Feed::Give ReadGive(const JsonNode& node) {
  const std::string word = node.AsString();
  if (word == "unique") return Feed::Give::kUnique;
  if (word == "random") return Feed::Give::kRandom;
  if (word != "shared" && node.IsString())
    node.Error("cannot be \"" + word + "\"" + Suggest(word, {"unique", "shared", "random"}));
  return Feed::Give::kShared;
}

/// The text of a file that a feed names; nullopt after an error.
std::optional<std::string> ReadText(const std::filesystem::path& path, const JsonNode& node) {
  const std::string name = Utf8Of(path);
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(path, failure);
  if (status.type() == std::filesystem::file_type::not_found) {
    node.Error("no file " + name + SuggestFile(path));
    return std::nullopt;
  }
  if (!std::filesystem::is_regular_file(status)) {
    node.Error(name + " is no file");
    return std::nullopt;
  }
  const std::uintmax_t bytes = std::filesystem::file_size(path, failure);
  if (!failure && bytes > kFeedBytesMax) {
    node.Error(name + " has " + std::to_string(bytes) + " bytes; a feed has at most " +
               std::to_string(kFeedBytesMax));
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file && !failure) return text;
  node.Error(name + " cannot be read");
  return std::nullopt;
}

/// "csv" or "jsonl"; empty after an error.
std::string FormatOf(const JsonNode& feed, const std::filesystem::path& path,
                     const JsonNode& file) {
  static const std::vector<std::string> kFormats = {"csv", "jsonl"};
  if (const auto format = feed.Find("format")) {
    std::string word = format->AsString();
    if (Contains(kFormats, word)) return word;
    if (format->IsString()) format->Error("cannot be \"" + word + "\"" + Suggest(word, kFormats));
    return {};
  }
  const std::string ending = Utf8Of(path.extension());
  if (ending == ".csv") return "csv";
  if (ending == ".jsonl" || ending == ".ndjson") return "jsonl";
  file.Error("its name does not tell what it is; add \"format\": \"csv\" or \"jsonl\"");
  return {};
}

std::shared_ptr<const FeedTable> ReadTable(const JsonNode& feed, const JsonNode& file,
                                           const std::filesystem::path& directory) {
  if (!file.IsString()) {
    file.AsString();
    return nullptr;
  }
  const std::filesystem::path path = (directory / PathOf(file.AsString())).lexically_normal();
  const auto text = ReadText(path, file);
  if (!text) return nullptr;
  const std::string format = FormatOf(feed, path, file);
  if (format.empty()) return nullptr;
  return format == "csv" ? ReadCsv(*text, Utf8Of(path), feed.errors())
                         : ReadJsonLines(*text, Utf8Of(path), feed.errors());
}

}  // namespace

void ReadFeeds(ScenarioContext& context, const JsonNode& node,
               const std::filesystem::path& directory) {
  for (const auto& [name, entry] : node.Members()) {
    const std::string mistake = MistakeInVariableName(name);
    if (!mistake.empty()) entry.Error(mistake);
    if (context.macros.contains(name))
      entry.Error("\"" + name + "\" is one of \"variables\" already; choose another name");
    entry.OnlyKeys({"file", "give", "format"});
    Feed feed;
    feed.name = name;
    const auto file = entry.IsObject() ? entry.Require("file") : std::nullopt;
    const auto give = entry.IsObject() ? entry.Require("give") : std::nullopt;
    if (give) feed.give = ReadGive(*give);
    if (file) feed.table = ReadTable(entry, *file, directory);
    context.feeds.push_back(std::move(feed));
    context.feed_paths.push_back(entry.path());
  }
}

void ShareFeeds(const ScenarioContext& context, Program& program) {
  for (std::uint16_t i = 0; i < context.feeds.size(); ++i) {
    Feed feed = context.feeds[i];
    for (const Group& group : program.groups) {
      feed.first_bot.push_back(feed.bots);
      const std::vector<std::uint16_t>& used = group.flow.feeds;
      if (std::find(used.begin(), used.end(), i) != used.end()) feed.bots += group.BotsPossible();
    }
    const std::size_t rows = feed.table->rows();
    if (feed.give == Feed::Give::kUnique && rows < feed.bots)
      context.Error(context.feed_paths[i],
                    "has " + std::to_string(rows) + (rows == 1 ? " row" : " rows") + " for " +
                        std::to_string(feed.bots) +
                        " bots, and \"unique\" needs one for each; add rows, run fewer bots "
                        "(--bots), or give them \"shared\" or \"random\"");
    if (feed.bots == 0)
      context.Warn(context.feed_paths[i], "the feed \"" + feed.name + "\" is never used");
    program.feeds.push_back(std::move(feed));
  }
}

}  // namespace stressbot
