#include "results/timeline.hpp"

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "drawing/drawing.hpp"
#include "media/image_files.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace timeline_test {

using namespace emotion;
using namespace emotion::results;
using drawing::label_color;
using test::TemporaryFolder;
using test::two_class_card;

namespace {

struct Recording {
    double seconds = 2.0, fps = 25.0;
    int faces = 1;
    bool blur = false;
    cv::Mat bgr = cv::Mat(120, 160, CV_8UC3, cv::Scalar(60, 90, 120));
};

/// Faces at one place, first happy, then afraid for as long.
void draw(const std::filesystem::path& target, const Recording& recording) {
    const auto card = two_class_card();
    const pipeline::RunStats stats;
    Timeline timeline(target.string(), {card, stats, {}});
    media::SourceInfo source;
    source.name = "folder/a <clip>.mp4";
    timeline.start(source);
    drawing::Canvas canvas({}, {false, recording.blur});
    const int frames = static_cast<int>(recording.seconds * recording.fps);
    for (int i = 0; i < frames; ++i) {
        media::Frame frame;
        frame.bgr = recording.bgr;
        faces::FrameResult result;
        result.size = recording.bgr.size();
        result.time_s = i / recording.fps;
        for (int track = 1; track <= recording.faces; ++track) {
            faces::FaceResult face;
            face.track = track;
            face.box_in_frame = {40, 30, 50, 50};
            face.label = i < frames / 2 ? 0 : 1;
            face.confidence = 0.9f;
            result.faces.push_back(face);
        }
        canvas.start(frame, result);
        timeline.write(result, canvas);
    }
    timeline.end({false, 1.0 / recording.fps});
    timeline.finish();
}

void draw(const std::filesystem::path& target, double seconds, double fps, int faces = 1) {
    draw(target, Recording{seconds, fps, faces});
}

double share_of(cv::Vec3b color, const cv::Mat& picture) {
    int count = 0;
    for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) count += picture.at<cv::Vec3b>(y, x) == color;
    return count / static_cast<double>(picture.total());
}

}  // namespace

TEST_CASE("A timeline shows each label at its time for any length of recording") {
    const TemporaryFolder folder;
    for (const auto& [seconds, fps] : {std::pair(2.0, 25.0), std::pair(0.4, 5.0), std::pair(20'000.0, 1.0)}) {
        INFO(seconds << " s");
        draw(folder / "a.png", seconds, fps);
        const cv::Mat picture = test::read_image(folder / "a.png");
        REQUIRE(picture.cols == 1200);
        const cv::Mat lane = picture(cv::Rect(280, 76, 896, 84));
        CHECK(share_of(label_color(0), lane.colRange(0, 440)) > 0.8);
        CHECK(share_of(label_color(1), lane.colRange(456, 896)) > 0.8);
        CHECK(share_of(label_color(0), lane.colRange(456, 896)) == 0.0);
        CHECK(picture.at<cv::Vec3b>(100, 40) == cv::Vec3b(60, 90, 120));  // the portrait
    }
}

TEST_CASE("Consecutive frames leave no gaps in a timeline") {
    const TemporaryFolder folder;
    for (const double fps : {12.0, 25.0, 30.0, 60.0}) {
        INFO(fps);
        draw(folder / "a.png", 2.0, fps);
        const cv::Mat picture = test::read_image(folder / "a.png");
        const cv::Mat at_the_bottom = picture(cv::Rect(281, 156, 438, 2));
        CHECK(share_of(label_color(0), at_the_bottom) > 0.98);  // time marks cover it
    }
}

TEST_CASE("A timeline as SVG has the same content, with text escaped") {
    const TemporaryFolder folder;
    draw(folder / "a.svg", 2.0, 25.0);
    const auto text = read_file(folder / "a.svg");
    CHECK_THAT(text, ContainsSubstring("<svg xmlns") && ContainsSubstring("a &lt;clip>.mp4") &&
                         ContainsSubstring(">happy 1.0 s<") && ContainsSubstring(">fear 1.0 s<") &&
                         ContainsSubstring("data:image/jpeg;base64,/9j/") &&
                         ContainsSubstring("fill=\"#e69f00\""));
    CHECK(text.ends_with("</svg>\n"));
}

TEST_CASE("A timeline of a crowd shows the longest seen faces and the number of others") {
    const TemporaryFolder folder;
    draw(folder / "a.svg", 1.0, 10.0, 40);
    CHECK_THAT(read_file(folder / "a.svg"), ContainsSubstring("and 28 faces seen for a shorter time"));
}

TEST_CASE("A recording without a face has a timeline that says so") {
    const TemporaryFolder folder;
    draw(folder / "a.svg", 1.0, 10.0, 0);
    CHECK_THAT(read_file(folder / "a.svg"), ContainsSubstring("No face was seen."));
    CHECK_THROWS_WITH(draw(folder / "a.pdf", 1.0, 10.0),
                      ContainsSubstring("a.pdf") && ContainsSubstring(".png or .svg"));
}

TEST_CASE("Portraits are blurred if requested, without modifying frames") {
    const TemporaryFolder folder;
    Recording recording;
    cv::RNG(7).fill(recording.bgr, cv::RNG::UNIFORM, 0, 256);
    const cv::Mat before = recording.bgr.clone();
    const auto detail_of_portrait = [&](bool blur) {
        recording.blur = blur;
        draw(folder / "a.png", recording);
        const cv::Mat portrait = test::read_image(folder / "a.png")(cv::Rect(24, 76, 84, 84));
        cv::Mat edges;
        cv::Laplacian(portrait, edges, CV_32F);
        return cv::norm(edges, cv::NORM_L1) / static_cast<double>(edges.total());
    };
    const double plain = detail_of_portrait(false);
    CHECK(plain > 20.0);
    CHECK(detail_of_portrait(true) < 0.2 * plain);
    CHECK(cv::norm(recording.bgr, before, cv::NORM_INF) == 0.0);
}

}  // namespace timeline_test
