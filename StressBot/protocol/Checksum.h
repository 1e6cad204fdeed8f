#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// A sum over bytes that servers use to find damaged packets. CRCs are named as in the catalogue of
/// Greg Cook (reveng.sourceforge.io), which fixes their parameters and check values.
enum class ChecksumKind : std::uint8_t {
  kSum,              ///< of all bytes, modulo 2^32
  kCrc16CcittFalse,  ///< also CRC-16/IBM-3740: polynomial 0x1021, from 0xFFFF
  kCrc16Xmodem,      ///< polynomial 0x1021, from 0
  kCrc16Arc,         ///< reflected, polynomial 0x8005, from 0
  kCrc16Modbus,      ///< reflected, polynomial 0x8005, from 0xFFFF
  kCrc32             ///< IEEE 802.3, as in zip: reflected, polynomial 0x04C11DB7, from ~0, inverted
};

struct ChecksumName {
  std::string_view name;  ///< as protocol files write it: "crc-16/arc"
  ChecksumKind kind;
  std::uint8_t bits;  ///< a field must hold so many; a sum is cut to its field
};
std::span<const ChecksumName> ChecksumNames();

/// Takes bytes in pieces.
class ChecksumSum {
 public:
  explicit ChecksumSum(ChecksumKind kind);
  void Add(std::span<const std::byte> bytes);
  std::uint32_t Value() const;

 private:
  ChecksumKind kind_;
  std::uint32_t state_;
};

}  // namespace stressbot
