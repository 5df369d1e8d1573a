#include "pipeline/recording_analysis.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>

namespace emotion::pipeline {
namespace {

/// The capacity of queues between threads: fewer large frames, which suffice to keep threads busy.
std::size_t frames_ahead(const media::SourceInfo& info) {
    constexpr double kMaxFrames = 4.0, kBytes = 16e6, kBytesPerPixel = 2.5;  // as decoded, plus grayscale
    const double pixels = std::max(1.0, 1.0 * info.width * info.height);
    return static_cast<std::size_t>(std::clamp(kBytes / (kBytesPerPixel * pixels), 1.0, kMaxFrames));
}

}  // namespace

RecordingAnalysis::RecordingAnalysis(media::FrameSource& source, FramePipeline& pipeline,
                                     const AnalysisOptions& options)
    : source_(source),
      pipeline_(pipeline),
      options_(options),
      decoded_(frames_ahead(source.info())),
      found_(frames_ahead(source.info())),
      analyzed_(frames_ahead(source.info())) {
    if (options_.look_ahead) smoother_.emplace(*options_.look_ahead, pipeline_.card());
    pipeline_.start(source_.info());
    decoder_ = std::jthread([this](const std::stop_token& stop) { decode(stop); });
    finder_ = std::jthread([this](const std::stop_token& stop) { find(stop); });
    labeler_ = std::jthread([this](const std::stop_token& stop) { label(stop); });
}

std::optional<AnalyzedFrame> RecordingAnalysis::next(std::chrono::milliseconds timeout) {
    if (ended_ || !analyzed_.ready(timeout)) return std::nullopt;
    auto frame = analyzed_.pop();
    ended_ = !frame;
    return frame;
}

void RecordingAnalysis::decode(const std::stop_token& stop) try {
    for (;;) {
        Stopwatch stopwatch;
        auto frame = source_.next();
        if (!frame || frame->time_s >= options_.end_s) break;
        AnalyzedFrame decoded;
        decoded.frame = std::move(*frame);
        decoded.times[Stage::kDecode] = stopwatch.lap_ms();
        if (!decoded_.push(std::move(decoded), stop)) return;
    }
    decoded_.close();
} catch (...) {
    decoded_.close(std::current_exception());
}

void RecordingAnalysis::find(const std::stop_token& stop) try {
    for (std::int64_t number = 0;; ++number) {
        auto decoded = decoded_.pop(stop);
        if (!decoded) break;
        DetectedFrame found{std::move(*decoded), {}};
        auto& frame = found.frame;
        frame.searched = number % options_.every == 0;
        if (frame.searched) found.found = pipeline_.find(frame.frame, frame.times);
        if (!found_.push(std::move(found), stop)) return;
    }
    found_.close();
} catch (...) {
    found_.close(std::current_exception());
}

void RecordingAnalysis::label(const std::stop_token& stop) {
    std::exception_ptr failure;
    try {
        while (auto found = found_.pop(stop)) {
            auto& frame = found->frame;
            label(frame, found->found);
            if (!smoother_) {
                if (!pass_on(std::move(frame), stop)) return;
                continue;
            }
            smoother_->add(std::move(frame));
            while (auto smoothed = smoother_->take(false))
                if (!pass_on(std::move(*smoothed), stop)) return;
        }
    } catch (...) {
        failure = std::current_exception();
    }
    try {
        while (auto smoothed = smoother_ ? smoother_->take(true) : std::nullopt)
            if (!pass_on(std::move(*smoothed), stop)) return;
    } catch (...) {  // after running out of memory, a retry may succeed
        if (!failure) failure = std::current_exception();
    }
    analyzed_.close(std::move(failure));
}

void RecordingAnalysis::label(AnalyzedFrame& frame, const DetectedFaces& found) {
    if (frame.searched) {
        frame.result = pipeline_.score(frame.frame, found, frame.times);
        if (!smoother_) pipeline_.smooth(frame.result, frame.times);
    } else {
        frame.result = {source_.info().name, frame.frame.index, frame.frame.time_s, frame.frame.size(), {},
                        frame.frame.stored};
    }
    frame.frame.gray.release();
    if (options_.keep_pixels) return;
    frame.frame.bgr.release();
    frame.frame.decoded.reset();
}

bool RecordingAnalysis::pass_on(AnalyzedFrame frame, const std::stop_token& stop) {
    if (frame.searched)
        carried_ = frame.result;
    else if (frame.result.size == carried_.size)
        frame.result.faces = carried_.faces;
    return analyzed_.push(std::move(frame), stop);
}

}  // namespace emotion::pipeline
