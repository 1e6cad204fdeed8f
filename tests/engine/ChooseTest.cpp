#include <gtest/gtest.h>

#include <map>

#include "tests/engine/SimRun.h"

/// Steps drawn by weight, and marks on the time axis.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

FlowBuilder::Body Say(const char* text) {
  return [text](FlowBuilder& flow) { flow.Send("C_CHAT", {{"msg", Literal(std::string(text))}}); };
}

/// What each bot said, in order. Bots are told apart by their login.
std::map<std::string, std::string> Spoken(std::uint64_t seed, std::size_t shards) {
  FlowBuilder flow = Flow();
  flow.Connect().Request(Login()).Repeat(Times(400), [](FlowBuilder& body) {
    body.Choose({{3, Say("a")}, {1, Say("b")}, {0, Say("c")}, {4, [](FlowBuilder&) {}}})
        .Think(Exactly(10ms));
  });
  SimRun run(ProgramOf({Constant(flow.Build(), 5, 4s)}, 1, seed), {.shards = shards});
  run.server().on_packet = [](auto&, std::string_view packet, auto) { return packet == "C_CHAT"; };
  run.Start();
  EXPECT_TRUE(run.Finish());
  std::map<std::string, std::string> spoken;
  for (const auto& peer : run.server().peers()) {
    for (std::size_t i = 1; i < peer->texts.size(); ++i) spoken[peer->texts[0]] += peer->texts[i];
  }
  return spoken;
}

TEST(ChooseTest, DrawsByWeightAndNeverWhatWeighsNothing) {
  std::map<char, std::size_t> count;
  for (const auto& [bot, texts] : Spoken(1, 1)) {
    for (const char text : texts) ++count[text];
  }
  // Of 2,000 draws: 750 and 250 are expected; 6 standard deviations are 130 and 89.
  EXPECT_NEAR(static_cast<double>(count['a']), 750, 130);
  EXPECT_NEAR(static_cast<double>(count['b']), 250, 89);
  EXPECT_EQ(count['c'], 0U);
}

TEST(ChooseTest, TheSeedDecidesWhateverTheShards) {
  const auto spoken = Spoken(7, 1);
  ASSERT_EQ(spoken.size(), 5U);
  EXPECT_NE(spoken.at("bot-0"), spoken.at("bot-1"));
  EXPECT_EQ(spoken, Spoken(7, 3));
  EXPECT_NE(spoken, Spoken(8, 1));
}

TEST(ChooseTest, WhatFollowsIsDueWhenTheOptionIsDone) {
  FlowBuilder flow = Flow();
  flow.Connect()
      .Choose({{1,
                [](FlowBuilder& option) {
                  option.Think(Exactly(2s)).Choose({{1, Say("inner")}});
                }}})
      .Request(Login());
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 1s)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.server().peer(0).texts, (std::vector<std::string>{"inner", "bot-0"}));
  EXPECT_EQ(run.Trend("request_duration").max_ns(), Nanoseconds(kRoundTrip).count());
}

TEST(MarkTest, ThousandsOfBotsGiveFirstLastAndCount) {
  FlowBuilder flow = Flow();
  flow.Connect()
      .Mark(1)
      .Repeat(Times(3), [](FlowBuilder& body) { body.Think(Exactly(1s)).Mark(0); })
      .Think(Exactly(1h));
  Program program = ProgramOf({Constant(flow.Build(), 1'000, 10s)});
  program.marks = {"tick", "in", "never"};
  SimRun run(std::move(program), {.shards = 2});
  run.Start();
  run.RunFor(2500ms);
  std::vector<MarkLog::Entry> marks = run.load().marks().Entries();
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[0].mark, 1U);
  EXPECT_EQ(marks[0].count, 1'000U);
  EXPECT_EQ(marks[0].first, Nanoseconds(kRoundTrip));
  EXPECT_EQ(marks[0].last, Nanoseconds(kRoundTrip));
  EXPECT_EQ(marks[1].mark, 0U);
  EXPECT_EQ(marks[1].count, 2'000U);
  EXPECT_EQ(marks[1].first, kRoundTrip + 1s);
  EXPECT_EQ(marks[1].last, kRoundTrip + 2s);
  run.RunFor(1s);
  marks = run.load().marks().Entries();
  EXPECT_EQ(marks[1].count, 3'000U);
  EXPECT_EQ(marks[1].first, kRoundTrip + 1s);
}

}  // namespace
}  // namespace stressbot::testing
