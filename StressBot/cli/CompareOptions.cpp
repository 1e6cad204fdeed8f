#include <memory>

#include "StressBot/cli/OptionCommands.h"
#include "StressBot/cli/OptionValues.h"

namespace stressbot {

namespace {

constexpr const char* kCompareHelp = R"(Examples:
  stressbot compare base-1.json base-2.json base-3.json base-4.json base-5.json new.json
      several old runs tell how much runs of the same server differ; what is beyond that got worse
  stressbot compare base.json new.json --tolerance 20%
      of one old run, changes up to 20 % are taken for noise (10 % unless given)
  stressbot compare base-*.json new.json --out markdown=comment.md --out junit=compare.xml
      for a pull request, and for a CI server

Runs of the same scenario, with the same options, on the same machine can be compared. The old ones come from
stressbot run --repeat 5 --out json=base.json, for example.

Exit codes:
    0  nothing got worse     99  something did
  104  no runs, or runs that cannot be compared: of different scenarios or loads, limited by their
       generator, interrupted, or changed by hand
  122  nothing got worse, but a report could not be written
)";

struct CompareTexts {
  CompareOptions options;
  std::string tolerance;
  std::vector<std::string> outputs;
};

void ReadCompareTexts(const CompareTexts& texts, Options& options) {
  std::string error;
  options.compare = texts.options;
  if (options.compare.run_files.size() < 2) {
    throw CLI::ValidationError("RUNS", "needs two files at least, the old run and the new one");
  }
  if (!texts.tolerance.empty()) {
    options.compare.tolerance = ParsePercent(texts.tolerance, error);
    if (!options.compare.tolerance) throw CLI::ValidationError("--tolerance", error);
  }
  for (const std::string& text : texts.outputs) {
    auto output = ParseOutput(text, {"json", "junit", "markdown"}, error);
    if (!output) throw CLI::ValidationError("--out", error);
    options.compare.outputs.push_back(std::move(*output));
  }
}

}  // namespace

OptionCommand AddCompareCommand(CLI::App& program) {
  const auto texts = std::make_shared<CompareTexts>();
  CLI::App& compare =
      *program.add_subcommand("compare", "Says what got worse between runs that were kept as JSON");
  compare
      .add_option("RUNS", texts->options.run_files,
                  "What run --out json=FILE wrote: the old runs, and the new one last")
      ->type_name("OLD... NEW")
      ->required();
  compare
      .add_option(
          "--tolerance", texts->tolerance,
          "Changes up to this are noise, whatever the old runs say (default: 10% of one old "
          "run, of several only what they differ by)")
      ->type_name("P%");
  AddList(compare, "--out", texts->outputs, "KIND=FILE",
          "Writes the comparison; may be given several times. KIND is json (for machines), junit "
          "(test cases for CI servers), markdown (for a pull request)");
  compare.footer(kCompareHelp);
  return {&compare, Options::Command::kCompare,
          [texts](Options& options) { ReadCompareTexts(*texts, options); }};
}

}  // namespace stressbot
