#include "results/output_table.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "media/cameras/virtual_camera.hpp"
#include "media/frame_sink.hpp"
#include "results/osc_output.hpp"
#include "results/serve/serve_address.hpp"
#include "results/subtitles.hpp"
#include "results/timeline.hpp"

namespace emotion::results {

// Each is defined in its own file:
OutputFactory make_csv_table, make_json_lines, make_osc_output, make_serve_output, make_stats_output,
    make_summary_output, make_video_output, make_virtual_camera_output;

namespace {

template <typename Output>
std::unique_ptr<FrameOutput> make(const std::string& target, const OutputContext& context) {
    return std::make_unique<Output>(target, context);
}

void check_video_name(const std::string& target) {
    media::check_output_name(target);
}

constexpr bool kLiveToo = true, kRecordedOnly = false;

// option, help, ending, sharing, of live sources, needs, check of names, factory, value, at own pace
constexpr auto kKinds = std::to_array<OutputKind>({
    {"--output", "Write the annotated video or picture, for several sources into a folder;\ndefault: none",
     ".mp4", Sharing::kSource, kLiveToo, Needs::kDrawing, check_video_name, make_video_output},
    {"--jsonl",
     "Write one line of JSON per frame, - to standard output; into a folder (DIR/) one\nfile per source, "
     "also for --csv and --summary; default: none",
     ".jsonl", Sharing::kSourceOrRun, kLiveToo, Needs::kResult, nullptr, make_json_lines},
    {"--csv", "Write a table with one row per face, - to standard output; default: none", ".csv",
     Sharing::kSourceOrRun, kLiveToo, Needs::kResult, nullptr, make_csv_table},
    {"--subtitles", "Write the labels as subtitles, .srt or .vtt, or into a folder; default: none", ".srt",
     Sharing::kSource, kRecordedOnly, Needs::kResult, Subtitles::check_name, make<Subtitles>},
    {"--timeline", "Draw what each face showed when, .png or .svg, or into a folder; default: none",
     ".timeline.png", Sharing::kSource, kRecordedOnly, Needs::kPixels, Timeline::check_name, make<Timeline>},
    {"--summary",
     "Write the seconds of each label, as JSON if FILE ends in .json, otherwise as\nplain text; default: "
     "none",
     ".summary.json", Sharing::kSourceOrRun, kRecordedOnly, Needs::kResult, nullptr, make_summary_output},
    {"--stats", "Write counts and timings of the run as JSON, - to standard output; default: none", ".json",
     Sharing::kRun, kLiveToo, Needs::kResult, nullptr, make_stats_output},
    {"--osc", "Send the faces of each frame by Open Sound Control (UDP); default: none", nullptr,
     Sharing::kRun, kLiveToo, Needs::kResult, check_osc_address, make_osc_output, "HOST:PORT", true},
    {"--serve",
     "Serve a web page, and results for other programs, at http://127.0.0.1:PORT/ or at\nADDRESS; port 0: "
     "any free port; default: none",
     nullptr, Sharing::kRun, kLiveToo, Needs::kPixels, check_serve_address, make_serve_output,
     "[ADDRESS:]PORT"},
    {"--virtual-camera",
     "Offer the annotated picture to other programs as a camera (v4l2loopback);\ndefault: none", nullptr,
     Sharing::kRun, kLiveToo, Needs::kPixels, media::check_virtual_camera_name, make_virtual_camera_output,
     "/dev/videoN", true},
});

}  // namespace

std::span<const OutputKind> output_kinds() {
    return kKinds;
}

const OutputKind& output_kind(std::string_view option) {
    const auto kind = std::ranges::find(kKinds, option, &OutputKind::option);
    if (kind == kKinds.end()) throw std::out_of_range(std::string(option) + " is no option of an output");
    return *kind;
}

}  // namespace emotion::results
