// Names of numbers out of tables, and the kernel's own printf.
#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "ast/name_table.h"
#include "codegen/lower_call.h"
#include "codegen/raw_syscall.h"
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

// Rows of the table that lower_ProbeText reads, by number.
struct ProbeRows {
  std::vector<std::string> texts;  // empty where no probe has the number
  llvm::Value* number = nullptr;   // of the probe that fired
};

// System calls are known by their number, which is in their record, other probes by the cookie they are attached with.
ProbeRows probe_rows(Lowering& l, typed::ProbeText which) {
  const std::vector<ProbeSpec>& probes = l.clause().probes;
  ProbeRows rows;
  if (!probes.front().system_call) {
    for (const ProbeSpec& probe : probes) rows.texts.push_back(typed::probe_text(probe, which));
    rows.number = l.machine.attach_cookie(l.e(), l.context());
    return rows;
  }
  for (const ProbeSpec& probe : probes) {
    HAWK_CHECK(probe.system_call && begins_system_call(probe) == begins_system_call(probes.front()),
               "the probes of a program that names them have numbers of one kind");
    rows.texts.resize(std::max<std::size_t>(rows.texts.size(), *probe.system_call + 1));
    rows.texts[*probe.system_call] = typed::probe_text(probe, which);
  }
  rows.number =
      l.clause().raw_syscalls
          ? load_raw_syscall(l, kSyscallNumberOffset)
          : l.e().ir.CreateZExt(l.machine.load_context(l.e(), l.context(), kSyscallNumberOffset, 4), l.e().integer(8));
  return rows;
}

}  // namespace

llvm::Value* lower_ProbeText(const CallSite& site) {
  Lowering& l = site.l;
  Emitter& e = l.e();
  std::uint64_t which = std::get<typed::Constant>(site.call.arguments[0]->node).value;
  ProbeRows rows = probe_rows(l, static_cast<typed::ProbeText>(which));
  std::uint32_t size = site.expr.type.size;
  std::uint32_t stride = (size + 7) / 8 * 8;
  std::string table(std::bit_ceil(rows.texts.size()) * stride, '\0');
  for (std::size_t i = 0; i < rows.texts.size(); ++i) rows.texts[i].copy(table.data() + i * stride, size - 1);
  llvm::Value* row = e.ir.CreateAnd(e.opaque(rows.number), std::bit_ceil(rows.texts.size()) - 1);
  Place text = e.at_index(l.machine.data(e, table), e.ir.CreateMul(row, e.number(stride)), 8);
  l.copy(site.destination, text, size);
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
