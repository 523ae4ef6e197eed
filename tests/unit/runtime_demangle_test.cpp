#include "runtime/demangle.h"

#include <gtest/gtest.h>

namespace hawk {

TEST(Demangle, AsProgrammersWriteIt) {
  EXPECT_EQ(demangled("_ZN2ns1fEi"), "ns::f(int)");
  EXPECT_EQ(demangled("main"), "main");
  EXPECT_EQ(demangled("_Zwrong"), "_Zwrong");
}

struct NameRow {
  const char* name;
  const char* without_result;
  const char* without_both;
};

TEST(Demangle, PartsOfNames) {
  const NameRow kRows[] = {
      {"ns::f(int)", "ns::f(int)", "ns::f"},
      {"main", "main", "main"},
      {"void ns::g<int>(int)", "ns::g<int>(int)", "ns::g<int>"},
      {"int h<int (*)(char)>(int (*)(char))", "h<int (*)(char)>(int (*)(char))", "h<int (*)(char)>"},
      {"ns::S::operator()(int)", "ns::S::operator()(int)", "ns::S::operator()"},
      {"ns::S::operator bool() const", "ns::S::operator bool() const", "ns::S::operator bool"},
      {"operator new(unsigned long)", "operator new(unsigned long)", "operator new"},
      {"ns::operator<(ns::S, ns::S)", "ns::operator<(ns::S, ns::S)", "ns::operator<"},
      {"(anonymous namespace)::f(char const*)", "(anonymous namespace)::f(char const*)", "(anonymous namespace)::f"},
      {"std::map<int, char> (anonymous namespace)::make<int>()", "(anonymous namespace)::make<int>()",
       "(anonymous namespace)::make<int>"},
      {"cooperator(int)", "cooperator(int)", "cooperator"},
  };
  for (const NameRow& row : kRows) {
    EXPECT_EQ(without_result(row.name), row.without_result);
    EXPECT_EQ(without_parameters(without_result(row.name)), row.without_both);
  }
}

}  // namespace hawk
