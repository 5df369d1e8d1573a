#include "training/evaluation/scoring.hpp"

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/join.hpp"
#include "faces/turned_crop.hpp"
#include "media/pictures/picture.hpp"

namespace emotion::training {
namespace {

/// Per-thread resources; neither scorers nor detectors can be shared.
struct WorkerContext {
    std::unique_ptr<model::Scorer> scorer;
    std::unique_ptr<faces::FaceDetector> detector;  ///< null: pictures are crops already
};

/// The crop to score: the whole picture if it is a crop already, else its largest face.
std::optional<cv::Mat> face_crop(const cv::Mat& picture, const WorkerContext& worker) {
    const auto& spec = worker.scorer->card().crop;
    if (!worker.detector)
        return faces::preprocess(picture, cv::Rect2f(cv::Point2f(), cv::Size2f(picture.size())), spec);
    const auto found = worker.detector->detect(media::to_gray(picture));
    if (found.empty()) return std::nullopt;
    const auto& face = found.front();
    return faces::preprocess_turned(picture, faces::crop_region(face.box_in_frame, spec), face.roll_deg,
                                    spec);
}

void score(const std::filesystem::path& file, const WorkerContext& worker, ScoredPicture& scored) {
    cv::Mat picture;
    try {
        picture = media::read_picture(file.string());
    } catch (const Error&) {
        scored.outcome = ScoredPicture::Outcome::kUnreadable;
        return;
    }
    const auto crop = face_crop(picture, worker);
    if (!crop)
        scored.outcome = ScoredPicture::Outcome::kNoFace;
    else
        scored.probabilities = worker.scorer->score(*crop);
}

/// Throws if no picture was scored, with the reason for one of them.
void check_any_scored(const std::vector<ClassFolder>& folders, const std::vector<ScoredFolder>& scored) {
    std::string no_face, unreadable;  // the first of each
    for (std::size_t folder = 0; folder < folders.size(); ++folder)
        for (std::size_t i = 0; i < folders[folder].files.size(); ++i) {
            const auto outcome = scored[folder].pictures[i].outcome;
            if (outcome == ScoredPicture::Outcome::kScored) return;
            auto& first = outcome == ScoredPicture::Outcome::kNoFace ? no_face : unreadable;
            if (first.empty()) first = folders[folder].files[i].string();
        }
    if (!no_face.empty())
        throw Error(no_face + ": no face was found in it, nor in any other picture that can be read");
    if (!unreadable.empty()) media::read_picture(unreadable);
    throw Error("there is no picture to measure in the folders " + join(names_of(folders)));
}

}  // namespace

void for_each_picture(std::size_t pictures, ThreadPool& threads, const ScoringProgress& progress,
                      const std::function<void(std::size_t, std::size_t)>& work) {
    constexpr std::size_t kBetweenReports = 64;
    progress(0, pictures);
    for (std::size_t first = 0; first < pictures; first += kBetweenReports) {
        const auto count = std::min(kBetweenReports, pictures - first);
        threads.run(static_cast<std::int64_t>(count), [&](std::int64_t task, int thread) {
            work(first + static_cast<std::size_t>(task), static_cast<std::size_t>(thread));
        });
        progress(first + count, pictures);
    }
}

std::vector<ScoredFolder> score_folders(const std::filesystem::path& card,
                                        const std::vector<ClassFolder>& folders,
                                        const std::optional<faces::HaarOptions>& detection,
                                        ThreadPool& threads, const ScoringProgress& progress) {
    std::vector<WorkerContext> workers;
    for (int thread = 0; thread < threads.size(); ++thread)
        workers.push_back(
            {model::load_scorer(card), detection ? faces::make_haar_detector(*detection) : nullptr});

    std::vector<ScoredFolder> scored;
    for (const auto& folder : folders) {
        scored.push_back({folder.name, {}});
        for (const auto& file : folder.files)
            scored.back().pictures.push_back({folder.name_of(file), {}, {}});
    }
    struct Task {
        const std::filesystem::path* file;
        ScoredPicture* picture;
    };
    std::vector<Task> tasks;
    for (std::size_t folder = 0; folder < folders.size(); ++folder)
        for (std::size_t i = 0; i < folders[folder].files.size(); ++i)
            tasks.push_back({&folders[folder].files[i], &scored[folder].pictures[i]});

    for_each_picture(tasks.size(), threads, progress, [&](std::size_t task, std::size_t thread) {
        score(*tasks[task].file, workers[thread], *tasks[task].picture);
    });
    check_any_scored(folders, scored);
    return scored;
}

std::vector<ScoredFolder> score_dataset(model::Scorer& scorer, const Dataset& data) {
    std::vector<ScoredFolder> scored;
    for (const auto& name : data.classes) scored.push_back({name, {}});
    for (std::size_t i = 0; i < data.size(); ++i)
        scored[static_cast<std::size_t>(data.labels[i])].pictures.push_back(
            {data.names[i], ScoredPicture::Outcome::kScored, scorer.score(data.crop_at(i)),
             data.votes_of(i)});
    return scored;
}

}  // namespace emotion::training
