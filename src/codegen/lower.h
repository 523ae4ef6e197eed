// How each node lowers: one overload a node. Three questions can be asked of an expression: its value
// in a register (scalars), its bytes written to a place, and where its bytes already are. A node that
// no overload answers for does not build.
#pragma once

#include <concepts>

#include "codegen/lowering.h"
#include "support/check.h"

namespace hawk {

template <class T, class... Ts>
concept OneOf = (std::same_as<T, Ts> || ...);

// Nodes whose value is a scalar, and nodes whose value is bytes in memory; the others depend on the type.
template <class T>
concept ScalarNode = OneOf<T, typed::Constant, typed::VariableAddress, typed::MapAddress, typed::ReadAggregation,
                           typed::HasKey, typed::FindKey, typed::DeleteKey, typed::MapLength, typed::AddToMap,
                           typed::AddToVariable, typed::Unary, typed::Binary, typed::Logical, typed::CompareStrings,
                           typed::CompareBytes, typed::MatchPattern, typed::ContextLoad, typed::ContextAddress>;
template <class T>
concept MemoryNode =
    OneOf<T, typed::DataConstant, typed::ReadString, typed::ReadBuffer, typed::Pack, typed::StackTrace>;

// --- in a register ---
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Constant& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::ReadVariable& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::VariableAddress& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::MapAddress& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::ReadMap& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::ReadAggregation& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::HasKey& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::FindKey& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::DeleteKey& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::MapLength& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::AddToMap& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::AddToVariable& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Unary& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Binary& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Logical& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::CompareStrings& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::CompareBytes& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::MatchPattern& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Convert& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Member& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Element& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Load& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::ContextLoad& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::ContextAddress& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Conditional& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::BlockExpr& node);
llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Call& node);
template <MemoryNode Node>
llvm::Value* lower_scalar(Lowering&, const typed::Expr&, const Node&) {
  HAWK_UNREACHABLE("the value of this node is not a scalar");
}

// --- in memory ---
void lower_into(Lowering& l, const typed::Expr& expr, const typed::DataConstant& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::ReadVariable& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::ReadMap& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::ReadAggregation& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::Convert& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::Member& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::Element& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::Load& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::ReadString& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::ReadBuffer& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::Pack& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::Conditional& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::BlockExpr& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::Call& node, Place destination);
void lower_into(Lowering& l, const typed::Expr& expr, const typed::StackTrace& node, Place destination);
template <ScalarNode Node>
void lower_into(Lowering&, const typed::Expr&, const Node&, Place) {
  HAWK_UNREACHABLE("the value of this node is a scalar");
}

// --- statements ---
void lower_statement(Lowering& l, const typed::Evaluate& node);
void lower_statement(Lowering& l, const typed::SetVariable& node);
void lower_statement(Lowering& l, const typed::SetPart& node);
void lower_statement(Lowering& l, const typed::SetMap& node);
void lower_statement(Lowering& l, const typed::Aggregate& node);
void lower_statement(Lowering& l, const typed::Emit& node);
void lower_statement(Lowering& l, const typed::Join& node);
void lower_statement(Lowering& l, const typed::If& node);
void lower_statement(Lowering& l, const typed::Choose& node);
void lower_statement(Lowering& l, const typed::While& node);
void lower_statement(Lowering& l, const typed::ForRange& node);
void lower_statement(Lowering& l, const typed::ForMap& node);
void lower_statement(Lowering& l, const typed::Break& node);
void lower_statement(Lowering& l, const typed::Continue& node);
void lower_statement(Lowering& l, const typed::Return& node);
void lower_statement(Lowering& l, const typed::Scope& node);
void lower_statement(Lowering& l, const typed::Region& node);
void lower_statement(Lowering& l, const typed::LeaveRegion& node);

}  // namespace hawk
