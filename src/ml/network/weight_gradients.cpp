#include "ml/network/weight_gradients.hpp"

#include "ml/core/vector.hpp"

namespace emotion::ml {

WeightGradients::WeightGradients(const NetworkPlan& plan) : plan_(plan) {
    for (const Step& step : plan.steps) {
        begin_.push_back(floats_);
        floats_ += rows(step) * padded_to_vector(step.sizes.gradient_columns);
    }
}

std::size_t WeightGradients::rows(const Step& step) {
    const int columns = step.sizes.gradient_columns;
    return columns > 0 ? step.sizes.count() / columns : 0;
}

void WeightGradients::set_batch(const ImageChunks& batch) {
    batch_ = batch;
    while (partial_.size() < ImageChunks::kMaxChunks) partial_.emplace_back(floats_);
}

void WeightGradients::add(const Step& step, const LayerImages& images) {
    if (rows(step) == 0) return;
    const int chunk = batch_.chunk_of(images.image);
    step.layer->weight_gradient(images, partial_[chunk].data() + begin_[step.output - 1],
                                images.image != batch_.first_image(chunk));
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
    for (const Step& step : plan_.steps) {
        const int columns = step.sizes.gradient_columns;
        const float* row = partial_[0].data() + begin_[step.output - 1];
        for (std::size_t index = 0; index < rows(step); ++index, row += padded_to_vector(columns))
            std::copy_n(row, columns, &gradient[step.parameters + index * columns]);
    }
}

}  // namespace emotion::ml
