#include "training/fit/network_training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "base/option_check.hpp"
#include "ml/optim/cross_entropy.hpp"
#include "ml/optim/network_trainer.hpp"

namespace emotion::training {
namespace {

constexpr const char* kMend = ": lower the recipe's learning_rate, or lengthen its warmup";

int likeliest(std::span<const float> row) {
    return static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
}

/// The averaged network's loss and accuracy on pictures it does not learn from.
class Validator {
  public:
    Validator(const Dataset& data, ThreadPool& pool)
        : targets_(data.distributions()),
          pictures_(data.size()),
          inputs_(network_inputs(data, false, pool)),
          pool_(pool) {}

    void measure(const ml::Network& network, EpochRecord& record) const {
        const std::size_t classes = network.outputs();
        std::vector<float> logits(pictures_ * classes), gradient(logits.size());
        network.predict(inputs_, logits, pool_);
        record.validation_loss = ml::softmax_cross_entropy(logits, targets_, classes, {}, 0, gradient);
        record.validation_accuracy = accuracy(logits, classes);
    }

  private:
    double accuracy(std::span<const float> logits, std::size_t classes) const {
        std::size_t right = 0;
        const std::span<const float> targets = targets_;
        for (std::size_t i = 0; i < pictures_; ++i)
            right += likeliest(logits.subspan(i * classes, classes)) ==
                     likeliest(targets.subspan(i * classes, classes));
        return static_cast<double>(right) / static_cast<double>(pictures_);
    }

    std::vector<float> targets_;
    std::size_t pictures_;
    std::vector<float> inputs_;
    ThreadPool& pool_;
};

/// The run of one training; train_network() makes one and asks it for epoch after epoch.
class Run {
  public:
    Run(ml::Network start, const NetworkTrainingPlan& plan, const Dataset& train, NetworkTargets targets,
        std::uint64_t seed, ThreadPool& pool)
        : plan_(plan),
          train_(train),
          seed_(seed),
          pool_(pool),
          batches_(static_cast<std::int64_t>(train.size()) / plan.batch_size),
          trainer_(std::move(start), options()),
          targets_(std::move(targets.distributions)),
          weights_(std::move(targets.weights)),
          of_views_(std::move(targets.of_views)) {
        const auto batch = static_cast<std::size_t>(plan.batch_size);
        classes_ = trainer_.network().outputs();
        truths_ = train.distributions();
        if (targets_.empty()) targets_ = truths_;
        inputs_.resize(batch * trainer_.network().inputs());
        batch_targets_.resize(batch * classes_);
        if (!weights_.empty()) batch_weights_.resize(batch);
    }

    ml::NetworkTrainer& trainer() { return trainer_; }

    EpochRecord train_epoch(std::int64_t epoch, const NetworkTrainingHooks& hooks) {
        std::vector<std::size_t> order(train_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        Random random(seed_, static_cast<std::uint64_t>(epoch));
        shuffle(std::span(order), random);

        EpochRecord record{.epoch = epoch};
        std::int64_t right = 0;
        for (std::int64_t batch = 0; batch < batches_; ++batch) {
            const auto pictures = std::span(order).subspan(static_cast<std::size_t>(batch * plan_.batch_size),
                                                           static_cast<std::size_t>(plan_.batch_size));
            fill_batch(pictures, epoch);
            const ml::StepResult step = trainer_.step(inputs_, batch_targets_, batch_weights_, pool_);
            if (!std::isfinite(step.loss) || has_exploded(step.loss))
                throw Error(
                    (std::isfinite(step.loss) ? "the loss has exploded" : "the loss is no longer finite") +
                    std::string(" at step ") + std::to_string(trainer_.steps()) + " (epoch " +
                    std::to_string(epoch) + ")" + kMend);
            record.train_loss += step.loss / static_cast<double>(batches_);
            record.learning_rate = step.learning_rate;
            right += count_right(step.logits, pictures);
            if (hooks.on_batch)
                hooks.on_batch(epoch, (batch + 1) * plan_.batch_size, batches_ * plan_.batch_size);
        }
        record.train_accuracy = static_cast<double>(right) / static_cast<double>(batches_ * plan_.batch_size);
        return record;
    }

  private:
    /// A network that is sure of a wrong class for most pictures learns nothing any more, however long it
    /// goes on. Measured by the first step, as classes' weights scale the loss, and by what a mere guess
    /// costs.
    bool has_exploded(double loss) {
        constexpr double kTimes = 100.0;
        if (first_loss_ == 0.0) first_loss_ = std::max(loss, std::log(static_cast<double>(classes_)));
        return loss > kTimes * first_loss_;
    }

    ml::NetworkTrainingOptions options() const {
        ml::NetworkTrainingOptions options;
        options.steps = batches_ * plan_.epochs;
        options.learning_rate = {.peak = plan_.learning_rate, .warmup = plan_.warmup};
        options.optimizer = plan_.optimizer;
        options.label_smoothing = plan_.label_smoothing;
        options.averaging = plan_.averaging;
        options.seed = seed_;
        return options;
    }

    /// Each picture's view depends on the seed, the epoch and the picture alone, whichever thread draws it.
    void fill_batch(std::span<const std::size_t> pictures, std::int64_t epoch) {
        const std::size_t size = train_.crop_bytes();
        pool_.run(static_cast<std::int64_t>(pictures.size()), [&](std::int64_t task, int) {
            const auto place = static_cast<std::size_t>(task), picture = pictures[place];
            Random random(seed_, (static_cast<std::uint64_t>(epoch) << 40) + picture);
            const cv::Mat view = augment(train_.crop_at(picture), plan_.augmentation, random);
            faces::normalise(view, train_.crop, std::span(inputs_).subspan(place * size, size));
            std::copy_n(targets_.begin() + static_cast<std::ptrdiff_t>(picture * classes_), classes_,
                        batch_targets_.begin() + static_cast<std::ptrdiff_t>(place * classes_));
            if (!weights_.empty()) batch_weights_[place] = weights_[picture];
        });
        if (of_views_) of_views_(inputs_, batch_targets_);
    }

    std::int64_t count_right(std::span<const float> logits, std::span<const std::size_t> pictures) const {
        std::int64_t right = 0;
        const std::span<const float> truths = truths_;
        for (std::size_t i = 0; i < pictures.size(); ++i)
            right += likeliest(logits.subspan(i * classes_, classes_)) ==
                     likeliest(truths.subspan(pictures[i] * classes_, classes_));
        return right;
    }

    const NetworkTrainingPlan& plan_;
    const Dataset& train_;
    std::uint64_t seed_;
    ThreadPool& pool_;
    std::int64_t batches_;
    ml::NetworkTrainer trainer_;
    std::vector<float> truths_, targets_, weights_;
    std::function<void(std::span<const float>, std::span<float>)> of_views_;
    std::vector<float> inputs_, batch_targets_, batch_weights_;
    std::size_t classes_ = 0;
    double first_loss_ = 0.0;  ///< 0: there was none yet
};

std::vector<float> weights_of(const ml::Network& network) {
    std::vector<float> weights(network.parameters().begin(), network.parameters().end());
    weights.insert(weights.end(), network.statistics().begin(), network.statistics().end());
    return weights;
}

ml::Network with_weights(ml::Network network, std::span<const float> weights) {
    const std::size_t parameters = network.parameters().size();
    if (weights.size() != parameters + network.statistics().size())
        throw std::invalid_argument("weights of another network");
    std::copy_n(weights.begin(), parameters, network.parameters().begin());
    std::copy(weights.begin() + static_cast<std::ptrdiff_t>(parameters), weights.end(),
              network.statistics().begin());
    return network;
}

bool out_of_patience(const NetworkTrainingPlan& plan, const Checkpoint& progress) {
    return plan.patience > 0 &&
           static_cast<std::int64_t>(progress.epochs.size()) - progress.best_epoch >= plan.patience;
}

/// What an earlier run left, if it may and can be gone on from.
Checkpoint start_from(const NetworkTrainingHooks& hooks, ml::NetworkTrainer& trainer) {
    if (hooks.resume && !hooks.checkpoint.empty())
        if (auto kept = load_checkpoint(hooks.checkpoint)) {
            if (kept->fingerprint != hooks.fingerprint)
                throw ConfigError(hooks.checkpoint.string() +
                                  ": was made with another recipe, other pictures, another seed or from "
                                  "another network; use those, or remove it to start anew");
            trainer.restore(kept->state);
            return std::move(*kept);
        }
    Checkpoint fresh;
    fresh.fingerprint = hooks.fingerprint;
    return fresh;
}

}  // namespace

void NetworkTrainingPlan::validate() const {
    check_option("epochs", epochs, epochs >= 1, "at least 1");
    check_option("batch_size", batch_size, batch_size >= 2, "at least 2");
    check_option("learning_rate", learning_rate, learning_rate > 0, "a positive number");
    check_range("warmup", warmup, 0, 1);
    check_option("label_smoothing", label_smoothing, label_smoothing >= 0 && label_smoothing < 1,
                 "a number in [0, 1)");
    check_option("patience", patience, patience >= 0, "0 or more");
    check_option("averaging", averaging, averaging >= 0 && averaging < 1, "a number in [0, 1)");
    augmentation.validate();
}

TrainedNetwork train_network(ml::Network start, const NetworkTrainingPlan& plan, const Dataset& train,
                             NetworkTargets targets, const Dataset& validation, std::uint64_t seed,
                             const NetworkTrainingHooks& hooks, ThreadPool& pool) {
    plan.validate();
    if (train.size() < static_cast<std::size_t>(plan.batch_size))
        throw ConfigError(
            std::to_string(train.size()) + " pictures to train on, expected at least one batch (" +
            std::to_string(plan.batch_size) + "): add pictures or lower the recipe's batch_size");
    Run run(std::move(start), plan, train, std::move(targets), seed, pool);
    const Validator validator(validation, pool);
    Checkpoint progress = start_from(hooks, run.trainer());
    for (const EpochRecord& record : progress.epochs)
        if (hooks.on_epoch) hooks.on_epoch(record);

    for (auto epoch = static_cast<std::int64_t>(progress.epochs.size()) + 1;
         epoch <= plan.epochs && !out_of_patience(plan, progress); ++epoch) {
        EpochRecord record = run.train_epoch(epoch, hooks);
        const ml::Network averaged = run.trainer().averaged_network();
        validator.measure(averaged, record);
        if (!std::isfinite(record.validation_loss))
            throw Error("the validation loss is no longer finite after epoch " + std::to_string(epoch) +
                        kMend);
        const bool best =
            progress.best_epoch == 0 ||
            record.validation_loss <
                progress.epochs[static_cast<std::size_t>(progress.best_epoch) - 1].validation_loss;
        progress.epochs.push_back(record);
        if (best) {
            progress.best_epoch = epoch;
            progress.best_weights = weights_of(averaged);
        }
        if (!hooks.checkpoint.empty()) {
            progress.state = run.trainer().state();
            save_checkpoint(hooks.checkpoint, progress);
        }
        if (hooks.on_epoch) hooks.on_epoch(record);
    }
    return {with_weights(run.trainer().network(), progress.best_weights), progress.best_epoch,
            std::move(progress.epochs)};
}

std::vector<float> network_inputs(const Dataset& data, bool mirrored, ThreadPool& pool) {
    const std::size_t size = data.crop_bytes();
    std::vector<float> inputs(data.crops.size());
    pool.run(static_cast<std::int64_t>(data.size()), [&](std::int64_t task, int) {
        const auto index = static_cast<std::size_t>(task);
        cv::Mat crop = data.crop_at(index);
        if (mirrored) {
            cv::Mat mirror;
            cv::flip(crop, mirror, 1);
            crop = mirror;
        }
        faces::normalise(crop, data.crop, std::span(inputs).subspan(index * size, size));
    });
    return inputs;
}

}  // namespace emotion::training
