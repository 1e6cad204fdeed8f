#include "StressBot/cli/ServerOrders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ServerCore/io/StopSignals.h"
#include "StressBot/cli/EventText.h"
#include "tests/cli/Child.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using Do = ServerOrder::Do;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A server on any port, and what comes of the orders that it is given.
class ServerOrdersTest : public testing::Test {
 protected:
  void Begin(const std::string& words) {
    Server game;
    game.name = "game";
    game.address = servercore::NetAddress::Loopback(0);
    program_.servers.push_back(game);
    std::string error;
    server_ = ServerSupervisor::Start(Child(words), error);
    ASSERT_NE(server_, nullptr) << error;
    ASSERT_EQ(server_->WaitUntilReady(program_, signals_, error, 60s),
              ServerSupervisor::Readiness::kReady)
        << error;
    orders_.emplace(*server_, program_);
  }
  /// Until something is said that holds these words; all that was said.
  std::vector<std::string> AdvanceUntil(const std::string& words) {
    std::vector<std::string> said;
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < until) {
      ServerOrders::News news = orders_->Advance();
      if (!news.complaint.empty()) news.said.push_back(news.complaint);
      moves_.insert(moves_.end(), news.moves.begin(), news.moves.end());
      said.insert(said.end(), news.said.begin(), news.said.end());
      for (const std::string& text : news.said) {
        if (text.find(words) != std::string::npos) return said;
      }
      signals_.WaitFor(2ms);
    }
    ADD_FAILURE() << "waited in vain for " << words;
    return said;
  }

  Program program_;
  servercore::StopSignals signals_;
  std::unique_ptr<ServerSupervisor> server_;
  std::optional<ServerOrders> orders_;
  std::vector<MoveServer> moves_;
};

TEST_F(ServerOrdersTest, WhatIsKilledByAnEventHasNotDiedAndComesBackWhenAsked) {
  Begin("listen wait");
  const std::int64_t first = server_->pid();
  orders_->Take({Do::kKill, {}});
  EXPECT_FALSE(orders_->IsServing());
  AdvanceUntil("after it was killed");
  EXPECT_FALSE(server_->HasDied(1s));
  EXPECT_THAT(orders_->Advance().said, IsEmpty());  // stays down
  ServerReport report;
  server_->Describe(0, report);
  EXPECT_FALSE(report.alive);

  orders_->Take({Do::kRestart, 0ns});
  AdvanceUntil("listens again");
  EXPECT_TRUE(orders_->IsServing());
  EXPECT_NE(server_->pid(), first);
  ASSERT_EQ(moves_.size(), 1U);
  EXPECT_EQ(moves_[0].server, 0);
  EXPECT_NE(moves_[0].address.port(), 0);
  EXPECT_FALSE(server_->HasDied(2s));
  EXPECT_EQ(server_->Complaint(), "");
}

TEST_F(ServerOrdersTest, AKillMayLastForAWhileOnly) {
  Begin("listen wait");
  orders_->Take({Do::kKill, 10ms});
  AdvanceUntil("listens again");
}

TEST_F(ServerOrdersTest, WhatDiesAfterARestartHasDied) {
  Begin("listen pause 1000 exit 4");
  orders_->Take({Do::kKill, 0ns});
  AdvanceUntil("listens again");
  while (!server_->HasDied(9s)) signals_.WaitFor(2ms);  // hangs here: it has failed
  EXPECT_THAT(server_->Complaint(), HasSubstr("exited with code 4 at 9.0 s, although nobody"));
}

TEST_F(ServerOrdersTest, APauseEndsByItself) {
  Begin("listen wait");
  orders_->Take({Do::kPause, 5ms});
  EXPECT_FALSE(orders_->IsServing());
  AdvanceUntil("the server goes on");
  EXPECT_TRUE(orders_->IsServing());
}

TEST_F(ServerOrdersTest, APausedServerCanBeStopped) {
  Begin("listen wait");
  orders_->Take({Do::kPause, 1h});
  orders_->Take({Do::kKill, {}});
  AdvanceUntil("after it was killed");
  orders_->Take({Do::kPause, 1h});  // nothing to pause
  EXPECT_THAT(orders_->Advance().said, IsEmpty());
}

TEST(EventTextTest, SaysWhomItTouchedAndHowOftenItCame) {
  Program program;
  program.groups.emplace_back().name = "players";
  Event storm;
  storm.name = "storm";
  storm.order = DropOrder{std::uint16_t{0}, 0.5, true, {}};
  Event leave;
  leave.name = "leave";
  leave.every = 10s;
  leave.count = 4;
  leave.order = DropOrder{{}, 1, false, {}};
  Event restart;
  restart.name = "noon";
  restart.order = ServerOrder{Do::kRestart, 0ns};
  Event mark;
  mark.name = "lunch";
  program.events = {storm, leave, restart, mark};
  EXPECT_EQ(DescribeOccurrence(program, {{0, 0}, 1s, 1'500, {}}),
            "storm: 1,500 bots of players were reset");
  EXPECT_EQ(DescribeOccurrence(program, {{0, 0}, 1s, 1, {}}), "storm: 1 bot of players was reset");
  EXPECT_EQ(DescribeOccurrence(program, {{1, 2}, 1s, 3, {}}),
            "leave (3 of 4): 3 bots left in order");
  EXPECT_EQ(DescribeOccurrence(program, {{2, 0}, 1s, 0, {}}), "noon: restarts the server");
  EXPECT_EQ(DescribeOccurrence(program, {{3, 0}, 1s, 0, {}}), "lunch");
  EXPECT_THAT(CheckServerEvents(program, true), IsEmpty());
  EXPECT_THAT(CheckServerEvents(program, false),
              ElementsAre(HasSubstr("events[2] (\"noon\") restarts the server")));
}

}  // namespace
}  // namespace stressbot
