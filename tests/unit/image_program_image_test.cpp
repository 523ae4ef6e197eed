// Saving, loading and dumping images.
#include "image/program_image.h"

#include <gtest/gtest.h>

namespace hawk {
namespace {

ProgramImage sample() {
  ProgramImage image;
  image.object = {0x7f, 'E', 'L', 'F', 0};
  ProgramSpec program;
  program.symbol = "begin_0";
  ProbeSpec probe;
  probe.name = "begin";
  probe.semaphore = 0x1234;
  program.probes.push_back(probe);
  program.location = {.file = "a.bt", .line = 3, .column_begin = 1, .column_end = 6, .text = "begin"};
  image.programs.push_back(program);
  MapSchema map;
  map.name = "m";
  map.keyed = true;
  map.max_entries = 4096;
  map.key = tuple_type({string_type(16), int_type(8, true)});
  map.value = aggregation_type(TypeKind::kCount, false);
  map.storage = MapStorage::kPerCpuHash;
  image.maps.push_back(map);
  EventSchema event;
  event.format = parse_format("%5d \"x\"\n");
  add_field(event, int_type(4, true));
  image.events.push_back(event);
  EventSchema print;
  print.kind = EventKind::kPrintMap;
  print.view.top = 3;
  print.view.div = 2;
  print.view.order = {EntryOrder::By::kValue, EntryOrder::Direction::kDescending, {2, 1}};
  image.events.push_back(print);
  EventSchema table;
  table.kind = EventKind::kPrintTable;
  table.table = {.maps = {0}, .keys = {"comm", "pid"}, .columns = {{0, {1}, Unit::kBytes, "read"}}, .top = 10};
  image.events.push_back(table);
  image.strings = {"%H:%M"};
  image.source_name = "a.bt";
  image.source_text = "begin { }";
  image.config.max_strlen = 33;
  image.needs_unsafe = true;
  return image;
}

TEST(ImageFile, RoundTrip) {
  std::string bytes = serialize_image(sample());
  Result<ProgramImage> image = deserialize_image(bytes);
  ASSERT_TRUE(image.ok()) << image.error().message;
  EXPECT_EQ(dump_image(image.value()), dump_image(sample()));
  EXPECT_EQ(image.value().object, sample().object);
  EXPECT_EQ(image.value().source_text, "begin { }");
  EXPECT_EQ(image.value().config.max_strlen, 33U);
  EXPECT_TRUE(same_type(image.value().maps[0].key, sample().maps[0].key));
  EXPECT_EQ(image.value().programs[0].location.text, "begin");
  EXPECT_EQ(image.value().programs[0].probes[0].semaphore, 0x1234U);
  EXPECT_EQ(image.value().events[0].format.pieces[0].spec.width, 5U);
  EXPECT_EQ(serialize_image(image.value()), bytes);
}

TEST(ImageFile, RecursiveTypesAndEnums) {
  ProgramImage image;
  Type node;
  node.kind = TypeKind::kStruct;
  node.name = "struct node";
  auto def = std::make_shared<StructDef>();
  def->fields.push_back({"next", pointer_type(node, AddressSpace::kKernel)});
  node.def = def;
  Type colour = int_type(4, false);
  colour.kind = TypeKind::kEnum;
  colour.enumerators = std::make_shared<const EnumDef>(EnumDef{{{"RED", 1}}});
  image.maps.push_back({.name = "n", .key = none_type(), .value = node});
  image.maps.push_back({.name = "c", .key = none_type(), .value = colour});
  Result<ProgramImage> loaded = deserialize_image(serialize_image(image));
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.value().maps[0].value.def->fields.at(0).type.element->name, "struct node");
  EXPECT_EQ(loaded.value().maps[1].value.enumerators->values.at(0).name, "RED");
}

TEST(ImageFile, SaysWhatIsWrong) {
  std::string good = serialize_image(sample());
  auto message = [](const std::string& bytes) {
    Result<ProgramImage> image = deserialize_image(bytes);
    return image.ok() ? std::string("ok") : image.error().message;
  };
  EXPECT_EQ(message(""), "not a hawk program image");
  EXPECT_EQ(message("#!/bin/sh\n"), "not a hawk program image");
  EXPECT_EQ(message(good.substr(0, 20)), "the program image is cut short");
  EXPECT_EQ(message(good.substr(0, good.size() - 1)), "the program image is cut short");
  std::string other_version = good;
  other_version[8] = 99;
  EXPECT_EQ(message(other_version), "the program image has version 99, this hawk reads version 7");
  for (std::size_t i = 28; i < good.size(); i += 7) {
    std::string damaged = good;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    EXPECT_EQ(message(damaged), "the program image is damaged") << i;
  }
  EXPECT_EQ(message(good + "trailing"), "ok");
}

TEST(Dump, Image) {
  EXPECT_EQ(dump_image(sample()),
            "image of a.bt: object 5 bytes, needs --unsafe\n"
            "programs\n"
            "  begin_0 raw_tracepoint a.bt:3\n"
            "    begin\n"
            "maps\n"
            "  @m[(string[16],int64)] = count_t: hawk_map_0 percpu_hash, 24 + 8 bytes, 4096 entries\n"
            "events\n"
            "  0 printf, 16 bytes \"%d \\\"x\\\"\\n\" int32@8\n"
            "  1 print_map, 8 bytes @m top 3 div 2 by value.1.0, descending\n"
            "  2 print_table, 8 bytes \"comm\" \"pid\" @m \"read\" bytes column 0 top 10\n"
            "strings\n"
            "  0 \"%H:%M\"\n"
            "config\n"
            "  max_strlen = 33\n");
}

TEST(Dump, Maps) {
  MapSchema scalar{.name = "x", .key = none_type(), .value = int_type(8, true), .storage = MapStorage::kArray};
  scalar.printed_at_exit = false;
  EXPECT_EQ(dump_maps({scalar}), "@x = int64: hawk_map_0 array, 4 + 16 bytes, 1 entries, not printed at exit\n");
}

}  // namespace
}  // namespace hawk
