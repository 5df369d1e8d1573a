#pragma once

#include <cstdint>
#include <limits>

namespace emotion::training {

/// Remembers the epoch of the lowest validation loss, and when it is over with waiting for a lower one.
class EarlyStopping {
  public:
    /// Epochs without a lower loss after which a training ends; 0: it never does.
    explicit EarlyStopping(int patience) : patience_(patience) {}

    /// Takes the loss of an epoch after the others; true if it is the lowest so far.
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
