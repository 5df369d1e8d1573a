#include "apps/detector/live_viewer.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

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
        frame.bgr = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(40));
        frame.bgr.colRange(32, 64) = cv::Scalar::all(200);
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
    explicit CameraSource(Camera& camera) : camera_(camera) {
        info_.name = "camera";
        info_.kind = media::SourceKind::kLive;
        info_.width = 64;
        info_.height = 48;
        info_.fps = 25.0;
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

/// A camera watched in a window; `at_look` is called whenever events are processed.
struct WatchedCamera {
    explicit WatchedCamera(const DetectorOptions& asked = options())
        : session(asked, Progress::Style::kQuiet, std::unique_ptr<Window>(window)) {}

    void watch(const std::function<void()>& at_look) {
        window->at_look = at_look;
        pipeline::LiveAnalysis analysis([&] { return std::make_unique<CameraSource>(camera); }, {},
                                        session.pipeline(), [](const std::string&) {});
        const EndsCamera ends{camera};
        LiveViewer viewer(session, analysis, canvas, recorder, "camera");
        SourceRun(session, canvas, viewer, outputs).run(analysis);
    }
    std::int64_t frames() { return session.stats().times.frames(); }

    test::WorkingFolder folder;
    Camera camera;
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
