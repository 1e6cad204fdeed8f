#pragma once
#include <string>

#include "StressBot/control/RunControl.h"

namespace stressbot {

/// What is known of a run in Prometheus' text format (0.0.4): names `stressbot_...` in base units,
/// counters `_total`, trends as histograms of the same buckets everywhere, so that they can be
/// added up over steps, groups and machines. Counts are of the whole run so far, warm-up included;
/// gauges are of the newest interval. Of packets, connections' ends and drops only those are there
/// that happened: there are very many of them.
/// Format: https://prometheus.io/docs/instrumenting/exposition_formats/
std::string PrometheusText(const RunControl::View& view);

}  // namespace stressbot
