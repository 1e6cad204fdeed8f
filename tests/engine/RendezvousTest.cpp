#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/engine/SimRun.h"

/// Bots that wait for each other, on one shard and on several.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Each bot comes after a time of its own, meets the others and logs in.
Group Meeting(std::uint32_t bots, Nanoseconds most, std::optional<Nanoseconds> timeout = {},
              std::optional<OnFail> on_fail = {}) {
  FlowBuilder flow = Flow();
  flow.Connect()
      .Think(Between(0ns, most))
      .Rendezvous(0, timeout, on_fail)
      .Request(Login())
      .Think(Exactly(1h));
  return Constant(flow.Build(), bots, 30s);
}

Program MeetingOf(std::vector<Group> groups, std::uint32_t bots) {
  Program program = ProgramOf(std::move(groups));
  program.rendezvous = {{"meet", bots}};
  return program;
}

/// When logins were sent, since the start, in their order.
std::vector<Nanoseconds> LoginTimes(SimRun& run) {
  std::vector<Nanoseconds> times;
  const auto started_at = run.shard().port().Now() - run.load().Elapsed();
  for (const auto& peer : run.server().peers()) {
    for (std::size_t i = 0; i < peer->packets.size(); ++i) {
      if (peer->packets[i] == "C_LOGIN")
        times.push_back(peer->times[i] - started_at - kRoundTrip / 2);
    }
  }
  std::sort(times.begin(), times.end());
  return times;
}

class RendezvousTest : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Shards, RendezvousTest, ::testing::Values(1, 2, 5));

TEST_P(RendezvousTest, AllGoOnAtOnceWhenTheLastHasCome) {
  SimRun run(MeetingOf({Meeting(100, 10s)}, 100), {.shards = GetParam()});
  run.Start();
  run.RunFor(20s);
  const std::vector<Nanoseconds> logins = LoginTimes(run);
  ASSERT_EQ(logins.size(), 100U);
  EXPECT_EQ(logins.front(), logins.back());
  // Due at the release: how long they waited for each other is no latency of the server's.
  const Histogram login = run.Trend("request_duration", {{"step", "C_LOGIN"}});
  EXPECT_EQ(login.count(), 100U);
  EXPECT_EQ(login.max_ns(), Nanoseconds(kRoundTrip).count());
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
}

TEST_P(RendezvousTest, WhoComesLaterWaitsForTheNextMeeting) {
  SimRun run(MeetingOf({Meeting(100, 10s)}, 30), {.shards = GetParam()});
  run.Start();
  run.RunFor(20s);
  const std::vector<Nanoseconds> logins = LoginTimes(run);
  ASSERT_EQ(logins.size(), 90U);  // three meetings; the last ten still wait
  for (std::size_t i = 0; i < 90; i += 30) {
    EXPECT_EQ(logins[i], logins[i + 29]);
    if (i > 0) {
      EXPECT_GT(logins[i], logins[i - 1]);
    }
  }
}

TEST_P(RendezvousTest, GroupsMeetEachOtherAndMayMeetAgainAndAgain) {
  const auto meet = [](Nanoseconds pause) {
    FlowBuilder flow = Flow();
    flow.Connect().Repeat(Times(5), [pause](FlowBuilder& body) {
      body.Think(Exactly(pause)).Rendezvous(0).Request(Login());
    });
    return flow.Think(Exactly(1h)).Build();
  };
  Group slow = Constant(meet(3s), 3, 30s);
  Group fast = Constant(meet(1s), 4, 30s);
  fast.name = "fast";
  SimRun run(MeetingOf({slow, fast}, 7), {.shards = GetParam()});
  run.Start();
  run.RunFor(25s);
  const std::vector<Nanoseconds> logins = LoginTimes(run);
  ASSERT_EQ(logins.size(), 35U);
  for (std::size_t i = 0; i < 35; i += 7) {
    EXPECT_EQ(logins[i], logins[i + 6]);
    EXPECT_EQ(logins[i], logins[0] + (kRoundTrip + 3s) * (i / 7));
  }
}

TEST_P(RendezvousTest, ATimeOutIsAFailureAndNotCountedAsThere) {
  // One of ten comes at once in each group; nine more would be needed, and never are there at once.
  FlowBuilder late = Flow();
  late.Connect().Think(Exactly(4s)).Rendezvous(0, 20s).Request(Login()).Think(Exactly(1h));
  Group others = Constant(late.Build(), 8, 30s);
  others.name = "others";
  FlowBuilder early = Flow();
  early.Connect()
      .Rendezvous(0, 2s, OnFail::kContinue)
      .Think(Exactly(8s))
      .Rendezvous(0, 2s)
      .Request(Login())
      .Think(Exactly(1h));
  SimRun run(MeetingOf({Constant(early.Build(), 2, 30s), others}, 10), {.shards = GetParam()});
  run.Start();
  run.RunFor(3s);
  EXPECT_EQ(run.Rate("requests_failed", {{"step", "meet0"}}).passed, 2U);
  EXPECT_THAT(run.Failures("requests_failed").at(0),
              HasSubstr("not enough bots came in time to rendezvous meet0"));
  run.RunFor(6s);
  EXPECT_TRUE(LoginTimes(run).empty());  // had the two been counted, the eight would be gone
  run.RunFor(2s);
  const std::vector<Nanoseconds> logins = LoginTimes(run);
  ASSERT_EQ(logins.size(), 10U);
  EXPECT_EQ(logins.front(), kRoundTrip + 10s);
  EXPECT_EQ(logins.back(), logins.front());
}

TEST_P(RendezvousTest, TheDeadAreNotCounted) {
  Group early = Meeting(10, 0s);
  early.retry.after = early.retry.max = 1h;
  FlowBuilder late = Flow();
  late.Connect().Rendezvous(0).Request(Login()).Think(Exactly(1h));
  Group others = Constant(late.Build(), 9, 30s);
  others.name = "others";
  others.start_time = 4s;
  SimRun run(MeetingOf({early, others}, 15), {.shards = GetParam()});
  run.Start();
  run.RunFor(1s);
  std::size_t dropped = 0;
  for (ScriptedServer::Peer* peer : std::vector(run.server().open())) {
    if (dropped == 5) break;
    ++dropped;
    run.server().After(1ms, [&run, ref = peer->ref()] {
      run.server().shard().FindSession(ref.id())->Disconnect(servercore::CloseKind::kReset);
    });
  }
  run.RunFor(10s);
  EXPECT_EQ(run.Counter("bots_dropped"), 5U);
  EXPECT_EQ(run.server().open().size(), 14U);
  EXPECT_TRUE(LoginTimes(run).empty());
}

TEST_P(RendezvousTest, ChurnTakesBotsAwayThatAreNotCounted) {
  Group cut = Meeting(5, 0s);
  cut.churn = Churn{Exactly(1s), 0.5, Exactly(1h)};
  FlowBuilder late = Flow();
  late.Connect().Think(Exactly(2s)).Rendezvous(0).Request(Login()).Think(Exactly(1h));
  Group others = Constant(late.Build(), 7, 30s);
  others.name = "others";
  SimRun run(MeetingOf({cut, others}, 10), {.shards = GetParam()});
  run.Start();
  run.RunFor(10s);
  EXPECT_TRUE(LoginTimes(run).empty());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "cut"}}), 5U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
}

TEST_P(RendezvousTest, TheEndOfTheLoadLetsEverybodyGo) {
  FlowBuilder flow = Flow();
  flow.Connect().Rendezvous(0).Request(Login()).Disconnect();
  SimRun run(MeetingOf({Constant(flow.Build(), 4, 5s)}, 5), {.shards = GetParam()});
  run.Start();
  ASSERT_TRUE(run.Finish());
  const std::vector<Nanoseconds> logins = LoginTimes(run);
  ASSERT_EQ(logins.size(), 4U);
  EXPECT_EQ(logins.front(), 5s);
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "completed"}}), 4U);
  EXPECT_EQ(run.Counter("iterations"), 4U);
  EXPECT_EQ(run.Rate("requests_failed").passed, 0U);
}

TEST_P(RendezvousTest, AMeetingMayEndWhatABotsOtherBranchMetFor) {
  // Two branches of each bot meet; the first that goes on fails, and that ends its iteration.
  const auto branch = [](FlowBuilder& flow) { flow.Rendezvous(0).Request(Login()); };
  FlowBuilder flow = Flow();
  flow.Parallel({branch, branch});
  Group group = Constant(flow.Build(), 3, 2500ms);
  group.retry = {1s, 1, 1s, 0};
  SimRun run(MeetingOf({group}, 6), {.shards = GetParam()});
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.Counter("iterations", {{"outcome", "failed"}}), 9U);  // at 0, 1 and 2 s
  EXPECT_EQ(run.Counter("iterations"), 9U);
}

/// What became of a time-out in the very moment in which the last bot comes, on another shard.
enum class Tie { kTimedOut, kMet, kTimedOutWhileMeeting };

Tie TieOf(std::uint64_t seed) {
  FlowBuilder last = Flow();
  last.Connect()
      .Think(Exactly(2s))
      .Rendezvous(0)
      .Request(Login())
      .Think(Exactly(5s))
      .Rendezvous(0)
      .Think(Exactly(1h));
  FlowBuilder waiting = Flow();
  waiting.Connect()
      .Rendezvous(0, 2s, OnFail::kContinue)
      .Think(Exactly(3s))
      .Rendezvous(0)
      .Request(Login())
      .Think(Exactly(1h));
  Group other = Constant(waiting.Build(), 1, 20s);  // its bot is the second shard's
  other.name = "other";
  SimRun run(MeetingOf({Constant(last.Build(), 1, 20s), other}, 2),
             {.shards = 2, .network = ExactNetwork(seed)});
  run.Start();
  run.RunFor(15s);
  const std::vector<Nanoseconds> logins = LoginTimes(run);
  EXPECT_EQ(logins.size(), 2U) << seed;
  const bool timed_out = run.Rate("requests_failed").passed > 0;
  if (logins.front() == kRoundTrip + 2s) {
    // They met. The next meeting is at 7 s, when the one that thinks for 5 s comes back.
    EXPECT_EQ(logins.back(), 2 * kRoundTrip + 7s) << seed;
    return timed_out ? Tie::kTimedOutWhileMeeting : Tie::kMet;
  }
  EXPECT_TRUE(timed_out) << seed;
  EXPECT_EQ(logins.front(), kRoundTrip + 5s) << seed;
  EXPECT_EQ(logins.back(), kRoundTrip + 5s) << seed;
  return Tie::kTimedOut;
}

TEST(RendezvousTieTest, AMeetingAndATimeOutAtOnceEndOneWayOrTheOtherAndTheNextMeetingIsSound) {
  std::array<std::size_t, 3> seen{};
  for (std::uint64_t seed = 1; seed <= 100; ++seed) ++seen[static_cast<std::size_t>(TieOf(seed))];
  EXPECT_GT(seen[static_cast<std::size_t>(Tie::kTimedOut)], 0U);
  EXPECT_GT(seen[static_cast<std::size_t>(Tie::kMet)] +
                seen[static_cast<std::size_t>(Tie::kTimedOutWhileMeeting)],
            0U);
}

}  // namespace
}  // namespace stressbot::testing
