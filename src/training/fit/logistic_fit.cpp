#include "training/fit/logistic_fit.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/error.hpp"
#include "base/formatted.hpp"
#include "base/seconds.hpp"
#include "ml/metrics/calibration.hpp"
#include "ml/metrics/metrics.hpp"
#include "ml/optim/logistic.hpp"
#include "training/data/folds.hpp"
#include "training/fit/early_stopping.hpp"

namespace emotion::training {
namespace {

using Rows = std::vector<std::uint32_t>;

/// The result of fitting a subset of the pictures.
struct Fit {
    ml::FeatureScaling scaling;
    std::vector<double> parameters;
    ml::LinearModel model;
    ml::LogisticLoss loss;
    int epochs = 0, kept_epoch = 0;
    std::optional<double> validation_loss;  ///< of the kept epoch, if it was chosen by it
    bool iteration_limit_reached = false;   ///< L-BFGS reached its iteration limit
};

/// Pictures in the format of the objective.
struct Samples {
    explicit Samples(const Dataset& data)
        : pictures(data.crops, static_cast<int>(data.crop_bytes())),
          labels(data.labels.begin(), data.labels.end()) {}

    Rows all() const {
        Rows rows(labels.size());
        std::iota(rows.begin(), rows.end(), 0u);
        return rows;
    }

    ml::ByteMatrix pictures;
    std::vector<std::uint8_t> labels;
};

class LogisticFitter {
  public:
    LogisticFitter(const Recipe& recipe, const Dataset& data, const TrainingContext& context)
        : recipe_(recipe.logistic), samples_(data), context_(context) {
        const auto weights = recipe.class_weights.of(data);
        std::copy(weights.begin(), weights.end(), class_weights_.begin());
    }

    /// From now on reports metrics on `validation` after each epoch and uses them for early stopping.
    void validate_on(const Dataset& validation) { validation_.emplace(validation); }

    ml::FeatureScaling scaling(const Rows& rows) const {
        return recipe_.features == Features::kUnit ? ml::unit_scaling(samples_.pictures.columns())
                                                   : ml::standard_scaling(samples_.pictures, rows);
    }

    /// `start` contains the initial parameters, for L-BFGS only; empty: 0.
    Fit fit(const Rows& rows, const ml::FeatureScaling& scaling, double l2, std::vector<double> start,
            const std::string& stage) const {
        Fit fit;
        fit.scaling = scaling;
        ml::LogisticObjective objective({samples_.pictures, samples_.labels, rows}, scaling,
                                        {recipe_.bias, l2, recipe_.penalize_gradient, class_weights_},
                                        context_.threads);
        fit.parameters = std::move(start);
        fit.parameters.resize(static_cast<std::size_t>(objective.parameters()), 0.0);
        if (recipe_.solver == Solver::kDescent)
            descend(objective, stage, fit);
        else
            minimize(objective, stage, fit);
        fit.model = objective.model(fit.parameters);
        return fit;
    }

    std::vector<float> logits(const Rows& rows, const Fit& fit) const {
        return ml::logits(samples_.pictures, rows, fit.model, fit.scaling);
    }

  private:
    /// Computes the loss, without the penalty, and the accuracy on validation pictures.
    class Validator {
      public:
        Validator(const LogisticFitter& fitter, const Fit& fit)
            : objective_(
                  {fitter.validation_->pictures, fitter.validation_->labels, fitter.validation_->all()},
                  fit.scaling, {fitter.recipe_.bias, 0.0, true}, fitter.context_.threads) {}
        ml::LogisticLoss loss(std::span<const double> parameters) {
            return objective_.evaluate(parameters, {});
        }

      private:
        ml::LogisticObjective objective_;
    };

    void report(TrainingStep step, const std::optional<ml::LogisticLoss>& validation, bool bounded) const {
        if (validation) {
            step.validation_loss = bounded ? validation->bounded : validation->exact;
            step.validation_accuracy = validation->accuracy;
        }
        context_.report_epoch(step);
    }

    void descend(ml::LogisticObjective& objective, const std::string& stage, Fit& fit) const {
        auto options = recipe_.descent;
        options.seed = context_.seed;
        const auto pictures = objective.rows().size();
        if (options.drop_last && pictures < static_cast<std::size_t>(options.batch_size))
            throw ConfigError(
                std::to_string(pictures) + " pictures to train on, expected at least one batch (" +
                std::to_string(options.batch_size) +
                "): add pictures, lower the recipe's descent.batch_size or leave out drop_last");
        std::optional<Validator> validator;
        if (validation_) validator.emplace(*this, fit);
        EarlyStopping stopping(recipe_.patience);
        std::vector<double> best;
        fit.parameters = ml::descend(
            objective, options,
            [&](int epoch, const ml::LogisticLoss& loss, std::span<const double> parameters) {
                if (!std::isfinite(loss.exact))
                    throw Error("the loss is no longer finite after epoch " + std::to_string(epoch) +
                                ": lower descent.learning_rate in the recipe");
                fit.loss = loss;
                fit.epochs = epoch;
                std::optional<ml::LogisticLoss> validation;
                if (validator) validation = validator->loss(parameters);
                report({stage, epoch, options.epochs, loss.bounded, loss.accuracy, {}, {}}, validation, true);
                if (recipe_.patience == 0 || !validation) return true;
                if (stopping.is_best(epoch, validation->exact)) {
                    best.assign(parameters.begin(), parameters.end());
                    fit.validation_loss = validation->exact;
                }
                return !stopping.is_over();
            });
        fit.kept_epoch = best.empty() ? fit.epochs : static_cast<int>(stopping.best_epoch());
        if (best.empty()) return;
        fit.parameters = std::move(best);
        fit.loss = objective.evaluate(fit.parameters, {});
    }

    void minimize(ml::LogisticObjective& objective, const std::string& stage, Fit& fit) const {
        auto options = recipe_.lbfgs;
        options.value_noise = 1e-8;  // the objective multiplies in single precision
        const auto samples = static_cast<double>(objective.rows().size());
        const auto mean_loss = [&](std::span<const double> x, std::span<double> gradient) {
            const double loss = objective.evaluate(x, gradient).exact;
            for (auto& component : gradient) component /= samples;
            return loss;
        };
        std::optional<Validator> validator;
        if (validation_) validator.emplace(*this, fit);
        const bool curves = context_.wants_curves();
        const auto summary = ml::minimize_lbfgs(
            mean_loss, fit.parameters, options,
            [&](int iteration, double loss, std::span<const double> parameters) {
                std::optional<ml::LogisticLoss> validation;
                if (validator) validation = validator->loss(parameters);
                std::optional<double> accuracy;
                if (curves) accuracy = objective.evaluate(parameters, {}).accuracy;
                report({stage, iteration, options.max_iterations, loss, accuracy, {}, {}}, validation, false);
                return true;
            });
        fit.epochs = fit.kept_epoch = summary.iterations;
        fit.iteration_limit_reached = summary.status == ml::LbfgsStatus::kMaxIterations;
        fit.loss = objective.evaluate(fit.parameters, {});
    }

    const LogisticRecipe& recipe_;
    Samples samples_;
    std::optional<Samples> validation_;
    std::array<double, 2> class_weights_{1.0, 1.0};
    const TrainingContext& context_;
};

/// For each penalty, the logits of every picture by the model fitted without its fold.
std::vector<std::vector<float>> held_out_logits(const LogisticFitter& fitter, const std::vector<double>& l2,
                                                const std::vector<int>& fold_of, int folds) {
    std::vector<std::vector<float>> logits(l2.size(), std::vector<float>(fold_of.size()));
    for (int fold = 0; fold < folds; ++fold) {
        Rows inside, outside;
        for (std::size_t i = 0; i < fold_of.size(); ++i)
            (fold_of[i] == fold ? outside : inside).push_back(static_cast<std::uint32_t>(i));
        const auto scaling = fitter.scaling(inside);
        Fit fit;
        for (std::size_t strength = 0; strength < l2.size(); ++strength) {
            fit = fitter.fit(inside, scaling, l2[strength], std::move(fit.parameters),
                             "fold " + std::to_string(fold + 1) + " of " + std::to_string(folds) + ", l2 " +
                                 formatted("%g", l2[strength]));
            const auto answers = fitter.logits(outside, fit);
            for (std::size_t i = 0; i < outside.size(); ++i) logits[strength][outside[i]] = answers[i];
        }
    }
    return logits;
}

std::vector<double> calibrated_losses(const std::vector<float>& logits, const std::vector<int>& labels) {
    const auto calibration = ml::fit_calibration(logits, 1, labels);
    std::vector<double> losses;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const double z = logits[i] / calibration.temperature + calibration.bias[1];
        losses.push_back(std::max(z, 0.0) - labels[i] * z + std::log1p(std::exp(-std::abs(z))));
    }
    return losses;
}

/// The first candidate, strongest penalty first, that is not significantly worse than the best.
std::size_t choose_strength(const std::vector<std::vector<float>>& logits, const std::vector<int>& labels) {
    std::vector<std::vector<double>> losses;
    std::vector<double> sums;
    for (const auto& answers : logits) {
        losses.push_back(calibrated_losses(answers, labels));
        sums.push_back(std::accumulate(losses.back().begin(), losses.back().end(), 0.0));
    }
    const auto best = static_cast<std::size_t>(std::min_element(sums.begin(), sums.end()) - sums.begin());
    for (std::size_t strength = 0; strength < best; ++strength) {
        const auto worse = ml::paired_difference(losses[strength], losses[best]);
        if (worse && worse->mean <= 2.0 * worse->standard_error) return strength;
    }
    return best;
}

/// The exported model, whose inputs are pixels / 255.
ml::Graph export_graph(const Fit& fit, const faces::CropSpec& crop) {
    const auto bytes = ml::in_bytes(fit.model, fit.scaling);
    ml::Dense dense{1, {}, {static_cast<float>(bytes.bias)}};
    for (const double weight : bytes.weights) dense.weights.push_back(static_cast<float>(255.0 * weight));
    return {{1, crop.height, crop.width}, {{std::move(dense)}}};
}

}  // namespace

FittedModel fit_logistic(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                         const TrainingContext& context) {
    const auto started = std::chrono::steady_clock::now();
    if (recipe.logistic.patience > 0 && validation.size() == 0)
        throw ConfigError("descent.patience = " + std::to_string(recipe.logistic.patience) +
                          " in the recipe, but the data has no validation folder to measure on");
    LogisticFitter fitter(recipe, data, context);
    auto l2 = recipe.logistic.l2;
    std::sort(l2.begin(), l2.end(), std::greater<>());

    FittedModel fitted;
    std::size_t chosen = 0;
    if (recipe.folds > 0) {
        const auto fold_of =
            assign_folds(data, recipe.folds, context.seed, duplicates_in(data, context.threads));
        auto logits = held_out_logits(fitter, l2, fold_of, recipe.folds);
        chosen = choose_strength(logits, data.labels);
        fitted.held_out = {std::move(logits[chosen]), data.labels, data.names, "folds"};
    }
    if (validation.size() > 0 && (context.wants_curves() || recipe.logistic.patience > 0))
        fitter.validate_on(validation);
    Rows all(data.size());
    std::iota(all.begin(), all.end(), 0u);
    const auto fit = fitter.fit(all, fitter.scaling(all), l2[chosen], {}, "training");

    fitted.graph = export_graph(fit, data.crop);
    fitted.activation = model::Activation::kSigmoid;
    fitted.provenance = {{"l2", formatted("%g", l2[chosen])}};
    if (fit.iteration_limit_reached)
        fitted.warnings.push_back("the fit had not converged after " + std::to_string(fit.epochs) +
                                  " iterations: raise lbfgs.max_iterations in the recipe");
    fitted.summary = {.epochs = fit.epochs,
                      .kept_epoch = fit.kept_epoch,
                      .loss = fit.loss.bounded,
                      .exact_loss = fit.loss.exact,
                      .validation_loss = fit.validation_loss,
                      .seconds = seconds_since(started)};
    return fitted;
}

}  // namespace emotion::training
