#pragma once
#include <map>
#include <string>

#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// Hands on: bots and arrivals by sliders, dropping a share of the bots, marks. The same commands
/// as those of the control interface.
class Controls {
 public:
  void Draw(const RunContext& run);

 private:
  void DrawLoad(const RunContext& run);
  void DrawGroup(const RunContext& run, const GroupStatus& group);
  static void DrawTenths(const RunContext& run);
  void DrawDrop(const RunContext& run);
  void DrawDropGroup(const RunContext& run, float room_beside);
  void DrawMark(const RunContext& run);
  Nanoseconds Over() const;

  struct Slider {
    float value = 0;       ///< while it is held
    float most = 0;        ///< of an open group, which has no limit of its own
    bool is_held = false;  ///< otherwise it shows what the run has
  };
  std::map<std::string, Slider> sliders_;  ///< by group
  int over_s_ = 0;
  int share_percent_ = 10;
  bool is_reset_ = true;
  std::string drop_group_;  ///< empty: all
  std::string mark_;
};

/// Obeys p + - m q, as the terminal does. Not while text is typed.
void ObeyRunKeys(const RunContext& run);

}  // namespace stressbot::run
