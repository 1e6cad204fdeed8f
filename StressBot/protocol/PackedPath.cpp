#include "StressBot/protocol/PackedPath.h"

#include <utility>

#include "StressBot/protocol/Scalar.h"

namespace stressbot {
PackedPath::PackedPath(std::vector<Hop> hops, std::shared_ptr<const PackedShape> target,
                       std::size_t header_bytes)
    : hops_(std::move(hops)), target_(std::move(target)), header_bytes_(header_bytes) {}

FieldScalar PackedPath::scalar() const {
  const PackedShape* shape = target_.get();
  while (shape->IsList()) shape = shape->element.get();
  return shape->scalar;
}

ReadStatus PackedPath::Read(std::span<const std::byte> payload, FieldWant want,
                            FieldView& out) const {
  out = FieldView{};
  const PackedPayload packed(payload, header_bytes_);
  std::size_t at = 0;
  switch (Follow(packed, at)) {
    case Arrival::kBroken:
      return ReadStatus::kMalformed;
    case Arrival::kNoElement:
      if (want == FieldWant::kExists) out = MakeBool(false);
      return ReadStatus::kOk;
    case Arrival::kThere:
      break;
  }
  return ReadTarget(packed, at, want, out);
}

PackedPath::Arrival PackedPath::Follow(const PackedPayload& payload, std::size_t& at) const {
  for (const Hop& hop : hops_) {
    switch (hop.kind) {
      case Hop::Kind::kForward:
        at += hop.count;
        break;
      case Hop::Kind::kSkip:
        at = payload.Skip(*hop.shape, at);
        break;
      case Hop::Kind::kElement: {
        PackedPayload::Elements elements;
        if (!payload.Find(*hop.shape, at, elements)) return Arrival::kBroken;
        if (hop.count >= elements.count) return Arrival::kNoElement;
        at = payload.ElementAt(*hop.shape, elements, hop.count);
        break;
      }
    }
    if (at == kNowhere) return Arrival::kBroken;
  }
  return Arrival::kThere;
}

ReadStatus PackedPath::ReadTarget(const PackedPayload& payload, std::size_t at, FieldWant want,
                                  FieldView& out) const {
  PackedPayload::Elements elements;
  switch (target_->kind) {
    case PackedShape::Kind::kNumber:
      if (!payload.Has(at, target_->unit_bytes)) return ReadStatus::kMalformed;
      if (want == FieldWant::kValue) {
        out = DecodeScalar(target_->scalar,
                           payload.Number(at, target_->unit_bytes, target_->big_endian), {});
      }
      break;
    case PackedShape::Kind::kText: {
      if (!payload.Find(*target_, at, elements)) return ReadStatus::kMalformed;
      const std::span<const std::byte> text = payload.TextOf(*target_, elements);
      if (want == FieldWant::kSize) out = MakeUint(text.size() / target_->unit_bytes);
      if (want != FieldWant::kValue) break;
      out = DecodeScalar(FieldScalar::kString, 0, text);
      if (target_->encoding == PackedShape::Encoding::kUtf16) out.kind = FieldView::Kind::kUtf16;
      break;
    }
    case PackedShape::Kind::kList:
      if (!payload.Find(*target_, at, elements)) return ReadStatus::kMalformed;
      if (want == FieldWant::kSize) out = MakeUint(elements.count);
      if (want == FieldWant::kExists) out = MakeBool(elements.count > 0);
      return ReadStatus::kOk;
    case PackedShape::Kind::kStruct:
      if (payload.Skip(*target_, at) == kNowhere) return ReadStatus::kMalformed;
      break;
  }
  if (want == FieldWant::kExists) out = MakeBool(true);
  return ReadStatus::kOk;
}

}  // namespace stressbot
