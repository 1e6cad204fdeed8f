#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using Op = Instruction::Op;
using Kind = Expression::Kind;

std::string PacketName(const Program& program, PacketIndex index) {
  return program.servers.front().protocol->packet(index).name;
}

TEST(StepTest, ARequestKeepsAllItsSiblings) {
  const Loaded loaded = LoadSteps(R"(
    {"request": "C_LOGIN", "name": "login", "metric": "login_rtt", "fields": {"name": "bot-${bot.id}"},
     "expect": "S_LOGIN", "failOn": ["S_ERROR"], "timeout": "3s", "onFail": "stop-bot",
     "check": {"success": true, "players": {"size>=": 1, "size<": 9}, "level": {"in": [1, 2]},
               "me": {"exists": true}},
     "save": {"id": "me.id"}})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const FlowProgram& flow = loaded.flow();
  ASSERT_EQ(flow.requests.size(), 1u);
  const RequestStep& request = flow.requests.front();
  EXPECT_EQ(request.name, "login");
  EXPECT_EQ(request.alias, "login_rtt");
  EXPECT_EQ(request.flow, "main");
  EXPECT_EQ(request.timeout, 3s);
  EXPECT_EQ(request.on_fail, OnFail::kStopBot);
  EXPECT_EQ(PacketName(loaded.program(), request.send.packet), "C_LOGIN");
  EXPECT_EQ(PacketName(loaded.program(), request.expect.packet), "S_LOGIN");
  ASSERT_EQ(request.fail_on.size(), 1u);
  EXPECT_EQ(PacketName(loaded.program(), request.fail_on.front()), "S_ERROR");
  ASSERT_EQ(request.send.arguments.size(), 1u);
  EXPECT_EQ(request.send.arguments.front().kind, Kind::kConcat);
  EXPECT_FALSE(request.unique_key);

  std::vector<std::string> names;
  for (const Check& check : request.expect.checks) names.push_back(check.name);
  EXPECT_EQ(names, (std::vector<std::string>{"success", "size(players) >= 1", "size(players) < 9",
                                             "level in [1,2]", "exists(me)"}));
  EXPECT_EQ(request.expect.checks[1].condition.want, FieldPath::Want::kSize);
  EXPECT_EQ(request.expect.checks[3].condition.expected.size(), 2u);
  EXPECT_EQ(request.expect.checks[4].condition.want, FieldPath::Want::kExists);
  EXPECT_EQ(flow.variables, (std::vector<std::string>{"id"}));
  ASSERT_EQ(request.expect.saves.size(), 1u);
  EXPECT_EQ(request.expect.saves.front().variable, 0);
}

TEST(StepTest, AStampInWhatIsMatchedMakesTheKeyUnique) {
  const Loaded loaded = LoadSteps(R"(
    {"request": "C_CHAT", "fields": {"msg": "${text} ${stamp}"}, "expect": "S_CHAT",
     "where": {"msg": "${sent.msg}"}})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const RequestStep& chat = loaded.flow().requests.front();
  EXPECT_TRUE(chat.unique_key);
  ASSERT_EQ(chat.expect.where.size(), 1u);
  EXPECT_EQ(chat.expect.where.front().expected.front().kind, Kind::kSentField);
  EXPECT_EQ(chat.expect.where.front().expected.front().slot, 0);
  EXPECT_EQ(chat.name, "C_CHAT");
  EXPECT_EQ(chat.timeout, 5s);
  EXPECT_TRUE(loaded.scenario->warnings.empty() ||
              loaded.scenario->warnings.front().message.find("five") != std::string::npos);
}

TEST(StepTest, ACorrelationIsAskedForByName) {
  const std::string request =
      R"({"request": "C_CHAT", "fields": {"msg": "a"}, "expect": "S_CHAT", )";
  const auto error_of = [&](const std::string& siblings) {
    const Loaded loaded = LoadSteps(request + siblings + "}");
    return loaded.errors.list().empty() ? std::string() : loaded.errors.list().front().message;
  };
  EXPECT_EQ(error_of(R"("match": "where", "where": {"msg": "${sent.msg}"})"), "");
  EXPECT_NE(error_of(R"("match": "correlations")").find("did you mean \"correlation\"?"),
            std::string::npos);
  EXPECT_EQ(error_of(R"("match": "correlation")"),
            "no header field of the protocol has \"role\": \"correlation\"");
  const std::string text = R"({
  "servers": {"game": {"protocol": ")" STRESSBOT_SCENARIO_DATA
                           R"(/../../engine/data/calls.protocol.json", "target": "127.0.0.1:1"}},
  "groups": {"one": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "game"}, )" +
                           request + R"("match": "correlation")";
  const Loaded loaded = LoadText(text + "}]}}");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_TRUE(loaded.flow().requests.front().by_correlation);
  EXPECT_TRUE(loaded.flow().requests.front().unique_key);
  const Loaded both = LoadText(text + R"(, "where": {"msg": "a"}}]}})");
  ASSERT_FALSE(both.errors.list().empty());
  EXPECT_EQ(both.errors.list().front().path, "flows.f[1].match");
}

TEST(StepTest, AVariableThatIsSentIsOfTheRequestButNotUnique) {
  const Loaded loaded = LoadSteps(R"(
    {"set": {"x": {"uniform": [0, 100]}}},
    {"request": "C_MOVE", "fields": {"place": {"objectId": 7, "x": "${x}"}}, "expect": "S_MOVE",
     "where": {"place.x": "${x}"}})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_FALSE(loaded.flow().requests.front().unique_key);
  for (const Diagnostic& warning : loaded.scenario->warnings)
    EXPECT_EQ(warning.message.find("nothing that this request sends"), std::string::npos);
}

TEST(StepTest, AWhereThatIsTheSameForAllBotsIsWarnedOf) {
  const Loaded loaded = LoadSteps(R"(    {"request": "C_MOVE", "expect": "S_MOVE",
     "fields": {"place": {"x": 1.5}},
     "where": {"place.x": "${sent.place.x}"}})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  ASSERT_FALSE(loaded.scenario->warnings.empty());
  const Diagnostic& warning = loaded.scenario->warnings.back();
  EXPECT_EQ(warning.line, kFirstStepLine + 2);
  EXPECT_EQ(warning.path, "flows.main[1].where");
  EXPECT_NE(warning.message.find("nothing that this request sends"), std::string::npos);
}

TEST(StepTest, SendExpectThinkSetAndDisconnect) {
  const Loaded loaded = LoadSteps(R"(
    {"send": "C_CHAT", "fields": {"msg": "hi"}},
    {"expect": "S_CHAT", "where": {"msg": "hi"}, "timeout": "2s"},
    {"think": {"uniform": ["1s", "3s"]}},
    {"set": {"a": 1, "b": {"mod": ["${a}", 3]}}},
    {"disconnect": "reset"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const FlowProgram& flow = loaded.flow();
  std::vector<Op> ops;
  for (const Instruction& instruction : flow.code) ops.push_back(instruction.op);
  EXPECT_EQ(ops, (std::vector<Op>{Op::kConnect, Op::kSend, Op::kExpect, Op::kThink, Op::kSet,
                                  Op::kDisconnect, Op::kEnd}));
  EXPECT_EQ(flow.expects.front().timeout, 2s);
  EXPECT_EQ(flow.thinks.front().duration.kind, Distribution::Kind::kUniform);
  EXPECT_EQ(flow.thinks.front().duration.b, 3e9);
  ASSERT_EQ(flow.sets.front().assignments.size(), 2u);
  EXPECT_EQ(flow.sets.front().assignments[1].variable, 1);
  EXPECT_EQ(flow.sets.front().assignments[1].value.kind, Kind::kMod);
  EXPECT_TRUE(flow.disconnects.front().reset);
}

TEST(StepTest, AListenAnswersSetsAndSaves) {
  const Loaded loaded = LoadSteps(R"(
    {"listen": "S_PING", "where": {"time": {"gt": 0}}, "do": [
      {"send": "C_PONG", "fields": {"time": "${packet.time}"}},
      {"set": {"pings": {"add": ["${pings}", 1]}}}, {"save": {"at": "time"}}]})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const ListenStep& listen = loaded.flow().listens.front();
  ASSERT_EQ(listen.actions.size(), 3u);
  ASSERT_TRUE(listen.actions[0].send);
  EXPECT_EQ(listen.actions[0].send->arguments.front().kind, Kind::kPacketField);
  EXPECT_TRUE(listen.actions[1].set);
  EXPECT_TRUE(listen.actions[2].save);
  EXPECT_EQ(listen.incoming.where.size(), 1u);
}

TEST(StepTest, EachAwaitedPacketHasItsOwnRule) {
  const Loaded loaded = LoadSteps(R"(
    {"listen": "S_PING"},
    {"request": "C_CHAT", "fields": {"msg": "a"}, "expect": "S_CHAT"},
    {"expect": "S_MOVE"})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  const FlowProgram& flow = loaded.flow();
  EXPECT_EQ(flow.listens.front().incoming.rule, 0);
  EXPECT_EQ(flow.requests.front().expect.rule, 1);
  EXPECT_EQ(flow.expects.front().expect.rule, 2);
  EXPECT_EQ(flow.rules, 3);
}

TEST(StepTest, StepsTakeTheServerOfTheLastConnectUnlessTheyNameOne) {
  const Loaded loaded = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"},
              "chat": {"protocol": "@", "target": "127.0.0.1:2"}},
  "groups": {"g": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "game"}, {"connect": "chat"},
    {"send": "C_CHAT", "fields": {"msg": "a"}},
    {"send": "C_CHAT", "on": "game", "fields": {"msg": "a"}},
    {"disconnect": "orderly", "on": "game"}]}
})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_EQ(loaded.flow().sends[0].send.server, 1);
  EXPECT_EQ(loaded.flow().sends[1].send.server, 0);
  EXPECT_EQ(loaded.flow().disconnects[0].server, 0);
}

}  // namespace
}  // namespace stressbot
