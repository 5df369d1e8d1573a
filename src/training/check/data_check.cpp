#include "training/check/data_check.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <system_error>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/join.hpp"
#include "faces/preprocess.hpp"
#include "media/pictures/picture.hpp"
#include "training/check/dataset_check.hpp"
#include "training/data/alike_names.hpp"
#include "training/data/split_names.hpp"

namespace emotion::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrain = "train";
constexpr int kMinSide = 24;
constexpr double kMaxAspect = 1.5;  // times the shorter side
constexpr double kNearlyAll = 0.95;
constexpr std::size_t kFewPictures = 20;

/// The splits of the data; a single empty name if it is not split.
std::vector<std::string> find_splits(const fs::path& data) {
    std::error_code ignored;
    const auto holds_folders = [&](const fs::path& folder) {
        for (const auto& entry : fs::directory_iterator(folder, ignored))
            if (entry.is_directory(ignored)) return true;
        return false;
    };
    std::vector<std::string> splits;
    for (const char* split : {kTrain, "validation", "test"})
        if (fs::is_directory(data / split, ignored) && holds_folders(data / split)) splits.push_back(split);
    return splits.empty() ? std::vector<std::string>{""} : splits;
}

/// The cascade was trained with a margin around the face, which crops lack, so the picture is resized to this
/// size with a border added. Chosen on FER-2013, where it still misses one in five faces.
constexpr int kFaceSide = 72, kFaceBorder = 16;

/// More lenient detector settings, for a face that fills most of the picture.
faces::HaarOptions for_crops(faces::HaarOptions options) {
    options.min_face_px = kFaceSide * 5 / 8;
    options.min_neighbors = 1;
    options.tilt_deg = 0;  // crops should be upright
    options.full_contrast = 0;
    return options;
}

/// Very long pictures are skipped: enlarged to this size they would take gigabytes, and they are already
/// reported for their size.
bool shows_face(faces::FaceDetector& detector, const cv::Mat& gray) {
    if (std::max(gray.cols, gray.rows) > 10 * std::min(gray.cols, gray.rows)) return false;
    cv::Mat sized, framed;
    const double factor = static_cast<double>(kFaceSide) / std::min(gray.cols, gray.rows);
    cv::resize(gray, sized, cv::Size(), factor, factor, factor < 1.0 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::copyMakeBorder(sized, framed, kFaceBorder, kFaceBorder, kFaceBorder, kFaceBorder,
                       cv::BORDER_REPLICATE);
    return !detector.detect(framed).empty();
}

/// Per-thread resources.
struct WorkerContext {
    std::unique_ptr<model::Scorer> scorer;          ///< null: labels are not checked
    std::unique_ptr<faces::FaceDetector> detector;  ///< null: faces are not searched for
};

PictureSignature check_picture(CheckedPicture& checked, const std::string& label,
                               const WorkerContext& worker) {
    cv::Mat picture;
    try {
        picture = media::read_picture(checked.file.string());
    } catch (const Error& error) {
        checked.problem = error.what();
        return {};
    }
    checked.width = picture.cols;
    checked.height = picture.rows;
    const cv::Mat gray = media::to_gray(picture);
    checked.blank = is_blank(gray);
    if (worker.detector) checked.no_face = !shows_face(*worker.detector, gray);
    if (worker.scorer && worker.scorer->card().find_class(label)) {
        const cv::Rect2f whole(cv::Point2f(), cv::Size2f(picture.size()));
        checked.probabilities =
            worker.scorer->score(faces::preprocess(picture, whole, worker.scorer->card().crop));
    }
    return signature_of(picture);
}

std::string size_text(const CheckedPicture& picture) {
    return std::to_string(picture.width) + "x" + std::to_string(picture.height);
}

std::string find_common_size(const std::vector<CheckedPicture>& pictures) {
    std::map<std::string, std::size_t> counts;
    std::size_t readable = 0;
    for (const auto& picture : pictures)
        if (picture.problem.empty()) ++counts[size_text(picture)], ++readable;
    for (const auto& [size, count] : counts)
        if (static_cast<double>(count) >= kNearlyAll * static_cast<double>(readable)) return size;
    return "";
}

std::vector<DoubtfulLabel> find_doubtful(const DataCheck& check, const model::ModelCard& card) {
    std::vector<std::optional<int>> places;  // indices into the card's classes
    for (const auto& name : check.classes) places.push_back(card.find_class(name));
    const std::size_t classes = card.classes.size();
    std::vector<double> mean_probability(classes, 0.0),
        count(classes, 0.0);  // mean probability of a class on its own pictures
    const auto label_of = [&](const CheckedPicture& picture) {
        return static_cast<std::size_t>(*places[picture.label]);
    };
    for (const auto& picture : check.pictures) {
        if (picture.probabilities.empty()) continue;
        mean_probability[label_of(picture)] += picture.probabilities[label_of(picture)];
        count[label_of(picture)] += 1.0;
    }
    const double overall_mean = std::accumulate(mean_probability.begin(), mean_probability.end(), 0.0) /
                                std::max(1.0, std::accumulate(count.begin(), count.end(), 0.0));
    for (std::size_t k = 0; k < classes; ++k)
        mean_probability[k] = count[k] > 0.0 ? mean_probability[k] / count[k] : overall_mean;

    std::vector<DoubtfulLabel> doubtful;
    for (std::size_t i = 0; i < check.pictures.size(); ++i) {
        const auto& probabilities = check.pictures[i].probabilities;
        if (probabilities.empty()) continue;
        const auto label = label_of(check.pictures[i]);
        std::size_t suggested = label;
        for (std::size_t k = 0; k < classes; ++k)
            if (probabilities[k] >= mean_probability[k] && probabilities[k] > probabilities[suggested])
                suggested = k;
        if (suggested != label)
            doubtful.push_back({i, probabilities[label], card.classes[suggested], probabilities[suggested]});
    }
    std::stable_sort(doubtful.begin(), doubtful.end(), [](const auto& a, const auto& b) {
        return a.probability - a.suggested_probability < b.probability - b.suggested_probability;
    });
    return doubtful;
}

/// The prefix of a line about one split.
std::string in_split(const std::string& split) {
    return split.empty() ? "" : split + ": ";
}

/// The check of a folder before any picture is read.
DataCheck list_pictures(const fs::path& data, const Exclusions& exclusions) {
    DataCheck check;
    check.splits = find_splits(data);
    check.misnamed = misnamed_splits_text(data, check.splits);
    for (std::size_t split = 0; split < check.splits.size(); ++split) {
        auto folders = list_class_folders(data / check.splits[split]);
        exclusions.apply(folders);
        if (auto text = subfolders_text(folders); !text.empty())
            check.subfolders.push_back(in_split(check.splits[split]) + text);
        for (const auto& folder : folders) {
            const auto known = std::find(check.classes.begin(), check.classes.end(), folder.name);
            const auto label = static_cast<std::size_t>(known - check.classes.begin());
            if (known == check.classes.end()) check.classes.push_back(folder.name);
            for (const auto& file : folder.files) {
                CheckedPicture picture;
                picture.name = (fs::path(check.splits[split]) / folder.name_of(file)).string();
                picture.file = file;
                picture.split = split;
                picture.label = label;
                check.pictures.push_back(std::move(picture));
            }
        }
    }
    return check;
}

/// The check of a table before any picture is read.
DataCheck list_pictures(const fs::path& table, const std::vector<LabeledPicture>& pictures,
                        const std::vector<std::string>& classes) {
    DataCheck check;
    check.table = table;
    check.splits = {""};
    check.classes = classes;
    for (const auto& listed : pictures) {
        CheckedPicture picture;
        picture.name = listed.name;
        picture.file = listed.file;
        picture.label = static_cast<std::size_t>(listed.label);
        check.pictures.push_back(std::move(picture));
    }
    return check;
}

/// Unreadable and blank pictures are reported as such, not as duplicates.
std::vector<DuplicateGroup> find_duplicates_of_usable(const std::vector<CheckedPicture>& pictures,
                                                      std::vector<PictureSignature> signatures,
                                                      ThreadPool& threads) {
    std::vector<std::size_t> usable;
    std::vector<PictureSignature> usable_signatures;
    for (std::size_t i = 0; i < pictures.size(); ++i)
        if (pictures[i].problem.empty() && !pictures[i].blank) {
            usable.push_back(i);
            usable_signatures.push_back(std::move(signatures[i]));
        }
    auto groups = find_duplicates(usable_signatures, threads);
    for (auto& group : groups)
        for (auto& picture : group.pictures) picture = usable[picture];
    return groups;
}

/// Completes a check whose pictures are listed.
DataCheck with_findings(DataCheck check, const DataCheckOptions& options, ThreadPool& threads,
                        const ScoringProgress& progress) {
    check.faces_looked_for = options.faces.has_value();

    std::vector<WorkerContext> places(static_cast<std::size_t>(threads.size()));
    for (auto& worker : places) {
        if (!options.model.empty()) worker.scorer = model::load_scorer(options.model);
        if (options.faces) worker.detector = faces::make_haar_detector(for_crops(*options.faces));
    }
    std::vector<PictureSignature> signatures(check.pictures.size());
    for_each_picture(check.pictures.size(), threads, progress, [&](std::size_t i, std::size_t thread) {
        auto& picture = check.pictures[i];
        signatures[i] = check_picture(picture, check.classes[picture.label], places[thread]);
    });

    check.duplicates = find_duplicates_of_usable(check.pictures, std::move(signatures), threads);
    check.common_size = find_common_size(check.pictures);
    if (const auto& scorer = places.front().scorer) {
        check.model = scorer->card().name;
        check.doubtful = find_doubtful(check, scorer->card());
        for (const auto& name : check.classes)
            if (!scorer->card().find_class(name)) check.not_judged.push_back(name);
    }
    return check;
}

}  // namespace

std::size_t DataCheck::count(std::size_t split, std::size_t label) const {
    return static_cast<std::size_t>(
        std::count_if(pictures.begin(), pictures.end(), [&](const CheckedPicture& picture) {
            return picture.split == split && picture.label == label && picture.problem.empty();
        }));
}

bool DataCheck::unusual_size(const CheckedPicture& picture) const {
    if (!picture.problem.empty()) return false;
    if (!common_size.empty()) return size_text(picture) != common_size;
    const auto [shorter, longer] = std::minmax(picture.width, picture.height);
    return shorter < kMinSide || longer > kMaxAspect * shorter;
}

DuplicateKind DataCheck::kind(const DuplicateGroup& group) const {
    std::set<std::size_t> in_splits, in_classes;
    for (const auto i : group.pictures) {
        in_splits.insert(pictures[i].split);
        in_classes.insert(pictures[i].label);
    }
    if (in_splits.size() > 1) return DuplicateKind::kAcrossSplits;
    return in_classes.size() > 1 ? DuplicateKind::kAcrossClasses : DuplicateKind::kWithinClass;
}

std::vector<std::string> DataCheck::warnings() const {
    auto warnings = misnamed;
    for (auto& line : alike_names(classes)) warnings.push_back(std::move(line));
    if (classes.size() < 2) warnings.push_back("only one class, with nothing to distinguish it from");
    if (!not_judged.empty())
        warnings.push_back("the labels of " + join(not_judged) + " are not checked, because " + model +
                           " has no such class; --model names another model, and --no-labels checks none");
    for (std::size_t split = 0; split < splits.size(); ++split) {
        const auto in = in_split(splits[split]);
        const std::string by = table.empty() ? "" : ", by label or majority vote";
        std::vector<std::int64_t> counts;
        for (std::size_t k = 0; k < classes.size(); ++k) {
            const auto pictures_of_class = count(split, k);
            counts.push_back(static_cast<std::int64_t>(pictures_of_class));
            if (pictures_of_class == 0)
                warnings.push_back(in + "no picture of the class " + classes[k] + by);
            else if (pictures_of_class < kFewPictures)
                warnings.push_back(in + counted(pictures_of_class, "picture") + " of the class " +
                                   classes[k] + by + ", too few to learn or measure it");
        }
        if (const auto imbalance = imbalance_text(classes, counts); !imbalance.empty())
            warnings.push_back(in + imbalance);
    }
    return warnings;
}

std::vector<std::string> DataCheck::exclude() const {
    std::set<std::size_t> out;
    for (std::size_t i = 0; i < pictures.size(); ++i)
        if (!pictures[i].problem.empty() || pictures[i].blank) out.insert(i);
    for (const auto& group : duplicates) {
        const auto label = pictures[group.pictures.front()].label;
        const bool agree = std::all_of(group.pictures.begin(), group.pictures.end(),
                                       [&](std::size_t i) { return pictures[i].label == label; });
        const auto kept = std::find_if(group.pictures.begin(), group.pictures.end(),
                                       [&](std::size_t i) { return splits[pictures[i].split] != kTrain; });
        const auto stays = kept == group.pictures.end() ? group.pictures.front() : *kept;
        for (const auto i : group.pictures)
            if (!agree || i != stays) out.insert(i);
    }
    std::vector<std::string> names;
    for (const auto i : out) names.push_back(pictures[i].name);
    return names;
}

DataCheck check_data(const fs::path& data, const Exclusions& exclusions, const DataCheckOptions& options,
                     ThreadPool& threads, const ScoringProgress& progress) {
    return with_findings(list_pictures(data, exclusions), options, threads, progress);
}

DataCheck check_data(const fs::path& table, const std::vector<LabeledPicture>& pictures,
                     const std::vector<std::string>& classes, const DataCheckOptions& options,
                     ThreadPool& threads, const ScoringProgress& progress) {
    return with_findings(list_pictures(table, pictures, classes), options, threads, progress);
}

}  // namespace emotion::training
