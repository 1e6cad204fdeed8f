#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/Envelope.h"

/// What the fields of a header and of a trailer have in common in a protocol file. Private to the
/// protocol library.
namespace stressbot {

struct WireType {
  std::string_view name;
  std::uint8_t bytes;
  std::int64_t least, most;
};

/// A field, read as far as its place. The document lives longer than it.
struct WireField {
  std::string name;
  std::string role;  ///< empty after an error
  PacketPart place;
  const WireType* type = nullptr;
  JsonNode node;
};

/// Reads "fields" of a header or trailer, one after the other.
class WireFieldReader {
 public:
  static constexpr std::size_t kBytesMax = 64;

  /// `what` is "header" or "trailer"; `roles` are those that a field may have.
  WireFieldReader(PacketPart::Of of, std::string what, std::vector<std::string> roles)
      : of_(of), what_(std::move(what)), roles_(std::move(roles)) {}

  void set_big_endian(bool big_endian) { big_endian_ = big_endian; }
  /// Adds the field to fields() and its constant bytes to bytes(). Every mistake is a Diagnostic.
  void Read(const JsonNode& node);

  const std::vector<WireField>& fields() const { return fields_; }
  const std::vector<std::byte>& bytes() const { return bytes_; }
  /// Of the end of bytes(): fields that are the payload's beginning, as a length of it counts them.
  std::size_t inner_bytes() const { return inner_bytes_; }
  /// A field could not be read: it may have been one that is then missing.
  bool has_gaps() const { return has_gaps_; }

 private:
  void ReadName(WireField& field);
  const WireType* ReadType(const JsonNode& node);
  std::string ReadRole(const JsonNode& node);
  bool ReadIsInside(const JsonNode& node) const;
  void WriteConstant(const WireField& field);

  const PacketPart::Of of_;
  const std::string what_;
  const std::vector<std::string> roles_;
  bool big_endian_ = false;
  bool has_gaps_ = false;
  std::size_t inner_bytes_ = 0;
  std::vector<WireField> fields_;
  std::vector<std::byte> bytes_;
};

/// "little" or "big"; an error when it is neither.
bool ReadIsBigEndian(const JsonNode& node);
/// The value of a field's type. An error, and 0, when it is no whole number that fits.
std::uint32_t ReadWireNumber(const JsonNode& node, const WireType& type);

}  // namespace stressbot
