#include "drawing/mirror.hpp"

namespace emotion::drawing {

faces::FrameResult mirrored(faces::FrameResult result) {
    for (auto& face : result.faces) {
        auto& box = face.box_in_frame;
        box.x = static_cast<float>(result.size.width) - box.x - box.width;
        face.roll_deg = -face.roll_deg;
    }
    return result;
}

}  // namespace emotion::drawing
