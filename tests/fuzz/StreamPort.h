#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "ServerCore/Assert.h"
#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/io/backends/EventQueue.h"

namespace servercore::fuzz {

/// A port with one connection, whose peer has said all that it will ever say. Reads bring it in
/// pieces of the given sizes, over and over (0: nothing there yet), and then the end. What is sent
/// is taken and forgotten.
class StreamPort final : public CompletionPort {
 public:
  /// Both live longer than the port. No sizes: as much as fits.
  StreamPort(std::span<const std::byte> stream, std::span<const std::uint8_t> piece_sizes)
      : rest_(stream), piece_sizes_(piece_sizes) {}
  ~StreamPort() override { SC_ASSERT(!open_); }

  Result<Handle> Connect(const NetAddress&, const NetAddress*, IoEvent& event) override {
    open_ = true;
    Finish(event, Op::kConnect);
    return Handle{0, 1};
  }
  void AwaitReadable(Handle, IoEvent& event) override { Finish(event, Op::kReadable); }
  IoResult Read(Handle, std::span<const MutableBuffer> into) override {
    if (rest_.empty()) return {IoStatus::kEnd};
    const std::size_t piece = NextPiece();
    std::size_t read = 0;
    for (const MutableBuffer& buffer : into) {
      const std::size_t bytes = std::min({buffer.size, rest_.size(), piece - read});
      if (bytes > 0) std::memcpy(buffer.data, rest_.data(), bytes);
      rest_ = rest_.subspan(bytes);
      read += bytes;
    }
    return {read > 0 ? IoStatus::kDone : IoStatus::kPending, read};
  }
  IoResult Send(Handle, std::span<const ConstBuffer> from, IoEvent&) override {
    return {IoStatus::kDone, TotalSize(from)};
  }
  void ShutdownSend(Handle) override {}
  void Close(Handle, CloseKind, IoEvent& closed) override { Finish(closed, Op::kClosed); }

  std::size_t Wait(std::span<IoEvent*> out, Clock::time_point) override {
    std::size_t count = 0;
    for (; count < out.size() && !finished_.empty(); ++count) {
      out[count] = &finished_.Pop();
      Land(*out[count]);
      if (out[count]->op == Op::kClosed) open_ = false;
    }
    return count;
  }
  void Wake() noexcept override {}
  Clock::time_point Now() const override { return Clock::time_point(std::chrono::hours(1)); }
  std::size_t open_handles() const override { return open_ ? 1 : 0; }

  Result<Handle> Attach(DetachedSocket) override { return Unused(); }
  Result<Handle> Listen(const NetAddress&, int) override { return Unused(); }
  void Accept(Handle, AcceptEvent&) override { static_cast<void>(Unused()); }
  std::intptr_t NativeSocket(Handle) const override { return -1; }
  NetAddress LocalAddress(Handle) const override { return NetAddress::Loopback(1); }

 private:
  static std::error_code Unused() { return make_error_code(std::errc::operation_not_supported); }

  void Finish(IoEvent& event, Op op) {
    Prepare(event, op, 0);
    finished_.Push(event);
  }

  std::size_t NextPiece() {
    if (piece_sizes_.empty()) return rest_.size();
    const std::size_t size = piece_sizes_[next_piece_++ % piece_sizes_.size()];
    if (size > 0 || was_pending_) {
      was_pending_ = false;
      return std::max<std::size_t>(size, 1);
    }
    was_pending_ = true;  // once, or nothing would ever come
    return 0;
  }

  std::span<const std::byte> rest_;
  const std::span<const std::uint8_t> piece_sizes_;
  std::size_t next_piece_ = 0;
  bool was_pending_ = false;
  bool open_ = false;
  EventQueue finished_;
};

}  // namespace servercore::fuzz
