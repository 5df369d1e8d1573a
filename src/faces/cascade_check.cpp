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

/// Of x, y, width and height; a tilted one's left corner is as far left of its upper one as it is high.
bool lies_within(const std::vector<int>& rect, cv::Size window, bool tilted) {
    if (rect.size() < 4) return false;
    for (const int number : rect)
        if (!is_within(number, -window.width - window.height, window.width + window.height)) return false;
    const int x = rect[0], y = rect[1], width = rect[2], height = rect[3];
    return x >= (tilted ? height : 0) && y >= 0 && width >= 0 && height >= 0 && x + width <= window.width &&
           y + height + (tilted ? width : 0) <= window.height;
}

bool is_sound_haar_feature(const cv::FileNode& feature, cv::Size window) {
    constexpr std::size_t kMostRects = 3;
    const auto rects = feature["rects"];
    if (rects.size() > kMostRects) return false;
    const bool tilted = static_cast<int>(feature["tilted"]) != 0;
    for (const auto& rect : rects)
        if (!lies_within(numbers<int>(rect), window, tilted)) return false;
    return true;
}

/// Of nine cells in three rows the first is given.
bool is_sound_lbp_feature(const cv::FileNode& feature, cv::Size window) {
    auto rect = numbers<int>(feature["rect"]);
    for (std::size_t side = 2; side < rect.size(); ++side)
        if (is_within(rect[side], 0, std::max(window.width, window.height))) rect[side] *= 3;
    return lies_within(rect, window, false);
}

/// A node is its left and right child, its feature and `node_numbers` - 3 more; children up to 0 are leaves.
bool is_sound_tree(const std::vector<int>& nodes, int node_numbers, int leaves, int features) {
    const int count = static_cast<int>(nodes.size()) / node_numbers;
    if (count < 1 || static_cast<int>(nodes.size()) % node_numbers != 0 || leaves != count + 1) return false;
    for (int node = 0; node < count; ++node) {
        const int* numbers = &nodes[static_cast<std::size_t>(node * node_numbers)];
        const auto leads_on = [&](int child) {  // never back
            return is_within(child, -count, count - 1) && (child <= 0 || child > node);
        };
        if (!leads_on(numbers[0]) || !leads_on(numbers[1]) || !is_within(numbers[2], 0, features - 1))
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

    bool rejects = false;  // without any stage that can say no, all of a frame would be faces
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
