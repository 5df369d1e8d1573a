#include "media/cameras/camera_capture.hpp"

#include "base/lazy_library.hpp"

namespace emotion::media {

const CameraCapture& camera_capture() {
    static const auto& capture =
        functions_of_library<CameraCapture>(EMOTION_LAZY_LIBRARY, "emotion_camera_capture");
    return capture;
}

}  // namespace emotion::media
