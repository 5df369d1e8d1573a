#include "apps/detector/live_viewer.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "apps/detector/source_run.hpp"
#include "media/image_files.hpp"
#include "support/catch.hpp"
#include "support/fake_run.hpp"
#include "support/working_folder.hpp"

namespace live_viewer_test {

using namespace emotion;
using namespace emotion::apps;
using test::FakeWindow;

namespace {

/// Provides frames one by one on request of the test.
class Camera {
  public:
    cv::Size size{64, 48};  ///< set before the first frame

    void push(int count = 1) {
        const std::lock_guard lock(mutex_);
        waiting_ += count;
        changed_.notify_all();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }
    /// The number of frames read.
    int taken() {
        const std::lock_guard lock(mutex_);
        return taken_;
    }
    std::optional<media::Frame> next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_ > 0 || ended_; });
        if (waiting_ == 0) return std::nullopt;
        --waiting_;
        media::Frame frame;
        frame.bgr = cv::Mat(size, CV_8UC3, cv::Scalar::all(40));
        frame.bgr.colRange(size.width / 2, size.width) = cv::Scalar::all(200);
        frame.index = taken_++;
        frame.time_s = static_cast<double>(frame.index) / 25.0;
        return frame;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int waiting_ = 0, taken_ = 0;
    bool ended_ = false;
};

class CameraSource : public media::FrameSource {
  public:
    CameraSource(Camera& camera, double fps) : camera_(camera) {
        info_.name = "camera";
        info_.kind = media::SourceKind::kLive;
        info_.width = camera.size.width;
        info_.height = camera.size.height;
        info_.fps = fps;
    }
    const media::SourceInfo& info() const override { return info_; }
    std::optional<media::Frame> next() override { return camera_.next(); }

  private:
    Camera& camera_;
    media::SourceInfo info_;
};

DetectorOptions options() {
    DetectorOptions options;
    options.model = EMOTION_SOURCE_DIR "/models/happy-fear.yaml";
    options.config = EMOTION_SOURCE_DIR "/config/detector.yaml";
    return options;
}

/// Ends the camera in any case, because a thread waits for its frames.
struct EndsCamera {
    Camera& camera;
    ~EndsCamera() { camera.end(); }
};

/// A camera watched in a window; `at_look` is called whenever events are processed. `fps` is the camera's
/// rate; 0: unknown.
struct WatchedCamera {
    explicit WatchedCamera(const DetectorOptions& asked = options())
        : session(asked, Progress::Style::kQuiet, std::unique_ptr<Window>(window)) {}

    void watch(const std::function<void()>& at_look) {
        window->at_look = at_look;
        pipeline::LiveAnalysis analysis([&] { return std::make_unique<CameraSource>(camera, fps); }, {},
                                        session.pipeline(),
                                        [&](const std::string& line) { warnings.push_back(line); });
        const EndsCamera ends{camera};
        LiveViewer viewer(session, analysis, canvas, recorder, "camera");
        view = &viewer.view();
        SourceRun(session, canvas, viewer, outputs).run(analysis);
        view = nullptr;
    }
    std::int64_t frames() { return session.stats().times.frames(); }

    test::WorkingFolder folder;
    Camera camera;
    double fps = 25.0;
    const LiveView* view = nullptr;  ///< while watching
    std::vector<std::string> warnings;
    FakeWindow* window = new FakeWindow;  ///< owned by the session
    Session session;
    results::OutputSet outputs;
    results::LiveRecorder& recorder =
        outputs.add(std::make_unique<results::LiveRecorder>([](const std::string&) {}));
    drawing::Canvas canvas{session.overlay_style(), {}};
};

int brightness(const cv::Mat& picture, int x) {
    return picture.at<cv::Vec3b>(10, x)[0];
}

}  // namespace

TEST_CASE("While the window is paused no frame is processed and none counts as dropped") {
    WatchedCamera watched;
    std::int64_t before = 0;
    int looks_paused = 0;
    watched.camera.push();
    watched.watch([&] {
        if (watched.frames() == 1 && looks_paused == 0) {
            watched.window->keys = {" "};
            before = watched.frames();
            looks_paused = 1;
        } else if (looks_paused > 0 && looks_paused < 20) {
            watched.camera.push();
            if (watched.camera.taken() > 5) ++looks_paused;
            CHECK(watched.frames() == before);
            if (looks_paused == 20) watched.window->keys = {" "};
        } else if (looks_paused == 20 && watched.frames() == before) {
            watched.camera.push();
        } else if (watched.frames() > before) {
            watched.window->keys = {"q"};
        }
    });
    CHECK(watched.frames() > before);
    CHECK(watched.session.stats().dropped == 0);
    CHECK(watched.window->closed);
}

TEST_CASE("A long pause raises no alarm, neither during it nor when it ends before the next picture") {
    using Clock = std::chrono::steady_clock;
    constexpr auto kLongerThanAStall = std::chrono::milliseconds(1300);
    WatchedCamera watched;
    Clock::time_point paused_at;
    int step = 0;
    watched.camera.push();
    watched.watch([&] {
        auto& keys = watched.window->keys;
        if (watched.frames() == 0) return;
        CHECK(watched.view->problem.empty());
        switch (step) {
            case 0:
                keys = {" "};
                paused_at = Clock::now();
                ++step;
                break;
            case 1:
                if (Clock::now() - paused_at < kLongerThanAStall) break;
                CHECK(watched.view->paused);
                keys = {" "};
                ++step;
                break;
            case 2:  // drawn since, without a new picture
                CHECK_FALSE(watched.view->paused);
                keys = {"q"};
                ++step;
                break;
            default:
                break;
        }
    });
    CHECK(step == 3);
    CHECK(watched.frames() == 1);
    CHECK(watched.warnings.empty());
}

TEST_CASE("A camera that falls silent while it is watched is reported in the window") {
    WatchedCamera watched;
    bool reported = false;
    watched.camera.push();
    watched.watch([&] {
        if (watched.frames() == 0 || watched.view->problem.empty()) return;
        reported = true;
        CHECK_THAT(watched.view->problem, ContainsSubstring("camera: no picture for "));
        watched.window->keys = {"q"};
    });
    CHECK(reported);
}

TEST_CASE("A key mirrors the picture on which the window is paused") {
    WatchedCamera watched;
    watched.camera.size = {320, 240};  // leaves room beside the message about the pause
    int step = 0;
    watched.camera.push();
    watched.watch([&] {
        auto& window = *watched.window;
        if (watched.frames() == 0) return;
        switch (step++) {
            case 0:
                window.keys = {" "};
                break;
            case 1:
                CHECK(watched.view->paused);
                CHECK(brightness(window.shown, 5) == 40);
                window.keys = {"m"};
                break;
            case 2:
                CHECK(brightness(window.shown, 5) == 200);
                window.keys = {"m"};
                break;
            case 3:
                CHECK(brightness(window.shown, 5) == 40);
                window.keys = {"q"};
                break;
            default:
                break;
        }
    });
    CHECK(step >= 4);
    CHECK(watched.frames() == 1);
}

TEST_CASE("A key shows the rate of the camera only if it is known") {
    for (const double fps : {25.0, 0.0}) {
        INFO(fps);
        WatchedCamera watched;
        watched.fps = fps;
        std::vector<std::string> before, details;
        bool pressed = false;
        watched.camera.push();
        watched.watch([&] {
            if (watched.frames() == 0) return;
            if (!std::exchange(pressed, true)) {
                before = watched.view->details;
                watched.window->keys = {"d"};
            } else {
                details = watched.view->details;
                watched.window->keys = {"q"};
            }
        });
        CHECK(before.empty());
        REQUIRE(details.size() == 3);  // the measured rate comes with the second frame
        CHECK(details[0] == (fps > 0.0 ? "camera, 64x48 at 25 per second" : "camera, 64x48"));
        CHECK_THAT(details[1], ContainsSubstring(" ms from frame to window"));
        CHECK(details[2] == "0 frames dropped");
    }
}

TEST_CASE("A key mirrors both display and saved pictures, and others change only the window") {
    WatchedCamera watched;
    int step = 0;
    watched.camera.push();
    watched.watch([&] {
        auto& window = *watched.window;
        if (watched.frames() == 0) return;
        switch (step++) {
            case 0:
                CHECK(brightness(window.shown, 5) == 40);
                window.keys = {"m"};
                break;
            case 1:
                CHECK(brightness(window.shown, 5) == 200);
                CHECK(watched.canvas.written_view().mirror);
                window.keys = {"s"};
                break;
            case 2:
                window.keys = {"f"};
                break;
            case 3:
                CHECK(window.full_screen);
                window.keys = {"x", "q"};  // the first has no function
                break;
            default:
                break;
        }
    });
    REQUIRE(watched.folder.files().size() == 1);
    const cv::Mat saved = test::read_image(watched.folder.files()[0].string());
    REQUIRE(saved.size() == cv::Size(64, 48));
    CHECK(brightness(saved, 5) == 200);
    CHECK(brightness(saved, 60) == 40);
}

TEST_CASE("A key starts a video that is completed at the end of the source") {
    WatchedCamera watched;
    watched.camera.push();
    bool pressed = false;
    watched.watch([&] {
        if (watched.frames() == 1 && !std::exchange(pressed, true)) {
            watched.window->keys = {"r"};
        } else if (watched.recorder.video_seconds() && watched.frames() < 4) {
            if (watched.camera.taken() == watched.frames()) watched.camera.push();
        } else if (watched.frames() >= 4) {
            watched.camera.end();
        }
    });
    REQUIRE(watched.folder.files().size() == 1);
    CHECK(watched.folder.files()[0].extension() == ".mp4");
    CHECK_FALSE(watched.session.stopped());
}

TEST_CASE("The window redraws and handles keys while the camera opens or gives no frames") {
    WatchedCamera watched;
    int looks = 0;
    watched.watch([&] {
        ++looks;
        CHECK(watched.window->pictures > 0);
        CHECK(watched.window->shown.size() == cv::Size(640, 480));
        if (looks == 30) watched.window->keys = {"q"};
    });
    CHECK(watched.frames() == 0);
    CHECK(watched.folder.files().empty());
}

TEST_CASE("A key learns how faces look at rest and forgets it, where the model can") {
    auto other = options();
    other.model = EMOTION_SOURCE_DIR "/models/logistic.yaml";
    for (const bool able : {true, false}) {
        INFO(able);
        WatchedCamera watched(able ? options() : other);
        std::vector<std::string> told;
        std::vector<bool> active;
        watched.camera.push();
        watched.watch([&] {
            if (watched.frames() == 0) return;
            if (const auto state = watched.session.remote().state();
                state && !state->message.empty() && (told.empty() || told.back() != state->message)) {
                told.push_back(state->message);
                active.push_back(state->neutral);
            }
            if (told.size() < (able ? 2u : 1u))
                watched.window->keys = {"n"};
            else
                watched.window->keys = {"q"};
        });
        if (able) {
            CHECK(told == std::vector<std::string>{"look at rest for 3 seconds",
                                                   "how faces look at rest is forgotten"});
            CHECK(active == std::vector<bool>{true, false});
        } else {
            REQUIRE(told.size() == 1);
            CHECK_THAT(told[0],
                       ContainsSubstring("the model logistic cannot learn how a face looks at rest"));
            CHECK(active == std::vector<bool>{false});
        }
    }
}

}  // namespace live_viewer_test
