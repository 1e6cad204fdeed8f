#include <gtest/gtest.h>

#include <map>
#include <set>

#include "StressBot/engine/FeedRows.h"
#include "tests/engine/SimRun.h"

/// Who gets which row of a feed.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

Feed FeedOf(Feed::Give give, std::size_t rows, std::vector<std::uint32_t> first_bot,
            std::uint32_t bots) {
  auto table = std::make_shared<FeedTable>();
  table->columns = {"name", "key"};
  for (std::size_t i = 0; i < rows; ++i) {
    table->values.emplace_back("n" + std::to_string(i));
    table->values.emplace_back(static_cast<std::int64_t>(i));
  }
  return {"account", give, std::move(table), bots, std::move(first_bot)};
}

Program FedBy(Feed feed) {
  Program program;
  program.seed = 3;
  program.feeds = {std::move(feed)};
  return program;
}

TEST(FeedTest, AUniqueRowBelongsToABotForTheRun) {
  const Program program = FedBy(FeedOf(Feed::Give::kUnique, 7, {0, 4, 4}, 7));
  std::set<std::size_t> rows;
  for (std::uint32_t bot = 0; bot < 4; ++bot) rows.insert(FeedRows(program, 0).RowOf(0, bot, 0));
  for (std::uint32_t bot = 0; bot < 3; ++bot) rows.insert(FeedRows(program, 2).RowOf(0, bot, 0));
  EXPECT_EQ(rows.size(), 7U);
  EXPECT_EQ(FeedRows(program, 2).RowOf(0, 1, 99), FeedRows(program, 2).RowOf(0, 1, 0));
}

TEST(FeedTest, SharedRowsGoRound) {
  const Program program = FedBy(FeedOf(Feed::Give::kShared, 5, {0, 2}, 3));
  const FeedRows first(program, 0);
  const FeedRows second(program, 1);
  std::vector<std::size_t> rows;
  for (std::uint64_t iteration = 0; iteration < 4; ++iteration) {
    rows.push_back(first.RowOf(0, 0, iteration));
    rows.push_back(first.RowOf(0, 1, iteration));
    rows.push_back(second.RowOf(0, 0, iteration));
  }
  EXPECT_EQ(rows, (std::vector<std::size_t>{0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1}));
  EXPECT_LT(first.RowOf(0, 1, ~std::uint64_t{0}), 5U);
}

TEST(FeedTest, RandomRowsAreDrawnForEachIterationByTheSeed) {
  const Program program = FedBy(FeedOf(Feed::Give::kRandom, 10, {0, 0}, 1'000));
  Program other = program;
  other.seed = 4;
  std::map<std::size_t, int> counts;
  std::size_t alike = 0;
  for (std::uint32_t bot = 0; bot < 1'000; ++bot) {
    const std::size_t row = FeedRows(program, 0).RowOf(0, bot, 5);
    ++counts[row];
    EXPECT_EQ(row, FeedRows(program, 0).RowOf(0, bot, 5));
    if (row == FeedRows(program, 0).RowOf(0, bot, 6)) ++alike;
    if (row == FeedRows(other, 0).RowOf(0, bot, 5)) ++alike;
    if (row == FeedRows(program, 1).RowOf(0, bot, 5)) ++alike;
  }
  ASSERT_EQ(counts.size(), 10U);
  for (const auto& [row, count] : counts) EXPECT_NEAR(count, 100, 60) << row;
  EXPECT_NEAR(static_cast<double>(alike), 300, 100);
}

TEST(FeedTest, BotsLogInWithTheirRowsWhateverTheShards) {
  const auto names = [](std::size_t shards) {
    Expression name = Of(Expression::Kind::kFeedField);
    Expression key = Of(Expression::Kind::kFeedField);
    key.column = 1;
    Asked login = Login();
    login.fields = {{"name", Join({name, Literal(std::string("/")), key})}};
    login.check = {};
    FlowBuilder flow = Flow();
    flow.Connect().Request(login).Think(Exactly(1s));
    Program program = ProgramOf({Constant(flow.Build(), 3, 3500ms)});
    program.feeds = {FeedOf(Feed::Give::kUnique, 4, {0}, 3)};
    SimRun run(std::move(program), {.shards = shards});
    run.Start();
    EXPECT_TRUE(run.Finish());
    std::map<std::string, int> seen;
    for (const auto& peer : run.server().peers()) ++seen[peer->texts[0]];
    return seen;
  };
  const std::map<std::string, int> seen = names(1);
  EXPECT_EQ(seen, (std::map<std::string, int>{{"n0/0", 4}, {"n1/1", 4}, {"n2/2", 4}}));
  EXPECT_EQ(seen, names(2));
}

}  // namespace
}  // namespace stressbot::testing
