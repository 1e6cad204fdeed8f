#include <memory>
#include <vector>

#include "StressBot/cli/OptionCommands.h"

namespace stressbot {

namespace {

constexpr const char* kInitExamples = R"(Examples:
  stressbot protocol init --proto ../server/Protocol.proto --out game.protocol.json
  stressbot protocol init --proto Protocol.proto --proto Field.proto --import ../server/proto
      to the terminal, to look at it first

What names of messages tell is guessed: packets and who sends them by beginnings and ends such as C_ and S_, CS_
and SC_, Req and Res; ids by an enum whose values are called like the messages, else in order from 1000 on. What
stands in front of a packet no .proto file tells. All of this is marked CHECK in the file.

Exit codes:
    0  written     104  a .proto file has a mistake, or the file is there already
)";

constexpr const char* kShowExamples = R"(Example:
  stressbot protocol show game.protocol.json
      one line a packet in the order of ids, to compare with what the server's generator made

Exit codes:
    0  the protocol is right     104  it has mistakes; all are printed
)";

using ProtocolTexts = std::shared_ptr<ProtocolOptions>;

OptionCommand ProtocolOptionCommand(CLI::App& app, Options::Command command,
                                    const ProtocolTexts& texts) {
  return {&app, command, [texts](Options& options) { options.protocol = *texts; }};
}

OptionCommand AddInit(CLI::App& protocol) {
  const auto texts = std::make_shared<ProtocolOptions>();
  CLI::App& init =
      *protocol.add_subcommand("init", "Writes a protocol file to start from, from .proto files");
  AddList(init, "--proto", texts->proto_files, "FILE",
          "A .proto file with packets; may be given several times")
      ->required();
  AddList(init, "--import", texts->import_paths, "DIR",
          "A directory in which imports are looked for (default: those of the files, and above)");
  init.add_option("--out", texts->out_file, "Where to write it (default: to the terminal)")
      ->type_name("FILE");
  init.footer(kInitExamples);
  return ProtocolOptionCommand(init, Options::Command::kProtocolInit, texts);
}

OptionCommand AddShow(CLI::App& protocol) {
  const auto texts = std::make_shared<ProtocolOptions>();
  CLI::App& show =
      *protocol.add_subcommand("show", "Prints ids, packets, directions and fields of a protocol");
  show.add_option("PROTOCOL", texts->file, "The protocol file (JSON)")
      ->type_name("FILE")
      ->required();
  show.footer(kShowExamples);
  return ProtocolOptionCommand(show, Options::Command::kProtocolShow, texts);
}

}  // namespace

std::vector<OptionCommand> AddProtocolCommands(CLI::App& program) {
  CLI::App& protocol =
      *program.add_subcommand("protocol", "Makes and shows protocol files: how a server speaks");
  protocol.require_subcommand(1);
  return {AddInit(protocol), AddShow(protocol)};
}

}  // namespace stressbot
