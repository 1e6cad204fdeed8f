// What answers a request: match, expectAll, await, failOn.
#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

std::string PacketName(const Loaded& loaded, PacketIndex index) {
  return loaded.program().servers.front().protocol->packet(index).name;
}

TEST(ReplyTest, ExpectAllKeepsItsPartsWithARuleEach) {
  const Loaded loaded = LoadSteps(R"(
    {"request": "C_LOGIN", "expectAll": [
      {"expect": "S_LOGIN", "check": {"success": true}, "save": {"id": "me.id"}},
      {"expect": "S_CHAT", "where": {"msg": "${sent.name}"}, "check": {"playerId": {"gt": 0}}},
      "S_PING"],
     "fields": {"name": "bot-${bot.id}"}, "failOn": ["S_ERROR"], "await": false},
    {"send": "C_CHAT", "fields": {"msg": "${id}"}})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_TRUE(loaded.scenario->warnings.size() <= 2);  // of the variables that nobody uses
  const RequestStep& request = loaded.flow().requests.front();
  EXPECT_FALSE(request.awaited);
  ASSERT_EQ(request.Parts(), 3u);
  EXPECT_EQ(PacketName(loaded, request.Part(0).packet), "S_LOGIN");
  EXPECT_EQ(PacketName(loaded, request.Part(1).packet), "S_CHAT");
  EXPECT_EQ(PacketName(loaded, request.Part(2).packet), "S_PING");
  EXPECT_EQ(request.Part(1).where.size(), 1u);
  EXPECT_EQ(request.Part(1).checks.size(), 1u);
  EXPECT_EQ(request.Part(0).saves.size(), 1u);
  EXPECT_EQ(request.Part(2).rule, 2);
  EXPECT_EQ(loaded.flow().rules, 3);
}

TEST(ReplyTest, InOrderWhereSaysOnlyWhatIsCountedAndNobodyWarns) {
  const std::string request =
      R"({"request": "C_CHAT", "fields": {"msg": "a"}, "expect": "S_CHAT", "where": {"msg": "a"})";
  const auto warns = [](const Loaded& loaded) {
    for (const Diagnostic& warning : loaded.scenario->warnings)
      if (warning.message.find("nothing that this request sends") != std::string::npos) return true;
    return false;
  };
  const Loaded by_where = LoadSteps(request + R"(, "match": "where"})");
  ASSERT_TRUE(by_where.scenario) << by_where.errors.ToString();
  EXPECT_TRUE(warns(by_where));
  const Loaded in_order = LoadSteps(request + R"(, "match": "in-order"})");
  ASSERT_TRUE(in_order.scenario) << in_order.errors.ToString();
  EXPECT_FALSE(warns(in_order));
}

TEST(ReplyTest, AnExpectTakesFailOn) {
  const Loaded loaded = LoadSteps(R"({"expect": "S_CHAT", "failOn": ["S_ERROR", "S_PING"]})");
  ASSERT_TRUE(loaded.scenario) << loaded.errors.ToString();
  EXPECT_EQ(loaded.flow().expects.front().fail_on.size(), 2u);
}

TEST(ReplyTest, MistakesAreToldWithTheirPlace) {
  struct Mistake {
    std::string step, path, words;
  };
  const std::string chat = R"({"request": "C_CHAT", "fields": {"msg": "${stamp}"}, )";
  const std::vector<Mistake> mistakes = {
      {chat + R"("expect": "S_CHAT", "match": "in-ordr"})", "flows.main[1].match",
       "did you mean \"in-order\"?"},
      {chat + R"("expect": "S_CHAT", "match": "where"})", "flows.main[1].match", "needs \"where\""},
      {chat + R"("expect": "S_CHAT", "match": "in-order", "where": {"msg": "${sent.msg}"}})",
       "flows.main[1].match", "which packets are counted"},
      {chat + R"("expectAll": []})", "flows.main[1].expectAll", "needs 1 to 8 packets"},
      {chat + R"("expectAll": ["S_CHAAT"]})", "flows.main[1].expectAll[0]",
       "did you mean \"S_CHAT\"?"},
      {chat + R"("expectAll": [{"check": {}}]})", "flows.main[1].expectAll[0]",
       "\"expect\" is missing"},
      {chat + R"("expectAll": ["S_CHAT"], "check": {"msg": "a"}})", "flows.main[1].check",
       "belongs into the entries"},
      {chat + R"("expectAll": ["S_CHAT", "S_PING"], "failOn": ["S_PING"]})",
       "flows.main[1].failOn[0]", "success and failure"},
      {chat + R"("expect": "S_CHAT", "await": "no"})", "flows.main[1].await", "true or false"},
      {R"({"expect": "S_CHAT", "failOn": ["S_CHAT"]})", "flows.main[1].failOn[0]",
       "success and failure"},
      {R"({"expect": "S_CHAT", "match": "where"})", "flows.main[1].match", "unknown key"},
      {R"({"repeat": "until-stop", "steps": [{"request": "C_CHAT", "expect": "S_CHAT", "await": false}]})",
       "flows.main[1]", "would spin"},
  };
  for (const Mistake& mistake : mistakes) {
    const Loaded loaded = LoadSteps(mistake.step);
    ASSERT_EQ(loaded.errors.list().size(), 1u) << mistake.step << "\n" << loaded.errors.ToString();
    EXPECT_EQ(loaded.errors.list().front().path, mistake.path);
    EXPECT_NE(loaded.errors.list().front().message.find(mistake.words), std::string::npos)
        << loaded.errors.ToString();
  }
}

}  // namespace
}  // namespace stressbot
