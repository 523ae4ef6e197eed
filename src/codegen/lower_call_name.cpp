// Names of numbers out of tables, and the kernel's own printf.
#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "ast/name_table.h"
#include "codegen/lower_call.h"
#include "semantics/typed_build.h"
#include "support/check.h"

namespace hawk {

llvm::Value* lower_NameOf(const CallSite& site) {
  Lowering& l = site.l;
  Emitter& e = l.e();
  std::uint64_t id = std::get<typed::Constant>(site.call.arguments[1]->node).value;
  const NameTable& table = name_table(static_cast<NameTableId>(id));
  std::uint64_t last = table.names.size();  // the row of all numbers without a name
  llvm::Value* low = e.ir.CreateTrunc(l.scalar(*site.call.arguments[0]), e.integer(4));
  if (table.takes_negative) {
    llvm::Value* negative = e.ir.CreateICmpSLT(low, e.number(0, 4));
    low = e.ir.CreateSelect(negative, e.ir.CreateNeg(low), low);
  }
  llvm::Value* number = e.ir.CreateZExt(low, e.integer(8));
  llvm::Value* row = e.ir.CreateSelect(e.ir.CreateICmpULT(number, e.number(last)), number, e.number(last));
  // For the verifier, which loses a bound that LLVM has found out by other means. The table has that many rows.
  row = e.ir.CreateAnd(e.opaque(row), std::bit_ceil(last + 1) - 1);
  constexpr std::uint32_t kSize = NameTable::kRowSize;
  Place name = e.at_index(l.machine.data(e, table.bytes()), e.ir.CreateMul(row, e.number(kSize)), 8);
  std::uint32_t size = site.expr.type.size;
  HAWK_CHECK(size == kSize, "a name is a string of its row's size");
  l.machine.copy_large(e, site.destination, name, size);
  return nullptr;
}

namespace {

// Behind the format: numbers, and the addresses of strings. The kernel reads up to a NUL, which a string that has been
// cut off lacks.
std::vector<llvm::Value*> printed_values(const CallSite& site) {
  Lowering& l = site.l;
  Emitter& e = l.e();
  std::vector<llvm::Value*> values;
  for (std::size_t i = 1; i < site.call.arguments.size(); ++i) {
    const typed::Expr& argument = *site.call.arguments[i];
    if (is_scalar(argument.type)) {
      values.push_back(l.scalar(argument));
      continue;
    }
    Place text = l.temporary(argument.type.size + 8);
    l.into(argument, text);
    l.zero(e.at(text, argument.type.size), 8);
    values.push_back(e.ir.CreatePtrToInt(text.pointer, e.integer(8)));
  }
  return values;
}

}  // namespace

llvm::Value* lower_Debugf(const CallSite& site) {
  std::array<llvm::Value*, 3> values{site.l.e().number(0), site.l.e().number(0), site.l.e().number(0)};
  std::vector<llvm::Value*> given = printed_values(site);
  std::copy(given.begin(), given.end(), values.begin());
  site.l.machine.trace(site.l.e(), *typed::constant_string(*site.call.arguments[0]), values);
  return nullptr;
}

llvm::Value* lower_ElementPrintf(const CallSite& site) {
  std::vector<llvm::Value*> values = printed_values(site);
  site.l.machine.print_element(site.l.e(), site.l.context(), *typed::constant_string(*site.call.arguments[0]), values);
  return nullptr;
}

}  // namespace hawk
