#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "StressBot/dashboard/screens/run/RunContext.h"

struct ImGuiTableSortSpecs;

namespace stressbot::run {

/// The table of steps: how often, and how long each took. A click on a row plots its latencies.
class StepTable {
 public:
  void Draw(const RunContext& run);

 private:
  void DrawTable(const RunContext& run, float inner);
  void TakeOrder(const RunContext& run, ImGuiTableSortSpecs* specs);

  std::shared_ptr<const RunView> order_of_;
  StepSort sort_;
  std::vector<std::size_t> order_;
};

}  // namespace stressbot::run
