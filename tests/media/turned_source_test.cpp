#include "media/turned_source.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "support/catch.hpp"

namespace turned_source_test {

using namespace emotion;
using namespace emotion::media;

namespace {

/// One frame of 3x2 pixels with values 10 * row + column.
class OneFrame : public FrameSource {
  public:
    explicit OneFrame(SourceKind kind) {
        info_.name = "lying";
        info_.kind = kind;
        info_.width = 3;
        info_.height = 2;
        info_.stored = {3, 4};
        info_.pixel_aspect = {2, 1};
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        if (std::exchange(given_, true)) return std::nullopt;
        Frame frame;
        frame.gray = (cv::Mat_<uchar>(2, 3) << 0, 1, 2, 10, 11, 12);
        cv::merge(std::vector<cv::Mat>(3, frame.gray), frame.bgr);
        frame.index = 7;
        frame.time_s = 0.25;
        frame.stored = {3, 4};
        return frame;
    }

  private:
    SourceInfo info_;
    bool given_ = false;
};

std::unique_ptr<FrameSource> turned(int quarters, SourceKind kind = SourceKind::kLive) {
    return make_turned(std::make_unique<OneFrame>(kind), quarter_turns(quarters));
}

std::vector<int> pixels_of(const cv::Mat& gray) {
    return std::vector<int>(gray.begin<uchar>(), gray.end<uchar>());
}

}  // namespace

TEST_CASE("A live source is rotated clockwise by quarter turns, including its properties") {
    const std::vector<std::pair<int, std::vector<int>>> expected{{1, {10, 0, 11, 1, 12, 2}},
                                                                 {2, {12, 11, 10, 2, 1, 0}},
                                                                 {3, {2, 12, 1, 11, 0, 10}},
                                                                 {-1, {2, 12, 1, 11, 0, 10}}};
    for (const auto& [quarters, pixels] : expected) {
        INFO(quarters);
        const bool upright = quarters % 2 != 0;
        const auto source = turned(quarters);
        CHECK(cv::Size(source->info().width, source->info().height) ==
              (upright ? cv::Size(2, 3) : cv::Size(3, 2)));
        CHECK(source->info().stored == (upright ? cv::Size(4, 3) : cv::Size(3, 4)));
        CHECK(source->info().pixel_aspect == (upright ? Rational{1, 2} : Rational{2, 1}));
        const auto frame = source->next();
        REQUIRE(frame);
        CHECK(pixels_of(frame->gray) == pixels);
        std::vector<cv::Mat> channels;
        cv::split(frame->bgr, channels);
        for (const auto& channel : channels) CHECK(pixels_of(channel) == pixels);
        CHECK(frame->stored == source->info().stored);
        CHECK(frame->index == 7);
        CHECK(frame->time_s == 0.25);
        CHECK_FALSE(source->next());
    }
}

TEST_CASE("Recordings and pictures cannot be rotated, and are unchanged otherwise") {
    for (const auto kind : {SourceKind::kRecording, SourceKind::kPicture}) {
        CHECK_THROWS_AS(turned(1, kind), Error);
        CHECK(turned(0, kind)->info().kind == kind);
    }
}

}  // namespace turned_source_test
