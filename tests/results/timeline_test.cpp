#include "results/timeline.hpp"

#include <opencv2/imgcodecs.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "drawing/drawing.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

using namespace emotion;
using namespace emotion::results;
using test::TemporaryFolder;
using test::two_class_card;

namespace {

/// One face, first happy and then frightened for as long.
void draw(const std::filesystem::path& target, double seconds, double fps, int faces = 1) {
    Timeline timeline(target.string(), "folder/a <clip>.mp4", two_class_card());
    const int frames = static_cast<int>(seconds * fps);
    const cv::Mat bgr(120, 160, CV_8UC3, cv::Scalar(60, 90, 120));
    for (int i = 0; i < frames; ++i) {
        pipeline::AnalysedFrame frame;
        frame.frame.bgr = bgr;
        frame.result.time_s = i / fps;
        for (int track = 1; track <= faces; ++track) {
            faces::FaceResult face;
            face.track = track;
            face.box_in_frame = {40, 30, 50, 50};
            face.label = i < frames / 2 ? 0 : 1;
            face.confidence = 0.9f;
            frame.result.faces.push_back(face);
        }
        timeline.write(frame);
    }
    timeline.finish(1.0 / fps);
}

double share_of(cv::Vec3b color, const cv::Mat& picture) {
    int count = 0;
    for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) count += picture.at<cv::Vec3b>(y, x) == color;
    return count / static_cast<double>(picture.total());
}

}  // namespace

TEST_CASE("A timeline shows each label where and as long as it was however long the recording") {
    const TemporaryFolder folder;
    for (const auto& [seconds, fps] : {std::pair(2.0, 25.0), std::pair(0.4, 5.0), std::pair(20'000.0, 1.0)}) {
        INFO(seconds << " s");
        draw(folder / "a.png", seconds, fps);
        const cv::Mat picture = cv::imread((folder / "a.png").string());
        REQUIRE(picture.cols == 1200);
        const cv::Mat lane = picture(cv::Rect(280, 76, 896, 84));
        CHECK(share_of(drawing::label_color(0), lane.colRange(0, 440)) > 0.8);
        CHECK(share_of(drawing::label_color(1), lane.colRange(456, 896)) > 0.8);
        CHECK(share_of(drawing::label_color(0), lane.colRange(456, 896)) == 0.0);
        CHECK(picture.at<cv::Vec3b>(100, 40) == cv::Vec3b(60, 90, 120));  // the portrait
    }
}

TEST_CASE("Frames that follow one another leave no gaps in a timeline") {
    const TemporaryFolder folder;
    for (const double fps : {12.0, 25.0, 30.0, 60.0}) {
        INFO(fps);
        draw(folder / "a.png", 2.0, fps);
        const cv::Mat picture = cv::imread((folder / "a.png").string());
        const cv::Mat at_the_bottom = picture(cv::Rect(281, 156, 438, 2));
        CHECK(share_of(drawing::label_color(0), at_the_bottom) > 0.98);  // marks of time lie over it
    }
}

TEST_CASE("A timeline as SVG holds the same with text that stays text") {
    const TemporaryFolder folder;
    draw(folder / "a.svg", 2.0, 25.0);
    const auto text = read_file(folder / "a.svg");
    CHECK_THAT(text, ContainsSubstring("<svg xmlns") && ContainsSubstring("a &lt;clip>.mp4") &&
                         ContainsSubstring(">happy 1.0 s<") && ContainsSubstring(">fear 1.0 s<") &&
                         ContainsSubstring("data:image/jpeg;base64,/9j/") &&
                         ContainsSubstring("fill=\"#e69f00\""));
    CHECK(text.ends_with("</svg>\n"));
}

TEST_CASE("A timeline of a crowd shows those seen longest and says how many more there were") {
    const TemporaryFolder folder;
    draw(folder / "a.svg", 1.0, 10.0, 40);
    CHECK_THAT(read_file(folder / "a.svg"), ContainsSubstring("and 28 faces seen for less time"));
}

TEST_CASE("A recording without a face has a timeline that says so") {
    const TemporaryFolder folder;
    draw(folder / "a.svg", 1.0, 10.0, 0);
    CHECK_THAT(read_file(folder / "a.svg"), ContainsSubstring("No face was seen."));
    CHECK_THROWS_WITH(draw(folder / "a.pdf", 1.0, 10.0),
                      ContainsSubstring("a.pdf") && ContainsSubstring(".png or .svg"));
}
