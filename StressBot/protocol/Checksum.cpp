#include "StressBot/protocol/Checksum.h"

#include <array>

namespace stressbot {
namespace {

constexpr std::array<ChecksumName, 6> kChecksumNames{
    {{"sum", ChecksumKind::kSum, 8},
     {"crc-16/ccitt-false", ChecksumKind::kCrc16CcittFalse, 16},
     {"crc-16/xmodem", ChecksumKind::kCrc16Xmodem, 16},
     {"crc-16/arc", ChecksumKind::kCrc16Arc, 16},
     {"crc-16/modbus", ChecksumKind::kCrc16Modbus, 16},
     {"crc-32", ChecksumKind::kCrc32, 32}}};

using CrcTable = std::array<std::uint32_t, 256>;

/// What a byte adds, with the highest bit first (16 bits).
constexpr CrcTable MakeForwardTable(std::uint32_t polynomial) {
  CrcTable table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t crc = byte << 8U;
    for (int bit = 0; bit < 8; ++bit)
      crc = ((crc << 1U) ^ ((crc & 0x8000U) != 0 ? polynomial : 0)) & 0xFFFFU;
    table[byte] = crc;
  }
  return table;
}

/// The same with the lowest bit first; the polynomial's bits stand in reverse order.
constexpr CrcTable MakeReflectedTable(std::uint32_t reversed_polynomial) {
  CrcTable table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? reversed_polynomial : 0);
    table[byte] = crc;
  }
  return table;
}

constexpr CrcTable kCcittTable = MakeForwardTable(0x1021);
constexpr CrcTable kArcTable = MakeReflectedTable(0xA001);
constexpr CrcTable kIeeeTable = MakeReflectedTable(0xEDB88320);

std::uint32_t FirstState(ChecksumKind kind) {
  switch (kind) {
    case ChecksumKind::kCrc16CcittFalse:
    case ChecksumKind::kCrc16Modbus:
      return 0xFFFF;
    case ChecksumKind::kCrc32:
      return 0xFFFFFFFF;
    case ChecksumKind::kSum:
    case ChecksumKind::kCrc16Xmodem:
    case ChecksumKind::kCrc16Arc:
      break;
  }
  return 0;
}

std::uint32_t AddReflected(const CrcTable& table, std::uint32_t crc,
                           std::span<const std::byte> bytes) {
  for (const std::byte byte : bytes)
    crc = (crc >> 8U) ^ table[(crc ^ std::to_integer<std::uint32_t>(byte)) & 0xFFU];
  return crc;
}

}  // namespace

std::span<const ChecksumName> ChecksumNames() { return kChecksumNames; }

ChecksumSum::ChecksumSum(ChecksumKind kind) : kind_(kind), state_(FirstState(kind)) {}

void ChecksumSum::Add(std::span<const std::byte> bytes) {
  switch (kind_) {
    case ChecksumKind::kSum:
      for (const std::byte byte : bytes) state_ += std::to_integer<std::uint32_t>(byte);
      return;
    case ChecksumKind::kCrc16CcittFalse:
    case ChecksumKind::kCrc16Xmodem:
      for (const std::byte byte : bytes) {
        const std::uint32_t high = (state_ >> 8U) ^ std::to_integer<std::uint32_t>(byte);
        state_ = ((state_ << 8U) ^ kCcittTable[high & 0xFFU]) & 0xFFFFU;
      }
      return;
    case ChecksumKind::kCrc16Arc:
    case ChecksumKind::kCrc16Modbus:
      state_ = AddReflected(kArcTable, state_, bytes);
      return;
    case ChecksumKind::kCrc32:
      state_ = AddReflected(kIeeeTable, state_, bytes);
      return;
  }
}

std::uint32_t ChecksumSum::Value() const {
  return kind_ == ChecksumKind::kCrc32 ? ~state_ : state_;
}

}  // namespace stressbot
