// Any bytes as a packed packet: what the check accepts is read to its last byte without leaving the
// packet, and what is read means the same when it is written again.
// Input: which struct, the packet with its header.

#include <bit>
#include <string>
#include <type_traits>

#include "ServerCore/Assert.h"
#include "ServerCore/packet/BufferReader.h"
#include "ServerCore/packet/BufferWriter.h"
#include "tests/fuzz/FuzzInput.h"

namespace servercore::fuzz {
namespace {

struct PKT_ALL {
  static constexpr std::uint16_t kPacketId = 1;
  struct Buff {
    Packed<std::uint64_t> id;
    PackedList<std::uint64_t> victims;
    PackedString16 name;
  };
  Packed<std::int32_t> hp;
  Packed<bool> is_alive;
  Packed<std::uint8_t> element;
  Packed<std::uint32_t> level;
  PackedString name;
  PackedList<Buff> buffs;
  PackedList<PackedString> titles;
};

/// Only such a struct can nest as deep as a peer likes.
struct PKT_TREE {
  static constexpr std::uint16_t kPacketId = 2;
  struct Node {
    Packed<std::uint8_t> value;
    PackedList<Node> children;
  };
  PackedList<Node> roots;
  PackedString16 name;
};

/// Reads everything in a packet into one text, and copies it to a writer.
template <typename T>
class Copier {
 public:
  Copier(const BufferReader<T>& reader, BufferWriter<T>& writer)
      : reader_(reader), writer_(writer) {
    Members(*reader, *writer);
  }
  const std::string& text() const { return text_; }

 private:
  template <typename S>
  void Members(const S& from, S& to) {
    packed::WithMembers(from, [&](const auto&... read) {
      packed::WithMembers(to, [&](auto&... written) { (this->Copy(read, written), ...); });
    });
  }
  template <typename N>
  void Copy(const Packed<N>& from, Packed<N>& to) {
    text_ += std::to_string(from.get()) + ' ';
    to = from.get();
  }
  template <typename Text>
  requires(std::is_same_v<Text, PackedString> ||
           std::is_same_v<Text, PackedString16>) void Copy(const Text& from, Text& to) {
    text_ += reader_.Text(from);
    text_ += '|';
    writer_.Write(to, reader_.Text(from));
  }
  template <typename E>
  void Copy(const PackedList<E>& from, PackedList<E>& to) {
    text_ += '[';
    writer_.WriteEach(to, reader_.List(from),
                      [this](auto& written, const auto& read) { this->Copy(read, written); });
    text_ += ']';
  }
  template <PackedStruct S>
  requires(!std::is_base_of_v<PackedPlace, S>) void Copy(const S& from, S& to) {
    Members(from, to);
  }

  const BufferReader<T>& reader_;
  BufferWriter<T>& writer_;
  std::string text_;
};

template <typename T>
void ReadAndWriteAgain(std::span<const std::byte> packet) {
  const BufferReader<T> reader(packet);
  SC_ASSERT((reader.error() == PackedError::kNone) == static_cast<bool>(reader));
  if (!reader) return;
  static SendBufferManager manager;
  static SendBufferPool pool(manager);
  const auto copy = [](const BufferReader<T>& from, std::string& text) {
    BufferWriter<T> writer(pool, packed::kPacketBytesMax);
    text = Copier<T>(from, writer).text();
    return writer.Close();
  };
  std::string first;
  const auto written = copy(reader, first);
  SC_ASSERT(written);  // no list lies in another, so it is no longer than what was read
  std::string second;
  const BufferReader<T> again(written->bytes());
  SC_ASSERT(again);
  const auto rewritten = copy(again, second);
  SC_ASSERT(rewritten && first == second && rewritten->size() == written->size());
  SC_ASSERT(written->size() <= packet.size());
}

}  // namespace
}  // namespace servercore::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace servercore::fuzz;
  FuzzInput input(data, size);
  const bool is_tree = input.TakeByte() % 2 == 1;
  const auto packet = std::as_bytes(input.TakeRest());
  if (packet.size() > servercore::packed::kPacketBytesMax) return 0;  // framing lets none through
  if (is_tree) {
    ReadAndWriteAgain<PKT_TREE>(packet);
  } else {
    ReadAndWriteAgain<PKT_ALL>(packet);
  }
  return 0;
}
