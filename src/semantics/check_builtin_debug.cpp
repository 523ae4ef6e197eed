// The kernel's own printf: debugf, and what a pinned iterator prints.
#include <algorithm>

#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

// A conversion as bpf_trace_printk() takes it, whose widths need Linux 5.13; "" if it does not.
std::string kernel_conversion(const FormatSpec& spec, const Type& type) {
  constexpr std::string_view kLetters = "diuxXpcs";
  bool text = spec.letter == 's';
  bool known = spec.conversion <= Conversion::kAny && kLetters.find(spec.letter) != std::string_view::npos;
  bool from_arguments = spec.star_width || spec.star_precision;
  if (!known || from_arguments || spec.bytes < 4 || spec.precision >= 0 || spec.alternate) return "";
  if (text != (type.kind == TypeKind::kString)) return "";
  std::string flags;
  if (spec.minus) flags += '-';
  if (spec.plus) flags += '+';
  if (spec.space) flags += ' ';
  if (spec.zero) flags += '0';
  bool wide = spec.bytes == 8 && std::string_view("diuxX").find(spec.letter) != std::string_view::npos;
  return fmt::format("%{}{}{}{}", flags, spec.width > 0 ? std::to_string(spec.width) : "", wide ? "ll" : "",
                     spec.letter);
}

bool is_plain_text(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r'); });
}

// The format in the kernel's words; nullopt after a diagnostic.
std::optional<std::string> kernel_format(Checker& checker, const CallSite& site, const Checker::Formatted& format) {
  std::string text;
  std::size_t next = 0;
  for (const FormatPiece& piece : format.schema.format.pieces) {
    if (!is_plain_text(piece.text)) {
      checker.report(Diag::DebugfConversion, site.argument(0).span, "other than ASCII");
      return std::nullopt;
    }
    for (char c : piece.text) text += c == '%' ? "%%" : std::string(1, c);
    if (!piece.has_spec) continue;
    const Type& type = format.fields[next++]->type;
    std::string conversion = kernel_conversion(piece.spec, type);
    if (conversion.empty()) {
      std::string what = fmt::format("a value of type '{}' as `{}`", type_name(type), spelling(piece.spec));
      checker.report(Diag::DebugfConversion, site.argument(next).span, what).help =
          "it knows %d %i %u %x %X %p %c for numbers and %s for strings, with a width but without `.` and `#`";
      return std::nullopt;
    }
    text += conversion;
  }
  return text;
}

}  // namespace

namespace {

// A call of the kernel's printf; poison after a diagnostic.
ExprPtr kernel_printf(Checker& checker, const CallSite& site, Builtin builtin, std::size_t most) {
  auto format = checker.check_format(site.call->arguments, 0, site.span, site.name());
  if (!format) return typed::poison(site.span);
  if (format->fields.size() > most) return checker.refuse(Diag::KernelPrintfArguments, site.span, site.name(), most);
  auto text = kernel_format(checker, site, *format);
  if (!text) return typed::poison(site.span);
  typed::Call call{builtin, {}};
  call.arguments.push_back(typed::string_literal(*text, site.span));
  for (ExprPtr& field : format->fields) {
    bool is_signed = field->type.is_signed;
    call.arguments.push_back(is_scalar(field->type) ? typed::to_int64(std::move(field), is_signed) : std::move(field));
  }
  ExprPtr value = make_expr(none_type(), site.span, std::move(call));
  return typed::effect(typed::make_stmt(site.span, typed::Evaluate{std::move(value)}), site.span);
}

}  // namespace

ExprPtr check_Debugf(Checker& checker, const CallSite& site) {
  constexpr std::size_t kMostValues = 3;  // bpf_trace_printk()
  checker.report(Diag::DebugfUsed, site.span);
  return kernel_printf(checker, site, site.builtin, kMostValues);
}

ExprPtr check_element_printf(Checker& checker, const CallSite& site) {
  constexpr std::size_t kMostValues = 12;  // bpf_seq_printf()
  return kernel_printf(checker, site, Builtin::kElementPrintf, kMostValues);
}

ExprPtr check_ElementPrintf(Checker&, const CallSite&) { HAWK_UNREACHABLE("scripts write printf()"); }

}  // namespace hawk
