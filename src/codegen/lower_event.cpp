// Events: a record in the ring buffer, written in place where its fields allow.
#include <cstddef>

#include "codegen/lower.h"
#include "codegen/walk.h"

namespace hawk {

namespace {

// The event id and, if the event has one, its origin.
void write_header(Lowering& l, llvm::Value* record, typed::EventId event) {
  Emitter& e = l.e();
  e.store({record, 8}, e.number(event));
  if (!l.program.events[event].has_origin) return;
  Place origin = e.at({record, 8}, kEventHeaderSize);
  e.store(e.at(origin, offsetof(EventOrigin, boot_ns)), l.machine.clock(e, Clock::kBoot));
  static_assert(offsetof(EventOrigin, program) == offsetof(EventOrigin, cpu) + 4);
  llvm::Value* where = e.ir.CreateOr(l.machine.cpu(e), e.number(std::uint64_t{l.clause_index()} << 32));
  e.store(e.at(origin, offsetof(EventOrigin, cpu)), where);
}

// Zeros behind a field that does not fill its 8-byte words.
void clear_padding(Emitter& e, llvm::Value* record, const EventField& field) {
  if (field.type.size % 8 != 0) e.store(e.at({record, 8}, (field.offset + field.type.size) / 8 * 8), e.number(0));
}

}  // namespace

void Lowering::emit(typed::EventId event, const std::vector<llvm::Value*>& fields) {
  const EventSchema& schema = program.events[event];
  llvm::BasicBlock* done = e().block("emitted");
  llvm::Value* record = machine.reserve_event(e(), index_, schema, done);
  write_header(*this, record, event);
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    clear_padding(e(), record, schema.fields[i]);
    e().store_scalar(e().at({record, 8}, schema.fields[i].offset), fields[i]);
  }
  machine.submit_event(e(), record);
  e().flow_into(done);
}

namespace {

// A field that cannot be evaluated while a record is held.
struct Evaluated {
  llvm::Value* scalar = nullptr;
  Place place;
};

// Between reserving a record and submitting it nothing may loop, jump away or emit. If any field does,
// all are evaluated before, in order.
std::vector<Evaluated> evaluate_first(Lowering& l, const typed::Emit& node) {
  bool plain = true;
  for (const typed::ExprPtr& field : node.fields) plain = plain && is_plain(*field);
  std::vector<Evaluated> result;
  if (plain) return result;
  // A few wait in registers; of many, LLVM would spill what the stack has no room for.
  constexpr std::size_t kFew = 8;
  for (const typed::ExprPtr& field : node.fields) {
    if (is_scalar(field->type) && node.fields.size() <= kFew) {
      result.push_back({.scalar = l.scalar(*field), .place = {}});
    } else {
      Place copy = l.temporary(field->type.size);
      l.into(*field, copy);
      result.push_back({.scalar = nullptr, .place = copy});
    }
  }
  return result;
}

void write_field(Lowering& l, const typed::Expr& field, Place place, const Evaluated* evaluated) {
  if (evaluated == nullptr) return l.into(field, place);
  if (evaluated->scalar != nullptr) return l.e().store_scalar(place, evaluated->scalar);
  l.copy(place, evaluated->place, field.type.size);
}

}  // namespace

void lower_statement(Lowering& l, const typed::Emit& node) {
  Emitter& e = l.e();
  const EventSchema& schema = l.program.events[node.event];
  std::vector<Evaluated> evaluated = evaluate_first(l, node);
  llvm::BasicBlock* done = e.block("emitted");
  llvm::Value* record = l.machine.reserve_event(e, l.clause_index(), schema, done);
  write_header(l, record, node.event);
  for (std::size_t i = 0; i < node.fields.size(); ++i) {
    TemporaryScope scope(l);
    clear_padding(e, record, schema.fields[i]);
    write_field(l, *node.fields[i], e.at({record, 8}, schema.fields[i].offset),
                evaluated.empty() ? nullptr : &evaluated[i]);
  }
  l.machine.submit_event(e, record);
  if (schema.kind == EventKind::kExit) l.machine.note_exit(e);
  e.flow_into(done);
}

void lower_statement(Lowering& l, const typed::Join& node) {
  constexpr std::uint32_t kMostStrings = 16;
  Emitter& e = l.e();
  const EventSchema& schema = l.program.events[node.event];
  llvm::Value* address = l.scalar(*node.address);
  llvm::BasicBlock* done = e.block("emitted");
  llvm::BasicBlock* submit = e.block("joined");
  Place record{l.machine.reserve_event(e, l.clause_index(), schema, done), 8};
  write_header(l, record.pointer, node.event);
  Place count = e.at(record, schema.fields[0].offset);
  std::uint32_t capacity = schema.fields[1].type.size / kMostStrings;
  e.store(count, e.number(0));
  Place pointer = e.slot(8);
  for (std::uint32_t i = 0; i < kMostStrings; ++i) {
    l.machine.read_memory(e, pointer, e.number(8), {e.ir.CreateAdd(address, e.number(8ULL * i)), node.space});
    llvm::Value* text = e.load(pointer, 8);
    llvm::BasicBlock* there = e.block("join");
    e.branch(e.ir.CreateICmpEQ(text, e.number(0)), submit, there);
    e.enter(there);
    // Behind its NUL a string of this record is undefined: 16 KiB are not cleared for every event.
    Place string = e.at(record, schema.fields[1].offset + i * capacity);
    static_cast<void>(l.machine.read_string(e, string, e.number(capacity), {text, node.space}));
    e.store(count, e.number(i + 1));
  }
  e.flow_into(submit);
  l.machine.submit_event(e, record.pointer);
  e.flow_into(done);
}

}  // namespace hawk
