#include "output/flame_tree.h"

#include <algorithm>
#include <set>
#include <utility>

#include "image/bytes.h"
#include "output/stack_frames.h"

namespace hawk {

namespace {

constexpr std::uint64_t kNarrowest = 8000;  // of all: a sixth of a pixel in a window 1,300 pixels wide
constexpr std::size_t kMostFrames = 20000;

// A frame without its place.
using Label = std::pair<std::string, FrameKind>;

struct Stack {
  std::vector<const Label*> frames;  // outermost first
  std::uint64_t value = 0;
};

// Every label once. Addresses stay valid.
class Labels {
 public:
  const Label* get(std::string name, FrameKind kind) { return &*labels_.emplace(std::move(name), kind).first; }

 private:
  std::set<Label> labels_;
};

bool is_weight(const Type& type) {
  return is_integer(type) || type.kind == TypeKind::kCount || type.kind == TypeKind::kSum;
}

// Calls `visit(type, bytes)` for the parts of a key: a tuple's or a record's members, or the key itself.
template <class Visit>
void for_each_part(const Type& key, Bytes bytes, const Visit& visit) {
  if ((key.kind != TypeKind::kTuple && key.kind != TypeKind::kRecord) || !key.def) return visit(key, bytes);
  for (const Field& field : key.def->fields) {
    Bytes part =
        bytes.size() >= field.offset + field.type.size ? bytes.subspan(field.offset, field.type.size) : Bytes{};
    visit(field.type, part);
  }
}

FrameKind kind_of(const StackFrame& frame, bool kernel) {
  if (frame.symbol.empty() && frame.module.empty()) return FrameKind::kUnknown;
  if (kernel) return FrameKind::kKernel;
  if (frame.module.empty()) return FrameKind::kGenerated;
  std::string file = frame.module.substr(frame.module.rfind('/') + 1);
  bool library = file.find(".so") != std::string::npos || file.front() == '[';
  return library ? FrameKind::kLibrary : FrameKind::kProgram;
}

class Reader {
 public:
  Reader(const MapSchema& schema, const FormatContext& context) : schema_(schema), context_(context) {}

  Stack read(const MapEntry& entry) {
    Stack stack;
    auto raw = static_cast<std::int64_t>(load_scalar(schema_.value, entry.value));
    bool negative = schema_.value.is_signed && raw < 0;
    stack.value = negative ? 0 : static_cast<std::uint64_t>(raw);
    add_root(stack, entry.key);
    add_stacks(stack, entry.key, TypeKind::kStackUser);
    add_stacks(stack, entry.key, TypeKind::kStackKernel);
    return stack;
  }

 private:
  void add_root(Stack& stack, Bytes key) {
    for_each_part(schema_.key, key, [&](const Type& type, Bytes bytes) {
      if (is_stack(type)) return;
      std::string text;
      format_value(text, type, bytes, context_);
      stack.frames.push_back(labels_.get(std::move(text), FrameKind::kRoot));
    });
  }

  void add_stacks(Stack& stack, Bytes key, TypeKind kind) {
    for_each_part(schema_.key, key, [&](const Type& type, Bytes bytes) {
      if (type.kind != kind) return;
      std::vector<StackFrame> frames = stack_frames(type, bytes, context_);
      for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame)
        stack.frames.push_back(labels_.get(frame_name(*frame), kind_of(*frame, kind == TypeKind::kStackKernel)));
    });
  }

  const MapSchema& schema_;
  const FormatContext& context_;
  Labels labels_;
};

bool comes_before(const Stack& left, const Stack& right) {
  return std::lexicographical_compare(left.frames.begin(), left.frames.end(), right.frames.begin(), right.frames.end(),
                                      [](const Label* a, const Label* b) { return a != b && *a < *b; });
}

// Sorted stacks to frames: what a stack has in common with the one before goes on, the rest ends.
std::vector<FlameFrame> merge(const std::vector<Stack>& stacks) {
  std::vector<FlameFrame> frames = {{.name = "all"}};
  std::vector<std::pair<const Label*, std::size_t>> open = {{nullptr, 0}};
  std::uint64_t place = 0;
  for (const Stack& stack : stacks) {
    std::size_t depth = 1;
    while (depth < open.size() && depth <= stack.frames.size() && open[depth].first == stack.frames[depth - 1]) ++depth;
    open.resize(depth);
    for (; depth <= stack.frames.size(); ++depth) {
      const Label* label = stack.frames[depth - 1];
      open.emplace_back(label, frames.size());
      frames.push_back({label->first, label->second, static_cast<std::uint32_t>(depth), place, 0});
    }
    for (const auto& [label, index] : open) frames[index].value += stack.value;
    place += stack.value;
  }
  return frames;
}

void prune(FlameGraph& graph) {
  auto is_kept = [&](const FlameFrame& frame) { return frame.value >= graph.narrowest; };
  auto kept = [&] {
    return static_cast<std::size_t>(std::count_if(graph.frames.begin(), graph.frames.end(), is_kept));
  };
  graph.narrowest = std::max<std::uint64_t>(1, graph.frames.front().value / kNarrowest);
  while (kept() > kMostFrames) graph.narrowest *= 2;
  graph.pruned = graph.frames.size() - kept();
  std::erase_if(graph.frames, [&](const FlameFrame& frame) { return !is_kept(frame); });
}

}  // namespace

bool has_flames(const MapSchema& schema) {
  bool stacks = false;
  for_each_part(schema.key, {}, [&](const Type& type, Bytes) { stacks = stacks || is_stack(type); });
  return schema.printed_at_exit && schema.keyed && stacks && is_weight(schema.value);
}

FlameGraph make_flame_graph(const MapSnapshot& snapshot, const FormatContext& context) {
  Reader reader(*snapshot.schema, context);
  std::vector<Stack> stacks;
  for (const MapEntry& entry : snapshot.entries) {
    Stack stack = reader.read(entry);
    if (stack.value > 0) stacks.push_back(std::move(stack));
  }
  std::sort(stacks.begin(), stacks.end(), comes_before);
  FlameGraph graph{.map = snapshot.schema->name, .counts = snapshot.schema->value.kind != TypeKind::kSum};
  if (stacks.empty()) return graph;
  graph.frames = merge(stacks);
  prune(graph);
  return graph;
}

}  // namespace hawk
