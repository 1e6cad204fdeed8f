#include "StressBot/protocol/CppConstants.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

/// "A=1 B=? ": all constants in order; ? is a value that is not understood.
std::string Constants(std::string_view header) {
  std::string text;
  for (const CppConstant& constant : ReadCppConstants(header)) {
    text += constant.name + "=" + (constant.value ? std::to_string(*constant.value) : "?") + " ";
  }
  return text;
}

TEST(CppConstantsTest, ReadsEnumsAsTheCompilerCounts) {
  EXPECT_EQ(Constants("enum { PKT_C_LOGIN = 1000, PKT_S_LOGIN, PKT_C_CHAT = 0x400 };"),
            "PKT_C_LOGIN=1000 PKT_S_LOGIN=1001 PKT_C_CHAT=1024 ");
  EXPECT_EQ(Constants("enum class Id : std::uint16_t {\n A,\n B,\n C = B + 10,\n D\n};"),
            "A=0 B=1 C=11 D=12 ");
  EXPECT_EQ(Constants("typedef enum tagId { A = (1 + 2) * 100, B = A - 1, C = -1 } Id;"),
            "A=300 B=299 C=-1 ");
  EXPECT_EQ(Constants("enum Id : int; enum class Other { X = Id::Y, Z, W = 3 };"), "X=? Z=? W=3 ");
}

TEST(CppConstantsTest, ReadsDefines) {
  EXPECT_EQ(Constants("#define PKT_C_LOGIN 1000\n#  define PKT_S_LOGIN (PKT_C_LOGIN + 1)\n"
                      "#define GUARD\n#define MAX(a, b) ((a) > (b) ? (a) : (b))\n"
                      "#define LONG \\\n  7\n"),
            "PKT_C_LOGIN=1000 PKT_S_LOGIN=1001 MAX=? LONG=7 ");
}

TEST(CppConstantsTest, ReadsConstants) {
  EXPECT_EQ(Constants("constexpr uint16 A = 1'000;\nstatic const int B = 0b101u;\n"
                      "inline constexpr std::uint16_t kC{010};\nconst char* const name = \"x\";\n"
                      "constexpr int Twice(int x) { return 2 * x; }\n"
                      "struct S { static constexpr int D = ns::A + 2; };\n"),
            "A=1000 B=5 kC=8 name=? name=? D=1002 ");
}

TEST(CppConstantsTest, PassesWhatIsNone) {
  EXPECT_EQ(Constants("// enum { A = 1 };\n/* #define B 2 */ enum { C = 3 /* = 4 */, // D,\n E };"),
            "C=3 E=4 ");
  EXPECT_EQ(Constants("#if defined(X) \\\n enum { A = 1 };\n#endif\nconst char q = '}';"), "q=? ");
  EXPECT_EQ(Constants("const char* text = \"enum { A = 1 }; // \";enum { B };"), "text=? B=0 ");
  EXPECT_EQ(Constants(""), "");
}

TEST(CppConstantsTest, KnowsTheLines) {
  const auto constants = ReadCppConstants("/*\n\n*/ #define A 1\nenum {\n  B,\n  C };");
  ASSERT_EQ(constants.size(), 3U);
  EXPECT_EQ(constants[0].line, 3);
  EXPECT_EQ(constants[1].line, 5);
  EXPECT_EQ(constants[2].line, 6);
}

TEST(CppConstantsTest, TakesBrokenText) {
  for (const char* text :
       {"enum", "enum {", "enum { A =", "enum { A = (", "enum { A = ((((((((((((((((((((1",
        "#define", "#define A \\", "const", "constexpr int A = ", "\"", "'\\", "/*", "enum { ) }",
        "enum { A = 99999999999999999999999, B }", "#\\", "enum { = 1 }",
        "#define A 0x\n#define B 1.5\n#define C 9223372036854775807 + 1\n"}) {
    for (const CppConstant& constant : ReadCppConstants(text)) EXPECT_FALSE(constant.value) << text;
  }
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "const int a = { enum ( ";
  ReadCppConstants(many);  // in no time, however broken
}

}  // namespace
}  // namespace stressbot
