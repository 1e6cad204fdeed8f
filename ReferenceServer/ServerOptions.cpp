#include "ReferenceServer/ServerOptions.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "ReferenceServer/GuestId.h"
#include "ServerCore/io/SystemLimits.h"

namespace reference {

namespace {

constexpr const char* kDescription =
    "A small game server: login, enter game, chat and move in rooms, over TCP.\n"
    "Its packets are in proto/. The first line it prints says where it listens;\n"
    "Ctrl-C closes all sessions in order and prints what was served.";
constexpr const char* kExamples =
    "Examples:\n"
    "  reference-server                                   on 127.0.0.1:7777, all cores\n"
    "  reference-server --db accounts.db                  with accounts that outlive it\n"
    "  reference-server --listen 127.0.0.1:0 --quiet      on a free port, which it prints\n"
    "  reference-server --listen 0.0.0.0:7777 --shards 4 --room-size 100\n"
    "  reference-server --queued-bytes-max 256K --idle-timeout 30s\n"
    "                                                     drop slow and silent clients early";

/// What the command line says, before it is understood.
struct Texts {
  std::string listen = "127.0.0.1:7777";
  std::size_t idle_ms = 0;
  std::size_t heartbeat_ms = 0;
  std::string protocol = "protobuf";
  std::string defect;
  std::size_t sessions_max = 0;  ///< 0: not given
};

std::vector<std::string> NamesOfDefects() {
  std::vector<std::string> names;
  for (const DefectKind& kind : AllDefects()) names.emplace_back(kind.name);
  return names;
}

void Declare(CLI::App& app, ServerOptions& options, Texts& texts) {
  app.footer(kExamples);
  app.add_option("--listen", texts.listen, "Where to listen; port 0 takes any free one")
      ->type_name("ADDR:PORT")
      ->capture_default_str();
  app.add_option("--db", options.db,
                 "Keep the accounts in this SQLite file, which is made if there is none "
                 "[in memory: gone with the server]")
      ->type_name("FILE");
  app.add_option("--shards", options.shards, "Threads, each with its own sessions [all cores]")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kShardsMax));
  app.add_option("--protocol", texts.protocol,
                 "What packets look like: protobuf messages, or packed structs for login, enter "
                 "game and chat")
      ->type_name("NAME")
      ->check(CLI::IsMember({"protobuf", "packed"}).description("protobuf or packed"))
      ->capture_default_str();
  app.add_option("--room-size", options.room_size, "Players in a room; then the next room opens")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--max-sessions", texts.sessions_max,
                 "Further connections are reset at once [as many as descriptors allow]")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kSessionsMax));
  app.add_option(
         "--queued-bytes-max", options.queued_bytes_max,
         "Unsent bytes for one client, as 256K or 1M; a client that reads too slowly for it "
         "is dropped [1M]")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(4 * 1024, 1024 * 1024 * 1024).description("4K to 1G"));
  const auto duration = CLI::AsNumberWithUnit(
      std::map<std::string, std::size_t>{{"ms", 1}, {"s", 1'000}, {"m", 60'000}},
      CLI::AsNumberWithUnit::UNIT_REQUIRED);
  app.add_option("--idle-timeout", texts.idle_ms,
                 "Drop clients that sent nothing for so long, as 30s or 2m [never]")
      ->type_name("DURATION")
      ->transform(duration);
  app.add_option("--heartbeat-timeout", texts.heartbeat_ms,
                 "Send S_PING three times in each such time, and drop clients that do not answer "
                 "with C_PONG [neither]")
      ->type_name("DURATION")
      ->transform(duration);
  app.add_option("--defect", texts.defect,
                 "Make a mistake on purpose, for tests that should find it (docs/DEFECTS.md): " +
                     CLI::detail::join(NamesOfDefects(), ", "))
      ->type_name("NAME")
      ->check(CLI::IsMember(NamesOfDefects()).description("one of these"));
  app.add_flag("--quiet", options.quiet,
               "No status line each second (every 10 s if the output is no terminal)");
}

[[noreturn]] void ExitWith(const std::string& message) {
  fmt::print(stderr, "reference-server: {}\n", message);
  std::exit(1);
}

servercore::NetAddress ResolveOrExit(const std::string& text) {
  const auto addresses = servercore::NetAddress::Resolve(text);
  if (addresses && !addresses->empty()) return addresses->front();
  ExitWith(
      fmt::format("--listen {}: not an address: {}; write ADDR:PORT, as 127.0.0.1:7777 or "
                  "[::1]:0",
                  text, addresses.error().message()));
}

std::size_t LimitSessions(std::size_t wanted, std::size_t shards) {
  const std::size_t limit = servercore::RaiseDescriptorLimit();
  const std::size_t own = OwnDescriptors(shards);
  const std::size_t possible = limit > own ? limit - own : 1;
  if (wanted == 0) return std::min(possible, ServerOptions().sessions_max);
  if (wanted > possible) {
    fmt::print(stderr,
               "reference-server: --max-sessions {} is more than the {} descriptors this process "
               "may hold; at most {} sessions are taken. Raise the limit (ulimit -n) for more.\n",
               wanted, limit, possible);
  }
  return std::min(wanted, possible);
}

}  // namespace

std::size_t OwnDescriptors(std::size_t shards) {
  constexpr std::size_t kSpare = 32;  // streams, listener, sockets accepted and not yet refused
  return kSpare + 2 * shards;
}

ServerOptions ParseOptionsOrExit(int argc, const char* const* argv) {
  ServerOptions options;
  Texts texts;
  options.shards = std::max(1U, std::thread::hardware_concurrency());
  CLI::App app(kDescription, "reference-server");
  app.allow_windows_style_options(false);  // the same options everywhere
  Declare(app, options, texts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 1);
  }
  if (options.db.empty()) ExitWith("--db: write the name of a file");
  if (texts.protocol == "packed") options.protocol = WireProtocol::kPacked;
  if (options.protocol == WireProtocol::kPacked && texts.heartbeat_ms > 0) {
    ExitWith(
        "--heartbeat-timeout: the packed protocol has no heartbeats, so every client would be "
        "dropped; leave it away, or use --protocol protobuf");
  }
  for (const DefectKind& kind : AllDefects()) {
    if (kind.name == texts.defect) options.defect = kind.defect;
  }
  if (options.defect != Defect::kNone && options.protocol == WireProtocol::kPacked) {
    ExitWith("--defect: there are none with the packed protocol; use --protocol protobuf");
  }
  options.listen = ResolveOrExit(texts.listen);
  options.idle_timeout = std::chrono::milliseconds(texts.idle_ms);
  options.heartbeat_timeout = std::chrono::milliseconds(texts.heartbeat_ms);
  options.sessions_max = LimitSessions(texts.sessions_max, options.shards);
  return options;
}

}  // namespace reference
