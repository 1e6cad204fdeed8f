#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/engine/SimRun.h"

/// Requests that are paired with their replies by a number in the header.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Asked Call(Nanoseconds timeout = 5s) {
  return {.packet = "C_CHAT",
          .fields = {{"msg", Literal(std::string("same"))}},
          .expect = "S_CHAT",
          .fail_on = {"S_LOGIN"},
          .timeout = timeout,
          .on_fail = OnFail::kContinue,
          .name = "call",
          .by_correlation = true};
}

class CorrelationTest : public ::testing::Test {
 protected:
  void Run(FlowBuilder& flow, ScriptedServer::OnPacket on_packet, Nanoseconds duration = 10s) {
    Program program = ProgramOf({Constant(flow.Think(Exactly(1h)).Build(), 1, duration)});
    program.servers.front().protocol = CallsProtocol();
    run_.emplace(std::move(program), SimRunOptions{.protocol = CallsProtocol()});
    run_->server().on_packet = std::move(on_packet);
    run_->Start();
    run_->RunFor(duration + 5s);
  }
  static std::uint32_t NumberOf(ScriptedServer::Peer& peer) {
    return peer.record().correlations.back();
  }
  void AnswerAfter(ScriptedServer::Peer& peer, Nanoseconds time, std::uint32_t number) {
    run_->server().After(time, [this, ref = peer.ref(), number] {
      auto* found =
          static_cast<ScriptedServer::Peer*>(run_->server().shard().FindSession(ref.id()));
      if (found != nullptr) found->SendPacket("S_CHAT", Wire().Text(2, "same"), number);
    });
  }

  FlowBuilder flow_{CallsProtocol()};
  std::optional<SimRun> run_;
};

TEST_F(CorrelationTest, EachBranchGetsTheReplyWithItsNumber) {
  flow_.Connect().Parallel({[](FlowBuilder& branch) { branch.Request(Call()); },
                            [](FlowBuilder& branch) {
                              Asked call = Call();
                              call.name = "second";
                              branch.Request(call);
                            }});
  // The first one's takes longer, so the replies come in the other order.
  Run(flow_, [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    const bool is_first = peer.record().packets.size() == 1;
    AnswerAfter(peer, is_first ? 800ms : 100ms, NumberOf(peer));
    return true;
  });
  EXPECT_EQ(run_->Trend("request_duration", {{"step", "call"}}).min_ns(),
            Nanoseconds(800ms + kRoundTrip).count());
  EXPECT_EQ(run_->Trend("request_duration", {{"step", "second"}}).max_ns(),
            Nanoseconds(100ms + kRoundTrip).count());
  EXPECT_EQ(run_->Rate("requests_failed").passed, 0U);
}

TEST_F(CorrelationTest, ALateReplyAnswersNobodyElseAndAgainNobody) {
  flow_.Connect().Request(Call(1s)).Request(Call(1s));
  Run(flow_, [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    if (peer.record().packets.size() > 1) {
      AnswerAfter(peer, 900ms, NumberOf(peer));
    } else {
      AnswerAfter(peer, 1'200ms, NumberOf(peer));
      AnswerAfter(peer, 1'300ms, NumberOf(peer));
    }
    return true;
  });
  EXPECT_EQ(run_->Counter("packets_late"), 1U);
  EXPECT_EQ(run_->Counter("packets_unhandled"), 1U);  // the second answer to the same
  EXPECT_EQ(run_->Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run_->Trend("request_duration").min_ns(), Nanoseconds(900ms + kRoundTrip).count());
}

TEST_F(CorrelationTest, APacketOfFailOnMustHaveTheNumberToo) {
  flow_.Connect().Request(Call());
  Run(flow_, [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    peer.SendPacket("S_LOGIN", Wire().Number(1, 1), NumberOf(peer) + 1);
    peer.SendPacket("S_LOGIN", Wire().Number(1, 1), NumberOf(peer));
    return true;
  });
  EXPECT_EQ(run_->Counter("packets_unhandled"), 1U);
  EXPECT_THAT(run_->Failures("requests_failed"),
              ElementsAre(HasSubstr("answered by S_LOGIN in step call")));
}

TEST_F(CorrelationTest, NumbersAreUsedAgainOnlyWhenTheyAreFree) {
  // The first call is never answered, while its field of one byte comes round.
  flow_.Connect().Request(Call(1ms)).Repeat(Times(600),
                                            [](FlowBuilder& body) { body.Request(Call()); });
  std::multiset<std::uint32_t> numbers;
  Run(flow_, [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    numbers.insert(NumberOf(peer));
    if (numbers.size() > 1) peer.SendPacket("S_CHAT", Wire().Text(2, "same"), NumberOf(peer));
    return true;
  });
  EXPECT_EQ(numbers.size(), 601U);
  EXPECT_EQ(numbers.count(1), 1U);  // it may still be answered late
  EXPECT_EQ(numbers.count(0), 0U);  // "none"
  EXPECT_EQ(numbers.count(255), 2U);
  EXPECT_EQ(run_->Rate("requests_failed").passed, 1U);
  EXPECT_EQ(run_->Counter("packets_unhandled"), 0U);
}

TEST_F(CorrelationTest, OtherPacketsCarryNoNumber) {
  flow_.Connect().Send("C_CHAT").Request(Call());
  Run(flow_, [&](ScriptedServer::Peer& peer, std::string_view, std::string_view) {
    peer.SendPacket("S_CHAT", Wire().Text(2, "same"), NumberOf(peer));
    return true;
  });
  EXPECT_THAT(run_->server().peer(0).correlations, ElementsAre(0U, 1U));
  EXPECT_EQ(run_->Counter("packets_unhandled"), 1U);
}

}  // namespace
}  // namespace stressbot::testing
