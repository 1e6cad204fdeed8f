#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/engine/SimRun.h"

/// The grid of `every`, and what becomes of passes that are due while a server stalls.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

constexpr Nanoseconds kPeriod = 100ms;

/// Chats on a common grid of 100 ms, for 10 s: 99 are asked for, the first at 0.1 s.
Program OnGrid(Late late) {
  RepeatStep head = UntilStop(kPeriod);
  head.align = true;
  head.late = late;
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Request(Login()).Repeat(head, [](FlowBuilder& body) { body.Request(Chat()); });
  return ProgramOf({Constant(flow.Build(), 1, 10s)});
}
constexpr std::uint64_t kAsked = 99;

/// The server does nothing from 2.05 s to 3.05 s. The chat of 2.1 s is answered at its end, and
/// nine more have been due until then.
void RunWithStall(SimRun& run) {
  run.Start();
  run.RunFor(2050ms);
  run.world().Spend(run.server().shard(), 1s);
  ASSERT_TRUE(run.Finish());
}
constexpr Nanoseconds kLongest = 950ms + kRoundTrip / 2;  // 2.1 s to 3.05 s and the way back

std::vector<Nanoseconds> ChatTimes(SimRun& run, std::size_t peer) {
  std::vector<Nanoseconds> times;
  const PeerRecord& record = run.server().peer(peer);
  const auto start = run.world().Now() - run.load().Elapsed();
  for (std::size_t i = 0; i < record.packets.size(); ++i) {
    if (record.packets[i] == "C_CHAT") times.push_back(record.times[i] - start);
  }
  return times;
}

TEST(RepeatTest, EachBotHasAGridOfItsOwnWithAPhaseWithinThePeriod) {
  constexpr std::size_t kBots = 50;
  SimRun run(ProgramOf({Constant(LoginEnterChat(1s), kBots, 10s)}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  std::set<Nanoseconds> phases;
  for (std::size_t bot = 0; bot < kBots; ++bot) {
    const std::vector<Nanoseconds> times = ChatTimes(run, bot);
    ASSERT_EQ(times.size(), 10U);
    phases.insert(times[0]);
    EXPECT_LT(times[0], 1s + 2 * kRoundTrip + kRoundTrip);
    for (std::size_t i = 1; i < times.size(); ++i) EXPECT_EQ(times[i] - times[i - 1], 1s);
  }
  EXPECT_EQ(phases.size(), kBots);
  EXPECT_LT(*phases.begin(), 150ms);
  EXPECT_GT(*phases.rbegin(), 850ms);
}

TEST(RepeatTest, AlignedBotsFireTogether) {
  FlowBuilder flow(ChatProtocol());
  RepeatStep head = UntilStop(1s);
  head.align = true;
  flow.Connect().Repeat(head, [](FlowBuilder& body) { body.Request(Chat()); });
  Group group = Constant(flow.Build(), 0, 5s);
  group.stages = {{2500ms, 10}, {2500ms, 10}};
  SimRun run(ProgramOf({group}));
  run.Start();
  ASSERT_TRUE(run.Finish());
  for (std::size_t bot = 0; bot < 10; ++bot) {
    for (const Nanoseconds time : ChatTimes(run, bot))
      EXPECT_EQ(time % 1s, Nanoseconds(kRoundTrip / 2));
  }
}

TEST(RepeatTest, AStalledServerShowsItsWholeSecondInTheTail) {
  SimRun run(OnGrid(Late::kOnce));
  RunWithStall(run);
  const Histogram chat = run.Trend("request_duration", {{"step", "chat"}});
  EXPECT_EQ(chat.max_ns(), kLongest.count());
  EXPECT_EQ(chat.Percentile(99.9), kLongest.count());
  EXPECT_EQ(chat.count(), kAsked);  // those that could not be sent are in it
  EXPECT_EQ(run.Counter("requests_omitted"), 8U);
  EXPECT_EQ(run.Rate("load_delivered").passed, kAsked - 8);
  EXPECT_EQ(run.Rate("load_delivered").total, kAsked);
  // The oldest missed one was sent at once: 2.2 s until one round trip after the stall.
  const Nanoseconds second = kLongest - kPeriod + kRoundTrip;
  EXPECT_EQ(chat.CountAt(Histogram::BucketOf(second.count())), 1U);
  // The others waited from their due time until the bot was free: 0.75 s ... 0.05 s.
  for (int i = 2; i < 10; ++i) {
    const Nanoseconds waited = kLongest - i * kPeriod;
    EXPECT_EQ(chat.CountAt(Histogram::BucketOf(waited.count())), 1U) << i;
  }
  const Histogram service = run.Trend("request_service_time", {{"step", "chat"}});
  EXPECT_EQ(service.count(), kAsked - 8);
  EXPECT_LT(service.Percentile(98), Nanoseconds(kRoundTrip + 1us).count());  // as others would say
  EXPECT_EQ(run.Trend("generator_lateness").max_ns(), 0);
}

TEST(RepeatTest, CatchUpSendsThemAllAfterwards) {
  SimRun run(OnGrid(Late::kCatchUp));
  RunWithStall(run);
  const Histogram chat = run.Trend("request_duration", {{"step", "chat"}});
  EXPECT_EQ(chat.max_ns(), kLongest.count());
  EXPECT_EQ(chat.count(), kAsked);
  EXPECT_EQ(run.server().Count("C_CHAT"), kAsked);
  EXPECT_EQ(run.Counter("requests_omitted"), 0U);
  EXPECT_EQ(run.Rate("load_delivered").passed, kAsked);
  for (int i = 1; i < 10; ++i) {
    const Nanoseconds late = kLongest - i * kPeriod + i * kRoundTrip;
    EXPECT_EQ(chat.CountAt(Histogram::BucketOf(late.count())), 1U) << i;
  }
}

TEST(RepeatTest, ShiftMovesTheGrid) {
  SimRun run(OnGrid(Late::kShift));
  RunWithStall(run);
  const Histogram chat = run.Trend("request_duration", {{"step", "chat"}});
  EXPECT_EQ(chat.max_ns(), kLongest.count());
  EXPECT_LT(chat.Percentile(98), Nanoseconds(kRoundTrip + 1us).count());  // all but that one
  EXPECT_EQ(run.Counter("requests_omitted"), 0U);
  EXPECT_EQ(run.Rate("load_delivered").passed, run.Rate("load_delivered").total);
  const std::vector<Nanoseconds> times = ChatTimes(run, 0);
  const auto after = std::find_if(times.begin(), times.end(), [](auto at) { return at > 3050ms; });
  const Nanoseconds moved = 2100ms + kLongest + kRoundTrip / 2;
  EXPECT_EQ(*after, moved);
  EXPECT_EQ(*(after + 1), moved + kPeriod);
}

TEST(RepeatTest, WhatWasDueWhileAFailingIterationHungCountsAsAskedFor) {
  RepeatStep head = UntilStop(kPeriod);
  head.align = true;
  Asked chat = Chat();
  chat.timeout = 1s;
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Repeat(head, [&](FlowBuilder& body) { body.Request(chat); });
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 1500ms)}));
  run.server().on_packet = [](auto&&...) { return true; };
  run.Start();
  ASSERT_TRUE(run.Finish());
  // Sent at 0.1 s, given up at 1.1 s; due were 0.2 s, 0.3 s ... 1.1 s.
  EXPECT_EQ(run.Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run.Counter("requests_omitted"), 10U);
  EXPECT_EQ(run.Rate("load_delivered").passed, 1U);
  EXPECT_EQ(run.Rate("load_delivered").total, 11U);
  EXPECT_EQ(run.Trend("request_duration").lower_bounds(), 11U);
}

TEST(RepeatTest, ACountedRepeatOmitsNothingBehindItsLastPass) {
  RepeatStep head = Times(3);
  head.every = kPeriod;
  head.align = true;
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Repeat(head, [](FlowBuilder& body) { body.Request(Chat()); }).Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 5s)}));
  int chats = 0;
  run.server().on_packet = [&](auto&&...) {
    if (++chats == 3) run.world().Spend(run.server().shard(), 1s);
    return false;
  };
  run.Start();
  run.RunFor(3s);
  EXPECT_EQ(chats, 3);
  EXPECT_EQ(run.Counter("requests_omitted"), 0U);
  EXPECT_EQ(run.Rate("load_delivered").total, 3U);
}

TEST(RepeatTest, ACountedRepeatAsksForNoMoreThanItsCountAfterAStall) {
  RepeatStep head = Times(5);
  head.every = kPeriod;
  head.align = true;
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Repeat(head, [](FlowBuilder& body) { body.Request(Chat()); }).Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 5s)}));
  run.Start();
  run.RunFor(150ms);
  run.world().Spend(run.server().shard(), 1s);  // answers the chat of 0.2 s; 0.3 to 0.5 s missed
  run.RunFor(3s);
  EXPECT_EQ(run.Counter("requests_omitted"), 2U);
  EXPECT_EQ(run.Rate("load_delivered").passed, 3U);
  EXPECT_EQ(run.Rate("load_delivered").total, 5U);
}

TEST(RepeatTest, ARepeatForATimeOmitsWhatWasDueBeforeItsEnd) {
  RepeatStep head = For(500ms - 2 * kRoundTrip, kPeriod);  // begins a connect after the start
  head.align = true;
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Repeat(head, [](FlowBuilder& body) { body.Request(Chat()); }).Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 5s)}));
  run.Start();
  run.RunFor(150ms);
  run.world().Spend(run.server().shard(), 1s);  // answers the chat of 0.2 s; 0.3 and 0.4 s missed
  run.RunFor(3s);
  EXPECT_EQ(run.Counter("requests_omitted"), 2U);
  EXPECT_EQ(run.Rate("load_delivered").passed, 2U);
  EXPECT_EQ(run.Rate("load_delivered").total, 4U);
}

/// Of a repeat whose first chat is never answered, given up after 1 s.
std::uint64_t OmittedAfterAFailure(RepeatStep head) {
  head.align = true;
  Asked chat = Chat();
  chat.timeout = 1s;
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Repeat(head, [&](FlowBuilder& body) { body.Request(chat); });
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 1500ms)}));
  run.server().on_packet = [](auto&&...) { return true; };
  run.Start();
  EXPECT_TRUE(run.Finish());
  return run.Counter("requests_omitted");
}

TEST(RepeatTest, AFailingIterationOmitsNothingBehindTheEndOfItsRepeat) {
  RepeatStep counted = Times(3);
  counted.every = kPeriod;
  EXPECT_EQ(OmittedAfterAFailure(counted), 2U);
  // From 0.2 ms on: 0.2, 0.3 and 0.4 s were due behind the first chat.
  EXPECT_EQ(OmittedAfterAFailure(For(450ms, kPeriod)), 3U);
}

TEST(RepeatTest, APassThatALateGeneratorMissesIsOmittedAndNobodyElsesDelay) {
  RepeatStep head = For(250ms, kPeriod);
  head.align = true;
  FlowBuilder flow(ChatProtocol());
  flow.Connect()
      .Repeat(head,
              [](FlowBuilder& body) {
                body.Send("C_CHAT", {{"msg", Literal(std::string("x"))}});
              })
      .Request(Login())
      .Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 2s)}));
  run.Start();
  run.RunFor(150ms);
  run.world().Spend(run.shard(), 500ms);
  run.RunFor(1850ms);
  EXPECT_EQ(run.Rate("load_delivered").passed, 1U);
  EXPECT_EQ(run.Rate("load_delivered").total, 2U);
  EXPECT_EQ(run.Trend("request_duration").max_ns(), Nanoseconds(kRoundTrip).count());
}

TEST(RepeatTest, ALateWakeUpDoesNotStretchWhatFollows) {
  FlowBuilder flow(ChatProtocol());
  flow.Connect()
      .Repeat(Times(4),
              [](FlowBuilder& body) {
                body.Think(Exactly(100ms)).Send("C_CHAT", {{"msg", Literal(std::string("x"))}});
              })
      .Think(Exactly(1h));
  SimRun run(ProgramOf({Constant(flow.Build(), 1, 2s)}));
  run.Start();
  run.RunFor(150ms);
  run.world().Spend(run.shard(), 100ms);  // the second chat goes at 0.25 s
  run.RunFor(1850ms);
  const std::vector<Nanoseconds> times = ChatTimes(run, 0);
  ASSERT_EQ(times.size(), 4U);
  EXPECT_EQ(times[2] - times[0], 200ms);
  EXPECT_EQ(times[3] - times[0], 300ms);
}

}  // namespace
}  // namespace stressbot::testing
