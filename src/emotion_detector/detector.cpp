#include "emotion_detector/detector.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

#include <opencv2/core.hpp>

#include "base/program_files.hpp"
#include "faces/face_search.hpp"
#include "faces/turned_crop.hpp"
#include "model/scorer.hpp"
#include "pipeline/detector_config.hpp"
#include "pipeline/frame_pipeline.hpp"

namespace emotion {
namespace {

void check(const cv::Mat& picture) {
    const std::string expected = "emotion::Detector: expected a picture of type CV_8UC3 or CV_8UC1, got ";
    if (picture.empty()) throw std::invalid_argument(expected + "an empty picture");
    if (picture.dims != 2)
        throw std::invalid_argument(expected + "an array of " + std::to_string(picture.dims) + " dimensions");
    if (picture.type() != CV_8UC3 && picture.type() != CV_8UC1)
        throw std::invalid_argument(expected + cv::typeToString(picture.type()) + " of " +
                                    std::to_string(picture.cols) + "x" + std::to_string(picture.rows));
}

}  // namespace

class Detector::Parts {
  public:
    Parts(const std::filesystem::path& card, const std::filesystem::path& settings)
        : card_(card.empty() ? find_program_file(kDefaultModel) : card),
          config_(pipeline::read_detector_config(settings.empty() ? find_program_file(kDefaultConfig)
                                                                  : settings)),
          scorer_(model::load_scorer(card_)) {}

    const model::ModelCard& card() const { return scorer_->card(); }

    std::vector<Face> analyse(const cv::Mat& picture) {
        if (!pictures_) pictures_ = make_pipeline();
        pictures_->start({});
        return faces(*pictures_, {media::to_bgr(picture), 0, 0.0});
    }

    std::vector<float> score(const cv::Mat& picture, const cv::Rect2f& box, float roll_deg) {
        const auto& crop = card().crop;
        return scorer_->score(
            faces::preprocess_turned(picture, faces::crop_region(box, crop), roll_deg, crop));
    }

    std::vector<Face> follow(const cv::Mat& frame, double time_s) {
        if (!std::isfinite(time_s))
            throw std::invalid_argument("emotion::Detector: time " + std::to_string(time_s) +
                                        " s, expected a finite number");
        if (frames_ > 0 && time_s < time_s_)
            throw std::invalid_argument("emotion::Detector: time runs backwards, from " +
                                        std::to_string(time_s_) + " to " + std::to_string(time_s) + " s");
        time_s_ = time_s;
        return faces(video(), {media::to_bgr(frame), frames_++, time_s});
    }

    void learn_neutral(double duration_s) {
        if (!(duration_s > 0.0))
            throw std::invalid_argument("emotion::Detector: " + std::to_string(duration_s) +
                                        " s at rest, expected more than 0");
        video().neutral().gather(duration_s, {});
    }
    void forget_neutral() { video().neutral().forget(); }

    void start_over() {
        frames_ = 0;
        begun_ = false;
    }

  private:
    std::unique_ptr<pipeline::FramePipeline> make_pipeline() const {
        return std::make_unique<pipeline::FramePipeline>(
            config_, faces::make_face_search(config_.haar, config_.search), model::load_scorer(card_));
    }

    /// Of the video that is followed.
    pipeline::FramePipeline& video() {
        if (!video_) video_ = make_pipeline();
        media::SourceInfo info;
        info.kind = media::SourceKind::kLive;  // neither its length nor its rate is known
        if (!std::exchange(begun_, true)) video_->start(info);
        return *video_;
    }

    std::vector<Face> faces(pipeline::FramePipeline& pipeline, const media::Frame& frame) const {
        pipeline::FrameTimes times;
        std::vector<Face> faces;
        for (auto& found : pipeline.process(frame, times).faces) {
            Face face{
                found.track,    found.box_in_frame, {}, found.confidence, std::move(found.probabilities),
                found.roll_deg, found.neutral};
            if (found.label) face.label = card().classes[static_cast<std::size_t>(*found.label)];
            faces.push_back(std::move(face));
        }
        return faces;
    }

    std::filesystem::path card_;
    pipeline::DetectorConfig config_;
    std::unique_ptr<model::Scorer> scorer_;
    std::unique_ptr<pipeline::FramePipeline> pictures_, video_;  // created on first use
    std::int64_t frames_ = 0;                                    // of the video
    double time_s_ = 0.0;
    bool begun_ = false;
};

Detector::Detector(const std::filesystem::path& card, const std::filesystem::path& settings)
    : parts_(std::make_unique<Parts>(card, settings)) {}
Detector::~Detector() = default;
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;

const std::vector<std::string>& Detector::classes() const {
    return parts_->card().classes;
}

std::vector<Face> Detector::analyse(const cv::Mat& picture) {
    check(picture);
    return parts_->analyse(picture);
}

std::vector<float> Detector::score(const cv::Mat& picture, const cv::Rect2f& box, float roll_deg) {
    check(picture);
    return parts_->score(picture, box, roll_deg);
}

std::vector<Face> Detector::follow(const cv::Mat& frame, double time_s) {
    check(frame);
    return parts_->follow(frame, time_s);
}

void Detector::learn_neutral(double duration_s) {
    parts_->learn_neutral(duration_s);
}

void Detector::forget_neutral() {
    parts_->forget_neutral();
}

void Detector::start_over() {
    parts_->start_over();
}

}  // namespace emotion
