#include "semantics/readers.h"

#include <utility>

namespace hawk {

void Readers::read(const void* name) {
  if (current_ == kNobody) return;
  std::vector<std::size_t>& readers = readers_[name];
  if (readers.empty() || readers.back() != current_) readers.push_back(current_);
}

std::vector<std::size_t> Readers::changed(const void* name) {
  auto found = readers_.find(name);
  if (found == readers_.end()) return {};
  std::vector<std::size_t> readers = std::exchange(found->second, {});  // they register again when they are looked at
  if (std::erase(readers, current_) > 0) found->second.push_back(current_);
  for (std::size_t reader : readers) {
    if (reader >= is_due_.size()) is_due_.resize(reader + 1);
    if (is_due_[reader]) continue;
    is_due_[reader] = true;
    due_.push_back(reader);
  }
  return readers;
}

std::size_t Readers::take_due() {
  if (due_.empty()) return kNobody;
  std::size_t reader = due_.back();
  due_.pop_back();
  is_due_[reader] = false;
  return reader;
}

}  // namespace hawk
