#include "apps/make_demo/faces.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "apps/make_demo/portrait.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "faces/face_detector.hpp"
#include "faces/preprocess.hpp"
#include "model/scorer.hpp"
#include "training/data/data_part.hpp"

namespace emotion::apps {
namespace {

constexpr int kFeatureSide = 25;  // side of reduced pictures for comparing faces
constexpr int kEigenfaces = 60;
constexpr int kIdentityEigenfaces = 20;  // the first, which represent shape and light rather than detail
constexpr int kGroups = 16;
constexpr int kSmoothest = 10;            // of the groups, from which the clearest are kept
constexpr double kClarityWeight = 20;     // of the model's probability relative to similarity
constexpr double kRoughnessWeight = 40;   // so that few hands are in front of faces
constexpr int kPicturesToChooseFrom = 3;  // multiple of those in an average
constexpr double kSmoothShare = 0.4;  // of the pictures of an expression, from which those in averages come
constexpr double kExcluded = 1e9;     // the cost of a picture that is not to be chosen
constexpr double kSameShot = 0.96;    // correlation from which two pictures are copies
constexpr std::size_t kMostPictures = 1000;  // of an expression in a table

/// The pictures of an expression: those in its folder, or those of a table on which the largest shares of
/// people agree, provided that these are large enough.
std::vector<std::filesystem::path> pictures_of(const AverageFaceOptions& options, const char* expression) {
    std::vector<std::filesystem::path> pictures;
    if (!training::is_table(options.data)) {
        for (const auto& entry : std::filesystem::directory_iterator(options.data / expression))
            pictures.push_back(entry.path());
        return pictures;
    }
    const auto table = training::read_vote_table(options.data);
    const auto answer = std::find(table.answers.begin(), table.answers.end(), expression);
    if (answer == table.answers.end()) throw Error(options.data.string() + ": has no column " + expression);
    std::vector<std::pair<double, const std::filesystem::path*>> agreed;
    for (const auto& row : table.rows) {
        const float people = std::accumulate(row.votes.begin(), row.votes.end(), 0.0f);
        const float votes = row.votes[static_cast<std::size_t>(answer - table.answers.begin())];
        if (votes > options.agreement * people) agreed.emplace_back(votes / people, &row.picture);
    }
    std::ranges::stable_sort(agreed, std::greater(), [](const auto& picture) { return picture.first; });
    if (agreed.size() > kMostPictures) agreed.resize(kMostPictures);
    for (const auto& [share, picture] : agreed) pictures.push_back(*picture);
    return pictures;
}

/// One row per face: the pixels of a reduced copy, 0 outside of the oval.
cv::Mat features(const std::vector<Portrait>& portraits) {
    cv::Mat rows(static_cast<int>(portraits.size()), kFeatureSide * kFeatureSide, CV_32F);
    ThreadPool().run(rows.rows, [&](std::int64_t i, int) {
        cv::Mat face = on_canvas(portraits[static_cast<std::size_t>(i)]);
        face.setTo(0, ~face_oval());
        cv::Mat small = rows.row(static_cast<int>(i)).reshape(1, kFeatureSide);
        cv::resize(face, small, small.size(), 0, 0, cv::INTER_AREA);
    });
    return rows;
}

/// Keeps one of several copies of the same shot, so that they do not dominate an average.
void drop_copies(std::vector<Portrait>& portraits, cv::Mat& rows) {
    cv::Mat unit = rows.clone();
    for (int i = 0; i < unit.rows; ++i) cv::normalize(unit.row(i), unit.row(i));
    const cv::Mat correlation = unit * unit.t();
    std::vector<Portrait> kept;
    cv::Mat kept_rows;
    std::vector<bool> copy(portraits.size());
    for (int i = 0; i < rows.rows; ++i) {
        if (copy[static_cast<std::size_t>(i)]) continue;
        kept.push_back(portraits[static_cast<std::size_t>(i)]);
        kept_rows.push_back(rows.row(i));
        for (int j = i + 1; j < rows.rows; ++j)
            if (correlation.at<float>(i, j) > kSameShot) copy[static_cast<std::size_t>(j)] = true;
    }
    portraits = std::move(kept);
    rows = kept_rows;
}

cv::Mat mean_row(const cv::Mat& rows) {
    cv::Mat mean;
    cv::reduce(rows, mean, 0, cv::REDUCE_AVG);
    return mean;
}

cv::Mat minus_row(const cv::Mat& rows, const cv::Mat& row) {
    return rows - cv::repeat(row, rows.rows, 1);
}

/// Scores pictures with the model. Not thread-safe.
class PictureScorer {
  public:
    explicit PictureScorer(const std::filesystem::path& card) : scorer_(model::load_scorer(card)) {
        detector_ = faces::make_haar_detector({});
    }

    /// The probability of `expression`; `region` is the face with its margin.
    double probability(const cv::Mat& gray, const cv::Rect2f& region, const char* expression) const {
        const model::ModelCard& card = scorer_->card();
        const auto at = card.find_class(expression);
        if (!at)
            throw Error(card.name + ": does not know the class " + expression +
                        ", expected a model that does");
        const auto probabilities = scorer_->score(faces::preprocess(gray, region, card.crop));
        return probabilities[static_cast<std::size_t>(*at)];
    }

    /// The same for the detected face; 0 if there is none.
    double probability(const cv::Mat& gray, const char* expression) const {
        const auto faces = detector_->detect(gray);
        if (faces.empty()) return 0;
        return probability(gray, faces::crop_region(faces.front().box_in_frame, scorer_->card().crop),
                           expression);
    }

  private:
    std::unique_ptr<model::Scorer> scorer_;
    std::unique_ptr<faces::FaceDetector> detector_;
};

/// The model's probability of `expression` for each portrait.
std::vector<double> clarity(const std::vector<Portrait>& portraits, const char* expression,
                            const std::filesystem::path& card) {
    ThreadPool pool;
    std::vector<PictureScorer> scorers;
    for (int thread = 0; thread < pool.size(); ++thread) scorers.emplace_back(card);
    std::vector<double> probabilities(portraits.size());
    pool.run(std::ssize(portraits), [&](std::int64_t task, int thread) {
        const auto i = static_cast<std::size_t>(task);
        const cv::Mat& gray = portraits[i].gray;
        const cv::Rect2f whole(cv::Point2f(), cv::Size2f(gray.size()));
        probabilities[i] = scorers[static_cast<std::size_t>(thread)].probability(gray, whole, expression);
    });
    return probabilities;
}

/// How much there is on the cheeks and chin of a face on the canvas, which are smooth where no hand, beard or
/// scarf is: the mean gradient there.
double roughness(const cv::Mat& face) {
    cv::Mat around_mouth = face_oval().clone();
    around_mouth(cv::Rect(0, 0, kAverageFaceSide, 145)).setTo(0);
    around_mouth(cv::Rect(82, 145, 76, 52)).setTo(0);
    cv::Mat smooth, across, down, size;
    cv::GaussianBlur(face, smooth, {}, 3);
    cv::Sobel(smooth, across, CV_32F, 1, 0);
    cv::Sobel(smooth, down, CV_32F, 0, 1);
    cv::magnitude(across, down, size);
    return cv::mean(size, around_mouth)[0];
}

std::vector<double> roughness(const std::vector<Portrait>& portraits) {
    std::vector<double> gradients(portraits.size());
    ThreadPool().run(std::ssize(portraits), [&](std::int64_t task, int) {
        const auto i = static_cast<std::size_t>(task);
        gradients[i] = roughness(on_canvas(portraits[i]));
    });
    return gradients;
}

/// The distance of each picture from the center of a group, reduced for clear expressions and increased by
/// hands and beards, the most of which exclude a picture.
std::vector<double> costs(const cv::Mat& identity, const cv::Mat& center, const std::vector<double>& clear,
                          const std::vector<double>& rough) {
    auto sorted = rough;
    std::ranges::sort(sorted);
    const double limit =
        sorted.at(static_cast<std::size_t>(kSmoothShare * static_cast<double>(sorted.size())));
    std::vector<double> cost(clear.size());
    for (int i = 0; i < identity.rows; ++i) {
        const auto at = static_cast<std::size_t>(i);
        cost[at] = cv::norm(identity.row(i), center) / std::sqrt(identity.cols) - kClarityWeight * clear[at] +
                   kRoughnessWeight * rough[at];
        if (rough[at] > limit) cost[at] += kExcluded;
    }
    return cost;
}

/// The `count` first of `order`, no picture together with its mirror image.
std::vector<std::size_t> first_different(const std::vector<std::size_t>& order, int count) {
    const std::size_t pictures = order.size() / 2;
    std::vector<bool> taken(pictures);
    std::vector<std::size_t> chosen;
    for (const std::size_t i : order) {
        if (taken[i % pictures]) continue;
        taken[i % pictures] = true;
        chosen.push_back(i);
        if (std::ssize(chosen) == count) break;
    }
    return chosen;
}

/// 0 to `costs.size()` in the order of costs.
std::vector<std::size_t> ascending(const std::vector<double>& costs) {
    std::vector<std::size_t> order(costs.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return costs[a] < costs[b]; });
    return order;
}

/// Weights of a row of features for comparing expressions: mouths differ most and take up little of a face.
cv::Mat expression_weights() {
    constexpr float kMouth = 3;
    cv::Mat canvas = cv::Mat::ones(kAverageFaceSide, kAverageFaceSide, CV_32F);
    canvas(cv::Rect(75, 145, 90, 65)).setTo(kMouth);
    cv::Mat weights;
    cv::resize(canvas, weights, {kFeatureSide, kFeatureSide}, 0, 0, cv::INTER_AREA);
    return weights.reshape(1, 1);
}

/// `count` portraits of low cost that look alike (a trimmed mean): people show fear with open and with closed
/// mouths, and the average of both is neither.
std::vector<Portrait> choose_alike(const std::vector<Portrait>& portraits, const cv::Mat& rows,
                                   const std::vector<double>& cost, int count) {
    constexpr int kPasses = 10;
    const cv::Mat weights = expression_weights();
    std::vector<bool> candidate(portraits.size());
    for (const std::size_t i : first_different(ascending(cost), kPicturesToChooseFrom * count))
        candidate[i] = true;
    std::vector<std::size_t> chosen = first_different(ascending(cost), count);
    for (int pass = 0; pass < kPasses; ++pass) {
        cv::Mat chosen_rows;
        for (const std::size_t i : chosen) chosen_rows.push_back(rows.row(static_cast<int>(i)));
        const cv::Mat center = mean_row(chosen_rows);
        std::vector<double> distances(portraits.size(), kExcluded);
        for (std::size_t i = 0; i < distances.size(); ++i)
            if (candidate[i]) distances[i] = cv::norm((rows.row(static_cast<int>(i)) - center).mul(weights));
        chosen = first_different(ascending(distances), count);
    }
    std::vector<Portrait> alike;
    for (const std::size_t i : chosen) alike.push_back(portraits[i]);
    return alike;
}

/// The pictures of an expression, each with its mirror image.
struct Candidates {
    std::vector<Portrait> portraits;
    cv::Mat rows;      ///< their features
    cv::Mat identity;  ///< their features as eigenfaces, regardless of expression
    std::vector<double> clear, rough;
};

using Report = std::function<void(const std::string&)>;

Candidates find_candidates(const AverageFaceOptions& options, const char* expression, const Report& report) {
    const std::string source = options.data.string() + ", " + expression;
    Candidates candidates;
    auto& [portraits, rows, identity, clear, rough] = candidates;
    portraits = find_portraits(pictures_of(options, expression), options.eye_cascade.string());
    const std::size_t found = portraits.size();
    rows = features(portraits);
    drop_copies(portraits, rows);
    const std::ptrdiff_t different = std::ssize(portraits);
    report(source + ": " + std::to_string(found) + " pictures with both eyes found, " +
           std::to_string(different) + " without copies");
    const auto needed = std::ptrdiff_t{kPicturesToChooseFrom} * options.pictures;
    if (different < needed)
        throw Error(source + ": expected at least " + std::to_string(needed) +
                    " different pictures of faces with both eyes in sight");
    portraits = with_mirror_images(std::move(portraits));
    rows = features(portraits);
    clear = clarity(portraits, expression, options.model);
    rough = roughness(portraits);
    return candidates;
}

/// Sets the identity of all candidates. Returns the centers of kGroups groups of them, one per row.
cv::Mat group(std::span<Candidates> candidates) {
    cv::Mat without_expression;
    for (const auto& of_expression : candidates)
        without_expression.push_back(minus_row(of_expression.rows, mean_row(of_expression.rows)));
    const cv::PCA eigenfaces(without_expression, cv::Mat(), cv::PCA::DATA_AS_ROW, kEigenfaces);
    const cv::Mat identity = eigenfaces.project(without_expression).colRange(0, kIdentityEigenfaces).clone();
    int first = 0;
    for (auto& of_expression : candidates) {
        of_expression.identity = identity.rowRange(first, first + of_expression.rows.rows);
        first += of_expression.rows.rows;
    }
    cv::Mat groups, centers;
    cv::setRNGSeed(1);
    cv::kmeans(identity, kGroups, groups, {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 100, 1e-4}, 4,
               cv::KMEANS_PP_CENTERS, centers);
    return centers;
}

}  // namespace

std::vector<PersonFaces> average_faces(const AverageFaceOptions& options, const Report& report) {
    const PictureScorer scorer(options.model);  // first, so that a missing model is known at once
    std::array<Candidates, kExpressions.size()> candidates;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        candidates[i] = find_candidates(options, kExpressions[i], report);
    const cv::Mat centers = group(candidates);

    struct Person {
        PersonFaces faces;
        double roughest = 0, least_clear = 1;
    };
    std::vector<Person> people(kGroups);
    for (int g = 0; g < kGroups; ++g) {
        auto& [faces, roughest, least_clear] = people[static_cast<std::size_t>(g)];
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            const auto& [portraits, rows, identity, clear, rough] = candidates[i];
            const auto cost = costs(identity, centers.row(g), clear, rough);
            faces[i] = average_picture(choose_alike(portraits, rows, cost, options.pictures));
            roughest = std::max(roughest, roughness(faces[i]));
            least_clear = std::min(least_clear, scorer.probability(faces[i], kExpressions[i]));
        }
        report("person " + std::to_string(g + 1) + " of " + std::to_string(kGroups) +
               ": least clear expression " + std::to_string(least_clear) + ", roughness " +
               std::to_string(roughest));
    }
    std::ranges::stable_sort(people, std::less(), &Person::roughest);
    people.resize(kSmoothest);
    std::ranges::stable_sort(people, std::greater(), &Person::least_clear);
    people.resize(kPeople);
    std::vector<PersonFaces> faces;
    for (auto& person : people) faces.push_back(std::move(person.faces));
    return faces;
}

}  // namespace emotion::apps
