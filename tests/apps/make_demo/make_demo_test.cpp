#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "apps/make_demo/clip.hpp"
#include "apps/make_demo/faces.hpp"
#include "apps/make_demo/portrait.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "faces/face_detector.hpp"
#include "media/image_files.hpp"
#include "media/pictures/picture.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace make_demo_test {

namespace {

using namespace emotion;
using namespace emotion::apps;

constexpr const char* kModel = EMOTION_SOURCE_DIR "/models/happy-fear.yaml";

PersonFaces person(int number) {
    PersonFaces faces;
    for (std::size_t i = 0; i < kExpressions.size(); ++i)
        faces[i] = media::to_gray(media::read_picture(EMOTION_SOURCE_DIR "/assets/faces/" +
                                                      std::string(kExpressions[i]) + "-" +
                                                      std::to_string(number) + ".png"));
    return faces;
}

TEST_CASE("The demo clip shows one face and then two with any expression") {
    const DemoClip clip({person(1), person(6), person(2)});
    const auto detector = faces::make_haar_detector({});
    for (int index = 0; index < DemoClip::kFrames; index += 10) {
        CAPTURE(index);
        const auto faces = detector->detect(media::to_gray(clip.frame(index)));
        REQUIRE(faces.size() == (index < DemoClip::kFramesWithOneFace ? 1 : 2));
    }
}

TEST_CASE("The same faces give the same demo clip") {
    const DemoClip clip({person(1), person(6), person(2)}), again({person(1), person(6), person(2)});
    for (const int index : {0, 199, 200, 399})
        CHECK(cv::norm(clip.frame(index), again.frame(index), cv::NORM_INF) == 0);
}

TEST_CASE("A mirror image of a portrait has its eyes in the same places") {
    const auto portraits =
        find_portraits({EMOTION_SOURCE_DIR "/assets/faces/happy-1.png"}, EMOTION_EYE_CASCADE);
    REQUIRE(portraits.size() == 1);
    const auto both = with_mirror_images(portraits);
    REQUIRE(both.size() == 2);
    // The middle between the eyes, x = 120, stays where it is.
    const cv::Rect right_of_first(1, 0, kAverageFaceSide - 1, kAverageFaceSide);
    cv::Mat mirrored;
    cv::flip(on_canvas(both[0])(right_of_first), mirrored, 1);
    const cv::Mat difference = cv::abs(mirrored - on_canvas(both[1])(right_of_first));
    CHECK(cv::mean(difference)[0] < 0.02);
}

TEST_CASE("An average face needs enough pictures") {
    const test::TemporaryFolder folder;
    for (const std::string expression : kExpressions) {
        std::filesystem::create_directory(folder / expression);
        test::write_image(folder / expression / "only.png", person(1)[0]);
    }
    AverageFaceOptions options;
    options.data = folder.path();
    options.eye_cascade = EMOTION_EYE_CASCADE;
    std::vector<std::string> lines;
    options.model = folder / "missing.yaml";  // which is noticed before the work begins
    CHECK_THROWS_WITH(average_faces(options, [&](const std::string& line) { lines.push_back(line); }),
                      ContainsSubstring("missing.yaml"));
    CHECK(lines.empty());
    options.model = kModel;
    CHECK_THROWS_WITH(average_faces(options, [](const std::string&) {}),
                      ContainsSubstring("at least 180 different"));
}

TEST_CASE("With a table of votes an average uses the pictures with the most agreement") {
    const test::TemporaryFolder folder;
    test::write_image(folder / "agreed.png", person(1)[0]);
    write_file(folder / "votes.csv",
               "picture,neutral,happy,fear\nagreed.png,6,2,2\ndoubtful-and-not-there.png,5,5,0\n");
    AverageFaceOptions options;
    options.data = folder / "votes.csv";
    options.eye_cascade = EMOTION_EYE_CASCADE;
    options.model = kModel;
    std::vector<std::string> lines;
    CHECK_THROWS_WITH(average_faces(options, [&](const std::string& line) { lines.push_back(line); }),
                      ContainsSubstring("votes.csv, neutral: expected at least 180 different"));
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines[0], ContainsSubstring("1 pictures with both eyes found"));
}

}  // namespace

}  // namespace make_demo_test
