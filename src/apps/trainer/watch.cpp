#include "apps/trainer/watch.hpp"

#include <cerrno>
#include <cstring>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/seconds.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::apps {
namespace {

constexpr double kSecondsBetweenLines = 2.0;

std::string figures(const training::TrainingStep& step) {
    std::ostringstream text;
    text.precision(4);
    text << "loss " << step.loss;
    if (step.accuracy) text << ", accuracy " << *step.accuracy;
    if (step.validation_loss) text << ", validation loss " << *step.validation_loss;
    if (step.validation_accuracy) text << ", validation accuracy " << *step.validation_accuracy;
    return text.str();
}

}  // namespace

TrainingWatch::TrainingWatch(Progress& progress, std::filesystem::path log)
    : progress_(progress), log_file_(std::move(log)) {
    if (log_file_.empty()) return;
    log_.open(log_file_, std::ios::app);
    if (!log_) throw Error(log_file_.string() + ": cannot be written: " + std::strerror(errno));
}

void TrainingWatch::start() {
    started_ = last_epoch_ = last_line_ = Clock::now();
}

void TrainingWatch::on_progress(const std::string& stage, std::int64_t done, std::int64_t all) {
    if (stage != stage_) progress_.start(stage_ = stage, all, "pictures");
    progress_.update(done);
    slow_epochs_ = true;
}

void TrainingWatch::on_epoch(const training::TrainingStep& step) {
    const double seconds = seconds_since(last_epoch_);
    last_epoch_ = Clock::now();
    log(step, seconds);
    if (slow_epochs_) {
        if (seconds_since(last_line_) < kSecondsBetweenLines && step.epoch < step.epochs) return;
        last_line_ = Clock::now();
        progress_.say(step.stage + ": epoch " + std::to_string(step.epoch) + " of " +
                      std::to_string(step.epochs) + ", " + figures(step) + ", " + duration_text(seconds) +
                      ", at most " + duration_text(seconds * (step.epochs - step.epoch)) + " left");
        return;
    }
    if (step.stage != stage_) progress_.start(stage_ = step.stage, step.epochs, "epochs");
    progress_.update(step.epoch, figures(step));
}

void TrainingWatch::log(const training::TrainingStep& step, double seconds) {
    if (!log_.is_open()) return;
    if (!std::exchange(log_started_, true) && std::filesystem::is_regular_file(log_file_))
        std::filesystem::resize_file(log_file_, 0);
    log_ << nlohmann::ordered_json{{"stage", step.stage},
                                   {"epoch", step.epoch},
                                   {"epochs", step.epochs},
                                   {"loss", step.loss},
                                   {"accuracy", training::figure_json(step.accuracy)},
                                   {"validation_loss", training::figure_json(step.validation_loss)},
                                   {"validation_accuracy", training::figure_json(step.validation_accuracy)},
                                   {"epochs_per_second", seconds > 0.0 ? 1.0 / seconds : 0.0},
                                   {"seconds", seconds_since(started_)}}
                .dump()
         << std::endl;
    if (!log_) throw Error(log_file_.string() + ": can no longer be written; is the disk full?");
}

}  // namespace emotion::apps
