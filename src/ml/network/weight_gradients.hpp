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

/// Splits a batch into chunks of consecutive images. Weight gradients are summed over the images of a chunk,
/// then over the chunks in order; the maximum number of chunks is fixed, so that sums do not depend on the
/// number of threads. Threads beyond that number stay idle.
struct ImageChunks {
    static constexpr int kMaxChunks = 16;

    int images = 0;

    int count() const { return std::min(kMaxChunks, images); }
    int first_image(int chunk) const { return images * chunk / count(); }
    int chunk_of(int image) const { return ((image + 1) * count() - 1) / images; }

    /// Calls body(image, thread) for every image, those of a chunk in sequence on one thread.
    template <class Body>
    void for_images(ThreadPool& pool, const Body& body) const {
        pool.run(count(), [&](std::int64_t chunk, int thread) {
            for (int image = first_image(static_cast<int>(chunk));
                 image < first_image(static_cast<int>(chunk) + 1); ++image)
                body(image, thread);
        });
    }
};

/// The weight gradients of all layers over a batch, accumulated image by image on several threads.
class WeightGradients {
  public:
    explicit WeightGradients(const NetworkPlan& plan);

    /// Call before each batch.
    void set_batch(const ImageChunks& batch);
    /// Adds an image's contribution to the weight gradient of a step; one image of a chunk at a time.
    void add(const Step& step, const LayerImages& images);
    /// Writes the sums over the batch to `gradient`, laid out as all parameters.
    void sum(std::span<float> gradient, ThreadPool& pool);

  private:
    static std::size_t rows(const Step& step);

    const NetworkPlan& plan_;
    ImageChunks batch_;
    std::vector<std::size_t> begin_;      // by step
    std::size_t floats_ = 0;              // of all steps, including padding
    std::vector<AlignedFloats> partial_;  // by chunk
};

}  // namespace emotion::ml
