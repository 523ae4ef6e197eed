#include "pattern/threads.h"

#include <map>
#include <tuple>

namespace hawk::pattern {

namespace {

constexpr std::size_t kMostPlaces = 20'000;

struct ByteRange {
  unsigned char first = 0;
  unsigned char last = 0;
};

// The UTF-8 of a code point.
std::vector<unsigned char> encode(Symbol symbol) {
  auto byte = [](Symbol value) { return static_cast<unsigned char>(value); };
  auto more = [&](unsigned shift) { return byte(0x80 | ((symbol >> shift) & 0x3F)); };
  if (symbol < 0x80) return {byte(symbol)};
  if (symbol < 0x800) return {byte(0xC0 | symbol >> 6), more(0)};
  if (symbol < 0x10000) return {byte(0xE0 | symbol >> 12), more(6), more(0)};
  return {byte(0xF0 | symbol >> 18), more(12), more(6), more(0)};
}

// Cuts a range of code points into pieces whose encodings differ in independent ranges of bytes.
void for_each_byte_sequence(SymbolRange range, const auto& visit) {
  for (Symbol last : {0x7FU, 0x7FFU, 0xFFFFU}) {
    if (range.first <= last && last < range.last) {
      for_each_byte_sequence({range.first, last}, visit);
      return for_each_byte_sequence({last + 1, range.last}, visit);
    }
  }
  for (unsigned shift = 6; shift <= 18 && range.last >= 0x80; shift += 6) {
    Symbol low_bits = (1U << shift) - 1;
    if ((range.first & ~low_bits) == (range.last & ~low_bits)) continue;
    if ((range.first & low_bits) != 0) {
      for_each_byte_sequence({range.first, range.first | low_bits}, visit);
      return for_each_byte_sequence({(range.first | low_bits) + 1, range.last}, visit);
    }
    if ((range.last & low_bits) != low_bits) {
      for_each_byte_sequence({range.first, (range.last & ~low_bits) - 1}, visit);
      return for_each_byte_sequence({range.last & ~low_bits, range.last}, visit);
    }
  }
  std::vector<unsigned char> first = encode(range.first);
  std::vector<unsigned char> last = encode(range.last);
  std::vector<ByteRange> bytes;
  for (std::size_t i = 0; i < first.size(); ++i) bytes.push_back({first[i], last[i]});
  visit(bytes);
}

// Built from the end: each node becomes the place from where it leads to `next`.
class Builder {
 public:
  Threads threads;

  PlaceId add(std::vector<Link> links = {}) {
    threads.places.push_back({{}, std::move(links)});
    return static_cast<PlaceId>(threads.places.size() - 1);
  }

  [[nodiscard]] bool is_full() const { return work_ > kMostPlaces || threads.places.size() > kMostPlaces; }

  PlaceId build(const Node& node, PlaceId next) {
    ++work_;
    if (is_full()) return next;
    return std::visit([&](const auto& value) { return build_value(value, next); }, node.value);
  }

  // Any number of any characters, up to `next`.
  PlaceId build_anything(PlaceId next) {
    PlaceId loop = add({{next, {}}});
    PlaceId turn = build_value(CharacterSet::all(), loop);
    threads.places[loop].links.push_back({turn, {}});
    return loop;
  }

 private:
  using Tails = std::map<std::tuple<unsigned char, unsigned char, PlaceId>, PlaceId>;

  PlaceId build_value(const CharacterSet& set, PlaceId next) {
    PlaceId place = add();
    Tails tails;
    for (const SymbolRange& range : set.ranges()) {
      if (range.first >= kStrayByte) {
        add_edge(place, {static_cast<unsigned char>(range.first - kStrayByte),
                         static_cast<unsigned char>(range.last - kStrayByte), next, true});
      } else {
        for_each_byte_sequence(range, [&](const std::vector<ByteRange>& bytes) {
          PlaceId tail = build_tail(bytes, next, tails);
          add_edge(place, {bytes[0].first, bytes[0].last, tail});
        });
      }
    }
    return place;
  }

  // The bytes behind the first one, up to `next`; sequences share them.
  PlaceId build_tail(const std::vector<ByteRange>& bytes, PlaceId next, Tails& tails) {
    PlaceId to = next;
    for (std::size_t i = bytes.size() - 1; i > 0; --i) {
      auto [tail, is_new] = tails.try_emplace({bytes[i].first, bytes[i].last, to}, 0);
      if (is_new) {
        tail->second = add();
        add_edge(tail->second, {bytes[i].first, bytes[i].last, to});
      }
      to = tail->second;
    }
    return to;
  }

  void add_edge(PlaceId from, Edge edge) { threads.places[from].edges.push_back(edge); }

  PlaceId build_value(const Sequence& sequence, PlaceId next) {
    for (auto part = sequence.parts.rbegin(); part != sequence.parts.rend(); ++part) next = build(**part, next);
    return next;
  }

  PlaceId build_value(const Choice& choice, PlaceId next) {
    std::vector<Link> links;
    for (const NodePtr& branch : choice.branches) links.push_back({build(*branch, next), {}});
    return add(std::move(links));
  }

  PlaceId build_value(const Repeat& repeat, PlaceId next) {
    PlaceId entry = next;
    if (!repeat.most) {
      entry = add({{next, {}}});
      PlaceId turn = build(*repeat.part, entry);
      threads.places[entry].links.push_back({turn, {}});
    }
    for (std::uint32_t i = repeat.least; i < repeat.most.value_or(0) && !is_full(); ++i)
      entry = add({{next, {}}, {build(*repeat.part, entry), {}}});
    for (std::uint32_t i = 0; i < repeat.least && !is_full(); ++i) entry = build(*repeat.part, entry);
    return entry;
  }

  PlaceId build_value(const Assertion& assertion, PlaceId next) {
    threads.asks_for_words = threads.asks_for_words || (assertion != Assertion::kBegin && assertion != Assertion::kEnd);
    return add({{next, assertion}});
  }

  std::size_t work_ = 0;
};

}  // namespace

std::optional<Threads> build_threads(const Node& pattern, bool anywhere) {
  Builder builder;
  PlaceId goal = builder.add();
  PlaceId behind = anywhere ? builder.build_anything(goal) : goal;
  PlaceId start = builder.build(pattern, behind);
  if (anywhere) start = builder.build_anything(start);
  if (builder.is_full()) return std::nullopt;
  Threads threads = std::move(builder.threads);
  threads.start = start;
  threads.goal = anywhere ? behind : goal;
  threads.goal_is_sure = anywhere;
  return threads;
}

}  // namespace hawk::pattern
