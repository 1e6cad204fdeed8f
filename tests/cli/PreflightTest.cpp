#include "StressBot/cli/Preflight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/cli/TargetResolver.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;

/// Bots that each hold one connection to one server for a minute.
Program ProgramOf(std::uint32_t bots, const std::string& target = "127.0.0.1:7777") {
  Program program;
  Server server;
  server.name = "game";
  server.target = target;
  program.servers.push_back(server);
  Group group;
  group.name = "players";
  group.bots_at_start = bots;
  group.stages.push_back({60s, bots});
  group.flow.connects.push_back({"game", 0, 5s, std::nullopt});
  program.groups.push_back(group);
  return program;
}

Program Resolved(Program program) {
  EXPECT_THAT(ResolveTargets(Options{}, program), IsEmpty());
  return program;
}

/// Lives 20 s, a quarter resets, away for 10 s: 1,000 bots end 25 connections a second in order.
Churn TypicalChurn() {
  Churn churn;
  churn.lifetime = {Distribution::Kind::kExponential, 20e9, 0};
  churn.reset_share = 0.25;
  churn.away = {Distribution::Kind::kConstant, 10e9, 0};
  return churn;
}

SystemLimits MakeLimits() {
  SystemLimits limits;
  limits.descriptors = 20'000;
  limits.descriptors_open = 6;
  return limits;
}

TEST(PreflightTest, TooManyBotsForTheDescriptorsIsOneSentence) {
  EXPECT_THAT(CheckDescriptors(ProgramOf(30'000), MakeLimits()),
              ElementsAre("30,000 bots need 30,070 descriptors, this process may hold 20,000: run "
                          "19,930 bots, or raise ulimit -n, or run several processes"));
  EXPECT_THAT(CheckDescriptors(ProgramOf(19'930), MakeLimits()), IsEmpty());
  EXPECT_FALSE(CheckDescriptors(ProgramOf(19'931), MakeLimits()).empty());
}

TEST(PreflightTest, PortsAreCountedForEachSourceAddress) {
  const Program program = Resolved(ProgramOf(60'000));
  const auto mistakes = CheckPorts(program, MakeLimits(), 0);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_THAT(mistakes[0], HasSubstr("60,000 bots need 60,000 local ports"));
  EXPECT_THAT(mistakes[0], HasSubstr("this machine has 28,232"));
  EXPECT_THAT(mistakes[0], HasSubstr("--source-addresses 127.0.0.1-127.0.0.3"));
  EXPECT_FALSE(CheckPorts(program, MakeLimits(), 2).empty());
  EXPECT_THAT(CheckPorts(program, MakeLimits(), 3), IsEmpty());
}

TEST(PreflightTest, OrderlyChurnLeavesPortsInTimeWait) {
  Program program = Resolved(ProgramOf(20'000, "10.0.0.5:7777"));
  EXPECT_THAT(CheckPorts(program, MakeLimits(), 0), IsEmpty());
  program.groups[0].churn = TypicalChurn();
  const auto mistakes = CheckPorts(program, MakeLimits(), 0);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_THAT(mistakes[0], HasSubstr("50,000 local ports"));
  EXPECT_THAT(mistakes[0], HasSubstr("30,000 of them still in TIME_WAIT"));
}

TEST(PreflightTest, TimeWaitDoesNotMatterWhereTheSystemUsesPortsAgain) {
  SystemLimits limits = MakeLimits();
  Program program = Resolved(ProgramOf(20'000));
  program.groups[0].churn = TypicalChurn();
  EXPECT_FALSE(CheckPorts(program, limits, 0).empty());
  limits.time_wait_reuse = SystemLimits::TimeWaitReuse::kLoopback;
  EXPECT_THAT(CheckPorts(program, limits, 0), IsEmpty());
  program = Resolved(ProgramOf(20'000, "10.0.0.5:7777"));
  program.groups[0].churn = TypicalChurn();
  EXPECT_FALSE(CheckPorts(program, limits, 0).empty());
  limits.time_wait_reuse = SystemLimits::TimeWaitReuse::kAlways;
  EXPECT_THAT(CheckPorts(program, limits, 0), IsEmpty());
}

TEST(PreflightTest, ThisSystemTellsItsLimits) {
  const SystemLimits limits = RaiseAndReadLimits();
  EXPECT_EQ(limits.descriptors, limits.descriptors_max);
  EXPECT_THAT(limits.descriptors_open, AnyOf(Ge(3U), 0U));  // Wine does not tell
  EXPECT_GT(limits.ephemeral_ports(), 0U);
}

std::string ResolveMistake(const Options& options, const std::string& target) {
  Program program = ProgramOf(1, target);
  const auto mistakes = ResolveTargets(options, program);
  return mistakes.empty() ? "" : mistakes.front();
}

TEST(TargetResolverTest, PublicTargetsNeedPermission) {
  Options options;
  EXPECT_EQ(ResolveMistake(options, "192.168.1.5:7777"), "");
  EXPECT_EQ(ResolveMistake(options, "localhost:7777"), "");
  EXPECT_THAT(ResolveMistake(options, "8.8.8.8:7777"), HasSubstr("--allow-public-target"));
  options.allow_public_target = true;
  EXPECT_EQ(ResolveMistake(options, "8.8.8.8:7777"), "");
}

TEST(TargetResolverTest, PortZeroNeedsAServerOfOurs) {
  Options options;
  EXPECT_THAT(ResolveMistake(options, "127.0.0.1:0"), HasSubstr("give --server"));
  options.server_command = "server";
  EXPECT_EQ(ResolveMistake(options, "127.0.0.1:0"), "");
}

TEST(TargetResolverTest, SourceAddressesMustReachTheTarget) {
  Options options;
  options.source_addresses.push_back(servercore::NetAddress::Loopback(0));
  EXPECT_EQ(ResolveMistake(options, "127.0.0.1:7777"), "");
  EXPECT_THAT(ResolveMistake(options, "10.0.0.5:7777"), HasSubstr("cannot reach"));
}

}  // namespace
}  // namespace stressbot
