#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fuzz/one_line_errors.hpp"
#include "media/orientation.hpp"
#include "media/pixel_aspect.hpp"
#include "media/video/continuous_clock.hpp"

using namespace emotion;
using namespace emotion::media;

namespace {

/// Consumes values from the input; zeros once it is used up.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
    std::size_t left() const { return left_; }
    template <typename T>
    T take() {
        T value{};
        const auto count = std::min(left_, sizeof value);
        if (count > 0) std::memcpy(&value, data_, count);
        data_ += count;
        left_ -= count;
        return value;
    }

  private:
    const std::uint8_t* data_;
    std::size_t left_;
};

void look_at_a_picture(Input& input) {
    std::int32_t matrix[9];
    for (auto& entry : matrix) entry = input.take<std::int32_t>();
    const auto orientation = orientation_of_matrix(matrix).orientation;
    expect(orientation_of_exif(static_cast<int>(orientation)) == orientation, "an orientation that is none");
    const Rational pixel_aspect{input.take<std::int32_t>(), input.take<std::int32_t>()};
    const auto aspect = visible_aspect(pixel_aspect);
    expect(aspect.num > 0 && aspect.den > 0, "a pixel aspect that is none");
    const cv::Mat stored(1 + input.take<std::uint8_t>(), 1 + input.take<std::uint8_t>(), CV_8UC1,
                         cv::Scalar(9));
    const cv::Mat turned = oriented(stored, orientation);
    expect(turned.size() == (swaps_sides(orientation) ? cv::Size(stored.rows, stored.cols) : stored.size()),
           "a turned picture of another size");
    const auto seen = seen_size(turned.size(), aspect);
    expect(seen.width >= turned.cols && seen.height >= turned.rows && seen.width <= 8 * turned.cols + 1 &&
               seen.height <= 8 * turned.rows + 1,
           "a picture that is seen far from its size");
    expect(stretched(turned, seen).size() == seen, "a stretched picture of another size");
}

/// Video and sound packets of a transport stream, whose clock has 33 bits at 90 kHz.
void follow_a_clock(Input& input) {
    const libav::Output container(avformat_alloc_context());
    container->iformat = av_find_input_format("mpegts");
    if (!container->iformat) return;  // FFmpeg was built without it
    for (const auto type : {AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO}) {
        auto* stream = avformat_new_stream(container.get(), nullptr);
        stream->time_base = {1, 90'000};
        stream->pts_wrap_bits = 33;
        stream->codecpar->codec_type = type;
    }
    ContinuousClock one(*container), other(*container);
    const libav::Packet packet(av_packet_alloc());
    int packets = 0;
    constexpr std::int64_t kTicks = std::int64_t{1} << 34;  // FFmpeg unwraps the clock
    while (input.left() > 0) {
        const auto kind = input.take<std::uint8_t>();
        packet->stream_index = kind & 3;
        packet->dts =
            kind & 4 ? AV_NOPTS_VALUE : static_cast<std::int64_t>(input.take<std::uint64_t>() % kTicks);
        packet->pts = kind & 8 ? AV_NOPTS_VALUE : packet->dts + input.take<std::uint16_t>();
        if (packet->dts == AV_NOPTS_VALUE && !(kind & 8)) packet->pts = input.take<std::uint16_t>();
        packet->duration = kind & 16 ? 0 : input.take<std::uint16_t>();
        const auto dts = packet->dts, pts = packet->pts;
        one.correct(*packet);
        const auto mended = packet->dts;
        packet->dts = dts;
        packet->pts = pts;
        other.correct(*packet);
        expect(mended == packet->dts, "two readers of a clock that differ");
        expect((dts == AV_NOPTS_VALUE) == (packet->dts == AV_NOPTS_VALUE), "a time that came from nowhere");
        expect(one.jumps() <= ++packets, "more jumps than packets");
    }
}

}  // namespace

/// The display properties of a picture, then packets with their times.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    look_at_a_picture(input);
    follow_a_clock(input);
    return 0;
}
