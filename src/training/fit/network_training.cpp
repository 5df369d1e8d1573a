#include "training/fit/network_training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "ml/optim/cross_entropy.hpp"
#include "ml/optim/network_trainer.hpp"
#include "training/fit/early_stopping.hpp"

namespace emotion::training {
namespace {

constexpr const char* kRemedy = ": lower the recipe's learning_rate, or lengthen its warmup";

int most_likely(std::span<const float> row) {
    return static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
}

/// Computes loss and accuracy of the averaged network on validation pictures.
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
        record.validation_loss = ml::softmax_cross_entropy(logits, targets_, classes, {}, gradient);
        record.validation_accuracy = accuracy(logits, classes);
    }

  private:
    double accuracy(std::span<const float> logits, std::size_t classes) const {
        std::size_t right = 0;
        const std::span<const float> targets = targets_;
        for (std::size_t i = 0; i < pictures_; ++i)
            right += most_likely(logits.subspan(i * classes, classes)) ==
                     most_likely(targets.subspan(i * classes, classes));
        return static_cast<double>(right) / static_cast<double>(pictures_);
    }

    std::vector<float> targets_;
    std::size_t pictures_;
    std::vector<float> inputs_;
    ThreadPool& pool_;
};

/// The state of train_network().
class Run {
  public:
    Run(ml::Network start, const NetworkTrainingPlan& plan, NetworkTrainingData training_data,
        const TrainingContext& context)
        : plan_(plan),
          training_data_(std::move(training_data)),
          context_(context),
          batches_(static_cast<std::int64_t>(training_data_.train.size()) / plan.batch_size),
          trainer_(std::move(start), options()),
          truths_(training_data_.train.distributions()) {
        const auto batch = static_cast<std::size_t>(plan.batch_size);
        classes_ = trainer_.network().outputs();
        if (training_data_.targets.empty()) training_data_.targets = truths_;
        inputs_.resize(batch * trainer_.network().inputs());
        batch_targets_.resize(batch * classes_);
        batch_labels_.resize(batch);
        if (!training_data_.weights.empty()) batch_weights_.resize(batch);
    }

    ml::NetworkTrainer& trainer() { return trainer_; }

    EpochRecord train_epoch(std::int64_t epoch) {
        std::vector<std::size_t> order(training_data_.train.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        Random random(context_.seed, static_cast<std::uint64_t>(epoch));
        shuffle(std::span(order), random);

        const auto stage = "epoch " + std::to_string(epoch) + " of " + std::to_string(plan_.epochs);
        EpochRecord record{.epoch = epoch};
        std::int64_t right = 0;
        for (std::int64_t batch = 0; batch < batches_; ++batch) {
            const auto pictures = std::span(order).subspan(static_cast<std::size_t>(batch * plan_.batch_size),
                                                           static_cast<std::size_t>(plan_.batch_size));
            fill_batch(pictures, epoch);
            const ml::StepResult step =
                trainer_.step({inputs_,
                               batch_targets_,
                               batch_weights_,
                               {training_data_.shown, batch_labels_, plan_.shown_label}},
                              context_.threads);
            if (!std::isfinite(step.loss) || has_exploded(step.loss))
                throw Error(
                    (std::isfinite(step.loss) ? "the loss has diverged" : "the loss is no longer finite") +
                    std::string(" at step ") + std::to_string(trainer_.steps()) + " (epoch " +
                    std::to_string(epoch) + ")" + kRemedy);
            record.train_loss += step.loss / static_cast<double>(batches_);
            record.learning_rate = step.learning_rate;
            right += count_right(step.logits, pictures);
            context_.report_progress(stage, (batch + 1) * plan_.batch_size, batches_ * plan_.batch_size);
        }
        record.train_accuracy = static_cast<double>(right) / static_cast<double>(batches_ * plan_.batch_size);
        return record;
    }

  private:
    /// A network that confidently predicts a wrong class for most pictures does not recover. Compared with
    /// the loss of the first step, because class weights scale the loss, and with that of guessing.
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
        options.seed = context_.seed;
        return options;
    }

    /// Each view depends only on seed, epoch and picture, not on the thread that draws it.
    void fill_batch(std::span<const std::size_t> pictures, std::int64_t epoch) {
        const auto& train = training_data_.train;
        const std::size_t size = train.crop_bytes();
        context_.threads.run(static_cast<std::int64_t>(pictures.size()), [&](std::int64_t task, int) {
            const auto place = static_cast<std::size_t>(task), picture = pictures[place];
            Random random(context_.seed, (static_cast<std::uint64_t>(epoch) << 40) + picture);
            const cv::Mat view = augment(train.crop_at(picture), plan_.augmentation, random);
            faces::normalize(view, train.crop, std::span(inputs_).subspan(place * size, size));
            std::copy_n(training_data_.targets.begin() + static_cast<std::ptrdiff_t>(picture * classes_),
                        classes_, batch_targets_.begin() + static_cast<std::ptrdiff_t>(place * classes_));
            batch_labels_[place] = train.labels[picture];
            if (!training_data_.weights.empty()) batch_weights_[place] = training_data_.weights[picture];
        });
        if (training_data_.adjust_targets) training_data_.adjust_targets(inputs_, batch_targets_);
    }

    std::int64_t count_right(std::span<const float> logits, std::span<const std::size_t> pictures) const {
        std::int64_t right = 0;
        const std::span<const float> truths = truths_;
        for (std::size_t i = 0; i < pictures.size(); ++i)
            right += most_likely(logits.subspan(i * classes_, classes_)) ==
                     most_likely(truths.subspan(pictures[i] * classes_, classes_));
        return right;
    }

    const NetworkTrainingPlan& plan_;
    NetworkTrainingData training_data_;
    const TrainingContext& context_;
    std::int64_t batches_;
    ml::NetworkTrainer trainer_;
    std::vector<float> truths_;
    std::vector<float> inputs_, batch_targets_, batch_weights_;
    std::vector<int> batch_labels_;
    std::size_t classes_ = 0;
    double first_loss_ = 0.0;  ///< 0: none yet
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

/// The checkpoint of an earlier run, if resuming is requested and possible.
Checkpoint start_from(const TrainingContext& context, const std::string& fingerprint,
                      ml::NetworkTrainer& trainer) {
    if (context.resume && !context.checkpoint.empty())
        if (auto kept = load_checkpoint(context.checkpoint)) {
            if (kept->fingerprint != fingerprint)
                throw ConfigError(context.checkpoint.string() +
                                  ": was made with another recipe, other pictures, another seed or from "
                                  "another network; use those, or remove it to start over");
            trainer.restore(kept->state);
            return std::move(*kept);
        }
    Checkpoint fresh;
    fresh.fingerprint = fingerprint;
    return fresh;
}

TrainingStep step_of(const EpochRecord& record, int epochs) {
    return {"training",
            static_cast<int>(record.epoch),
            epochs,
            record.train_loss,
            record.train_accuracy,
            record.validation_loss,
            record.validation_accuracy};
}

}  // namespace

TrainedNetwork train_network(ml::Network start, const NetworkTrainingPlan& plan,
                             NetworkTrainingData training_data, const TrainingContext& context,
                             const std::string& fingerprint) {
    plan.validate();
    if (training_data.train.size() < static_cast<std::size_t>(plan.batch_size))
        throw ConfigError(std::to_string(training_data.train.size()) +
                          " pictures to train on, expected at least one batch (" +
                          std::to_string(plan.batch_size) +
                          "): add pictures or lower the recipe's batch_size");
    const Validator validator(training_data.validation, context.threads);
    Run run(std::move(start), plan, std::move(training_data), context);
    Checkpoint progress = start_from(context, fingerprint, run.trainer());
    EarlyStopping stopping(plan.patience);
    for (const EpochRecord& record : progress.epochs) {
        stopping.is_best(record.epoch, record.validation_loss);
        context.report_epoch(step_of(record, plan.epochs));
    }

    for (auto epoch = static_cast<std::int64_t>(progress.epochs.size()) + 1;
         epoch <= plan.epochs && !stopping.is_over(); ++epoch) {
        EpochRecord record = run.train_epoch(epoch);
        const ml::Network averaged = run.trainer().averaged_network();
        validator.measure(averaged, record);
        if (!std::isfinite(record.validation_loss))
            throw Error("the validation loss is no longer finite after epoch " + std::to_string(epoch) +
                        kRemedy);
        progress.epochs.push_back(record);
        if (stopping.is_best(epoch, record.validation_loss)) {
            progress.best_epoch = epoch;
            progress.best_weights = weights_of(averaged);
        }
        if (!context.checkpoint.empty()) {
            progress.state = run.trainer().state();
            save_checkpoint(context.checkpoint, progress);
        }
        context.report_epoch(step_of(record, plan.epochs));
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
        faces::normalize(crop, data.crop, std::span(inputs).subspan(index * size, size));
    });
    return inputs;
}

}  // namespace emotion::training
