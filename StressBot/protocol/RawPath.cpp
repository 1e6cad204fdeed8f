#include "StressBot/protocol/RawPath.h"

#include "StressBot/protocol/Scalar.h"

namespace stressbot {

ReadStatus RawPath::Read(std::span<const std::byte> payload, FieldWant want, FieldView& out) const {
  out = {};
  const bool is_there = from_ <= payload.size() && (!count_ || *count_ <= payload.size() - from_);
  if (want == FieldWant::kExists) {
    out = MakeBool(is_there);
  } else if (is_there) {
    const auto bytes = payload.subspan(from_, count_.value_or(payload.size() - from_));
    if (what_ == What::kSize) {
      if (want == FieldWant::kValue) out = MakeUint(bytes.size());  // a number has no size
    } else if (want == FieldWant::kSize) {
      out = MakeUint(bytes.size());
    } else {
      out.kind = what_ == What::kHex ? FieldView::Kind::kHex : FieldView::Kind::kText;
      out.text = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
  }
  return ReadStatus::kOk;
}

FieldScalar RawPath::scalar() const {
  if (what_ == What::kSize) return FieldScalar::kUint64;
  return what_ == What::kHex ? FieldScalar::kHex : FieldScalar::kBytes;
}

}  // namespace stressbot
