// Each mistake is refused at its line, at its JSON path, with words that help.
#include <gtest/gtest.h>

#include "ScenarioText.h"

namespace stressbot {
namespace {

struct Mistake {
  std::string text;
  int line;  ///< of the steps, from 1; of the file in whole-file tables
  std::string path, words;
};

void ExpectOnly(const Loaded& loaded, const Mistake& mistake, int line) {
  EXPECT_FALSE(loaded.scenario) << mistake.text;
  ASSERT_EQ(loaded.errors.list().size(), 1u) << mistake.text << "\n" << loaded.errors.ToString();
  const Diagnostic& error = loaded.errors.list().front();
  EXPECT_EQ(error.line, line) << error.ToString();
  EXPECT_EQ(error.path, mistake.path) << error.ToString();
  EXPECT_NE(error.message.find(mistake.words), std::string::npos) << error.ToString();
  EXPECT_NE(error.file.find("test.json"), std::string::npos);
}

void ExpectInSteps(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes)
    ExpectOnly(LoadSteps(mistake.text), mistake, kFirstStepLine - 1 + mistake.line);
}

TEST(MistakesTest, VerbsAndKeys) {
  ExpectInSteps({
      {R"({"requst": "C_LOGIN"})", 1, "flows.main[1].requst", "did you mean \"request\"?"},
      {R"({"fields": {}})", 1, "flows.main[1]", "has no verb"},
      {R"("connect")", 1, "flows.main[1]", "a step is an object"},
      {R"({"send": "C_CHAT", "think": "1s"})", 1, "flows.main[1]", "one verb"},
      {"{\"request\": \"C_LOGIN\",\n \"expect\": \"S_LOGIN\",\n \"chekc\": {}}", 3,
       "flows.main[1].chekc", "did you mean \"check\"?"},
      {R"({"request": "C_LOGIN"})", 1, "flows.main[1]", "\"expect\" is missing"},
      {R"({"think": "1s", "name": "x"})", 1, "flows.main[1].name", "unknown key \"name\""},
      {R"({"think": "soon"})", 1, "flows.main[1].think", "unit"},
      {R"({"think": {"uniform": ["3s", "1s"]}})", 1, "flows.main[1].think.uniform", "exchange"},
      {R"({"disconnect": "gently"})", 1, "flows.main[1].disconnect", "known: orderly, reset"},
      {R"({"request": "C_LOGIN", "expect": "S_LOGIN", "timeout": "0s"})", 1,
       "flows.main[1].timeout", "longer than zero"},
      {R"({"request": "C_LOGIN", "expect": "S_LOGIN", "onFail": "stop"})", 1,
       "flows.main[1].onFail", "known: continue, end-iteration, stop-bot, abort-run"},
      {R"({"request": "C_LOGIN", "expect": "S_LOGIN", "name": "a,b"})", 1, "flows.main[1].name",
       "no \",\""},
      {R"({"request": "C_LOGIN", "expect": "S_LOGIN", "metric": "checks"})", 1,
       "flows.main[1].metric", "is a metric already"},
      {R"({"request": "C_LOGIN", "expect": "S_LOGIN", "metric": "m"},
          {"request": "C_CHAT", "expect": "S_CHAT", "metric": "m"})",
       2, "flows.main[2].metric", "metric of step \"C_LOGIN\" already"},
  });
}

TEST(MistakesTest, PacketsAndServers) {
  ExpectInSteps({
      {R"({"request": "C_LOGN", "expect": "S_LOGIN"})", 1, "flows.main[1].request",
       "no packet \"C_LOGN\" in the protocol; did you mean \"C_LOGIN\"?"},
      {R"({"request": "C_LOGIN", "expect": "S_LOGINN"})", 1, "flows.main[1].expect",
       "did you mean \"S_LOGIN\"?"},
      {R"({"request": "S_LOGIN", "expect": "S_LOGIN"})", 1, "flows.main[1].request",
       "sent by the server"},
      {R"({"expect": "C_LOGIN"})", 1, "flows.main[1].expect", "sent by the bots"},
      {R"({"request": "C_LOGIN", "expect": "S_LOGIN", "failOn": ["S_EROR"]})", 1,
       "flows.main[1].failOn[0]", "did you mean \"S_ERROR\"?"},
      {R"({"request": "C_LOGIN", "expect": "S_LOGIN", "failOn": ["S_LOGIN"]})", 1,
       "flows.main[1].failOn[0]", "success and failure"},
      {R"({"send": "C_CHAT", "on": "gmae"})", 1, "flows.main[1].on", "did you mean \"game\"?"},
      {R"({"disconnect": "orderly"}, {"connect": "gane"})", 1, "flows.main[2].connect",
       "did you mean \"game\"?"},
      {R"({"call": "mian"})", 1, "flows.main[1].call", "did you mean \"main\"?"},
      {R"({"call": "main"})", 1, "flows.main[1].call", "main -> main"},
  });
}

TEST(MistakesTest, PacketsOfTheOtherDirection) {
  const std::string from_server = "is sent by the server, so a bot cannot send it";
  const std::string from_bots = "is sent by the bots, so none arrives from the server";
  ExpectInSteps({
      {R"({"send": "S_CHAT"})", 1, "flows.main[1].send", "\"S_CHAT\" " + from_server},
      {R"({"request": "C_LOGIN", "expect": "C_CHAT"})", 1, "flows.main[1].expect",
       "\"C_CHAT\" " + from_bots},
      {R"({"listen": "C_CHAT"})", 1, "flows.main[1].listen", from_bots},
      {R"({"listen": "S_CHAT", "do": [{"send": "S_LOGIN"}]})", 1, "flows.main[1].do[0].send",
       from_server},
      {R"({"request": "C_LOGIN", "expect": "S_LOGIN", "failOn": ["C_CHAT"]})", 1,
       "flows.main[1].failOn[0]", from_bots},
  });
}

TEST(MistakesTest, RawPackets) {
  const auto load = [](const std::string& step) {
    return LoadText("{\"servers\": {\"game\": {\"protocol\": \"" STRESSBOT_SCENARIO_DATA
                    "/raw.protocol.json\", \"target\": \"127.0.0.1:7777\"}},\n"
                    "\"groups\": {\"g\": {\"executor\": \"constant-bots\", \"flow\": \"main\", "
                    "\"bots\": 1, \"duration\": \"1s\"}},\n"
                    "\"flows\": {\"main\": [{\"connect\": \"game\"},\n" +
                    step + "]}}");
  };
  const std::vector<Mistake> mistakes{
      {R"({"send": "C_HI", "fields": {"hex": "0g"}})", 4, "flows.main[1].fields.hex", "is no hex"},
      {R"({"send": "C_HI", "fields": {"text": "a", "hex": "00"}})", 4, "flows.main[1].fields.hex",
       "either \"text\" or \"hex\""},
      {R"({"expect": "S_HI", "check": {"hex": "hello"}})", 4, "flows.main[1].check.hex",
       "pairs of hex digits"},
      {R"({"expect": "S_HI", "check": {"hex.0.2": {"in": ["00 01", "0"]}}})", 4,
       "flows.main[1].check[\"hex.0.2\"].in[1]", "pairs of hex digits"},
      {R"({"expect": "S_HI", "check": {"text": 5}})", 4, "flows.main[1].check.text",
       "needs a text, not a number"},
      {R"({"expect": "S_HI", "save": {"x": "payload"}})", 4, "flows.main[1].save.x",
       "it has \"text\", \"hex\" and \"size\""}};
  for (const Mistake& mistake : mistakes) ExpectOnly(load(mistake.text), mistake, mistake.line);
  const Loaded good = load(
      R"({"request": "C_HI", "fields": {"hex": "0a FF"}, "expect": "S_HI", "where": {"hex.0.2": "${sent.hex}"},
       "check": {"hex": {"ne": "00", "size": 2}, "size": {"ge": 2}, "text.1": {"exists": true}}, "save": {"x": "hex"}})");
  EXPECT_TRUE(good.scenario) << good.errors.ToString();
}

TEST(MistakesTest, FieldsAndConditions) {
  ExpectInSteps({
      {"{\"send\": \"C_LOGIN\", \"fields\":\n {\"nmae\": \"a\"}}", 2, "flows.main[1].fields.nmae",
       "\"name\""},
      {R"({"send": "C_LOGIN", "fields": {"name": 5}})", 1, "flows.main[1].fields.name", "5"},
      {R"({"send": "C_LOGIN", "fields": {"tags": "a"}})", 1, "flows.main[1].fields.tags", "list"},
      {R"({"send": "C_LOGIN", "fields": {"name": null}})", 1, "flows.main[1].fields.name",
       "needs a text"},
      {R"({"send": "C_LOGIN", "fields": "x"})", 1, "flows.main[1].fields", "needs an object"},
      {"{\"expect\": \"S_LOGIN\",\n \"check\": {\"sucess\": true}}", 2,
       "flows.main[1].check.sucess", "\"success\""},
      {R"({"expect": "S_LOGIN", "check": {"players": 3}})", 1, "flows.main[1].check.players",
       "list"},
      {R"({"expect": "S_LOGIN", "check": {"me": 3}})", 1, "flows.main[1].check.me", "message"},
      {R"({"expect": "S_LOGIN", "check": {"level": "three"}})", 1, "flows.main[1].check.level",
       "needs a number, not a text"},
      {R"({"expect": "S_LOGIN", "check": {"me.name": 3}})", 1, "flows.main[1].check[\"me.name\"]",
       "needs a text, not a number"},
      {R"({"expect": "S_LOGIN", "check": {"me.job": "KNIGHT"}})", 1,
       "flows.main[1].check[\"me.job\"]", "an enum's number"},
      {R"({"expect": "S_LOGIN", "check": {"level": {"sise": 1}}})", 1,
       "flows.main[1].check.level.sise", "did you mean \"size\"?"},
      {R"({"expect": "S_LOGIN", "check": {"level": {"size": 1}}})", 1,
       "flows.main[1].check.level.size", "only lists and texts"},
      {R"({"expect": "S_LOGIN", "check": {"level": {}}})", 1, "flows.main[1].check.level",
       "needs a comparison"},
      {R"({"expect": "S_LOGIN", "check": {"level": {"in": []}}})", 1,
       "flows.main[1].check.level.in", "at least one value"},
      {R"({"expect": "S_LOGIN", "save": {"x": "players"}})", 1, "flows.main[1].save.x", "list"},
      {R"({"expect": "S_LOGIN", "save": {"x": 5}})", 1, "flows.main[1].save.x", "path"},
      {R"({"expect": "S_LOGIN", "save": {"x": "levle"}})", 1, "flows.main[1].save.x", "\"level\""},
      {R"({"expect": "S_LOGIN", "save": {"loop": "level"}})", 1, "flows.main[1].save.loop",
       "meaning of its own"},
  });
}

TEST(MistakesTest, Expressions) {
  ExpectInSteps({
      {R"({"set": {"x": "${txt}"}})", 1, "flows.main[1].set.x", "did you mean \"text\"?"},
      {R"({"set": {"x": "${"}})", 1, "flows.main[1].set.x", "not closed"},
      {R"({"set": {"x": "${}"}})", 1, "flows.main[1].set.x", "holds no name"},
      {R"({"set": {"x": "${loop}"}})", 1, "flows.main[1].set.x", "in none"},
      {R"({"set": {"x": "${sent.msg}"}})", 1, "flows.main[1].set.x", "only the where of a request"},
      {R"({"set": {"x": "${packet.msg}"}})", 1, "flows.main[1].set.x", "save it"},
      {R"({"set": {"x": "${env.NOT_SET}"}})", 1, "flows.main[1].set.x", "${env.NOT_SET:DEFAULT}"},
      {R"({"set": {"x": "${env.}"}})", 1, "flows.main[1].set.x", "no name"},
      {R"({"set": {"x": [1]}})", 1, "flows.main[1].set.x", "needs a text, a number"},
      {R"({"set": {"x": {"pikc": [1]}}})", 1, "flows.main[1].set.x.pikc", "did you mean \"pick\"?"},
      {R"({"set": {"x": {"pick": []}}})", 1, "flows.main[1].set.x.pick", "at least one"},
      {R"({"set": {"x": {"uniform": [5, 1]}}})", 1, "flows.main[1].set.x.uniform", "exchange"},
      {R"({"set": {"x": {"uniform": [1]}}})", 1, "flows.main[1].set.x.uniform", "two numbers"},
      {R"({"set": {"x": {"uniform": [1, "${bot.id}"]}}})", 1, "flows.main[1].set.x.uniform[1]",
       "known before the run"},
      {R"({"set": {"x": {"normal": {"mean": 1}}}})", 1, "flows.main[1].set.x.normal",
       "\"deviation\" is missing"},
      {R"({"set": {"x": {"add": [1]}}})", 1, "flows.main[1].set.x.add", "two numbers"},
      {R"({"set": {"x": {"add": [1, "a"]}}})", 1, "flows.main[1].set.x.add[1]",
       "needs a number; this is a text"},
      {R"({"set": {"x": {"mod": [1, 0]}}})", 1, "flows.main[1].set.x.mod", "division by zero"},
      {R"({"set": {"text": 1}})", 1, "flows.main[1].set.text", "never set"},
      {R"({"set": {"9x": 1}})", 1, "flows.main[1].set[\"9x\"]", "cannot be a variable"},
      {"{\"request\": \"C_CHAT\", \"expect\": \"S_CHAT\", \"fields\": {\"msg\": \"a\"},\n"
       " \"where\": {\"msg\": \"${sent.mgs}\"}}",
       2, "flows.main[1].where.msg", "did you mean \"msg\"?"},
      {R"({"expect": "S_CHAT", "where": {"msg": "${text}"}})", 1, "flows.main[1].where.msg",
       "drawn anew"},
      {R"({"request": "C_CHAT", "fields": {"msg": "${stamp}"}, "expect": "S_CHAT",
           "check": {"msg": "${stamp}"}})",
       2, "flows.main[1].check.msg", "drawn anew"},
      {R"({"listen": "S_PING", "do": [{"send": "C_PONG", "fields": {"time": "${packet.tmie}"}}]})",
       1, "flows.main[1].do[0].fields.time", "\"time\""},
      {R"({"listen": "S_PING", "do": [{"think": "1s"}]})", 1, "flows.main[1].do[0]",
       "send, set or save"},
  });
}

TEST(MistakesTest, RepeatsAndBranches) {
  const std::string wait = R"([{"think": "1s"}])";
  ExpectInSteps({
      {R"({"repeat": "until-stop", "steps": [{"send": "C_CHAT", "fields": {"msg": "a"}}]})", 1,
       "flows.main[1]", "would spin"},
      {R"({"repeat": "5s", "steps": [{"set": {"x": 1}}]})", 1, "flows.main[1]", "would spin"},
      {R"({"repeat": "until-stop", "steps": [{"think": "0s"}]})", 1, "flows.main[1]", "would spin"},
      {R"({"repeat": 0, "steps": )" + wait + "}", 1, "flows.main[1].repeat", "at least 1"},
      {R"({"repeat": "0s", "steps": )" + wait + "}", 1, "flows.main[1].repeat", "longer than zero"},
      {R"({"repeat": "until-stopp", "steps": )" + wait + "}", 1, "flows.main[1].repeat",
       "did you mean \"until-stop\"?"},
      {R"({"repeat": 2})", 1, "flows.main[1]", "\"steps\" is missing"},
      {R"({"repeat": 2, "steps": []})", 1, "flows.main[1].steps", "at least one step"},
      {R"({"repeat": 2, "align": true, "steps": )" + wait + "}", 1, "flows.main[1].align",
       "needs \"every\""},
      {R"({"repeat": 2, "every": "1s", "late": "never", "steps": )" + wait + "}", 1,
       "flows.main[1].late", "known: once, catch-up, shift"},
      {R"({"parallel": {}})", 1, "flows.main[1]", "at least one branch"},
      {R"({"parallel": {"a":[{"think":"1s"}],"b":[{"think":"1s"}],"c":[{"think":"1s"}],
          "d":[{"think":"1s"}],"e":[{"think":"1s"}],"f":[{"think":"1s"}],"g":[{"think":"1s"}],
          "h":[{"think":"1s"}],"i":[{"think":"1s"}]}})",
       1, "flows.main[1]", "there would be 9"},
      {R"({"repeat": 2, "steps": [{"disconnect": "orderly"}]})", 1, "flows.main[1]",
       "move the connect into the repeat"},
  });
}

TEST(MistakesTest, OrderOfConnections) {
  ExpectInSteps({
      {R"({"connect": "game"})", 1, "flows.main[1]", "connected to \"game\" already"},
      {"{\"disconnect\": \"orderly\"},\n{\"expect\": \"S_CHAT\"}", 2, "flows.main[2]",
       "not connected to \"game\" here"},
      {"{\"disconnect\": \"orderly\"},\n{\"disconnect\": \"reset\"}", 2, "flows.main[2]",
       "not connected to \"game\" here"},
      {"{\"disconnect\": \"orderly\"},\n{\"repeat\": 2, \"steps\": [{\"connect\": \"game\"}]}", 2,
       "flows.main[2]", "end the pass with a disconnect"},
  });
  for (
      const char* fine :
      {R"({"disconnect": "orderly"}, {"connect": "game"})",
       R"({"repeat": 2, "steps": [{"disconnect": "reset"}, {"connect": "game"}]})",
       R"({"disconnect": "orderly"}, {"repeat": 1, "steps": [{"connect": "game"}]})",
       R"({"disconnect": "orderly"}, {"connect": "game", "onFail": "continue"}, {"connect": "game"})",
       R"({"parallel": {"a": [{"disconnect": "reset"}, {"connect": "game"}], "b": [{"expect": "S_CHAT"}]}})",
       R"({"disconnect": "reset"}, {"parallel": {"a": [{"connect": "game"}], "b": [{"expect": "S_CHAT"}]}},
           {"expect": "S_CHAT"})"}) {
    const Loaded loaded = LoadSteps(fine);
    EXPECT_TRUE(loaded.scenario) << fine << "\n" << loaded.errors.ToString();
  }
}

TEST(MistakesTest, AFlowThatNeverWaitsWouldSpin) {
  const Loaded loaded = LoadText(BareFlowText(R"({"set": {"x": 1}})"));
  ExpectOnly(loaded, {"", 6, "flows.main", "would spin"}, 6);
}

TEST(MistakesTest, AStepBeforeAnyConnect) {
  const Loaded loaded = LoadText(BareFlowText(R"({"expect": "S_CHAT"}, {"connect": "game"})"));
  ExpectOnly(loaded, {"", 0, "flows.main[0]", "put {\"connect\": \"game\"} before it"},
             kFirstStepLine);
}

const char* const kWhole = R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {"g": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "10s"}},
  "flows": {"f": [{"connect": "game"}]}
})";

const std::size_t kWholeExecutor = std::string(kWhole).find("\"executor\"");

/// The whole file with one piece of it replaced.
std::string Replaced(const std::string& what, const std::string& with) {
  std::string text = kWhole;
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(MistakesTest, TheRestOfTheFile) {
  ASSERT_TRUE(LoadText(kWhole).scenario);
  const std::string group =
      R"("executor": "constant-bots", "flow": "f", "bots": 1, "duration": "10s")";
  const std::vector<Mistake> mistakes = {
      {Replaced("\"groups\"", "\"defualts\": {},\n  \"groups\""), 3, "defualts",
       "did you mean \"defaults\"?"},
      {Replaced("\"groups\"", "\"warmup\": \"10s\",\n  \"groups\""), 3, "warmup",
       "nothing would be measured"},
      {Replaced("\"groups\"", "\"warmup\": 10,\n  \"groups\""), 3, "warmup", "unit"},
      {Replaced("\"groups\"", "\"defaults\": {\"retry\": {\"factor\": 0.5}},\n  \"groups\""), 3,
       "defaults.retry.factor", "at least 1"},
      {Replaced("\"groups\"", "\"defaults\": {\"retry\": {\"jitter\": 2}},\n  \"groups\""), 3,
       "defaults.retry.jitter", "between 0 and 1"},
      {Replaced("\"groups\"",
                "\"defaults\": {\"retry\": {\"after\": \"9s\", \"max\": \"1s\"}},\n  \"groups\""),
       3, "defaults.retry.max", "shorter than \"after\""},
      {Replaced("\"groups\"", "\"variables\": {\"stamp\": 1},\n  \"groups\""), 3, "variables.stamp",
       "meaning of its own"},
      {Replaced("127.0.0.1:1", "127.0.0.1"), 2, "servers.game.target", "HOST:PORT"},
      {Replaced(", \"target\": \"127.0.0.1:1\"", ""), 2, "servers.game", "--target"},
      {Replaced("127.0.0.1:1", "${bot.id}:1"), 2, "servers.game.target", "known before the run"},
      {Replaced("127.0.0.1:1", "${env.NO_TARGET}"), 2, "servers.game.target", "NO_TARGET"},
      {Replaced("\"protocol\": \"@\", ", ""), 2, "servers.game", "\"protocol\" is missing"},
      {Replaced("\"executor\": \"constant-bots\", ", ""), 3, "groups.g", "\"executor\" is missing"},
      {Replaced("\"executor\"", "\n\"executr\""), 4, "groups.g.executr",
       "unknown key \"executr\"; did you mean \"executor\"?"},
      {Replaced("\"10s\"}}", "\"10s\"}}, \"thresholds\": {\"x_rtt\": [\"p(95)<1\"]}")
           .replace(kWholeExecutor, 10, "\"executr\""),
       3, "groups.g.executr", "did you mean \"executor\"?"},
      {Replaced("\"protocol\": \"@\"", "\n\"protocol\": \"@x\""), 3, "servers.game.protocol",
       "did you mean \"game.protocol.json\"?"},
      {Replaced("\"@\"", "\"/\""), 2, "servers.game.protocol", "is a directory"},
      {Replaced("constant-bots", "constant-bot"), 3, "groups.g.executor",
       "did you mean \"constant-bots\"?"},
      {Replaced("\"flow\": \"f\"", "\"flow\": \"g\""), 3, "groups.g.flow", "did you mean \"f\"?"},
      {Replaced("\"bots\": 1,", "\"bots\": 0,"), 3, "groups.g.bots", "at least 1"},
      {Replaced("\"bots\": 1,", "\"bots\": 1.5,"), 3, "groups.g.bots", "whole"},
      {Replaced("\"10s\"", "\"0s\""), 3, "groups.g.duration", "longer than zero"},
      {Replaced("\"10s\"", "\"10s\", \"rampUp\": \"11s\""), 3, "groups.g.rampUp", "first part"},
      {Replaced("\"10s\"", "\"10s\", \"stages\": []"), 3, "groups.g.stages", "unknown key"},
      {Replaced("\"10s\"", "\"10s\", \"churn\": {\"lifetime\": \"1s\", \"reset\": 20}"), 3,
       "groups.g.churn.reset", "between 0 and 1"},
      {Replaced("\"10s\"", "\"10s\", \"churn\": {\"reset\": 0.2}"), 3, "groups.g.churn",
       "\"lifetime\" is missing"},
      {Replaced("\"10s\"", "\"10s\", \"churn\": {\"lifetime\": \"0s\"}"), 3,
       "groups.g.churn.lifetime", "longer than zero"},
      {Replaced(group, R"("executor": "ramping-bots", "flow": "f", "stages": [])"), 3,
       "groups.g.stages", "at least one stage"},
      {Replaced(
           group,
           R"("executor": "ramping-bots", "flow": "f", "stages": [{"duration": "1s", "target": 0}])"),
       3, "groups.g.stages", "never has a bot"},
      {Replaced("\"g\":", "\"a=b\":"), 3, "groups[\"a=b\"]", "no space"},
      {Replaced("[{\"connect\": \"game\"}]", "[]"), 4, "flows.f", "at least one step"},
      {Replaced("\"flows\"", "\"flow\""), 4, "flow", "did you mean \"flows\"?"}};
  for (const Mistake& mistake : mistakes) {
    const Loaded loaded = LoadText(mistake.text);
    ExpectOnly(loaded, mistake, mistake.line);
  }
}

TEST(MistakesTest, AllMistakesOfAFileAreToldInItsOrder) {
  const Loaded loaded = LoadSteps(
      "{\"request\": \"C_LOGN\", \"expect\": \"S_LOGIN\"},\n"
      "{\"think\": 5},\n"
      "{\"set\": {\"x\": \"${txt}\"}},\n"
      "{\"expect\": \"S_CHAT\", \"timeot\": \"1s\"}");
  ASSERT_EQ(loaded.errors.list().size(), 4u) << loaded.errors.ToString();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(loaded.errors.list()[static_cast<std::size_t>(i)].line, kFirstStepLine + i);
}

TEST(MistakesTest, AMistakeInAFlowOfTwoGroupsIsToldOnce) {
  const Loaded loaded = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {"a": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"},
             "b": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "gme"}]}
})");
  EXPECT_EQ(loaded.errors.list().size(), 1u) << loaded.errors.ToString();
}

TEST(MistakesTest, MutualCallsAndVariablesThatNeedThemselves) {
  const Loaded calls = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "groups": {"a": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "game"}, {"call": "g"}], "g": [{"call": "f"}]}
})");
  ExpectOnly(calls, {"", 4, "flows.g[0].call", "f -> g -> f"}, 4);
  const Loaded variables = LoadText(R"({
  "servers": {"game": {"protocol": "@", "target": "127.0.0.1:1"}},
  "variables": {"a": "x${b}", "b": {"pick": ["${a}"]}},
  "groups": {"a": {"executor": "constant-bots", "flow": "f", "bots": 1, "duration": "1s"}},
  "flows": {"f": [{"connect": "game"}, {"set": {"v": "${a}"}}]}
})");
  ExpectOnly(variables, {"", 3, "variables.b.pick[0]", "needs itself"}, 3);
}

TEST(MistakesTest, FilesThatAreMissingOrNoScenarioAtAll) {
  Diagnostics errors;
  EXPECT_FALSE(LoadScenario("no/such/file.json", {}, errors));
  EXPECT_FALSE(errors.empty());
  const Loaded list = LoadText("[]");
  ExpectOnly(list, {"[]", 1, "", "must be an object"}, 1);
  for (const char* text : {"5", "{}", "", "{\"groups\": 3, \"flows\": [], \"servers\": \"x\"}"})
    EXPECT_FALSE(LoadText(text).errors.empty()) << text;
}

}  // namespace
}  // namespace stressbot
