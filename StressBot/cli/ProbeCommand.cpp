#include "StressBot/cli/ProbeCommand.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "ServerCore/io/StopSignals.h"
#include "ServerCore/net/Service.h"
#include "ServerCore/thread/ShardGroup.h"
#include "StressBot/cli/HexText.h"
#include "StressBot/cli/LineReader.h"
#include "StressBot/cli/ProbeSession.h"
#include "StressBot/cli/ProbeWords.h"
#include "StressBot/cli/TargetResolver.h"
#include "StressBot/cli/TraceLines.h"
#include "StressBot/json/PlainText.h"
#include "StressBot/metrics/Format.h"
#include "StressBot/protocol/ProtocolFile.h"
#include "StressBot/report/Conversation.h"
#include "StressBot/system/Terminal.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using Way = ConversationLine::Way;

constexpr auto kConnectMax = 10s;
/// How long the beginning of a packet may wait for its rest before somebody is told of it.
constexpr auto kIncompleteMax = 1s;
constexpr const char* kHelp =
    "  PACKET {\"field\": value, ...}   sends a packet, such as C_LOGIN {\"name\": \"a\"}\n"
    "  packets                        lists the packets of the protocol file\n"
    "  wait 2s                        waits before the next line: for scripts\n"
    "  help                           this text\n"
    "  quit                           ends, as the end of the input (Ctrl-D) and Ctrl-C do\n";

/// The protocol and the target; nullopt when something is wrong, which was told.
std::optional<Program> Prepare(const Options& options) {
  Diagnostics errors;
  Program program;
  Server& server = program.servers.emplace_back();
  server.name = "probe";
  server.target = options.probe.target;
  server.protocol = LoadProtocol(PathOf(options.probe.protocol_file), errors);
  std::fputs(errors.ToString().c_str(), stderr);
  const auto mistakes = ResolveTargets(options, program);
  for (const std::string& mistake : mistakes)
    std::fprintf(stderr, "stressbot probe: %s\n", mistake.c_str());
  if (server.protocol == nullptr || !mistakes.empty()) return std::nullopt;
  return program;
}

/// The talk with one server, from the main thread.
class Probe {
 public:
  Probe(const Options& options, const Program& program)
      : program_(program),
        server_(program.servers.front()),
        protocol_(*server_.protocol),
        listen_(options.probe.listen),
        format_(OutputColumns(), PacketNameColumns(program)),
        wire_(protocol_) {}

  ExitCode Run() {
    Connect();
    while (!ended_ && !IsOver()) {
      if (signals_.WaitFor(20ms) > 0) break;
      for (const ProbeEvent& event : events_.Take()) Show(event);
      TellIncomplete();
      TakeLines();
      std::fflush(stdout);
    }
    shards_.Shutdown(500ms);
    for (const ProbeEvent& event : events_.Take()) Show(event);
    return Conclude();
  }
  bool input_ended() const { return input_.AtEnd(); }

 private:
  void Connect() {
    began_ = quiet_since_ = SteadyClock::now();
    Say("connects to " + server_.address.ToString());
    shards_.Start();
    shards_.shard(0).Post([this] {
      service_.emplace(shards_.shard(0), servercore::ClientServiceOptions{});
      session_ =
          service_
              ->Connect(std::make_unique<ProbeSession>(service_->session_options(), wire_, events_),
                        server_.address)
              .ref();
    });
  }

  /// What is typed waits until there is a connection to send it on.
  bool IsOver() {
    const auto now = SteadyClock::now();
    if (!connected_) return now - began_ > kConnectMax;
    return quit_ || (input_.AtEnd() && now - std::max(quiet_since_, wait_until_) > listen_);
  }

  void TakeLines() {
    while (connected_ && !ended_ && !quit_ && SteadyClock::now() >= wait_until_) {
      const auto line = input_.Take();
      if (!line) return;
      quiet_since_ = SteadyClock::now();
      Obey(*line);
    }
  }

  void Obey(std::string_view line) {
    const auto trimmed = [](std::string_view text) {
      const std::size_t first = text.find_first_not_of(" \t\r");
      if (first == std::string_view::npos) return std::string_view{};
      return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
    };
    line = trimmed(line);
    if (line.empty() || line.starts_with("//")) return;
    if (line == "help") return Print(kHelp);
    if (line == "packets") return Print(ListPackets(protocol_));
    if (line == "quit" || line == "exit") {
      quit_ = true;
    } else if (line.starts_with("wait ")) {
      const auto time = ParseDuration(trimmed(line.substr(5)));
      if (!time) return Complain("write how long to wait with a unit: wait 2s");
      wait_until_ = SteadyClock::now() + *time;
    } else {
      SendPacket(line);
    }
  }

  void SendPacket(std::string_view line) {
    std::string mistake;
    const auto packet = ReadProbePacket(protocol_, line, mistake);
    if (!packet) return Complain(mistake);
    ShowPacket(Way::kSent, protocol_.packet(packet->packet).id, packet->bytes);
    last_sent_ = protocol_.packet(packet->packet).name;
    shards_.shard(0).Post([this, bytes = packet->bytes] {
      const ProbeWire::Bytes wire = wire_.Wrap(bytes);
      if (wire.fault != nullptr) {
        events_.Add({.kind = ProbeEvent::Kind::kUnsendable, .fault = wire.fault});
      } else {
        session_.Send(shards_.shard(0).send_buffers().Copy(wire.bytes));
      }
    });
  }

  void Show(const ProbeEvent& event) {
    quiet_since_ = SteadyClock::now();
    incomplete_.clear();
    switch (event.kind) {
      case ProbeEvent::Kind::kConnected:
        connected_ = true;
        Say(fmt::format("connected; {} packets are known. Type a packet and its fields, or help",
                        protocol_.packets().size()));
        return;
      case ProbeEvent::Kind::kPacket:
        ++packets_;
        ShowPacket(Way::kReceived, event.id, event.bytes);
        if (protocol_.IndexOfId(event.id) == kUnknownPacket)
          Say(ExplainUnknownId(protocol_, event.bytes, event.id));
        return;
      case ProbeEvent::Kind::kKept:
        ++packets_;
        Say("for the hook alone: " + HexText(event.bytes));
        return;
      case ProbeEvent::Kind::kImpossible:
        ShowImpossible(event);
        return;
      case ProbeEvent::Kind::kUnsendable:
        Say(fmt::format("not sent: the hook says {}", event.fault));
        return;
      case ProbeEvent::Kind::kIncomplete:
        incomplete_ = event.bytes;
        return;
      case ProbeEvent::Kind::kEnded:
        ended_ = true;
        ShowEnd(event);
        return;
    }
  }

  void ShowImpossible(const ProbeEvent& event) {
    if (event.fault != nullptr) {
      Say(fmt::format("no packet, but {}: {}", event.fault, HexText(event.bytes)));
    } else {
      Say("no packet: " + HexText(event.bytes));
      Say(ExplainLength(protocol_.framing(), event.bytes));
    }
  }

  void ShowPacket(Way way, std::uint32_t id, std::span<const std::byte> bytes) {
    TraceRecord record;
    record.head.kind = way == Way::kSent ? TraceHead::Kind::kSent : TraceHead::Kind::kTaken;
    record.head.at = SteadyClock::now() - began_;
    record.head.packet_id = id;
    record.head.packet_bytes = static_cast<std::uint32_t>(bytes.size());
    const auto payload = bytes.first(bytes.size() - protocol_.trailer().size())
                             .subspan(protocol_.framing().header_bytes);
    record.bytes.assign(payload.begin(), payload.end());
    const ConversationLine line = LineOf(record, program_);
    Print(format_.Line(line));
    if (line.content.starts_with("undecodable"))
      Say("these bytes are no " + line.packet +
          ": is its declaration the one that the server was built with?");
  }

  void ShowEnd(const ProbeEvent& event) {
    using servercore::CloseReason;
    const std::string after = last_sent_.empty() ? "" : " after " + last_sent_;
    if (event.reason == CloseReason::kConnectFailed) {
      Say("cannot connect: " + event.error.message() +
          ". Does the server run, and listen at that address and port?");
    } else if (event.reason == CloseReason::kPeerClosed ||
               event.reason == CloseReason::kPeerReset) {
      Say(fmt::format("the server {} the connection{}{}",
                      event.reason == CloseReason::kPeerClosed ? "closed" : "reset", after,
                      after.empty() ? ""
                                    : ": many do so with a packet that they cannot read or did "
                                      "not expect; its log may tell"));
    } else if (event.reason == CloseReason::kBadPacket) {
      Say("the connection is ended, since nothing after this could be understood");
    } else {
      Say("the connection is closed");
    }
  }

  /// A length that is read wrongly often asks for more than the server ever sends.
  void TellIncomplete() {
    if (incomplete_.empty() || SteadyClock::now() - quiet_since_ < kIncompleteMax) return;
    Say("only the beginning of a packet: " + HexText(incomplete_));
    const Hook* const hook = protocol_.hook();
    const bool is_plain = hook == nullptr || !hook->measures();
    if (is_plain && incomplete_.size() >= protocol_.framing().header_bytes)
      Say(ExplainLength(protocol_.framing(), incomplete_));
    incomplete_.clear();
  }

  ExitCode Conclude() {
    if (!connected_ && !ended_) Say("no answer to the attempt to connect");
    if (connected_ && packets_ == 0)
      Say(last_sent_.empty()
              ? "nothing came. Many servers speak only when spoken to: send the packet that logs in"
              : "no whole packet came");
    std::fflush(stdout);
    if (has_mistakes_ && !is_terminal_) return ExitCode::kConfiguration;
    return packets_ > 0 ? ExitCode::kPassed : ExitCode::kNothingWorked;
  }

  void Say(const std::string& words) {
    ConversationLine line;
    line.at = SteadyClock::now() - began_;
    line.content = words;
    Print(ConversationFormat(~std::size_t{0}, 0).Line(line));  // advice is not cut
  }
  void Complain(const std::string& mistake) {
    has_mistakes_ = true;
    Print(Printable("not sent: " + mistake) + "\n");
  }
  static void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

  const Program& program_;
  const Server& server_;
  const Protocol& protocol_;
  const std::chrono::nanoseconds listen_;
  const ConversationFormat format_;
  const bool is_terminal_ = TerminalColumns(stdin) > 0;
  servercore::StopSignals signals_;  // before any thread is started
  ProbeWire wire_;                   // the shard's, once it runs
  servercore::ShardGroup shards_{servercore::ShardGroup::MakePorts(1)};
  ProbeEvents events_;
  std::optional<servercore::ClientService> service_;  // the shard's
  servercore::SessionRef session_;                    // the shard's
  LineReader input_;

  SteadyClock::time_point began_, quiet_since_, wait_until_{};
  std::vector<std::byte> incomplete_;
  std::string last_sent_;
  std::size_t packets_ = 0;
  bool connected_ = false, ended_ = false, quit_ = false, has_mistakes_ = false;
};

}  // namespace

ExitCode ProbeServer(const Options& options) {
  const std::optional<Program> program = Prepare(options);
  if (!program) return ExitCode::kConfiguration;
  Probe probe(options, *program);
  const ExitCode code = probe.Run();
  // What reads the input may never come back, and holds what leaving through main() would wait for.
  if (!probe.input_ended()) std::_Exit(static_cast<int>(code));
  return code;
}

}  // namespace stressbot
