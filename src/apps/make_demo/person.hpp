#pragma once

#include <array>

#include <opencv2/core/mat.hpp>

#include "apps/make_demo/faces.hpp"

namespace emotion::apps {

enum class HairStyle { kLong, kBob, kShort };

/// Colors are BGR.
struct DemoLooks {
    cv::Scalar skin, hair, shirt;
    HairStyle hair_style;
};

/// A face with hair and shoulders and an expression between afraid, neutral and happy.
class DemoPerson {
  public:
    DemoPerson(const PersonFaces& faces, const DemoLooks& looks);

    /// Paints head and shoulders over `canvas` (CV_32FC3 BGR, 0..255). `to_canvas` maps the square of the
    /// face. `mood` is in [-1, 1]: -1 afraid, 0 neutral, 1 happy.
    void paint(cv::Mat& canvas, const cv::Matx23f& to_canvas, double mood) const;

  private:
    cv::Mat face(double mood) const;

    PersonFaces faces_;
    std::array<cv::Mat, 2> flows_;  ///< from the neutral face to the happy and to the afraid one
    cv::Mat figure_;                ///< without the face, CV_32FC4: BGR times opacity, opacity in [0, 1]
    cv::Mat skin_;                  ///< 1x256 CV_32FC3, the color for each gray level
};

}  // namespace emotion::apps
