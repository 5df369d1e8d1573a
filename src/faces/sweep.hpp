#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace emotion::faces {

/// Schedules the face sizes to search for in each frame of a video, with several passes in turn, so that each
/// combination is searched once in a given time. Not thread-safe.
class Sweep {
  public:
    struct Turn {
        double side = 0.0;  ///< of faces, in pixels of the picture
        int way = 0;        ///< the pass, in [0, ways)
        /// When it was last due: what has not changed since need not be searched again. nullopt: search
        /// everything.
        std::optional<double> since_s = {};
    };

    /// `seconds` > 0 for all sizes and passes; `scale_factor` > 1 is the ratio of successive sizes.
    Sweep(double seconds, double scale_factor, int ways = 1)
        : seconds_(seconds), scale_factor_(scale_factor), ways_(ways) {}

    /// Starts a video at this time, with a frame that was searched completely.
    void start(double time_s);

    /// The turns due for a picture of this size, for sides from `smallest` up to what fits; each once if
    /// `all`. Frames of a video have the same size, and times do not decrease.
    std::vector<Turn> due(cv::Size picture, double smallest, double time_s, bool all = false);

  private:
    struct Searched {
        double time_s = 0.0;
        int in_part = 0;  ///< number of consecutive turns in the changed part only
    };

    double seconds_, scale_factor_;
    int ways_;
    double time_s_ = 0.0;
    std::size_t next_ = 0;
    double work_due_ = 0.0;
    std::vector<Searched> searched_;  // by turn
};

/// Detects changes in a video by the means of parts of its frames. Not thread-safe.
class Changes {
  public:
    /// `cut_share`: the share in (0, 1] of the picture that changes at a cut.
    explicit Changes(double cut_share) : cut_share_(cut_share) {}

    /// Starts a video with this frame (CV_8UC1).
    void start(const cv::Mat& gray, double time_s);

    /// Adds the next frame; true if there is a cut before it.
    bool update(const cv::Mat& gray, double time_s);

    /// The part of a picture of this size that contains all changes after `since_s` outside the boxes
    /// `known`; empty: none.
    cv::Rect since(double since_s, cv::Size picture, const std::vector<cv::Rect2f>& known) const;

  private:
    double cut_share_;
    cv::Mat before_;     // means of the parts in the previous frame
    cv::Mat settled_;    // and as of their last change
    cv::Mat changed_s_;  // the times of these changes
};

}  // namespace emotion::faces
