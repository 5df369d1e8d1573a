#pragma once

// Internal to the library.

#include <vector>

#include "ml/core/aligned_array.hpp"
#include "ml/network/network_plan.hpp"

namespace emotion::ml {

/// Memory for the outputs of all steps of a plan and their gradients: one for each image of a batch where
/// they are kept, one per thread otherwise.
class NetworkImages {
  public:
    NetworkImages(const NetworkPlan& plan, int batch, int threads, bool with_gradients)
        : plan_(plan), batch_(batch), threads_(threads) {
        const auto reserve = [&](std::vector<AlignedFloats>& storage, const ImageLayout& layout, bool kept) {
            storage.emplace_back(layout.floats() * (kept ? batch : threads));
        };
        for (const Place& place : plan.places) {
            reserve(values_, place.layout, place.kept);
            if (with_gradients) reserve(gradients_, place.gradient_layout, place.gradient_kept);
        }
    }

    bool suffice(int batch, int threads) const { return batch <= batch_ && threads <= threads_; }

    ImageView value(int place, int image, int thread) {
        const Place& where = plan_.places[place];
        return view(values_[place], where.layout, where.kept ? image : thread);
    }
    ImageView gradient(int place, int image, int thread) {
        const Place& where = plan_.places[place];
        return view(gradients_[place], where.gradient_layout, where.gradient_kept ? image : thread);
    }

  private:
    static ImageView view(AlignedFloats& storage, const ImageLayout& layout, std::size_t slot) {
        return {layout, storage.data() + slot * layout.floats()};
    }

    const NetworkPlan& plan_;
    int batch_, threads_;
    std::vector<AlignedFloats> values_, gradients_;
};

}  // namespace emotion::ml
