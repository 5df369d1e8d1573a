#include "training/data/duplicates.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "base/sha256.hpp"
#include "media/pictures/picture.hpp"

namespace emotion::training {
namespace {

/// Of 64; almost no duplicates differ by more.
constexpr int kMaxDifferentBits = 12;

std::string pixel_hash(const cv::Mat& picture) {
    std::string bytes = std::to_string(picture.cols) + "x" + std::to_string(picture.rows) + " ";
    for (int y = 0; y < picture.rows; ++y)
        bytes.append(reinterpret_cast<const char*>(picture.ptr(y)),
                     static_cast<std::size_t>(picture.cols) * picture.elemSize());
    return sha256(bytes);
}

std::uint64_t gradient_hash(const cv::Mat& gray) {
    cv::Mat tiny;
    cv::resize(gray, tiny, cv::Size(9, 8), 0, 0, cv::INTER_AREA);
    std::uint64_t bits = 0;
    for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 8; ++x)
            bits = bits << 1 | (tiny.at<std::uint8_t>(y, x) < tiny.at<std::uint8_t>(y, x + 1) ? 1u : 0u);
    return bits;
}

void fill_small(const cv::Mat& gray, PictureSignature& signature) {
    constexpr int kSide = PictureSignature::kSide;
    cv::Mat small, floats(kSide, kSide, CV_32F, signature.small.data());
    cv::resize(gray, small, floats.size(), 0, 0, cv::INTER_AREA);
    small.convertTo(floats, CV_32F);
    floats -= cv::mean(floats);
    const double length = cv::norm(floats);
    if (length > 0.0) floats /= length;
}

float correlation(const PictureSignature& a, const PictureSignature& b) {
    return std::inner_product(a.small.begin(), a.small.end(), b.small.begin(), 0.0f);
}

/// Disjoint sets of pictures, merged pair by pair.
class Groups {
  public:
    explicit Groups(std::size_t pictures) : leader_(pictures) {
        std::iota(leader_.begin(), leader_.end(), std::size_t{0});
    }
    void join(std::size_t a, std::size_t b) {
        a = leader(a), b = leader(b);
        leader_[std::max(a, b)] = std::min(a, b);
    }
    /// The representative of a picture's set: its first picture.
    std::size_t leader(std::size_t picture) {
        while (leader_[picture] != picture) picture = leader_[picture] = leader_[leader_[picture]];
        return picture;
    }

  private:
    std::vector<std::size_t> leader_;
};

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

Pairs near_pairs(const std::vector<PictureSignature>& pictures, ThreadPool& threads,
                 float least_correlation) {
    std::vector<std::uint64_t> gradients;  // contiguous, for the innermost loop
    for (const auto& picture : pictures) gradients.push_back(picture.gradients);
    std::vector<Pairs> found(pictures.size());
    threads.run(static_cast<std::int64_t>(pictures.size()), [&](std::int64_t task, int) {
        const auto a = static_cast<std::size_t>(task);
        for (std::size_t b = a + 1; b < gradients.size(); ++b)
            if (std::popcount(gradients[a] ^ gradients[b]) <= kMaxDifferentBits &&
                correlation(pictures[a], pictures[b]) >= least_correlation)
                found[a].emplace_back(a, b);
    });
    Pairs pairs;
    for (const auto& part : found) pairs.insert(pairs.end(), part.begin(), part.end());
    return pairs;
}

}  // namespace

PictureSignature signature_of(const cv::Mat& picture) {
    const cv::Mat gray = media::to_gray(picture);
    PictureSignature signature;
    signature.pixels = pixel_hash(picture);
    signature.gradients = gradient_hash(gray);
    fill_small(gray, signature);
    return signature;
}

std::vector<DuplicateGroup> find_duplicates(const std::vector<PictureSignature>& pictures,
                                            ThreadPool& threads, float least_correlation) {
    Groups groups(pictures.size());
    std::unordered_map<std::string_view, std::size_t> first_of;
    for (std::size_t i = 0; i < pictures.size(); ++i)
        groups.join(first_of.emplace(pictures[i].pixels, i).first->second, i);
    for (const auto& [a, b] : near_pairs(pictures, threads, least_correlation)) groups.join(a, b);

    std::vector<std::vector<std::size_t>> members(pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) members[groups.leader(i)].push_back(i);
    std::vector<DuplicateGroup> duplicates;
    for (auto& group : members) {
        if (group.size() < 2) continue;
        const auto& first = pictures[group.front()].pixels;
        const bool exact = std::all_of(group.begin(), group.end(),
                                       [&](std::size_t i) { return pictures[i].pixels == first; });
        duplicates.push_back({std::move(group), exact});
    }
    return duplicates;
}

}  // namespace emotion::training
