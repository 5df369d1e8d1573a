/// Measures detections and false detections: rotates, darkens and shrinks clips and pictures of faces itself,
/// and uses pictures of objects.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "bench/faces_kept.hpp"
#include "faces/face_search.hpp"
#include "media/frame_source.hpp"
#include "media/pictures/picture.hpp"
#include "pipeline/frame_pipeline.hpp"

namespace fs = std::filesystem;
using namespace emotion;
using namespace emotion::bench;

namespace {

constexpr double kDegrees = CV_PI / 180.0;

double work_ms() {
    return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double percent(double part, double whole) {
    return whole > 0 ? 100.0 * part / whole : 100.0;
}

cv::Point2f center(const cv::Rect2f& box) {
    return (box.tl() + box.br()) * 0.5f;
}

/// Whether a displayed box is on a face, whose box may come from another search: its center within a third of
/// the side, and its size within a factor of 1.5.
bool is_on(const cv::Rect2f& shown, const cv::Rect2f& face) {
    const double ratio = shown.width / face.width;
    return cv::norm(center(shown) - center(face)) < 0.33 * face.width && ratio > 0.6 && ratio < 1.6;
}

/// As FFmpeg's filter `rotate`: clockwise about the center, in a frame of the same size, on black.
class Turn {
  public:
    Turn(cv::Size size, double degrees)
        : size_(size),
          matrix_(cv::getRotationMatrix2D(
              {static_cast<float>(size.width) / 2.0f, static_cast<float>(size.height) / 2.0f}, -degrees,
              1.0)) {}
    cv::Mat frame(const cv::Mat& bgr) const {
        cv::Mat turned;
        cv::warpAffine(bgr, turned, matrix_, size_);
        return turned;
    }
    /// The face's box in the rotated frame with the same side; nullopt if cut by the edge.
    std::optional<cv::Rect2f> box(const cv::Rect2f& face) const {
        const auto middle = center(face);
        const auto at = [&](int row) {
            return static_cast<float>(matrix_.at<double>(row, 0) * middle.x +
                                      matrix_.at<double>(row, 1) * middle.y + matrix_.at<double>(row, 2));
        };
        const cv::Rect2f turned(at(0) - face.width / 2, at(1) - face.height / 2, face.width, face.height);
        const cv::Rect2f frame({}, cv::Size2f(size_));
        return (turned & frame).area() > 0.999f * turned.area() ? std::optional(turned) : std::nullopt;
    }

  private:
    cv::Size size_;
    cv::Mat matrix_;
};

struct Clip {
    std::string name;
    std::vector<cv::Mat> frames;
    double fps = 0.0;
    std::vector<Boxes> faces;  ///< persistent in a full search
};

struct Analysis {
    std::vector<faces::FrameResult> frames;
    double ms_per_frame = 0.0;
};

class Bench {
  public:
    Bench(const fs::path& config, const fs::path& model)
        : config_(pipeline::read_detector_config(config)),
          pipeline_(config_, faces::make_face_search(config_.haar, config_.search),
                    model::load_scorer(model)) {}

    Analysis analyze(const std::vector<cv::Mat>& frames, double fps) {
        media::SourceInfo info;
        info.name = "bench";
        info.fps = fps;
        pipeline_.start(info);
        Analysis analysis;
        double spent_ms = 0.0;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            pipeline::FrameTimes times;
            const double before = work_ms();
            analysis.frames.push_back(pipeline_.process(
                {frames[i], static_cast<std::int64_t>(i), static_cast<double>(i) / fps}, times));
            if (i > 0) spent_ms += work_ms() - before;  // the first is searched completely
        }
        if (frames.size() > 1) analysis.ms_per_frame = spent_ms / static_cast<double>(frames.size() - 1);
        return analysis;
    }

    faces::FrameResult analyse_picture(const cv::Mat& bgr) {
        pipeline_.start({});
        pipeline::FrameTimes times;
        return pipeline_.process({bgr, 0, 0.0}, times);
    }

  private:
    pipeline::DetectorConfig config_;
    pipeline::FramePipeline pipeline_;
};

Clip read_clip(const fs::path& file, std::size_t most) {
    const auto source = media::open_source(file.string());
    Clip clip{file.stem().string(), {}, source->info().fps, {}};
    faces::HaarOptions options;
    options.max_side_px = 10000;
    options.tilt_deg = 0;  // upright faces at full resolution
    options.full_contrast = 0;
    const auto full_search = faces::make_haar_detector(options);
    std::vector<Boxes> found;
    while (auto frame = source->next()) {
        if (clip.frames.size() >= most) break;
        clip.frames.push_back(frame->bgr);
        Boxes boxes;
        for (const auto& face : full_search->detect(media::to_gray(frame->bgr)))
            boxes.push_back(face.box_in_frame);
        found.push_back(std::move(boxes));
    }
    clip.faces = held(found);
    return clip;
}

const faces::FaceResult* shown_on(const faces::FrameResult& result, const cv::Rect2f& face) {
    const auto on = std::find_if(result.faces.begin(), result.faces.end(),
                                 [&](const auto& shown) { return is_on(shown.box_in_frame, face); });
    return on != result.faces.end() ? &*on : nullptr;
}

struct Tally {
    int faces = 0, found = 0, labels = 0, same_labels = 0, beside = 0;
    double roll_error = 0.0;
};

/// The number of tracks shown away from every face, for longer than a moment.
int false_tracks(const Clip& clip, const Analysis& analysis) {
    constexpr double kMoment_s = 0.3;
    const auto reach = static_cast<std::size_t>(std::lround(kNearInTime_s * clip.fps));
    std::map<int, std::pair<int, int>> frames_of;  // total, and away from every face
    for (std::size_t f = 0; f < analysis.frames.size(); ++f)
        for (const auto& shown : analysis.frames[f].faces) {
            bool on_face = false;
            for (std::size_t i = f - std::min(f, reach); i < std::min(clip.faces.size(), f + reach + 1); ++i)
                for (const auto& face : clip.faces[i]) on_face |= is_on(shown.box_in_frame, face);
            auto& [all, beside] = frames_of[shown.track];
            ++all;
            beside += !on_face;
        }
    return static_cast<int>(std::count_if(frames_of.begin(), frames_of.end(), [&](const auto& track) {
        return 2 * track.second.second > track.second.first && track.second.first / clip.fps > kMoment_s;
    }));
}

void measure_clips(Bench& bench, const std::vector<fs::path>& files, std::size_t most,
                   const std::vector<double>& angles) {
    std::printf(
        "Clips turned: faces that a full search holds in the clip as it is, and the share of them shown;\n"
        "labels that equal those of the clip as it is; mean error of the roll; processor time a frame\n"
        "%-36s %6s %6s %9s %9s %9s %9s %9s\n",
        "clip", "turned", "faces", "shown", "labels", "roll", "false", "ms");
    std::map<double, Tally> totals;
    for (const auto& file : files) {
        const auto clip = read_clip(file, most);
        if (clip.frames.empty()) continue;
        const auto upright = bench.analyze(clip.frames, clip.fps);
        std::printf("%-36s %6.0f %6s %9s %9s %9s %9d %9.2f\n", clip.name.c_str(), 0.0, "", "", "", "",
                    false_tracks(clip, upright), upright.ms_per_frame);
        for (const double angle : angles) {
            const Turn turn(clip.frames.front().size(), angle);
            std::vector<cv::Mat> frames;
            for (const auto& frame : clip.frames) frames.push_back(turn.frame(frame));
            const auto turned = bench.analyze(frames, clip.fps);
            Tally tally;
            for (std::size_t f = 0; f < frames.size(); ++f)
                for (const auto& face : clip.faces[f]) {
                    const auto box = turn.box(face);
                    if (!box) continue;
                    ++tally.faces;
                    const auto* shown = shown_on(turned.frames[f], *box);
                    if (!shown) continue;
                    ++tally.found;
                    const auto* before = shown_on(upright.frames[f], face);
                    if (!before) continue;
                    ++tally.labels;
                    tally.same_labels += shown->label == before->label;
                    tally.roll_error += std::abs(shown->roll_deg - before->roll_deg - angle);
                }
            std::printf("%-36s %6.0f %6d %8.1f%% %8.1f%% %9.1f %9s %9.2f\n", clip.name.c_str(), angle,
                        tally.faces, percent(tally.found, tally.faces),
                        percent(tally.same_labels, tally.labels),
                        tally.labels ? tally.roll_error / tally.labels : 0.0, "", turned.ms_per_frame);
            std::fflush(stdout);
            auto& total = totals[angle];
            total.faces += tally.faces;
            total.found += tally.found;
            total.labels += tally.labels;
            total.same_labels += tally.same_labels;
            total.roll_error += tally.roll_error;
        }
    }
    for (const auto& [angle, tally] : totals)
        std::printf("%-36s %6.0f %6d %8.1f%% %8.1f%% %9.1f\n", "all", angle, tally.faces,
                    percent(tally.found, tally.faces), percent(tally.same_labels, tally.labels),
                    tally.labels ? tally.roll_error / tally.labels : 0.0);
}

/// Clips with faces reduced to this size, in a frame of the same size: detection and labels compared with
/// before.
void measure_small_faces(Bench& bench, const std::vector<fs::path>& files, std::size_t most,
                         const std::vector<double>& sides) {
    std::printf(
        "\nClips whose faces are brought down to so many pixels, in a frame of the same size: the share of "
        "the faces\nshown, and of labels that equal those of the clip as it is\n%6s %6s %9s %9s\n",
        "side", "faces", "shown", "labels");
    std::map<double, Tally> totals;
    for (const auto& file : files) {
        const auto clip = read_clip(file, most);
        std::vector<float> widths;
        for (const auto& faces : clip.faces)
            for (const auto& face : faces) widths.push_back(face.width);
        if (widths.empty()) continue;
        std::nth_element(widths.begin(), widths.begin() + static_cast<long>(widths.size() / 2), widths.end());
        const double median_width = widths[widths.size() / 2];
        const auto before = bench.analyze(clip.frames, clip.fps);
        for (const double side : sides) {
            const double scale = side / median_width;
            if (scale > 1.0) continue;
            std::vector<cv::Mat> frames;
            for (const auto& frame : clip.frames) {
                cv::Mat small, whole;
                cv::resize(frame, small, {}, scale, scale, cv::INTER_AREA);
                cv::copyMakeBorder(small, whole, 0, frame.rows - small.rows, 0, frame.cols - small.cols,
                                   cv::BORDER_CONSTANT, cv::Scalar::all(110));
                frames.push_back(whole);
            }
            const auto after = bench.analyze(frames, clip.fps);
            auto& tally = totals[side];
            for (std::size_t f = 0; f < frames.size(); ++f)
                for (const auto& face : clip.faces[f]) {
                    const auto s = static_cast<float>(scale);
                    ++tally.faces;
                    const auto* shown =
                        shown_on(after.frames[f], {face.x * s, face.y * s, face.width * s, face.height * s});
                    if (!shown) continue;
                    ++tally.found;
                    const auto* large = shown_on(before.frames[f], face);
                    if (!large) continue;
                    ++tally.labels;
                    tally.same_labels += shown->label == large->label;
                }
        }
    }
    for (const auto& [side, tally] : totals)
        std::printf("%6.0f %6d %8.1f%% %8.1f%%\n", side, tally.faces, percent(tally.found, tally.faces),
                    percent(tally.same_labels, tally.labels));
}

std::vector<fs::path> pictures_in(const fs::path& folder, std::size_t every, std::uintmax_t least_bytes = 0) {
    std::vector<fs::path> files;
    std::error_code absent;
    for (auto entry =
             fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, absent);
         !absent && entry != fs::recursive_directory_iterator(); entry.increment(absent)) {
        const auto ending = entry->path().extension();
        if (entry->is_regular_file(absent) && !entry->is_symlink(absent) &&
            (ending == ".png" || ending == ".jpg" || ending == ".jpeg") &&
            entry->file_size(absent) >= least_bytes)
            files.push_back(entry->path());
    }
    std::sort(files.begin(), files.end());
    std::vector<fs::path> chosen;
    for (std::size_t i = 0; i < files.size(); i += every) chosen.push_back(files[i]);
    return chosen;
}

cv::Mat darkened(const cv::Mat& bgr, double share, double noise) {
    cv::Mat dark, added(bgr.size(), CV_32FC3), result;
    bgr.convertTo(dark, CV_32F, share);
    cv::RNG random(1);
    random.fill(added, cv::RNG::NORMAL, 0.0, noise);
    dark += added;
    dark.convertTo(result, CV_8U);
    return result;
}

/// A quarter as bright in the center, overexposed around it: a face in front of a window.
cv::Mat backlit(const cv::Mat& bgr) {
    cv::Mat dark;
    bgr.convertTo(dark, -1, 0.2);
    const int side = bgr.cols / 3;
    cv::Mat lit;
    cv::copyMakeBorder(dark, lit, 0, 0, side, side, cv::BORDER_CONSTANT, cv::Scalar::all(250));
    return lit;
}

void measure_pictures(Bench& bench, const fs::path& data, std::size_t every) {
    const std::vector<std::pair<const char*, std::function<cv::Mat(const cv::Mat&)>>> kinds{
        {"as they are", [](const cv::Mat& bgr) { return bgr; }},
        {"a quarter as bright", [](const cv::Mat& bgr) { return darkened(bgr, 0.25, 0.0); }},
        {"6 %, noise of 1 level", [](const cv::Mat& bgr) { return darkened(bgr, 0.06, 1.0); }},
        {"6 %, noise of 2 levels", [](const cv::Mat& bgr) { return darkened(bgr, 0.06, 2.0); }},
        {"backlit", backlit},
        {"turned by 30 degrees", [](const cv::Mat& bgr) { return Turn(bgr.size(), 30).frame(bgr); }}};
    std::printf(
        "\nPictures of one face each: with a box, with more than one, and time of each\n%-26s %-10s %8s %9s "
        "%9s %9s\n",
        "", "folder", "pictures", "found", "several", "ms");
    for (const auto& [kind, change] : kinds)
        for (const char* folder : {"neutral", "happy"}) {
            int pictures = 0, found = 0, several = 0;
            double spent_ms = 0.0;
            for (const auto& file : pictures_in(data / "wild" / folder, every)) {
                const auto picture = change(media::read_picture(file));
                const double before = work_ms();
                const auto faces = bench.analyse_picture(picture).faces.size();
                spent_ms += work_ms() - before;
                ++pictures;
                found += faces > 0;
                several += faces > 1;
            }
            if (pictures == 0) continue;
            std::printf("%-26s %-10s %8d %8.1f%% %8.1f%% %9.1f\n", kind, folder, pictures,
                        percent(found, pictures), percent(several, pictures), spent_ms / pictures);
            std::fflush(stdout);
        }
}

/// Synthetic patterns: bars and gradients, a fractal, a game of life, stripes, checks, noise of several grain
/// sizes, discs arranged like eyes and mouths.
std::vector<cv::Mat> patterns() {
    const cv::Size size(640, 480);
    std::vector<cv::Mat> all;
    cv::RNG random(1);
    cv::Mat bars(size, CV_8UC3);
    for (int x = 0; x < size.width; ++x)
        bars.col(x).setTo(cv::Scalar(255.0 * (x / 80 & 1), 255.0 * (x / 160 & 1), 255.0 * (x / 320 & 1)));
    for (int y = 360; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            bars.at<cv::Vec3b>(y, x) = cv::Vec3b::all(static_cast<uchar>(x * 255 / 640));
    cv::putText(bars, "12:34", {220, 300}, cv::FONT_HERSHEY_SIMPLEX, 3, cv::Scalar::all(255), 6);
    all.push_back(bars);
    for (const double zoom : {1.0, 4.0, 20.0, 120.0}) {
        cv::Mat fractal(size, CV_8UC3);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                const double cx = -0.743643 + (x - 320) / 200.0 / zoom,
                             cy = 0.131825 + (y - 240) / 200.0 / zoom;
                double a = 0.0, b = 0.0;
                int steps = 0;
                for (; steps < 250 && a * a + b * b < 4.0; ++steps) {
                    const double next = a * a - b * b + cx;
                    b = 2 * a * b + cy;
                    a = next;
                }
                fractal.at<cv::Vec3b>(y, x) = cv::Vec3b(
                    static_cast<uchar>(steps * 7), static_cast<uchar>(steps * 3), static_cast<uchar>(steps));
            }
        all.push_back(fractal);
    }
    for (const int grain : {2, 5, 12, 30, 60}) {
        cv::Mat noise(size.height / grain, size.width / grain, CV_8UC3), grown;
        random.fill(noise, cv::RNG::UNIFORM, 0, 256);
        cv::resize(noise, grown, size, 0, 0, cv::INTER_CUBIC);
        all.push_back(grown);
        cv::Mat cells;
        cv::threshold(noise, cells, 180, 255, cv::THRESH_BINARY);
        cv::resize(cells, grown, size, 0, 0, cv::INTER_NEAREST);
        all.push_back(grown);
        cv::Mat stripes(size, CV_8UC3);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                stripes.at<cv::Vec3b>(y, x) = cv::Vec3b::all(
                    static_cast<uchar>(127 + 120 * std::sin(x * 1.0 / grain) * std::cos(y * 0.6 / grain)));
        all.push_back(stripes);
        cv::Mat discs(size, CV_8UC3, cv::Scalar::all(190));
        for (int i = 0; i < 24000 / (grain * grain) + 12; ++i)
            cv::circle(discs, {random.uniform(0, 640), random.uniform(0, 480)},
                       random.uniform(grain, 3 * grain), cv::Scalar::all(random.uniform(0, 256)), cv::FILLED,
                       cv::LINE_AA);
        all.push_back(discs);
    }
    return all;
}

void count_on(Bench& bench, const char* name, const std::vector<std::function<cv::Mat()>>& pictures) {
    int boxes = 0, labels = 0, with_box = 0, looked_at = 0;
    for (const auto& picture : pictures) {
        const auto bgr = picture();
        if (bgr.empty()) continue;
        const auto result = bench.analyse_picture(bgr);
        ++looked_at;
        with_box += !result.faces.empty();
        for (const auto& face : result.faces) {
            ++boxes;
            labels += face.label.has_value();
        }
    }
    if (looked_at > 0) std::printf("%-36s %8d %8d %8d %8d\n", name, looked_at, with_box, boxes, labels);
    std::fflush(stdout);
}

void measure_things(Bench& bench, const fs::path& data, const std::vector<std::string>& folders,
                    std::size_t every) {
    std::printf("\nPictures of things\n%-36s %8s %8s %8s %8s\n", "", "pictures", "with box", "boxes",
                "labels");
    std::vector<std::function<cv::Mat()>> made_up, photos, crops;
    for (const auto& pattern : patterns()) made_up.push_back([pattern] { return pattern; });
    count_on(bench, "patterns", made_up);
    const auto read = [](const fs::path& file) {
        return [file]() -> cv::Mat {
            try {
                auto picture = media::read_picture(file);
                return std::min(picture.cols, picture.rows) >= 60 ? picture : cv::Mat();
            } catch (const std::exception&) {
                return {};
            }
        };
    };
    for (const auto& folder : folders)
        for (const auto& file : pictures_in(folder, 1, 4096)) photos.push_back(read(file));
    if (fs::exists(data / "photos/coffee.png")) photos.push_back(read(data / "photos/coffee.png"));
    count_on(bench, "wallpapers, icons, coffee", photos);
    for (const auto& file : pictures_in(data / "not-faces", every))
        crops.push_back([file] {
            cv::Mat large, framed;
            cv::resize(media::read_picture(file), large, {}, 3, 3, cv::INTER_CUBIC);
            cv::copyMakeBorder(large, framed, 48, 48, 48, 48, cv::BORDER_REPLICATE);
            return framed;
        });
    count_on(bench, "what the cascade took for faces", crops);
}

}  // namespace

int main(int argc, char** argv) try {
    std::string config = EMOTION_SOURCE_DIR "/config/detector.yaml";
    std::string model = EMOTION_SOURCE_DIR "/models/happy-fear.yaml";
    std::string only;
    std::vector<std::string> files,
        things{"/usr/share/backgrounds", "/usr/share/wallpapers", "/usr/share/icons", "/usr/share/pixmaps"};
    std::size_t every = 4, most = 150;
    std::vector<double> angles{-40, -30, -20, 20, 30, 40}, sides{24, 30, 36, 48, 60, 90};
    CLI::App app("Measures which faces are found, tilted, dim and small, and what is taken for one");
    app.add_option("CLIP", files, "Videos; without one: the demo clip, and those of EMOTION_SHARED_DATA");
    app.add_option("--config", config, "Detector settings; default: the shipped ones");
    app.add_option("--model", model, "Model card; default: happy-fear");
    app.add_option("--only", only, "One part: clips, small, pictures or things")
        ->check(CLI::IsMember({"clips", "small", "pictures", "things"}));
    app.add_option("--every", every, "Every n-th picture of a folder; default: 4")
        ->check(CLI::PositiveNumber);
    app.add_option("--frames", most, "Frames of each clip at most; default: 150");
    app.add_option("--angles", angles, "Degrees by which clips are turned")->delimiter(',');
    app.add_option("--things", things, "Folders of pictures without a face");
    CLI11_PARSE(app, argc, argv);

    cv::setNumThreads(1);
    const fs::path data = EMOTION_SHARED_DATA;
    std::vector<fs::path> clips(files.begin(), files.end());
    if (clips.empty()) {
        clips.emplace_back(EMOTION_SOURCE_DIR "/assets/demo.mp4");
        std::error_code absent;
        for (const auto& file : fs::directory_iterator(data / "clips", absent)) clips.push_back(file.path());
        std::sort(clips.begin() + 1, clips.end());
    }
    Bench bench(config, model);
    const auto asked_for = [&](const char* part) { return only.empty() || only == part; };
    if (asked_for("clips")) measure_clips(bench, clips, most, angles);
    if (asked_for("small")) measure_small_faces(bench, clips, most, sides);
    if (asked_for("pictures")) measure_pictures(bench, data, every);
    if (asked_for("things")) measure_things(bench, data, things, every);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench-faces: %s\n", error.what());
    return 1;
}
