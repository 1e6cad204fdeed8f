// The published JSON Schemas take what is shipped, tested and documented.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/schema/JsonSchema.h"
#include "tests/schema/SchemaFiles.h"

namespace stressbot {
namespace {

const JsonSchema& SchemaOf(const SchemaSample& file) {
  return file.is_protocol() ? JsonSchema::Protocol() : JsonSchema::Scenario();
}

void ExpectValid(const std::vector<SchemaSample>& files) {
  for (const SchemaSample& file : files) {
    const auto mistake = SchemaOf(file).MistakeIn(file.text);
    EXPECT_FALSE(mistake) << file.name << " is not valid by " << SchemaOf(file).name() << ":\n"
                          << mistake.value_or("");
  }
}

TEST(SchemaTest, ShippedFilesAreValidAndNameTheirSchema) {
  const auto files = ShippedFiles();
  EXPECT_GE(files.size(), 6U);
  ExpectValid(files);
  for (const SchemaSample& file : files) {
    const auto document = nlohmann::json::parse(file.text, nullptr, true, true);
    EXPECT_TRUE(document.value("$schema", "").ends_with("./" + SchemaOf(file).name())) << file.name;
  }
}

TEST(SchemaTest, FilesOfTheTestsAreValid) {
  const auto files = TestedFiles();
  EXPECT_GE(files.size(), 8U);
  ExpectValid(files);
  ExpectValid(EverythingFiles());
}

TEST(SchemaTest, ExamplesOfTheDocumentsAreValid) {
  const auto examples = DocumentExamples();
  EXPECT_GE(examples.size(), 6U);
  ExpectValid(examples);
}

TEST(SchemaTest, WhatIsNoObjectIsRefused) {
  for (const char* text : {"5", "[]", "\"text\"", "null", "{}"}) {
    EXPECT_TRUE(JsonSchema::Scenario().MistakeIn(text)) << text;
    EXPECT_TRUE(JsonSchema::Protocol().MistakeIn(text)) << text;
  }
}

}  // namespace
}  // namespace stressbot
