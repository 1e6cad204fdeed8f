// The compilers and the published JSON Schemas know the same keys. Whoever adds a key to one of
// them and forgets the other is told its name here; whoever adds one to both is asked to use it in
// a file of tests/schema/data, so that it is looked at.
#include "tests/schema/SchemaKeys.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "StressBot/protocol/ProtocolFile.h"
#include "StressBot/scenario/ScenarioFile.h"
#include "tests/schema/JsonSchema.h"
#include "tests/schema/SchemaFiles.h"

namespace stressbot {
namespace {

using Json = SchemaKeys::Json;
using Keys = std::set<std::string>;

constexpr const char* kProbe = "a key that nobody would choose";

/// One of the two formats: its schema, its compiler, and files that use every key of it.
class Format {
 public:
  explicit Format(bool is_protocol)
      : is_protocol_(is_protocol),
        schema_((is_protocol ? JsonSchema::Protocol() : JsonSchema::Scenario()).root()) {
    for (const SchemaSample& sample : EverythingFiles())
      if (sample.is_protocol() == is_protocol)
        samples_.push_back({sample.name, Json::parse(sample.text, nullptr, true, true)});
  }

  void ExpectSamplesToCompile() const {
    EXPECT_FALSE(samples_.empty());
    for (const auto& [name, document] : samples_) {
      const Diagnostics errors = Compile(name, document);
      EXPECT_TRUE(errors.empty()) << errors.ToString();
    }
  }

  /// Puts an unknown key into each kind of object of each file and compares what the compiler would
  /// have taken there with what the schema lists. Some keys it takes only with others around.
  void ExpectTheSameKeys() const {
    std::map<std::string, Keys> never_known = schema_.Listed();
    Keys probed;
    for (const auto& [name, document] : samples_) {
      Keys probed_here;
      for (const SchemaKeys::Place& place : schema_.PlacesIn(document)) {
        if (!probed_here.insert(place.definition).second) continue;
        for (const std::string& key : Compare(name, document, place))
          never_known[place.definition].erase(key);
      }
      probed.merge(probed_here);
    }
    for (const auto& [definition, keys] : never_known) {
      if (!probed.contains(definition)) {
        ADD_FAILURE() << "no file of tests/schema/data has an object of " << Quoted(definition);
        continue;
      }
      for (const std::string& key : keys)
        if (key != "$schema")
          ADD_FAILURE() << Quoted(definition) << " of the schema has the key " << Quoted(key)
                        << ", which the compiler does not know";
    }
  }

  void ExpectSamplesToUseEveryKey() const {
    std::map<std::string, Keys> unused = schema_.Listed();
    for (const auto& [name, document] : samples_)
      for (const SchemaKeys::Place& place : schema_.PlacesIn(document))
        for (const auto& [key, value] : document.at(place.pointer).items())
          unused[place.definition].erase(key);
    for (const auto& [definition, keys] : unused)
      for (const std::string& key : keys)
        ADD_FAILURE() << "no file of tests/schema/data uses " << Quoted(key) << " of "
                      << Quoted(definition);
  }

  void ExpectDescriptions() const {
    for (const std::string& key : schema_.Undescribed())
      ADD_FAILURE() << key << " has no description, which editors would show";
  }

 private:
  struct Sample {
    std::string name;
    Json document;
  };

  static std::string Quoted(const std::string& name) {
    return name.empty() ? "the root" : "\"" + name + "\"";
  }

  Diagnostics Compile(const std::string& name, const Json& json) const {
    Diagnostics errors;
    const auto document = JsonDocument::Parse(json.dump(1), name, errors);
    if (!document) return errors;
    if (is_protocol_) {
      CompileProtocol(*document, errors);
    } else {
      CompileScenario(*document, {}, errors);
    }
    return errors;
  }

  static const Diagnostic* At(const std::string& path, const Diagnostics& errors) {
    for (const Diagnostic& error : errors.list())
      if (error.path == path) return &error;
    return nullptr;
  }

  Diagnostics CompileWith(const std::string& key, const std::string& name, Json document,
                          const SchemaKeys::Place& place) const {
    document.at(place.pointer)[key] = nullptr;
    return Compile(name, document);
  }

  /// The keys that the compiler knows there; fails for those that the schema does not have.
  Keys Compare(const std::string& name, const Json& document,
               const SchemaKeys::Place& place) const {
    const Diagnostics errors = CompileWith(kProbe, name, document, place);
    const Diagnostic* unknown = At(MemberPath(place.path, kProbe), errors);
    if (unknown == nullptr) {
      ADD_FAILURE() << "the compiler takes any key in " << Quoted(place.definition) << " (" << name
                    << ": " << place.path << ")\n"
                    << errors.ToString();
      return {};
    }
    const Keys known(unknown->known.begin(), unknown->known.end());
    const Keys listed = schema_.Listed().at(place.definition);
    for (const std::string& key : known)
      if (!listed.contains(key))
        ADD_FAILURE() << "the compiler knows the key " << Quoted(key) << ", which "
                      << Quoted(place.definition) << " of the schema does not have";
    return known;
  }

  bool is_protocol_;
  SchemaKeys schema_;
  std::vector<Sample> samples_;
};

class SchemaKeysTest : public testing::TestWithParam<bool> {
 protected:
  const Format format_{GetParam()};
};

TEST_P(SchemaKeysTest, TheCompilerTakesEveryKey) { format_.ExpectSamplesToCompile(); }
TEST_P(SchemaKeysTest, SchemaAndCompilerKnowTheSameKeys) { format_.ExpectTheSameKeys(); }
TEST_P(SchemaKeysTest, EveryKeyIsTried) { format_.ExpectSamplesToUseEveryKey(); }
TEST_P(SchemaKeysTest, EveryKeyHasADescription) { format_.ExpectDescriptions(); }

INSTANTIATE_TEST_SUITE_P(Formats, SchemaKeysTest, testing::Bool(),
                         [](const auto& format) { return format.param ? "Protocol" : "Scenario"; });

}  // namespace
}  // namespace stressbot
