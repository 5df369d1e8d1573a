#include "ml/metrics/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace emotion::ml {
namespace {

void require_equal(const char* function, std::size_t a, std::size_t b) {
    if (a != b)
        throw std::invalid_argument(std::string(function) + ": " + std::to_string(a) + " values beside " +
                                    std::to_string(b));
}

}  // namespace

std::optional<MeanWithInterval> mean_with_interval(std::span<const double> values) {
    if (values.empty()) return std::nullopt;
    constexpr std::size_t kFewValues = 30;
    constexpr double z = 1.959963984540054;  // the 97.5 % quantile of the normal distribution
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    if (values.size() < kFewValues)
        return MeanWithInterval{mean, wilson_interval_of_share(mean, std::ssize(values))};
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double half = z * std::sqrt(squares / (n - 1.0) / n);
    return MeanWithInterval{mean, {std::max(0.0, mean - half), std::min(1.0, mean + half)}};
}

std::optional<double> correlation(std::span<const double> a, std::span<const double> b) {
    require_equal("correlation", a.size(), b.size());
    if (a.size() < 2) return std::nullopt;
    const auto n = static_cast<double>(a.size());
    const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
    const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
    double aa = 0.0, bb = 0.0, ab = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = a[i] - mean_a, y = b[i] - mean_b;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    if (aa == 0.0 || bb == 0.0) return std::nullopt;
    return ab / std::sqrt(aa * bb);
}

std::optional<double> cross_entropy_to_shares(std::span<const float> probabilities,
                                              std::span<const float> shares, std::size_t classes) {
    require_equal("cross_entropy_to_shares", probabilities.size(), shares.size());
    if (classes == 0 || shares.size() % classes != 0)
        throw std::invalid_argument("cross_entropy_to_shares: " + std::to_string(shares.size()) +
                                    " shares of " + std::to_string(classes) + " classes");
    double loss = 0.0;
    std::size_t pictures = 0;
    for (std::size_t first = 0; first < shares.size(); first += classes) {
        const auto row = shares.subspan(first, classes);
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        if (sum <= 0.0) continue;
        ++pictures;
        for (std::size_t k = 0; k < classes; ++k)
            if (row[k] > 0.0f)
                loss -= row[k] / sum * std::log(std::max(double{probabilities[first + k]}, 1e-15));
    }
    if (pictures == 0) return std::nullopt;
    return loss / static_cast<double>(pictures);
}

std::vector<ShareBin> share_bins(std::span<const double> probability, std::span<const double> share,
                                 int bins) {
    require_equal("share_bins", probability.size(), share.size());
    if (bins < 1) throw std::invalid_argument("share_bins: " + std::to_string(bins) + " bins");
    std::vector<ShareBin> parts(static_cast<std::size_t>(bins));
    for (std::size_t i = 0; i < probability.size(); ++i) {
        const int bin = static_cast<int>(std::ceil(probability[i] * bins)) - 1;
        auto& part = parts[static_cast<std::size_t>(std::clamp(bin, 0, bins - 1))];
        part.probability_sum += probability[i];
        part.share_sum += share[i];
        ++part.samples;
    }
    return parts;
}

std::optional<double> share_calibration_error(std::span<const double> probability,
                                              std::span<const double> share, int bins) {
    double gaps = 0.0;  // weighted by the pictures of each bin
    for (const auto& bin : share_bins(probability, share, bins))
        gaps += std::abs(bin.probability_sum - bin.share_sum);
    if (probability.empty()) return std::nullopt;
    return gaps / static_cast<double>(probability.size());
}

std::optional<double> recall_at(std::span<const double> positive, std::span<const double> negative,
                                double rate) {
    if (positive.empty() || negative.empty()) return std::nullopt;
    std::vector<double> descending(negative.begin(), negative.end());
    std::sort(descending.begin(), descending.end(), std::greater<>());
    const auto allowed = static_cast<std::size_t>(std::floor(rate * static_cast<double>(descending.size())));
    const auto found = [&](double score) {
        return allowed >= descending.size() || score > descending[allowed];
    };
    return static_cast<double>(std::count_if(positive.begin(), positive.end(), found)) /
           static_cast<double>(positive.size());
}

std::optional<double> threshold_for_agreement(std::span<const double> score, std::span<const double> share,
                                              double agreement, std::span<const std::uint8_t> calm,
                                              double calm_rate) {
    require_equal("threshold_for_agreement", score.size(), share.size());
    require_equal("threshold_for_agreement", score.size(), calm.size());
    std::vector<std::size_t> order(score.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
    const auto calm_pictures = std::accumulate(calm.begin(), calm.end(), 0.0);
    std::optional<double> threshold;
    double agreed = 0.0, calm_included = 0.0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        agreed += share[order[i]];
        calm_included += calm[order[i]];
        if (calm_included > calm_rate * calm_pictures) break;
        const bool tie_continues = i + 1 < order.size() && score[order[i + 1]] == score[order[i]];
        if (!tie_continues && agreed >= agreement * static_cast<double>(i + 1)) threshold = score[order[i]];
    }
    return threshold;
}

}  // namespace emotion::ml
