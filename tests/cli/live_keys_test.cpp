#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "cli/streams.hpp"
#include "media/image_files.hpp"
#include "support/silent_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/virtual_display.hpp"
#include "support/wait_until.hpp"

namespace live_keys_test {

using namespace emotion;
using test::wait_until;

namespace {

namespace fs = std::filesystem;

const cv::Point kCorner(20, 120);           // of the face, on the left
const cv::Rect kInFace(80, 180, 120, 120);  // not covered by a box or label
const cv::Rect kInMirroredFace(440, 180, 120, 120);
const cv::Rect kInHelp(280, 200, 100, 100), kInDetails(10, 400, 150, 70), kInMessage(250, 445, 150, 20),
    kInRecording(560, 12, 70, 20);

cv::Mat camera_view() {
    return test::picture_of("fear-1", kCorner);
}

/// Whether the pictures differ in `region`.
bool differ(const cv::Mat& picture, const cv::Mat& expected, const cv::Rect& region) {
    cv::Mat difference;
    cv::absdiff(picture(region), expected(region), difference);
    cv::cvtColor(difference, difference, cv::COLOR_BGR2GRAY);
    return cv::countNonZero(difference > 10) > 0.2 * region.area();
}

/// A separate display with the detector's window, watching a network camera of one face.
class WatchedCamera {
  public:
    WatchedCamera() : camera_(camera_view()) {
        const auto program = std::string(EMOTION_BIN_DIR) + "/emotion-detector";
        detector_.emplace("sh",
                          std::vector<std::string>{"-c", "cd \"$0\" && exec \"$@\"", folder_.path(), program,
                                                   camera_.url(), "--jsonl", "seen.jsonl"},
                          display_.environment());
        wait_until([&] {
            return !seen().empty() && display_.xdotool({"search", "--name", "emotion-detector"});
        });
        display_.xdotool({"search", "--name", "emotion-detector", "windowmove", "0", "0"});
    }

    void focus() const { display_.xdotool({"search", "--name", "emotion-detector", "windowfocus"}); }
    void press(const std::string& key) const { display_.xdotool({"key", key}); }
    /// The results so far.
    std::vector<nlohmann::json> seen() const {
        const auto file = folder_.path() / "seen.jsonl";
        if (!fs::exists(file)) return {};
        const auto text = read_file(file);
        return test::json_lines(text.substr(0, text.rfind('\n') + 1));
    }
    /// Whether something is drawn over the camera's picture there.
    bool shows(const cv::Rect& region) const { return differ(screen(), camera_view(), region); }
    void wait_for_frames(std::size_t more) const {
        const auto so_far = seen().size();
        for (std::size_t i = 1; i <= more; ++i)  // each in its time
            wait_until([&] { return seen().size() >= so_far + i; });
    }
    cv::Mat screen() const {
        auto dump = read_file(display_.memory());
        const auto number = [&](std::size_t i) {
            const auto* bytes = reinterpret_cast<const unsigned char*>(dump.data()) + 4 * i;
            return bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
        };
        const int header = number(0), width = number(4), height = number(5), line = number(12),
                  colors = number(19);
        const cv::Mat bgra(height, width, CV_8UC4, dump.data() + header + std::ptrdiff_t{12} * colors,
                           static_cast<std::size_t>(line));
        cv::Mat bgr;
        cv::cvtColor(bgra, bgr, cv::COLOR_BGRA2BGR);
        return bgr;
    }
    /// The files that the program reported with `what`.
    std::vector<fs::path> reported(const std::string& what) const {
        const std::regex line("(emotion-[0-9-]+\\.[a-z0-9]+): " + what);
        const auto err = detector_->err();
        std::vector<fs::path> files;
        for (std::sregex_iterator match(err.begin(), err.end(), line), end; match != end; ++match)
            files.push_back(folder_.path() / (*match)[1].str());
        return files;
    }
    test::NetworkCamera& camera() { return camera_; }
    test::RunningProgram& detector() { return *detector_; }

  private:
    const test::TemporaryFolder folder_;
    test::NetworkCamera camera_;
    const test::VirtualDisplay display_;
    std::optional<test::RunningProgram> detector_;
};

}  // namespace

TEST_CASE("Each key does what the help says in the window of a camera") {
    if (!test::VirtualDisplay::can_be_had()) SKIP_TEST("Xvfb and xdotool are not installed");
    WatchedCamera watched;
    // Two keys pressed between two polls of the keyboard count as one: each waits for the effect of the
    // previous one.

    for (int tries = 0; !watched.shows(kInHelp); ++tries) {  // until the window has the keyboard focus
        REQUIRE(tries < 10);
        watched.focus();
        watched.press("h");
        // A second press would end the help that a slow machine is about to show: it has many frames for it.
        const auto shown = watched.seen().size();
        const auto least = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        wait_until([&] {
            return watched.shows(kInHelp) ||
                   (watched.seen().size() >= shown + 10 && std::chrono::steady_clock::now() > least);
        });
    }
    watched.press("h");
    wait_until([&] { return !watched.shows(kInHelp); });
    const std::pair<const char*, cv::Rect> seen_at[] = {
        {"d", kInDetails}, {"e", kInFace}, {"m", kInMirroredFace}};
    for (const auto& change : seen_at) {
        INFO(change.first);
        CHECK_FALSE(watched.shows(change.second));
        watched.press(change.first);
        wait_until([&] { return watched.shows(change.second); });
        if (change.second == kInMirroredFace) break;  // must persist
        watched.press(change.first);
        wait_until([&] { return !watched.shows(change.second); });
    }

    watched.press("s");
    bool message = false;  // it disappears by itself
    wait_until([&] {
        message = message || watched.shows(kInMessage);
        return message && watched.reported("saved").size() == 1;
    });
    const cv::Mat saved = test::read_image(watched.reported("saved")[0].string());
    cv::Mat mirrored;
    cv::flip(camera_view(), mirrored, 1);
    REQUIRE(saved.size() == mirrored.size());
    CHECK_FALSE(differ(saved, mirrored, kInMirroredFace));

    watched.press("r");
    wait_until([&] { return watched.reported("recording").size() == 1 && watched.shows(kInRecording); });
    watched.wait_for_frames(5);
    watched.press("r");
    wait_until([&] { return watched.reported("saved").size() == 2; });
    CHECK(test::frames_in(watched.reported("saved")[1]) >= 5);
    CHECK(watched.reported("saved")[1].extension() == ".mp4");

    watched.wait_for_frames(2);                              // with the message that it is saved,
    wait_until([&] { return !watched.shows(kInMessage); });  // which goes
    watched.press("space");
    wait_until([&] { return watched.shows(kInMessage); });  // that it is paused
    const auto frames = watched.seen().size();
    const int sent = watched.camera().repetitions();
    wait_until([&] { return watched.camera().repetitions() >= sent + 10; });
    CHECK(watched.seen().size() == frames);
    for (const bool mirrored_again : {false, true}) {  // the paused picture, too
        watched.press("m");
        wait_until([&] { return watched.shows(kInMirroredFace) == mirrored_again; });
    }
    watched.press("r");
    wait_until([&] { return watched.reported("recording").size() == 2; });
    watched.press("r");
    wait_until([&] { return watched.reported("not written, because no frame arrived").size() == 1; });
    CHECK(watched.seen().size() == frames);
    watched.press("space");
    wait_until([&] { return watched.seen().size() > frames; });

    const auto label = [&] { return watched.seen().back().at("faces").at(0).at("label"); };
    const auto fear = [&] {  // the median of five, because box and score fluctuate
        watched.wait_for_frames(5);
        const auto seen = watched.seen();
        std::vector<double> values;
        for (auto frame = seen.end() - 5; frame != seen.end(); ++frame)
            values.push_back(frame->at("faces").at(0).at("raw").at("fear").get<double>());
        std::nth_element(values.begin(), values.begin() + 2, values.end());
        return values[2];
    };
    wait_until([&] { return label() == "fear"; });
    const auto before = fear();
    for (const auto* key : {"plus", "minus"}) {
        const bool less = key == std::string("plus");
        wait_until([&] {
            watched.press(key);
            watched.wait_for_frames(3);
            return label().is_null() == less;
        });
        CHECK(fear() == Approx(before).margin(0.15));
    }

    const auto at_rest = [&] { return watched.seen().back().at("faces").at(0).at("neutral") == true; };
    const auto time_s = [&] { return watched.seen().back().at("time_s").get<double>(); };
    CHECK_FALSE(at_rest());
    // It is learned from ten frames in three seconds, and a busy machine may see the face too rarely.
    double most_per_second = 0.0;
    for (int tries = 0; !at_rest() && tries < 10; ++tries) {
        watched.press("n");
        const double pressed_s = time_s();
        const auto so_far = watched.seen().size();
        wait_until([&] { return at_rest() || time_s() > pressed_s + 5.0; });
        const auto more = static_cast<double>(watched.seen().size() - so_far);
        most_per_second = std::max(most_per_second, more / (time_s() - pressed_s));
    }
    if (at_rest()) {
        CHECK(fear() < before);
        watched.press("n");
        wait_until([&] { return !at_rest(); });
    } else {
        INFO(most_per_second << " frames per second");
        REQUIRE(most_per_second < 4.0);
        WARN("this machine is too busy to learn how the face looks at rest");
    }

    watched.press("f");
    watched.wait_for_frames(5);
    watched.press("q");
    CHECK(watched.detector().wait().exit_code == 0);
}

}  // namespace live_keys_test
