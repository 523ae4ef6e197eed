// The subset construction. What a thread carries besides its place:
//   a debt: it took a byte for one that is part of no UTF-8, so the bytes that would make it part of some must not
//   follow.
// What a set of threads carries: whether the last byte was a word character, if an assertion asks for that.
#include <algorithm>
#include <map>

#include "pattern/state_machine.h"

namespace hawk::pattern {

namespace {

constexpr std::size_t kMostSets = 10'000;
constexpr std::size_t kMostWork = 20'000'000;  // threads moved; about a second

enum class Debt : std::uint8_t { kNone, kOne, kTwo, kThree, kAfterE0, kAfterED, kAfterF0, kAfterF4 };

struct DebtRow {
  unsigned char first;  // the bytes that bring it nearer to being valid
  unsigned char last;
  Debt rest;  // kNone: then it is valid, and the thread was wrong
};
constexpr DebtRow kDebts[] = {
    {1, 0, Debt::kNone},      {0x80, 0xBF, Debt::kNone}, {0x80, 0xBF, Debt::kOne}, {0x80, 0xBF, Debt::kTwo},
    {0xA0, 0xBF, Debt::kOne}, {0x80, 0x9F, Debt::kOne},  {0x90, 0xBF, Debt::kTwo}, {0x80, 0x8F, Debt::kTwo},
};

Debt debt_of(unsigned char lead) {
  if (lead < 0xC2 || lead > 0xF4) return Debt::kNone;
  if (lead < 0xE0) return Debt::kOne;
  if (lead == 0xE0) return Debt::kAfterE0;
  if (lead == 0xED) return Debt::kAfterED;
  if (lead < 0xF0) return Debt::kTwo;
  if (lead == 0xF0) return Debt::kAfterF0;
  return lead == 0xF4 ? Debt::kAfterF4 : Debt::kThree;
}

// The debt behind `byte`; nullopt: the thread was wrong.
std::optional<Debt> pay(Debt debt, unsigned char byte, bool stray) {
  const DebtRow& row = kDebts[static_cast<std::size_t>(debt)];
  bool nearer = row.first <= byte && byte <= row.last;
  if (nearer && row.rest == Debt::kNone) return std::nullopt;
  if (nearer) return row.rest;
  return stray ? debt_of(byte) : Debt::kNone;
}

// What stands beside a place between two bytes.
enum class Neighbour : std::uint8_t { kEdge, kWord, kOther };  // kEdge: the string begins, or ends

bool holds(Assertion assertion, Neighbour before, Neighbour after) {
  bool word_before = before == Neighbour::kWord;
  bool word_after = after == Neighbour::kWord;
  switch (assertion) {
    case Assertion::kBegin: return before == Neighbour::kEdge;
    case Assertion::kEnd: return after == Neighbour::kEdge;
    case Assertion::kWordEdge: return word_before != word_after;
    case Assertion::kNoWordEdge: return word_before == word_after;
    case Assertion::kWordBegin: return !word_before && word_after;
    case Assertion::kWordEnd: return word_before && !word_after;
  }
  return false;
}

bool is_word_character(unsigned byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_';
}

using Thread = std::uint32_t;  // place * 8 + debt
Thread make_thread(PlaceId place, Debt debt) { return place * 8 + static_cast<std::uint32_t>(debt); }

struct ThreadSet {
  Neighbour before = Neighbour::kOther;
  std::vector<Thread> threads;  // sorted; links have not been followed yet

  auto operator<=>(const ThreadSet&) const = default;
};

class Determiniser {
 public:
  explicit Determiniser(const Threads& threads) : threads_(threads) { divide_bytes(); }

  std::optional<StateMachine> run() {
    for (std::uint32_t final : {kRefused, kAccepted}) {
      machine_.next.emplace_back(machine_.classes, final);
      machine_.accepts.push_back(final == kAccepted);
      sets_.push_back(nullptr);
    }
    machine_.start = number_of({Neighbour::kEdge, {make_thread(threads_.start, Debt::kNone)}});
    for (std::uint32_t state = kAccepted + 1; state < sets_.size(); ++state) {
      if (sets_.size() > kMostSets || work_ > kMostWork) return std::nullopt;
      expand(state);
    }
    return std::move(machine_);
  }

 private:
  // Classes are runs of bytes that no edge, no debt and no assertion tells apart.
  void divide_bytes() {
    std::array<bool, 257> begins{};
    auto divide = [&](unsigned first, unsigned last) { begins[first] = begins[last + 1] = true; };
    for (const Place& place : threads_.places) {
      for (const Edge& edge : place.edges) divide(edge.first, edge.last);
    }
    for (const DebtRow& row : kDebts) {
      if (row.first <= row.last) divide(row.first, row.last);
    }
    for (unsigned byte = 1; byte < 256; ++byte) {
      auto lead = static_cast<unsigned char>(byte);
      if (debt_of(lead) != debt_of(static_cast<unsigned char>(byte - 1))) begins[byte] = true;
      if (threads_.asks_for_words && is_word_character(byte) != is_word_character(byte - 1)) begins[byte] = true;
    }
    std::uint32_t number = 0;
    representative_.push_back(1);
    for (unsigned byte = 1; byte < 256; ++byte) {
      if (byte > 1 && begins[byte]) {
        ++number;
        representative_.push_back(static_cast<unsigned char>(byte));
      }
      machine_.class_of[byte] = number;
    }
    machine_.classes = number + 1;
  }

  std::uint32_t number_of(ThreadSet set) {
    if (set.threads.empty()) return kRefused;
    auto [found, is_new] = numbers_.try_emplace(std::move(set), static_cast<std::uint32_t>(sets_.size()));
    if (is_new) {
      sets_.push_back(&found->first);
      machine_.next.emplace_back(machine_.classes, kRefused);
      machine_.accepts.push_back(false);
    }
    return found->second;
  }

  // The threads of the set and those they can become by links.
  std::vector<Thread> follow_links(const ThreadSet& set, Neighbour after) {
    std::vector<Thread> all = set.threads;
    seen_.resize(threads_.places.size() * 8, false);
    for (Thread thread : all) seen_[thread] = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const Link& link : threads_.places[all[i] / 8].links) {
        Thread to = link.to * 8 + all[i] % 8;
        if (seen_[to] || (link.assertion && !holds(*link.assertion, set.before, after))) continue;
        seen_[to] = true;
        all.push_back(to);
      }
    }
    for (Thread thread : all) seen_[thread] = false;
    work_ += all.size();
    return all;
  }

  void expand(std::uint32_t state) {
    const ThreadSet& set = *sets_[state];
    for (Thread thread : follow_links(set, Neighbour::kEdge)) {
      if (thread / 8 == threads_.goal) machine_.accepts[state] = true;
    }
    expand_for(state, set, Neighbour::kOther);
    if (threads_.asks_for_words) expand_for(state, set, Neighbour::kWord);
  }

  [[nodiscard]] Neighbour neighbour(std::uint32_t byte_class) const {
    bool word = threads_.asks_for_words && is_word_character(representative_[byte_class]);
    return word ? Neighbour::kWord : Neighbour::kOther;
  }

  void expand_for(std::uint32_t state, const ThreadSet& set, Neighbour after) {
    std::vector<Thread> all = follow_links(set, after);
    Thread sure = make_thread(threads_.goal, Debt::kNone);
    bool is_sure = threads_.goal_is_sure && std::find(all.begin(), all.end(), sure) != all.end();
    std::vector<std::vector<Thread>> moved(machine_.classes);
    for (Thread thread : all) {
      if (!is_sure) move(thread, moved);
    }
    for (std::uint32_t byte_class = 0; byte_class < machine_.classes; ++byte_class) {
      if (neighbour(byte_class) != after) continue;
      std::vector<Thread>& threads = moved[byte_class];
      std::sort(threads.begin(), threads.end());
      threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
      std::uint32_t next = is_sure ? kAccepted : number_of({after, std::move(threads)});
      machine_.next[state][byte_class] = next;
    }
  }

  void move(Thread thread, std::vector<std::vector<Thread>>& moved) {
    for (const Edge& edge : threads_.places[thread / 8].edges) {
      for (std::uint32_t c = machine_.class_of[edge.first]; c <= machine_.class_of[edge.last]; ++c) {
        std::optional<Debt> debt = pay(static_cast<Debt>(thread % 8), representative_[c], edge.stray);
        if (debt) moved[c].push_back(make_thread(edge.to, *debt));
        ++work_;
      }
    }
  }

  const Threads& threads_;
  StateMachine machine_;
  std::vector<unsigned char> representative_;  // a byte of each class
  std::map<ThreadSet, std::uint32_t> numbers_;
  std::vector<const ThreadSet*> sets_;  // by state
  std::vector<bool> seen_;
  std::size_t work_ = 0;
};

}  // namespace

std::optional<StateMachine> determinise(const Threads& threads) { return Determiniser(threads).run(); }

}  // namespace hawk::pattern
