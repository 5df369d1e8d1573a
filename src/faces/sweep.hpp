#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace emotion::faces {

/// Which sizes of face a video's next frame is searched for: one after another, in several ways in turn, so
/// that all have had their turn once in a time that is set. Not thread-safe.
class Sweep {
  public:
    struct Turn {
        double side = 0.0;  ///< of the faces, pixels of the picture
        int way = 0;        ///< of [0, ways)
        /// When it was last due: what has not changed since need not be searched again. nullopt: search all.
        std::optional<double> since_s = {};
    };

    /// `seconds` > 0 for all sizes in all ways; `scale_factor` > 1 is the ratio of one size to the next.
    Sweep(double seconds, double scale_factor, int ways = 1)
        : seconds_(seconds), scale_factor_(scale_factor), ways_(ways) {}

    /// A video begins at this time with a frame that was searched whole.
    void start(double time_s);

    /// The turns due in a picture of this size, for sides from `smallest` up to what fits into it; each
    /// once where `all` are wanted. Frames of one video have the same size, and times do not go backwards.
    std::vector<Turn> due(cv::Size picture, double smallest, double time_s, bool all = false);

  private:
    struct Searched {
        double time_s = 0.0;
        int in_part = 0;  ///< how often in the changed part alone
    };

    double seconds_, scale_factor_;
    int ways_;
    double time_s_ = 0.0;
    std::size_t next_ = 0;
    double work_due_ = 0.0;
    std::vector<Searched> searched_;  // by turn
};

/// Sees what changes in a video, by the means of parts of its frames. Not thread-safe.
class Changes {
  public:
    /// At a cut a share in (0, 1] of the picture changes from one frame to the next.
    explicit Changes(double cut_share) : cut_share_(cut_share) {}

    /// A video begins with this frame (CV_8UC1).
    void start(const cv::Mat& gray, double time_s);

    /// Takes the next frame; true if there is a cut before it.
    bool update(const cv::Mat& gray, double time_s);

    /// The part of a picture of this size, seen in the frames, that holds all that changed after `since_s`
    /// outside the boxes `known`; empty: nothing did.
    cv::Rect since(double since_s, cv::Size picture, const std::vector<cv::Rect2f>& known) const;

  private:
    double cut_share_;
    cv::Mat before_;     // means of the parts, of the frame before
    cv::Mat settled_;    // and as of their last change
    cv::Mat changed_s_;  // when that was
};

}  // namespace emotion::faces
