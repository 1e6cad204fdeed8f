#include "StressBot/cli/ServerSupervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ServerCore/io/StopSignals.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::Ge;
using testing::HasSubstr;
using Readiness = ServerSupervisor::Readiness;

Program ProgramForPort(std::uint16_t port) {
  Program program;
  Server server;
  server.name = "game";
  server.address = servercore::NetAddress::Loopback(port);
  server.target = server.address.ToString();
  program.servers.push_back(server);
  return program;
}

class ServerSupervisorTest : public testing::Test {
 protected:
  Readiness Begin(const std::string& command, Program& program,
                  std::chrono::milliseconds timeout = 60s) {
    server_ = ServerSupervisor::Start(command, error_);
    if (server_ == nullptr) return Readiness::kFailed;
    return server_->WaitUntilReady(program, signals_, error_, timeout);
  }
  /// Waits until it ends without being asked.
  bool WaitForDeath(std::chrono::nanoseconds run_time) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < until) {
      if (server_->HasDied(run_time)) return true;
      signals_.WaitFor(5ms);
    }
    return false;
  }

  servercore::StopSignals signals_;
  std::unique_ptr<ServerSupervisor> server_;
  std::string error_;
};

TEST_F(ServerSupervisorTest, PortZeroBecomesThePortOnWhichItListens) {
  Program program = ProgramForPort(0);
  ASSERT_EQ(Begin(Child("listen wait"), program), Readiness::kReady) << error_;
  EXPECT_NE(program.servers[0].address.port(), 0);
  EXPECT_EQ(program.servers[0].target, program.servers[0].address.ToString());
  EXPECT_FALSE(server_->HasDied(1s));
}

TEST_F(ServerSupervisorTest, EndingBeforeListeningIsTold) {
  Program program = ProgramForPort(0);
  EXPECT_EQ(Begin(Child("complain 'no database' exit 4"), program), Readiness::kFailed);
  EXPECT_THAT(error_, HasSubstr("exited with code 4 before it listened"));
  EXPECT_THAT(error_, HasSubstr("no database"));
}

TEST_F(ServerSupervisorTest, ListeningElsewhereIsTold) {
  Program program = ProgramForPort(1);
  EXPECT_EQ(Begin(Child("listen wait"), program, 2s), Readiness::kFailed);
  EXPECT_THAT(error_, HasSubstr("does not listen on port 1"));
}

TEST_F(ServerSupervisorTest, AnUnaskedEndIsADeathWhateverItsCode) {
  Program program = ProgramForPort(0);
  ASSERT_EQ(Begin(Child("listen pause 500 print bye exit 0"), program), Readiness::kReady)
      << error_;
  ASSERT_TRUE(WaitForDeath(2s));
  EXPECT_THAT(server_->Complaint(), HasSubstr("exited with code 0 at 2.0 s"));
  ServerReport report;
  server_->Describe(0, report);
  EXPECT_TRUE(report.watched);
  EXPECT_FALSE(report.alive);
  EXPECT_THAT(report.last_lines, testing::ElementsAre("bye"));
}

TEST_F(ServerSupervisorTest, AServerThatDoesNotEndIsKilled) {
  Program program = ProgramForPort(0);
  ASSERT_EQ(Begin(Child("catch listen wait"), program), Readiness::kReady) << error_;
  server_->Stop(50ms, signals_);
  EXPECT_EQ(server_->Complaint(), "");
  ServerReport report;
  server_->Describe(0, report);
  EXPECT_THAT(report.ending, AnyOf(HasSubstr("SIGKILL"), HasSubstr("TerminateJobObject")));
  EXPECT_THAT(report.ending, HasSubstr("did not end when asked"));
}

TEST_F(ServerSupervisorTest, SetsTheGaugesOfItsServer) {
  Program program = ProgramForPort(0);
  ASSERT_EQ(Begin(Child("listen wait"), program), Readiness::kReady) << error_;
  MetricsCatalog catalog;
  program.groups.clear();
  const EngineMetrics metrics(program, 1, catalog);
  MetricsFrame frame(catalog);
  server_->SetGauges(metrics, frame);
  EXPECT_EQ(frame.gauge(metrics.servers[0].up), 1);
  EXPECT_GT(frame.gauge(metrics.servers[0].memory), 0);
  EXPECT_THAT(frame.gauge(metrics.servers[0].handles), AnyOf(Ge(4), 0));  // Wine does not tell
}

}  // namespace
}  // namespace stressbot
