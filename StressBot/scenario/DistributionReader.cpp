#include "StressBot/scenario/DistributionReader.h"

#include "StressBot/scenario/Keys.h"

namespace stressbot {
namespace {

double ReadNanoseconds(const JsonNode& node) {
  return static_cast<double>(node.AsDuration().count());
}

Distribution ReadUniform(const JsonNode& node) {
  Distribution distribution{Distribution::Kind::kUniform, 0, 0};
  const auto bounds = node.Elements();
  if (!node.IsArray()) return distribution;
  if (bounds.size() != 2) {
    node.Error("needs two durations: [\"1s\", \"3s\"]");
    return distribution;
  }
  distribution.a = ReadNanoseconds(bounds[0]);
  distribution.b = ReadNanoseconds(bounds[1]);
  if (distribution.a > distribution.b) node.Error("has its least above its most; exchange them");
  return distribution;
}

Distribution ReadMeanBased(const JsonNode& node, Distribution::Kind kind) {
  const bool is_normal = kind == Distribution::Kind::kNormal;
  Distribution distribution{kind, 0, 0};
  node.OnlyKeys(is_normal ? std::vector<std::string>{"mean", "deviation"}
                          : std::vector<std::string>{"mean"});
  if (!node.IsObject()) return distribution;
  if (const auto mean = node.Require("mean"))
    distribution.a = static_cast<double>(ReadPositiveDuration(*mean).count());
  if (!is_normal) return distribution;
  if (const auto deviation = node.Require("deviation"))
    distribution.b = ReadNanoseconds(*deviation);
  return distribution;
}

}  // namespace

Distribution ReadDurations(const JsonNode& node) {
  if (!node.IsObject()) return {Distribution::Kind::kConstant, ReadNanoseconds(node), 0};
  node.OnlyKeys({"uniform", "exponential", "normal"});
  const auto members = node.Members();
  if (members.size() != 1) {
    node.Error("needs a duration, or exactly one of uniform, exponential, normal");
    return {};
  }
  const auto& [kind, content] = members.front();
  if (kind == "uniform") return ReadUniform(content);
  if (kind == "exponential") return ReadMeanBased(content, Distribution::Kind::kExponential);
  if (kind == "normal") return ReadMeanBased(content, Distribution::Kind::kNormal);
  return {};
}

double MeanOf(const Distribution& distribution) {
  return distribution.kind == Distribution::Kind::kUniform ? (distribution.a + distribution.b) / 2
                                                           : distribution.a;
}

}  // namespace stressbot
