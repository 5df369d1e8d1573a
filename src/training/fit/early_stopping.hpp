#pragma once

#include <cstdint>
#include <limits>

namespace emotion::training {

/// Tracks the epoch with the lowest validation loss and decides when to stop.
class EarlyStopping {
  public:
    /// `patience`: epochs without improvement before stopping; 0: never stop.
    explicit EarlyStopping(int patience) : patience_(patience) {}

    /// Records the loss of the next epoch; true if it is the lowest so far.
    bool is_best(std::int64_t epoch, double validation_loss) {
        epoch_ = epoch;
        if (!(validation_loss < lowest_)) return false;
        lowest_ = validation_loss;
        best_epoch_ = epoch;
        return true;
    }

    std::int64_t best_epoch() const { return best_epoch_; }  ///< 0: none yet
    bool is_over() const { return patience_ > 0 && epoch_ - best_epoch_ >= patience_; }

  private:
    int patience_;
    double lowest_ = std::numeric_limits<double>::infinity();
    std::int64_t epoch_ = 0, best_epoch_ = 0;
};

}  // namespace emotion::training
