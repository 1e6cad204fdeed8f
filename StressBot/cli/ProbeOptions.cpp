#include <memory>
#include <string>

#include "StressBot/cli/OptionCommands.h"
#include "StressBot/json/JsonNode.h"

namespace stressbot {

namespace {

constexpr const char* kProbeExamples = R"(Examples:
  stressbot probe --target 127.0.0.1:7777 --protocol game.protocol.json
      shows what the server says; type C_LOGIN {"name": "a"}, or help
  printf 'C_LOGIN {"name": "a"}\nwait 1s\n' | stressbot probe --target 127.0.0.1:7777 --protocol game.protocol.json
      the same from a script

Exit codes:
    0  a packet came     104  a mistake in the options, the protocol file or the script
  107  no connection, or no packet ever came
)";

struct ProbeTexts {
  std::string target, protocol, listen = "2";
  bool allow_public_target = false;
};

void ReadProbe(const ProbeTexts& texts, Options& options) {
  options.allow_public_target = texts.allow_public_target;
  options.probe.target = texts.target;
  options.probe.protocol_file = texts.protocol;
  auto listen = ParseDuration(texts.listen);
  if (!listen) listen = ParseDuration(texts.listen + "s");  // a bare number: seconds
  if (!listen) {
    throw CLI::ValidationError("--listen", "\"" + texts.listen +
                                               "\" is no time; write a number of seconds, 500ms "
                                               "or 1m");
  }
  options.probe.listen = *listen;
}

}  // namespace

OptionCommand AddProbeCommand(CLI::App& program) {
  const auto texts = std::make_shared<ProbeTexts>();
  CLI::App& probe = *program.add_subcommand(
      "probe", "Connects to a server, shows what it says, sends what you type");
  probe.add_option("--target", texts->target, "Where the server is")
      ->type_name("HOST:PORT")
      ->required();
  probe.add_option("--protocol", texts->protocol, "The protocol file (JSON)")
      ->type_name("FILE")
      ->required();
  probe
      .add_option("--listen", texts->listen,
                  "How long to listen after the last packet and the end of the input (default: 2)")
      ->type_name("SECONDS");
  AddPublicTargetFlag(probe, texts->allow_public_target);
  probe.footer(kProbeExamples);
  return {&probe, Options::Command::kProbe,
          [texts](Options& options) { ReadProbe(*texts, options); }};
}

}  // namespace stressbot
