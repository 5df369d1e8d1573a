#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "faces/face_detector.hpp"
#include "model/scorer.hpp"

namespace emotion::test {

/// A card without real weights: happy and fear on 50x50 gray crops, both shown from `min_probability`.
inline model::ModelCard two_class_card(double min_probability = 0.6) {
    model::ModelCard card;
    card.name = "fake";
    card.classes = {"happy", "fear"};
    card.shown = {{0, min_probability}, {1, min_probability}};
    card.positive = "fear";
    return card;
}

/// Returns given faces frame by frame, and none afterwards.
class ScriptedDetector : public faces::FaceDetector {
  public:
    explicit ScriptedDetector(std::deque<std::vector<faces::FaceBox>> frames) : frames_(std::move(frames)) {}
    std::vector<faces::FaceBox> detect(const cv::Mat&) override {
        if (frames_.empty()) return {};
        auto faces = std::move(frames_.front());
        frames_.pop_front();
        return faces;
    }

  private:
    std::deque<std::vector<faces::FaceBox>> frames_;
};

/// Scores a crop by a function of the test.
class FunctionScorer : public model::Scorer {
  public:
    using Function = std::function<std::vector<float>(const cv::Mat& crop)>;
    FunctionScorer(model::ModelCard card, Function function)
        : card_(std::move(card)), function_(std::move(function)) {}
    const model::ModelCard& card() const override { return card_; }
    std::vector<float> score(const cv::Mat& crop) override { return function_(crop); }

  private:
    model::ModelCard card_;
    Function function_;
};

}  // namespace emotion::test
