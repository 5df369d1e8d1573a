#include "pipeline/frame_pipeline.hpp"

#include <utility>

#include "faces/preprocess.hpp"

namespace emotion::pipeline {

FramePipeline::FramePipeline(const DetectorConfig& config, std::unique_ptr<faces::FaceDetector> detector,
                             std::unique_ptr<model::Scorer> scorer)
    : config_(config),
      detector_(std::move(detector)),
      scorer_(std::move(scorer)),
      tracker_(config_.tracker),
      smoother_(config_.smoothing, scorer_->card()) {}

void FramePipeline::start(const media::SourceInfo& source) {
    source_ = source.name;
    pictures_ = source.kind == media::SourceKind::kPicture;
    size_ = {};
    detector_->start();
    tracker_ = faces::FaceTracker(config_.tracker);
    smoother_ = LabelSmoother(config_.smoothing, card());
}

faces::FrameResult FramePipeline::process(const media::Frame& frame, FrameTimes& times) {
    return label(frame, find(frame, times), times);
}

FoundFaces FramePipeline::find(const media::Frame& frame, FrameTimes& times) {
    Stopwatch stopwatch;
    const cv::Mat gray = frame.gray.empty() ? media::to_gray(frame.bgr) : frame.gray;
    if (gray.size() != size_) tracker_.forget();  // a broadcast may change between programmes
    size_ = gray.size();
    const auto found = pictures_
                           ? detector_->detect(gray)
                           : detector_->detect_next(gray, frame.time_s, tracker_.expected(frame.time_s));
    times[Stage::kDetect] += stopwatch.lap_ms();

    auto faces = tracker_.update(found, frame.time_s);
    times[Stage::kTrack] += stopwatch.lap_ms();
    return {card().crop.color == faces::CropColor::kGray ? gray : frame.bgr, std::move(faces)};
}

faces::FrameResult FramePipeline::label(const media::Frame& frame, const FoundFaces& found,
                                        FrameTimes& times) {
    const faces::CropSpec& crop = card().crop;
    faces::FrameResult result{source_, frame.index, frame.time_s, frame.size(), {}, frame.stored};
    Stopwatch stopwatch;
    for (const auto& face : found.faces) {
        const auto region = faces::crop_region(face.box_in_frame, crop);
        auto raw = scorer_->score(faces::preprocess(found.seen_by_model, region, crop));
        times[Stage::kScore] += stopwatch.lap_ms();

        auto shown = smoother_.update(face.track, raw, frame.time_s);
        result.faces.push_back({face.track, face.box_in_frame, shown.label, shown.confidence,
                                std::move(shown.probabilities), std::move(raw)});
        times[Stage::kSmooth] += stopwatch.lap_ms();
    }
    return result;
}

}  // namespace emotion::pipeline
