#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/face_detector.hpp"
#include "faces/face_tracker.hpp"
#include "faces/frame_result.hpp"
#include "media/frame.hpp"
#include "media/frame_source.hpp"
#include "model/scorer.hpp"
#include "pipeline/detector_config.hpp"
#include "pipeline/face_gate.hpp"
#include "pipeline/label_smoother.hpp"
#include "pipeline/neutral_baseline.hpp"
#include "pipeline/stage_times.hpp"

namespace emotion::pipeline {

/// The class by which a card says that its model knows what is no face, though the cascade may find one
/// there.
inline constexpr const char* kNotAFace = "not_a_face";

/// The faces of a frame, found and followed.
struct FoundFaces {
    cv::Mat seen_by_model;  ///< the frame as the model wants it, grey or in colour
    std::vector<faces::TrackedFace> faces;
};

/// From a frame to everything known about it. Frames of one source come in order; with a new size of theirs
/// the faces before are forgotten. Not thread-safe.
class FramePipeline {
  public:
    /// Throws ConfigError for a setting out of range.
    FramePipeline(const DetectorConfig& config, std::unique_ptr<faces::FaceDetector> detector,
                  std::unique_ptr<model::Scorer> scorer);

    const model::ModelCard& card() const { return scorer_->card(); }
    model::Scorer& scorer() { return *scorer_; }

    /// Of the source at work: LabelSmoother::set_shown.
    void set_shown(std::vector<model::ShownClass> shown) { smoother_.set_shown(std::move(shown)); }

    /// How faces look at rest; while RecordingAnalysis has the pipeline, its thread alone may use it.
    NeutralBaseline& neutral() { return neutral_; }

    /// Begins a source: the faces of the one before are forgotten. Must come before the first frame.
    void start(const media::SourceInfo& source);

    /// Finds, follows, scores and labels the faces of `frame`, but for those that the model takes for none if
    /// its card has a class kNotAFace; adds how long that took to `times`.
    faces::FrameResult process(const media::Frame& frame, FrameTimes& times);

    /// The three parts of process(). find() and score() share nothing: while one thread scores the faces of a
    /// frame, another may find those of later ones. smooth() labels them as those of a live source; what is
    /// smoothed otherwise does without it.
    FoundFaces find(const media::Frame& frame, FrameTimes& times);
    faces::FrameResult score(const media::Frame& frame, const FoundFaces& found, FrameTimes& times);
    void smooth(faces::FrameResult& result, FrameTimes& times);

  private:
    /// Whether the model takes the face for one, or its card has no class for what is none.
    bool shows(const faces::TrackedFace& face, const std::vector<float>& raw, double time_s);

    DetectorConfig config_;
    std::unique_ptr<faces::FaceDetector> detector_;
    std::unique_ptr<model::Scorer> scorer_;
    faces::FaceTracker tracker_;
    LabelSmoother smoother_;
    FaceGate gate_;
    NeutralBaseline neutral_;
    std::optional<int> not_a_face_;  // the card's class for what is none
    std::string source_;
    cv::Size size_;          // of the frame before
    bool pictures_ = false;  // the source's frames have nothing to do with one another
};

}  // namespace emotion::pipeline
