/// bench_rooms queue|lock SECONDS: a hot room and a hundred quiet ones. Prints JSON: how long the
/// quiet ones wait, alone and beside a hot room of a set rate, and how much the hot one can
/// deliver.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <future>
#include <string_view>
#include <thread>

#include "ServerCore/net/Service.h"
#include "tests/bench/rooms/NullPort.h"
#include "tests/bench/rooms/Rooms.h"

namespace bench {
namespace {

using namespace std::chrono_literals;
using servercore::Clock;
using servercore::Shard;

constexpr std::size_t kHotMembers = 400;
constexpr std::size_t kQuietRooms = 100;
constexpr std::size_t kQuietMembers = 2;
constexpr Clock::duration kQuietPeriod = 20ms;
/// By all shards together: 4 million deliveries a second, so that no version is at its limit.
constexpr std::size_t kPacedChatsPerMs = 10;
constexpr std::size_t kSaidAtOnce = 8;  ///< by a shard in one turn, as by so many sessions
constexpr std::uint64_t kChatsInFlight =
    64;  ///< at the limit: what is said waits for what is heard
constexpr Clock::duration kSettle = 300ms;
constexpr std::array<std::byte, 64> kWords{};

/// Hears what its room says. Written by its shard.
class Member : public servercore::Session {
 public:
  Member(const servercore::SessionOptions& options, std::atomic<std::uint64_t>& heard)
      : Session(options), heard_(heard) {}

 protected:
  void OnSent(Clock::time_point sent_at) override {
    const std::uint32_t more = sends_queued() - counted_;
    counted_ += more;
    heard_.store(heard_.load(std::memory_order_relaxed) + more, std::memory_order_release);
    OnHeard(more, sent_at);
  }
  virtual void OnHeard(std::uint32_t, Clock::time_point) {}

 private:
  servercore::RecvProgress OnRecv(std::span<const std::byte> bytes) override {
    return {bytes.size(), 0};
  }
  std::atomic<std::uint64_t>& heard_;
  std::uint32_t counted_ = 0;
};

/// What one shard counts; on a cache line of its own.
struct alignas(64) ShardTally {
  std::atomic<std::uint64_t> hot_heard{0}, quiet_heard{0};
  std::vector<std::int64_t> waits_ns;  ///< of quiet rooms, from due to sent
};

/// Says something on its grid, and takes the time until it hears it itself.
class Speaker final : public Member, private servercore::Timer {
 public:
  Speaker(const servercore::SessionOptions& options, ShardTally& tally, Room& room)
      : Member(options, tally.quiet_heard), tally_(tally), room_(room) {}
  void Begin(Clock::time_point first) { shard().timers().Set(*this, first); }

 private:
  void OnTimer(Clock::time_point) override {
    said_.push_back(due());
    room_.Say(shard().send_buffers().Copy(kWords));
    shard().timers().Set(*this, due() + kQuietPeriod);
  }
  void OnHeard(std::uint32_t count, Clock::time_point sent_at) override {
    for (; count > 0 && !said_.empty(); --count, said_.pop_front()) {
      tally_.waits_ns.push_back(std::chrono::nanoseconds(sent_at - said_.front()).count());
    }
  }
  void OnDisconnected(servercore::CloseReason, std::error_code) override {
    shard().timers().Cancel(*this);
  }

  ShardTally& tally_;
  Room& room_;
  std::deque<Clock::time_point> said_;
};

/// The hot room's players on one shard. Thread: its shard.
class Talkers final : private servercore::Timer {
 public:
  Talkers(Shard& shard, Room& room) : shard_(shard), room_(room) {}

  void Pace(std::size_t chats_per_ms) {
    chats_per_ms_ = chats_per_ms;
    shard_.timers().Set(*this, shard_.now());
  }
  /// As many as `may_say` allows, for ever.
  void Flood(std::function<bool()> may_say) {
    Stop();
    may_say_ = std::move(may_say);
    Again();
  }
  void Stop() {
    shard_.timers().Cancel(*this);
    may_say_ = nullptr;
  }

 private:
  void Say() { room_.Say(shard_.send_buffers().Copy(kWords)); }
  void OnTimer(Clock::time_point) override {
    for (std::size_t i = 0; i < chats_per_ms_; ++i) Say();
    shard_.timers().Set(*this, due() + 1ms);
  }
  void Again() {
    if (!may_say_) return;
    for (std::size_t i = 0; i < kSaidAtOnce && may_say_(); ++i) Say();
    shard_.Post([this] { Again(); });
  }

  Shard& shard_;
  Room& room_;
  std::size_t chats_per_ms_ = 0;
  std::function<bool()> may_say_;
};

struct Waits {
  double p50_us = 0, p99_us = 0, most_us = 0;
};

class RoomBench {
 public:
  explicit RoomBench(bool locked)
      : locked_(locked), shards_(MakePorts()), tallies_(shards_.size()) {
    hot_ = MakeRoom();
    for (std::size_t i = 0; i < kQuietRooms; ++i) quiet_.push_back(MakeRoom());
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      clients_.push_back(std::make_unique<servercore::ClientService>(
          shards_.shard(i), servercore::ClientServiceOptions{}));
      talkers_.push_back(std::make_unique<Talkers>(shards_.shard(i), *hot_));
    }
    const Clock::time_point begin = Clock::now() + 100ms;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      shards_.shard(i).Post([this, i, begin] { Open(i, begin); });
    }
    shards_.Start();
    std::this_thread::sleep_for(100ms + kSettle);
  }
  ~RoomBench() {
    ForEachTalkers([](Talkers& talkers) { talkers.Stop(); });
    shards_.Shutdown(0ms);
  }

  Waits MeasureQuiet(Clock::duration duration) {
    TakeWaits();
    std::this_thread::sleep_for(duration);
    return Summarize(TakeWaits());
  }
  void PaceHot() {
    ForEachTalkers([this](Talkers& talkers) {
      talkers.Pace(std::max<std::size_t>(1, kPacedChatsPerMs / shards_.size()));
    });
    std::this_thread::sleep_for(kSettle);
  }
  /// Deliveries a second.
  double MeasureHot(Clock::duration duration) {
    said_.store(hot_heard() / kHotMembers);
    ForEachTalkers([this](Talkers& talkers) {
      talkers.Flood([this] {
        if (said_.load() >= hot_heard() / kHotMembers + kChatsInFlight) return false;
        said_.fetch_add(1);
        return true;
      });
    });
    std::this_thread::sleep_for(kSettle);
    const std::uint64_t before = hot_heard();
    const Clock::time_point begin = Clock::now();
    std::this_thread::sleep_for(duration);
    const std::chrono::duration<double> took = Clock::now() - begin;
    return static_cast<double>(hot_heard() - before) / took.count();
  }
  std::size_t shards() const { return shards_.size(); }

 private:
  std::uint64_t hot_heard() const {
    std::uint64_t sum = 0;
    for (const ShardTally& tally : tallies_) sum += tally.hot_heard.load(std::memory_order_acquire);
    return sum;
  }
  static std::vector<std::unique_ptr<servercore::CompletionPort>> MakePorts() {
    std::vector<std::unique_ptr<servercore::CompletionPort>> ports;
    const std::size_t count = std::clamp(std::thread::hardware_concurrency(), 2U, 8U);
    while (ports.size() < count) ports.push_back(std::make_unique<NullPort>());
    return ports;
  }
  std::unique_ptr<Room> MakeRoom() {
    if (locked_) return std::make_unique<LockedRoom>();
    return std::make_unique<QueuedRoom>(shards_);
  }

  /// A shard's part of the members. Those of a quiet room are on different shards.
  void Open(std::size_t index, Clock::time_point begin) {
    ShardTally& tally = tallies_[index];
    servercore::ClientService& client = *clients_[index];
    const auto connect = [&](std::unique_ptr<Member> member, Room& room) {
      room.Add(client.Connect(std::move(member), {}).ref());
    };
    for (std::size_t i = index; i < kHotMembers; i += shards_.size()) {
      connect(std::make_unique<Member>(client.session_options(), tally.hot_heard), *hot_);
    }
    for (std::size_t room = 0; room < kQuietRooms; ++room) {
      for (std::size_t member = 0; member < kQuietMembers; ++member) {
        if ((room + member) % shards_.size() != index) continue;
        if (member > 0) {
          connect(std::make_unique<Member>(client.session_options(), tally.quiet_heard),
                  *quiet_[room]);
          continue;
        }
        auto speaker = std::make_unique<Speaker>(client.session_options(), tally, *quiet_[room]);
        Speaker& begins = *speaker;
        connect(std::move(speaker), *quiet_[room]);
        begins.Begin(begin + kQuietPeriod * room / kQuietRooms);
      }
    }
  }

  void ForEachTalkers(const std::function<void(Talkers&)>& call) {
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      std::promise<void> called;
      shards_.shard(i).Post([&] {
        call(*talkers_[i]);
        called.set_value();
      });
      called.get_future().wait();
    }
  }

  std::vector<std::int64_t> TakeWaits() {
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      std::promise<std::vector<std::int64_t>> taken;
      shards_.shard(i).Post([&] { taken.set_value(std::exchange(tallies_[i].waits_ns, {})); });
      const std::vector<std::int64_t> some = taken.get_future().get();
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }
  static Waits Summarize(std::vector<std::int64_t> waits_ns) {
    if (waits_ns.empty()) return {};
    std::ranges::sort(waits_ns);
    const auto at = [&](std::size_t percent) {
      return static_cast<double>(waits_ns[(waits_ns.size() - 1) * percent / 100]) / 1e3;
    };
    return {at(50), at(99), at(100)};
  }

  const bool locked_;
  servercore::ShardGroup shards_;
  std::vector<ShardTally> tallies_;
  std::vector<std::unique_ptr<servercore::ClientService>> clients_;
  std::unique_ptr<Room> hot_;
  std::vector<std::unique_ptr<Room>> quiet_;
  std::vector<std::unique_ptr<Talkers>> talkers_;
  std::atomic<std::uint64_t> said_{0};  ///< by those who flood
};

void Print(const char* name, const Waits& waits) {
  std::printf("\"%s\": {\"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}", name, waits.p50_us,
              waits.p99_us, waits.most_us);
}

int Run(bool locked, Clock::duration duration) {
  RoomBench bench(locked);
  const Waits alone = bench.MeasureQuiet(duration);
  bench.PaceHot();
  const Waits beside = bench.MeasureQuiet(duration);
  std::printf("{\"shards\": %zu, \"deliveries_per_second\": %.0f, ", bench.shards(),
              bench.MeasureHot(duration));
  Print("quiet_alone", alone);
  std::printf(", ");
  Print("quiet_beside_hot", beside);
  std::printf("}\n");
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const std::string_view mode = argc == 3 ? argv[1] : "";
  const double seconds = argc == 3 ? std::atof(argv[2]) : 0;
  if ((mode != "queue" && mode != "lock") || seconds <= 0) {
    std::fputs("usage: bench_rooms queue|lock SECONDS\n", stderr);
    return 2;
  }
  return bench::Run(mode == "lock", std::chrono::duration_cast<bench::Clock::duration>(
                                        std::chrono::duration<double>(seconds)));
}
