#include "drawing/mirror.hpp"

#include "support/catch.hpp"

namespace mirror_test {

using namespace emotion;
using namespace emotion::drawing;

TEST_CASE("Boxes are mirrored with the frame") {
    faces::FrameResult result;
    result.size = {320, 240};
    result.faces.resize(1);
    result.faces[0].box_in_frame = {10, 20, 30, 40};
    const auto mirror = mirrored(result);
    CHECK(mirror.faces.at(0).box_in_frame == cv::Rect2f(280, 20, 30, 40));
    CHECK(mirrored(mirror).faces.at(0).box_in_frame == cv::Rect2f(10, 20, 30, 40));
}

}  // namespace mirror_test
