#include "pipeline/frame_pipeline.hpp"

#include <utility>

#include "faces/turned_crop.hpp"

namespace emotion::pipeline {

FramePipeline::FramePipeline(const DetectorConfig& config, std::unique_ptr<faces::FaceDetector> detector,
                             std::unique_ptr<model::Scorer> scorer)
    : config_(config),
      detector_(std::move(detector)),
      scorer_(std::move(scorer)),
      tracker_(config_.tracker),
      smoother_(config_.smoothing, scorer_->card()),
      neutral_(scorer_->card()),
      not_a_face_(card().find_class(kNotAFace)) {
    detector_->allow_weak(not_a_face_.has_value());
}

void FramePipeline::start(const media::SourceInfo& source) {
    source_ = source.name;
    pictures_ = source.kind == media::SourceKind::kPicture;
    size_ = {};
    detector_->start();
    tracker_ = faces::FaceTracker(config_.tracker);
    smoother_ = LabelSmoother(config_.smoothing, card());
    gate_ = {};
    neutral_.start();
    if (pictures_) neutral_.forget();
}

faces::FrameResult FramePipeline::process(const media::Frame& frame, FrameTimes& times) {
    auto result = score(frame, find(frame, times), times);
    smooth(result, times);
    return result;
}

DetectedFaces FramePipeline::find(const media::Frame& frame, FrameTimes& times) {
    Stopwatch stopwatch;
    const cv::Mat gray = frame.gray.empty() ? media::to_gray(frame.bgr) : frame.gray;
    if (gray.size() != size_) tracker_.forget();  // the size of a broadcast may change between programs
    size_ = gray.size();
    const auto found = pictures_
                           ? detector_->detect(gray)
                           : detector_->detect_next(gray, frame.time_s, tracker_.expected(frame.time_s));
    times[Stage::kDetect] += stopwatch.lap_ms();

    auto faces = tracker_.update(found, frame.time_s);
    times[Stage::kTrack] += stopwatch.lap_ms();
    return {card().crop.color == faces::CropColor::kGray ? gray : frame.bgr, std::move(faces)};
}

faces::FrameResult FramePipeline::score(const media::Frame& frame, const DetectedFaces& found,
                                        FrameTimes& times) {
    const faces::CropSpec& crop = card().crop;
    faces::FrameResult result{source_, frame.index, frame.time_s, frame.size(), {}, frame.stored};
    Stopwatch stopwatch;
    neutral_.begin_frame(frame.time_s);
    for (const auto& face : found.faces) {
        const auto region = faces::crop_region(face.box_in_frame, crop);
        auto raw = scorer_->score(faces::preprocess_turned(found.model_input, region, face.roll_deg, crop));
        if (!shows(face, raw, frame.time_s)) continue;
        const bool neutral = neutral_.update(face.track, face.found, raw);
        result.faces.push_back(
            {face.track, face.box_in_frame, std::nullopt, 0.0f, {}, std::move(raw), face.roll_deg, neutral});
    }
    times[Stage::kScore] += stopwatch.lap_ms();
    return result;
}

bool FramePipeline::shows(const faces::TrackedFace& face, const std::vector<float>& raw, double time_s) {
    if (!not_a_face_) return true;
    const double not_a_face = raw[static_cast<std::size_t>(*not_a_face_)];
    return pictures_ ? FaceGate::shows_in_picture(not_a_face, face.weak)
                     : gate_.shows(face.track, not_a_face, face.weak, time_s);
}

void FramePipeline::smooth(faces::FrameResult& result, FrameTimes& times) {
    Stopwatch stopwatch;
    for (auto& face : result.faces) {
        auto shown = smoother_.update(face.track, face.raw, result.time_s);
        face.label = shown.label;
        face.confidence = shown.confidence;
        face.probabilities = std::move(shown.probabilities);
    }
    times[Stage::kSmooth] += stopwatch.lap_ms();
}

}  // namespace emotion::pipeline
