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
    Parts(const std::filesystem::path& card_file, const std::filesystem::path& settings)
        : card(card_file.empty() ? find_program_file(kDefaultModel) : card_file),
          config(pipeline::read_detector_config(settings.empty() ? find_program_file(kDefaultConfig)
                                                                 : settings)),
          scorer(model::load_scorer(card)) {}

    std::unique_ptr<pipeline::FramePipeline> make_pipeline() const {
        return std::make_unique<pipeline::FramePipeline>(
            config, faces::make_face_search(config.haar, config.search), model::load_scorer(card));
    }

    /// Of the video that is followed.
    pipeline::FramePipeline& video_pipeline() {
        if (!video) video = make_pipeline();
        media::SourceInfo info;
        info.kind = media::SourceKind::kLive;  // neither its length nor its rate is known
        if (!std::exchange(begun, true)) video->start(info);
        return *video;
    }

    std::vector<Face> faces_in(const media::Frame& frame, pipeline::FramePipeline& pipeline) const {
        pipeline::FrameTimes times;
        std::vector<Face> faces;
        for (auto& found : pipeline.process(frame, times).faces) {
            Face face{
                found.track,    found.box_in_frame, {}, found.confidence, std::move(found.probabilities),
                found.roll_deg, found.neutral};
            if (found.label) face.label = scorer->card().classes[static_cast<std::size_t>(*found.label)];
            faces.push_back(std::move(face));
        }
        return faces;
    }

    const std::filesystem::path card;
    const pipeline::DetectorConfig config;
    const std::unique_ptr<model::Scorer> scorer;
    std::unique_ptr<pipeline::FramePipeline> pictures, video;  // created on first use
    std::int64_t frames = 0;                                   // of the video
    double time_s = 0.0;
    bool begun = false;
};

Detector::Detector(const std::filesystem::path& card, const std::filesystem::path& settings)
    : parts_(std::make_unique<Parts>(card, settings)) {}
Detector::~Detector() = default;
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;

const std::vector<std::string>& Detector::classes() const {
    return parts_->scorer->card().classes;
}

std::vector<Face> Detector::analyse(const cv::Mat& picture) {
    check(picture);
    auto& pictures = parts_->pictures;
    if (!pictures) pictures = parts_->make_pipeline();
    pictures->start({});
    return parts_->faces_in({media::to_bgr(picture), 0, 0.0}, *pictures);
}

std::vector<float> Detector::score(const cv::Mat& picture, const cv::Rect2f& box, float roll_deg) {
    check(picture);
    const auto& crop = parts_->scorer->card().crop;
    return parts_->scorer->score(
        faces::preprocess_turned(picture, faces::crop_region(box, crop), roll_deg, crop));
}

std::vector<Face> Detector::follow(const cv::Mat& frame, double time_s) {
    check(frame);
    if (!std::isfinite(time_s))
        throw std::invalid_argument("emotion::Detector: time " + std::to_string(time_s) +
                                    " s, expected a finite number");
    if (parts_->frames > 0 && time_s < parts_->time_s)
        throw std::invalid_argument("emotion::Detector: time runs backwards, from " +
                                    std::to_string(parts_->time_s) + " to " + std::to_string(time_s) + " s");
    parts_->time_s = time_s;
    auto& video = parts_->video_pipeline();
    return parts_->faces_in({media::to_bgr(frame), parts_->frames++, time_s}, video);
}

void Detector::learn_neutral(double duration_s) {
    if (!(duration_s > 0.0))
        throw std::invalid_argument("emotion::Detector: " + std::to_string(duration_s) +
                                    " s at rest, expected more than 0");
    parts_->video_pipeline().neutral().gather(duration_s, {});
}

void Detector::forget_neutral() {
    parts_->video_pipeline().neutral().forget();
}

void Detector::start_over() {
    parts_->frames = 0;
    parts_->begun = false;
}

}  // namespace emotion
