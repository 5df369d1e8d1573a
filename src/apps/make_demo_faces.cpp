#include "apps/make_demo_faces.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <opencv2/video/tracking.hpp>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "model/scorer.hpp"
#include "vision/face_detector.hpp"
#include "vision/picture.hpp"
#include "vision/preprocess.hpp"

namespace emotion::apps {
namespace {

constexpr int kSide = kAverageFaceSide;
constexpr int kFeatureSide = 25;  // pixels of the small picture that faces are compared by
constexpr int kEigenfaces = 60;
constexpr int kIdentityEigenfaces = 20;  // the first, which hold shape and light rather than detail
constexpr int kGroups = 8;
constexpr double kClarityWeight = 6;  // of a model's certainty against likeness
constexpr double kSameShot = 0.96;    // correlation from which two pictures are copies of one

/// A picture of the data with both eyes found.
struct Portrait {
    cv::Mat gray;
    cv::Matx23f to_canvas;  ///< lays the eyes on kLeftEye and kRightEye
};

const cv::Mat& face_oval() {
    static const cv::Mat oval = [] {
        cv::Mat mask = cv::Mat::zeros(kSide, kSide, CV_8UC1);
        cv::ellipse(mask, {kSide / 2, 125}, {80, 95}, 0, 0, 360, 255, cv::FILLED);
        return mask;
    }();
    return oval;
}

/// The similarity that takes one pair of points to another.
cv::Matx23f similarity(cv::Point2f from_a, cv::Point2f from_b, cv::Point2f to_a, cv::Point2f to_b) {
    const cv::Point2f from = from_b - from_a, to = to_b - to_a;
    const float norm = from.dot(from);
    const float real = to.dot(from) / norm, imaginary = (from.x * to.y - from.y * to.x) / norm;
    return {real,      -imaginary, to_a.x - real * from_a.x + imaginary * from_a.y,
            imaginary, real,       to_a.y - imaginary * from_a.x - real * from_a.y};
}

/// The pair of eyes that lies most level and central, if there is a likely one.
std::optional<Portrait> find_eyes(const cv::Mat& gray, cv::CascadeClassifier& eye_cascade) {
    constexpr int side = 192;  // the cascade wants eyes of 20 pixels and more
    const float scale = static_cast<float>(side) / static_cast<float>(gray.cols);
    cv::Mat large;
    cv::resize(gray, large, {side, side}, 0, 0, cv::INTER_CUBIC);
    const cv::Rect upper_half(0, 20, side, 105);
    std::vector<cv::Rect> eyes;
    eye_cascade.detectMultiScale(large(upper_half), eyes, 1.05, 4, 0, {24, 24}, {90, 90});

    std::optional<Portrait> best;
    float least_off = 25;
    for (const cv::Rect& left : eyes) {
        for (const cv::Rect& right : eyes) {
            const cv::Point2f a = (left.tl() + left.br()) / 2 + upper_half.tl();
            const cv::Point2f b = (right.tl() + right.br()) / 2 + upper_half.tl();
            const float apart = b.x - a.x, tilt = std::abs(b.y - a.y);
            const float ratio = static_cast<float>(left.width) / static_cast<float>(right.width);
            const float off = std::abs((a.x + b.x - side) / 2) + tilt;
            if (apart < 55 || apart > 110 || tilt > apart / 4 || ratio < 0.6 || ratio > 1.67) continue;
            if (off >= least_off) continue;
            least_off = off;
            const cv::Point2f half_pixel(0.5f - 0.5f / scale, 0.5f - 0.5f / scale);
            best = Portrait{gray,
                            similarity(a / scale - half_pixel, b / scale - half_pixel, kLeftEye, kRightEye)};
        }
    }
    return best;
}

std::vector<Portrait> find_portraits(const std::filesystem::path& folder, const std::string& eye_cascade) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());

    ThreadPool pool;
    std::vector<cv::CascadeClassifier> cascades(static_cast<std::size_t>(pool.size()));
    for (auto& cascade : cascades)
        if (!cascade.load(eye_cascade)) throw Error(eye_cascade + ": is not a cascade that OpenCV reads");
    std::vector<std::optional<Portrait>> found(paths.size());
    pool.run(static_cast<std::int64_t>(paths.size()), [&](std::int64_t task, int thread) {
        const auto i = static_cast<std::size_t>(task);
        const cv::Mat gray = to_gray(read_picture(paths[i]));
        found[i] = find_eyes(gray, cascades[static_cast<std::size_t>(thread)]);
    });
    std::vector<Portrait> portraits;
    for (auto& portrait : found)
        if (portrait) portraits.push_back(std::move(*portrait));
    return portraits;
}

/// The face on the canvas, in light and contrast like every other: CV_32FC1, mean 0, standard deviation 1.
cv::Mat on_canvas(const Portrait& portrait) {
    cv::Mat canvas;
    cv::warpAffine(portrait.gray, canvas, portrait.to_canvas, {kSide, kSide}, cv::INTER_CUBIC,
                   cv::BORDER_REPLICATE);
    canvas.convertTo(canvas, CV_32F);
    cv::Scalar mean, deviation;
    cv::meanStdDev(canvas, mean, deviation, face_oval());
    return (canvas - mean[0]) / std::max(deviation[0], 1.0);
}

/// One row for each face: the pixels of a small copy, outside of the face's oval 0.
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

/// Leaves one of those that are copies of the same shot: twenty times one person is no average.
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

/// What the model thinks of pictures. One for each thread.
class Judge {
  public:
    explicit Judge(const std::filesystem::path& card) : scorer_(load_scorer(card)) {
        detector_ = make_haar_detector({});
    }

    /// The probability of `expression`; `region` is the face with its margin.
    double probability(const cv::Mat& gray, const cv::Rect2f& region, const char* expression) const {
        const ModelCard& card = scorer_->card();
        const auto at = card.find_class(expression);
        if (!at)
            throw Error(card.name + ": does not know the class " + expression +
                        ", expected a model that does");
        const auto probabilities = scorer_->score(preprocess(gray, region, card.crop));
        return probabilities[static_cast<std::size_t>(*at)];
    }

    /// The same of the face that the detector finds; 0 where it finds none.
    double probability(const cv::Mat& gray, const char* expression) const {
        const auto faces = detector_->detect(gray);
        if (faces.empty()) return 0;
        return probability(gray, crop_region(faces.front().box_in_frame, scorer_->card().crop), expression);
    }

  private:
    std::unique_ptr<Scorer> scorer_;
    std::unique_ptr<FaceDetector> detector_;
};

/// How clearly each portrait shows `expression`, to the model.
std::vector<double> clarity(const std::vector<Portrait>& portraits, const char* expression,
                            const std::filesystem::path& card) {
    ThreadPool pool;
    std::vector<Judge> judges;
    for (int thread = 0; thread < pool.size(); ++thread) judges.emplace_back(card);
    std::vector<double> probabilities(portraits.size());
    pool.run(std::ssize(portraits), [&](std::int64_t task, int thread) {
        const auto i = static_cast<std::size_t>(task);
        const cv::Mat& gray = portraits[i].gray;
        const cv::Rect2f whole(cv::Point2f(), cv::Size2f(gray.size()));
        probabilities[i] = judges[static_cast<std::size_t>(thread)].probability(gray, whole, expression);
    });
    return probabilities;
}

/// Where the canvas shows the picture itself and not its repeated edge: 1, elsewhere next to nothing.
cv::Mat coverage(const Portrait& portrait) {
    cv::Mat covered;
    cv::warpAffine(cv::Mat::ones(portrait.gray.size(), CV_32F), covered, portrait.to_canvas, {kSide, kSide});
    return cv::max(covered, 0.01);
}

/// The average of faces that are first warped onto it, again and again as it grows sharper.
cv::Mat average_of_warped(const std::vector<Portrait>& portraits) {
    const auto to_8bit = [](const cv::Mat& face) {
        cv::Mat picture;
        face.convertTo(picture, CV_8U, 50, 125);
        return picture;
    };
    const auto weighted_mean = [&](const std::function<void(cv::Mat & face, cv::Mat & weight)>& warp) {
        cv::Mat sum = cv::Mat::zeros(kSide, kSide, CV_32F), weights = sum.clone();
        for (const Portrait& portrait : portraits) {
            cv::Mat face = on_canvas(portrait), weight = coverage(portrait);
            warp(face, weight);
            sum += face.mul(weight);
            weights += weight;
        }
        return cv::Mat(sum / weights);
    };
    cv::Mat grid(kSide, kSide, CV_32FC2);
    for (int y = 0; y < grid.rows; ++y)
        for (int x = 0; x < grid.cols; ++x)
            grid.at<cv::Point2f>(y, x) = {static_cast<float>(x), static_cast<float>(y)};

    cv::Mat average = weighted_mean([](cv::Mat&, cv::Mat&) {});
    for (int pass = 0; pass < 3; ++pass) {
        const cv::Mat target = to_8bit(average);
        average = weighted_mean([&](cv::Mat& face, cv::Mat& weight) {
            cv::Mat smooth, flow;
            cv::GaussianBlur(face, smooth, {}, 1.5);
            cv::calcOpticalFlowFarneback(target, to_8bit(smooth), flow, 0.5, 4, 35, 3, 7, 1.5, 0);
            cv::remap(face.clone(), face, grid + flow, {}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
            cv::remap(weight.clone(), weight, grid + flow, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
        });
    }
    return average;
}

/// Sharpened, toned like a photograph, in a soft oval.
cv::Mat finish(const cv::Mat& average) {
    cv::Mat blurred;
    cv::GaussianBlur(average, blurred, {}, 2.2);
    cv::Mat sharp = average + 0.9 * (average - blurred);
    cv::GaussianBlur(sharp, blurred, {}, 10);
    sharp += 0.5 * (sharp - blurred);  // the creases of an expression, which averaging softens
    std::vector<float> tones;
    for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x)
            if (face_oval().at<uchar>(y, x)) tones.push_back(sharp.at<float>(y, x));
    std::sort(tones.begin(), tones.end());
    const float dark = tones[tones.size() / 100], light = tones[tones.size() * 99 / 100];
    cv::Mat face(kSide, kSide, CV_8UC1);
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            const double radius = std::hypot((x - 119.5) / 98, (y - 122.0) / 114);
            const double ramp = std::clamp((1 - radius) / 0.16, 0.0, 1.0);
            const double opacity = ramp * ramp * (3 - 2 * ramp);
            const double tone = 45 + 190 * (sharp.at<float>(y, x) - dark) / (light - dark);
            face.at<uchar>(y, x) = cv::saturate_cast<uchar>(opacity * tone + (1 - opacity) * 110);
        }
    }
    return face;
}

/// How little each picture fits a group: its distance from the centre, much less for a clear expression.
std::vector<double> costs(const cv::Mat& identity, const cv::Mat& centre, const std::vector<double>& clear) {
    std::vector<double> cost(clear.size());
    for (int i = 0; i < identity.rows; ++i) {
        const auto at = static_cast<std::size_t>(i);
        cost[at] = cv::norm(identity.row(i), centre) / std::sqrt(identity.cols) - kClarityWeight * clear[at];
    }
    return cost;
}

/// The average of the `count` cheapest portraits.
cv::Mat average_face(const std::vector<Portrait>& portraits, const std::vector<double>& cost, int count) {
    std::vector<std::size_t> order(cost.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return cost[a] < cost[b]; });
    std::vector<Portrait> chosen;
    for (int i = 0; i < count; ++i) chosen.push_back(portraits[order[static_cast<std::size_t>(i)]]);
    return finish(average_of_warped(chosen));
}

}  // namespace

std::vector<PersonFaces> average_faces(const AverageFaceOptions& options,
                                       const std::function<void(const std::string&)>& report) {
    constexpr std::size_t classes = kExpressions.size();
    std::array<std::vector<Portrait>, classes> portraits;
    std::array<cv::Mat, classes> rows;
    cv::Mat without_class;
    for (std::size_t c = 0; c < classes; ++c) {
        const std::filesystem::path folder = options.data / kExpressions[c];
        portraits[c] = find_portraits(folder, options.eye_cascade.string());
        const std::size_t found = portraits[c].size();
        rows[c] = features(portraits[c]);
        drop_copies(portraits[c], rows[c]);
        report(folder.string() + ": " + std::to_string(found) + " pictures with both eyes found, " +
               std::to_string(portraits[c].size()) + " without copies");
        if (std::ssize(portraits[c]) < std::ptrdiff_t{10} * options.pictures)
            throw Error(folder.string() + ": expected at least " + std::to_string(10 * options.pictures) +
                        " different pictures of faces with both eyes in sight");
        without_class.push_back(minus_row(rows[c], mean_row(rows[c])));
    }

    const cv::PCA eigenfaces(without_class, cv::Mat(), cv::PCA::DATA_AS_ROW, kEigenfaces);
    const cv::Mat identity = eigenfaces.project(without_class).colRange(0, kIdentityEigenfaces).clone();
    cv::Mat group, centres;
    cv::setRNGSeed(1);
    cv::kmeans(identity, kGroups, group, {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 100, 1e-4}, 4,
               cv::KMEANS_PP_CENTERS, centres);

    std::array<std::vector<double>, classes> clear;
    for (std::size_t c = 0; c < classes; ++c)
        clear[c] = clarity(portraits[c], kExpressions[c], options.model);
    const Judge judge(options.model);
    std::vector<std::pair<double, PersonFaces>> people(kGroups);
    for (int g = 0; g < kGroups; ++g) {
        auto& [least_clear, faces] = people[static_cast<std::size_t>(g)];
        least_clear = 1;
        int first = 0;
        for (std::size_t c = 0; c < classes; ++c) {
            const cv::Mat of_class = identity.rowRange(first, first + rows[c].rows);
            faces[c] =
                average_face(portraits[c], costs(of_class, centres.row(g), clear[c]), options.pictures);
            least_clear = std::min(least_clear, judge.probability(faces[c], kExpressions[c]));
            first += rows[c].rows;
        }
        report("person " + std::to_string(g + 1) + " of " + std::to_string(kGroups) +
               ": least clear expression " + std::to_string(least_clear));
    }
    std::ranges::stable_sort(people, std::greater(), [](const auto& person) { return person.first; });
    std::vector<PersonFaces> faces;
    for (auto& person : people) faces.push_back(std::move(person.second));
    return faces;
}

}  // namespace emotion::apps
