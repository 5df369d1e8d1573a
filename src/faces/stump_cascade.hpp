#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/persistence.hpp>

namespace emotion::faces {

/// A cascade of boosted stumps over upright Haar features, the kind that OpenCV's face cascades are. It finds
/// what OpenCV's CascadeClassifier finds, by the same steps and the same numbers, but looks at several
/// windows at a time. Not thread-safe.
class __attribute__((visibility("default"))) StumpCascade {
  public:
    /// nullopt for a cascade of another kind: trees, tilted or LBP features, a large window or weights that
    /// are no small whole numbers. The node is a sound cascade.
    static std::optional<StumpCascade> read(const cv::FileNode& cascade);

    cv::Size window() const { return window_; }

    /// The upper left corners of the windows of a CV_8UC1 picture that show a face, row by row. Every
    /// `step`-th pixel of every `step`-th row is tried (1 or 2), and as with OpenCV none right after one that
    /// the first stage rejects. `stripes` is stripes_of() the largest of the sizes that the picture is
    /// searched in: OpenCV divides rows among them, and may leave the last row out.
    std::vector<cv::Point> find(const cv::Mat& gray, int step, int stripes);
    int stripes_of(cv::Size picture) const;

  private:
    using Corners = std::array<std::int32_t, 12>;  ///< of a feature's up to three rectangles

    struct Stump {
        std::array<float, 3> weights{};
        float threshold = 0.0f, left = 0.0f, right = 0.0f;
        bool has_third = false;
        Corners corners{};  ///< row * (window's width + 1) + column, for each of up to three rectangles
    };
    struct Stage {
        int begin = 0, end = 0;  ///< of stumps_
        float threshold = 0.0f;
        float rounding = 0.0f;  ///< how far off a sum of its leaves may be in single precision
    };
    struct Window {
        cv::Point corner;
        const std::uint32_t* sums = nullptr;
        float scale = 0.0f;  ///< makes features independent of contrast
    };
    struct Lanes;

    std::optional<Stump> read_feature(const cv::FileNode& feature) const;
    bool add_stage(const cv::FileNode& node, const std::vector<Stump>& features);
    void integrate(const cv::Mat& gray, int step);
    void place_corners(int step);
    void look_along(int row, int columns, int step);
    void look_at(std::span<const Window> windows, std::vector<cv::Point>& found);

    cv::Size window_;
    std::vector<Stump> stumps_;
    std::vector<Stage> stages_;
    int early_stages_ = 0;

    // Sums over all pixels above and left of a place, and of their squares. Where every other column is
    // tried, a row has its even columns first and then the odd ones, so that neighboring windows lie side by
    // side.
    std::vector<std::uint32_t> sums_, squares_;
    std::vector<std::uint32_t> row_sums_, row_squares_;  ///< of a row alone
    int pitch_ = 0, half_ = 0;
    int placed_pitch_ = -1, placed_step_ = 0;
    std::vector<std::int32_t> corner_offsets_;     ///< of each place in a window, in sums_
    std::array<std::int32_t, 4> inner_corners_{};  ///< of the window without its border
    std::vector<Corners> early_offsets_;           ///< of the early stages' stumps
    std::vector<std::uint32_t> side_by_side_;      ///< sums of several windows, place by place
    std::vector<Window> waiting_;
};

}  // namespace emotion::faces
