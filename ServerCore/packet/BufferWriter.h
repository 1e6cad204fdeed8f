#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

#include "ServerCore/Assert.h"
#include "ServerCore/net/SendBuffer.h"
#include "ServerCore/packet/PackedLayout.h"
#include "ServerCore/packet/PacketFraming.h"
#include "ServerCore/packet/Unicode.h"

namespace servercore {

namespace packed {

inline constexpr std::size_t kPacketBytesMax = 0xFFFF;  ///< what offsets and the header can say

/// The part of every writer that does not depend on its struct.
class Output {
 public:
  Output(SendBufferPool& pool, std::size_t bytes_max)
      : pool_(pool), room_(pool.Open(std::min(bytes_max, kPacketBytesMax))) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() {
    if (is_open_) pool_.Close(0);
  }

  /// The next bytes, all 0, since the room may hold what somebody else was sent. Null when there is
  /// not enough of it.
  std::byte* Take(std::size_t bytes) {
    if (bytes > room_.size() - used_) is_full_ = true;
    if (is_full_) return nullptr;
    std::byte* const taken = room_.data() + used_;
    std::memset(taken, 0, bytes);
    used_ += bytes;
    return taken;
  }
  /// Takes room for `count` elements and notes their place. Null when there is not enough.
  std::byte* Take(PackedPlace& place, std::size_t count, std::size_t element_bytes) {
    if (count > room_.size()) is_full_ = true;  // the multiplication is safe behind this
    const std::size_t offset = used_;
    std::byte* const taken = is_full_ ? nullptr : Take(count * element_bytes);
    if (taken == nullptr || count == 0) return nullptr;
    place.offset = static_cast<std::uint16_t>(offset);
    place.count = static_cast<std::uint16_t>(count);
    return taken;
  }
  std::byte* data() const { return room_.data(); }

  std::optional<SendBuffer> Close(std::uint16_t id) {
    SC_ASSERT(is_open_);
    is_open_ = false;
    if (is_full_) {
      pool_.Close(0);
      return std::nullopt;
    }
    const PacketHeader header{static_cast<std::uint16_t>(used_), id};
    std::memcpy(room_.data(), &header, sizeof header);
    return pool_.Close(used_);
  }

 private:
  SendBufferPool& pool_;
  std::span<std::byte> room_;
  std::size_t used_ = 0;
  bool is_open_ = true;
  bool is_full_ = false;
};

}  // namespace packed

/// Writes a packed packet where it will be sent from. Everything is 0 until it is written. Until
/// Close nothing else may open the pool. Thread: the pool's shard.
///
///     BufferWriter<PKT_S_TEST> test(shard.send_buffers(), 512);
///     test->hp = 100;
///     test.Write(test->name, "Knight");
///     for (auto& buff : test.Reserve(test->buffs, 2)) {
///       test.WriteEach(buff.victims, victims, [](auto& to, std::uint64_t id) { to = id; });
///     }
///     session.Send(*test.Close());
template <PackedStruct T>
class BufferWriter {
 public:
  /// More than `bytes_max` does not fit; beyond 65,535 nothing does.
  /// REQUIRES room for the header and the fixed part.
  BufferWriter(SendBufferPool& pool, std::size_t bytes_max) : output_(pool, bytes_max) {
    SC_ASSERT(output_.Take(sizeof(PacketHeader) + sizeof(T)) != nullptr);
  }

  T& operator*() { return *reinterpret_cast<T*>(output_.data() + sizeof(PacketHeader)); }
  T* operator->() { return &**this; }

  // These write behind everything before them. What does not fit is left out, and Close tells it.

  /// Elements to fill in; none when they do not fit. REQUIRES a list that was not written before.
  template <typename E>
  PacketList<typename PackedList<E>::Element> Reserve(PackedList<E>& list, std::size_t count) {
    using Element = typename PackedList<E>::Element;
    std::byte* const taken = output_.Take(list, count, sizeof(Element));
    if (taken == nullptr) return {};
    return {reinterpret_cast<Element*>(taken), count};
  }
  /// An element for each of `range`: write(element, value).
  template <typename E, typename Range, typename WriteOne>
  void WriteEach(PackedList<E>& list, const Range& range, WriteOne write) {
    auto value = std::begin(range);
    const auto count = static_cast<std::size_t>(std::size(range));
    for (auto& element : Reserve(list, count)) write(element, *value++);
  }
  void Write(PackedString& to, std::string_view utf8) {
    std::byte* const taken = output_.Take(to, utf8.size(), 1);
    if (taken != nullptr) std::memcpy(taken, utf8.data(), utf8.size());
  }
  void Write(PackedString16& to, std::string_view utf8) {
    std::byte* const taken = output_.Take(to, Utf16Units(utf8), 2);
    if (taken != nullptr) WriteUtf16(utf8, taken);
  }

  /// The packet with its header; nullopt when it did not fit. REQUIRES that it was not closed.
  std::optional<SendBuffer> Close() { return output_.Close(T::kPacketId); }

 private:
  packed::Output output_;
};

}  // namespace servercore
