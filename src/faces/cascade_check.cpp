#include "faces/cascade_check.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::faces {
namespace {

template <typename Number>
std::vector<Number> numbers(const cv::FileNode& node) {
    std::vector<Number> read;
    node >> read;
    return read;
}

bool is_within(int value, int least, int most) {
    return value >= least && value <= most;
}

/// `rect` is x, y, width, height; the left corner of a tilted one is `height` to the left of its top corner.
bool is_inside(const std::vector<int>& rect, cv::Size window, bool tilted) {
    if (rect.size() < 4) return false;
    for (const int number : rect)
        if (!is_within(number, -window.width - window.height, window.width + window.height)) return false;
    const int x = rect[0], y = rect[1], width = rect[2], height = rect[3];
    return x >= (tilted ? height : 0) && y >= 0 && width >= 0 && height >= 0 && x + width <= window.width &&
           y + height + (tilted ? width : 0) <= window.height;
}

bool is_sound_haar_feature(const cv::FileNode& feature, cv::Size window) {
    constexpr std::size_t kMaxRects = 3;
    const auto rects = feature["rects"];
    if (rects.size() > kMaxRects) return false;
    const bool tilted = static_cast<int>(feature["tilted"]) != 0;
    for (const auto& rect : rects)
        if (!is_inside(numbers<int>(rect), window, tilted)) return false;
    return true;
}

/// An LBP feature has nine cells in three rows, of which the first is given.
bool is_sound_lbp_feature(const cv::FileNode& feature, cv::Size window) {
    auto rect = numbers<int>(feature["rect"]);
    for (std::size_t side = 2; side < rect.size(); ++side)
        if (is_within(rect[side], 0, std::max(window.width, window.height))) rect[side] *= 3;
    return is_inside(rect, window, false);
}

/// A node consists of its left and right child, its feature and `node_numbers` - 3 further values; children
/// up to 0 are leaves.
bool is_sound_tree(const std::vector<int>& nodes, int node_numbers, int leaves, int features) {
    const int count = static_cast<int>(nodes.size()) / node_numbers;
    if (count < 1 || static_cast<int>(nodes.size()) % node_numbers != 0 || leaves != count + 1) return false;
    for (int node = 0; node < count; ++node) {
        const int* numbers = &nodes[static_cast<std::size_t>(node * node_numbers)];
        const auto is_valid_child = [&](int child) {  // child indices must increase, to rule out cycles
            return is_within(child, -count, count - 1) && (child <= 0 || child > node);
        };
        if (!is_valid_child(numbers[0]) || !is_valid_child(numbers[1]) ||
            !is_within(numbers[2], 0, features - 1))
            return false;
    }
    return true;
}

}  // namespace

bool is_sound_cascade(const cv::FileNode& cascade) {
    constexpr int kSmallestWindow = 3, kLargestWindow = 1000;
    const cv::Size window(static_cast<int>(cascade["width"]), static_cast<int>(cascade["height"]));
    if (!is_within(window.width, kSmallestWindow, kLargestWindow) ||
        !is_within(window.height, kSmallestWindow, kLargestWindow))
        return false;

    constexpr int kLbpCodes = 256, kHaarNumbers = 4, kLbpNumbers = 3 + kLbpCodes / 32;
    const bool lbp = static_cast<std::string>(cascade["featureType"]) == "LBP";
    if (!lbp && static_cast<std::string>(cascade["featureType"]) != "HAAR") return false;
    if (static_cast<int>(cascade["featureParams"]["maxCatCount"]) != (lbp ? kLbpCodes : 0)) return false;

    const auto features = cascade["features"];
    for (const auto& feature : features)
        if (!(lbp ? is_sound_lbp_feature : is_sound_haar_feature)(feature, window)) return false;

    bool rejects = false;  // without a stage that can reject, every window would be a face
    for (const auto& stage : cascade["stages"]) {
        float least = 0;
        for (const auto& tree : stage["weakClassifiers"]) {
            const auto leaves = numbers<float>(tree["leafValues"]);
            if (!is_sound_tree(numbers<int>(tree["internalNodes"]), lbp ? kLbpNumbers : kHaarNumbers,
                               static_cast<int>(leaves.size()), static_cast<int>(features.size())))
                return false;
            least += *std::min_element(leaves.begin(), leaves.end());
        }
        rejects = rejects || least < static_cast<float>(stage["stageThreshold"]);
    }
    return rejects;
}

}  // namespace emotion::faces
