#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "faces/face_box.hpp"

namespace emotion::bench {

using faces::overlap;

using Boxes = std::vector<cv::Rect2f>;

inline constexpr double kSameFaceIou = 0.5;
inline constexpr double kSameFaceShare =
    0.5;                               // of the smaller box: a mouth and chin detected as a face of their own
inline constexpr int kHeldFrames = 3;  // fewer consecutive detections may be false
inline constexpr double kNearInTime_s =
    0.5;  // a displayed box is true if a face was persistent within this time

inline bool contains(const Boxes& boxes, const cv::Rect2f& box) {
    return std::any_of(boxes.begin(), boxes.end(),
                       [&](const auto& other) { return overlap(box, other) >= kSameFaceIou; });
}

/// Whether two boxes of a frame are of the same face.
inline bool of_one_face(const cv::Rect2f& a, const cv::Rect2f& b) {
    return (a & b).area() > kSameFaceShare * std::min(a.area(), b.area());
}

/// The boxes of each frame that are detected in at least kHeldFrames consecutive frames.
inline std::vector<Boxes> held(const std::vector<Boxes>& found) {
    const auto frames = found.size();
    std::vector<std::vector<int>> since(frames), until(frames);  // number of frames each box has persisted
    const auto longest = [&](const cv::Rect2f& box, std::size_t frame, const std::vector<int>& lengths) {
        int length = 0;
        for (std::size_t i = 0; i < found[frame].size(); ++i)
            if (overlap(box, found[frame][i]) >= kSameFaceIou) length = std::max(length, lengths[i]);
        return length;
    };
    for (std::size_t f = 0; f < frames; ++f)
        for (const auto& box : found[f])
            since[f].push_back(1 + (f > 0 ? longest(box, f - 1, since[f - 1]) : 0));
    for (std::size_t f = frames; f-- > 0;)
        for (const auto& box : found[f])
            until[f].push_back(1 + (f + 1 < frames ? longest(box, f + 1, until[f + 1]) : 0));
    std::vector<Boxes> faces(frames);
    for (std::size_t f = 0; f < frames; ++f)
        for (std::size_t i = 0; i < found[f].size(); ++i)
            if (since[f][i] + until[f][i] - 1 >= kHeldFrames) faces[f].push_back(found[f][i]);
    return faces;
}

struct FacesKept {
    int faces = 0;  ///< persistent in the full search, over all frames
    int kept = 0;
    int false_ones = 0;  ///< shown without a persistent face within kNearInTime_s
    double longest_miss_s = 0.0;

    double percent() const { return faces > 0 ? 100.0 * kept / faces : 100.0; }
};

/// Compares the boxes shown in each frame with the faces of a full search. A face with several boxes counts
/// as kept if one of them is shown.
inline FacesKept compare(const std::vector<Boxes>& shown, const std::vector<Boxes>& faces, double fps) {
    struct Miss {
        cv::Rect2f box;
        int frames;
    };
    FacesKept result;
    std::vector<Miss> misses;
    const auto reach = static_cast<std::size_t>(std::lround(kNearInTime_s * fps));
    for (std::size_t f = 0; f < shown.size(); ++f) {
        std::vector<Miss> still_missed;
        for (const auto& face : faces[f]) {
            ++result.faces;
            if (std::any_of(faces[f].begin(), faces[f].end(), [&](const auto& box) {
                    return of_one_face(box, face) && contains(shown[f], box);
                })) {
                ++result.kept;
                continue;
            }
            int frames = 1;
            for (const auto& miss : misses)
                if (overlap(miss.box, face) >= kSameFaceIou) frames = std::max(frames, miss.frames + 1);
            still_missed.push_back({face, frames});
            result.longest_miss_s = std::max(result.longest_miss_s, frames / fps);
        }
        misses = std::move(still_missed);
        const auto first = faces.begin() + static_cast<std::ptrdiff_t>(f - std::min(f, reach));
        const auto last = faces.begin() + static_cast<std::ptrdiff_t>(std::min(faces.size(), f + reach + 1));
        for (const auto& box : shown[f])
            result.false_ones +=
                std::none_of(first, last, [&](const auto& boxes) { return contains(boxes, box); });
    }
    return result;
}

}  // namespace emotion::bench
