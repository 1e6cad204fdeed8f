#pragma once
#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/dynamic_message.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "StressBot/protocol/Protocol.h"

namespace stressbot {

/// The same .proto files through protobuf itself: what our readers and writers are compared with.
class ReferenceMessages {
 public:
  using Message = google::protobuf::Message;

  /// `file` lies in `directory`, as do its imports.
  ReferenceMessages(const std::filesystem::path& directory, const std::string& file);

  std::unique_ptr<Message> New(const std::string& name);  ///< "C_ALL"
  /// From protobuf's text format: `flag: true list { name: "a" }`.
  std::unique_ptr<Message> FromText(const std::string& name, const std::string& text);
  /// All fields drawn: absent, small, large; lists and messages within each other.
  void Fill(Message& message, std::mt19937_64& random, int depth = 0) const;

 private:
  google::protobuf::compiler::DiskSourceTree tree_;
  google::protobuf::compiler::Importer importer_{&tree_, nullptr};
  google::protobuf::DynamicMessageFactory factory_;
  const google::protobuf::FileDescriptor* file_;
};

std::filesystem::path SourceDirectory();
std::filesystem::path TestDataDirectory();
/// all_types.protocol.json; the test fails when it cannot be loaded.
std::shared_ptr<const Protocol> LoadAllTypes();

std::span<const std::byte> AsBytes(std::string_view text);
std::string AsText(std::span<const std::byte> bytes);

}  // namespace stressbot
