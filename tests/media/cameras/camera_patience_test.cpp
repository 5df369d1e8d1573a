#include "media/cameras/camera_patience.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "support/catch.hpp"

namespace camera_patience_test {

using namespace emotion;
using namespace emotion::media;
using namespace std::chrono_literals;

namespace {

constexpr auto kTimeout = 1500ms;

/// A camera and a clock that follow a script.
class ScriptedCamera {
  public:
    struct Step {
        bool arrived = false;
        cv::Size size{};  ///< of the picture; empty for a damaged one
        std::chrono::milliseconds after{0};
    };
    explicit ScriptedCamera(std::vector<Step> steps) : steps_(std::move(steps)) {}

    /// Repeats the last step.
    CameraAnswer wait(cv::Mat& picture, const std::stop_token& stop = {}) {
        const auto read_once = [&](cv::Mat& frame) {
            const auto& step = steps_[std::min(calls_++, steps_.size() - 1)];
            now_ += step.after;
            if (!step.size.empty()) frame = cv::Mat(step.size, CV_8UC3, cv::Scalar::all(7));
            return step.arrived;
        };
        return wait_for_picture(read_once, kTimeout, stop, picture, [&] { return now_; });
    }
    std::size_t calls() const { return calls_; }

  private:
    std::vector<Step> steps_;
    std::size_t calls_ = 0;
    std::chrono::steady_clock::time_point now_{1h};
};

}  // namespace

TEST_CASE("A camera's damaged pictures are skipped") {
    ScriptedCamera camera({{true, {}, 33ms}, {true, {}, 33ms}, {true, {4, 3}, 33ms}, {true, {9, 9}, 33ms}});
    cv::Mat picture;
    CHECK(camera.wait(picture) == CameraAnswer::kPicture);
    CHECK(picture.size() == cv::Size(4, 3));
}

TEST_CASE("A camera that only gives damaged pictures times out") {
    ScriptedCamera camera({{true, {}, 33ms}});
    cv::Mat picture;
    CHECK(camera.wait(picture) == CameraAnswer::kNone);
    CHECK(camera.calls() == 46);  // 1.5 s of them
}

TEST_CASE("A slow camera is polled again and one that refuses is not") {
    cv::Mat picture;
    ScriptedCamera slow({{false, {}, 1000ms}, {true, {4, 3}, 100ms}});
    CHECK(slow.wait(picture) == CameraAnswer::kPicture);
    ScriptedCamera silent({{false, {}, 1000ms}});
    CHECK(silent.wait(picture) == CameraAnswer::kNone);
    CHECK(silent.calls() == 2);
    ScriptedCamera unplugged({{false, {}, 1ms}, {true, {4, 3}, 1ms}});
    CHECK(unplugged.wait(picture) == CameraAnswer::kNone);
    CHECK(unplugged.calls() == 1);
}

TEST_CASE("A stop request ends waiting for a camera") {
    std::stop_source stop;
    stop.request_stop();
    ScriptedCamera camera({{false, {}, 1000ms}});
    cv::Mat picture;
    CHECK(camera.wait(picture, stop.get_token()) == CameraAnswer::kStop);
    CHECK(camera.calls() == 0);
}

TEST_CASE("A picture of a camera does not overwrite the previous one") {
    ScriptedCamera camera({{true, {4, 3}, 33ms}});
    cv::Mat picture;
    camera.wait(picture);
    const cv::Mat before = picture;
    camera.wait(picture);
    CHECK(picture.data != before.data);
}

}  // namespace camera_patience_test
