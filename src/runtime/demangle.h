// Names of C++ functions as programmers write them.
#pragma once

#include <string>
#include <string_view>

namespace hawk {

// "ns::f(int)" for "_ZN2ns1fEi"; what is no such name stays.
[[nodiscard]] std::string demangled(const std::string& symbol);
// "ns::g<int>(int)" for "void ns::g<int>(int)": only names of templates have the type of their result.
[[nodiscard]] std::string_view without_result(std::string_view name);
// "ns::f" for "ns::f(int)", "f<int (*)()>" for "f<int (*)()>(int)".
[[nodiscard]] std::string_view without_parameters(std::string_view name);

}  // namespace hawk
