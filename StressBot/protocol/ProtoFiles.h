#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "StressBot/json/Diagnostics.h"

namespace google::protobuf {
class Descriptor;
class EnumDescriptor;
}  // namespace google::protobuf

namespace stressbot {

/// The .proto files of a protocol, read at run time. Owns their descriptors; after the last Import
/// safe on any thread. The only place that knows protobuf's compiler.
class ProtoFiles {
 public:
  explicit ProtoFiles(const std::vector<std::filesystem::path>& import_paths);
  ProtoFiles(const ProtoFiles&) = delete;
  ProtoFiles& operator=(const ProtoFiles&) = delete;
  ~ProtoFiles();

  /// Whether the import paths hold that file; names are as in an import: "Protocol.proto".
  bool Finds(const std::string& file) const;
  /// Reads the file with all that it imports; mistakes in them become Diagnostics with their line.
  /// False when there was one.
  bool Import(const std::string& file, Diagnostics& errors);
  /// The messages of an imported file that lie in no other, in order of declaration.
  std::vector<const google::protobuf::Descriptor*> MessagesOf(const std::string& file) const;
  /// All enums of an imported file and of those that it imports; those within messages, too.
  std::vector<const google::protobuf::EnumDescriptor*> EnumsOf(const std::string& file) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace stressbot
