#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// What happened, in order of time; a click shows it on the plots.
class EventLog {
 public:
  void Draw(const RunContext& run);

 private:
  void Want(plot::Mark::Kind kind);
  void DrawFilter(const RunContext& run);
  void DrawRows(const RunContext& run);
  void TakeOrder(const RunContext& run);

  MarkFilter filter_, order_filter_;
  std::shared_ptr<const RunView> order_of_;
  std::vector<std::size_t> order_;
  std::optional<ChosenMark> shown_;  ///< the chosen mark that was scrolled to
};

}  // namespace stressbot::run
