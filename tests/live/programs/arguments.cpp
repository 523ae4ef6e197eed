// Functions and methods of C++, for the cases of arguments.live.
#include <string>

#define TRACED __attribute__((noinline))
#define KEEP __asm__ volatile("")

namespace shop {

class Impl;

struct Base {
  int id = 1;
  static int total;
};
int Base::total = 5;

struct Price {
  long cents;
};

class Item : public Base {
 public:
  virtual ~Item() = default;
  TRACED int sell(int count, const Price& price, Price&& last) const {
    KEEP;
    return count + static_cast<int>(price.cents + last.cents);
  }
  TRACED static void list(const char* title) {
    KEEP;
    (void)title;
  }

  const char* label = "tea";
  Price* price = nullptr;
  Price& own;
  Impl* impl = nullptr;
  enum class Kind : unsigned char { kNew, kUsed = 7 } kind = Kind::kUsed;
  explicit Item(Price& p) : own(p) {}
};

class Impl {
 public:
  int secret = 99;
};

struct Empty {};
TRACED void takes_empty(Empty, int after) {
  KEEP;
  (void)after;
}
TRACED void takes_object(std::string text, int after) {
  KEEP;
  (void)text;
  (void)after;
}
TRACED std::string returns_object(int seed) { return std::string(static_cast<std::size_t>(seed), 'x'); }
TRACED void takes_kind(Item::Kind kind, bool flag, char16_t unit) {
  KEEP;
  (void)kind;
  (void)flag;
  (void)unit;
}
template <class T>
TRACED T twice(T value) {
  KEEP;
  return value + value;
}

}  // namespace shop

int main() {
  shop::Price price{250};
  shop::Item item(price);
  item.id = 17;
  item.price = &price;
  shop::Impl impl;
  item.impl = &impl;
  int sum = item.sell(3, price, shop::Price{4});
  shop::Item::list("titles");
  shop::takes_empty({}, 8);
  shop::takes_object("an object", 9);
  sum += static_cast<int>(shop::returns_object(10).size());
  shop::takes_kind(shop::Item::Kind::kUsed, true, u'y');
  return shop::twice(sum) + static_cast<int>(shop::twice(2L)) == 0;
}
