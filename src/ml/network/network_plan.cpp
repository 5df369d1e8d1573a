#include "ml/network/network_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "ml/core/vector.hpp"

namespace emotion::ml {
namespace {

bool is_norm(const Step& step) {
    return std::holds_alternative<layer::BatchNorm>(step.kind);
}

std::optional<ConvolutionGeometry> convolution_geometry(const LayerKind& kind, const Shape& in,
                                                        const Shape& out) {
    if (const auto* convolution = std::get_if<layer::Convolution>(&kind))
        return ConvolutionGeometry{.in = in,
                                   .out = out,
                                   .kernel_height = convolution->kernel,
                                   .kernel_width = convolution->kernel,
                                   .stride = convolution->stride,
                                   .padding = convolution->padding,
                                   .depthwise = convolution->depthwise,
                                   .bias = convolution->bias};
    if (std::holds_alternative<layer::Dense>(kind))  // a convolution whose kernel is as large as the image
        return ConvolutionGeometry{.in = in,
                                   .out = out,
                                   .kernel_height = in.height,
                                   .kernel_width = in.width,
                                   .stride = 1,
                                   .padding = 0,
                                   .depthwise = false,
                                   .bias = true};
    return std::nullopt;
}

bool can_take_relu(const Step& step) {
    return !step.with_relu && (is_norm(step) || std::holds_alternative<Add>(step.kind));
}

// One step for each layer, but for ReLUs that the step before them can do on the way.
std::vector<Step> fuse_relus(const NetworkSpec& spec, const std::vector<Shape>& shapes) {
    const int layers = static_cast<int>(spec.layers.size());
    std::vector<int> readers(shapes.size() + 1, 0);   // of a layer's output; the first is the input
    std::vector<int> place_of(shapes.size() + 1, 0);  // where it is found
    for (int layer = 0; layer < layers; ++layer)
        for (const int input : inputs_of(spec, layer)) ++readers[input + 1];
    std::vector<Step> steps;
    for (int layer = 0; layer < layers; ++layer) {
        const LayerKind& kind = spec.layers[layer].kind;
        const std::vector<int> inputs = inputs_of(spec, layer);
        const int place = place_of[inputs[0] + 1];
        if (std::holds_alternative<Relu>(kind) && place > 0 && readers[inputs[0] + 1] == 1 &&
            can_take_relu(steps[place - 1])) {
            steps[place - 1].with_relu = true;
            place_of[layer + 1] = place;
            continue;
        }
        Step step;
        step.kind = kind;
        step.layer = layer;
        step.output = static_cast<int>(steps.size()) + 1;
        for (const int input : inputs) step.inputs.push_back(place_of[input + 1]);
        const Shape in = inputs[0] < 0 ? spec.input : shapes[inputs[0]];
        step.convolution = convolution_geometry(kind, in, shapes[layer]);
        place_of[layer + 1] = step.output;
        steps.push_back(std::move(step));
    }
    return steps;
}

// In which stage a place is filled.
int stage_of(const std::vector<Step>& steps, int place) {
    return place == 0 ? 0 : steps[place - 1].stage;
}

// A batch normalisation waits for the stage after its input's; everything else runs as soon as its inputs are
// there.
void assign_stages(std::vector<Step>& steps) {
    for (Step& step : steps)
        for (const int input : step.inputs)
            step.stage = std::max(step.stage, stage_of(steps, input) + (is_norm(step) ? 1 : 0));
    // A normalisation whose output is only needed later runs later, so that its output need not be kept.
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (!is_norm(*step)) continue;
        std::optional<int> needed;
        for (const Step& reader : steps)
            if (std::count(reader.inputs.begin(), reader.inputs.end(), step->output)) {
                const int stage = reader.stage - (is_norm(reader) ? 1 : 0);
                needed = std::min(needed.value_or(stage), stage);
            }
        step->stage = std::max(step->stage, needed.value_or(0));
    }
    for (Step& step : steps) step.input_stage = stage_of(steps, step.inputs[0]);
}

std::vector<Place> lay_out_images(const Shape& input, const std::vector<Shape>& shapes,
                                  const std::vector<Step>& steps) {
    // Convolutions alone read pixels one channel at a time, so only they can do with a bare input.
    const bool bare_input = std::all_of(steps.begin(), steps.end(), [](const Step& step) {
        return (step.convolution && !step.convolution->depthwise) ||
               std::count(step.inputs.begin(), step.inputs.end(), 0) == 0;
    });
    std::vector<Place> places(1);
    places[0].layout = {input, bare_input ? input.channels : padded_to_vector(input.channels), 0};
    for (const Step& step : steps) {
        const Shape& shape = shapes[step.layer];
        places.emplace_back().layout = {shape, padded_to_vector(shape.channels), 0};
    }
    for (Place& place : places) place.gradient_layout = place.layout;

    places.front().kept = places.back().kept = true;
    for (const Step& step : steps) {
        Place& output = places[step.output];
        if (step.convolution) {
            int& border = places[step.inputs[0]].layout.border;
            border = std::max(border, step.convolution->padding);
            output.gradient_layout.border = step.convolution->output_gradient_border();
            output.kept = true;  // too costly to make again
        }
        if (is_norm(step)) output.gradient_kept = true;
        for (const int place : step.inputs)
            if (stage_of(steps, place) != step.stage) {
                places[place].kept = true;
                if (!is_norm(step)) places[place].gradient_kept = true;
            }
    }
    return places;
}

void lay_out_parameters(NetworkPlan& plan) {
    for (Step& step : plan.steps) {
        step.parameters = plan.parameters;
        step.statistics = plan.statistics;
        if (step.convolution) plan.parameters += step.convolution->weights();
        if (is_norm(step)) {
            plan.parameters += plan.norm_parameters(step);
            plan.statistics += plan.norm_parameters(step);
        }
    }
}

// A batch normalisation writes to its input's gradient last of all readers, in the stage of the input's own
// step, because its sums over the batch are only known then. The others write in backward order.
void assign_gradient_order(std::vector<Step>& steps, int stages) {
    for (const Step& step : steps)
        if (is_norm(step) && step.inputs[0] > 0)
            steps[step.inputs[0] - 1].normalized_by.push_back(step.output - 1);
    std::vector<bool> written(steps.size() + 1, false);  // by place
    const auto write = [&](Step& reader) {
        for (const int input : reader.inputs) {
            reader.adds.push_back(written[input]);
            written[input] = true;
        }
    };
    for (int stage = stages - 1; stage >= 0; --stage)
        for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
            if (step->stage != stage) continue;
            for (const int norm : step->normalized_by) write(steps[norm]);
            if (!is_norm(*step)) write(*step);
        }
}

}  // namespace

NetworkPlan::NetworkPlan(const NetworkSpec& spec) {
    const std::vector<Shape> shapes = output_shapes(spec);
    if (shapes.back().height != 1 || shapes.back().width != 1)
        throw std::invalid_argument("a network must end in one number for each class, not in " +
                                    text(shapes.back()));
    inputs = static_cast<std::size_t>(spec.input.channels) * spec.input.height * spec.input.width;
    outputs = shapes.back().channels;

    steps = fuse_relus(spec, shapes);
    assign_stages(steps);
    for (const Step& step : steps) stages = std::max(stages, step.stage + 1);
    places = lay_out_images(spec.input, shapes, steps);
    assign_gradient_order(steps, stages);
    lay_out_parameters(*this);
}

}  // namespace emotion::ml
