#include "faces/stump_cascade.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <string>

namespace emotion::faces {
namespace {

/// Longer vectors would lie across two lines of the cache nearly always.
#if defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif
/// Vectors of one value for each of so many windows.
using Unsigned [[gnu::vector_size(4 * kLanes)]] = std::uint32_t;
using Ints [[gnu::vector_size(4 * kLanes)]] = std::int32_t;
using Floats [[gnu::vector_size(4 * kLanes)]] = float;

/// Stages that are tried where the windows lie; those that pass are then brought together.
constexpr int kEarlyStages = 6;
/// The sums of larger windows would not fit into the fastest memory.
constexpr int kLargestWindow = 40;
/// With them a feature's value is a whole number that a float holds.
constexpr float kLargestWeight = 16.0f;
/// Where OpenCV places the borders of a stage and of what has contrast enough.
constexpr float kStageTolerance = 1e-5f;
constexpr double kMinContrast = 1e-1;

[[gnu::always_inline]] inline void load(const std::uint32_t* from, Unsigned& values) {
    std::memcpy(&values, from, sizeof values);
}

/// Of the pixels in a rectangle, for each window; modulo 2^32, in which the sums of large pictures are kept.
[[gnu::always_inline]] inline void sum_up(const std::uint32_t* at, const std::int32_t* corners, Ints& sum) {
    Unsigned a, b, c, d;
    load(at + corners[0], a);
    load(at + corners[1], b);
    load(at + corners[2], c);
    load(at + corners[3], d);
    sum = reinterpret_cast<Ints>(a - b - c + d);
}

/// Adds to each value those before it.
[[gnu::always_inline]] inline void accumulate(Unsigned& values) {
    constexpr Unsigned none{};
#if defined(__AVX2__)
    values += __builtin_shufflevector(none, values, 0, 8, 9, 10, 11, 12, 13, 14);
    values += __builtin_shufflevector(none, values, 0, 1, 8, 9, 10, 11, 12, 13);
    values += __builtin_shufflevector(none, values, 0, 1, 2, 3, 8, 9, 10, 11);
#else
    values += __builtin_shufflevector(none, values, 0, 4, 5, 6);
    values += __builtin_shufflevector(none, values, 0, 1, 4, 5);
#endif
}

/// The sums of the pixels before each place of a row, and of their squares; the first are 0.
void accumulate(const std::uint8_t* pixels, int length, std::uint32_t* sums, std::uint32_t* squares) {
    using Bytes [[gnu::vector_size(kLanes)]] = std::uint8_t;
    using Words [[gnu::vector_size(2 * kLanes)]] = std::uint16_t;
    sums[0] = squares[0] = 0;
    int x = 0;
    Unsigned sum_before{}, square_before{};
    for (; x + kLanes <= length; x += kLanes) {
        Bytes bytes;
        std::memcpy(&bytes, pixels + x, sizeof bytes);
        const auto words = __builtin_convertvector(bytes, Words);
        auto sum = __builtin_convertvector(words, Unsigned);
        auto square = __builtin_convertvector(words * words, Unsigned);
        accumulate(sum);
        accumulate(square);
        sum += sum_before;
        square += square_before;
        std::memcpy(sums + x + 1, &sum, sizeof sum);
        std::memcpy(squares + x + 1, &square, sizeof square);
        sum_before = Unsigned{} + sum[kLanes - 1];
        square_before = Unsigned{} + square[kLanes - 1];
    }
    for (; x < length; ++x) {
        const std::uint32_t pixel = pixels[x];
        sums[x + 1] = sums[x] + pixel;
        squares[x + 1] = squares[x] + pixel * pixel;
    }
}

/// What lies in a row of an integral image: `above` it and, every `step`-th, in the row alone.
void add_row(const std::uint32_t* above, const std::uint32_t* row, int count, int step, std::uint32_t* here) {
    if (step == 1)
        for (int x = 0; x < count; ++x) here[x] = above[x] + row[x];
    else
        for (int x = 0; x < count; ++x) here[x] = above[x] + row[2 * x];
}

[[gnu::always_inline]] inline bool any(const Ints& mask) {
    std::array<std::uint64_t, sizeof(Ints) / 8> words;
    std::memcpy(words.data(), &mask, sizeof mask);
    std::uint64_t all = 0;
    for (const auto word : words) all |= word;
    return all != 0;
}

/// What makes features independent of contrast, and whether there is enough of it, for each window.
[[gnu::always_inline]] inline void measure_contrast(const Ints& sum, const Ints& square, double area,
                                                    std::array<float, kLanes>& scale,
                                                    std::array<std::int32_t, kLanes>& enough) {
    alignas(sizeof(Ints)) std::array<std::int32_t, kLanes> sum_in, square_in;
    std::memcpy(sum_in.data(), &sum, sizeof sum);
    std::memcpy(square_in.data(), &square, sizeof square);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double total = sum_in[lane], spread = area * square_in[lane] - total * total;
        scale[lane] = static_cast<float>(1.0 / std::sqrt(spread));
        enough[lane] = ((spread > 0.0) & (area * scale[lane] < kMinContrast)) ? -1 : 0;
    }
}

}  // namespace

/// nullopt for a tilted feature, or weights that are no small whole numbers.
std::optional<StumpCascade::Stump> StumpCascade::read_feature(const cv::FileNode& feature) const {
    if (static_cast<int>(feature["tilted"]) != 0) return std::nullopt;
    const int columns = window_.width + 1;
    Stump stump;
    std::size_t number = 0;
    for (const auto& rect : feature["rects"]) {
        std::array<float, 5> numbers{};
        std::size_t read = 0;
        for (const auto& value : rect)
            if (read < numbers.size()) numbers[read++] = static_cast<float>(value);
        const float weight = numbers[4];
        if (weight != std::round(weight) || std::abs(weight) > kLargestWeight) return std::nullopt;
        stump.weights.at(number) = weight;
        const auto whole = [&](std::size_t i) { return static_cast<int>(numbers[i]); };
        const int top = whole(1) * columns, bottom = (whole(1) + whole(3)) * columns;
        const int left = whole(0), right = whole(0) + whole(2);
        const std::array<std::int32_t, 4> corners{top + left, top + right, bottom + left, bottom + right};
        std::ranges::copy(corners, stump.corners.begin() + static_cast<std::ptrdiff_t>(4 * number));
        ++number;
    }
    stump.has_third = stump.weights[2] != 0.0f;
    return stump;
}

/// Adds a stage and its stumps; false for one of trees.
bool StumpCascade::add_stage(const cv::FileNode& node, const std::vector<Stump>& features) {
    Stage stage{static_cast<int>(stumps_.size()), 0,
                static_cast<float>(node["stageThreshold"]) - kStageTolerance};
    float largest = std::abs(stage.threshold);
    for (const auto& tree : node["weakClassifiers"]) {
        const auto split = tree["internalNodes"];
        const auto leaves = tree["leafValues"];
        if (split.size() != 4 || leaves.size() != 2) return false;
        auto stump = features.at(static_cast<std::size_t>(static_cast<int>(split[2])));
        stump.threshold = static_cast<float>(split[3]);
        stump.left = static_cast<float>(leaves[0]);
        stump.right = static_cast<float>(leaves[1]);
        largest += std::max(std::abs(stump.left), std::abs(stump.right));
        stumps_.push_back(stump);
    }
    stage.end = static_cast<int>(stumps_.size());
    stage.rounding =
        largest * static_cast<float>(stage.end - stage.begin + 1) * std::numeric_limits<float>::epsilon();
    stages_.push_back(stage);
    return true;
}

std::optional<StumpCascade> StumpCascade::read(const cv::FileNode& cascade) {
    StumpCascade result;
    result.window_ = {static_cast<int>(cascade["width"]), static_cast<int>(cascade["height"])};
    if (static_cast<std::string>(cascade["stageType"]) != "BOOST" ||
        static_cast<std::string>(cascade["featureType"]) != "HAAR" ||
        std::max(result.window_.width, result.window_.height) > kLargestWindow)
        return std::nullopt;

    std::vector<Stump> features;
    for (const auto& feature : cascade["features"]) {
        const auto stump = result.read_feature(feature);
        if (!stump) return std::nullopt;
        features.push_back(*stump);
    }
    for (const auto& stage : cascade["stages"])
        if (!result.add_stage(stage, features)) return std::nullopt;
    if (result.stages_.empty()) return std::nullopt;
    result.early_stages_ = std::min(kEarlyStages, static_cast<int>(result.stages_.size()));
    result.early_offsets_.resize(
        static_cast<std::size_t>(result.stages_[static_cast<std::size_t>(result.early_stages_ - 1)].end));
    result.corner_offsets_.resize(
        static_cast<std::size_t>((result.window_.width + 1) * (result.window_.height + 1)));
    result.side_by_side_.resize(result.corner_offsets_.size() * kLanes);
    return result;
}

void StumpCascade::integrate(const cv::Mat& gray, int step) {
    const int columns = gray.cols + 1;
    const auto whole_vectors = [](int length) { return (length + kLanes - 1) / kLanes * kLanes; };
    half_ = step == 2 ? whole_vectors((columns + 1) / 2) + kLanes : 0;
    pitch_ = step == 2 ? 2 * half_ : whole_vectors(columns) + kLanes;
    // A row's last windows reach into the next one.
    const auto size = static_cast<std::size_t>(pitch_) * static_cast<std::size_t>(gray.rows + 2);
    if (sums_.size() < size) {
        sums_.resize(size);
        squares_.resize(size);
    }
    row_sums_.resize(static_cast<std::size_t>(columns + 1));
    row_squares_.resize(row_sums_.size());
    std::fill_n(sums_.begin(), pitch_, 0u);
    std::fill_n(squares_.begin(), pitch_, 0u);
    for (int y = 0; y < gray.rows; ++y) {
        accumulate(gray.ptr(y), gray.cols, row_sums_.data(), row_squares_.data());
        const auto add = [&](const std::vector<std::uint32_t>& row, std::vector<std::uint32_t>& all) {
            const std::uint32_t* above = all.data() + static_cast<std::ptrdiff_t>(y) * pitch_;
            std::uint32_t* here = all.data() + static_cast<std::ptrdiff_t>(y + 1) * pitch_;
            add_row(above, row.data(), (columns + step - 1) / step, step, here);
            if (step == 2) add_row(above + half_, row.data() + 1, (columns + 1) / 2, step, here + half_);
        };
        add(row_sums_, sums_);
        add(row_squares_, squares_);
    }
}

void StumpCascade::place_corners(int step) {
    if (placed_pitch_ == pitch_ && placed_step_ == step) return;
    placed_pitch_ = pitch_;
    placed_step_ = step;
    std::size_t place = 0;
    for (int y = 0; y <= window_.height; ++y)
        for (int x = 0; x <= window_.width; ++x)
            corner_offsets_[place++] = y * pitch_ + (step == 2 ? x % 2 * half_ + x / 2 : x);
    const int right = window_.width - 1, bottom = (window_.height - 1) * (window_.width + 1);
    const int left = 1, top = window_.width + 1;
    for (std::size_t c = 0; const int corner : {top + left, top + right, bottom + left, bottom + right})
        inner_corners_[c++] = corner_offsets_[static_cast<std::size_t>(corner)];
    for (std::size_t i = 0; i < early_offsets_.size(); ++i)
        for (std::size_t c = 0; c < early_offsets_[i].size(); ++c)
            early_offsets_[i][c] = corner_offsets_[static_cast<std::size_t>(stumps_[i].corners[c])];
}

/// Windows that lie side by side in `sums`.
struct StumpCascade::Lanes {
    const std::uint32_t* sums;
    Floats scale;

    /// Leaves those `alive` that a stage lets pass. OpenCV adds the leaves up in double precision; single
    /// precision decides all but the windows so near to the threshold that the difference may matter.
    template <class CornersOf>
    [[gnu::always_inline]] void pass(const StumpCascade& cascade, const Stage& stage,
                                     const CornersOf& corners_of, Ints& alive) const {
        Floats total = {};
        for (int i = stage.begin; i < stage.end; ++i) {
            const Stump& stump = cascade.stumps_[static_cast<std::size_t>(i)];
            const std::int32_t* corners = corners_of(i);
            Ints sum;
            sum_up(sums, corners, sum);
            Floats value = __builtin_convertvector(sum, Floats) * stump.weights[0];
            sum_up(sums, corners + 4, sum);
            value += __builtin_convertvector(sum, Floats) * stump.weights[1];
            if (stump.has_third) {
                sum_up(sums, corners + 8, sum);
                value += __builtin_convertvector(sum, Floats) * stump.weights[2];
            }
            const Floats left = Floats{} + stump.left, right = Floats{} + stump.right;
            total += value * scale < stump.threshold ? left : right;
        }
        const Ints unsure =
            alive & (total > stage.threshold - stage.rounding) & (total < stage.threshold + stage.rounding);
        alive &= total >= stage.threshold;
        if (any(unsure)) [[unlikely]]
            for (int lane = 0; lane < kLanes; ++lane)
                if (unsure[lane]) alive[lane] = exactly_passes(cascade, stage, lane, corners_of) ? -1 : 0;
    }

    template <class CornersOf>
    bool exactly_passes(const StumpCascade& cascade, const Stage& stage, int lane,
                        const CornersOf& corners_of) const {
        double total = 0.0;
        for (int i = stage.begin; i < stage.end; ++i) {
            const Stump& stump = cascade.stumps_[static_cast<std::size_t>(i)];
            const std::int32_t* corners = corners_of(i);
            const auto sum = [&](const std::int32_t* of) {
                const auto* at = sums + lane;
                return static_cast<float>(
                    static_cast<std::int32_t>(at[of[0]] - at[of[1]] - at[of[2]] + at[of[3]]));
            };
            float value = sum(corners) * stump.weights[0] + sum(corners + 4) * stump.weights[1];
            if (stump.has_third) value += sum(corners + 8) * stump.weights[2];
            total += value * scale[lane] < stump.threshold ? stump.left : stump.right;
        }
        return total >= stage.threshold;
    }
};

int StumpCascade::stripes_of(cv::Size picture) const {
    constexpr double kStripeWidth = 32.0;
    return std::max(1, cvCeil((picture.width + 1 - window_.width) / kStripeWidth));
}

std::vector<cv::Point> StumpCascade::find(const cv::Mat& gray, int step, int stripes) {
    std::vector<cv::Point> found;
    const int width = gray.cols + 1 - window_.width, height = gray.rows + 1 - window_.height;
    if (width <= 0 || height <= 0) return found;
    const int stripe = std::max((height / step + stripes - 1) / stripes, 1) * step;
    const int columns = (width + step - 1) / step;
    const int rows = (std::min(height, stripe * stripes) + step - 1) / step;
    integrate(gray, step);
    place_corners(step);
    waiting_.clear();
    for (int row = 0; row < rows; ++row) look_along(row, columns, step);
    for (std::size_t i = 0; i < waiting_.size(); i += kLanes)
        look_at(std::span(waiting_).subspan(i, std::min<std::size_t>(kLanes, waiting_.size() - i)), found);
    return found;
}

/// The early stages for the windows of a row; those that pass wait for the later ones.
void StumpCascade::look_along(int row, int columns, int step) {
    // As OpenCV measures contrast: within one pixel less on each side.
    const double area = (window_.width - 2) * (window_.height - 2);
    const auto early_corners = [&](int i) { return early_offsets_[static_cast<std::size_t>(i)].data(); };
    const std::ptrdiff_t row_start = static_cast<std::ptrdiff_t>(row) * step * pitch_;
    bool skip = false;
    for (int column = 0; column < columns; column += kLanes) {
        const int lanes = std::min(kLanes, columns - column);
        const std::uint32_t* at = sums_.data() + row_start + column;
        Ints sum, square;
        sum_up(at, inner_corners_.data(), sum);
        sum_up(squares_.data() + row_start + column, inner_corners_.data(), square);
        alignas(sizeof(Ints)) std::array<std::int32_t, kLanes> contrast, passed;
        alignas(sizeof(Ints)) std::array<float, kLanes> scale;
        measure_contrast(sum, square, area, scale, contrast);
        Lanes windows{at, {}};
        std::memcpy(&windows.scale, scale.data(), sizeof windows.scale);
        Ints alive;
        std::memcpy(&alive, contrast.data(), sizeof alive);
        if (any(alive)) windows.pass(*this, stages_.front(), early_corners, alive);
        std::memcpy(passed.data(), &alive, sizeof alive);
        for (std::size_t lane = 0; lane < static_cast<std::size_t>(lanes); ++lane) {
            const bool rejected = !skip && contrast[lane] && !passed[lane];
            if (skip) passed[lane] = 0;
            skip = rejected;
        }
        std::fill(passed.begin() + lanes, passed.end(), 0);
        std::memcpy(&alive, passed.data(), sizeof alive);
        for (int stage = 1; stage < early_stages_ && any(alive); ++stage)
            windows.pass(*this, stages_[static_cast<std::size_t>(stage)], early_corners, alive);
        if (!any(alive)) continue;
        std::memcpy(passed.data(), &alive, sizeof alive);
        for (int lane = 0; lane < lanes; ++lane)
            if (passed[static_cast<std::size_t>(lane)])
                waiting_.push_back(
                    {{(column + lane) * step, row * step}, at + lane, scale[static_cast<std::size_t>(lane)]});
    }
}

/// The later stages, for windows that lie anywhere: their sums are brought side by side first.
void StumpCascade::look_at(std::span<const Window> windows, std::vector<cv::Point>& found) {
    std::array<const std::uint32_t*, kLanes> sums;
    alignas(sizeof(Ints)) std::array<float, kLanes> scale;
    alignas(sizeof(Ints)) std::array<std::int32_t, kLanes> passed;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const Window& window = windows[std::min(lane, windows.size() - 1)];
        sums[lane] = window.sums;
        scale[lane] = window.scale;
        passed[lane] = lane < windows.size() ? -1 : 0;
    }
    for (std::size_t place = 0; place < corner_offsets_.size(); ++place) {
        const auto offset = corner_offsets_[place];
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            side_by_side_[place * kLanes + lane] = sums[lane][offset];
    }
    Lanes lanes{side_by_side_.data(), {}};
    std::memcpy(&lanes.scale, scale.data(), sizeof lanes.scale);
    Ints alive;
    std::memcpy(&alive, passed.data(), sizeof alive);
    Corners corners;
    const auto late_corners = [&](int i) {
        const auto& places = stumps_[static_cast<std::size_t>(i)].corners;
        for (std::size_t c = 0; c < corners.size(); ++c) corners[c] = places[c] * kLanes;
        return corners.data();
    };
    for (auto stage = static_cast<std::size_t>(early_stages_); stage < stages_.size() && any(alive); ++stage)
        lanes.pass(*this, stages_[stage], late_corners, alive);
    std::memcpy(passed.data(), &alive, sizeof alive);
    for (std::size_t lane = 0; lane < windows.size(); ++lane)
        if (passed[lane]) found.push_back(windows[lane].corner);
}

}  // namespace emotion::faces
