#include "apps/detector/doctor.hpp"

#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <unistd.h>

#include "apps/detector/missing_letters.hpp"
#include "apps/detector/session.hpp"
#include "apps/detector/window.hpp"
#include "base/error.hpp"
#include "base/formatted.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"
#include "drawing/text.hpp"
#include "faces/face_detector.hpp"
#include "media/cameras/camera_devices.hpp"
#include "model/scorer.hpp"
#include "results/output_table.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoList = "this system cannot list its cameras; try the numbers 0, 1, 2";
constexpr const char* kNoCamera =
    "there is no camera; plug one in (in a virtual machine, pass it through), or use video files";

std::string text_of(const media::CameraMode& mode) {
    std::ostringstream text;
    text << mode.format << ' ' << mode.width << 'x' << mode.height;
    for (std::size_t i = 0; i < mode.rates.size(); ++i) text << (i == 0 ? " at " : ", ") << mode.rates[i];
    if (!mode.rates.empty()) text << " per second";
    return text.str();
}

/// Prints the lines of the diagnosis.
class Report {
  public:
    void ok(const std::string& what, const std::string& line) { print("ok     ", what, line); }
    void note(const std::string& what, const std::string& line) { print("note   ", what, line); }
    void problem(const std::string& what, const std::string& line) {
        print("problem", what, line);
        healthy_ = false;
    }
    /// Prints ok with the line returned by `examination`, or a problem if it throws.
    void examine(const std::string& what, const std::function<std::string()>& examination) {
        try {
            ok(what, examination());
        } catch (const std::exception& error) {
            problem(what, one_line(error.what(), 500));  // OpenCV's messages have several lines
        }
    }
    bool healthy() const { return healthy_; }

  private:
    static void print(const char* verdict, const std::string& what, const std::string& line) {
        std::cout << verdict << "  " << what << ": " << line << std::endl;
    }

    bool healthy_ = true;
};

/// One working camera is enough.
void examine_cameras(Report& report, int rotate_deg) {
    if (!media::can_list_cameras()) return report.note("camera", kNoList);
    std::vector<media::CameraDevice> broken;
    bool any = false;
    for (const auto& device : media::list_cameras()) {
        if (device.problem.empty())
            report.ok("camera", device.path + ", " + device.name +
                                    (rotate_deg ? ", rotated by " + std::to_string(rotate_deg) + " degrees"
                                                : std::string()));
        else if (device.captures || device.name.empty())
            broken.push_back(device);
        any = any || device.problem.empty();
    }
    for (const auto& device : broken)
        any ? report.note("camera", device.problem) : report.problem("camera", device.problem);
    if (!any && broken.empty()) report.problem("camera", kNoCamera);
}

/// A temporary folder, removed by the destructor.
class ScratchFolder {
  public:
    ScratchFolder() {
        std::error_code none;
        auto name = (fs::temp_directory_path(none) / "emotion-detector-XXXXXX").string();
        if (none || !::mkdtemp(name.data()))
            throw Error("no temporary folder can be created; set TMPDIR to a writable folder");
        path_ = name;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

/// Writes a short video with each codec, as --output does.
std::string examine_codecs(Report& report) {
    const ScratchFolder folder;
    media::SourceInfo info;
    info.name = "trial";
    info.width = 320;
    info.height = 240;
    info.fps = 25.0;
    media::Frame frame;
    frame.bgr = cv::Mat(info.height, info.width, CV_8UC3, cv::Scalar(90, 120, 150));
    drawing::Canvas canvas({}, {});
    const model::ModelCard card;
    const pipeline::RunStats stats;
    std::string written;
    for (const std::string ending : {".mp4", ".mkv", ".avi"}) {
        const auto warn = [&](const std::string&) {
            report.note("video", ending + " is written without H.264; FFmpeg with libx264 would be better");
        };
        const auto video =
            results::output_kind("--output").make(folder.path() / ("trial" + ending), {card, stats, warn});
        video->start(info);
        for (int number = 0; number < 3; ++number) {
            faces::FrameResult result{info.name, number, number / info.fps, frame.size(), {}};
            canvas.start(frame, result);
            video->write(result, canvas);
        }
        video->finish();
        written += (written.empty() ? "" : ", ") + ending;
    }
    return written + " can be written";
}

/// Whether the class names of the model can be drawn.
void examine_text(Report& report, const fs::path& card) {
    const auto font = drawing::font_name();
    std::string names;
    try {
        names = join(model::read_card(card).classes);
    } catch (const Error&) {  // reported by the check of the model
    }
    const auto missing = drawing::missing_letters(names);
    if (!missing.empty())
        report.note("text",
                    "no installed font has these letters of the model's classes: " + fonts_for(missing));
    else if (font.empty())
        report.note("text", "names are drawn only in ASCII");
    else
        report.ok("text", "drawn with " + font);
}

}  // namespace

int print_cameras() {
    if (!media::can_list_cameras()) {
        std::cout << kNoList << '\n';
        return 1;
    }
    bool any = false;
    for (const auto& device : media::list_cameras()) {
        std::cout << device.path << "  " << (device.problem.empty() ? device.name : device.problem) << '\n';
        for (const auto& mode : device.modes) std::cout << "    " << text_of(mode) << '\n';
        any = any || device.captures;
    }
    if (any) std::cout << "If a picture is on its side, use --rotate 90, 180 or 270.\n";
    if (!any) std::cerr << "emotion-detector: " << kNoCamera << '\n';
    return any ? 0 : 1;
}

int examine_everything(const DetectorOptions& options) {
    std::optional<DisplayProbe> probe;
    if (!options.headless) probe.emplace();  // before anything that may start a thread
    Report report;
    examine_cameras(report, options.live.rotate_deg);
    if (!probe)
        report.ok("display", "not needed with --headless");
    else if (const auto problem = probe->problem(); problem.empty())
        report.ok("display", "a window can be opened");
    else
        report.problem("display", problem + "; start it on a desktop, or use --headless");
    report.examine("settings", [&] {
        effective_config(options);
        return options.config.string();
    });
    report.examine("face cascade", [&] {
        const auto haar = effective_config(options).haar;
        faces::make_haar_detector(haar);
        return haar.tilt_deg > 0.0
                   ? formatted("loaded; heads are searched upright and tilted by %g degrees", haar.tilt_deg)
                   : std::string("loaded; only upright heads are searched (tilt_deg: 0)");
    });
    report.examine("model", [&] {
        const auto checks = model::load_scorer(options.model)->card().self_check.size();
        if (checks == 0)
            report.note("model", options.model.string() + " has no self_check, so its answers " +
                                     "cannot be verified; trainer inspect --self-check prints one");
        return options.model.string() + ", " +
               (checks > 0 ? "passes its " + std::to_string(checks) + " self-checks" : "can be loaded");
    });
    examine_text(report, options.model);
    report.examine("video", [&] { return examine_codecs(report); });
    return report.healthy() ? 0 : 1;
}

}  // namespace emotion::apps
