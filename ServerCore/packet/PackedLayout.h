#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

/// Packets as structs that are the bytes on the wire: no encoding, no copy. A packet is a
/// PacketHeader, then a fixed part, then what the lists of the fixed part name by offset and count.
/// Declared once, and the reader and the writer follow from it:
///
///     struct PKT_S_TEST {
///       static constexpr std::uint16_t kPacketId = 1;
///       struct Buff {
///         Packed<std::uint64_t> id;
///         PackedList<std::uint64_t> victims;  // a list in a list
///       };
///       Packed<std::uint32_t> hp;
///       PackedString16 name;
///       PackedList<Buff> buffs;
///     };
///
/// All members have alignment 1 and no padding, so that a struct may lie anywhere in a buffer.
/// Numbers are little-endian.
namespace servercore {

static_assert(std::endian::native == std::endian::little, "packed structs are used in place");

/// A number, bool or enum. Any bytes of a peer are some value of it; a bool is true unless 0.
/// An enum needs a fixed underlying type, since a peer may send any number.
template <typename T>
class Packed {
  static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);

 public:
  T get() const noexcept {
    if constexpr (std::is_same_v<T, bool>) {
      return bytes_[0] != std::byte{0};
    } else {
      T value;
      std::memcpy(&value, bytes_.data(), sizeof value);
      return value;
    }
  }
  operator T() const noexcept { return get(); }  // NOLINT: stands for the number
  Packed& operator=(T value) noexcept {
    std::memcpy(bytes_.data(), &value, sizeof value);
    return *this;
  }

 private:
  std::array<std::byte, sizeof(T)> bytes_;
};

/// What lies elsewhere in the packet. `offset` counts from the first byte of the packet's header;
/// without elements it means nothing.
struct PackedPlace {
  Packed<std::uint16_t> offset;
  Packed<std::uint16_t> count;
};

/// Elements: structs, or numbers (PackedList<std::uint64_t> holds Packed<std::uint64_t>).
template <typename T>
struct PackedList : PackedPlace {
  using Element = std::conditional_t<std::is_arithmetic_v<T> || std::is_enum_v<T>, Packed<T>, T>;
};
struct PackedString : PackedPlace {};    ///< UTF-8; counts bytes
struct PackedString16 : PackedPlace {};  ///< UTF-16; counts units of two bytes, as the documents do

/// Elements in place. Its iterator is the documents' PacketIterator.
template <typename T>
using PacketList = std::span<T>;

inline constexpr std::size_t kPackedMembersMax = 16;  ///< nest structs for more

/// Walks the members of a struct, so that none can be forgotten in a list of their names.
/// A struct's members are counted by how many initialisers it takes, and named by a structured
/// binding (the way of Boost.PFR).
namespace packed {

struct AnyMember {
  template <typename T>
  operator T() const noexcept;  // NOLINT: never defined, only asked for
};

template <typename T, std::size_t... I>
constexpr bool TakesMembers(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), AnyMember{})...}; };
}

template <typename T, std::size_t N = kPackedMembersMax + 1>
constexpr std::size_t CountMembers() {
  if constexpr (N == 0) {
    return 0;
  } else if constexpr (TakesMembers<T>(std::make_index_sequence<N>{})) {
    static_assert(N <= kPackedMembersMax, "too many members: put some into a struct of their own");
    return N;
  } else {
    return CountMembers<T, N - 1>();
  }
}

// One line for each number of members: C++20 has no shorter way to name them.
// clang-format off
template <typename T, typename Visit>
constexpr auto WithMembers(T& s, Visit visit) {
  constexpr std::size_t kCount = CountMembers<std::remove_const_t<T>>();
  if constexpr (kCount == 0) { return visit(); }
  else if constexpr (kCount == 1) { auto& [a] = s; return visit(a); }
  else if constexpr (kCount == 2) { auto& [a, b] = s; return visit(a, b); }
  else if constexpr (kCount == 3) { auto& [a, b, c] = s; return visit(a, b, c); }
  else if constexpr (kCount == 4) { auto& [a, b, c, d] = s; return visit(a, b, c, d); }
  else if constexpr (kCount == 5) { auto& [a, b, c, d, e] = s; return visit(a, b, c, d, e); }
  else if constexpr (kCount == 6) { auto& [a, b, c, d, e, f] = s; return visit(a, b, c, d, e, f); }
  else if constexpr (kCount == 7) { auto& [a, b, c, d, e, f, g] = s; return visit(a, b, c, d, e, f, g); }
  else if constexpr (kCount == 8) { auto& [a, b, c, d, e, f, g, h] = s; return visit(a, b, c, d, e, f, g, h); }
  else if constexpr (kCount == 9) { auto& [a, b, c, d, e, f, g, h, i] = s; return visit(a, b, c, d, e, f, g, h, i); }
  else if constexpr (kCount == 10) { auto& [a, b, c, d, e, f, g, h, i, j] = s; return visit(a, b, c, d, e, f, g, h, i, j); }
  else if constexpr (kCount == 11) { auto& [a, b, c, d, e, f, g, h, i, j, k] = s; return visit(a, b, c, d, e, f, g, h, i, j, k); }
  else if constexpr (kCount == 12) { auto& [a, b, c, d, e, f, g, h, i, j, k, l] = s; return visit(a, b, c, d, e, f, g, h, i, j, k, l); }
  else if constexpr (kCount == 13) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = s; return visit(a, b, c, d, e, f, g, h, i, j, k, l, m); }
  else if constexpr (kCount == 14) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = s; return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n); }
  else if constexpr (kCount == 15) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = s; return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o); }
  else { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = s; return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p); }
}
// clang-format on

}  // namespace packed

/// Any struct of the members above, or of such structs.
template <typename T>
concept PackedStruct = std::is_aggregate_v<T> && std::is_trivially_copyable_v<T> &&
                           alignof(T) == 1 &&
                       sizeof(T) <= 0xFFFF;

}  // namespace servercore
