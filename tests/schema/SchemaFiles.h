#pragma once
#include <string>
#include <vector>

namespace stressbot {

/// A scenario or protocol file, or an example in a document.
struct SchemaSample {
  std::string name;  ///< a path, for messages and for what it names beside itself
  std::string text;
  bool is_protocol() const { return name.ends_with(".protocol.json"); }
};

/// The scenarios and protocols that are shipped.
std::vector<SchemaSample> ShippedFiles();
/// Those that the tests and benchmarks run.
std::vector<SchemaSample> TestedFiles();
/// Those of tests/schema/data, which use every key there is.
std::vector<SchemaSample> EverythingFiles();
/// The blocks of the documents that begin with `// file: NAME`.
std::vector<SchemaSample> DocumentExamples();

}  // namespace stressbot
