// parse_format: what is a conversion, what is text. Rows observed on bpftrace 0.27.1.
#include "ast/format.h"

#include <gtest/gtest.h>

namespace hawk {
namespace {

// Pieces as text: <letter flags width/bytes>.
std::string describe(const std::string& format) {
  std::string out;
  for (const FormatPiece& piece : parse_format(format).pieces) {
    out += piece.text;
    if (!piece.has_spec) continue;
    const FormatSpec& spec = piece.spec;
    out += std::string("<") + spec.letter;
    out += std::string(spec.minus ? "-" : "") + (spec.plus ? "+" : "") + (spec.space ? "_" : "");
    out += std::string(spec.alternate ? "#" : "") + (spec.zero ? "0" : "");
    out += std::to_string(spec.width) + "/" + std::to_string(spec.bytes) + ">";
  }
  return out;
}

struct Row {
  const char* format;
  const char* pieces;
};

class ParseFormat : public testing::TestWithParam<Row> {};
TEST_P(ParseFormat, SplitsTextAndConversions) { EXPECT_EQ(describe(GetParam().format), GetParam().pieces); }

INSTANTIATE_TEST_SUITE_P(Rows, ParseFormat,
                         testing::Values(Row{"", ""}, Row{"plain\n", "plain\n"}, Row{"%d %s!", "<d0/4> <s0/4>!"},
                                         Row{"100%%", "100%"}, Row{"a%", "a%"}, Row{"%5%|%-%", "%|%"},
                                         Row{"%z %5 %] %k %-", "%z %5 %] %k %-"}, Row{"%z%5", "%5"},
                                         Row{"%-+ #05d", "<d-+_#05/4>"}, Row{"%+-5d", "%+-5d"}, Row{"%# d", "%# d"},
                                         Row{"% #d", "<d_#0/4>"}, Row{"%*d|%-*.*s", "<d0/4>|<s-0/4>"},
                                         Row{"%5.2s%.3d", "<s5/4><d0/4>"}, Row{"%.d", "%.d"}, Row{"%.-3d", "%.-3d"},
                                         Row{"%00012d", "<d012/4>"}, Row{"%99999999999d", "<d65535/4>"}));

INSTANTIATE_TEST_SUITE_P(Lengths, ParseFormat,
                         testing::Values(Row{"%hhd%hd%ld%lld", "<d0/1><d0/2><d0/8><d0/8>"},
                                         Row{"%jd%zu%tx", "<d0/8><u0/8><x0/8>"}, Row{"%Ld", "<d0/4>"},
                                         Row{"%hhhd%llld%hld", "<d0/4><d0/4><d0/4>"}, Row{"%hz", "%hz"}));

TEST(ParseFormatConversions, Longest) {
  struct Spec {
    const char* format;
    Conversion conversion;
    const char* rest;
  };
  for (const Spec& row :
       {Spec{"%r5", Conversion::kBuffer, "5"}, Spec{"%rxh", Conversion::kBufferHexEscaped, "h"},
        Spec{"%rh", Conversion::kBufferHex, ""}, Spec{"%gr", Conversion::kGfpFlags, ""},
        Spec{"%g", Conversion::kFloat, ""}, Spec{"%n", Conversion::kFloat, ""}, Spec{"%Lf", Conversion::kFloat, ""},
        Spec{"%i", Conversion::kSigned, ""}, Spec{"%X", Conversion::kHexUpper, ""},
        Spec{"%p", Conversion::kPointer, ""}, Spec{"%c", Conversion::kChar, ""}, Spec{"%o", Conversion::kOctal, ""}}) {
    FormatPlan plan = parse_format(row.format);
    ASSERT_EQ(plan.spec_count(), 1U) << row.format;
    EXPECT_EQ(plan.pieces[0].spec.conversion, row.conversion) << row.format;
    EXPECT_EQ(plan.pieces.size() > 1 ? plan.pieces[1].text : "", row.rest) << row.format;
  }
}

}  // namespace
}  // namespace hawk
