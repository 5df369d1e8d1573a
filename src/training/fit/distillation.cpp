#include "training/fit/distillation.hpp"

#include <algorithm>
#include <atomic>
#include <memory>

#include "base/error.hpp"
#include "ml/network/network.hpp"
#include "model/scorer.hpp"
#include "training/fit/initial_model.hpp"

namespace emotion::training {
namespace {

/// The index of each of the student's classes in the teacher's card.
std::vector<std::size_t> places_of(const std::vector<std::string>& classes, const model::ModelCard& teacher,
                                   const std::filesystem::path& path) {
    std::vector<std::size_t> places;
    for (const auto& name : classes) {
        const auto place = teacher.find_class(name);
        if (!place)
            throw ConfigError(path.string() +
                              ": a teacher must know every class of the recipe, and this one has no '" +
                              name + "'");
        places.push_back(static_cast<std::size_t>(*place));
    }
    return places;
}

/// Adds `share` of the teacher's probabilities of the student's classes.
void add_prediction(std::span<const float> probabilities, std::span<const std::size_t> places, float share,
                    std::span<float> target) {
    float known = 0;
    for (const std::size_t place : places) known += probabilities[place];
    for (std::size_t k = 0; k < target.size(); ++k)
        target[k] += share * probabilities[places[k]] / std::max(known, 1e-6f);
}

}  // namespace

std::vector<float> distilled_targets(const DistillationOptions& options, const Dataset& data,
                                     ThreadPool& pool,
                                     const std::function<void(std::int64_t, std::int64_t)>& on_progress) {
    const std::size_t classes = data.classes.size();
    const auto share = static_cast<float>(options.weight / static_cast<double>(options.teachers.size()));
    auto targets = data.distributions();
    for (float& target : targets) target *= static_cast<float>(1 - options.weight);

    std::atomic<std::int64_t> done = 0;
    const auto all = static_cast<std::int64_t>(data.size() * options.teachers.size());
    for (const auto& path : options.teachers) {
        std::vector<std::unique_ptr<model::Scorer>> scorers;  // one per thread
        for (int thread = 0; thread < pool.size(); ++thread) scorers.push_back(model::load_scorer(path));
        const auto places = places_of(data.classes, scorers.front()->card(), path);
        pool.run(static_cast<std::int64_t>(data.size()), [&](std::int64_t task, int thread) {
            model::Scorer& teacher = *scorers[static_cast<std::size_t>(thread)];
            const cv::Mat crop = data.crop_at(static_cast<std::size_t>(task));
            const cv::Rect2f whole(cv::Point2f(), cv::Size2f(crop.size()));
            const auto probabilities = teacher.score(faces::preprocess(crop, whole, teacher.card().crop));
            add_prediction(probabilities, places, share,
                           std::span(targets).subspan(static_cast<std::size_t>(task) * classes, classes));
            ++done;
            if (thread == 0 && on_progress) on_progress(done, all);
        });
    }
    return targets;
}

ViewTeachers::ViewTeachers(const DistillationOptions& options, const std::vector<std::string>& classes,
                           const faces::CropSpec& crop)
    : weight_(options.weight) {
    for (const auto& path : options.teachers) {
        auto model = load_initial_model(path);
        if (!model.takes(crop))
            throw ConfigError(
                path.string() +
                ": a teacher asked about each view must take the recipe's crops, of the same size, "
                "color and normalisation; ask it once, or leave it out");
        auto places = places_of(classes, model.card, path);
        teachers_.push_back({std::move(model.card), ml::Network(model.graph), std::move(places)});
    }
}

void ViewTeachers::mix_into(std::span<float> targets, std::span<const float> views, ThreadPool& pool) const {
    for (float& target : targets) target *= static_cast<float>(1 - weight_);
    const auto share = static_cast<float>(weight_ / static_cast<double>(teachers_.size()));
    for (const Teacher& teacher : teachers_) {
        const std::size_t count = views.size() / teacher.network.inputs(),
                          outputs = teacher.network.outputs(), classes = teacher.places.size();
        std::vector<float> logits(count * outputs);
        teacher.network.predict(views, logits, pool);
        for (std::size_t i = 0; i < count; ++i)
            add_prediction(
                model::to_probabilities(std::span(logits).subspan(i * outputs, outputs), teacher.card),
                teacher.places, share, targets.subspan(i * classes, classes));
    }
}

}  // namespace emotion::training
