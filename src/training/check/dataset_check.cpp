#include "training/check/dataset_check.hpp"

#include <algorithm>
#include <set>

#include <opencv2/core.hpp>

#include "base/counted.hpp"
#include "media/pictures/picture.hpp"
#include "training/data/duplicates.hpp"

namespace emotion::training {
namespace {

constexpr double kBlankDeviation = 3.0;  // gray levels
constexpr double kImbalance = 10.0;
/// Stricter than for pictures: resized crops all correlate a little more, and findings that the picture check
/// has excluded must not be reported again.
constexpr float kCropDuplicateCorrelation = 0.97f;

}  // namespace

bool is_blank(const cv::Mat& gray) {
    cv::Scalar mean, deviation;
    cv::meanStdDev(gray, mean, deviation);
    return deviation[0] < kBlankDeviation;
}

std::string imbalance_text(const std::vector<std::string>& classes, const std::vector<std::int64_t>& counts) {
    std::size_t least = classes.size(), most = 0;
    for (std::size_t k = 0; k < classes.size(); ++k) {
        if (counts[k] == 0) continue;
        if (least == classes.size() || counts[k] < counts[least]) least = k;
        if (counts[k] > counts[most]) most = k;
    }
    if (least == classes.size() ||
        static_cast<double>(counts[most]) <= kImbalance * static_cast<double>(counts[least]))
        return "";
    return "over ten times as many pictures of " + classes[most] + " as of " + classes[least] +
           ", which the model then rarely predicts: add pictures of it, or set class_weights: balanced in "
           "the recipe";
}

std::vector<std::string> check_datasets(const Dataset& train, const Dataset& validation,
                                        ThreadPool& threads) {
    std::vector<PictureSignature> signatures(train.size() + validation.size());
    std::vector<char> blank(signatures.size(), 0);
    threads.run(static_cast<std::int64_t>(signatures.size()), [&](std::int64_t task, int) {
        const auto i = static_cast<std::size_t>(task);
        const cv::Mat crop = i < train.size() ? train.crop_at(i) : validation.crop_at(i - train.size());
        blank[i] = is_blank(media::to_gray(crop));
        signatures[i] = signature_of(crop);
    });
    std::size_t copies = 0, contradictions = 0, leaks = 0;
    for (const auto& group : find_duplicates(signatures, threads, kCropDuplicateCorrelation)) {
        if (blank[group.pictures.front()]) continue;
        copies += group.pictures.size() - 1;
        std::set<int> labels;
        std::size_t in_train = 0;
        for (const auto i : group.pictures) {
            in_train += i < train.size();
            labels.insert(i < train.size() ? train.labels[i] : validation.labels[i - train.size()]);
        }
        if (labels.size() > 1) contradictions += group.pictures.size();
        if (in_train > 0 && in_train < group.pictures.size()) leaks += group.pictures.size() - in_train;
    }
    std::vector<std::string> notes;
    const auto blanks = static_cast<std::size_t>(std::count(blank.begin(), blank.end(), 1));
    if (blanks > 0) notes.push_back(counted(blanks, "picture") + " of one shade");
    if (copies > 0) notes.push_back(counted(copies, "picture") + " repeated");
    if (contradictions > 0)
        notes.push_back(counted(contradictions, "picture") + " repeated under another label");
    if (leaks > 0) notes.push_back(counted(leaks, "picture") + " of validation repeated in training");
    return notes;
}

}  // namespace emotion::training
