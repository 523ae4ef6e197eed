// Builder: C definitions, functions and clauses.
#include "parser/builder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace hawk {

namespace {

constexpr std::size_t kMaxModifiers = 32;        // `*` and `[N]` of one declarator
constexpr std::uint64_t kLargestAlignment = 16;  // of `aligned` without a number, on x86-64 and arm64

// Say nothing about the bytes of a type.
constexpr std::array<std::string_view, 14> kHarmlessAttributes = {
    "preserve_access_index",
    "unused",
    "may_alias",
    "deprecated",
    "designated_init",
    "randomize_layout",
    "no_randomize_layout",
    "counted_by",
    "nonstring",
    "btf_type_tag",
    "btf_decl_tag",
    "noderef",
    "address_space",
    "warn_if_not_aligned",
};

// `"` protects; the quotes themselves are dropped.
std::vector<std::string> split_parts(std::string_view text) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ':' && !quoted) {
      parts.emplace_back();
    } else {
      if (quoted && text[i] == '\\' && i + 1 < text.size()) ++i;
      parts.back() += text[i];
    }
  }
  return parts;
}

// Length of `name=` at the beginning, 0 if there is none.
std::size_t name_prefix(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_')) ++i;
  return i > 0 && i < text.size() && text[i] == '=' ? i + 1 : 0;
}

}  // namespace

std::shared_ptr<ast::CType> Builder::c_type(Span span, decltype(ast::CType::node) node) {
  return std::make_shared<ast::CType>(ast::CType{span, std::move(node)});
}

ast::CAttributes Builder::attribute(Span span, const Token& name, ExprListValue arguments) {
  std::string_view word = name.text;
  if (word.size() > 4 && word.starts_with("__") && word.ends_with("__")) word = word.substr(2, word.size() - 4);
  if (word == "packed") return {.packed = true};
  if (word == "aligned" && arguments.value.empty())
    return {.aligned = expr(span, ast::IntegerLiteral{kLargestAlignment}).value};
  if (word == "aligned" && arguments.value.size() == 1) return {.aligned = std::move(arguments.value.front())};
  bool harmless = std::find(kHarmlessAttributes.begin(), kHarmlessAttributes.end(), word) != kHarmlessAttributes.end();
  if (!harmless && !failed()) diagnostics_.report(Diag::UnsupportedAttribute, span, name.text);
  return {};
}

ast::CAttributes Builder::merge(ast::CAttributes attributes, ast::CAttributes more) {
  attributes.packed = attributes.packed || more.packed;
  if (more.aligned) attributes.aligned = std::move(more.aligned);
  return attributes;
}

CDeclaratorValue Builder::attributed(CDeclaratorValue declarator, ast::CAttributes attributes) {
  declarator.attributes = std::move(attributes);
  return declarator;
}

CDeclaratorValue Builder::modified(CModifier modifier, CDeclaratorValue inner) {
  if (inner.modifiers.size() >= kMaxModifiers) {
    if (!failed()) diagnostics_.report(Diag::NestingTooDeep, inner.span, kMaxModifiers);
    return inner;
  }
  inner.modifiers.insert(inner.modifiers.begin(), std::move(modifier));
  return inner;
}

std::shared_ptr<ast::CType> Builder::declared(std::shared_ptr<ast::CType> base, CDeclaratorValue& declarator) {
  for (CModifier& modifier : declarator.modifiers) {
    Span span = base->span;
    switch (modifier.kind) {
      case CModifier::Kind::kPointer: base = c_type(span, ast::CPointer{std::move(base)}); break;
      case CModifier::Kind::kArray: base = c_type(span, ast::CArray{std::move(base), std::move(modifier.count)}); break;
      case CModifier::Kind::kFunction: base = c_type(span, ast::CFunction{}); break;
    }
  }
  return base;
}

ast::CStruct Builder::c_record(ast::CStruct head, std::vector<ast::CField> fields, ast::CAttributes attributes) {
  head.fields = std::move(fields);
  head.attributes = merge(std::move(head.attributes), std::move(attributes));
  head.complete = true;
  return head;
}

std::vector<ast::CField> Builder::c_anonymous_field(std::shared_ptr<ast::CType> type) {
  Span span = type->span;
  std::vector<ast::CField> fields;
  if (std::holds_alternative<ast::CEnum>(type->node)) {
    // An enum without a field still defines its enumerators.
    add_definition(span, std::move(std::get<ast::CEnum>(type->node)));
  } else if (auto* structure = std::get_if<ast::CStruct>(&type->node);
             structure != nullptr && !structure->tag.empty()) {
    // As in C, a struct with a name but without a field is defined and no member.
    add_definition(span, std::move(*structure));
  } else if (structure != nullptr) {
    fields.push_back({.span = span, .name = {}, .type = std::move(type)});
  } else if (!failed()) {
    diagnostics_.report(Diag::MissingFieldName, span);
  }
  return fields;
}

std::vector<ast::CField> Builder::c_fields(std::shared_ptr<ast::CType> base,
                                           std::vector<CDeclaratorValue> declarators) {
  std::vector<ast::CField> fields;
  for (CDeclaratorValue& declarator : declarators) {
    auto type = declared(base, declarator);
    if (std::holds_alternative<ast::CFunction>(type->node) && !failed()) {
      diagnostics_.report(Diag::FunctionField, declarator.span, declarator.name);
    }
    fields.push_back({declarator.span, std::move(declarator.name), std::move(type), std::move(declarator.bit_width),
                      std::move(declarator.attributes)});
  }
  return fields;
}

std::vector<ast::CField> Builder::concat(std::vector<ast::CField> list, std::vector<ast::CField> more) {
  for (ast::CField& field : more) list.push_back(std::move(field));
  return list;
}

void Builder::add_definition(Span span, decltype(ast::CDefinition::node) node) {
  program_.definitions.push_back({span, std::move(node)});
}

void Builder::typedefs(Span span, std::shared_ptr<ast::CType> base, std::vector<CDeclaratorValue> declarators) {
  for (CDeclaratorValue& declarator : declarators) {
    auto type = declared(base, declarator);
    add_definition(span, ast::CTypedef{std::move(declarator.name), std::move(type), std::move(declarator.attributes)});
  }
}

void Builder::define(Span span, const Token& name, ExprValue value, const Token& end) {
  add_definition(span, ast::CDefine{name.text, std::move(value.value), end.text, name.integer != 0});
}

void Builder::include(Span span, const Token& path) {
  add_definition(span, ast::CInclude{path.text, path.integer != 0});
}

ast::Parameter Builder::parameter(Span span, const Token& name, ast::Parameter::Kind kind,
                                  std::optional<TypeValue> type) {
  ast::Parameter made{.span = span, .name = name.text, .kind = kind};
  if (type) made.type = std::move(type->value);
  return made;
}

ast::Function Builder::function(Span span, const Token& name, std::vector<ast::Parameter> parameters, BlockValue body) {
  return {.span = span,
          .name = name.text,
          .parameters = std::move(parameters),
          .result = std::nullopt,
          .body = std::move(body.value)};
}

void Builder::clause(Span span, const std::vector<const Token*>& attach_points, ExprValue predicate, BlockValue body) {
  ast::Clause made{.span = span,
                   .name = {},
                   .attach_points = {},
                   .predicate = std::move(predicate.value),
                   .body = std::move(body.value)};
  for (const Token* token : attach_points) {
    std::string_view text = token->text;
    std::size_t prefix = name_prefix(text);
    if (prefix > 0 && made.name.empty()) made.name = text.substr(0, prefix - 1);
    made.attach_points.push_back({token->span, split_parts(text.substr(prefix))});
  }
  program_.clauses.push_back(std::move(made));
}

}  // namespace hawk
