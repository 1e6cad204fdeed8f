#pragma once
#include <chrono>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// A value of a report file with its place. Files may hold anything: what is missing or of the
/// wrong type gives a default, and the first such mistake is kept in the `error` that all nodes of
/// a file share. Cheap to copy; document and error outlive it.
class RunNode {
 public:
  using Json = nlohmann::ordered_json;

  RunNode(const Json& value, std::string path, std::string& error)
      : value_(&value), path_(std::move(path)), error_(&error) {}

  const Json& json() const { return *value_; }
  bool failed() const { return !error_->empty(); }
  std::string& error() const { return *error_; }
  void Fail(std::string_view what) const;  ///< at this place

  bool Has(std::string_view key) const;
  RunNode At(std::string_view key) const;  ///< a mistake when missing
  std::vector<RunNode> Elements() const;   ///< of a list

  std::string Text() const;
  double Number() const;
  std::uint64_t Count(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;
  std::int64_t Integer() const;
  bool Flag() const;
  std::chrono::nanoseconds Seconds() const;
  std::int64_t Milliseconds() const;  ///< as ns

  /// A list of that many numbers. Without a path for each: there are many.
  std::vector<double> Numbers(std::size_t size) const;
  std::vector<std::uint64_t> Counts(std::size_t size) const;
  std::vector<std::uint64_t> Counts() const;  ///< of any length
  /// A list of that many.
  const Json& List(std::size_t size) const;

 private:
  const Json* value_;
  std::string path_;
  std::string* error_;
};

/// Moments in s and durations in ms as ns; 0 beyond 2^62 ns, or when not finite.
std::int64_t WholeNanoseconds(double ns);

}  // namespace stressbot
