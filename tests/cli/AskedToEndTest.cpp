#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/cli/ServerSupervisor.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::HasSubstr;

/// Starts servers that listen on a port of their choice, and asks them to end.
class AskedToEndTest : public testing::Test {
 protected:
  std::unique_ptr<ServerSupervisor> Begin(const std::string& words) {
    Program program;
    Server server;
    server.name = "game";
    server.address = servercore::NetAddress::Loopback(0);
    program.servers.push_back(server);
    std::string error;
    auto started = ServerSupervisor::Start(Child(words), error);
    if (started == nullptr) return nullptr;
    const auto readiness = started->WaitUntilReady(program, signals_, error, 60s);
    EXPECT_EQ(readiness, ServerSupervisor::Readiness::kReady) << error;
    return started;
  }
  ServerReport ReportOf(const ServerSupervisor& server) {
    ServerReport report;
    server.Describe(0, report);
    return report;
  }

  servercore::StopSignals signals_;
};

TEST_F(AskedToEndTest, ToEndWithoutAHandlerIsNoComplaint) {
  const auto server = Begin("listen wait");
  ASSERT_NE(server, nullptr);
  server->Stop(60s, signals_);
  EXPECT_EQ(server->Complaint(), "");
  EXPECT_THAT(ReportOf(*server).ending,
              AnyOf("killed by signal 15 (SIGTERM)", "ended by Ctrl-C or Ctrl-Break (0xC000013A)"));
}

TEST_F(AskedToEndTest, InOrderIsNotBadly) {
  for (const char* words : {"catch listen until-stop exit 0", "catch listen until-stop exit 143"}) {
    const auto server = Begin(words);
    ASSERT_NE(server, nullptr);
    server->Stop(60s, signals_);
    EXPECT_FALSE(ReportOf(*server).ended_badly) << words;
  }
}

TEST_F(AskedToEndTest, StopSignalsTakeIt) {
  const auto server = Begin("catch listen until-stop exit 7");
  ASSERT_NE(server, nullptr);
  server->Stop(60s, signals_);
  EXPECT_EQ(server->Complaint(), "");
  EXPECT_EQ(ReportOf(*server).ending, "exited with code 7");
  EXPECT_TRUE(ReportOf(*server).ended_badly) << "its last lines are told";
}

TEST_F(AskedToEndTest, APausedServerGoesOnInOrderToEnd) {
  const auto server = Begin("catch listen until-stop exit 7");
  ASSERT_NE(server, nullptr);
  server->Pause();
  server->Stop(60s, signals_);
  EXPECT_EQ(ReportOf(*server).ending, "exited with code 7");
}

TEST_F(AskedToEndTest, ACrashWhileEndingIsTold) {
  const auto server = Begin("catch listen until-stop crash");
  ASSERT_NE(server, nullptr);
  server->Stop(60s, signals_);
  EXPECT_THAT(server->Complaint(), AnyOf(HasSubstr("SIGSEGV"), HasSubstr("access violation")));
  EXPECT_TRUE(ReportOf(*server).ended_badly) << "its last lines are told";
}

TEST_F(AskedToEndTest, TheWholeGroupIsAsked) {
  std::string error;
  const auto process = ChildProcess::Start(Child("background wait wait"), error);
  ASSERT_NE(process, nullptr) << error;
  EXPECT_FALSE(process->TryWait());
  process->Terminate();
  const auto end = process->WaitFor(60s);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->way, ProcessEnd::Way::kAsked);
}

}  // namespace
}  // namespace stressbot
