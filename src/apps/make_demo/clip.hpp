#pragma once

#include <array>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "apps/make_demo/faces.hpp"
#include "apps/make_demo/person.hpp"

namespace emotion::apps {

/// The clip for `./run demo`: one face, then two, moving slightly and changing expression.
class DemoClip {
  public:
    static constexpr int kWidth = 640, kHeight = 480, kFps = 25, kFrames = 16 * kFps;
    static constexpr int kFramesWithOneFace = 8 * kFps;  ///< the others have two
    static constexpr std::size_t kPeople = 3;

    explicit DemoClip(const std::array<PersonFaces, kPeople>& people);

    /// Frame `index` of [0, kFrames), CV_8UC3 BGR. Deterministic for the given faces.
    cv::Mat frame(int index) const;

  private:
    std::vector<DemoPerson> people_;
    cv::Mat room_;
};

}  // namespace emotion::apps
