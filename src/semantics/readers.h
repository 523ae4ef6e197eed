// Readers: who has to be looked at again when the type of a name becomes known or widens. One belongs to the
// clauses of a script, and one to each block while it is checked, whose statements are the readers. It only saves
// walks: an edge that is missing costs another walk over the script, a superfluous one another look at a statement.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

namespace hawk {

class Readers {
 public:
  // What is read from now on is read by this one (its number); nested calls are not meant.
  void begin(std::size_t reader) { current_ = reader; }
  void end() { current_ = kNobody; }

  // Any address that stands for the name.
  void read(const void* name);
  // Its readers, but for the one that is being looked at, are due again; these they are.
  std::vector<std::size_t> changed(const void* name);
  // One that is due, the one that became so last first; kNobody if none is. It is then due no more.
  [[nodiscard]] std::size_t take_due();

  static constexpr std::size_t kNobody = ~std::size_t{0};

 private:
  std::unordered_map<const void*, std::vector<std::size_t>> readers_;
  std::vector<std::size_t> due_;
  std::vector<bool> is_due_;
  std::size_t current_ = kNobody;
};

}  // namespace hawk
