#include "StressBot/protocol/PackedCodec.h"

#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/Description.h"
#include "StressBot/protocol/FieldList.h"
#include "StressBot/protocol/PackedNames.h"
#include "StressBot/protocol/PackedTemplateCompiler.h"
#include "StressBot/protocol/PackedText.h"
#include "StressBot/protocol/PathText.h"

namespace stressbot {
namespace {

using Hop = PackedPath::Hop;
using ShapeRef = std::shared_ptr<const PackedShape>;

/// Follows the names of a path from struct to struct.
class PackedPathWalk {
 public:
  PackedPathWalk(ShapeRef packet, std::string& problem)
      : shape_(std::move(packet)), problem_(problem) {}

  bool Follow(std::string_view name) {
    if (shape_->IsList()) return TakeElement(name);
    if (shape_->kind != PackedShape::Kind::kStruct) {
      return Fail(Quote(name_) + " is " + KindAtEnd() + " and has no field " + Quote(name));
    }
    const PackedShape::Member* found = shape_->Find(name);
    if (found == nullptr) return Fail(NoSuchField(*shape_, name));
    for (const PackedShape::Member& before : shape_->members) {
      if (&before == found) break;
      Pass(before.shape);
    }
    name_ = name;
    shape_ = found->shape;
    return true;
  }

  FieldPath Finish(std::size_t header_bytes) {
    return FieldPath(PackedPath(std::move(hops_), std::move(shape_), header_bytes));
  }

 private:
  void Pass(const ShapeRef& shape) {
    if (!shape->inline_bytes) {
      hops_.push_back({Hop::Kind::kSkip, 0, shape});
    } else if (!hops_.empty() && hops_.back().kind == Hop::Kind::kForward) {
      hops_.back().count += *shape->inline_bytes;
    } else {
      hops_.push_back({Hop::Kind::kForward, *shape->inline_bytes});
    }
  }

  bool TakeElement(std::string_view name) {
    const std::optional<std::uint32_t> element = ParseElementIndex(name);
    if (!element) return Fail(NotAnElement(name_, name));
    hops_.push_back({Hop::Kind::kElement, *element, shape_});
    shape_ = shape_->element;
    return true;
  }

  std::string KindAtEnd() const {
    return shape_->kind == PackedShape::Kind::kText ? "text" : "a single value";
  }

  bool Fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  ShapeRef shape_;
  std::string name_;
  std::vector<Hop> hops_;
  std::string& problem_;
};

}  // namespace

PackedCodec::PackedCodec(const Protocol& protocol, std::vector<ShapeRef> packets)
    : protocol_(protocol), packets_(std::move(packets)) {
  SC_ASSERT(packets_.size() == protocol_.packets().size());
}

std::optional<FieldPath> PackedCodec::CompilePath(PacketIndex packet, std::string_view path,
                                                  CompileError& error) const {
  error = {};
  PackedPathWalk walk(packets_[packet], error.message);
  for (const std::string_view name : SplitAtDots(path)) {
    if (!walk.Follow(name)) return std::nullopt;
  }
  return walk.Finish(protocol_.framing().header_bytes);
}

std::optional<PacketTemplate> PackedCodec::CompileTemplate(PacketIndex packet,
                                                           const FieldNode& root,
                                                           CompileError& error) const {
  error = {};
  std::optional<std::vector<PackedTemplate::Part>> parts =
      CompilePacked(packets_[packet], root, error);
  if (!parts) return std::nullopt;
  std::size_t constant_bytes = 0;
  for (const PackedTemplate::Part& part : *parts) constant_bytes += part.bytes.size();
  return MakeTemplate(protocol_, packet, constant_bytes, PackedTemplate(std::move(*parts)),
                      root.where, error);
}

std::string PackedCodec::Fields(PacketIndex packet) const {
  return PackedFields(*packets_[packet]);
}

bool PackedCodec::IsWellFormed(PacketIndex packet, std::span<const std::byte> payload) const {
  return stressbot::IsWellFormed(*packets_[packet], Payload(payload));
}

std::string PackedCodec::Describe(PacketIndex packet, std::span<const std::byte> payload) const {
  if (packet >= packets_.size()) return DescribeUndecodable(payload);
  return DescribePacked(*packets_[packet], Payload(payload));
}

}  // namespace stressbot
