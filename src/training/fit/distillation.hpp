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

/// What a student is to learn from its teachers: for each picture its own distribution and the mean of
/// the teachers' calibrated probabilities, the latter with `weight`: (N, classes). A teacher's classes are
/// found by their names; those it has beside the data's are left out. Throws ConfigError for a teacher that
/// lacks a class. `on_progress` hears on the calling thread how many scores of how many are done.
std::vector<float> distilled_targets(
    const DistillationOptions& options, const Dataset& data, ThreadPool& pool,
    const std::function<void(std::int64_t done, std::int64_t all)>& on_progress);

/// Teachers that answer about the views a student is shown, batch by batch. They look once at each view, for
/// its mirror image comes by as a view of its own. One caller at a time.
class ViewTeachers {
  public:
    /// Of a student of these classes and crops. Throws ConfigError for a teacher that lacks a class or cuts
    /// its crops in another way (but for how they are cut from a frame), and Error for one that our own
    /// network cannot run.
    ViewTeachers(const DistillationOptions& options, const std::vector<std::string>& classes,
                 const faces::CropSpec& crop);

    /// Mixes the mean of the teachers' calibrated probabilities, with `weight`, into the targets (N, classes)
    /// of `views`, (N, channels, height, width). The same whatever the number of threads.
    void mix_into(std::span<float> targets, std::span<const float> views, ThreadPool& pool) const;

  private:
    struct Teacher {
        model::ModelCard card;
        ml::Network network;
        std::vector<std::size_t> places;  ///< of the student's classes among its own
    };
    double weight_;
    std::vector<Teacher> teachers_;
};

}  // namespace emotion::training
