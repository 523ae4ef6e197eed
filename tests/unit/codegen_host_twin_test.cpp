// The host side of the codegen tests (codegen_host_twin.h), and what of it has no counterpart in the kernel.
#include "codegen_host_twin.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "codegen/host_code.h"
#include "codegen_fixture.h"
#include "semantics/typed_search.h"

namespace hawk::test {

namespace {

struct NeedsKernel {
  bool operator()(const typed::MapAddress&) const { return true; }
  bool operator()(const typed::ContextAddress&) const { return true; }
  bool operator()(const typed::StackTrace&) const { return true; }
  bool operator()(const typed::Join&) const { return true; }
  bool operator()(const typed::Call& node) const {
    constexpr Builtin kSame[] = {Builtin::kStrlen,  Builtin::kStrstr,      Builtin::kStrConcat, Builtin::kBswap,
                                 Builtin::kNcpus,   Builtin::kCpid,        Builtin::kUid,       Builtin::kGid,
                                 Builtin::kComm,    Builtin::kStringOrder, Builtin::kRindex,    Builtin::kSubstr,
                                 Builtin::kReplace, Builtin::kToupper,     Builtin::kTolower,   Builtin::kBasename,
                                 Builtin::kDirname, Builtin::kStrtol,      Builtin::kField,     Builtin::kSprintf};
    return std::find(std::begin(kSame), std::end(kSame), node.builtin) == std::end(kSame);
  }
  template <class Node>
  bool operator()(const Node& node) const {
    if constexpr (requires { node.space; }) return node.space != AddressSpace::kNone;
    return false;
  }
};

bool needs_kernel(const typed::CheckedProgram& checked) {
  typed::Search search{.on_expr = [](const typed::Expr& expr) { return std::visit(NeedsKernel{}, expr.node); },
                       .on_stmt = [](const typed::Stmt& stmt) { return std::visit(NeedsKernel{}, stmt.node); }};
  return std::any_of(checked.clauses.begin(), checked.clauses.end(),
                     [&](const typed::Clause& clause) { return clause.filter_pid || search.find(clause.body); });
}

void place_all(typed::CheckedProgram& checked, Placement placement) {
  for (typed::Clause& clause : checked.clauses) clause.placement = placement;
  for (MapSchema& map : checked.maps) map.placement = placement;
}

}  // namespace

std::unique_ptr<HostTwin> HostTwin::of(typed::CheckedProgram& checked, const Sources& sources,
                                       const RuntimeConstants& constants) {
  if (needs_kernel(checked)) return nullptr;
  place_all(checked, Placement::kHost);
  Result<Generated> generated = generate(checked, sources, {.verify_ir = true});
  place_all(checked, Placement::kKernel);
  EXPECT_TRUE(generated.ok()) << (generated.ok() ? "" : generated.error().message);
  if (!generated.ok()) return nullptr;
  auto twin = std::make_unique<HostTwin>();
  twin->image_ = std::move(generated.value().image);
  auto code = load_host_code(twin->image_);
  EXPECT_TRUE(code.ok()) << (code.ok() ? "" : code.error().message);
  if (!code.ok()) return nullptr;
  twin->code_ = std::move(code.value());
  auto keep = [events = &twin->events_](std::span<const std::uint8_t> record) {
    events->emplace_back(record.begin(), record.end());
  };
  twin->runtime_ = std::make_unique<HostRuntime>(
      twin->image_, constants, HostRuntime::Handlers{.on_event = keep, .should_stop = [] { return false; }});
  return twin;
}

std::int64_t HostTwin::run(std::size_t index, const void* context) {
  HostProgram program = code_->find(image_.programs[index].symbol);
  EXPECT_NE(program, nullptr);
  return runtime_->run(program, context);
}

std::map<ByteString, ByteString> HostTwin::contents(typed::MapId map) {
  std::map<ByteString, ByteString> result;
  for (MapEntry& entry : runtime_->map(map).snapshot().entries) {
    entry.value.resize(image_.maps[map].value.size);
    result.emplace(std::move(entry.key), std::move(entry.value));
  }
  return result;
}

}  // namespace hawk::test
