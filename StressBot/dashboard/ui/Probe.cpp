#include "StressBot/dashboard/ui/Probe.h"

#include <nlohmann/json.hpp>

#include "StressBot/report/FileWriter.h"

namespace stressbot {

void Probe::Item(std::string_view name, const ProbeRect& rect) {
  if (enabled()) items_.insert_or_assign(std::string(name), rect);
}

void Probe::BeginFrame(int width, int height) {
  ++frames_;
  width_ = width;
  height_ = height;
  items_.clear();
  values_.clear();
}

bool Probe::EndFrame(std::string& error) {
  return file_.empty() || WriteFileAtomically(file_, ToJson(), error);
}

const ProbeRect* Probe::FindItem(std::string_view name) const {
  const auto found = items_.find(name);
  return found == items_.end() ? nullptr : &found->second;
}

std::string Probe::ToJson() const {
  nlohmann::json json{{"frames", frames_}, {"width", width_}, {"height", height_}};
  json["items"] = nlohmann::json::object();
  json["values"] = nlohmann::json::object();
  for (const auto& [name, rect] : items_) {
    json["items"][name] = {rect.x, rect.y, rect.width, rect.height};
  }
  for (const auto& [name, told] : values_) {
    std::visit([&entry = json["values"][name]](const auto& value) { entry = value; }, told);
  }
  // What a server sent may be no UTF-8.
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace stressbot
