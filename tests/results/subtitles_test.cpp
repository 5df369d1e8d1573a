#include "results/subtitles.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace subtitles_test {

using namespace emotion;
using namespace emotion::results;
using test::TemporaryFolder;

namespace {

faces::FaceResult face(float x, std::optional<int> label, float confidence) {
    faces::FaceResult result;
    result.box_in_frame = {x, 10.0f, 50.0f, 50.0f};
    result.label = label;
    result.confidence = confidence;
    return result;
}

Subtitles subtitles_in(const std::filesystem::path& target) {
    static const auto card = [] {
        auto named = test::two_class_card();
        named.classes.push_back("<i>R&B --> joy</i>");
        return named;
    }();
    static const pipeline::RunStats stats;
    return Subtitles(target.string(), {card, stats, {}});
}

std::string written(const std::string& name, const std::vector<std::vector<faces::FaceResult>>& frames) {
    const TemporaryFolder folder;
    auto subtitles = subtitles_in(folder / name);
    drawing::Canvas canvas({}, {});
    for (std::size_t i = 0; i < frames.size(); ++i) {
        faces::FrameResult result;
        result.time_s = 3599.0 + static_cast<double>(i) / 2.0;
        result.faces = frames[i];
        subtitles.write(result, canvas);
    }
    subtitles.end({false, 0.5});
    subtitles.finish();
    return read_file(folder / name);
}

}  // namespace

TEST_CASE("A subtitle lasts as long as its label, with the mean confidence") {
    CHECK(written("a.srt", {{face(0, 0, 0.9f)}, {face(0, 0, 0.7f)}, {}, {face(0, 1, 0.66f)}}) ==
          "1\n00:59:59,000 --> 01:00:00,000\nhappy (80%)\n\n"
          "2\n01:00:00,500 --> 01:00:01,000\nfear (66%)\n\n");
}

TEST_CASE("Unsure faces have no subtitle but count for the positions of others") {
    CHECK(written("a.vtt", {{face(200, 1, 0.6f), face(0, 0, 0.9f)},
                            {face(200, std::nullopt, 0.4f), face(0, 0, 0.9f)},
                            {face(200, std::nullopt, 0.4f)}}) ==
          "WEBVTT\n\n1\n00:59:59.000 --> 00:59:59.500\nleft: happy (90%)\nright: fear (60%)\n\n"
          "2\n00:59:59.500 --> 01:00:00.000\nleft: happy (90%)\n\n");
}

TEST_CASE("Faces of a crowd are numbered from the left") {
    const auto text =
        written("a.srt", {{face(0, 0, 0.9f), face(100, 0, 0.9f), face(200, 0, 0.9f), face(300, 1, 0.9f)}});
    CHECK_THAT(text, ContainsSubstring("left: happy") && ContainsSubstring("2 of 4 from the left: happy") &&
                         ContainsSubstring("right: fear"));
    CHECK_THAT(written("a.srt", {{face(0, 0, 0.9f), face(9, 1, 0.9f), face(20, 0, 0.9f)}}),
               ContainsSubstring("middle: fear"));
}

TEST_CASE("What WebVTT takes for a tag is escaped, and SubRip has names as they are") {
    CHECK_THAT(written("a.vtt", {{face(0, 2, 0.9f)}}),
               ContainsSubstring("\n&lt;i&gt;R&amp;B --&gt; joy&lt;/i&gt; (90%)\n"));
    CHECK_THAT(written("a.srt", {{face(0, 2, 0.9f)}}), ContainsSubstring("\n<i>R&B --> joy</i> (90%)\n"));
}

TEST_CASE("An unknown subtitle format is rejected listing the known ones") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(subtitles_in(folder / "a.ass"),
                      ContainsSubstring("a.ass") && ContainsSubstring(".srt or .vtt"));
    CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace subtitles_test
