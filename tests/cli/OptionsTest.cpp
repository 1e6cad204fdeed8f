#include "StressBot/cli/Options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/cli/ChildRun.h"
#include "StressBot/cli/OptionValues.h"
#include "StressBot/cli/RunPlan.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

ParsedOptions Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "stressbot");
  return ParseOptions(static_cast<int>(words.size()), words.data());
}

/// What a person reads when the options are wrong.
std::string MistakeOf(const std::vector<const char*>& words) {
  testing::internal::CaptureStderr();
  const ParsedOptions parsed = Parse(words);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(parsed.options);
  EXPECT_EQ(parsed.leave_with, ExitCode::kConfiguration);
  return said;
}

TEST(OptionsTest, ReadsEverything) {
  const ParsedOptions parsed = Parse({"run",
                                      "--target",
                                      "game=10.0.0.5:7777",
                                      "town.json",
                                      "--bots",
                                      "players=500",
                                      "--bots",
                                      "20",
                                      "--duration",
                                      "90s",
                                      "--server",
                                      "server --port 0",
                                      "--out",
                                      "json=a.json",
                                      "--out",
                                      "json=b.json",
                                      "--shards",
                                      "3",
                                      "--seed",
                                      "7",
                                      "--var",
                                      "text=a=b",
                                      "--source-addresses",
                                      "127.0.0.1-127.0.0.3",
                                      "--allow-public-target",
                                      "--on-saturation",
                                      "warn",
                                      "--quiet"});
  ASSERT_TRUE(parsed.options);
  const Options& options = *parsed.options;
  EXPECT_EQ(options.command, Options::Command::kRun);
  EXPECT_EQ(options.scenario_file, "town.json");
  EXPECT_THAT(options.scenario.targets, ElementsAre(Pair("game", "10.0.0.5:7777")));
  EXPECT_THAT(options.scenario.bots, ElementsAre(Pair("players", 500U), Pair("", 20U)));
  EXPECT_EQ(options.scenario.duration, 90s);
  EXPECT_EQ(options.scenario.seed, 7U);
  EXPECT_THAT(options.scenario.variables, ElementsAre(Pair("text", "a=b")));
  EXPECT_EQ(options.server_command, "server --port 0");
  ASSERT_EQ(options.outputs.size(), 2U);
  EXPECT_EQ(options.outputs[0].format->name, "json");
  EXPECT_EQ(options.outputs[1].file, "b.json");
  EXPECT_THAT(options.changes,
              ElementsAre(Pair("--target", "game=10.0.0.5:7777"), Pair("--bots", "players=500"),
                          Pair("--bots", "20"), Pair("--duration", "90s"), Pair("--seed", "7"),
                          Pair("--var", "text")));
  EXPECT_EQ(options.shards, 3U);
  EXPECT_EQ(options.source_addresses.size(), 3U);
  EXPECT_TRUE(options.allow_public_target);
  EXPECT_FALSE(options.saturation_fails);
  EXPECT_TRUE(options.quiet);
}

TEST(OptionsTest, MistakesAreOneSentenceWithTheWayOut) {
  EXPECT_THAT(MistakeOf({"run", "a.json", "--durration", "3s"}), HasSubstr("\"--duration\""));
  EXPECT_THAT(MistakeOf({"run"}), HasSubstr("SCENARIO"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--duration", "30"}), HasSubstr("write 30s"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--bots", "many"}), HasSubstr("no number of bots"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--bots", "0"}), HasSubstr("from 1"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--out", "jsn=a"}),
              HasSubstr("\"jsn\" is no kind of report; the kinds are json"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--out", "jsn=a"}), HasSubstr("Did you mean \"json\"?"));
  EXPECT_THAT(MistakeOf({"report", "a.json", "--out", "json"}),
              HasSubstr("write for example json=FILE"));
  EXPECT_THAT(MistakeOf({"report", "a.json", "--out", "json="}), HasSubstr("names no file"));
  EXPECT_THAT(MistakeOf({"report"}), HasSubstr("RUN"));
  EXPECT_THAT(MistakeOf({"report", "a.json", "b.json"}), HasSubstr("one report at a time"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--var", "text"}), HasSubstr("NAME=VALUE"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--on-saturation", "panic"}), HasSubstr("panic"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--source-addresses", "10.0.0.9-10.0.0.1"}),
              HasSubstr("127.0.0.1-127.0.0.4"));
  EXPECT_THAT(MistakeOf({"check", "a.json", "--server", "x"}), HasSubstr("--help"));
}

TEST(OptionsTest, RatesAreForASecondUnlessTheySayOtherwise) {
  const ParsedOptions parsed =
      Parse({"check", "a.json", "--rate", "50", "--rate", "few=1/10s", "--rate", "many=3e3/m",
             "--rate", "other=0.5/2h", "--scale", "0.25"});
  ASSERT_TRUE(parsed.options);
  using testing::DoubleEq;
  EXPECT_THAT(parsed.options->scenario.rates,
              ElementsAre(Pair("", DoubleEq(50)), Pair("few", DoubleEq(0.1)),
                          Pair("many", DoubleEq(50)), Pair("other", DoubleEq(0.5 / 7200))));
  EXPECT_EQ(parsed.options->scenario.scale, 0.25);
  for (const char* wrong : {"0", "-1", "x", "5/", "5/x", "5/0s", "/s", "nan", "inf", "1e999"}) {
    EXPECT_THAT(MistakeOf({"run", "a.json", "--rate", wrong}), HasSubstr("no rate; write"))
        << wrong;
  }
  for (const char* wrong : {"0", "-1", "10%", "inf"})
    EXPECT_THAT(MistakeOf({"run", "a.json", "--scale", wrong}), HasSubstr("no scale; write"));
}

TEST(OptionsTest, TargetMappingsAreHostsWithOrWithoutPorts) {
  const ParsedOptions parsed =
      Parse({"run", "a.json", "--map-target", "10.1.2.3=127.0.0.1", "--map-target",
             "Lobby:7001=[::1]:8001", "--map-target", "::2=[::1]", "--map-target", "a=b:9"});
  ASSERT_TRUE(parsed.options);
  std::vector<std::string> told;
  for (const TargetMapping& mapping : parsed.options->target_mappings) {
    told.push_back(mapping.from_host + "|" + std::to_string(mapping.from_port.value_or(0)) + "|" +
                   mapping.to_host + "|" + std::to_string(mapping.to_port.value_or(0)));
  }
  EXPECT_THAT(
      told, ElementsAre("10.1.2.3|0|127.0.0.1|0", "Lobby|7001|::1|8001", "::2|0|::1|0", "a|0|b|9"));
  for (const char* wrong : {"a", "=b", "a=", "a:0=b", "a:x=b", "a=b c", "[::1=b"})
    EXPECT_THAT(MistakeOf({"run", "a.json", "--map-target", wrong}), HasSubstr("no FROM=TO"))
        << wrong;
}

TEST(OptionsTest, NumbersAreExplained) {
  EXPECT_THAT(MistakeOf({"run", "a.json", "--seed", "soon"}),
              HasSubstr("--seed: \"soon\" is no seed; write a whole number"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--shards", "two"}), HasSubstr("from 1 to 256"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--shards", "0"}), HasSubstr("--shards: \"0\" is no"));
}

TEST(OptionsTest, UnknownWordsAreNamedAlone) {
  EXPECT_THAT(MistakeOf({"run", "a.json", "--durations", "3s"}),
              HasSubstr("run: there is no option --durations. Did you mean \"--duration\"?\n"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "--xyzzy=1"}),
              HasSubstr("run: there is no option --xyzzy.\n"));
  EXPECT_THAT(MistakeOf({"run", "a.json", "b.json"}), HasSubstr("\"b.json\" is one word too many"));
  EXPECT_THAT(MistakeOf({"rnu", "a.json"}), HasSubstr("no command \"rnu\"; did you mean \"run\"?"));
  EXPECT_THAT(MistakeOf({"town.json"}),
              HasSubstr("the commands are run, check, trace, probe, report, compare, "
                        "capacity, conformance and protocol"));
  EXPECT_THAT(MistakeOf({"--quiet", "run"}), HasSubstr("the first word must be a command"));
}

TEST(OptionsTest, CommandsMayHaveCommandsBelow) {
  const ParsedOptions init = Parse({"protocol", "init", "--proto", "a.proto", "--proto", "b.proto",
                                    "--import", "protos", "--out", "x.json"});
  ASSERT_TRUE(init.options);
  EXPECT_EQ(init.options->command, Options::Command::kProtocolInit);
  EXPECT_THAT(init.options->protocol.proto_files, ElementsAre("a.proto", "b.proto"));
  EXPECT_THAT(init.options->protocol.import_paths, ElementsAre("protos"));
  EXPECT_EQ(init.options->protocol.out_file, "x.json");
  const ParsedOptions show = Parse({"protocol", "show", "x.json"});
  ASSERT_TRUE(show.options);
  EXPECT_EQ(show.options->command, Options::Command::kProtocolShow);
  EXPECT_EQ(show.options->protocol.file, "x.json");

  EXPECT_THAT(MistakeOf({"protocol", "int"}),
              HasSubstr("stressbot protocol: no command \"int\"; did you mean \"init\"?"));
  EXPECT_THAT(MistakeOf({"protocol"}),
              HasSubstr("stressbot protocol: the next word must be a command: init or show"));
  EXPECT_THAT(MistakeOf({"protocol", "init"}), HasSubstr("--proto"));
  EXPECT_THAT(MistakeOf({"protocol", "show", "a", "b"}), HasSubstr("\"b\" is one word too many"));
  EXPECT_THAT(MistakeOf({"protocol", "show", "a", "--ot", "b"}),
              HasSubstr("stressbot protocol show: there is no option --ot"));
}

TEST(OptionsTest, WithoutWordsTheHelpIsShown) {
  EXPECT_THAT(MistakeOf({}), HasSubstr("Examples:"));
}

TEST(OptionsTest, SourceAddressesAreRangesAndLists) {
  std::string error;
  const auto addresses = ParseSourceAddresses("127.0.0.254-127.0.1.1,::1", error);
  ASSERT_TRUE(addresses) << error;
  std::vector<std::string> texts;
  for (const auto& address : *addresses) texts.push_back(address.ToString());
  EXPECT_THAT(texts, ElementsAre("127.0.0.254:0", "127.0.0.255:0", "127.0.1.0:0", "127.0.1.1:0",
                                 "[::1]:0"));
  EXPECT_FALSE(ParseSourceAddresses("1.0.0.0-9.0.0.0", error));  // a mistyped range
  EXPECT_FALSE(ParseSourceAddresses("localhost", error));
  EXPECT_FALSE(ParseSourceAddresses("127.0.0.1,", error));
}

TEST(OptionsTest, OneCoreIsLeftToAServerOnThisMachine) {
  EXPECT_EQ(DefaultShards(8, false), 8U);
  EXPECT_EQ(DefaultShards(8, true), 7U);
  EXPECT_EQ(DefaultShards(1, true), 1U);
}

TEST(OptionsTest, ReadsTraceAndProbe) {
  const auto trace = Parse({"trace", "town.json", "--bot", "0", "--packets", "20"});
  ASSERT_TRUE(trace.options);
  EXPECT_EQ(trace.options->command, Options::Command::kTrace);
  EXPECT_EQ(trace.options->trace.bot, 0U);
  EXPECT_EQ(trace.options->trace.packets, 20U);
  const auto probe =
      Parse({"probe", "--target", "127.0.0.1:1", "--protocol", "a.json", "--listen", "0.5"});
  ASSERT_TRUE(probe.options);
  EXPECT_EQ(probe.options->command, Options::Command::kProbe);
  EXPECT_EQ(probe.options->probe.target, "127.0.0.1:1");
  EXPECT_EQ(probe.options->probe.listen, 500ms);
}

TEST(OptionsTest, ReadsConformance) {
  const auto parsed = Parse({"conformance", "--target", "127.0.0.1:0", "--protocol", "a.json",
                             "--server", "./game", "--hello", R"(C_LOGIN:{"name": "a:b"})",
                             "--timeout", "200ms", "--out", "junit=a.xml", "--watch-pid", "db=7"});
  ASSERT_TRUE(parsed.options);
  const ConformanceOptions& conformance = parsed.options->conformance;
  EXPECT_EQ(parsed.options->command, Options::Command::kConformance);
  EXPECT_EQ(parsed.options->server_command, "./game");
  EXPECT_EQ(parsed.options->watched.size(), 1U);
  EXPECT_EQ(conformance.target, "127.0.0.1:0");
  EXPECT_EQ(conformance.protocol_file, "a.json");
  EXPECT_EQ(conformance.hello->packet, "C_LOGIN");
  EXPECT_EQ(conformance.hello->fields, R"({"name": "a:b"})");
  EXPECT_EQ(conformance.timeout, 200ms);
  EXPECT_EQ(conformance.outputs.front().kind, "junit");
  const auto plain =
      Parse({"conformance", "--target", "a:1", "--protocol", "b", "--hello", "C_HI"});
  EXPECT_TRUE(plain.options->conformance.hello->fields.empty());
  EXPECT_THAT(MistakeOf({"conformance", "--target", "a:1"}), HasSubstr("--protocol"));
  EXPECT_THAT(MistakeOf({"conformance", "--target", "a:1", "--protocol", "b", "--timeout", "0s"}),
              HasSubstr("\"0s\" is no time"));
  EXPECT_THAT(MistakeOf({"conformance", "--target", "a:1", "--protocol", "b", "--out", "html=a"}),
              HasSubstr("the kinds are json, junit"));
}

TEST(OptionsTest, ReadsSeries) {
  EXPECT_FALSE(Parse({"run", "a.json"}).options->series.wanted());
  const auto parsed = Parse({"run", "a.json", "--repeat", "20", "--until-fail", "--seed=7"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->series.times, 20U);
  EXPECT_TRUE(parsed.options->series.until_fail);
  EXPECT_TRUE(Parse({"run", "a.json", "--until-fail"}).options->series.wanted());
  EXPECT_THAT(parsed.options->words,
              ElementsAre("run", "a.json", "--repeat", "20", "--until-fail", "--seed=7"));
  for (const char* wrong : {"0", "-1", "x", "1.5"})
    EXPECT_THAT(MistakeOf({"run", "a.json", "--repeat", wrong}), HasSubstr("no number of runs"));
}

TEST(OptionsTest, WordsForAChildAreThoseGivenWithoutSome) {
  EXPECT_THAT(WordsWithout({"run", "--seed", "7", "a.json", "--until-fail", "--repeat=2",
                            "--seed=3", "--bots", "5", "--out", "json=x"},
                           {{"--seed"}, {"--until-fail", false}, {"--repeat"}, {"--out"}}),
              ElementsAre("a.json", "--bots", "5"));
}

TEST(OptionsTest, ReadsCompare) {
  const auto parsed = Parse({"compare", "a.json", "b.json", "--tolerance", "12.5%", "new.json",
                             "--out", "markdown=x.md", "--out", "junit=x.xml"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->command, Options::Command::kCompare);
  const CompareOptions& compare = parsed.options->compare;
  EXPECT_THAT(compare.run_files, ElementsAre("a.json", "b.json", "new.json"));
  EXPECT_EQ(compare.tolerance, 0.125);
  ASSERT_EQ(compare.outputs.size(), 2U);
  EXPECT_EQ(compare.outputs[0].kind, "markdown");
  EXPECT_EQ(compare.outputs[1].file, "x.xml");
}

TEST(OptionsTest, ReadsCapacity) {
  const auto parsed =
      Parse({"capacity", "a.json", "--hold", "request_duration{step:a}: p(99)<1s", "--hold",
             "checks:rate==1", "--vary", "players=500..20000", "--at-least", "900", "--server", "x",
             "--fresh-server", "--out", "json=c.json", "--duration", "5s"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->command, Options::Command::kCapacity);
  const CapacityOptions& capacity = parsed.options->capacity;
  EXPECT_THAT(capacity.holds, ElementsAre("request_duration{step:a}: p(99)<1s", "checks:rate==1"));
  EXPECT_EQ(capacity.varied, "players");
  EXPECT_EQ(capacity.range.from, 500U);
  EXPECT_EQ(capacity.range.to, 20'000U);
  EXPECT_EQ(capacity.at_least, 900U);
  EXPECT_TRUE(capacity.fresh_server);
  EXPECT_EQ(capacity.outputs[0].kind, "json");
  EXPECT_EQ(parsed.options->scenario.duration, 5s);
  std::string error;
  EXPECT_THAT(*ParseCondition(capacity.holds[0], error),
              Pair("request_duration{step:a}", "p(99)<1s"));
  EXPECT_THAT(*ParseCondition(capacity.holds[1], error), Pair("checks", "rate==1"));
}

TEST(OptionsTest, MistakesOfCapacity) {
  for (const char* wrong : {"players", "players=5", "players=5..", "=1..2", "a=2..1", "a=0..9"}) {
    EXPECT_THAT(MistakeOf({"capacity", "a.json", "--hold", "checks: rate==1", "--vary", wrong}),
                HasSubstr("is no NAME=FROM..TO"))
        << wrong;
  }
  for (const char* wrong : {"checks", "checks:", ": p(99)<1s", "checks{step:a} rate==1"}) {
    EXPECT_THAT(MistakeOf({"capacity", "a.json", "--hold", wrong, "--vary", "a=1..2"}),
                HasSubstr("is no METRIC: EXPRESSION"))
        << wrong;
  }
  EXPECT_THAT(MistakeOf({"capacity", "a.json", "--vary", "a=1..2"}), HasSubstr("--hold"));
  EXPECT_THAT(MistakeOf({"capacity", "a.json", "--hold", "checks: rate==1", "--vary", "a=1..2",
                         "--fresh-server"}),
              HasSubstr("needs --server"));
}

TEST(OptionsTest, MistakesOfCompare) {
  EXPECT_THAT(MistakeOf({"compare"}), HasSubstr("RUNS"));
  EXPECT_THAT(MistakeOf({"compare", "a.json"}), HasSubstr("two files at least"));
  for (const char* wrong : {"10", "-1%", "%", "x%", "inf%"}) {
    EXPECT_THAT(MistakeOf({"compare", "a.json", "b.json", "--tolerance", wrong}),
                HasSubstr("is no percentage; write for example 10%"))
        << wrong;
  }
  EXPECT_THAT(MistakeOf({"compare", "a.json", "b.json", "--out", "html=x"}),
              HasSubstr("the kinds are json, junit, markdown"));
}

TEST(OptionsTest, MistakesOfTraceAndProbe) {
  EXPECT_THAT(MistakeOf({"trace", "town.json", "--bot", "x"}), HasSubstr("numbered from 0"));
  EXPECT_THAT(MistakeOf({"trace", "town.json", "--packets", "0"}), HasSubstr("from 1"));
  EXPECT_THAT(MistakeOf({"probe", "--target", "a:1", "--protocol", "b", "--listen", "long"}),
              HasSubstr("\"long\" is no time"));
  EXPECT_THAT(MistakeOf({"probe", "--target", "a:1"}), HasSubstr("--protocol"));
}

TEST(OptionsTest, WordsOfAProgramAreReadWithoutAWordOnTheTerminal) {
  testing::internal::CaptureStderr();
  std::string error;
  const auto options = ParseWords({"run", "town.json", "--bots", "players=500"}, error);
  ASSERT_TRUE(options) << error;
  EXPECT_THAT(options->scenario.bots, ElementsAre(Pair("players", 500U)));
  EXPECT_THAT(options->words, ElementsAre("run", "town.json", "--bots", "players=500"));
  EXPECT_FALSE(ParseWords({"run", "town.json", "--bots", "many"}, error));
  EXPECT_THAT(error, HasSubstr("\"many\" is no number of bots"));
  EXPECT_FALSE(ParseWords({"run", "town.json", "--bot", "5"}, error));
  EXPECT_THAT(error, HasSubstr("there is no option --bot"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace stressbot
