#include "StressBot/protocol/HookFile.h"

#include <string>
#include <utility>
#include <vector>

#include "StressBot/system/SharedLibrary.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

std::vector<Hook::Setting> ReadConfig(const JsonNode& node) {
  std::vector<Hook::Setting> settings;
  for (const auto& [name, value] : node.Members()) {
    const auto& json = value.json();
    if (value.IsString()) {
      settings.push_back({name, value.AsString()});
    } else if (json.is_number() || json.is_boolean()) {
      settings.push_back({name, json.dump()});
    } else {
      value.Error("must be a text, a number, true or false, since hooks are plain C");
    }
  }
  return settings;
}

}  // namespace

std::shared_ptr<const Hook> ReadHook(const JsonNode& root, const std::filesystem::path& directory) {
  const auto node = root.Find("hook");
  if (!node) return nullptr;
  const std::size_t errors_before = root.errors().list().size();
  node->OnlyKeys({"library", "config"});
  if (!node->IsObject()) return nullptr;
  std::vector<Hook::Setting> settings;
  if (const auto config = node->Find("config")) settings = ReadConfig(*config);
  const auto library = node->Require("library");
  const std::string name = library ? library->AsString() : "";
  if (library && library->IsString() && name.empty()) library->Error("names no file");
  if (root.errors().list().size() != errors_before) return nullptr;

  const std::filesystem::path file =
      (directory / SharedLibrary::FileOf(PathOf(name))).lexically_normal();
  std::error_code failure;
  if (!std::filesystem::is_regular_file(file, failure)) {
    library->Error("no such file: " + Utf8Of(file));
    return nullptr;
  }
  std::string error;
  auto hook = Hook::Load(file, settings, error);
  if (!hook) library->Error(error);
  return hook;
}

}  // namespace stressbot
