#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <system_error>

#include "ReferenceServer/GameServer.h"
#include "ReferenceServer/ServerOptions.h"
#include "ReferenceServer/ServerReport.h"
#include "ServerCore/io/StopSignals.h"
#include "ServerCore/io/SystemProcess.h"
#include "ServerCore/io/Utf8Program.h"

namespace reference {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// With --defect: it never got where it is broken, so that surviving says nothing.
constexpr int kNotExercised = 5;  // not that of an abort

void Print(const std::string& text) {
  fmt::print("{}", text);
  std::fflush(stdout);  // a program that reads this through a pipe sees it now
}

bool Differs(const ServerTotals& a, const ServerTotals& b) {
  return a.open.sessions != b.open.sessions || a.packets_received() != b.packets_received() ||
         a.packets_sent() != b.packets_sent();
}

/// Tells once that the accounts fail, and once that they work again.
class AccountsWatch {
 public:
  explicit AccountsWatch(const std::string& file) : file_(file) {}

  void Look(const AccountCounts& counts) {
    const bool failing = static_cast<bool>(counts.failing_with);
    if (failing == failing_) return;
    failing_ = failing;
    if (failing) {
      fmt::print(stderr,
                 "reference-server: accounts ({}): {}; new players are refused, positions are not "
                 "kept\n",
                 file_, counts.failing_with.message());
    } else {
      fmt::print(stderr, "reference-server: accounts ({}): working again\n", file_);
    }
  }

 private:
  const std::string& file_;
  bool failing_ = false;
};

void RunUntilStopped(GameServer& server, servercore::StopSignals& signals, bool quiet,
                     AccountsWatch& accounts) {
  // Somebody who watches sees each second; a log that is read afterwards stays short.
  const std::chrono::seconds status_period{servercore::OutputIsTerminal() ? 1 : 10};
  constexpr std::chrono::milliseconds kLook{50};
  const SteadyClock::time_point started = SteadyClock::now();
  SteadyClock::time_point told = started;
  ServerTotals before;
  while (signals.WaitFor(kLook) == 0) {
    accounts.Look(server.accounts());
    const SteadyClock::time_point now = SteadyClock::now();
    if (quiet || now - told < status_period) continue;
    const ServerTotals totals = server.Totals();
    if (Differs(totals, before)) Print(FormatStatus(totals, before, now - started, now - told));
    before = totals;
    told = now;
  }
}

int Serve(const ServerOptions& options) {
  std::optional<servercore::StopSignals> signals(std::in_place);
  // It would write a line for each string of a client that is not UTF-8; they are counted instead.
  google::protobuf::SetLogHandler(nullptr);
  servercore::Result<AccountDatabase> accounts = AccountDatabase::Open(options.db);
  if (!accounts) {
    fmt::print(stderr, "reference-server: --db {}: {}\n", options.db, accounts.error().message());
    return 1;
  }
  GameServer server(options, *std::move(accounts));
  const servercore::Result<servercore::NetAddress> address = server.Start();
  if (!address) {
    fmt::print(stderr,
               "reference-server: cannot listen on {}: {}; choose another --listen (port 0 "
               "takes any free one)\n",
               options.listen.ToString(), address.error().message());
    return 1;
  }
  Print(fmt::format("listening on {}\n", address->ToString()));
  if (options.defect != Defect::kNone) {
    fmt::print(stderr, "reference-server: --defect {}: this server is broken on purpose: {}\n",
               KindOf(options.defect).name, KindOf(options.defect).mistake);
  }
  AccountsWatch watch(options.db);
  RunUntilStopped(server, *signals, options.quiet, watch);
  signals.reset();  // the next one ends us at once
  server.Stop();
  watch.Look(server.accounts());  // the last positions were saved since
  const ServerTotals totals = server.Totals();
  Print(FormatReport(totals));
  const bool is_unexercised = totals.defect != Defect::kNone && totals.defect_exercised == 0;
  return is_unexercised ? kNotExercised : 0;
}

}  // namespace

}  // namespace reference

int main(int argc, char** argv) {
  const servercore::Utf8Program program(argc, argv);
  const reference::ServerOptions options =
      reference::ParseOptionsOrExit(program.argc(), program.argv());
  try {
    return reference::Serve(options);
  } catch (const std::system_error& error) {
    fmt::print(stderr, "reference-server: cannot start: {}\n", error.what());
    return 1;
  }
}
