// Hopcroft's algorithm: states are in one block as long as nothing tells them apart.
#include <algorithm>
#include <deque>
#include <map>

#include "pattern/state_machine.h"

namespace hawk::pattern {

namespace {

class Minimiser {
 public:
  explicit Minimiser(const StateMachine& machine) : machine_(machine), block_of_(machine.next.size()) {}

  StateMachine run() {
    collect_sources();
    divide_by_answer();
    while (!waiting_.empty()) {
      auto [block, byte_class] = waiting_.front();
      waiting_.pop_front();
      divide_by(std::vector<std::uint32_t>(blocks_[block]), byte_class);
    }
    return join_classes(number_blocks());
  }

 private:
  void collect_sources() {
    sources_.resize(machine_.classes);
    for (auto& by_target : sources_) by_target.resize(machine_.next.size());
    for (std::uint32_t state = 0; state < machine_.next.size(); ++state) {
      for (std::uint32_t c = 0; c < machine_.classes; ++c) sources_[c][machine_.next[state][c]].push_back(state);
    }
  }

  void divide_by_answer() {
    blocks_.resize(2);
    for (std::uint32_t state = 0; state < machine_.next.size(); ++state) {
      block_of_[state] = machine_.accepts[state] ? 1 : 0;
      blocks_[block_of_[state]].push_back(state);
    }
    for (std::uint32_t c = 0; c < machine_.classes; ++c) waiting_.emplace_back(0, c);
  }

  // Splits each block into the states that a byte of the class takes to `targets`, and the others.
  void divide_by(const std::vector<std::uint32_t>& targets, std::uint32_t byte_class) {
    std::map<std::uint32_t, std::vector<std::uint32_t>> leading;  // by block
    for (std::uint32_t target : targets) {
      for (std::uint32_t source : sources_[byte_class][target]) leading[block_of_[source]].push_back(source);
    }
    for (auto& [block, states] : leading) {
      if (states.size() < blocks_[block].size()) divide(block, std::move(states));
    }
  }

  // The smaller part becomes a new block, and is what tells others apart.
  void divide(std::uint32_t block, std::vector<std::uint32_t> part) {
    auto fresh = static_cast<std::uint32_t>(blocks_.size());
    std::sort(part.begin(), part.end());
    std::sort(blocks_[block].begin(), blocks_[block].end());
    std::vector<std::uint32_t> others;
    std::set_difference(blocks_[block].begin(), blocks_[block].end(), part.begin(), part.end(),
                        std::back_inserter(others));
    if (others.size() < part.size()) std::swap(others, part);
    for (std::uint32_t state : part) block_of_[state] = fresh;
    blocks_[block] = std::move(others);
    blocks_.push_back(std::move(part));
    for (std::uint32_t c = 0; c < machine_.classes; ++c) waiting_.emplace_back(fresh, c);
  }

  // Blocks as states: the final ones keep their numbers, the others follow as they are reached.
  StateMachine number_blocks() {
    constexpr auto kUnknown = static_cast<std::uint32_t>(-1);
    std::vector<std::uint32_t> numbers(blocks_.size(), kUnknown);
    std::vector<std::uint32_t> members;  // of each new state, one old one
    auto number = [&](std::uint32_t state) {
      std::uint32_t& known = numbers[block_of_[state]];
      if (known == kUnknown) {
        known = static_cast<std::uint32_t>(members.size());
        members.push_back(state);
      }
      return known;
    };
    static_cast<void>(number(kRefused));
    static_cast<void>(number(kAccepted));
    StateMachine small;
    small.class_of = machine_.class_of;
    small.classes = machine_.classes;
    small.start = number(machine_.start);
    for (std::size_t i = 0; i < members.size(); ++i) {
      small.next.emplace_back();
      for (std::uint32_t target : machine_.next[members[i]]) small.next.back().push_back(number(target));
      small.accepts.push_back(machine_.accepts[members[i]]);
    }
    return small;
  }

  static StateMachine join_classes(StateMachine machine) {
    std::map<std::vector<std::uint32_t>, std::uint32_t> columns;
    std::vector<std::uint32_t> joined;  // by old class
    for (std::uint32_t c = 0; c < machine.classes; ++c) {
      std::vector<std::uint32_t> column;
      for (const auto& row : machine.next) column.push_back(row[c]);
      joined.push_back(
          columns.try_emplace(std::move(column), static_cast<std::uint32_t>(columns.size())).first->second);
    }
    for (unsigned byte = 1; byte < 256; ++byte) machine.class_of[byte] = joined[machine.class_of[byte]];
    machine.classes = static_cast<std::uint32_t>(columns.size());
    for (auto& row : machine.next) {
      std::vector<std::uint32_t> shorter(machine.classes);
      for (std::uint32_t c = 0; c < joined.size(); ++c) shorter[joined[c]] = row[c];
      row = std::move(shorter);
    }
    return machine;
  }

  const StateMachine& machine_;
  std::vector<std::uint32_t> block_of_;             // by state
  std::vector<std::vector<std::uint32_t>> blocks_;  // states
  std::deque<std::pair<std::uint32_t, std::uint32_t>> waiting_;
  std::vector<std::vector<std::vector<std::uint32_t>>> sources_;  // by class and target
};

}  // namespace

StateMachine minimise(const StateMachine& machine) { return Minimiser(machine).run(); }

}  // namespace hawk::pattern
