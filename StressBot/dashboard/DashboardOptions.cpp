#include "StressBot/dashboard/DashboardOptions.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <vector>

#include "StressBot/dashboard/ui/FontFile.h"
#include "StressBot/metrics/Suggestion.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

constexpr int kPixelsMin = 320, kPixelsMax = 8192;

constexpr const char* kExamples =
    R"(Examples:
  stressbot-dashboard
      opens, shows the scenarios of the folder scenarios, and runs the one that you choose
  stressbot-dashboard town.json --target 10.0.0.5:7777
      opens with this scenario, ready to run against another target
  stressbot-dashboard town.json --server "./game-server --port 0" --target 127.0.0.1:0
      starts the server too when the run starts, and shows what it writes
  stressbot-dashboard report.json
      shows a run that was kept with stressbot run ... --out json=report.json
  stressbot-dashboard --lang ko --theme light --scale 1.5
      in Korean, light, half as large again
  stressbot-dashboard --offscreen 1280x720 --picture start.png
      needs no display: draws once and saves what a window would show

The same tests run without a window: stressbot run --help
)";

/// The option's texts as they were given.
struct Words {
  std::string language, theme = "system", font, offscreen, picture, probe;
};

std::optional<int> ToPixels(std::string_view text) {
  int pixels = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), pixels);
  const bool is_number = failure == std::errc() && end == text.data() + text.size();
  if (!is_number || pixels < kPixelsMin || pixels > kPixelsMax) return std::nullopt;
  return pixels;
}

PictureSize ReadSize(const std::string& text) {
  const std::size_t cross = text.find('x');
  const auto width = ToPixels(std::string_view(text).substr(0, cross));
  const auto height =
      cross == std::string_view::npos ? std::nullopt : ToPixels(text.substr(cross + 1));
  if (!width || !height) {
    throw CLI::ValidationError("--offscreen",
                               "\"" + text +
                                   "\" is no size; write width and height in pixels, "
                                   "320 to 8192 each, such as 1280x720");
  }
  return {*width, *height};
}

void AddOptions(CLI::App& app, DashboardOptions& options, Words& words) {
  app.add_option("FILE", options.file, "A scenario to open, or the JSON report of a run to show");
  app.add_option("--scenarios", options.scenario_folder, "Folder whose scenarios are offered")
      ->type_name("FOLDER");
  app.add_option("--target", options.target, "The server to test, in place of the scenario's")
      ->type_name("HOST:PORT");
  app.add_option("--server", options.server_command,
                 "Starts this server with the run, watches it and ends it afterwards")
      ->type_name("COMMAND");
  app.add_option("--lang", words.language, "Language of the interface: en or ko (the system's)")
      ->type_name("LANGUAGE");
  app.add_option("--theme", words.theme, "dark, light or system (as the system's, dark if unknown)")
      ->type_name("THEME");
  app.add_option("--scale", options.scale,
                 "Size of text and all else, times what the display asks for: 0.5 to 4 (1)")
      ->type_name("FACTOR");
  app.add_option("--font", words.font, "A TrueType or OpenType file to draw text with")
      ->type_name("FILE");
  app.add_option("--picture", words.picture,
                 "Where F12 saves a picture of the window (PNG); with --offscreen: draws, saves "
                 "it and ends")
      ->type_name("FILE");
  app.add_option("--offscreen", words.offscreen,
                 "Draws without a display; without --picture it obeys commands of standard input "
                 "until that ends (docs/DASHBOARD.md)")
      ->type_name("WIDTHxHEIGHT");
  app.add_option("--probe", words.probe,
                 "For tests: keeps what is shown where, as JSON, in this file")
      ->type_name("FILE");
}

DashboardOptions Understand(DashboardOptions options, const Words& words) {
  if (!words.language.empty()) {
    options.language = ParseLanguage(words.language);
    if (!options.language) {
      throw CLI::ValidationError(
          "--lang", "\"" + words.language + "\" is no language of the interface; write en or ko");
    }
  }
  const auto theme = ParseThemeChoice(words.theme);
  if (!theme) {
    throw CLI::ValidationError("--theme",
                               "\"" + words.theme + "\" is no theme; write dark, light or system");
  }
  options.theme = *theme;
  if (!(options.scale >= 0.5F && options.scale <= 4)) {  // NaN is none either
    throw CLI::ValidationError("--scale", "write a factor from 0.5 to 4, such as 1.5");
  }
  if (!words.offscreen.empty()) options.offscreen = ReadSize(words.offscreen);
  options.font_file = PathOf(words.font);
  if (!words.font.empty() && !ReadFontFile(options.font_file, 0)) {
    throw CLI::ValidationError("--font",
                               words.font + " cannot be read, or is no TrueType or OpenType font");
  }
  options.picture_file = PathOf(words.picture);
  options.probe_file = PathOf(words.probe);
  return options;
}

ExitCode TellMistake(const CLI::ParseError& error, const CLI::App& app) {
  std::string what = error.what();
  const std::vector<std::string> extras = app.remaining();
  if (!extras.empty()) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) names.push_back(option->get_name());
    const std::vector<std::string_view> known(names.begin(), names.end());
    const std::string name = extras.front().substr(0, extras.front().find('='));
    what = name.starts_with("-") ? "there is no option " + name + "." + DidYouMean(name, known)
                                 : "one file at a time; \"" + name + "\" is one word too many";
  }
  std::fprintf(stderr, "stressbot-dashboard: %s\nstressbot-dashboard --help shows all options.\n",
               what.c_str());
  return ExitCode::kConfiguration;
}

}  // namespace

ParsedDashboardOptions ParseDashboardOptions(int argc, const char* const* argv) {
  CLI::App app("Load tests for TCP game servers, started, watched and steered in a window.",
               "stressbot-dashboard");
  app.allow_windows_style_options(false);  // or /dir/town.json would be taken for one
  app.set_version_flag("--version", "stressbot-dashboard " STRESSBOT_VERSION);
  app.footer(kExamples);
  DashboardOptions options;
  Words words;
  AddOptions(app, options, words);
  try {
    app.parse(argc, argv);
    return {Understand(std::move(options), words), ExitCode::kPassed};
  } catch (const CLI::Success& success) {  // --help, --version
    app.exit(success);
    return {};
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, TellMistake(error, app)};
  }
}

}  // namespace stressbot
