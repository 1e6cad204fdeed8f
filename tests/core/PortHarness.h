#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ServerCore/io/CompletionPort.h"

namespace servercore::testing {

/// Two ports that can reach each other, and what lets their world go on.
class PortWorld {
 public:
  virtual ~PortWorld() = default;
  virtual CompletionPort& client() = 0;
  virtual CompletionPort& server() = 0;
  /// After both ports were found idle: false when nothing can ever happen again.
  virtual bool GoOn() = 0;
};

struct Pair {
  Handle client;
  Handle server;
};

inline std::span<const std::byte> AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// Drives a PortWorld for tests: collects completions in order, knows every handle it made and
/// closes those that are left. A test's own events must not be in flight when it returns.
class PortHarness {
 public:
  explicit PortHarness(std::unique_ptr<PortWorld> world) : world_(std::move(world)) {}
  ~PortHarness() { CloseRest(); }
  PortHarness(const PortHarness&) = delete;
  PortHarness& operator=(const PortHarness&) = delete;

  CompletionPort& client() { return world_->client(); }
  CompletionPort& server() { return world_->server(); }

  /// Completions in the order in which they were handed out.
  const std::vector<IoEvent*>& log() const { return log_; }
  std::size_t Seen(const IoEvent& event) const {
    return static_cast<std::size_t>(std::ranges::count(log_, &event));
  }

  std::size_t Collect() { return CollectFrom(client()) + CollectFrom(server()); }

  /// False when the world comes to rest first (a real one: after ten seconds, for a hung test).
  template <typename Condition>
  bool RunUntil(Condition done) {
    while (!done()) {
      if (Collect() == 0 && !done() && !world_->GoOn()) return false;
    }
    return true;
  }
  bool RunUntilSeen(const IoEvent& event) {
    const std::size_t before = Seen(event);
    return RunUntil([&] { return Seen(event) > before; });
  }

  Handle Listen(const NetAddress& at = NetAddress::Loopback(0), int backlog = 64) {
    const Result<Handle> handle = server().Listen(at, backlog);
    EXPECT_TRUE(handle) << handle.error().message();
    return handle ? Track(server(), *handle) : Handle{};
  }
  Handle Connect(const NetAddress& to, IoEvent& event, const NetAddress* from = nullptr) {
    const Result<Handle> handle = client().Connect(to, from, event);
    EXPECT_TRUE(handle) << handle.error().message();
    return handle ? Track(client(), *handle) : Handle{};
  }
  Handle Attach(AcceptEvent& event) {
    const Result<Handle> handle = server().Attach(std::move(event.accepted));
    EXPECT_TRUE(handle) << handle.error().message();
    return handle ? Track(server(), *handle) : Handle{};
  }

  /// One connection; a Pair without handles if it fails.
  Pair MakePair(const NetAddress& at = NetAddress::Loopback(0)) {
    const Handle listener = Listen(at);
    AcceptEvent accept;
    IoEvent connect;
    server().Accept(listener, accept);
    Pair pair;
    pair.client = Connect(server().LocalAddress(listener), connect);
    const bool met = RunUntil([&] { return Seen(accept) == 1 && Seen(connect) == 1; });
    EXPECT_TRUE(met && !accept.error && !connect.error) << "no connection";
    pair.server = Attach(accept);
    Close(server(), listener, CloseKind::kOrderly);
    Forget();
    return pair;
  }

  /// Closes and runs until the handle is gone.
  void Close(CompletionPort& port, Handle handle, CloseKind kind) {
    IoEvent closed;
    StartClose(port, handle, kind, closed);
    EXPECT_TRUE(RunUntilSeen(closed));
  }
  void StartClose(CompletionPort& port, Handle handle, CloseKind kind, IoEvent& closed) {
    std::erase_if(handles_, [&](const Tracked& entry) {
      return entry.port == &port && entry.handle == handle;
    });
    port.Close(handle, kind, closed);
  }
  void Forget() { log_.clear(); }

  /// Sends all, however often it takes; false if the connection failed.
  bool SendAll(CompletionPort& port, Handle handle, std::span<const std::byte> bytes) {
    IoEvent event;
    while (!bytes.empty()) {
      const ConstBuffer piece{bytes.data(), bytes.size()};
      const IoResult result = port.Send(handle, {&piece, 1}, event);
      if (result.status == IoStatus::kFailed) return false;
      if (result.status == IoStatus::kPending && !RunUntilSeen(event)) return false;
      bytes = bytes.subspan(result.bytes);
    }
    return true;
  }

  /// Waits for readable and reads until something other than kPending comes.
  IoResult ReadNext(CompletionPort& port, Handle handle, std::span<const MutableBuffer> into) {
    for (;;) {
      IoEvent readable;
      port.AwaitReadable(handle, readable);
      if (!RunUntilSeen(readable)) {
        ADD_FAILURE() << "nothing became readable";
        Abandon(port, handle);
        return {.status = IoStatus::kFailed};
      }
      const IoResult result = port.Read(handle, into);
      if (result.status != IoStatus::kPending) return result;
    }
  }

  /// Reads `size` bytes, or fewer if the connection ends first.
  std::string ReadText(CompletionPort& port, Handle handle, std::size_t size) {
    std::string text;
    std::array<std::byte, 4096> block;
    while (text.size() < size) {
      const MutableBuffer piece{block.data(), std::min(block.size(), size - text.size())};
      const IoResult result = ReadNext(port, handle, {&piece, 1});
      if (result.status != IoStatus::kDone) break;
      text.append(reinterpret_cast<const char*>(block.data()), result.bytes);
    }
    return text;
  }

  /// The same for an ending that `end` brings about while the next bytes are awaited, as a session
  /// always awaits them. Wine 8 tells a reset as an orderly end when nobody awaits it.
  template <typename End>
  IoResult AwaitEnding(CompletionPort& port, Handle handle, End end) {
    IoEvent readable;
    port.AwaitReadable(handle, readable);
    end();
    if (Seen(readable) == 0 && !RunUntilSeen(readable)) {
      ADD_FAILURE() << "the end did not become readable";
      Abandon(port, handle);
      return {.status = IoStatus::kPending};
    }
    return ReadEnding(port, handle);
  }
  /// What a Read says once all bytes are read: kEnd or kFailed.
  IoResult ReadEnding(CompletionPort& port, Handle handle) {
    std::array<std::byte, 4096> block;
    const MutableBuffer piece{block.data(), block.size()};
    IoResult result;
    while (result.status == IoStatus::kDone) result = ReadNext(port, handle, {&piece, 1});
    return result;
  }

 private:
  struct Tracked {
    CompletionPort* port;
    Handle handle;
  };

  Handle Track(CompletionPort& port, Handle handle) {
    handles_.push_back({&port, handle});
    return handle;
  }

  std::size_t CollectFrom(CompletionPort& port) {
    std::array<IoEvent*, 16> out;
    const std::size_t count = port.Wait(out, Clock::time_point::min());
    log_.insert(log_.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }

  /// An event on the stack is in flight and its test has failed: take it back before it dies.
  void Abandon(CompletionPort& port, Handle handle) { Close(port, handle, CloseKind::kReset); }

  void CloseRest() {
    while (!handles_.empty()) {
      const Tracked last = handles_.back();
      Close(*last.port, last.handle, CloseKind::kReset);
    }
    EXPECT_EQ(client().open_handles(), 0U);
    EXPECT_EQ(server().open_handles(), 0U);
  }

  std::unique_ptr<PortWorld> world_;
  std::vector<Tracked> handles_;
  std::vector<IoEvent*> log_;
};

}  // namespace servercore::testing
