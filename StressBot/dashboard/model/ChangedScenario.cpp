#include "StressBot/dashboard/model/ChangedScenario.h"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include "StressBot/dashboard/model/JsonEdits.h"
#include "StressBot/json/JsonDocument.h"
#include "StressBot/json/TextFile.h"
#include "StressBot/report/FileWriter.h"
#include "StressBot/scenario/ScenarioFile.h"
#include "StressBot/system/Environment.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;
using Json = JsonDocument::Json;

std::string Quoted(const std::string& text) { return Json(text).dump(); }

bool IsSameRate(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(a, b); }

/// The differences between two programs of one scenario, as edits of its text.
class GroupEdits {
 public:
  GroupEdits(JsonEdits& edits, const Json& root) : edits_(edits), root_(root) {}

  void Write(const Group& before, const Group& now) {
    json_ = &root_.at("groups").at(now.name);
    path_ = MemberPath("groups", now.name);
    WriteTime("startTime", before.start_time, now.start_time);
    if (now.arrivals) {
      WriteArrivals(*before.arrivals, *now.arrivals);
    } else {
      WriteBots(before, now);
    }
  }

 private:
  std::string At(const char* key) const { return MemberPath(path_, key); }
  bool Has(const char* key) const { return json_->contains(key); }

  void WriteTime(const char* key, Nanoseconds before, Nanoseconds now) {
    if (before == now) return;
    const std::string text = Quoted(DurationText(now));
    Has(key) ? edits_.Replace(At(key), text) : edits_.Insert(path_, key, text);
  }
  void WriteCount(const char* key, std::uint64_t before, std::uint64_t now) {
    if (before != now) edits_.Replace(At(key), std::to_string(now));
  }
  void WriteRate(const std::string& path, double before, double now) {
    if (IsSameRate(before, now)) return;
    edits_.Replace(path, NumberText(now * unit_s_));
  }

  void WriteBots(const Group& before, const Group& now) {
    WriteCount("maxBots", before.bots_by_hand_max, now.bots_by_hand_max);
    WriteCount("bots", before.BotsMax(), now.BotsMax());
    WriteCount("startBots", before.bots_at_start, now.bots_at_start);
    if (Has("stages")) {
      WriteStages(before.stages, now.stages, [&](const std::string& path, std::size_t i) {
        if (before.stages[i].target != now.stages[i].target)
          edits_.Replace(path, std::to_string(now.stages[i].target));
      });
      return;
    }
    if (Has("rampUp"))
      WriteTime("rampUp", before.stages.front().duration, now.stages.front().duration);
    WriteTime(now.iterations > 0 ? "maxDuration" : "duration", before.Duration(), now.Duration());
  }

  void WriteArrivals(const Arrivals& before, const Arrivals& now) {
    const auto unit = json_->find("timeUnit");
    unit_s_ = unit == json_->end()
                  ? 1
                  : std::chrono::duration<double>(*ParseDuration(unit->get<std::string>())).count();
    WriteCount("maxBots", before.bots_max, now.bots_max);
    WriteRate(At(Has("rate") ? "rate" : "startRate"), before.rate_at_start, now.rate_at_start);
    if (!Has("stages")) {
      WriteTime("duration", before.stages.front().duration, now.stages.front().duration);
      return;
    }
    WriteStages(before.stages, now.stages, [&](const std::string& path, std::size_t i) {
      WriteRate(path, before.stages[i].rate, now.stages[i].rate);
    });
  }

  template <typename Stages, typename WriteTarget>
  void WriteStages(const Stages& before, const Stages& now, const WriteTarget& write_target) {
    for (std::size_t i = 0; i < now.size(); ++i) {
      const std::string stage = ElementPath(At("stages"), i);
      if (before[i].duration != now[i].duration)
        edits_.Replace(MemberPath(stage, "duration"), Quoted(DurationText(now[i].duration)));
      write_target(MemberPath(stage, "target"), i);
    }
  }

  JsonEdits& edits_;
  const Json& root_;
  const Json* json_ = nullptr;  ///< of the group
  std::string path_;
  double unit_s_ = 1;
};

void WriteEvents(const Program& before, const Program& now, JsonEdits& edits) {
  for (std::size_t i = 0; i < now.events.size(); ++i) {
    const std::string path = ElementPath("events", i);
    const auto write = [&](const char* key, Nanoseconds old_time, Nanoseconds new_time) {
      if (old_time != new_time)
        edits.Replace(MemberPath(path, key), Quoted(DurationText(new_time)));
    };
    write("at", before.events[i].from, now.events[i].from);
    write("from", before.events[i].from, now.events[i].from);
    write("until", before.events[i].until, now.events[i].until);
  }
}

void WriteSettings(const RunSettings& settings, JsonEdits& edits) {
  for (const RunSettings::Target& target : settings.targets) {
    if (!target.text.is_changed()) continue;
    edits.Replace(MemberPath(MemberPath("servers", target.server), "target"),
                  Quoted(target.text.text));
  }
  for (const RunSettings::Variable& variable : settings.variables) {
    if (!variable.text.is_changed()) continue;
    // As --var understands it: a number, true, a text in quotes, or a text.
    const Json value = Json::parse(variable.text.text, nullptr, /*allow_exceptions=*/false);
    const bool is_scalar = value.is_number() || value.is_boolean() || value.is_string();
    edits.Replace(MemberPath("variables", variable.name),
                  is_scalar ? value.dump() : Quoted(variable.text.text));
  }
}

/// A relative path of the document, as it is called from the new file's folder.
void MovePath(const Json& object, const char* key, const std::string& place, const fs::path& from,
              const fs::path& to, JsonEdits& edits) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_string()) return;
  const std::string text = found->get<std::string>();
  const fs::path path = PathOf(text);
  if (path.is_absolute() || text.find("://") != std::string::npos) return;
  std::error_code failure;
  const fs::path file = fs::weakly_canonical(from / path, failure);
  fs::path moved = fs::proximate(file, fs::weakly_canonical(to, failure), failure);
  if (failure) moved = file;
  std::string written = Utf8Of(moved);
  if (text.starts_with("./")) written.insert(0, written.starts_with("../") ? "" : "./");
  if (written != text) edits.Replace(MemberPath(place, key), Quoted(written));
}

void MovePaths(const Json& root, const fs::path& old_file, const fs::path& new_file,
               JsonEdits& edits) {
  const fs::path from = old_file.parent_path().empty() ? "." : old_file.parent_path();
  const fs::path to = new_file.parent_path().empty() ? "." : new_file.parent_path();
  std::error_code failure;
  if (fs::equivalent(from, to, failure)) return;
  MovePath(root, "$schema", "", from, to, edits);
  for (const auto& [list, key] : {std::pair("servers", "protocol"), std::pair("feeds", "file")}) {
    if (!root.contains(list)) continue;
    for (const auto& [name, object] : root.at(list).items()) {
      MovePath(object, key, MemberPath(list, name), from, to, edits);
    }
  }
}

bool IsSameLoad(const Group& a, const Group& b) {
  const auto same_stage = [](const Stage& x, const Stage& y) {
    return x.duration == y.duration && x.target == y.target;
  };
  const auto same_arrivals = [](const Arrivals::Stage& x, const Arrivals::Stage& y) {
    return x.duration == y.duration && IsSameRate(x.rate, y.rate);
  };
  if (a.arrivals.has_value() != b.arrivals.has_value() || a.start_time != b.start_time)
    return false;
  if (!a.arrivals) {
    return a.bots_at_start == b.bots_at_start && std::ranges::equal(a.stages, b.stages, same_stage);
  }
  return a.arrivals->bots_max == b.arrivals->bots_max &&
         IsSameRate(a.arrivals->rate_at_start, b.arrivals->rate_at_start) &&
         std::ranges::equal(a.arrivals->stages, b.arrivals->stages, same_arrivals);
}

std::optional<Scenario> Compile(const JsonDocument& document, const ScenarioOptions& options,
                                std::string& error) {
  Diagnostics mistakes;
  auto scenario = CompileScenario(document, options, mistakes);
  if (!scenario) error = mistakes.list().front().ToString();
  return scenario;
}

/// What was written must run as what was set: else it is a mistake of ours, better told than kept.
bool IsAsSet(const std::string& text, const fs::path& new_file, const Program& wanted,
             std::string& error) {
  Diagnostics mistakes;
  const auto document = JsonDocument::Parse(text, Utf8Of(new_file), mistakes);
  if (!document) {
    error = mistakes.list().front().ToString();
    return false;
  }
  ScenarioOptions options;
  options.environment = ReadEnvironment;
  const auto scenario = Compile(*document, options, error);
  if (!scenario) return false;
  if (std::ranges::equal(scenario->program->groups, wanted.groups, IsSameLoad)) return true;
  error = "the file would not have the same load";
  return false;
}

}  // namespace

std::optional<std::string> ChangedScenario(const RunSettings& settings, const fs::path& new_file,
                                           std::string& error) {
  const fs::path old_file = PathOf(settings.scenario_file);
  const auto options = ToOptions(settings, error);
  if (!options) return std::nullopt;
  const auto text = ReadTextFile(old_file, error);
  if (!text) return std::nullopt;
  Diagnostics mistakes;
  const auto document = JsonDocument::Parse(*text, settings.scenario_file, mistakes);
  if (!document) {
    error = mistakes.list().front().ToString();
    return std::nullopt;
  }
  ScenarioOptions unchanged;
  unchanged.environment = ReadEnvironment;
  const auto before = Compile(*document, unchanged, error);
  const auto now = before ? Compile(*document, options->scenario, error) : std::nullopt;
  if (!now) return std::nullopt;

  JsonEdits edits(*text);
  const Json& root = document->root();
  GroupEdits groups(edits, root);
  for (std::size_t i = 0; i < now->program->groups.size(); ++i) {
    groups.Write(before->program->groups[i], now->program->groups[i]);
  }
  WriteEvents(*before->program, *now->program, edits);
  if (before->program->warmup != now->program->warmup)
    edits.Replace("warmup", Quoted(DurationText(now->program->warmup)));
  WriteSettings(settings, edits);
  MovePaths(root, old_file, new_file, edits);
  // Otherwise a list would show two of one name.
  if (new_file.stem() != old_file.stem()) edits.Replace("name", Quoted(Utf8Of(new_file.stem())));
  std::string edited = edits.Apply();
  if (!IsAsSet(edited, new_file, *now->program, error)) return std::nullopt;
  return edited;
}

SaveResult SaveChangedScenario(const RunSettings& settings, const fs::path& new_file, bool replaces,
                               std::string& error) {
  std::error_code failure;
  if (!replaces && fs::exists(fs::symlink_status(new_file, failure))) return SaveResult::kExists;
  const auto text = ChangedScenario(settings, new_file, error);
  if (!text || !WriteFileAtomically(new_file, *text, error)) return SaveResult::kFailed;
  return SaveResult::kSaved;
}

}  // namespace stressbot
