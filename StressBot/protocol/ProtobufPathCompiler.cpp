#include "StressBot/protocol/ProtobufPathCompiler.h"

#include <utility>
#include <vector>

#include "StressBot/protocol/PathText.h"
#include "StressBot/protocol/ProtobufNames.h"

namespace stressbot {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

/// Proto2 may say what an absent field reads as.
Value AbsentValueOf(const FieldDescriptor& field) {
  if (field.is_repeated()) return {};
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return std::int64_t{field.default_value_int32()};
    case FieldDescriptor::CPPTYPE_INT64:
      return std::int64_t{field.default_value_int64()};
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::uint64_t{field.default_value_uint32()};
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::uint64_t{field.default_value_uint64()};
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return field.default_value_double();
    case FieldDescriptor::CPPTYPE_FLOAT:
      return static_cast<double>(field.default_value_float());
    case FieldDescriptor::CPPTYPE_BOOL:
      return field.default_value_bool();
    case FieldDescriptor::CPPTYPE_ENUM:
      return std::int64_t{field.default_value_enum()->number()};
    case FieldDescriptor::CPPTYPE_STRING:
      return field.default_value_string();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return {};
}

/// Follows the names of a path from message to message.
class ProtobufPathWalk {
 public:
  ProtobufPathWalk(const Descriptor& message, std::string& problem)
      : message_(&message), problem_(problem) {}

  bool Follow(std::string_view name) {
    if (field_ != nullptr && field_->is_repeated() && !hops_.back().repeated) {
      return TakeElement(name);
    }
    if (message_ == nullptr) {
      return Fail("\"" + field_->name() + "\" is " + Kind() + " and has no field \"" +
                  std::string(name) + "\"");
    }
    const FieldDescriptor* found = FindField(*message_, name);
    if (found == nullptr) return Fail(NoSuchField(*message_, name));
    if (found->is_map() || IsGroup(*found)) {
      return Fail("\"" + found->name() + "\" is a " + (found->is_map() ? "map" : "group") +
                  "; these cannot be read");
    }
    if (hops_.size() == ProtobufPath::kHopsMax) {
      return Fail("the path is longer than " + std::to_string(ProtobufPath::kHopsMax) + " fields");
    }
    field_ = found;
    hops_.push_back({static_cast<std::uint32_t>(found->number()), false, 0});
    message_ = found->message_type();
    return true;
  }

  CompiledPath Finish() {
    const bool is_list = field_->is_repeated() && !hops_.back().repeated;
    return {ProtobufPath(std::move(hops_), ScalarOf(*field_), is_list, AbsentValueOf(*field_)),
            field_};
  }

 private:
  bool TakeElement(std::string_view name) {
    const std::optional<std::uint32_t> element = ParseElementIndex(name);
    if (!element) return Fail(NotAnElement(field_->name(), name));
    hops_.back().repeated = true;
    hops_.back().element = *element;
    return true;
  }

  std::string Kind() const {
    return field_->cpp_type() == FieldDescriptor::CPPTYPE_STRING ? "text" : "a single value";
  }

  bool Fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  const Descriptor* message_;
  const FieldDescriptor* field_ = nullptr;
  std::vector<ProtobufPath::Hop> hops_;
  std::string& problem_;
};

}  // namespace

std::optional<CompiledPath> CompilePathIn(const Descriptor& message, std::string_view path,
                                          std::string& problem) {
  ProtobufPathWalk walk(message, problem);
  for (const std::string_view name : SplitAtDots(path)) {
    if (!walk.Follow(name)) return std::nullopt;
  }
  return walk.Finish();
}

}  // namespace stressbot
