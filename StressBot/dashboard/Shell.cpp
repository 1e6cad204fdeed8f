#include "StressBot/dashboard/Shell.h"

#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "StressBot/dashboard/App.h"
#include "StressBot/dashboard/ui/Look.h"
#include "StressBot/dashboard/ui/ViewMenu.h"
#include "StressBot/dashboard/window/GlHeader.h"
#include "StressBot/dashboard/window/Picture.h"
#include "StressBot/dashboard/window/Window.h"
#include "StressBot/system/Desktop.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

constexpr float kPixelsMin = 0.5F, kPixelsMax = 4;  // beyond it no driver has room for the letters
constexpr const char* kPictureName = "stressbot.png";

double NowSeconds() {
  using std::chrono::duration, std::chrono::steady_clock;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

FontFiles FontsOf(const DashboardOptions& options) {
  FontFiles found = FindFonts(FontFolders());
  if (options.font_file.empty()) return found;
  found.text = options.font_file;
  found.text_face = 0;
  return found;
}

}  // namespace

class Shell::ImGuiLife {
 public:
  ImGuiLife() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  }
  ~ImGuiLife() { ImGui::DestroyContext(); }
};

Shell::Shell(const DashboardOptions& options)
    : options_(options),
      probe_(options.probe_file, options.offscreen.has_value()),
      ui_(probe_),
      font_files_(FontsOf(options)),
      imgui_(std::make_unique<ImGuiLife>()) {
  ui_.wanted.language = options.language.value_or(LanguageOf(UserLanguage()));
  ui_.wanted.theme = options.theme;
  ui_.wanted.scale = options.scale;
}

Shell::~Shell() {
  if (window_ != nullptr) ImGui_ImplOpenGL3_Shutdown();
}

std::unique_ptr<Shell> Shell::Open(const DashboardOptions& options, std::string& error) {
  std::unique_ptr<Shell> shell(new Shell(options));  // its constructor is private
  const bool obeys_commands = options.picture_file.empty();
  auto window = options.offscreen
                    ? OpenOffscreenWindow(*options.offscreen, shell->probe_, obeys_commands, error)
                    : OpenDesktopWindow(error);
  if (window == nullptr) return nullptr;
  if (!ImGui_ImplOpenGL3_Init(kGlslVersion)) {
    error = "ImGui could not load OpenGL (libGL).";
    return nullptr;
  }
  shell->window_ = std::move(window);
  return shell;
}

void Shell::Wake() { window_->Wake(); }

void Shell::ApplyWhatChanged() {
  const float display_scale = window_->content_scale();
  if (ui_.wanted == applied_ && display_scale == applied_display_scale_) return;
  const auto letters = [](const UiSettings& settings) {
    return std::tie(settings.language, settings.hangul_data, settings.rare_hangul, settings.scale);
  };
  const bool are_letters_others =
      letters(ui_.wanted) != letters(applied_) || display_scale != applied_display_scale_;
  const bool is_first = applied_display_scale_ == 0;
  applied_ = ui_.wanted;
  applied_display_scale_ = display_scale;
  ui_.theme = &ThemeOf(applied_.theme, PrefersDark());
  ui_.scale = std::clamp(applied_.scale * display_scale, kPixelsMin, kPixelsMax);
  ApplyLook(*ui_.theme, ui_.scale);
  if (!are_letters_others) return;
  ui_.tr = Texts(applied_.language);
  const FontNeeds needs{applied_.language, applied_.hangul_data, applied_.rare_hangul, ui_.scale};
  ui_.fonts = BuildFonts(font_files_, needs);
  const bool needs_hangul = applied_.language == Language::kKorean || applied_.hangul_data;
  if (font_files_.text.empty()) ui_.notice = ui_.tr.Format(Text::kNoFont, FontAdvice());
  if (needs_hangul && !ui_.fonts.has_hangul) {
    ui_.tr = Texts(Language::kEnglish);  // rather than a window of question marks
    ui_.notice = ui_.tr.Format(Text::kNoHangulFont, FontAdvice());
  }
  if (is_first) {
    // Else the first frame would make the texture, after its data was given up.
    ImGui_ImplOpenGL3_CreateDeviceObjects();
  } else {
    // The texture alone: ImGui 1.86 thinks that buffers which are made anew have their old size.
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
  }
  ImGui::GetIO().Fonts->ClearTexData();  // the driver has its own now
}

bool Shell::DrawFrame(App& app, std::string& error) {
  ApplyWhatChanged();
  ImGui_ImplOpenGL3_NewFrame();
  window_->BeginFrame();
  ImGui::NewFrame();
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const int width = static_cast<int>(size.x), height = static_cast<int>(size.y);
  probe_.BeginFrame(width, height);
  ObeyViewKeys(ui_);
  app.Frame();
  DrawOverlays(ui_);
  ImGui::Render();
  const ImVec4 page = ToVec4(ui_.theme->page);
  glViewport(0, 0, width, height);
  glClearColor(page.x, page.y, page.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  const bool is_saved = SavePictures(error);  // before the buffers are swapped
  window_->EndFrame();
  redraws_.Drew(NowSeconds());
  return is_saved && probe_.EndFrame(error);
}

bool Shell::SavePictures(std::string& error) {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const auto save = [&](const std::filesystem::path& file, std::string& why) {
    const Picture picture = ReadPicture(static_cast<int>(size.x), static_cast<int>(size.y));
    return SavePicture(picture, file, why);
  };
  const auto asked = window_->TakePictureRequest();
  if (asked && !save(*asked, error)) return false;
  if (!ui_.picture_wanted) return true;
  ui_.picture_wanted = false;
  const std::filesystem::path file =
      options_.picture_file.empty() ? PathOf(kPictureName) : options_.picture_file;
  std::string why;
  ui_.notice = save(file, why) ? ui_.tr.Format(Text::kPictureSaved, Utf8Of(file))
                               : ui_.tr.Format(Text::kPictureNotSaved, why);
  redraws_.StirByInput();  // to show the notice
  return true;
}

bool Shell::IsAnimated() const {
  const ImGuiIO& io = ImGui::GetIO();
  const auto is_held = [](bool down) { return down; };
  return io.WantTextInput || std::ranges::any_of(io.MouseDown, is_held) ||
         std::ranges::any_of(io.KeysDown, is_held);
}

bool Shell::Run(App& app, servercore::StopRequests& stops, std::string& error) {
  int stops_seen = 0;
  const bool is_for_one_picture = options_.offscreen && !options_.picture_file.empty();
  while (!app.WantsClose()) {
    const Stirred stirred = window_->Wait(redraws_.WaitSeconds(NowSeconds()));
    if (stirred == Stirred::kByInput) redraws_.StirByInput();
    if (stirred == Stirred::kByData) redraws_.StirByData();
    if (window_->TakeCloseRequest() || std::exchange(ui_.close_wanted, false)) app.AskToClose();
    const int stops_now = stops.WaitFor(std::chrono::milliseconds(0));
    if (stops_now > std::exchange(stops_seen, stops_now)) app.AskToClose();
    error = window_->failure();
    if (!error.empty()) return false;
    if (!redraws_.IsDue(NowSeconds())) continue;
    if (!DrawFrame(app, error)) return false;
    redraws_.set_animated(IsAnimated());
    if (std::exchange(ui_.is_settling, false)) redraws_.StirByInput();
    if (is_for_one_picture && app.IsSettled() && !redraws_.IsDue(NowSeconds())) {
      const ImVec2 size = ImGui::GetIO().DisplaySize;
      return SavePicture(ReadPicture(static_cast<int>(size.x), static_cast<int>(size.y)),
                         options_.picture_file, error);
    }
  }
  return true;
}

}  // namespace stressbot
