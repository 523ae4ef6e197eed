// Operations as host code calls them: through the table of its context.
#include "host/host_runtime.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <functional>
#include <set>

#include "host_schemas.h"

namespace hawk {
namespace {

using Clause = std::function<std::int64_t(HostContext*)>;

// A clause of a test is a lambda, which the event of its probe leads to.
std::int64_t call_clause(HostContext* context) { return (*static_cast<const Clause*>(context->event))(context); }

EventSchema event_schema(std::vector<Type> fields) {
  EventSchema schema;
  for (Type& field : fields) add_field(schema, std::move(field));
  return schema;
}

struct Host {
  ProgramImage image;
  std::vector<std::vector<std::uint8_t>> events;
  int asked = 0;
  bool stop = false;
  std::unique_ptr<HostRuntime> runtime;

  explicit Host(std::vector<MapSchema> maps = {}) {
    image.maps = std::move(maps);
    image.events = {event_schema({int_type(8, false)}), event_schema({text_type(), text_type()})};
    RuntimeConstants constants;
    constants.tai_offset_ns = 37'000'000'000;
    runtime = std::make_unique<HostRuntime>(
        image, constants,
        HostRuntime::Handlers{.on_event = [this](auto record) { events.emplace_back(record.begin(), record.end()); },
                              .should_stop =
                                  [this] {
                                    ++asked;
                                    return stop;
                                  }});
  }
  std::int64_t run(const Clause& clause) { return runtime->run(call_clause, &clause); }
};

std::uint64_t text(HostContext* c, const std::string& bytes) {
  return c->operations->text_from(c, bytes.data(), bytes.size());
}

TEST(HostRuntime, RunsAClauseAndGivesBackWhatItReturns) {
  Host host;
  EXPECT_EQ(host.run([](HostContext* c) {
    EXPECT_NE(c->event, nullptr);
    EXPECT_GT(c->turns_left, 1000U);
    EXPECT_EQ(c->constants.tai_offset_ns, 37'000'000'000U);
    return 42;
  }),
            42);
}

TEST(HostRuntime, Events) {
  Host host;
  host.run([](HostContext* c) {
    for (std::uint64_t value : {1, 2}) {
      auto* record = static_cast<std::uint64_t*>(c->operations->reserve_event(c, 4096));
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(record) % 8, 0U);
      std::memset(record, 0xff, 4096);
      record[0] = 0;  // event id
      record[1] = value;
      c->operations->submit_event(c, record);
    }
    return 0;
  });
  ASSERT_EQ(host.events.size(), 2U);
  EXPECT_EQ(host.events[0].size(), 16U) << "the size is the schema's";
  EXPECT_EQ(load_number(host.events[1].data() + 8), 2U);
}

TEST(HostRuntime, MapsAndLoopsOverThem) {
  Host host({keyed_schema(int_type(8, false), int_type(8, false), 3)});
  host.run([](HostContext* c) {
    const HostOperations& op = *c->operations;
    for (std::uint64_t key : {5, 3, 4}) {
      std::uint64_t value = key * 10;
      EXPECT_EQ(op.map_set(c, 0, &key, &value), 0);
    }
    std::uint64_t key = 6;
    EXPECT_EQ(op.map_insert(c, 0, &key, &key), -E2BIG);
    EXPECT_EQ(op.map_delete(c, 0, &key), -ENOENT);
    EXPECT_EQ(op.map_length(c, 0), 3U);
    EXPECT_EQ(op.map_find(c, 0, &key), nullptr);
    key = 3;
    EXPECT_EQ(op.map_find_on_cpu(c, 0, &key, 1), nullptr);
    *static_cast<std::uint64_t*>(op.map_find(c, 0, &key)) += 1;
    return 0;
  });
  EXPECT_EQ(load_number(host.runtime->map(0).snapshot().entries[1].value.data()), 31U);
}

struct Loop {
  HostContext* context;
  std::vector<std::uint64_t> keys;
  std::size_t stop_after = 1000;
};

std::int64_t delete_next(const void*, const void* key, const void*, void* frame) {
  auto& loop = *static_cast<Loop*>(frame);
  std::uint64_t number = load_number(key);
  loop.keys.push_back(number);
  std::uint64_t gone = number + 1;
  std::uint64_t made = number + 100;
  loop.context->operations->map_delete(loop.context, 0, &gone);
  loop.context->operations->map_set(loop.context, 0, &made, &made);
  return loop.keys.size() >= loop.stop_after ? 1 : 0;
}

TEST(HostRuntime, ALoopLeavesOutWhatItDeletesAndWhatItAdds) {
  Host host({keyed_schema(int_type(8, false), int_type(8, false))});
  host.run([](HostContext* c) {
    for (std::uint64_t key = 0; key < 6; ++key) c->operations->map_set(c, 0, &key, &key);
    Loop loop{c, {}};
    EXPECT_EQ(c->operations->for_each_entry(c, 0, delete_next, &loop), 3U);
    EXPECT_EQ(loop.keys, (std::vector<std::uint64_t>{0, 2, 4}));
    Loop stopped{c, {}, 2};
    EXPECT_EQ(c->operations->for_each_entry(c, 0, delete_next, &stopped), 2U);
    Loop sorted{c, {}, 1};
    auto last_keys =
        std::bit_cast<std::uint64_t>(EntryOrder{EntryOrder::By::kKey, EntryOrder::Direction::kDescending, {}});
    EXPECT_EQ(c->operations->for_each_sorted(c, 0, last_keys, UINT64_MAX, delete_next, &sorted), 1U);
    EXPECT_EQ(sorted.keys, (std::vector<std::uint64_t>{104}));
    return 0;
  });
}

// --- texts ----------------------------------------------------------------------------------------

TEST(HostRuntime, TextOperations) {
  Host host;
  host.run([](HostContext* c) {
    const HostOperations& op = *c->operations;
    std::uint64_t hello = op.text_from(c, "hello\0junk", 10);
    EXPECT_EQ(op.text_length(c, hello), 5U);
    EXPECT_EQ(op.text_concat(c, text(c, "he"), text(c, "llo")), hello);
    EXPECT_EQ(op.text_concat(c, 0, hello), hello);
    EXPECT_EQ(op.text_concat(c, hello, 0), hello);
    EXPECT_EQ(op.text_compare(c, hello, hello), 0);
    EXPECT_LT(op.text_compare(c, text(c, "a"), text(c, "\xff")), 0);
    EXPECT_GT(op.text_compare(c, text(c, "ab"), text(c, "a")), 0);
    EXPECT_LT(op.text_compare(c, 0, hello), 0);
    EXPECT_EQ(op.text_search(c, hello, text(c, "lo")), 3);
    EXPECT_EQ(op.text_search(c, hello, text(c, "x")), -1);
    EXPECT_EQ(op.text_search(c, hello, 0), 0);
    EXPECT_EQ(op.text_field(c, text(c, "x hello"), 2, 0), hello);
    EXPECT_EQ(op.text_field(c, text(c, "a:hello"), 2, text(c, ":")), hello);
    EXPECT_EQ(op.text_to_float(c, text(c, "2.5x")), 2.5);
    EXPECT_EQ(op.text_to_int(c, text(c, "0x11")), 17);
    char room[8];
    std::memset(room, 'z', sizeof room);
    op.text_to(c, hello, room, 8);
    EXPECT_EQ(std::string(room, 8), std::string("hello\0\0\0", 8));
    op.text_to(c, hello, room, 3);
    EXPECT_EQ(std::string(room, 4), "hell") << "nothing behind the capacity is touched";
    return 0;
  });
}

TEST(HostRuntime, CopyString) {
  Host host;
  host.run([](HostContext* c) {
    char room[8] = "zzzzzzz";
    EXPECT_EQ(c->operations->copy_string(c, room, 8, "abc"), 4);
    EXPECT_EQ(std::string(room, 7), std::string("abc\0zzz", 7));
    EXPECT_EQ(c->operations->copy_string(c, room, 3, "abcdef"), 3);
    EXPECT_STREQ(room, "ab");
    EXPECT_EQ(c->operations->copy_string(c, room, 0, "x"), 0);
    return 0;
  });
}

// Makes texts until a breath is due; then takes it.
void fill_pool(HostContext* c, bool may_forget) {
  static int number = 0;
  while (c->turns_left > 0) text(c, std::to_string(++number) + std::string(10'000, '.'));
  EXPECT_EQ(c->operations->take_breath(c, may_forget ? 1 : 0), 0U);
}

TEST(HostRuntime, TextsThatNothingRefersToGo) {
  Host host({keyed_schema(text_type(), tuple_type({int_type(8, false), text_type()})),
             keyed_schema(int_type(8, false), int_type(8, false))});
  host.run([&](HostContext* c) {
    c->operations->text_root(c, nullptr);  // a root ends with its clause
    return 0;
  });
  host.run([&](HostContext* c) {
    std::uint64_t variable = text(c, "in a variable");
    c->operations->text_root(c, &variable);
    c->operations->text_root(c, &variable);
    std::uint64_t key = text(c, "key");
    std::uint64_t value[2] = {1, text(c, "value")};
    EXPECT_EQ(c->operations->map_set(c, 0, &key, value), 0);
    std::uint64_t lost = text(c, "lost");
    std::size_t most = 0;
    for (int i = 0; i < 200; ++i) {
      fill_pool(c, true);
      most = std::max(most, host.runtime->text_bytes());
    }
    EXPECT_LT(most, std::size_t{4} << 20);
    EXPECT_EQ(host.runtime->text(variable), "in a variable");
    EXPECT_EQ(host.runtime->text(key), "key");
    EXPECT_EQ(host.runtime->text(value[1]), "value");
    EXPECT_EQ(host.runtime->text(lost), "");
    return 0;
  });
  EXPECT_GT(host.asked, 100);
}

TEST(HostRuntime, TextsStayWhereABreathMustNotForget) {
  Host host;
  std::uint64_t id = 0;
  host.run([&](HostContext* c) {
    id = text(c, "temporary");
    for (int i = 0; i < 20; ++i) fill_pool(c, false);
    EXPECT_EQ(host.runtime->text(id), "temporary");
    auto* record = static_cast<std::uint64_t*>(c->operations->reserve_event(c, 16));
    fill_pool(c, true);
    EXPECT_EQ(host.runtime->text(id), "temporary") << "the record may name it";
    record[0] = 0;
    c->operations->submit_event(c, record);
    fill_pool(c, true);
    EXPECT_EQ(host.runtime->text(id), "");
    id = text(c, "of this run");
    for (int i = 0; i < 20; ++i) fill_pool(c, false);
    return 0;
  });
  EXPECT_EQ(host.runtime->text(id), "of this run") << "a printer may still ask";
  host.run([](HostContext*) { return 0; });
  EXPECT_EQ(host.runtime->text(id), "") << "swept between clauses";
}

std::int64_t forget_in_loop(const void*, const void* key, const void* value, void* frame) {
  auto* c = static_cast<HostContext*>(frame);
  c->operations->map_delete(c, 0, key);
  fill_pool(c, true);
  EXPECT_EQ(static_cast<HostRuntime*>(c->runtime)->text(load_number(value)), "value");
  return 0;
}

TEST(HostRuntime, TextsOfADeletedEntryStayWhileALoopShowsIt) {
  Host host({keyed_schema(int_type(8, false), text_type())});
  host.run([](HostContext* c) {
    std::uint64_t key = 1;
    std::uint64_t value = text(c, "value");
    c->operations->map_set(c, 0, &key, &value);
    for (int i = 0; i < 3; ++i) fill_pool(c, true);
    EXPECT_EQ(c->operations->for_each_entry(c, 0, forget_in_loop, c), 1U);
    return 0;
  });
}

// --- loops ----------------------------------------------------------------------------------------

TEST(HostRuntime, BreathAsksWhetherToStop) {
  Host host;
  host.run([&](HostContext* c) {
    c->turns_left = 0;
    EXPECT_EQ(c->operations->take_breath(c, 1), 0U);
    EXPECT_GT(c->turns_left, 1000U);
    EXPECT_EQ(host.asked, 1);
    host.stop = true;
    EXPECT_EQ(c->operations->take_breath(c, 1), 1U);
    EXPECT_EQ(c->turns_left, 0U) << "every further turn asks again";
    EXPECT_EQ(host.asked, 2);
    return 0;
  });
}

TEST(HostRuntime, WorkMakesTheNextBreathEarlier) {
  Host host({keyed_schema(int_type(8, false), int_type(8, false), 100'000)});
  host.run([&](HostContext* c) {
    std::uint64_t before = c->turns_left;
    for (std::uint64_t key = 0; key < 5000; ++key) c->operations->map_set(c, 0, &key, &key);
    EXPECT_LT(c->turns_left, before);
    EXPECT_EQ(c->turns_left, 0U);
    return 0;
  });
}

// --- lines ----------------------------------------------------------------------------------------

TEST(HostRuntime, LinesAndWhatGoesWrongWithThem) {
  Host host;
  host.run([&](HostContext* c) {
    const HostOperations& op = *c->operations;
    auto file = static_cast<std::uint64_t>(LineSource::kFile);
    auto command = static_cast<std::uint64_t>(LineSource::kCommand);
    std::uint64_t line = 77;
    std::uint64_t echo = text(c, "echo hello");
    EXPECT_EQ(op.read_line(c, echo, command, &line, 1), 1U);
    EXPECT_EQ(host.runtime->text(line), "hello");
    EXPECT_EQ(op.read_line(c, echo, command, &line, 1), 0U);
    EXPECT_EQ(host.runtime->text(line), "hello") << "left alone at the end";
    EXPECT_EQ(c->turns_left, 0U);
    EXPECT_EQ(op.close_source(c, echo, command), 1U);
    EXPECT_EQ(op.close_source(c, echo, command), 0U);
    EXPECT_TRUE(host.events.empty());
    std::uint64_t absent = text(c, "/absent/file");
    EXPECT_EQ(op.read_line(c, absent, file, &line, 1), 0U);
    EXPECT_EQ(op.read_line(c, absent, file, &line, 1), 0U);
    return 0;
  });
  ASSERT_EQ(host.events.size(), 1U);
  EXPECT_EQ(load_number(host.events[0].data(), 4), 1U);
  EXPECT_EQ(host.runtime->text(load_number(host.events[0].data() + 8)), "/absent/file");
  EXPECT_EQ(host.runtime->text(load_number(host.events[0].data() + 16)), "No such file or directory");
}

// --- who and when ---------------------------------------------------------------------------------

TEST(HostRuntime, WhoAndWhen) {
  Host host;
  host.run([](HostContext* c) {
    const HostOperations& op = *c->operations;
    auto who = [&](HostIdentity what) { return op.identity(c, static_cast<std::uint64_t>(what)); };
    EXPECT_EQ(who(HostIdentity::kProcess), static_cast<std::uint64_t>(::getpid()));
    EXPECT_EQ(who(HostIdentity::kThread), static_cast<std::uint64_t>(::gettid()));
    EXPECT_EQ(who(HostIdentity::kUser), ::getuid());
    EXPECT_EQ(who(HostIdentity::kGroup), ::getgid());
    EXPECT_LT(who(HostIdentity::kCpu), 100'000U);
    EXPECT_LT(who(HostIdentity::kNumaNode), 1024U);
    auto now = [&](Clock clock) { return op.clock(c, static_cast<std::uint64_t>(clock)); };
    std::uint64_t monotonic = now(Clock::kMonotonic);
    std::uint64_t boot = now(Clock::kBoot);
    EXPECT_LE(monotonic, boot);
    std::uint64_t tai = now(Clock::kSoftwareTai);
    EXPECT_GE(tai, boot + 37'000'000'000);
    EXPECT_LE(tai, now(Clock::kBoot) + 37'000'000'000);
    EXPECT_GT(now(Clock::kTai), 1'500'000'000'000'000'000U);
    std::set<std::uint64_t> numbers;
    for (int i = 0; i < 100; ++i) numbers.insert(op.random(c));
    EXPECT_GT(numbers.size(), 95U);
    EXPECT_LT(*numbers.rbegin(), std::uint64_t{1} << 32);

    char former[16];
    ::prctl(PR_GET_NAME, former);
    ::prctl(PR_SET_NAME, "kite");
    char name[17];
    std::memset(name, 'z', sizeof name);
    op.command_name(c, name);
    ::prctl(PR_SET_NAME, former);
    EXPECT_EQ(std::string(name, 17), "kite" + std::string(12, '\0') + "z");
    return 0;
  });
}

}  // namespace
}  // namespace hawk
