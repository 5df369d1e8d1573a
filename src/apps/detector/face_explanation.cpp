#include "apps/detector/face_explanation.hpp"

#include <algorithm>
#include <chrono>

#include "faces/preprocess.hpp"
#include "faces/turned_crop.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;

constexpr auto kBudget = 8ms;

/// The largest face, but `track` unless another is much larger, so that the choice does not alternate.
const faces::FaceResult* face_to_explain(const faces::FrameResult& result, int track) {
    constexpr float kMuchLarger = 1.5f;
    const auto weight = [&](const faces::FaceResult& face) {
        return face.box_in_frame.area() * (face.track == track ? kMuchLarger : 1.0f);
    };
    const auto face = std::ranges::max_element(result.faces, {}, weight);
    return face == result.faces.end() ? nullptr : &*face;
}

}  // namespace

void FaceExplanation::update(const media::Frame& frame, const faces::FrameResult& result,
                             drawing::Canvas& canvas) {
    const auto* face = on_ ? face_to_explain(result, track_) : nullptr;
    if (!face) return;
    if (!explainer_ || face->track != track_) explainer_ = model::make_explainer(scorer_);
    track_ = face->track;
    const auto& card = scorer_.card();
    const auto most_likely = std::ranges::max_element(
        card.shown, {}, [&](const auto& shown) { return face->probabilities[shown.class_index]; });
    const auto region = faces::crop_region(face->box_in_frame, card.crop);
    const cv::Mat crop = faces::preprocess_turned(frame.bgr, region, face->roll_deg, card.crop);
    canvas.set_heat(explainer_->explain(crop, face->label.value_or(most_likely->class_index), kBudget),
                    {(region.tl() + region.br()) * 0.5f, region.size(), face->roll_deg});
}

}  // namespace emotion::apps
