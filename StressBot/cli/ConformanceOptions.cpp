#include <memory>
#include <string>
#include <vector>

#include "StressBot/cli/OptionCommands.h"
#include "StressBot/cli/OptionValues.h"
#include "StressBot/json/JsonNode.h"

namespace stressbot {

namespace {

constexpr const char* kConformanceHelp = R"(Examples:
  stressbot conformance --target 127.0.0.1:7777 --protocol game.protocol.json
      misbehaves in thirteen ways, each on connections of its own, and says what the server did
  stressbot conformance --server "./game-server --port 0" --target 127.0.0.1:0 --protocol game.protocol.json
      starts it too, notices when it dies, and starts it again for what is left
  stressbot conformance --target 127.0.0.1:7777 --protocol game.protocol.json --hello 'C_LOGIN:{"name": "a"}'
      a packet that the server answers finds more: whether it still serves afterwards, and whether it reads a packet
      that comes in pieces

The server  closed   ended the connection          ignored  did nothing for --timeout
            replied  sent a packet                 hung     serves no new connection afterwards
            died     its process ended, or nobody listens there any more

Exit codes:
    0  did in all ways what good servers do      99  something else, or it hangs
  123  the server of --server or a process of --watch-pid died
  104  a mistake in the options or the protocol file     106  the server of --server does not listen
  107  nothing reachable, or no answer to --hello        105  Ctrl-C     122  a report could not be written
)";

struct ConformanceTexts {
  std::string target, protocol, hello, timeout, server_command;
  std::vector<std::string> watched, outputs;
  bool allow_public_target = false;
};

void ReadConformance(const ConformanceTexts& texts, Options& options) {
  ConformanceOptions& conformance = options.conformance;
  std::string error;
  options.server_command = texts.server_command;
  options.allow_public_target = texts.allow_public_target;
  conformance.target = texts.target;
  conformance.protocol_file = texts.protocol;
  if (!texts.hello.empty()) {
    const std::size_t colon = texts.hello.find(':');
    HelloPacket& hello = conformance.hello.emplace();
    hello.packet = texts.hello.substr(0, colon);
    if (colon != std::string::npos) hello.fields = texts.hello.substr(colon + 1);
  }
  if (!texts.timeout.empty()) {
    const auto timeout = ParseDuration(texts.timeout);
    if (!timeout || *timeout <= std::chrono::nanoseconds::zero())
      throw CLI::ValidationError("--timeout",
                                 "\"" + texts.timeout + "\" is no time; write 500ms or 2s");
    conformance.timeout = *timeout;
  }
  for (const std::string& text : texts.watched) {
    auto request = ParseWatchRequest(text, error);
    if (!request) throw CLI::ValidationError("--watch-pid", error);
    options.watched.push_back(std::move(*request));
  }
  for (const std::string& text : texts.outputs) {
    auto output = ParseOutput(text, {"json", "junit"}, error);
    if (!output) throw CLI::ValidationError("--out", error);
    conformance.outputs.push_back(std::move(*output));
  }
}

}  // namespace

OptionCommand AddConformanceCommand(CLI::App& program) {
  const auto texts = std::make_shared<ConformanceTexts>();
  CLI::App& conformance = *program.add_subcommand(
      "conformance", "Misbehaves in every way we know, and says what the server does about it");
  conformance.add_option("--target", texts->target, "Where the server is")
      ->type_name("HOST:PORT")
      ->required();
  conformance.add_option("--protocol", texts->protocol, "The protocol file (JSON)")
      ->type_name("FILE")
      ->required();
  conformance
      .add_option("--hello", texts->hello,
                  "A packet that the server answers without a login, with its fields as JSON")
      ->type_name("PACKET[:FIELDS]");
  conformance
      .add_option("--timeout", texts->timeout,
                  "How long to look at what the server does; ten times that, whether it still "
                  "serves (default: 1s)")
      ->type_name("D");
  conformance
      .add_option("--server", texts->server_command,
                  "Command that starts the server (no shell), as in run")
      ->type_name("COMMAND");
  AddList(conformance, "--watch-pid", texts->watched, "[NAME=]PID",
          "A process that runs already and must not end; may be given several times");
  AddList(conformance, "--out", texts->outputs, "KIND=FILE",
          "Writes the table; may be given several times. KIND is json (for machines), junit (test "
          "cases for CI servers)");
  AddPublicTargetFlag(conformance, texts->allow_public_target);
  conformance.footer(kConformanceHelp);
  return {&conformance, Options::Command::kConformance,
          [texts](Options& options) { ReadConformance(*texts, options); }};
}

}  // namespace stressbot
