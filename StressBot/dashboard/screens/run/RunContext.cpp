#include "StressBot/dashboard/screens/run/RunContext.h"

#include "StressBot/report/Utf8.h"

namespace stressbot::run {

void RunContext::Do(const ControlCommand& command) const {
  const ControlAnswer answer = host.Do(command);
  focus.last_answer = ToPrintable(answer.text);
  focus.was_refused = !answer.done();
  ui.Saw(focus.last_answer);
  // In sight of the controls it is told there.
  if (focus.was_refused || focus.shown_tab != Tab::kControl) ui.notice = focus.last_answer;
}

void RunContext::ShowFailure(std::size_t place) const {
  focus.failure = place;
  focus.wanted_tab = Tab::kFailures;
}

void RunContext::ShowMark(const plot::Mark& mark) const {
  focus.mark = ChosenMark{mark.at_s, mark.text};
  focus.time.Show(mark.at_s);
}

}  // namespace stressbot::run
