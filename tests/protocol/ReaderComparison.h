#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tests/protocol/ReferenceMessages.h"

namespace stressbot {

/// Reads payloads of C_ALL (AllTypes.proto) in every way that StressBot can, and as protobuf does.
/// Protobuf complains on the terminal of text that is no UTF-8: silence it meanwhile.
class ReaderComparison {
 public:
  ReaderComparison();

  /// "", or what is wrong: our reader's two ways disagree, or protobuf, accepting the bytes too,
  /// reads something else. (Ours is stricter with damaged bytes: protobuf cuts a field number that
  /// is too large.)
  std::string Difference(const std::string& payload);

  const Protocol& protocol() const { return *protocol_; }
  ReferenceMessages& reference() { return reference_; }

 private:
  using Message = google::protobuf::Message;
  struct Top {
    const google::protobuf::FieldDescriptor* field;
    FieldPath path;
  };

  std::string CompareTop(const Top& top, std::span<const std::byte> bytes) const;

  std::shared_ptr<const Protocol> protocol_ = LoadAllTypes();
  ReferenceMessages reference_{TestDataDirectory(), "AllTypes.proto"};
  std::unique_ptr<Message> message_ = reference_.New("C_ALL");
  std::vector<Top> tops_;
  std::vector<FieldPath> deep_;
};

}  // namespace stressbot
