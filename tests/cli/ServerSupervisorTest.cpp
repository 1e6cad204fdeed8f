#include "StressBot/cli/ServerSupervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stressbot {
namespace {

using namespace std::chrono_literals;
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

/// A Python program that listens on a free port, then does `then`.
std::string Listener(const std::string& then) {
  return "/usr/bin/env python3 -c \"import os, signal, socket, sys, time\n"
         "s = socket.create_server(('127.0.0.1', 0))\n" +
         then + "\"";
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

  StopSignals signals_;
  std::unique_ptr<ServerSupervisor> server_;
  std::string error_;
};

TEST_F(ServerSupervisorTest, PortZeroBecomesThePortOnWhichItListens) {
  Program program = ProgramForPort(0);
  ASSERT_EQ(Begin(Listener("time.sleep(600)"), program), Readiness::kReady) << error_;
  EXPECT_NE(program.servers[0].address.port(), 0);
  EXPECT_EQ(program.servers[0].target, program.servers[0].address.ToString());
  EXPECT_FALSE(server_->HasDied(1s));
  server_->Stop(60s, signals_);
  EXPECT_EQ(server_->Complaint(), "");
}

TEST_F(ServerSupervisorTest, EndingBeforeListeningIsTold) {
  Program program = ProgramForPort(0);
  EXPECT_EQ(Begin("/bin/sh -c 'echo no database; exit 4'", program), Readiness::kFailed);
  EXPECT_THAT(error_, HasSubstr("exited with code 4 before it listened"));
  EXPECT_THAT(error_, HasSubstr("no database"));
}

TEST_F(ServerSupervisorTest, ListeningElsewhereIsTold) {
  Program program = ProgramForPort(1);
  EXPECT_EQ(Begin(Listener("time.sleep(600)"), program, 2s), Readiness::kFailed);
  EXPECT_THAT(error_, HasSubstr("does not listen on port 1"));
}

TEST_F(ServerSupervisorTest, AnUnaskedEndIsADeathWhateverItsCode) {
  Program program = ProgramForPort(0);
  ASSERT_EQ(Begin(Listener("time.sleep(0.5); print('bye')"), program), Readiness::kReady) << error_;
  ASSERT_TRUE(WaitForDeath(2s));
  EXPECT_THAT(server_->Complaint(), HasSubstr("exited with code 0 at 2.0 s"));
  EXPECT_THAT(server_->Complaint(), HasSubstr("bye"));
  ServerReport report;
  server_->Describe(0, report);
  EXPECT_TRUE(report.watched);
  EXPECT_FALSE(report.alive);
}

TEST_F(ServerSupervisorTest, ACrashWhileBeingStoppedIsTold) {
  Program program = ProgramForPort(0);
  // It waits for the signal instead of handling it: Python puts a handler off when the signal comes
  // just before a sleep. Blocked before it listens, so that the stop cannot come first.
  const std::string crash =
      "/usr/bin/env python3 -c \"import os, signal, socket\n"
      "signal.pthread_sigmask(signal.SIG_BLOCK, [15])\n"
      "s = socket.create_server(('127.0.0.1', 0)); signal.sigwait([15]); os.kill(os.getpid(), "
      "11)\"";
  ASSERT_EQ(Begin(crash, program), Readiness::kReady) << error_;
  server_->Stop(60s, signals_);
  EXPECT_THAT(server_->Complaint(), HasSubstr("SIGSEGV"));
}

TEST_F(ServerSupervisorTest, AServerThatDoesNotEndIsKilled) {
  Program program = ProgramForPort(0);
  const std::string deaf =
      "/bin/sh -c \"trap '' TERM; "
      "exec python3 -c \\\"import socket, time; "
      "s = socket.create_server(('127.0.0.1', 0)); time.sleep(600)\\\"\"";
  ASSERT_EQ(Begin(deaf, program), Readiness::kReady) << error_;
  server_->Stop(50ms, signals_);
  EXPECT_EQ(server_->Complaint(), "");
  ServerReport report;
  server_->Describe(0, report);
  EXPECT_THAT(report.ending, HasSubstr("SIGKILL"));
  EXPECT_THAT(report.ending, HasSubstr("did not end when asked"));
}

TEST_F(ServerSupervisorTest, WhileItStopsAFurtherSignalKillsIt) {
  Program program = ProgramForPort(0);
  // It answers the wish to end by pressing Ctrl-C on us, and stays.
  const std::string deaf =
      "/usr/bin/env python3 -c \"import os, signal, socket\n"
      "signal.pthread_sigmask(signal.SIG_BLOCK, [15])\n"
      "s = socket.create_server(('127.0.0.1', 0))\n"
      "while True: signal.sigwait([15]); os.kill(os.getppid(), 2)\"";
  ASSERT_EQ(Begin(deaf, program), Readiness::kReady) << error_;
  server_->Stop(10min, signals_);
  ServerReport report;
  server_->Describe(0, report);
  EXPECT_THAT(report.ending, HasSubstr("SIGKILL"));
}

TEST_F(ServerSupervisorTest, SetsTheGaugesOfItsServer) {
  Program program = ProgramForPort(0);
  ASSERT_EQ(Begin(Listener("time.sleep(600)"), program), Readiness::kReady) << error_;
  MetricsCatalog catalog;
  program.groups.clear();
  const EngineMetrics metrics(program, 1, catalog);
  MetricsFrame frame(catalog);
  server_->SetGauges(metrics, frame);
  EXPECT_EQ(frame.gauge(metrics.servers[0].up), 1);
  EXPECT_GT(frame.gauge(metrics.servers[0].memory), 0);
  EXPECT_GE(frame.gauge(metrics.servers[0].handles), 4);
}

}  // namespace
}  // namespace stressbot
