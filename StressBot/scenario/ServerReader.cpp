#include "StressBot/scenario/ServerReader.h"

#include <charconv>
#include <map>
#include <system_error>

#include "StressBot/protocol/ProtocolFile.h"
#include "StressBot/scenario/ExpressionCompiler.h"
#include "StressBot/scenario/Keys.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

/// Port 0 stands for the one that a supervised server chooses; whether there is one is not known
/// here.
bool IsTarget(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const char* const begin = text.data() + colon + 1;
  const char* const end = text.data() + text.size();
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(begin, end, port);
  return error == std::errc() && stop == end;
}

std::optional<std::string> TargetOption(const ScenarioContext& context, const std::string& server) {
  std::optional<std::string> target;
  for (const auto& [name, text] : context.options.targets)
    if (name.empty() || name == server) target = text;
  return target;
}

std::string ReadTarget(ScenarioContext& context, const JsonNode& server, const std::string& name) {
  if (const auto option = TargetOption(context, name)) {
    if (!IsTarget(*option))
      context.OptionError("--target",
                          "\"" + *option + "\" is no HOST:PORT, such as 127.0.0.1:7777");
    return *option;
  }
  const auto node = server.Find("target");
  if (!node) {
    context.without_target.emplace(static_cast<std::uint8_t>(context.servers.size()), server);
    return "";
  }
  const std::size_t errors_before = context.errors.list().size();
  const Expression target = ExpressionCompiler(context, {}).CompileScalar(*node);
  if (context.errors.list().size() != errors_before) return "";
  std::string text = ToText(target.literal);
  if (target.kind != Expression::Kind::kLiteral) {
    node->Error("must be known before the run: a text, ${env.NAME:DEFAULT}, a plain variable");
  } else if (!IsTarget(text)) {
    node->Error("\"" + text + "\" is no HOST:PORT, such as 127.0.0.1:7777");
  }
  return text;
}

void CheckTargetOptions(const ScenarioContext& context) {
  std::vector<std::string> names;
  for (const Server& server : context.servers) names.push_back(server.name);
  for (const auto& [name, text] : context.options.targets) {
    if (name.empty() && context.servers.size() > 1)
      context.OptionError("--target", "the scenario has several servers; write --target NAME=" +
                                          text + Suggest("", names));
    if (!name.empty() && !context.FindServer(name))
      context.OptionError("--target", "no server \"" + name + "\"" + Suggest(name, names));
  }
}

/// The protocol of a server; nullptr after an error. A file that is not there is the mistake of who
/// names it.
std::shared_ptr<const Protocol> ReadProtocol(const JsonNode& node,
                                             const std::filesystem::path& directory) {
  const std::filesystem::path path = (directory / PathOf(node.AsString())).lexically_normal();
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(path, failure);
  if (std::filesystem::is_directory(status)) {
    node.Error(Utf8Of(path) + " is a directory; name a file in it");
    return nullptr;
  }
  if (status.type() == std::filesystem::file_type::not_found) {
    node.Error("no file " + Utf8Of(path) + SuggestFile(path));
    return nullptr;
  }
  return LoadProtocol(path, node.errors());
}

}  // namespace

void ReadServers(ScenarioContext& context, const JsonNode& node,
                 const std::filesystem::path& directory) {
  std::map<std::string, std::shared_ptr<const Protocol>> loaded;  // servers may share a protocol
  std::shared_ptr<const Protocol> by_option;
  if (!context.options.protocol_file.empty())
    by_option = LoadProtocol(PathOf(context.options.protocol_file), context.errors);
  const auto members = node.Members();
  if (members.empty() && node.IsObject()) node.Error("needs at least one server");
  for (const auto& [name, entry] : members) {
    if (context.servers.size() == kConnectionsMax) {
      entry.Error("a scenario can have " + std::to_string(kConnectionsMax) + " servers");
      break;
    }
    entry.OnlyKeys({"protocol", "target"});
    Server server;
    server.name = name;
    if (!entry.IsObject()) continue;
    server.target = ReadTarget(context, entry, name);
    const auto file = entry.Require("protocol");
    if (!context.options.protocol_file.empty()) {
      server.protocol = by_option;
    } else if (file && file->IsString()) {
      const std::string path = Utf8Of((directory / PathOf(file->AsString())).lexically_normal());
      if (!loaded.contains(path)) loaded[path] = ReadProtocol(*file, directory);
      server.protocol = loaded[path];
    } else if (file) {
      file->AsString();
    }
    context.servers.push_back(std::move(server));
  }
  CheckTargetOptions(context);
}

void CheckTargets(const ScenarioContext& context, const Program& program) {
  for (const auto& [index, node] : context.without_target) {
    bool has_target = false;
    bool lacks_target = false;
    for (const Group& group : program.groups) {
      for (const ConnectStep& step : group.flow.connects) {
        if (step.server != index) continue;
        (step.target ? has_target : lacks_target) = true;
      }
    }
    if (lacks_target || !has_target)
      node.Error(
          "has no target; give it \"target\": \"HOST:PORT\", or start with --target, or say in "
          "each connect to it where it is");
  }
}

}  // namespace stressbot
