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

/// The class of false detections, for models trained to recognize them.
inline constexpr const char* kNotAFace = "not_a_face";

/// The detected and tracked faces of a frame.
struct DetectedFaces {
    cv::Mat model_input;  ///< the frame in the model's color space
    std::vector<faces::TrackedFace> faces;
};

/// Computes the result of a frame. Frames of a source must be in order; a change of their size discards all
/// tracks. Not thread-safe.
class FramePipeline {
  public:
    /// Throws ConfigError for a setting out of range.
    FramePipeline(const DetectorConfig& config, std::unique_ptr<faces::FaceDetector> detector,
                  std::unique_ptr<model::Scorer> scorer);

    const model::ModelCard& card() const { return scorer_->card(); }
    model::Scorer& scorer() { return *scorer_; }

    /// For the current source: see LabelSmoother::set_shown().
    void set_shown(std::vector<model::ShownClass> shown) { smoother_.set_shown(std::move(shown)); }

    /// How faces look at rest. While a RecordingAnalysis has the pipeline, only its thread may use it.
    NeutralBaseline& neutral() { return neutral_; }

    /// Starts a source, discarding the tracks of the previous one. Must be called before the first frame.
    void start(const media::SourceInfo& source);

    /// Detects, tracks, scores and labels the faces of `frame`, except for those the model rejects if its
    /// card has the class kNotAFace; adds the durations to `times`.
    faces::FrameResult process(const media::Frame& frame, FrameTimes& times);

    /// The parts of process(). find() and score() share no state: one thread can score the faces of a frame
    /// while another detects those of later ones. smooth() labels as for live sources; skip it for other
    /// kinds of smoothing.
    DetectedFaces find(const media::Frame& frame, FrameTimes& times);
    faces::FrameResult score(const media::Frame& frame, const DetectedFaces& found, FrameTimes& times);
    void smooth(faces::FrameResult& result, FrameTimes& times);

  private:
    /// Whether the model accepts the detection as a face, or its card has no class kNotAFace.
    bool shows(const faces::TrackedFace& face, const std::vector<float>& raw, double time_s);

    DetectorConfig config_;
    std::unique_ptr<faces::FaceDetector> detector_;
    std::unique_ptr<model::Scorer> scorer_;
    faces::FaceTracker tracker_;
    LabelSmoother smoother_;
    FaceGate gate_;
    NeutralBaseline neutral_;
    std::optional<int> not_a_face_;  // the index of kNotAFace in the card
    std::string source_;
    cv::Size size_;          // of the previous frame
    bool pictures_ = false;  // the source's frames are unrelated
};

}  // namespace emotion::pipeline
