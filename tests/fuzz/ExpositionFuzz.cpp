// Any bytes as the answer of a Prometheus endpoint: what is read and written again is read the
// same, and what a selector says agrees with a plain sum.

#include <bit>
#include <cmath>
#include <string>

#include "ServerCore/Assert.h"
#include "StressBot/metrics/Exposition.h"
#include "tests/fuzz/FuzzInput.h"

namespace stressbot {
namespace {

std::string Quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return text + '"';
}

std::string Write(const Exposition& exposition) {
  std::string text;
  for (const Exposition::Sample& sample : exposition.samples) {
    text += sample.name + "{";
    for (const auto& [name, value] : sample.labels) text += name + "=" + Quoted(value) + ",";
    char number[64];
    std::snprintf(number, sizeof(number), "%.17g", sample.value);
    text += "} " + std::string(number) + "\n";
  }
  return text;
}

bool AreSame(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void CheckRoundTrip(const Exposition& read) {
  std::string error;
  const auto again = ReadExposition(Write(read), error);
  SC_ASSERT(again && again->samples.size() == read.samples.size());
  for (std::size_t i = 0; i < read.samples.size(); ++i) {
    SC_ASSERT(again->samples[i].name == read.samples[i].name);
    SC_ASSERT(again->samples[i].labels == read.samples[i].labels);
    SC_ASSERT(AreSame(again->samples[i].value, read.samples[i].value));
  }
}

void CheckSelector(const Exposition& read, const std::string& name) {
  double sum = 0;
  bool any = false;
  for (const Exposition::Sample& sample : read.samples) {
    if (sample.name != name || !std::isfinite(sample.value)) continue;
    sum += sample.value;
    any = true;
  }
  const auto value = ValueOf(read, {name, name, {}});
  SC_ASSERT(value.has_value() == (any && std::isfinite(sum)));
  SC_ASSERT(!value || AreSame(*value + 0.0, sum + 0.0));
  SC_ASSERT(WhyUnknown(read, {name, name, {}}).empty());
}

}  // namespace
}  // namespace stressbot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stressbot;
  const std::string_view text = servercore::fuzz::AsText({data, size});
  std::string error;
  if (const auto selectors = ParseSeriesSelectors(text, error)) {
    SC_ASSERT(!selectors->empty());
  } else {
    SC_ASSERT(!error.empty());
  }
  error.clear();
  const auto read = ReadExposition(text, error);
  SC_ASSERT(read.has_value() == error.empty());
  if (!read) return 0;
  CheckRoundTrip(*read);
  if (!read->samples.empty()) CheckSelector(*read, read->samples.back().name);
  return 0;
}
