#include "runtime/account.h"

#include <cstddef>

#include "runtime/map_access.h"
#include "runtime/missed_hits.h"

namespace hawk {

Account::Account(const ProgramImage& image, const LoadedObject& loaded)
    : image_(image),
      loaded_(loaded),
      received_(image.events.size()),
      dropped_(image.events.size()),
      missed_(image.programs.size()) {}

ProgramAccount Account::counted(std::size_t program) const {
  constexpr std::size_t kWords = sizeof(ProgramAccount) / sizeof(std::uint64_t);
  static_assert(offsetof(ProgramAccount, lost) == 3 * sizeof(std::uint64_t));
  std::vector<std::uint64_t> sums = sum_counters(loaded_.account, static_cast<std::uint32_t>(program), kWords);
  return {.hits = sums[0], .passed = sums[1], .events = sums[2], .lost = sums[3]};
}

std::uint64_t Account::lost() const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < image_.programs.size() && loaded_.account >= 0; ++i) total += counted(i).lost;
  return total;
}

bool Account::is_open() const {
  for (const ClauseAccount& clause : settle()) {
    if (clause.events > clause.delivered + clause.lost) return true;
  }
  return false;
}

void Account::note_missed(const std::vector<Attachment>& attachments) {
  for (std::size_t i = 0; i < missed_.size(); ++i) {
    missed_[i] = loaded_.programs[i] >= 0 ? recursion_misses(loaded_.programs[i]) : 0;
  }
  for (const Attachment& attachment : attachments) {
    if (attachment.link.valid()) missed_[attachment.program] += link_misses(attachment.link.get());
    if (attachment.dispatcher.valid()) missed_[attachment.program] += recursion_misses(attachment.dispatcher.get());
  }
}

std::vector<ClauseAccount> Account::settle() const {
  std::vector<ClauseAccount> all;
  std::vector<std::size_t> places(image_.programs.size());
  for (std::size_t i = 0; i < image_.programs.size(); ++i) {
    if (loaded_.programs[i] < 0) continue;
    ProgramAccount counted = this->counted(i);
    places[i] = all.size();
    all.push_back({.program = i,
                   .hits = counted.hits,
                   .filtered = counted.hits - counted.passed,
                   .events = counted.events,
                   .lost = counted.lost,
                   .missed = missed_[i]});
  }
  for (std::size_t event = 0; event < received_.size(); ++event) {
    std::uint32_t program = image_.events[event].program;
    if (loaded_.programs[program] < 0) continue;
    ClauseAccount& account = all[places[program]];
    account.events -= dropped_[event];
    account.delivered += received_[event] - dropped_[event];
  }
  return all;
}

}  // namespace hawk
