// match and switch: a value compared with constants and ranges of them, in order. Both become one Choose over a
// temporary that holds the value; the value of a match is a second temporary.
#include <algorithm>
#include <map>

#include "semantics/checker.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;
using typed::make_stmt;

namespace {

using Wide = __int128;

}  // namespace

// Numbers that cases have matched so far: ranges that do not touch, by their first number.
class MatchedNumbers {
 public:
  // Adds first..last (both included); the span of a case that has matched some of them, if all have been matched.
  std::optional<Span> add(Wide first, Wide last, Span span) {
    std::optional<Span> earlier;
    std::vector<std::pair<Wide, Wide>> gaps;
    Wide next = first;
    auto range = ranges_.upper_bound(first);
    if (range != ranges_.begin() && std::prev(range)->second.last >= first) --range;
    for (; range != ranges_.end() && range->first <= last; ++range) {
      if (range->first > next) gaps.emplace_back(next, range->first - 1);
      next = range->second.last + 1;
      earlier = range->second.span;
    }
    if (next <= last) gaps.emplace_back(next, last);
    for (auto [begin, end] : gaps) ranges_[begin] = {end, span};
    return gaps.empty() ? earlier : std::nullopt;
  }

  [[nodiscard]] bool has_all(Wide first, Wide last) const {
    for (auto range = ranges_.begin(); range != ranges_.end() && range->first <= first; ++range) {
      first = std::max(first, range->second.last + 1);
    }
    return first > last;
  }

 private:
  struct Range {
    Wide last = 0;
    Span span;
  };
  std::map<Wide, Range> ranges_;
};

namespace {

bool is_matchable_number(const Type& type) {
  return is_integer(type) || type.kind == TypeKind::kBool || type.kind == TypeKind::kPointer;
}

// The least and the greatest number of a type.
std::pair<Wide, Wide> limits(const Type& type) {
  if (type.kind == TypeKind::kBool) return {0, 1};
  unsigned bits = type.size * 8;
  if (!type.is_signed) return {0, (Wide{1} << bits) - 1};
  return {-(Wide{1} << (bits - 1)), (Wide{1} << (bits - 1)) - 1};
}

std::string number_text(const typed::Expr& constant) {
  std::uint64_t value = typed::node_as<typed::Constant>(constant)->value;
  if (constant.type.kind == TypeKind::kBool) return value != 0 ? "true" : "false";
  return constant.type.is_signed ? fmt::to_string(static_cast<std::int64_t>(value)) : fmt::to_string(value);
}

}  // namespace

class MatchChecker {
 public:
  MatchChecker(Checker& checker, const ast::Match& match, Span span) : checker_(checker), match_(match), span_(span) {
    ExprPtr subject = checker.check_plain(*match.subject);
    bool text = subject->type.kind == TypeKind::kString || subject->type.kind == TypeKind::kText;
    if (!is_poison(*subject) && !text && !is_matchable_number(subject->type)) {
      subject = checker.refuse(Diag::MatchSubject, match.subject->span, type_name(subject->type));
    }
    if (subject->literal && is_integer(subject->type))
      subject = typed::to_int64(std::move(subject), subject->type.is_signed);
    type_ = subject->type;
    if (is_poison(*subject)) return;
    subject_ = checker.add_temporary(type_);
    out_.statements.push_back(make_stmt(match.subject->span, typed::SetVariable{subject_, std::move(subject)}));
  }

  void statement(typed::Block& out) {
    if (match_.is_switch) ++checker_.clause().switches;
    choose_.ends_at_break = match_.is_switch;
    for (const ast::Arm& arm : match_.arms) {
      typed::Block body;
      checker_.check_block(arm.body, body);
      add(arm, std::move(body));
    }
    if (match_.is_switch) --checker_.clause().switches;
    finish();
    out.statements.push_back(make_stmt(span_, typed::Scope{std::move(out_)}));
  }

  ExprPtr value() {
    std::vector<ExprPtr> values;
    for (const ast::Arm& arm : match_.arms)
      values.push_back(checker_.plain(checker_.check_block_expr(arm.body, arm.span)));
    std::optional<Type> type = common(values);
    bool has_value = type && type->kind != TypeKind::kNone && type->kind != TypeKind::kError;
    typed::VariableId result = has_value ? checker_.add_temporary(*type) : 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      typed::Block body;
      Span span = values[i]->span;
      if (has_value && !is_poison(*values[i])) {
        body.statements.push_back(
            make_stmt(span, typed::SetVariable{result, typed::convert(std::move(values[i]), *type)}));
      } else if (!is_poison(*values[i])) {
        typed::append_effect(body, std::move(values[i]));
      }
      add(match_.arms[i], std::move(body));
    }
    if (has_value && !is_complete()) {
      checker_.report(Diag::MatchIncomplete, span_).help = "add an arm for all other values: _ => ...";
    }
    finish();
    if (!type || type->kind == TypeKind::kError) return typed::poison(span_);
    ExprPtr tail = has_value ? make_expr(*type, span_, typed::ReadVariable{result}) : nullptr;
    return make_expr(*type, span_, typed::BlockExpr{std::move(out_), std::move(tail)});
  }

 private:
  // The type of the match's value; nullopt after a diagnostic.
  std::optional<Type> common(const std::vector<ExprPtr>& values) {
    std::optional<Type> type;
    bool literal = true;
    for (const ExprPtr& value : values) {
      // Unknown for now: what the other arms say may teach it.
      if (is_poison(*value)) continue;
      literal = literal && value->literal;
      bool no_value = value->type.kind == TypeKind::kNone;
      std::optional<Type> both = !type ? std::optional(value->type) : common_type(*type, value->type);
      if (type && no_value && type->kind == TypeKind::kNone) both = none_type();
      if (!both || (both->kind == TypeKind::kNone && !no_value)) {
        checker_.report(Diag::BranchMismatch, value->span, type_name(*type), type_name(value->type));
        return std::nullopt;
      }
      type = both;
    }
    if (type && literal && is_integer(*type) && values.size() > 1) type = int_type(8, type->is_signed);
    return type ? type : values.empty() ? none_type() : error_type();
  }

  void add(const ast::Arm& arm, typed::Block body) {
    typed::Choice choice;
    bool everything = false;
    for (const ast::Pattern& pattern : arm.patterns) {
      if (!pattern.first) {
        everything = true;
        if (all_) repeated(pattern.span.end > pattern.span.begin ? pattern.span : arm.span, *all_);
        all_ = pattern.span;
      } else if (all_ && !match_.is_switch && !everything) {
        checker_.report(Diag::CaseBehindAll, pattern.span).notes.push_back({*all_, "this one"});
      } else if (ExprPtr test = check_pattern(pattern)) {
        choice.tests.push_back(std::move(test));
      }
    }
    if (everything) choose_.otherwise = choose_.choices.size();
    choice.body = std::move(body);
    choose_.choices.push_back(std::move(choice));
  }

  void finish() {
    if (type_.kind == TypeKind::kError) return;
    out_.statements.push_back(make_stmt(span_, std::move(choose_)));
  }

  [[nodiscard]] bool is_complete() const {
    if (all_ || type_.kind == TypeKind::kError) return true;
    if (!is_matchable_number(type_)) return false;
    auto [least, greatest] = limits(type_);
    return numbers_.has_all(least, greatest);
  }

  void repeated(Span span, Span earlier) {
    checker_.report(Diag::CaseRepeated, span).notes.push_back({earlier, "here"});
  }

  ExprPtr subject() { return make_expr(type_, span_, typed::ReadVariable{subject_}); }

  // The test of one pattern; null after a diagnostic or if the type of the subject is not known.
  ExprPtr check_pattern(const ast::Pattern& pattern) {
    ExprPtr first = constant(*pattern.first);
    ExprPtr last = pattern.last ? constant(*pattern.last) : nullptr;
    if (!first || (pattern.last && !last) || type_.kind == TypeKind::kError) return nullptr;
    bool numbers = is_matchable_number(type_);
    for (const ExprPtr* bound : {&first, &last}) {
      if (*bound && !fits(**bound)) {
        checker_.report(Diag::CaseMismatch, pattern.span, type_name((*bound)->type), type_name(type_));
        return nullptr;
      }
    }
    if (numbers) return last ? range_test(pattern, *first, *last) : number_test(pattern, *first);
    if (last) {
      checker_.report(Diag::IntegerExpected, pattern.span, "..", type_name(last->type));
      return nullptr;
    }
    return text_test(pattern, std::move(first));
  }

  ExprPtr constant(const ast::Expr& expr) {
    ExprPtr value = checker_.check_plain(expr);
    if (is_poison(*value)) return nullptr;
    bool known = typed::constant_string(*value) != nullptr || typed::node_as<typed::Constant>(*value) != nullptr;
    if (known) return value;
    checker_.report(Diag::NotConstant, expr.span);
    return nullptr;
  }

  [[nodiscard]] bool fits(const typed::Expr& value) const {
    if (!is_matchable_number(type_)) return typed::constant_string(value) != nullptr;
    return (type_.kind == TypeKind::kBool) == (value.type.kind == TypeKind::kBool) && is_matchable_number(value.type);
  }

  // As the subject's type has it: 64 bits wide, of its sign.
  [[nodiscard]] Wide number_of(const typed::Expr& value) const {
    std::uint64_t bits = typed::node_as<typed::Constant>(value)->value;
    bool is_signed = type_.size == 8 ? type_.is_signed : value.type.is_signed || value.type.size < 8;
    return is_signed ? Wide{static_cast<std::int64_t>(bits)} : Wide{bits};
  }

  void warn_of_limits(Wide first, Wide last, const typed::Expr& value, Span span) {
    auto [least, greatest] = limits(type_);
    if (last < least || first > greatest) checker_.report(Diag::CaseNever, span, type_name(type_), number_text(value));
  }

  ExprPtr compare(typed::BinaryOp op, Wide number, Span span) {
    Type word = int_type(8, type_.is_signed);
    ExprPtr right = typed::constant(word, static_cast<std::uint64_t>(number), span);
    return make_expr(bool_type(), span,
                     typed::Binary{op, typed::to_int64(subject(), type_.is_signed), std::move(right), {}});
  }

  ExprPtr number_test(const ast::Pattern& pattern, const typed::Expr& value) {
    Wide number = number_of(value);
    if (auto earlier = numbers_.add(number, number, pattern.span)) repeated(pattern.span, *earlier);
    warn_of_limits(number, number, value, pattern.span);
    auto [least, greatest] = limits(type_);
    if (number < least || number > greatest) return typed::bool_literal(false, pattern.span);
    return compare(typed::BinaryOp::kEqual, number, pattern.span);
  }

  ExprPtr range_test(const ast::Pattern& pattern, const typed::Expr& begin, const typed::Expr& end) {
    Wide first = number_of(begin);
    Wide last = number_of(end) - (pattern.inclusive ? 0 : 1);
    if (first > last) {
      checker_.report(Diag::EmptyRange, pattern.span);
      return nullptr;
    }
    if (auto earlier = numbers_.add(first, last, pattern.span)) repeated(pattern.span, *earlier);
    warn_of_limits(first, last, first > limits(type_).second ? begin : end, pattern.span);
    auto [least, greatest] = limits(type_);
    if (last < least || first > greatest) return typed::bool_literal(false, pattern.span);
    ExprPtr low = compare(typed::BinaryOp::kGreaterEqual, std::max(first, least), pattern.span);
    ExprPtr high = compare(typed::BinaryOp::kLessEqual, std::min(last, greatest), pattern.span);
    return make_expr(bool_type(), pattern.span, typed::Logical{true, std::move(low), std::move(high)});
  }

  ExprPtr text_test(const ast::Pattern& pattern, ExprPtr value) {
    const std::string& text = *typed::constant_string(*value);
    auto [earlier, added] = texts_.try_emplace(text, pattern.span);
    if (!added) repeated(pattern.span, earlier->second);
    if (type_.kind == TypeKind::kString && text.size() > type_.size) {
      checker_.report(Diag::CaseNever, pattern.span, type_name(type_), "as long as this");
    }
    return checker_.combine(ast::BinaryOp::kEqual, subject(), std::move(value), pattern.span);
  }

  Checker& checker_;
  const ast::Match& match_;
  Span span_;
  Type type_;  // of the subject; kError if not known
  typed::VariableId subject_ = 0;
  typed::Block out_;
  typed::Choose choose_;
  MatchedNumbers numbers_;
  std::map<std::string, Span> texts_;
  std::optional<Span> all_;  // where `_` or `default` is
};

Checker::ExprPtr Checker::check_match(const ast::Match& match, Span span) {
  return MatchChecker(*this, match, span).value();
}

void Checker::check_match_statement(const ast::Match& match, Span span, typed::Block& out) {
  MatchChecker(*this, match, span).statement(out);
}

}  // namespace hawk
