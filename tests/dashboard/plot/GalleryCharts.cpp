#include "tests/dashboard/plot/GalleryCharts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "tests/dashboard/plot/PlotSamples.h"

namespace stressbot::plot {

namespace {

Line NamedLine(std::string name, Color color) {
  Line line;
  line.name = std::move(name);
  line.color = color;
  return line;
}

Chart NamedChart(std::string id, std::string title, Unit unit, Scale scale) {
  Chart chart;
  chart.id = std::move(id);
  chart.title = std::move(title);
  chart.unit = unit;
  chart.scale = scale;
  return chart;
}

void AddLatency(GalleryRun& run, std::size_t stall, std::size_t spike, std::mt19937_64& random) {
  run.latency = NamedChart("latency", "Latency, from when due", Unit::kNanoseconds, Scale::kLog);
  run.latency.note = "chat round trip";
  run.latency.limits = {{"p(99)<50ms", 5e7, false}, {"p(95)<20ms", 2e7, true}};
  std::normal_distribution<> noise(0, 0.12);
  double factor = 1;
  const std::array<std::pair<const char*, Color>, 4> names{{{"p50", Color::kBlue},
                                                            {"p95", Color::kTeal},
                                                            {"p99", Color::kOrange},
                                                            {"p99.9", Color::kIndigo}}};
  for (const auto& [name, color] : names) {
    Line line = NamedLine(name, color);
    for (std::size_t i = 0; i < run.points.size(); ++i) {
      const bool is_silent = i > stall && i < stall + 8;
      const double base = 8e5 * (1 + 0.3 * std::sin(static_cast<double>(i) / 40));
      double value = base * factor * std::exp(noise(random) * std::sqrt(factor));
      if (i >= stall + 8 && i < stall + 12) value = 5e9;
      if (i == spike && factor > 4) value = 8e8;
      line.values.push_back(is_silent ? kNoValue : value);
      line.at_least.push_back(i >= stall + 8 && i < stall + 12);
    }
    run.latency.lines.push_back(std::move(line));
    factor *= 2.6;
  }
}

void AddTraffic(GalleryRun& run, std::size_t stall, std::size_t spike, std::mt19937_64& random) {
  run.traffic = NamedChart("traffic", "Throughput", Unit::kBytesPerSecond, Scale::kLinear);
  Line out = NamedLine("out", Color::kOrange);
  Line in = NamedLine("in", Color::kBlue);
  std::normal_distribution<> noise(0, 0.03);
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    const bool is_silent = i > stall && i < stall + 8;
    out.values.push_back(is_silent ? 2e5 : 1.2e6 * (1 + noise(random)));
    in.values.push_back((is_silent ? 0 : 3.1e6 * (1 + noise(random))) + (i == spike ? 4e6 : 0));
  }
  run.traffic.lines = {std::move(out), std::move(in)};
}

void AddBots(GalleryRun& run, std::size_t stall) {
  run.bots = NamedChart("bots", "Bots", Unit::kCount, Scale::kLinear);
  Line active = NamedLine("active", Color::kBlue);
  Line connecting = NamedLine("connecting", Color::kOlive);
  Line away = NamedLine("away", Color::kTeal);
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    const double grown = std::min(1'000.0, 50.0 * static_cast<double>(i));
    const bool is_dropped = i >= stall && i < stall + 20;
    const double gone = is_dropped ? 400 - 20.0 * static_cast<double>(i - stall) : 0;
    active.values.push_back(std::max(0.0, grown - gone));
    active.low.push_back(std::max(0.0, grown - gone - (is_dropped ? 60 : 0)));
    active.high.push_back(grown - gone + (is_dropped ? 40 : 0));
    connecting.values.push_back(i < 20 ? 50 : gone / 4);
    away.values.push_back(gone);
  }
  run.bots.lines = {std::move(active), std::move(connecting), std::move(away)};
}

void AddMemory(GalleryRun& run, std::mt19937_64& random) {
  run.memory = NamedChart("memory", "Memory of the server", Unit::kBytes, Scale::kLinear);
  run.memory.limits = {{"server_memory: max<500MB", 5e8, true}};
  run.memory.note = "resident";
  Line line = NamedLine("a server with quite a long name and its process id 12345", Color::kGreen);
  Line other = NamedLine("스트레스봇", Color::kGrey);
  std::normal_distribution<> noise(0, 2e5);
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    line.values.push_back(6e7 + 1e4 * static_cast<double>(i) + noise(random));
    other.values.push_back(4.2e7);
  }
  run.memory.lines = {std::move(line), std::move(other)};
}

void AddHeat(GalleryRun& run, std::mt19937_64& random) {
  run.heat.id = "heat";
  run.heat.title = "Latencies of all requests";
  for (double edge = 131072; edge < 1.3e9; edge *= std::sqrt(2.0))
    run.heat.edges_ns.push_back(edge);
  const std::size_t rows = run.heat.edges_ns.size() - 1;
  std::lognormal_distribution<> latency(std::log(9e5), 0.9);
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    std::vector<std::uint64_t> counts(rows);
    const bool has_values = std::isfinite(run.latency.lines[0].values[i]);
    for (int k = 0; has_values && k < 200; ++k) {
      const double row = std::log(latency(random) / 131072) / std::log(std::sqrt(2.0));
      ++counts[static_cast<std::size_t>(std::clamp(row, 0.0, static_cast<double>(rows - 1)))];
    }
    std::vector<Heat::Cell> column;
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (counts[row] > 0) column.push_back({row, counts[row] * 5});
    }
    run.heat.columns.push_back(std::move(column));
  }
}

}  // namespace

GalleryRun MakeGalleryRun(std::size_t seconds) {
  std::mt19937_64 random(5);
  GalleryRun run;
  run.points = Seconds(seconds);
  const std::size_t stall = seconds * 6 / 10;
  const std::size_t spike = seconds * 3 / 10;
  AddLatency(run, stall, spike, random);
  AddTraffic(run, stall, spike, random);
  AddBots(run, stall);
  AddMemory(run, random);
  AddHeat(run, random);
  run.empty = NamedChart("empty", "Fan-out", Unit::kNanoseconds, Scale::kLog);
  run.empty.lines = {NamedLine("p99", Color::kOrange)};

  const auto at = static_cast<double>(stall);
  const auto end = static_cast<double>(seconds);
  run.bands = {{0, end / 12, Band::Kind::kUnmeasured},
               {at, at + 12, Band::Kind::kIncident},
               {at + 1, at + 8, Band::Kind::kSilent},
               {end * 0.8, end * 0.85, Band::Kind::kPaused}};
  run.marks = {{at, "drop 40 % by reset", Mark::Kind::kEvent},
               {at + 9, "requests timed out", Mark::Kind::kFailure},
               {end * 0.8, "paused", Mark::Kind::kEvent},
               {end * 0.45, "the event that was clicked", Mark::Kind::kChosen}};
  for (std::size_t i = 0; i < seconds * 4; ++i) {
    const double when = static_cast<double>(i) / 4;
    if (when > at - end / 30 && when < at + 12)
      run.marks.push_back({when, "server: slow query", Mark::Kind::kServerLine});
  }
  return run;
}

}  // namespace stressbot::plot
