#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "ml/network/network.hpp"
#include "model/model_card.hpp"
#include "training/data/dataset.hpp"
#include "training/recipe/network_recipe.hpp"

namespace emotion::training {

/// The targets of a student, (N, classes): for each picture its own distribution blended with the mean of the
/// teachers' calibrated probabilities, the latter with `weight`. Classes are matched by name; a teacher's
/// other classes are ignored. Throws ConfigError for a teacher that lacks a class. `on_progress` is called on
/// the calling thread with the number of scores done and their total.
std::vector<float> distilled_targets(
    const DistillationOptions& options, const Dataset& data, ThreadPool& pool,
    const std::function<void(std::int64_t done, std::int64_t all)>& on_progress);

/// Teachers that score the augmented views of a student, batch by batch. They score each view once, without
/// its mirror image, which occurs as a view of its own. One caller at a time.
class ViewTeachers {
  public:
    /// Loads teachers for a student with these classes and crops. Throws ConfigError for a teacher that lacks
    /// a class or has different crops (apart from how they are cut from a frame), and Error for one that our
    /// own network cannot run.
    ViewTeachers(const DistillationOptions& options, const std::vector<std::string>& classes,
                 const faces::CropSpec& crop);

    /// Blends the mean of the teachers' calibrated probabilities, with `weight`, into the targets (N,
    /// classes) of `views`, (N, channels, height, width). The result does not depend on the number of
    /// threads.
    void mix_into(std::span<float> targets, std::span<const float> views, ThreadPool& pool) const;

  private:
    struct Teacher {
        model::ModelCard card;
        ml::Network network;
        std::vector<std::size_t> places;  ///< of the student's classes in the teacher's card
    };
    double weight_;
    std::vector<Teacher> teachers_;
};

}  // namespace emotion::training
