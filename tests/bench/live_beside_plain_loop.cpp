/// Compares the detector with a plain loop on the same frames, alternating and on one thread, and its results
/// with a full search of every frame.

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "bench/faces_kept.hpp"
#include "bench/plain_loop.hpp"
#include "drawing/overlay.hpp"
#include "faces/face_search.hpp"
#include "media/pictures/picture.hpp"
#include "pipeline/frame_pipeline.hpp"

namespace fs = std::filesystem;
using namespace emotion;
using namespace emotion::drawing;
using namespace emotion::faces;
using namespace emotion::media;
using namespace emotion::pipeline;
using namespace emotion::bench;

namespace {

struct Clip {
    std::string name;
    fs::path file;
    std::function<cv::Mat(const cv::Mat&)> change;  ///< applied to each frame
    std::int64_t first = 0;
    std::int64_t frames = std::numeric_limits<std::int64_t>::max();
};

/// CPU time in milliseconds, which does not grow while other programs run.
double work_ms() {
    return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

template <typename Work>
double timed(const Work& work) {
    const double before = work_ms();
    work();
    return work_ms() - before;
}

Boxes boxes_of(const std::vector<FaceBox>& faces) {
    Boxes boxes;
    for (const auto& face : faces) boxes.push_back(face.box_in_frame);
    return boxes;
}

Boxes boxes_of(const FrameResult& result) {
    Boxes boxes;
    for (const auto& face : result.faces) boxes.push_back(face.box_in_frame);
    return boxes;
}

std::unique_ptr<FaceDetector> make_full_search() {
    HaarOptions options;  // 1.1, 5 neighbors
    options.max_side_px = 10000;
    options.tilt_deg = 0;
    options.full_contrast = 0;
    return make_haar_detector(options);
}

FramePipeline make_pipeline(const fs::path& config_file, const fs::path& model) {
    const auto config = read_detector_config(config_file);
    return FramePipeline(config, make_face_search(config.haar, config.search), model::load_scorer(model));
}

void compare_on(const Clip& clip, FramePipeline& pipeline) {
    const auto source = open_source(clip.file.string());
    const double fps = source->info().fps;
    const auto full_search = make_full_search();
    PlainLoop plain_loop;
    pipeline.start(source->info());

    OverlayStyle style{pipeline.card().classes, {}, fps};
    for (const auto& shown_class : pipeline.card().shown) style.shown.push_back(shown_class.class_index);

    DurationHistogram plain, ours, drawn;
    std::vector<Boxes> shown, found;
    while (auto frame = source->next()) {
        if (frame->index < clip.first) continue;
        if (frame->index >= clip.first + clip.frames) break;
        if (clip.change) frame->bgr = clip.change(frame->bgr);
        frame->gray.release();  // cameras provide none
        plain.add(timed([&] { plain_loop.process(frame->bgr); }));
        FrameResult result;
        const double ours_ms = timed([&] {
            FrameTimes times;
            result = pipeline.process(*frame, times);
        });
        ours.add(ours_ms);
        drawn.add(ours_ms + timed([&] {
                      cv::Mat canvas = frame->bgr.clone();
                      draw_overlay(result, style, canvas);
                  }));
        shown.push_back(boxes_of(result));
        found.push_back(boxes_of(full_search->detect(to_gray(frame->bgr))));
    }
    const auto faces = held(found);
    const auto kept = compare(shown, faces, fps);
    const auto a = plain.summary(), b = ours.summary();
    std::printf(
        "%-30s %6zu  %5.1f %5.1f %5.1f  %5.2f %5.2f %5.2f  %5.2f  %4.1fx  %7.2f %%  %5.2f s  %3d / %d\n",
        clip.name.c_str(), shown.size(), a.mean_ms, a.p50_ms, a.p99_ms, b.mean_ms, b.p50_ms, b.p99_ms,
        drawn.summary().p99_ms, a.mean_ms / b.mean_ms, kept.percent(), kept.longest_miss_s, kept.false_ones,
        compare(found, faces, fps).false_ones);
    std::fflush(stdout);
}

/// The larger standard deviation of a box's center and its width, in percent of the mean width.
double deviation_percent(const std::vector<cv::Rect2f>& boxes) {
    const auto count = static_cast<int>(boxes.size());
    cv::Mat values(count, 3, CV_64F);
    for (int i = 0; i < count; ++i) {
        const auto& box = boxes[static_cast<std::size_t>(i)];
        values.at<double>(i, 0) = box.x + box.width / 2;
        values.at<double>(i, 1) = box.y + box.height / 2;
        values.at<double>(i, 2) = box.width;
    }
    double largest = 0.0, width = 0.0;
    for (int column = 0; column < 3; ++column) {
        cv::Scalar mean, deviation;
        cv::meanStdDev(values.col(column), mean, deviation);
        largest = std::max(largest, deviation[0]);
        width = mean[0];
    }
    return 100.0 * largest / width;
}

/// The first frame of a clip repeatedly, with a camera's noise.
void compare_on_still_face(const fs::path& clip, FramePipeline& pipeline) {
    constexpr int kFrames = 150, kSettled = 30;
    constexpr double kNoise = 3.0;  // gray levels
    const auto source = open_source(clip.string());
    const auto first = source->next();
    if (!first) return;
    const auto full_search = make_full_search();
    pipeline.start(source->info());
    std::vector<cv::Rect2f> raw, shown;
    cv::RNG random(1);
    for (int i = 0; i < kFrames; ++i) {
        cv::Mat noise(first->bgr.size(), CV_16SC3), bgr;
        random.fill(noise, cv::RNG::NORMAL, 0.0, kNoise);
        cv::add(first->bgr, noise, bgr, cv::noArray(), CV_8U);
        FrameTimes times;
        const auto result = pipeline.process({bgr, i, i / 30.0}, times);
        const auto found = full_search->detect(to_gray(bgr));
        if (i < kSettled || result.faces.empty() || found.empty()) continue;
        shown.push_back(result.faces.front().box_in_frame);
        raw.push_back(found.front().box_in_frame);
    }
    if (shown.empty()) return;
    std::printf("%-34s box deviation %.2f %% of its width, of the full search's box %.2f %%\n",
                clip.filename().c_str(), deviation_percent(shown), deviation_percent(raw));
}

/// 1280x720, with the border of the frame replicated.
cv::Mat as_hd(const cv::Mat& bgr) {
    cv::Mat large, hd;
    cv::resize(bgr, large, {bgr.cols * 720 / bgr.rows, 720}, 0, 0, cv::INTER_CUBIC);
    const int left = (1280 - large.cols) / 2;
    cv::copyMakeBorder(large, hd, 0, 0, left, 1280 - large.cols - left, cv::BORDER_REPLICATE);
    return hd;
}

/// The center of the frame above its mirror image: twice the faces.
cv::Mat doubled(const cv::Mat& bgr) {
    const cv::Mat middle = bgr.rowRange(bgr.rows / 4, bgr.rows / 4 + bgr.rows / 2);
    cv::Mat mirrored, both;
    cv::flip(middle, mirrored, 1);
    cv::vconcat(middle, mirrored, both);
    return both;
}

std::vector<Clip> own_clips() {
    const fs::path demo = EMOTION_SOURCE_DIR "/assets/demo.mp4";
    constexpr int kSecondFaceComes = 200;
    std::vector<Clip> clips{{"one face, 640x480", demo, {}, 0, kSecondFaceComes},
                            {"one face, 1280x720", demo, as_hd, 0, kSecondFaceComes},
                            {"two faces, 640x480", demo, {}, kSecondFaceComes},
                            {"four faces, 640x480", demo, doubled, kSecondFaceComes}};
    const fs::path shared = EMOTION_SHARED_DATA "/clips";
    std::error_code absent;
    for (const auto& file : fs::directory_iterator(shared, absent))
        clips.push_back({file.path().stem(), file.path(), {}});
    return clips;
}

}  // namespace

int main(int argc, char** argv) try {
    std::string config = EMOTION_SOURCE_DIR "/config/detector.yaml";
    std::string model = EMOTION_SOURCE_DIR "/models/happy-fear.yaml";
    std::vector<std::string> files;
    std::int64_t frames = 400;
    CLI::App app("Times the way from a frame to its labels beside a plain loop");
    app.add_option("CLIP", files, "Videos; without one: the demo clip, and those of EMOTION_SHARED_DATA");
    app.add_option("--config", config, "Detector settings; default: the shipped ones");
    app.add_option("--model", model, "Model card; default: happy-fear");
    app.add_option("--frames", frames, "Frames of each clip at most; default: 400");
    CLI11_PARSE(app, argc, argv);

    cv::setNumThreads(1);
    auto clips = own_clips();
    if (!files.empty()) clips.clear();
    for (const auto& file : files) clips.push_back({fs::path(file).stem(), file, {}});

    auto pipeline = make_pipeline(config, model);
    std::printf(
        "One thread, milliseconds of processor time a frame: mean, median and 99th percentile; of a frame "
        "with its\n"
        "labels drawn, the 99th percentile. The first four clips are the demo's.\n"
        "%-30s %6s  %17s  %17s  %5s  %5s  %9s  %7s  %s\n",
        "clip", "frames", "plain loop", "emotion-detector", "drawn", "ratio", "faces kept", "longest",
        "false / of a full search");
    for (auto& clip : clips) {
        clip.frames = std::min(clip.frames, frames);
        compare_on(clip, pipeline);
    }
    for (const auto& clip : clips)
        if (!clip.change && clip.first == 0) compare_on_still_face(clip.file, pipeline);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench-live: %s\n", error.what());
    return 1;
}
