#include "output/flame_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "output/flame_texts.h"
#include "output/xml_text.h"

namespace hawk {

namespace {

// Pixels. Across the page everything is in percent, so that the picture is as wide as its window.
constexpr std::uint32_t kRow = 18;
constexpr std::uint32_t kTop = 112;       // above the first graph
constexpr std::uint32_t kGraphHead = 34;  // name of a graph
constexpr std::uint32_t kGap = 22;        // below a graph
constexpr std::uint32_t kFoot = 30;
constexpr const char* kMargin = "1.2%";
constexpr const char* kAcross = "97.6%";
// Narrower frames (in a window of 1,200 pixels: 12) have no room for a letter; the script writes there after zooming.
constexpr double kNarrowestText = 1.0;  // percent

// How frames of a kind look: shades of one colour (HSL), and what the legend calls them.
struct Look {
  FrameKind kind;
  const char* letter;
  const char* legend;
  int hue;
  int hue_step;
  int saturation;
  int lightness;
};
constexpr std::array kLooks = {
    Look{FrameKind::kProgram, "p", "program", 22, 5, 88, 66},
    Look{FrameKind::kLibrary, "l", "library", 140, 8, 42, 64},
    Look{FrameKind::kKernel, "k", "kernel", 205, 5, 70, 70},
    Look{FrameKind::kGenerated, "g", "generated code", 270, 7, 60, 76},
    Look{FrameKind::kUnknown, "u", "no symbol", 40, 0, 8, 72},
    Look{FrameKind::kRoot, "r", "process", 220, 2, 16, 80},
};
constexpr int kShades = 6;

const Look& look_of(FrameKind kind) {
  return *std::find_if(kLooks.begin(), kLooks.end(), [=](const Look& look) { return look.kind == kind; });
}

// A frame's shade depends on its name alone: the same function looks the same everywhere.
std::uint64_t shade_of(const std::string& name) {
  std::uint64_t hash = 1469598103934665603U;  // FNV-1a
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return (hash >> 32) % kShades;
}

std::string hsl(const Look& look, int shade) {
  int lightness = look.lightness + (shade % 3) * 3;
  return fmt::format("hsl({} {}% {}%)", look.hue + shade * look.hue_step, look.saturation, lightness);
}

std::string style_sheet() {
  std::string style(kFlameStyle);
  for (const Look& look : kLooks) {
    for (int shade = 0; shade < kShades; ++shade)
      style += fmt::format(".{}{} rect {{ fill: {}; }}\n", look.letter, shade, hsl(look, shade));
  }
  return style;
}

// 1234567 as 1,234,567.
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string amount(const FlameGraph& graph, std::uint64_t value) {
  if (!graph.counts) return grouped(value);
  return grouped(value) + (value == 1 ? " sample" : " samples");
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

std::uint32_t rows_in(const FlameGraph& graph) {
  std::uint32_t deepest = 0;
  for (const FlameFrame& frame : graph.frames) deepest = std::max(deepest, frame.depth);
  return deepest + 1;
}

std::uint32_t height_of(const FlameGraph& graph) { return kGraphHead + rows_in(graph) * kRow + kGap; }

class Writer {
 public:
  explicit Writer(const FlamePage& page) : page_(page) {}

  std::string write() {
    std::uint32_t all = kTop + kFoot;
    for (const FlameGraph& graph : page_.graphs) all += height_of(graph);
    add("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100%\" height=\"{}\">\n<title>{}</title>\n"
        "<style>\n{}</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n",
        all, xml_text(page_.title), style_sheet());
    head();
    std::uint32_t y = kTop;
    for (std::size_t i = 0; i < page_.graphs.size(); ++i) {
      graph(page_.graphs[i], i, y);
      y += height_of(page_.graphs[i]);
    }
    add("<g id=\"info\" class=\"info control\"><rect width=\"100%\" height=\"26\"/>"
        "<text x=\"{}\" y=\"17\"></text></g>\n<script><![CDATA[\n{}]]></script>\n</svg>\n",
        kMargin, kFlameScript);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  void head() {
    add("<text class=\"heading\" x=\"{0}\" y=\"34\">{1}</text>\n<text class=\"faint\" x=\"{0}\" y=\"56\">{2}</text>\n",
        kMargin, xml_text(page_.title), xml_text(page_.subtitle));
    legend();
    add("<svg class=\"control\" x=\"100%\" y=\"74\" overflow=\"visible\"><g transform=\"translate(-372, 0)\">"
        "<g id=\"reset\" class=\"button\" tabindex=\"0\" role=\"button\"><rect width=\"86\" height=\"26\" rx=\"5\"/>"
        "<text x=\"43\" y=\"17.5\" text-anchor=\"middle\">Zoom out</text></g>"
        "<foreignObject x=\"96\" width=\"260\" height=\"28\"><input xmlns=\"http://www.w3.org/1999/xhtml\" "
        "id=\"search\" "
        "type=\"search\" placeholder=\"Search (regular expression)\" aria-label=\"Search frames by name\"/>"
        "</foreignObject></g></svg>\n");
  }

  // Of what there is.
  void legend() {
    std::set<FrameKind> kinds;
    for (const FlameGraph& graph : page_.graphs) {
      for (const FlameFrame& frame : graph.frames) kinds.insert(frame.kind);
    }
    kinds.erase(FrameKind::kRoot);
    add("<svg x=\"{}\" y=\"80\" overflow=\"visible\">", kMargin);
    std::size_t x = 0;
    for (const Look& look : kLooks) {
      if (!kinds.contains(look.kind)) continue;
      add("<rect x=\"{}\" width=\"13\" height=\"13\" rx=\"3\" fill=\"{}\"/>"
          "<text class=\"faint\" x=\"{}\" y=\"11\">{}</text>",
          x, hsl(look, 0), x + 19, look.legend);
      x += 44 + 7 * std::string_view(look.legend).size();
    }
    add("</svg>\n");
  }

  static std::string about(const FlameGraph& graph) {
    if (graph.frames.empty()) return "nothing was counted";
    std::string text = amount(graph, graph.frames.front().value);
    if (graph.pruned == 0) return text;
    return text + fmt::format("; left out: {} frame{} of less than {}", grouped(graph.pruned),
                              graph.pruned == 1 ? "" : "s", grouped(graph.narrowest));
  }

  void graph(const FlameGraph& graph, std::size_t number, std::uint32_t y) {
    add("<g>\n<text class=\"name\" x=\"{0}\" y=\"{1}\">@{2} <tspan class=\"faint\" font-size=\"12\" "
        "font-weight=\"400\" "
        "dx=\"6\">{3}</tspan></text>\n<text id=\"g{4}-matched\" class=\"matched\" x=\"98.8%\" y=\"{1}\" "
        "text-anchor=\"end\"></text>\n<svg class=\"graph\" id=\"g{4}\" x=\"{0}\" y=\"{5}\" width=\"{6}\" "
        "height=\"{7}\">\n",
        kMargin, y + 20, xml_text(graph.map), about(graph), number, y + kGraphHead, kAcross, rows_in(graph) * kRow);
    for (const FlameFrame& each : graph.frames) frame(graph, each);
    add("</svg>\n</g>\n");
  }

  void frame(const FlameGraph& graph, const FlameFrame& frame) {
    std::uint64_t all = graph.frames.front().value;
    double width = percent(frame.value, all);
    std::string name = xml_text(frame.name);
    add("<svg class=\"frame {}{}\" x=\"{:.6g}%\" y=\"{}\" width=\"{:.6g}%\" height=\"{}\" data-s=\"{}\" data-n=\"{}\" "
        "data-d=\"{}\"><title>{} ({}, {:.2f} %)</title><rect width=\"100%\" height=\"100%\" rx=\"2\"/>",
        look_of(frame.kind).letter, shade_of(frame.name), percent(frame.start, all),
        (rows_of(graph) - 1 - frame.depth) * kRow, width, kRow - 1, frame.start, frame.value, frame.depth, name,
        amount(graph, frame.value), width);
    if (width >= kNarrowestText) add("<text x=\"4\" y=\"12.5\">{}</text>", name);
    add("</svg>\n");
  }

  // Looked for once a graph.
  std::uint32_t rows_of(const FlameGraph& graph) {
    if (counted_ != &graph) rows_ = rows_in(graph);
    counted_ = &graph;
    return rows_;
  }

  const FlamePage& page_;
  std::string out_;
  const FlameGraph* counted_ = nullptr;
  std::uint32_t rows_ = 0;
};

}  // namespace

std::string flame_svg(const FlamePage& page) { return Writer(page).write(); }

}  // namespace hawk
