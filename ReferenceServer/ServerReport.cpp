#include "ReferenceServer/ServerReport.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace reference {

using servercore::CloseReason;

namespace {

constexpr std::size_t kMebibyte = 1024 * 1024;

/// 12345 -> "12,345"
std::string Grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

std::string Rate(std::uint64_t now, std::uint64_t before, std::chrono::duration<double> in) {
  const double rate = in.count() > 0 ? static_cast<double>(now - before) / in.count() : 0;
  return Grouped(static_cast<std::uint64_t>(std::llround(rate))) + "/s";
}

/// "C_LOGIN 800, C_CHAT 12,345"
std::string ByName(const PacketCounts& counts) {
  std::string text;
  for (std::size_t kind = 0; kind < kPacketKinds; ++kind) {
    if (counts[kind] == 0) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", PacketKindName(kind), Grouped(counts[kind]));
  }
  return text.empty() ? "nothing" : text;
}

void WriteFate(std::string& to, std::string_view title, const SessionCounts& counts) {
  to += fmt::format("{}: sessions {}, packets received {}, sent {}\n", title,
                    Grouped(counts.sessions), Grouped(Sum(counts.received)),
                    Grouped(Sum(counts.sent)));
  if (counts.sessions == 0) return;
  to += fmt::format("  received {}\n  sent {}\n", ByName(counts.received), ByName(counts.sent));
}

void WriteEndings(std::string& to, const ServerCounters& counters) {
  std::string reasons;
  for (std::size_t i = 0; i < ServerCounters::kReasons; ++i) {
    const auto reason = static_cast<CloseReason>(i);
    if (EndedInOrder(reason) || counters.ended(reason) == 0) continue;
    if (!reasons.empty()) reasons += ", ";
    reasons += fmt::format("{} {}", ToString(reason), Grouped(counters.ended(reason)));
  }
  if (!reasons.empty()) to += fmt::format("  {}\n", reasons);
}

/// Only what happened: a server that refused nobody says so in a word.
void WriteRefusals(std::string& to, const ServerTotals& totals) {
  std::string reasons;
  const auto add = [&](std::string_view name, std::uint64_t count) {
    if (count > 0) reasons += fmt::format("{} {}, ", name, Grouped(count));
  };
  add("server full", totals.refused_full);
  for (std::size_t i = 0; i < kRefusals; ++i) {
    add(ToString(static_cast<Refusal>(i)), totals.ended.refusals[i]);
  }
  if (reasons.empty()) reasons = "nobody, ";
  to += fmt::format("refused: {}\n", std::string_view(reasons).substr(0, reasons.size() - 2));
}

void WriteAccounts(std::string& to, const AccountCounts& counts) {
  to += fmt::format("accounts: loaded {}, saved {}, in {} commits; at most {} waited\n",
                    Grouped(counts.loads), Grouped(counts.saves), Grouped(counts.commits),
                    Grouped(counts.waiting_max));
  if (counts.failed == 0) return;
  to += fmt::format("  failed: loads {}, saves {}\n", Grouped(counts.failed - counts.saves_failed),
                    Grouped(counts.saves_failed));
}

/// Who did not die may still never have been where one dies.
void WriteDefect(std::string& to, const ServerTotals& totals) {
  if (totals.defect == Defect::kNone) return;
  const std::uint64_t times = totals.defect_exercised;
  to += fmt::format("defect {}: {}\n", KindOf(totals.defect).name,
                    times == 0 ? "not exercised"
                               : fmt::format("exercised {} times, and survived", Grouped(times)));
}

std::string Key(std::string_view words) {
  std::string key(words);
  std::ranges::replace(key, ' ', '_');
  return key;
}

void WriteFateKeys(std::string& to, std::string_view fate, const SessionCounts& counts) {
  to += fmt::format(" {0}={1} {0}_received={2} {0}_sent={3}", fate, counts.sessions,
                    Sum(counts.received), Sum(counts.sent));
  for (std::size_t kind = 0; kind < kPacketKinds; ++kind) {
    // A packet goes one way only, so that its name says which.
    to += fmt::format(" {}_{}={}", fate, PacketKindName(kind),
                      counts.received[kind] + counts.sent[kind]);
  }
}

}  // namespace

std::string FormatStatus(const ServerTotals& now, const ServerTotals& before,
                         std::chrono::duration<double> running,
                         std::chrono::duration<double> since_before) {
  const servercore::ShardCounters& shards = now.core.shards;
  const servercore::ShardCounters& shards_before = before.core.shards;
  const auto mebibytes = [&](std::uint64_t later, std::uint64_t earlier) {
    return static_cast<double>(later - earlier) / static_cast<double>(kMebibyte) /
           since_before.count();
  };
  return fmt::format(
      "{:5.0f} s  sessions {}  players {}  rooms {}  in {} {:.1f} MiB/s  out {} {:.1f} MiB/s  "
      "database waits {}  chunks {}  memory {} MiB\n",
      running.count(), Grouped(now.open.sessions), Grouped(now.players), Grouped(now.rooms),
      Rate(now.packets_received(), before.packets_received(), since_before),
      mebibytes(shards.bytes_received, shards_before.bytes_received),
      Rate(now.packets_sent(), before.packets_sent(), since_before),
      mebibytes(shards.bytes_sent, shards_before.bytes_sent), Grouped(now.accounts.waiting),
      Grouped(now.core.buffers.chunks_in_use), Grouped(now.resident_bytes / kMebibyte));
}

std::string FormatReport(const ServerTotals& totals) {
  const auto& [shards, buffers] = totals.core;
  std::string text = fmt::format("accepted: sessions {}\n", Grouped(totals.accepted));
  text += fmt::format("bytes: received {}, sent {}\n", Grouped(shards.bytes_received),
                      Grouped(shards.bytes_sent));
  WriteFate(text, "ended in order", totals.ended.ended_in_order);
  WriteFate(text, "ended otherwise", totals.ended.ended_otherwise);
  WriteEndings(text, totals.ended);
  WriteRefusals(text, totals);
  if (totals.accept_pauses > 0) {
    text += fmt::format("out of descriptors: accepting paused {} times\n",
                        Grouped(totals.accept_pauses));
  }
  if (totals.failed_to_attach > 0) {
    text += fmt::format("reset because the system let no shard have them: connections {}\n",
                        Grouped(totals.failed_to_attach));
  }
  WriteAccounts(text, totals.accounts);
  text += fmt::format(
      "buffers: {} chunks in use, {} free, at most {} KiB held, {} for large packets\n"
      "slow peers: {} sends copied; overload: {} reads held\n",
      buffers.chunks_in_use, buffers.chunks_free, Grouped(buffers.bytes_held_max / 1024),
      Grouped(buffers.large_chunks), Grouped(shards.copied_sends), Grouped(shards.held_reads));

  WriteDefect(text, totals);
  text += fmt::format("served sessions={}", totals.accepted);
  WriteFateKeys(text, "in_order", totals.ended.ended_in_order);
  WriteFateKeys(text, "other", totals.ended.ended_otherwise);
  text += fmt::format(" refused_server_full={}", totals.refused_full);
  for (std::size_t i = 0; i < kRefusals; ++i) {
    text += fmt::format(" refused_{}={}", Key(ToString(static_cast<Refusal>(i))),
                        totals.ended.refusals[i]);
  }
  text += fmt::format(
      " accounts_loaded={} accounts_saved={} accounts_failed={} accounts_saves_failed={} "
      "accounts_commits={}",
      totals.accounts.loads, totals.accounts.saves, totals.accounts.failed,
      totals.accounts.saves_failed, totals.accounts.commits);
  text += fmt::format(" bytes_received={} bytes_sent={}", shards.bytes_received, shards.bytes_sent);
  text += fmt::format(
      " dropped_peer_does_not_read={} stale_sends={} sessions_open={} players_open={} "
      "rooms_open={} "
      "chunks_in_use={}\n",
      totals.ended.ended(CloseReason::kQueueFull), shards.stale_sends, totals.open.sessions,
      totals.players, totals.rooms, buffers.chunks_in_use);
  return text;
}

}  // namespace reference
