#include "StressBot/protocol/ProtoFiles.h"

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>

namespace stressbot {
namespace {

namespace protobuf = google::protobuf;

/// Turns protobuf's complaints into Diagnostics. It lives as long as the importer, which may
/// complain late; between imports nobody listens.
class ErrorListener : public protobuf::compiler::MultiFileErrorCollector {
 public:
  explicit ErrorListener(protobuf::compiler::DiskSourceTree& tree) : tree_(tree) {}

  void set_errors(Diagnostics* errors) { errors_ = errors; }

  // Protobuf counts lines from 0, and -1 is no line.
  void AddError(const std::string& file, int line, int /*column*/,
                const std::string& message) override {
    if (errors_ == nullptr) return;
    std::string on_disk;
    const bool is_there = tree_.VirtualFileToDiskFile(file, &on_disk);
    errors_->Add({is_there ? on_disk : file, line + 1, "",
                  is_there ? message : message + " Looked for it in the import paths."});
  }

 private:
  protobuf::compiler::DiskSourceTree& tree_;
  Diagnostics* errors_ = nullptr;
};

}  // namespace

struct ProtoFiles::Parts {
  protobuf::compiler::DiskSourceTree tree;
  ErrorListener listener{tree};
  protobuf::compiler::Importer importer{&tree, &listener};
};

ProtoFiles::ProtoFiles(const std::vector<std::filesystem::path>& import_paths)
    : parts_(std::make_unique<Parts>()) {
  for (const std::filesystem::path& path : import_paths) {
    parts_->tree.MapPath("", path.empty() ? "." : path.generic_string());
  }
}

ProtoFiles::~ProtoFiles() = default;

bool ProtoFiles::Finds(const std::string& file) const {
  std::string on_disk;
  return parts_->tree.VirtualFileToDiskFile(file, &on_disk);
}

bool ProtoFiles::Import(const std::string& file, Diagnostics& errors) {
  parts_->listener.set_errors(&errors);
  const bool imported = parts_->importer.Import(file) != nullptr;
  parts_->listener.set_errors(nullptr);
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

}  // namespace stressbot
