#include "StressBot/dashboard/model/ScenarioList.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "StressBot/cli/Options.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::size_t kStampsMax = 2000;  // of a folder: beyond it somebody named the wrong one

bool IsIn(std::string_view ending, std::initializer_list<std::string_view> endings) {
  return std::ranges::find(endings, ending) != endings.end();
}

bool MayBeScenario(const fs::path& file) {
  const std::string name = Utf8Of(file.filename());
  return name.ends_with(".json") && !name.ends_with(".protocol.json") &&
         !name.ends_with(".schema.json");
}

bool Matters(const fs::path& file) {
  return IsIn(Utf8Of(file.extension()), {".json", ".csv", ".jsonl", ".ndjson", ".proto"});
}

void Stamp(const fs::path& file, FileStamps& stamps) {
  std::error_code failure;
  const auto changed = fs::last_write_time(file, failure);
  if (failure) return;  // it has just been removed
  const std::uintmax_t bytes = fs::file_size(file, failure);
  if (!failure) stamps.emplace(file, FileStamp{changed, bytes});
}

/// Folders within `folder`, whose own are not looked into, are added to `folders`.
void StampFolder(const fs::path& folder, FileStamps& stamps, std::vector<fs::path>* folders) {
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (stamps.size() >= kStampsMax) return;
    std::error_code unknown;
    if (folders != nullptr && entry->is_directory(unknown)) {
      folders->push_back(entry->path());
    } else if (Matters(entry->path()) && entry->is_regular_file(unknown)) {
      Stamp(entry->path(), stamps);
    }
  }
}

/// Whether a file that scenarios may read is another, or there is one more or less.
bool DidOthersChange(const FileStamps& before, const FileStamps& now) {
  const auto others = [](const FileStamps& all) {
    FileStamps kept = all;
    std::erase_if(kept, [](const auto& entry) { return MayBeScenario(entry.first); });
    return kept;
  };
  return others(before) != others(now);
}

bool IsSame(const fs::path& a, const fs::path& b) {
  std::error_code failure;
  return a == b || (fs::equivalent(a, b, failure) && !failure);
}

bool IsWithin(const fs::path& file, const fs::path& folder) {
  const fs::path parent = file.parent_path();
  return parent == folder || parent.parent_path() == folder;
}

std::string SectionOf(const fs::path& file, const fs::path& folder) {
  const fs::path parent = file.parent_path();
  return parent == folder || !IsWithin(file, folder) ? "" : Utf8Of(parent.filename());
}

using ListedPointer = std::shared_ptr<const ListedScenario>;

struct ListEntry {
  bool is_within = false;  ///< the listing's folder
  ListedPointer scenario;
};

bool IsAsBefore(const ScenarioListing* before, const fs::path& file, const FileStamp& stamp) {
  if (before == nullptr) return false;
  const auto old = before->stamps.find(file);
  return old != before->stamps.end() && old->second == stamp;
}

/// Null when it was no scenario.
ListedPointer Known(const ScenarioListing& before, const fs::path& file) {
  const auto known =
      std::ranges::find(before.scenarios, file, [](const auto& s) { return s->file; });
  return known == before.scenarios.end() ? nullptr : *known;
}

ListedPointer Read(const fs::path& file, std::string section, bool is_named) {
  std::optional<ListedScenario> scenario = ReadListed(file);
  if (!scenario && !is_named) return nullptr;
  if (!scenario) {
    scenario.emplace().file = file;
    scenario->name = Utf8Of(file.stem());
    scenario->mistakes.push_back(
        {Utf8Of(file), 0, "", "is no scenario: it has neither \"groups\" nor \"flows\""});
  }
  scenario->section = std::move(section);
  return std::make_shared<ListedScenario>(*std::move(scenario));
}

}  // namespace

const ListedScenario* ScenarioListing::Find(const fs::path& file) const {
  const auto found = std::ranges::find(scenarios, file, [](const auto& s) { return s->file; });
  return found == scenarios.end() ? nullptr : found->get();
}

fs::path FindScenarioFolder(const fs::path& asked_for, const fs::path& here,
                            const fs::path& program_file) {
  if (!asked_for.empty()) return asked_for.lexically_normal();
  const fs::path name = "scenarios", beside = program_file.parent_path();
  const fs::path packaged = beside.parent_path() / "share" / "stressbot" / name;
  for (const fs::path& folder : {here / name, beside / name, packaged}) {
    std::error_code failure;
    if (fs::is_directory(folder, failure)) return folder;
  }
  return here / name;
}

FileStamps StampsOf(const fs::path& folder, const fs::path& named_file) {
  FileStamps stamps;
  std::vector<fs::path> within;
  StampFolder(folder, stamps, &within);
  for (const fs::path& one : within) StampFolder(one, stamps, nullptr);
  if (named_file.empty()) return stamps;
  const auto is_named = [&](const auto& entry) { return IsSame(entry.first, named_file); };
  if (std::ranges::none_of(stamps, is_named)) Stamp(named_file, stamps);
  return stamps;
}

std::shared_ptr<const ScenarioListing> ReadListing(const fs::path& folder,
                                                   const fs::path& named_file,
                                                   const ScenarioListing* before) {
  auto listing = std::make_shared<ScenarioListing>();
  std::error_code failure;
  listing->folder = folder;
  listing->is_folder = fs::is_directory(folder, failure);
  listing->stamps = StampsOf(folder, named_file);
  if (before != nullptr && DidOthersChange(before->stamps, listing->stamps)) before = nullptr;
  std::vector<ListEntry> entries;
  for (const auto& [file, stamp] : listing->stamps) {
    const bool is_named = !named_file.empty() && IsSame(file, named_file);
    if (!MayBeScenario(file) && !is_named) continue;
    auto scenario = IsAsBefore(before, file, stamp) ? Known(*before, file)
                                                    : Read(file, SectionOf(file, folder), is_named);
    if (scenario == nullptr) continue;
    if (is_named) listing->named = scenario;
    entries.push_back({IsWithin(file, folder), std::move(scenario)});
  }
  if (!named_file.empty() && listing->named == nullptr) {  // it does not exist
    listing->named = Read(named_file, "", true);
    entries.push_back({false, listing->named});
  }
  std::ranges::stable_sort(entries, {}, [](const ListEntry& entry) {
    return std::pair(entry.is_within, std::string_view(entry.scenario->section));
  });
  for (ListEntry& entry : entries) listing->scenarios.push_back(std::move(entry.scenario));
  return listing;
}

ScenarioList::ScenarioList(fs::path folder, fs::path named_file, std::function<void()> wake)
    : folder_(std::move(folder)),
      named_file_(std::move(named_file)),
      wake_(std::move(wake)),
      thread_([this] { Work(); }) {}

ScenarioList::~ScenarioList() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::shared_ptr<const ScenarioListing> ScenarioList::listing() const {
  const std::scoped_lock lock(mutex_);
  return listing_;
}

void ScenarioList::LookAgain() {
  {
    const std::scoped_lock lock(mutex_);
    is_asked_ = true;
  }
  changed_.notify_all();
}

void ScenarioList::set_watching(bool is_watching) {
  const std::scoped_lock lock(mutex_);
  is_watching_ = is_watching;
}

void ScenarioList::Plan(std::shared_ptr<const ListedScenario> of, std::vector<std::string> words) {
  {
    const std::scoped_lock lock(mutex_);
    wanted_plan_ = PlannedRun{std::move(of), std::move(words), {}};
  }
  changed_.notify_all();
}

std::shared_ptr<const PlannedRun> ScenarioList::plan() const {
  const std::scoped_lock lock(mutex_);
  return plan_;
}

void ScenarioList::ReadPlan(PlannedRun plan) {
  std::string error;
  const auto options = ParseWords(plan.words, error);
  std::optional<ListedScenario> read;
  if (options) read = ReadListed(plan.of->file, options->scenario);
  plan.scenario = read ? *std::move(read) : *plan.of;  // just now it became something else
  {
    const std::scoped_lock lock(mutex_);
    plan_ = std::make_shared<PlannedRun>(std::move(plan));
  }
  wake_();
}

void ScenarioList::Work() {
  bool reads_all = true;
  do {
    const std::shared_ptr<const ScenarioListing> before = listing();
    if (reads_all || StampsOf(folder_, named_file_) != before->stamps) {
      auto read = ReadListing(folder_, named_file_, reads_all ? nullptr : before.get());
      {
        const std::scoped_lock lock(mutex_);
        listing_ = std::move(read);
      }
      wake_();
    }
    reads_all = false;
    std::unique_lock lock(mutex_);
    const auto is_called = [this] { return is_asked_ || wanted_plan_ || is_ending_; };
    do {
      changed_.wait_for(lock, kLookEvery, is_called);
    } while (!is_watching_ && !is_called());
    if (is_ending_) return;
    reads_all = std::exchange(is_asked_, false);
    std::optional<PlannedRun> wanted = std::exchange(wanted_plan_, std::nullopt);
    lock.unlock();
    if (wanted) ReadPlan(*std::move(wanted));
  } while (true);
}

}  // namespace stressbot
