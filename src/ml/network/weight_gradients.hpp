#pragma once

// Internal to the library.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "ml/core/aligned_array.hpp"
#include "ml/network/network_plan.hpp"

namespace emotion::ml {

/// A batch in chunks of neighbouring images. Gradients of weights are summed over the images of a chunk, and
/// then over the chunks in order; how many there are at most is fixed, so that the sums are the same for any
/// number of threads. More threads than that find no work.
struct ImageChunks {
    static constexpr int kMost = 16;

    int images = 0;

    int count() const { return std::min(kMost, images); }
    int first_image(int chunk) const { return images * chunk / count(); }
    int chunk_of(int image) const { return ((image + 1) * count() - 1) / images; }

    /// Calls body(image, thread) for every image; those of one chunk follow one another on one thread.
    template <class Body>
    void for_images(ThreadPool& pool, const Body& body) const {
        pool.run(count(), [&](std::int64_t chunk, int thread) {
            for (int image = first_image(static_cast<int>(chunk));
                 image < first_image(static_cast<int>(chunk) + 1); ++image)
                body(image, thread);
        });
    }
};

/// The gradients of all layers' weights over a batch, gathered image by image on many threads.
class WeightGradients {
  public:
    explicit WeightGradients(const NetworkPlan& plan);

    /// Before the images of a batch.
    void set_batch(const ImageChunks& batch);
    /// Adds what an image gives to the gradient of a step's weights; of one chunk, one image after another.
    void add(const Step& step, const LayerImages& images);
    /// Writes the sums over the batch to the layers' places among all parameters.
    void sum(std::span<float> gradient, ThreadPool& pool);

  private:
    static std::size_t rows(const Step& step);

    const NetworkPlan& plan_;
    ImageChunks batch_;
    std::vector<std::size_t> begin_;      // by step
    std::size_t floats_ = 0;              // of all steps, one after the other, with their padding
    std::vector<AlignedFloats> partial_;  // by chunk
};

}  // namespace emotion::ml
