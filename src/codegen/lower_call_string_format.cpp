// Builtins that write a string: sprintf, and join where it is a value.
#include <algorithm>

#include "codegen/convert.h"
#include "codegen/lower.h"
#include "codegen/lower_call.h"
#include "codegen/string_builder.h"
#include "support/check.h"

namespace hawk {

namespace {

// Digits of a number in working memory: the last ones of its kMost bytes.
struct Digits {
  static constexpr std::uint32_t kMost = 22;  // of 64 bits, octal
  Place place;
  llvm::Value* count = nullptr;
};

struct Radix {
  std::uint64_t base = 10;
  const char* digits = "0123456789";
};

Digits write_digits(Lowering& l, llvm::Value* value, const Radix& radix) {
  Place place = l.untracked(Digits::kMost);
  Tally tally(l, 2);  // what is left of the number, digits written
  tally.set(0, value);
  Place digits = l.machine.data(l.e(), radix.digits);
  walk(l, {.turns = Digits::kMost, .work = 1, .places = {place, digits, tally.place()}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         Emitter& e = l.e();
         Tally left(l, places[2]);
         llvm::Value* number = left.get(0);
         llvm::Value* digit = bounded(e, e.ir.CreateURem(number, e.number(radix.base)), radix.base - 1);
         llvm::Value* at = e.ir.CreateSub(e.number(Digits::kMost - 1), position);
         e.store(e.at_index(places[0], at, 1), e.load(e.at_index(places[1], digit, 1), 1));
         left.set(1, e.ir.CreateAdd(position, e.number(1)));
         llvm::Value* rest = e.ir.CreateUDiv(number, e.number(radix.base));
         left.set(0, rest);
         e.branch(e.ir.CreateICmpEQ(rest, e.number(0)), targets.stop, targets.next);
       });
  return {place, tally.get(1)};
}

// `want` - `have`, 0 if there is nothing to fill.
llvm::Value* missing(Emitter& e, std::uint32_t want, llvm::Value* have) {
  llvm::Value* wanted = e.number(want);
  return e.ir.CreateSelect(e.ir.CreateICmpULT(have, wanted), e.ir.CreateSub(wanted, have), e.number(0));
}

class Formatter {
 public:
  Formatter(Lowering& l, StringBuilder& out) : l_(l), out_(out) {}

  void conversion(const FormatSpec& spec, const typed::Expr& value) {
    switch (spec.conversion) {
      case Conversion::kSigned: return signed_number(spec, cut(spec, value, true));
      case Conversion::kUnsigned: return number(spec, cut(spec, value, false), {}, "");
      case Conversion::kHex: return number(spec, cut(spec, value, false), kHex, spec.alternate ? "0x" : "");
      case Conversion::kHexUpper: return number(spec, cut(spec, value, false), kUpperHex, spec.alternate ? "0X" : "");
      case Conversion::kOctal: return number(spec, cut(spec, value, false), kOctal, spec.alternate ? "0" : "");
      case Conversion::kPointer: return number(spec, whole(value), kHex, "0x");
      case Conversion::kChar: return character(spec, whole(value));
      case Conversion::kAny: return any(spec, value);
      case Conversion::kBuffer:
      case Conversion::kBufferHexEscaped:
      case Conversion::kBufferHex:
      case Conversion::kGfpFlags:
      case Conversion::kFloat: break;
    }
    HAWK_UNREACHABLE("semantics refuses this conversion");
  }

 private:
  static constexpr Radix kHex{16, "0123456789abcdef"};
  static constexpr Radix kUpperHex{16, "0123456789ABCDEF"};
  static constexpr Radix kOctal{8, "01234567"};

  Emitter& e() { return l_.e(); }

  llvm::Value* whole(const typed::Expr& value) {
    return convert_scalar(e(), l_.scalar(value), value.type, int_type(8, value.type.is_signed));
  }

  // The value in the C type that the length modifier names, in 8 bytes.
  llvm::Value* cut(const FormatSpec& spec, const typed::Expr& value, bool is_signed) {
    Type narrow = int_type(spec.bytes, is_signed);
    llvm::Value* bits = e().ir.CreateTrunc(whole(value), e().integer(spec.bytes));
    return convert_scalar(e(), bits, narrow, int_type(8, is_signed));
  }

  void signed_number(const FormatSpec& spec, llvm::Value* value) {
    llvm::Value* negative = e().ir.CreateICmpSLT(value, e().number(0));
    llvm::Value* magnitude = e().ir.CreateSelect(negative, e().ir.CreateNeg(value), value);
    char otherwise = spec.plus ? '+' : ' ';
    llvm::Value* sign =
        e().ir.CreateSelect(negative, e().number('-'), e().number(static_cast<unsigned char>(otherwise)));
    llvm::Value* there = spec.plus || spec.space ? e().flag(true) : negative;
    Tally memory(l_, 1);
    memory.set(0, sign);
    assemble(spec, write_digits(l_, magnitude, {}), {own_memory(e(), memory.place()), there, 1}, magnitude);
  }

  void number(const FormatSpec& spec, llvm::Value* value, const Radix& radix, const std::string& prefix) {
    Digits digits = write_digits(l_, value, radix);
    Head head;
    if (!prefix.empty()) {
      llvm::Value* there = e().ir.CreateICmpNE(value, e().number(0));
      head = {own_memory(e(), l_.machine.data(e(), prefix)), there, static_cast<std::uint32_t>(prefix.size())};
    }
    assemble(spec, digits, head, value);
  }

  // What stands before the digits, or does not.
  struct Head {
    Source source;
    llvm::Value* there = nullptr;
    std::uint32_t bytes = 0;
  };

  // As C has it: a precision is a least number of digits; zeros that fill the width go between head and digits.
  void assemble(const FormatSpec& spec, const Digits& digits, const Head& head, llvm::Value* value) {
    bool precise = spec.precision >= 0;
    auto least = static_cast<std::uint32_t>(precise ? spec.precision : 0);
    llvm::Value* count = digits.count;
    if (spec.precision == 0)
      count = e().ir.CreateSelect(e().ir.CreateICmpEQ(value, e().number(0)), e().number(0), count);
    llvm::Value* head_bytes =
        head.bytes == 0 ? e().number(0) : e().ir.CreateSelect(head.there, e().number(head.bytes), e().number(0));
    llvm::Value* zeros = missing(e(), least, count);
    llvm::Value* length = e().ir.CreateAdd(head_bytes, e().ir.CreateAdd(zeros, count));
    llvm::Value* padding = missing(e(), spec.width, length);
    bool fill_zeros = spec.zero && !spec.minus && !precise;
    if (!spec.minus && !fill_zeros) out_.fill(' ', padding, spec.width);
    if (head.bytes != 0) out_.bytes(head.source, head_bytes, head.bytes);
    out_.fill('0', fill_zeros ? padding : zeros, fill_zeros ? spec.width : least);
    llvm::Value* first = e().ir.CreateSub(e().number(Digits::kMost), digits.count);
    Source source = own_memory(e(), digits.place, bounded(e(), first, Digits::kMost));
    out_.bytes(source, count, Digits::kMost);
    if (spec.minus) out_.fill(' ', padding, spec.width);
  }

  void character(const FormatSpec& spec, llvm::Value* value) {
    Tally memory(l_, 1);
    memory.set(0, e().ir.CreateAnd(value, e().number(0xff)));
    std::uint32_t padding = spec.width > 1 ? spec.width - 1 : 0;
    if (!spec.minus) out_.fill(' ', e().number(padding), padding);
    out_.bytes(own_memory(e(), memory.place()), e().number(1), 1);
    if (spec.minus) out_.fill(' ', e().number(padding), padding);
  }

  void any(const FormatSpec& spec, const typed::Expr& value) {
    if (value.type.kind == TypeKind::kBool) return truth(spec, value);
    if (value.type.kind == TypeKind::kPointer) return pointer(spec, value);
    if (value.type.kind == TypeKind::kString) return string(spec, borrow_string(l_, value));
    FormatSpec decimal = spec;
    decimal.bytes = 8;
    decimal.precision = -1;
    if (value.type.is_signed) return signed_number(decimal, whole(value));
    number(decimal, whole(value), {}, "");
  }

  // print() shows a null pointer as 0x0.
  void pointer(const FormatSpec& spec, const typed::Expr& value) {
    llvm::Value* address = whole(value);
    Head head{own_memory(e(), l_.machine.data(e(), "0x")), e().flag(true), 2};
    assemble(spec, write_digits(l_, address, kHex), head, address);
  }

  void truth(const FormatSpec& spec, const typed::Expr& value) {
    llvm::Value* yes = l_.scalar(value);
    Place word = l_.untracked(8);
    auto letters = [&](const char* text) {
      std::uint64_t bits = 0;
      for (std::uint32_t i = 0; text[i] != '\0'; ++i)
        bits |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
      return e().number(bits);
    };
    e().store(word, e().ir.CreateSelect(yes, letters("true"), letters("false")));
    string(spec, {word, 8});
  }

  void string(const FormatSpec& spec, const Characters& text) {
    std::uint32_t most = text.size - 1;
    if (std::int32_t limit = string_limit(spec); limit >= 0) most = std::min(most, static_cast<std::uint32_t>(limit));
    if (spec.width == 0) return out_.string(own_memory(e(), text.place), most);
    llvm::Value* length = bounded(e(), string_length(l_, text), most);
    llvm::Value* padding = missing(e(), spec.width, length);
    if (!spec.minus) out_.fill(' ', padding, spec.width);
    out_.string(own_memory(e(), text.place), most);
    if (spec.minus) out_.fill(' ', padding, spec.width);
  }

  Lowering& l_;
  StringBuilder& out_;
};

}  // namespace

llvm::Value* lower_Sprintf(const CallSite& site) {
  Lowering& l = site.l;
  const auto& arguments = site.call.arguments;
  const auto* event = std::get_if<typed::Constant>(&arguments[0]->node);
  HAWK_CHECK(event != nullptr, "the first argument says which format");
  StringBuilder out(l, site.expr.type.size);
  Formatter formatter(l, out);
  std::size_t next = 1;
  for (const FormatPiece& piece : l.program.events[event->value].format.pieces) {
    out.literal(piece.text);
    if (!piece.has_spec) continue;
    TemporaryScope scope(l);
    formatter.conversion(piece.spec, *arguments[next++]);
  }
  out.finish({site.destination, site.expr.type.size});
  return nullptr;
}

llvm::Value* lower_Join(const CallSite& site) {
  constexpr std::uint32_t kMostStrings = 16;  // as join() prints them
  Lowering& l = site.l;
  const auto& arguments = site.call.arguments;
  const auto* space = std::get_if<typed::Constant>(&arguments[1]->node);
  const auto* separator = std::get_if<typed::DataConstant>(&arguments[2]->node);
  HAWK_CHECK(space != nullptr && separator != nullptr, "address space and separator are known");
  auto memory = static_cast<AddressSpace>(space->value);
  std::string between = separator->bytes.substr(0, separator->bytes.find('\0'));
  llvm::Value* array = l.scalar(*arguments[0]);
  StringBuilder out(l, site.expr.type.size);
  Place pointer = l.untracked(8);
  // A short walk: its body is part of this function, and `array` at hand.
  walk(l, {.turns = kMostStrings, .work = 1, .places = {}},
       [&](llvm::Value* position, const std::vector<Place>&, const LoopTargets& targets) {
         Emitter& e = l.e();
         llvm::Value* at = e.ir.CreateAdd(array, e.ir.CreateMul(position, e.number(8)));
         l.machine.read_memory(e, pointer, e.number(8), {at, memory});
         llvm::Value* text = e.load(pointer, 8);
         llvm::BasicBlock* there = e.block("join");
         e.branch(e.ir.CreateICmpEQ(text, e.number(0)), targets.stop, there);
         e.enter(there);
         llvm::Value* first = e.ir.CreateICmpEQ(position, e.number(0));
         auto bytes = static_cast<std::uint32_t>(between.size());
         if (bytes > 0)
           out.bytes(own_memory(e, l.machine.data(e, between)), e.ir.CreateSelect(first, e.number(0), e.number(bytes)),
                     bytes);
         out.string({text, memory}, out.size());
         e.ir.CreateBr(targets.next);
       });
  out.finish({site.destination, site.expr.type.size});
  return nullptr;
}

}  // namespace hawk
