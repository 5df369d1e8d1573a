#include "results/output_set.hpp"

#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace output_set_test {

using namespace emotion;
using namespace emotion::results;

namespace {

struct Fixture {
    OutputContext context(Scope scope) const { return {card, stats, {}, scope}; }

    const model::ModelCard card = test::two_class_card();
    const pipeline::RunStats stats;
};

faces::FaceResult face() {
    faces::FaceResult face;
    face.track = 1;
    face.box_in_frame = {10, 10, 20, 20};
    face.label = 0;
    face.confidence = 0.9f;
    face.probabilities = face.raw = {0.9f, 0.1f};
    return face;
}

}  // namespace

TEST_CASE("Each kind of output has its own option, extension and help") {
    std::set<std::string> options, endings;
    for (const auto& kind : output_kinds()) {
        INFO(kind.option);
        CHECK(kind.option.starts_with("--"));
        CHECK(options.insert(std::string(kind.option)).second);
        if (kind.ending) CHECK(endings.insert(kind.ending).second);
        CHECK_THAT(kind.help, ContainsSubstring("default: none"));
        CHECK(&output_kind(kind.option) == &kind);
    }
    CHECK_THROWS_AS(output_kind("--nonsense"), std::out_of_range);
}

TEST_CASE("Each kind of file is written under the given name, for a source of two frames") {
    const Fixture fixture;
    const test::TemporaryFolder folder;
    for (const auto& kind : output_kinds()) {
        if (!kind.ending) continue;
        INFO(kind.option);
        const auto target = (folder / ("out" + std::string(kind.ending))).string();
        const auto scope = kind.sharing == Sharing::kRun ? Scope::kRun : Scope::kRecording;
        OutputSet outputs({{std::string(kind.option), target}}, fixture.context(scope));
        media::SourceInfo info;
        info.name = "clip.mp4";
        info.width = 64;
        info.height = 48;
        info.fps = 25.0;
        outputs.start(info);
        drawing::Canvas canvas({{"happy", "fear"}, {0, 1}, 0.0}, {});
        for (int i = 0; i < 2; ++i) {
            const media::Frame frame{cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(90)), i, i / 25.0};
            const faces::FrameResult result{"clip.mp4", i, i / 25.0, {64, 48}, {face()}};
            canvas.start(frame, result);
            outputs.write(result, canvas);
        }
        CHECK_FALSE(std::filesystem::exists(target));
        ErrorCollector errors;
        outputs.end({false, 0.04}, errors);
        outputs.finish(errors);
        errors.rethrow();
        CHECK(std::filesystem::file_size(target) > 0);
    }
}

TEST_CASE("A live source has no outputs that need its end") {
    const Fixture fixture;
    const test::TemporaryFolder folder;
    OutputTargets targets;
    for (const auto& kind : output_kinds())
        if (kind.ending)
            targets[std::string(kind.option)] = (folder / ("out" + std::string(kind.ending))).string();
    OutputSet outputs(targets, fixture.context(Scope::kLiveSource));
    const auto files = test::files_in(folder.path());
    CHECK(files == 1);  // that of --stats
}

}  // namespace output_set_test
