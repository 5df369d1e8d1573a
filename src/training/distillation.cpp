#include "training/distillation.hpp"

#include <algorithm>
#include <atomic>
#include <memory>

#include "base/error.hpp"
#include "model/scorer.hpp"
#include "training/network_training.hpp"

namespace emotion {
namespace {

/// Where each of the student's classes stands among the teacher's.
std::vector<std::size_t> places_of(const std::vector<std::string>& classes, const ModelCard& teacher,
                                   const std::filesystem::path& path) {
    std::vector<std::size_t> places;
    for (const auto& name : classes) {
        const auto found = std::find(teacher.classes.begin(), teacher.classes.end(), name);
        if (found == teacher.classes.end())
            throw ConfigError(path.string() +
                              ": a teacher must know every class of the recipe, and this one has no '" +
                              name + "'");
        places.push_back(static_cast<std::size_t>(found - teacher.classes.begin()));
    }
    return places;
}

}  // namespace

std::vector<float> distilled_targets(const DistillationOptions& options, const Dataset& data,
                                     ThreadPool& pool,
                                     const std::function<void(std::int64_t, std::int64_t)>& on_progress) {
    const std::size_t classes = data.classes.size();
    const auto share = static_cast<float>(options.weight / static_cast<double>(options.teachers.size()));
    std::vector<float> targets(data.size() * classes, 0.0f);
    for (std::size_t i = 0; i < data.size(); ++i)
        targets[i * classes + static_cast<std::size_t>(data.labels[i])] =
            static_cast<float>(1 - options.weight);

    std::atomic<std::int64_t> done = 0;
    const auto all = static_cast<std::int64_t>(data.size() * options.teachers.size());
    for (const auto& path : options.teachers) {
        std::vector<std::unique_ptr<Scorer>> scorers;  // one for each thread
        for (int thread = 0; thread < pool.size(); ++thread) scorers.push_back(load_scorer(path));
        const auto places = places_of(data.classes, scorers.front()->card(), path);
        pool.run(static_cast<std::int64_t>(data.size()), [&](std::int64_t task, int thread) {
            Scorer& teacher = *scorers[static_cast<std::size_t>(thread)];
            const cv::Mat crop = crop_at(data, static_cast<std::size_t>(task));
            const cv::Rect2f whole(cv::Point2f(), cv::Size2f(crop.size()));
            const auto probabilities = teacher.score(preprocess(crop, whole, teacher.card().crop));
            float known = 0;
            for (const std::size_t place : places) known += probabilities[place];
            for (std::size_t k = 0; k < classes; ++k)
                targets[static_cast<std::size_t>(task) * classes + k] +=
                    share * probabilities[places[k]] / std::max(known, 1e-6f);
            ++done;
            if (thread == 0 && on_progress) on_progress(done, all);
        });
    }
    return targets;
}

}  // namespace emotion
