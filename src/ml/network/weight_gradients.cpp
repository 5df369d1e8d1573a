#include "ml/network/weight_gradients.hpp"

#include "ml/core/vector.hpp"

namespace emotion::ml {

WeightGradients::WeightGradients(const NetworkPlan& plan, const Kernels& kernels)
    : plan_(plan), kernels_(kernels) {
    for (const auto& kernel : kernels_) {
        begin_.push_back(floats_);
        if (kernel) floats_ += static_cast<std::size_t>(kernel->geometry().rows()) * kernel->padded_out();
    }
}

void WeightGradients::set_batch(const ImageChunks& batch) {
    batch_ = batch;
    while (partial_.size() < ImageChunks::kMost) partial_.emplace_back(floats_);
}

void WeightGradients::add(std::size_t step, const ImageView& input, const ImageView& output_gradient,
                          int image) {
    const int chunk = batch_.chunk_of(image);
    kernels_[step]->weight_gradient(input, output_gradient, partial_[chunk].data() + begin_[step],
                                    image != batch_.first_image(chunk));
}

void WeightGradients::sum(std::span<float> gradient, ThreadPool& pool) {
    const std::int64_t slices = 64, vectors = static_cast<std::int64_t>(partial_[0].size()) / kVectorWidth;
    pool.run(slices, [&](std::int64_t slice, int) {
        for (std::int64_t vector = vectors * slice / slices; vector < vectors * (slice + 1) / slices;
             ++vector) {
            float* sum = partial_[0].data() + vector * kVectorWidth;
            Vector total = load(sum);
            for (int chunk = 1; chunk < batch_.count(); ++chunk)
                total += load(partial_[chunk].data() + vector * kVectorWidth);
            store(sum, total);
        }
    });
    for (std::size_t step = 0; step < kernels_.size(); ++step) {
        if (!kernels_[step]) continue;
        const ConvolutionGeometry& geometry = kernels_[step]->geometry();
        for (int row = 0; row < geometry.rows(); ++row)
            std::copy_n(partial_[0].data() + begin_[step] + row * kernels_[step]->padded_out(),
                        geometry.out.channels,
                        &gradient[plan_.steps[step].parameters +
                                  static_cast<std::size_t>(row) * geometry.out.channels]);
    }
}

}  // namespace emotion::ml
