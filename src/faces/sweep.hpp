#pragma once

#include <cstddef>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/face_search.hpp"

namespace emotion::faces {

/// Which sizes of face a video's next frame is searched for: one after another, so that all have had their
/// turn once in SearchOptions::sweep_s, and all at once after a cut and where frames are rare. Not
/// thread-safe.
class Sweep {
  public:
    /// Throws ConfigError for options out of range.
    explicit Sweep(const SearchOptions& options);

    /// A video begins with this frame (CV_8UC1), of which all sizes were searched.
    void start(const cv::Mat& gray, double time_s);

    /// The sides to be searched for in `gray`, in its pixels, from `smallest` up to what fits into it. Frames
    /// of one video have the same size, and times do not go backwards.
    std::vector<double> sizes_due(const cv::Mat& gray, double smallest, double time_s);

  private:
    bool changed_suddenly(const cv::Mat& gray);

    SearchOptions options_;
    cv::Mat parts_;  // of the frame before
    double time_s_ = 0.0;
    std::size_t next_size_ = 0;
    double work_due_ = 0.0;
};

}  // namespace emotion::faces
