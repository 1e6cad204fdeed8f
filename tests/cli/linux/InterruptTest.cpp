#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/cli/ServerSupervisor.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;

TEST(InterruptTest, WhileAServerStopsAFurtherSignalKillsIt) {
  servercore::StopSignals signals;
  Program program;
  program.servers.emplace_back().address = servercore::NetAddress::Loopback(0);
  // It answers the wish to end by pressing Ctrl-C on us, and stays. It waits for the signal instead
  // of handling it: Python puts a handler off when the signal comes just before a sleep. Blocked
  // before it listens, so that the stop cannot come first.
  std::string error;
  const auto server = ServerSupervisor::Start(
      "/usr/bin/env python3 -c \"import os, signal, socket\n"
      "signal.pthread_sigmask(signal.SIG_BLOCK, [15])\n"
      "s = socket.create_server(('127.0.0.1', 0))\n"
      "while True: signal.sigwait([15]); os.kill(os.getppid(), 2)\"",
      error);
  ASSERT_NE(server, nullptr) << error;
  ASSERT_EQ(server->WaitUntilReady(program, signals, error, 60s),
            ServerSupervisor::Readiness::kReady)
      << error;
  server->Stop(10min, signals);
  ServerReport report;
  server->Describe(0, report);
  EXPECT_THAT(report.ending, testing::HasSubstr("SIGKILL"));
}

}  // namespace
}  // namespace stressbot
