// `-d ast`: the tree as text. One node a line, two blanks of indentation per level; a line names the node and what it
// holds itself, its children follow. Children that could be mistaken for one another stand below a role (`then`).
#include <fmt/format.h>

#include "ast/ast.h"

namespace hawk::ast {

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

class Dumper {
 public:
  std::string run(const Program& program) {
    line("Program");
    Level level(*this);
    for (const CDefinition& definition : program.definitions) c_definition(definition);
    for (const ConfigBlock& block : program.config) config(block);
    for (const Import& import : program.imports) line("Import {}", quoted(import.path));
    for (const MapDeclaration& map : program.maps)
      line("MapDeclaration @{} {} {}", map.map, map.kind, map.max_entries.value_or(0));
    for (const Macro& macro : program.macros) {
      line("Macro {}", macro.name);
      Level inner(*this);
      parameters(macro.parameters);
      block("body", macro.body);
    }
    for (const Function& function : program.functions) {
      line("Function {}", function.name);
      Level inner(*this);
      parameters(function.parameters);
      if (function.result) type("result", *function.result);
      block("body", function.body);
    }
    for (const Clause& one : program.clauses) clause(one);
    return std::move(out_);
  }

  // --- expressions ---
  void expr(const ExprPtr& node) { std::visit(*this, node->node); }

  void operator()(const IntegerLiteral& node) { line("Integer {}", node.value); }
  void operator()(const FloatLiteral& node) { line("Float {}", node.value); }
  void operator()(const BoolLiteral& node) { line("Bool {}", node.value); }
  void operator()(const StringLiteral& node) { line("String {}", quoted(node.value)); }
  void operator()(const Identifier& node) { line("Identifier {}", node.name); }
  void operator()(const PositionalParameter& node) { line("PositionalParameter {}", node.index); }
  void operator()(const ParameterCount&) { line("ParameterCount"); }
  void operator()(const Variable& node) { line("Variable ${}", node.name); }
  void operator()(const MapAccess& node) { parent(fmt::format("Map @{}", node.name), node.key); }
  void operator()(const Unary& node) {
    bool post = node.op == UnaryOp::kPostIncrement || node.op == UnaryOp::kPostDecrement;
    parent(fmt::format("{} {}", post ? "Postfix" : "Unary", spelling(node.op)), node.operand);
  }
  void operator()(const Binary& node) { parent(fmt::format("Binary {}", spelling(node.op)), node.left, node.right); }
  void operator()(const Conditional& node) {
    if (node.then) {
      parent("Conditional", node.condition, node.then, node.otherwise);
    } else {
      parent("Elvis", node.condition, node.otherwise);
    }
  }
  void operator()(const Cast& node) {
    line("Cast");
    Level level(*this);
    type("type", node.type);
    expr(node.operand);
  }
  void operator()(const FieldAccess& node) { parent(fmt::format("Field {}", node.field), node.base); }
  void operator()(const Index& node) { parent("Index", node.base, node.index); }
  void operator()(const Call& node) {
    line("Call {}", node.function);
    Level level(*this);
    for (const ExprPtr& argument : node.arguments) expr(argument);
  }
  void operator()(const SizeOf& node) { of("SizeOf", node.type, node.expr); }
  void operator()(const TypeOf& node) { of("TypeOf", node.type, node.expr); }
  void operator()(const TypeInfo& node) { of("TypeInfo", node.type, node.expr); }
  void operator()(const OffsetOf& node) {
    std::string path;
    for (const std::string& name : node.path) path += (path.empty() ? "" : ".") + name;
    of(fmt::format("OffsetOf {}", path), node.type, node.expr);
  }
  void operator()(const Tuple& node) {
    line("Tuple");
    Level level(*this);
    for (const ExprPtr& element : node.elements) expr(element);
  }
  void operator()(const Record& node) {
    line("Record");
    Level level(*this);
    for (const auto& [name, value] : node.fields) parent(fmt::format("field {}", name), value);
  }
  void operator()(const ArrayLiteral& node) {
    line("Array");
    Level level(*this);
    for (const ExprPtr& element : node.elements) expr(element);
  }
  void operator()(const StructLiteral& node) {
    line("StructLiteral");
    Level level(*this);
    if (node.type) type("type", *node.type);
    for (const Initialiser& each : node.members) {
      parent(each.member.empty() ? "member" : fmt::format("member {}", each.member), each.value);
    }
  }
  void operator()(const BlockExpr& node) { block("Block", node.block); }
  void operator()(const IfExpr& node) {
    line(node.comptime ? "If comptime" : "If");
    Level level(*this);
    expr(node.condition);
    block("then", node.then);
    if (node.otherwise) block("else", *node.otherwise);
  }
  void operator()(const Match& node) {
    line(node.is_switch ? "Switch" : "Match");
    Level level(*this);
    expr(node.subject);
    for (const Arm& arm : node.arms) {
      line("arm");
      Level inner(*this);
      for (const Pattern& pattern : arm.patterns) {
        const char* title = !pattern.first ? "any" : !pattern.last ? "is" : pattern.inclusive ? "to" : "below";
        parent(title, pattern.first, pattern.last);
      }
      block("then", arm.body);
    }
  }
  void operator()(const FunctionBody& node) {
    line("FunctionBody {}", node.function);
    Level inner(*this);
    if (node.result) type("result", *node.result);
    block("body", node.body);
  }
  void operator()(const Comptime& node) { parent("Comptime", node.operand); }

  // --- statements ---
  void operator()(const ExprStatement& node) { parent("ExprStatement", node.expr); }
  void operator()(const Discard& node) { parent("Discard", node.expr); }
  void operator()(const Let& node) {
    line("Let ${}", node.variable);
    Level level(*this);
    if (node.type) type("type", *node.type);
    if (node.value) expr(node.value);
  }
  void operator()(const Assign& node) {
    parent(fmt::format("Assign {}=", node.op ? spelling(*node.op) : ""), node.target, node.value);
  }
  void operator()(const While& node) {
    line("While");
    Level level(*this);
    expr(node.condition);
    block("body", node.body);
  }
  void operator()(const ForRange& node) {
    line("ForRange ${}", node.variable);
    Level level(*this);
    expr(node.begin);
    expr(node.end);
    block("body", node.body);
  }
  void operator()(const ForMap& node) {
    line("ForMap ${}", node.variable);
    Level level(*this);
    expr(node.map);
    block("body", node.body);
  }
  void operator()(const Unroll& node) {
    line("Unroll");
    Level level(*this);
    expr(node.count);
    block("body", node.body);
  }
  void operator()(const Break&) { line("Break"); }
  void operator()(const Continue&) { line("Continue"); }
  void operator()(const Return& node) { parent("Return", node.value); }
  void operator()(const ImportStatement& node) { line("Import {}", quoted(node.path)); }

  // --- C definitions ---
  void operator()(const CStruct& node) {
    line("{} {}{}{}", node.is_union ? "Union" : "Struct", node.tag.empty() ? "(anonymous)" : node.tag,
         node.attributes.packed ? " packed" : "", node.complete ? "" : " incomplete");
    Level level(*this);
    aligned(node.attributes);
    for (const CField& field : node.fields) {
      line("field {}{}", field.name.empty() ? "(anonymous)" : field.name, field.attributes.packed ? " packed" : "");
      Level inner(*this);
      std::visit(*this, field.type->node);
      if (field.bit_width) parent("bits", field.bit_width);
      aligned(field.attributes);
    }
  }
  void operator()(const CEnum& node) {
    line("Enum {}{}", node.tag.empty() ? "(anonymous)" : node.tag, node.attributes.packed ? " packed" : "");
    Level level(*this);
    for (const CEnumerator& value : node.values) parent(fmt::format("enumerator {}", value.name), value.value);
  }
  void operator()(const CTypedef& node) {
    line("Typedef {}", node.name);
    Level level(*this);
    std::visit(*this, node.type->node);
    aligned(node.attributes);
  }
  void operator()(const CDefine& node) {
    if (!node.value) return line("Define {} {}", node.name, node.text.empty() ? "(nothing)" : node.text);
    parent(fmt::format("Define {}", node.name), node.value);
  }
  void operator()(const CInclude& node) { line(node.angled ? "Include <{}>" : "Include \"{}\"", node.path); }
  void operator()(const CNamed& node) { line("CType {}", node.name); }
  void operator()(const CPointer& node) {
    line("CPointer");
    Level level(*this);
    std::visit(*this, node.pointee->node);
  }
  void operator()(const CArray& node) {
    line("CArray");
    Level level(*this);
    std::visit(*this, node.element->node);
    if (node.count) parent("count", node.count);
  }
  void operator()(const CFunction&) { line("CFunction"); }
  void aligned(const CAttributes& attributes) {
    if (attributes.aligned) parent("aligned", attributes.aligned);
  }

 private:
  // One level of indentation while it lives.
  struct Level {
    explicit Level(Dumper& owner) : dumper(owner) { ++dumper.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --dumper.depth_; }
    Dumper& dumper;
  };

  template <class... Args>
  void line(fmt::string_view format, const Args&... args) {
    out_.append(depth_ * 2, ' ');
    out_ += fmt::vformat(format, fmt::make_format_args(args...));
    out_ += '\n';
  }

  // A node whose children are expressions; null ones are left out.
  template <class... Children>
  void parent(const std::string& title, const Children&... children) {
    line("{}", title);
    Level level(*this);
    ((children ? expr(children) : void()), ...);
  }

  void of(const std::string& title, const std::unique_ptr<TypeSyntax>& of_type, const ExprPtr& of_expr) {
    line("{}", title);
    Level level(*this);
    if (of_type) type("type", *of_type);
    if (of_expr) expr(of_expr);
  }

  // `type uint64*[4]`; counts and typeof operands that are expressions follow below.
  void type(const char* role, const TypeSyntax& node) {
    bool is_typeof = node.of_expr || node.of_type;
    std::string text = is_typeof ? "typeof" : node.name;
    for (const TypeModifier& modifier : node.modifiers) text += suffix(modifier);
    line("{} {}", role, text);
    Level level(*this);
    if (node.of_type) type("type", *node.of_type);
    if (node.of_expr) expr(node.of_expr);
    for (const TypeModifier& modifier : node.modifiers) {
      if (modifier.count && !std::holds_alternative<IntegerLiteral>(modifier.count->node))
        parent("count", modifier.count);
    }
  }

  static std::string suffix(const TypeModifier& modifier) {
    if (modifier.kind == TypeModifier::Kind::kPointer) return "*";
    if (!modifier.count) return "[]";
    const auto* literal = std::get_if<IntegerLiteral>(&modifier.count->node);
    return literal != nullptr ? fmt::format("[{}]", literal->value) : "[...]";
  }

  void block(const char* role, const Block& node) {
    line("{}", role);
    Level level(*this);
    for (const StmtPtr& statement : node.statements) std::visit(*this, statement->node);
    if (node.tail) parent("value", node.tail);
  }

  void parameters(const std::vector<Parameter>& list) {
    for (const Parameter& parameter : list) {
      const char* sigil = parameter.kind == Parameter::Kind::kVariable ? "$"
                          : parameter.kind == Parameter::Kind::kMap    ? "@"
                                                                       : "";
      line("parameter {}{}", sigil, parameter.name);
      Level level(*this);
      if (parameter.type) type("type", *parameter.type);
    }
  }

  void config(const ConfigBlock& node) {
    line("Config");
    Level level(*this);
    for (const ConfigEntry& entry : node.entries) line("{} = {}", entry.key, quoted(entry.value));
  }

  void c_definition(const CDefinition& definition) { std::visit(*this, definition.node); }

  void clause(const Clause& node) {
    line("Clause{}", node.name.empty() ? "" : " " + node.name);
    Level level(*this);
    for (const AttachPoint& point : node.attach_points) {
      std::string text;
      for (const std::string& part : point.parts) text += (&part == &point.parts.front() ? "" : ":") + part;
      line("AttachPoint {}", text);
    }
    if (node.predicate) parent("predicate", node.predicate);
    block("body", node.body);
  }

  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string dump(const Program& program) { return Dumper().run(program); }

const char* spelling(BinaryOp op) {
  switch (op) {
    case BinaryOp::kMultiply: return "*";
    case BinaryOp::kDivide: return "/";
    case BinaryOp::kModulo: return "%";
    case BinaryOp::kAdd: return "+";
    case BinaryOp::kSubtract: return "-";
    case BinaryOp::kShiftLeft: return "<<";
    case BinaryOp::kShiftRight: return ">>";
    case BinaryOp::kLess: return "<";
    case BinaryOp::kGreater: return ">";
    case BinaryOp::kLessEqual: return "<=";
    case BinaryOp::kGreaterEqual: return ">=";
    case BinaryOp::kEqual: return "==";
    case BinaryOp::kNotEqual: return "!=";
    case BinaryOp::kBitAnd: return "&";
    case BinaryOp::kBitXor: return "^";
    case BinaryOp::kBitOr: return "|";
    case BinaryOp::kAnd: return "&&";
    case BinaryOp::kOr: return "||";
    case BinaryOp::kIn: return "in";
    case BinaryOp::kMatches: return "=~";
    case BinaryOp::kMatchesNot: return "!~";
  }
  return "?";
}

const char* spelling(UnaryOp op) {
  switch (op) {
    case UnaryOp::kNegate: return "-";
    case UnaryOp::kPlus: return "+";
    case UnaryOp::kNot: return "!";
    case UnaryOp::kBitNot: return "~";
    case UnaryOp::kDereference: return "*";
    case UnaryOp::kAddressOf: return "&";
    case UnaryOp::kPreIncrement: return "++";
    case UnaryOp::kPreDecrement: return "--";
    case UnaryOp::kPostIncrement: return "++";
    case UnaryOp::kPostDecrement: return "--";
  }
  return "?";
}

}  // namespace hawk::ast
