#include "StressBot/report/RunNode.h"

#include <cmath>

#include "StressBot/report/JsonValues.h"

namespace stressbot {

namespace {

const RunNode::Json& Nothing() {
  static const RunNode::Json nothing;
  return nothing;
}

const RunNode::Json& NoElements() {
  static const RunNode::Json none = RunNode::Json::array();
  return none;
}

bool IsCount(const RunNode::Json& json) { return json.is_number_unsigned(); }

}  // namespace

std::int64_t WholeNanoseconds(double ns) {
  constexpr double kMost = 4.6e18;
  return std::abs(ns) < kMost ? std::llround(ns) : 0;
}

void RunNode::Fail(std::string_view what) const {
  if (!error_->empty()) return;
  *error_ = (path_.empty() ? "" : path_ + " ") + std::string(what);
}

bool RunNode::Has(std::string_view key) const {
  return value_->is_object() && value_->find(key) != value_->end();
}

RunNode RunNode::At(std::string_view key) const {
  const std::string path = (path_.empty() ? "" : path_ + ".") + std::string(key);
  if (!Has(key)) {
    RunNode(Nothing(), path, *error_).Fail("is missing");
    return {Nothing(), path, *error_};
  }
  return {*value_->find(key), path, *error_};
}

std::vector<RunNode> RunNode::Elements() const {
  std::vector<RunNode> elements;
  if (!value_->is_array()) Fail("must be a list");
  if (failed()) return elements;
  elements.reserve(value_->size());
  for (const Json& element : *value_) {
    elements.emplace_back(element, path_ + "[" + std::to_string(elements.size()) + "]", *error_);
  }
  return elements;
}

std::string RunNode::Text() const {
  if (!value_->is_string()) Fail("must be a text");
  return failed() ? std::string() : value_->get<std::string>();
}

double RunNode::Number() const {
  if (!value_->is_number()) Fail("must be a number");
  return failed() ? 0 : value_->get<double>();
}

std::uint64_t RunNode::Count(std::uint64_t most) const {
  if (!IsCount(*value_) || value_->get<std::uint64_t>() > most) {
    Fail("must be a whole number from 0 to " + std::to_string(most));
  }
  return failed() ? 0 : value_->get<std::uint64_t>();
}

std::int64_t RunNode::Integer() const {
  if (!value_->is_number_integer()) Fail("must be a whole number");
  return failed() ? 0 : value_->get<std::int64_t>();
}

bool RunNode::Flag() const {
  if (!value_->is_boolean()) Fail("must be true or false");
  return !failed() && value_->get<bool>();
}

std::chrono::nanoseconds RunNode::Seconds() const {
  return std::chrono::nanoseconds(WholeNanoseconds(Number() * 1e9));
}

std::int64_t RunNode::Milliseconds() const { return WholeNanoseconds(NanosecondsOf(Number())); }

const RunNode::Json& RunNode::List(std::size_t size) const {
  if (!value_->is_array() || value_->size() != size) {
    Fail("must be a list of " + std::to_string(size));
  }
  return failed() ? NoElements() : *value_;
}

std::vector<double> RunNode::Numbers(std::size_t size) const {
  std::vector<double> numbers(size, 0);
  std::size_t i = 0;
  for (const Json& element : List(size)) {
    if (!element.is_number()) {
      Fail("must hold numbers only");
      break;
    }
    numbers[i++] = element.get<double>();
  }
  return numbers;
}

std::vector<std::uint64_t> RunNode::Counts(std::size_t size) const {
  std::vector<std::uint64_t> counts(size, 0);
  std::size_t i = 0;
  for (const Json& element : List(size)) {
    if (!IsCount(element)) {
      Fail("must hold whole numbers from 0 only");
      break;
    }
    counts[i++] = element.get<std::uint64_t>();
  }
  return counts;
}

std::vector<std::uint64_t> RunNode::Counts() const {
  if (!value_->is_array()) Fail("must be a list");
  return failed() ? std::vector<std::uint64_t>() : Counts(value_->size());
}

}  // namespace stressbot
