#include "semantics/expand.h"

#include <cctype>
#include <map>
#include <set>

#include "ast/builtin.h"
#include "ast/copy.h"
#include "ast/mentions.h"
#include "semantics/callables.h"

namespace hawk {

namespace {

constexpr std::size_t kMostNodes = 400'000;  // that expansions add
constexpr unsigned kMostDepth = 700;         // what the recursion of later stages takes with ease
constexpr char kMark = '\'';

// One expansion under way: what the parameters stand for.
struct Frame {
  const Callable* callable = nullptr;
  const Frame* caller = nullptr;  // null: called from the program itself
  std::uint32_t number = 0;       // marks the variables of the body
  std::uint32_t expansion = 0;
  Span call;  // as the caller counts it
  std::map<std::string, ast::ExprPtr, std::less<>> expressions = {};
  std::map<std::string, std::string, std::less<>> variables = {};
  std::map<std::string, std::string, std::less<>> maps = {};
};

bool is_loop(const ast::Stmt& stmt) {
  return std::holds_alternative<ast::While>(stmt.node) || std::holds_alternative<ast::ForRange>(stmt.node) ||
         std::holds_alternative<ast::ForMap>(stmt.node) || std::holds_alternative<ast::Unroll>(stmt.node);
}

// `@m`, which means the map itself to print() and the like, and its value elsewhere.
bool is_whole_map(const ast::Expr& expr) {
  const auto* map = std::get_if<ast::MapAccess>(&expr.node);
  return map != nullptr && !map->key;
}

class Expander {
 public:
  Expander(const Callables& own, const Callables& prelude, Sources& sources, DiagSink& diagnostics)
      : own_(own), prelude_(prelude), sources_(sources), diagnostics_(diagnostics) {}

  ast::Clause clause(const ast::Clause& clause) {
    ast::Copier copier = copier_for(nullptr);
    return {clause.span, clause.name, clause.attach_points, copier.copy(clause.predicate), copier.copy(clause.body)};
  }
  ast::ExprPtr expr(const ast::Expr& expr) { return copier_for(nullptr).copy(expr); }

  [[nodiscard]] bool called(const Callable& callable) const { return called_.contains(&callable); }

 private:
  ast::Copier copier_for(const Frame* frame) {
    ast::Copier copier;
    copier.depth = &depth_;
    copier.on_expr = [this, frame](const ast::Expr& expr) { return replace(expr, frame); };
    if (frame == nullptr) return copier;
    copier.on_type = [frame](const ast::TypeSyntax& type) { return replace_type(type, *frame); };
    copier.on_stmt = [this, frame](const ast::Stmt& stmt) { return replace_statement(stmt, *frame); };
    copier.on_declared = [frame](const std::string& name) { return variable_name(name, frame); };
    copier.on_field = [frame](const std::string& name) { return field_name(name, *frame); };
    copier.on_span = [frame](Span span) { return place(span, frame); };
    return copier;
  }

  static Span place(Span span, const Frame* frame) {
    if (frame == nullptr) return span;
    if (frame->callable->from_prelude) return frame->call;
    span.expansion = frame->expansion;
    return span;
  }

  static std::string variable_name(const std::string& name, const Frame* frame) {
    if (frame == nullptr) return name;
    if (auto found = frame->variables.find(name); found != frame->variables.end()) return found->second;
    return fmt::format("{}{}{}", name, kMark, frame->number);
  }

  // A parameter that names a field: container_of(p, typeof(struct x), member).
  static std::string field_name(const std::string& name, const Frame& frame) {
    auto found = frame.expressions.find(name);
    if (found == frame.expressions.end()) return name;
    const auto* word = std::get_if<ast::Identifier>(&found->second->node);
    return word != nullptr ? word->name : name;
  }

  // A parameter that stands for a type, or for an expression whose type is meant.
  static std::unique_ptr<ast::TypeSyntax> replace_type(const ast::TypeSyntax& type, const Frame& frame) {
    auto found = frame.expressions.find(type.name);
    if (found == frame.expressions.end()) return nullptr;
    ast::Copier plain;
    auto made = std::make_unique<ast::TypeSyntax>();
    if (const auto* of = std::get_if<ast::TypeOf>(&found->second->node)) {
      made->of_type = plain.copy(of->type);
      made->of_expr = plain.copy(of->expr);
    } else if (const auto* word = std::get_if<ast::Identifier>(&found->second->node)) {
      made->name = word->name;
    } else {
      made->of_expr = plain.copy(found->second);
    }
    return made;
  }

  // Null: copied as it is.
  ast::ExprPtr replace(const ast::Expr& expr, const Frame* frame) {
    if (frame != nullptr && (++nodes_ > kMostNodes || depth_ > kMostDepth)) return too_large();
    if (const auto* name = std::get_if<ast::Identifier>(&expr.node)) return replace_name(*name, expr, frame);
    if (const auto* call = std::get_if<ast::Call>(&expr.node)) return replace_call(*call, expr, frame);
    if (frame == nullptr) return nullptr;
    if (const auto* match = std::get_if<ast::Match>(&expr.node)) return replace_switch(*match, expr, *frame);
    if (const auto* variable = std::get_if<ast::Variable>(&expr.node)) {
      return make(ast::Variable{variable_name(variable->name, frame)}, place(expr.span, frame));
    }
    if (const auto* map = std::get_if<ast::MapAccess>(&expr.node)) {
      return make(ast::MapAccess{map_name(*map, expr.span, *frame), copier_for(frame).copy(map->key)},
                  place(expr.span, frame));
    }
    return nullptr;
  }

  // `break` may leave a switch of the macro's own.
  ast::ExprPtr replace_switch(const ast::Match& match, const ast::Expr& expr, const Frame& frame) {
    if (!match.is_switch || inside_.a_switch) return nullptr;
    inside_.a_switch = true;
    ast::ExprPtr made = copier_for(&frame).copy(expr);
    inside_.a_switch = false;
    return made;
  }

  ast::ExprPtr replace_name(const ast::Identifier& name, const ast::Expr& expr, const Frame* frame) {
    if (frame != nullptr) {
      auto found = frame->expressions.find(name.name);
      if (found != frame->expressions.end()) return argument(*found->second);
    }
    // In its own body a macro's name is that of the builtin it stands in front of.
    bool is_builtin = frame != nullptr && frame->callable->name == name.name && find_builtin(name.name).has_value();
    const Callable* callable = is_builtin ? nullptr : find(name.name, {}, frame);
    // Without parentheses it may be a field or a constant: a function wants them.
    if (callable == nullptr || callable->function != nullptr) return nullptr;
    return expand_call(*callable, {}, place(expr.span, frame), frame);
  }

  // An argument once more: it is expanded already.
  ast::ExprPtr argument(const ast::Expr& given) {
    ast::Copier copier;
    copier.depth = &depth_;
    copier.on_expr = [this](const ast::Expr&) {
      return ++nodes_ > kMostNodes || depth_ > kMostDepth ? too_large() : nullptr;
    };
    return copier.copy(given);
  }

  ast::ExprPtr replace_call(const ast::Call& call, const ast::Expr& expr, const Frame* frame) {
    std::vector<ast::ExprPtr> arguments = expanded_arguments(call, frame);
    std::vector<const ast::Expr*> given;
    for (const ast::ExprPtr& argument : arguments) given.push_back(argument.get());
    Span span = place(expr.span, frame);
    if (const Callable* callable = find(call.function, given, frame)) {
      return expand_call(*callable, std::move(arguments), span, frame);
    }
    const Callables& own = scope_of(frame);
    bool builtin = find_builtin(call.function).has_value();
    if (!builtin && (own.contains(call.function) || prelude_.contains(call.function))) {
      const Callables& known = own.contains(call.function) ? own : prelude_;
      known.report_mismatch(call.function, given, span, diagnostics_);
    }
    return make(ast::Call{call.function, std::move(arguments), place(call.name_span, frame)}, span);
  }

  std::vector<ast::ExprPtr> expanded_arguments(const ast::Call& call, const Frame* frame) {
    ast::Copier copier = copier_for(frame);
    std::vector<ast::ExprPtr> arguments;
    for (const ast::ExprPtr& argument : call.arguments) arguments.push_back(copier.copy(*argument));
    return arguments;
  }

  // The prelude does not see what the script defines.
  [[nodiscard]] const Callables& scope_of(const Frame* frame) const {
    return frame != nullptr && frame->callable->from_prelude ? prelude_ : own_;
  }

  [[nodiscard]] const Callable* find(std::string_view name, const std::vector<const ast::Expr*>& arguments,
                                     const Frame* frame) const {
    const Callable* found = scope_of(frame).find(name, arguments);
    return found != nullptr ? found : prelude_.find(name, arguments);
  }

  std::string map_name(const ast::MapAccess& map, Span span, const Frame& frame) {
    if (auto found = frame.maps.find(map.name); found != frame.maps.end()) return found->second;
    if (frame.callable->function == nullptr) diagnostics_.report(Diag::UnhygienicMap, place(span, &frame), map.name);
    return map.name;
  }

  ast::StmtPtr replace_statement(const ast::Stmt& stmt, const Frame& frame) {
    if (frame.callable->function != nullptr) return nullptr;
    if (std::holds_alternative<ast::Return>(stmt.node)) report_jump(stmt, "return", frame);
    if (inside_.a_loop) return nullptr;
    if (std::holds_alternative<ast::Break>(stmt.node) && !inside_.a_switch) report_jump(stmt, "break", frame);
    if (std::holds_alternative<ast::Continue>(stmt.node)) report_jump(stmt, "continue", frame);
    if (!is_loop(stmt)) return nullptr;
    inside_.a_loop = true;
    ast::StmtPtr made = copier_for(&frame).copy(stmt);
    inside_.a_loop = false;
    return made;
  }

  void report_jump(const ast::Stmt& stmt, const char* word, const Frame& frame) {
    diagnostics_.report(Diag::JumpOutOfMacro, place(stmt.span, &frame), word, frame.callable->name);
  }

  ast::ExprPtr expand_call(const Callable& callable, std::vector<ast::ExprPtr> arguments, Span span,
                           const Frame* caller) {
    called_.insert(&callable);
    if (caller == nullptr) outermost_ = span;
    for (const Frame* frame = caller; frame != nullptr; frame = frame->caller) {
      if (frame->callable == &callable) return report_recursion(callable, span, caller);
    }
    Frame frame{.callable = &callable, .caller = caller, .number = ++expansions_, .call = span};
    if (!callable.from_prelude) frame.expansion = sources_.add_expansion(callable.name, span);
    std::vector<ast::StmtPtr> copies = bind(frame, std::move(arguments));
    Inside around = std::exchange(inside_, {});
    ast::Block body = copier_for(&frame).copy(*callable.body);
    inside_ = around;
    if (callable.function != nullptr) {
      auto result = copier_for(&frame).copy(callable.function->result);
      ast::ExprPtr call = make(ast::FunctionBody{callable.name, std::move(body), std::move(result)}, span);
      if (copies.empty()) return call;
      // What is given is evaluated outside of the body: a `return` in it is the caller's.
      ast::Block whole{.span = span, .statements = std::move(copies), .tail = std::move(call)};
      return make(ast::BlockExpr{std::move(whole)}, span);
    }
    bool only_tail = body.statements.empty() && body.tail && !is_whole_map(*body.tail);
    if (only_tail) return std::move(body.tail);
    return make(ast::BlockExpr{std::move(body)}, span);
  }

  // The arguments become what the parameters stand for; of a function, those that are copied: statements before its
  // body.
  std::vector<ast::StmtPtr> bind(Frame& frame, std::vector<ast::ExprPtr> arguments) {
    std::vector<ast::StmtPtr> copies;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const ast::Parameter& parameter = (*frame.callable->parameters)[i];
      ast::ExprPtr& argument = arguments[i];
      if (parameter.kind == ast::Parameter::Kind::kMap) {
        frame.maps[parameter.name] = std::get<ast::MapAccess>(argument->node).name;
      } else if (parameter.kind == ast::Parameter::Kind::kExpression) {
        frame.expressions[parameter.name] = std::move(argument);
      } else if (frame.callable->function == nullptr) {
        frame.variables[parameter.name] = std::get<ast::Variable>(argument->node).name;
      } else {
        auto let = std::make_unique<ast::Stmt>();
        let->span = argument->span;
        let->node = ast::Let{variable_name(parameter.name, &frame), copier_for(&frame).copy(parameter.type),
                             std::move(argument)};
        copies.push_back(std::move(let));
      }
    }
    return copies;
  }

  ast::ExprPtr report_recursion(const Callable& callable, Span span, const Frame* caller) {
    std::string chain = callable.name;
    for (const Frame* frame = caller; frame != nullptr; frame = frame->caller) {
      chain = fmt::format("{} > {}", frame->callable->name, chain);
      if (frame->callable == &callable) break;
    }
    diagnostics_.report(Diag::RecursiveCall, span, callable.name, chain).help =
        "use a loop, or a map to keep what is still to be done";
    return make(ast::IntegerLiteral{0}, span);
  }

  ast::ExprPtr too_large() {
    if (!reported_size_ && nodes_ > kMostNodes) diagnostics_.report(Diag::ExpansionTooLarge, outermost_, kMostNodes);
    if (!reported_size_ && nodes_ <= kMostNodes) diagnostics_.report(Diag::ExpansionTooDeep, outermost_, kMostDepth);
    reported_size_ = true;
    return make(ast::IntegerLiteral{0}, outermost_);
  }

  template <class Node>
  static ast::ExprPtr make(Node node, Span span) {
    auto made = std::make_unique<ast::Expr>();
    made->span = span;
    made->node = std::move(node);
    return made;
  }

  const Callables& own_;
  const Callables& prelude_;
  Sources& sources_;
  DiagSink& diagnostics_;
  std::set<const Callable*> called_;
  std::uint32_t expansions_ = 0;
  std::size_t nodes_ = 0;
  unsigned depth_ = 0;  // of the tree that is being made
  Span outermost_;      // the call in the program itself that is being expanded
  // Of the macro's own, around the statement under way.
  struct Inside {
    bool a_loop = false;
    bool a_switch = false;
  } inside_;
  bool reported_size_ = false;
};

bool mentions_callable(const ast::Program& program, const Callables& callables) {
  auto known = [&](const std::string& name) { return callables.contains(name); };
  for (const ast::CDefinition& definition : program.definitions) {
    const auto* define = std::get_if<ast::CDefine>(&definition.node);
    if (define != nullptr && define->value && mentions(*define->value, known)) return true;
  }
  for (const ast::Clause& clause : program.clauses) {
    if (mentions(clause, known)) return true;
  }
  return false;
}

// An imported library may have more than a script needs.
void warn_of_uncalled(const ast::Program& program, const Callables& own, const Expander& expander,
                      DiagSink& diagnostics) {
  for (const auto& [name, callables] : own.by_name()) {
    for (const Callable& callable : callables) {
      bool is_library = callable.function == nullptr || callable.head.file != program.file;
      if (!is_library && !expander.called(callable)) diagnostics.report(Diag::FunctionNeverCalled, callable.head, name);
    }
  }
}

}  // namespace

std::string without_marks(std::string text) {
  auto in_name = [&](std::size_t i) {
    return std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_';
  };
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && in_name(end)) ++end;
    if (end == at + 1 || end == text.size() || text[end] != kMark) continue;
    std::size_t digits = end + 1;
    while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0) ++digits;
    if (digits > end + 1) text.erase(end, digits - end);
  }
  return text;
}

ast::Program expand(ast::Program program, const ast::Program& prelude, Sources& sources, DiagSink& diagnostics) {
  Callables own;
  Callables behind;
  own.add(program, false, diagnostics);
  behind.add(prelude, true, diagnostics);
  if (diagnostics.has_errors() || (own.empty() && !mentions_callable(program, behind))) return program;
  Expander expander(own, behind, sources, diagnostics);
  std::vector<ast::Clause> clauses;
  for (const ast::Clause& clause : program.clauses) clauses.push_back(expander.clause(clause));
  for (ast::CDefinition& definition : program.definitions) {
    auto* define = std::get_if<ast::CDefine>(&definition.node);
    if (define != nullptr && define->value) define->value = expander.expr(*define->value);
  }
  if (!diagnostics.has_errors()) warn_of_uncalled(program, own, expander, diagnostics);
  program.clauses = std::move(clauses);
  return program;
}

}  // namespace hawk
