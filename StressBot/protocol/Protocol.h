#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ServerCore/packet/PacketFraming.h"
#include "StressBot/protocol/Envelope.h"
#include "StressBot/protocol/FieldPath.h"
#include "StressBot/protocol/PacketTemplate.h"

namespace stressbot {

/// Packets are numbered densely within a protocol, so that tables by packet are arrays.
using PacketIndex = std::uint16_t;
inline constexpr PacketIndex kUnknownPacket = 0xFFFF;

enum class PacketDirection : std::uint8_t { kSend, kReceive, kBoth };

struct PacketType {
  std::string name;  ///< C_LOGIN
  std::uint32_t id = 0;
  PacketDirection direction = PacketDirection::kBoth;
};

/// The fields of a packet to send: a literal, the index of an argument that the engine computes for
/// each send, a nested message, or a list.
struct FieldNode {
  struct Argument {
    std::uint16_t index = 0;
  };
  struct Member;
  using Members = std::vector<Member>;
  std::variant<Value, Argument, Members, std::vector<FieldNode>> content;
  std::string where;  ///< the JSON path, for errors
};

struct FieldNode::Member {
  std::string name;
  FieldNode node;
};

struct CompileError {
  std::string where;    ///< the JSON path at fault; empty: the whole
  std::string message;  ///< a sentence, with a suggestion where one is near
};

/// How packets' payloads are written and read.
class PayloadCodec {
 public:
  virtual ~PayloadCodec() = default;
  /// "player.id", "players", "players.0.name". Want::kExists fits every path, for the others ask
  /// FieldPath::Fits.
  virtual std::optional<FieldPath> CompilePath(PacketIndex packet, std::string_view path,
                                               CompileError& error) const = 0;
  /// The number of an enum field's value by its name, for comparing: "PLAYER_TYPE_MAGE" is 2.
  /// nullopt and an empty message in `error` when the field is no enum: names mean nothing there.
  virtual std::optional<std::int64_t> EnumNumber(PacketIndex packet, std::string_view path,
                                                 std::string_view name, CompileError& error) const;
  /// Header bytes included. `root` is a Members node.
  virtual std::optional<PacketTemplate> CompileTemplate(PacketIndex packet, const FieldNode& root,
                                                        CompileError& error) const = 0;
  /// Whether the payload can be that packet at all; one that cannot is undecodable and counts as
  /// packets_invalid. For each packet that is taken as a reply without looking into it.
  virtual bool IsWellFormed(PacketIndex packet, std::span<const std::byte> payload) const = 0;
  /// A packet's fields with their types as one line for people: "ok bool, players [id u64]".
  virtual std::string Fields(PacketIndex packet) const = 0;
  /// A packet's content as one line for people: {success: true, players: [...]}.
  virtual std::string Describe(PacketIndex packet, std::span<const std::byte> payload) const = 0;
};

class Hook;
class Protocol;

/// The template of a codec's own: with the protocol's header. nullopt with an error at `where` when
/// what is constant in it exceeds the packet limit already.
std::optional<PacketTemplate> MakeTemplate(const Protocol& protocol, PacketIndex packet,
                                           std::size_t constant_bytes,
                                           PacketTemplate::Payload payload,
                                           const std::string& where, CompileError& error);

/// How a server speaks: its framing, its packets with their ids, its payload codec.
/// Immutable after loading; read by all shards.
class Protocol {
 public:
  /// `header` has the constant bytes of a packet's header, with length and id as 0; empty: all 0.
  /// REQUIRES names and ids that are unique, and fewer packets than kUnknownPacket.
  Protocol(servercore::PacketFraming framing, std::vector<PacketType> packets,
           bool unknown_packets_close, std::vector<std::byte> header = {});
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  ~Protocol();

  const servercore::PacketFraming& framing() const { return framing_; }
  std::span<const PacketType> packets() const { return packets_; }
  const PacketType& packet(PacketIndex index) const { return packets_[index]; }
  /// For each packet that arrives: one look into an array, unless a server scatters its ids.
  PacketIndex IndexOfId(std::uint32_t id) const noexcept {
    const std::uint32_t place = id - first_id_;  // of an id before the first: far behind the last
    if (place < by_id_.size()) return by_id_[place];
    return sorted_ids_.empty() ? kUnknownPacket : FindScattered(id);
  }
  PacketIndex IndexOfName(std::string_view name) const;  ///< for loading; looks at all of them
  bool unknown_packets_close() const { return unknown_packets_close_; }  ///< else they are counted

  std::span<const std::byte> header() const { return header_; }
  std::span<const std::byte> trailer() const { return trailer_; }  ///< its constant bytes

  /// What is around payloads besides length, id and constants; null: nothing.
  const Envelope* envelope() const { return envelope_.get(); }
  /// Whether its packets pass through an envelope or a hook on their way.
  bool is_wrapped() const { return envelope_ != nullptr || hook_ != nullptr; }
  /// REQUIRES trailer.size() == envelope->trailer_bytes().
  void set_envelope(std::unique_ptr<const Envelope> envelope, std::vector<std::byte> trailer);

  /// A library that translates between these packets and what is on the wire; null: they are what
  /// is on the wire.
  const Hook* hook() const { return hook_.get(); }
  void set_hook(std::shared_ptr<const Hook> hook) { hook_ = std::move(hook); }

  /// REQUIRES a codec that was set.
  const PayloadCodec& codec() const { return *codec_; }
  void set_codec(std::unique_ptr<PayloadCodec> codec) { codec_ = std::move(codec); }

 private:
  PacketIndex FindScattered(std::uint32_t id) const noexcept;

  servercore::PacketFraming framing_;
  std::vector<PacketType> packets_;
  std::vector<PacketIndex> by_id_;  ///< from first_id_, while the ids lie close together
  std::uint32_t first_id_ = 0;
  std::vector<std::pair<std::uint32_t, PacketIndex>> sorted_ids_;  ///< when they lie far apart
  bool unknown_packets_close_ = false;
  std::vector<std::byte> header_;
  std::vector<std::byte> trailer_;
  std::unique_ptr<const Envelope> envelope_;
  std::shared_ptr<const Hook> hook_;
  std::unique_ptr<PayloadCodec> codec_;
};

}  // namespace stressbot
