#include "media/camera_patience.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace emotion;
using namespace emotion::media;
using namespace std::chrono_literals;

namespace {

constexpr auto kTimeout = 1500ms;

/// A camera that follows a script, and the clock beside it.
class ScriptedCamera {
  public:
    struct Step {
        bool came = false;
        cv::Size size{};  ///< of the picture; empty for a damaged one
        std::chrono::milliseconds after{0};
    };
    explicit ScriptedCamera(std::vector<Step> steps) : steps_(std::move(steps)) {}

    /// The last step comes again and again.
    CameraAnswer wait(cv::Mat& picture, const std::stop_token& stop = {}) {
        const auto ask = [&](cv::Mat& asked) {
            const auto& step = steps_[std::min(asked_++, steps_.size() - 1)];
            now_ += step.after;
            if (!step.size.empty()) asked = cv::Mat(step.size, CV_8UC3, cv::Scalar::all(7));
            return step.came;
        };
        return wait_for_picture(ask, kTimeout, stop, picture, [&] { return now_; });
    }
    std::size_t asked() const { return asked_; }

  private:
    std::vector<Step> steps_;
    std::size_t asked_ = 0;
    std::chrono::steady_clock::time_point now_{1h};
};

}  // namespace

TEST_CASE("A camera's damaged pictures are passed over") {
    ScriptedCamera camera({{true, {}, 33ms}, {true, {}, 33ms}, {true, {4, 3}, 33ms}, {true, {9, 9}, 33ms}});
    cv::Mat picture;
    CHECK(camera.wait(picture) == CameraAnswer::kPicture);
    CHECK(picture.size() == cv::Size(4, 3));
}

TEST_CASE("A camera that gives nothing but damaged pictures counts as silent in time") {
    ScriptedCamera camera({{true, {}, 33ms}});
    cv::Mat picture;
    CHECK(camera.wait(picture) == CameraAnswer::kNone);
    CHECK(camera.asked() == 46);  // 1.5 s of them
}

TEST_CASE("A camera that is slow is asked again and one that refuses is not") {
    cv::Mat picture;
    ScriptedCamera slow({{false, {}, 1000ms}, {true, {4, 3}, 100ms}});
    CHECK(slow.wait(picture) == CameraAnswer::kPicture);
    ScriptedCamera silent({{false, {}, 1000ms}});
    CHECK(silent.wait(picture) == CameraAnswer::kNone);
    CHECK(silent.asked() == 2);
    ScriptedCamera unplugged({{false, {}, 1ms}, {true, {4, 3}, 1ms}});
    CHECK(unplugged.wait(picture) == CameraAnswer::kNone);
    CHECK(unplugged.asked() == 1);
}

TEST_CASE("Nobody waits for a camera once a stop is asked for") {
    std::stop_source stop;
    stop.request_stop();
    ScriptedCamera camera({{false, {}, 1000ms}});
    cv::Mat picture;
    CHECK(camera.wait(picture, stop.get_token()) == CameraAnswer::kStop);
    CHECK(camera.asked() == 0);
}

TEST_CASE("A picture of a camera does not overwrite the one before") {
    ScriptedCamera camera({{true, {4, 3}, 33ms}});
    cv::Mat picture;
    camera.wait(picture);
    const cv::Mat before = picture;
    camera.wait(picture);
    CHECK(picture.data != before.data);
}
