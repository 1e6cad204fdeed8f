#include "StressBot/protocol/ProtoFiles.h"

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/stubs/logging.h>

#include <map>
#include <set>

#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

namespace protobuf = google::protobuf;

constexpr int kMistakesMax = 5;  // of one .proto: one wrong line can bring dozens of others

/// Protobuf writes warnings to the terminal, such as "No syntax specified", past all listeners.
class QuietProtobuf {
 public:
  QuietProtobuf() : handler_(protobuf::SetLogHandler(nullptr)) {}
  ~QuietProtobuf() { protobuf::SetLogHandler(handler_); }
  QuietProtobuf(const QuietProtobuf&) = delete;
  QuietProtobuf& operator=(const QuietProtobuf&) = delete;

 private:
  protobuf::LogHandler* handler_;
};

/// Turns protobuf's complaints into Diagnostics. It lives as long as the importer, which may
/// complain late; between imports nobody listens.
class ErrorListener : public protobuf::compiler::MultiFileErrorCollector {
 public:
  explicit ErrorListener(protobuf::compiler::DiskSourceTree& tree) : tree_(tree) {}

  void Listen(Diagnostics& errors) {
    mistakes_.clear();
    errors_ = &errors;
  }
  void StopListening() {
    for (const auto& [file, mistakes] : mistakes_) {
      if (mistakes <= kMistakesMax) continue;
      errors_->Add({file, 0, "", "and " + std::to_string(mistakes - kMistakesMax) + " more"});
    }
    errors_ = nullptr;
  }

  // Protobuf counts lines from 0, and -1 is no line.
  void AddError(const std::string& file, int line, int /*column*/,
                const std::string& message) override {
    if (errors_ == nullptr) return;
    std::string on_disk;
    const bool is_there = tree_.VirtualFileToDiskFile(file, &on_disk);
    const std::string& shown = is_there ? on_disk : file;
    if (++mistakes_[shown] > kMistakesMax) return;
    errors_->Add({shown, line + 1, "",
                  is_there ? message : message + " Looked for it in the import paths."});
  }

 private:
  protobuf::compiler::DiskSourceTree& tree_;
  Diagnostics* errors_ = nullptr;
  std::map<std::string, int> mistakes_;  ///< by file
};

using Enums = std::vector<const protobuf::EnumDescriptor*>;

void AddEnumsIn(const protobuf::Descriptor& message, Enums& enums) {
  for (int i = 0; i < message.enum_type_count(); ++i) enums.push_back(message.enum_type(i));
  for (int i = 0; i < message.nested_type_count(); ++i) AddEnumsIn(*message.nested_type(i), enums);
}

void AddEnumsOf(const protobuf::FileDescriptor& file, Enums& enums,
                std::set<const protobuf::FileDescriptor*>& seen) {
  if (!seen.insert(&file).second) return;
  for (int i = 0; i < file.enum_type_count(); ++i) enums.push_back(file.enum_type(i));
  for (int i = 0; i < file.message_type_count(); ++i) AddEnumsIn(*file.message_type(i), enums);
  for (int i = 0; i < file.dependency_count(); ++i) AddEnumsOf(*file.dependency(i), enums, seen);
}

}  // namespace

struct ProtoFiles::Parts {
  protobuf::compiler::DiskSourceTree tree;
  ErrorListener listener{tree};
  protobuf::compiler::Importer importer{&tree, &listener};
};

ProtoFiles::ProtoFiles(const std::vector<std::filesystem::path>& import_paths)
    : parts_(std::make_unique<Parts>()) {
  for (const std::filesystem::path& path : import_paths) {
    // On Windows "/dir" is on the current drive; protobuf finds it only with the drive in front.
    const bool from_root = path.has_root_directory();
    const std::filesystem::path known = from_root ? std::filesystem::absolute(path) : path;
    parts_->tree.MapPath("", known.empty() ? "." : Utf8Of(known));
  }
}

ProtoFiles::~ProtoFiles() = default;

bool ProtoFiles::Finds(const std::string& file) const {
  std::string on_disk;
  return parts_->tree.VirtualFileToDiskFile(file, &on_disk);
}

bool ProtoFiles::Import(const std::string& file, Diagnostics& errors) {
  const QuietProtobuf quiet;
  parts_->listener.Listen(errors);
  const bool imported = parts_->importer.Import(file) != nullptr;
  parts_->listener.StopListening();
  return imported;
}

std::vector<const protobuf::Descriptor*> ProtoFiles::MessagesOf(const std::string& file) const {
  std::vector<const protobuf::Descriptor*> messages;
  const protobuf::FileDescriptor* descriptor = parts_->importer.pool()->FindFileByName(file);
  if (descriptor == nullptr) return messages;
  for (int i = 0; i < descriptor->message_type_count(); ++i) {
    messages.push_back(descriptor->message_type(i));
  }
  return messages;
}

std::vector<const protobuf::EnumDescriptor*> ProtoFiles::EnumsOf(const std::string& file) const {
  Enums enums;
  std::set<const protobuf::FileDescriptor*> seen;
  const protobuf::FileDescriptor* descriptor = parts_->importer.pool()->FindFileByName(file);
  if (descriptor != nullptr) AddEnumsOf(*descriptor, enums, seen);
  return enums;
}

}  // namespace stressbot
