#include "ml/network_plan.hpp"

#include <algorithm>
#include <stdexcept>

#include "ml/vector.hpp"

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

// One step for each layer, but for ReLUs that a step before them can do on the way.
std::vector<Step> make_steps(const NetworkSpec& spec, const std::vector<Shape>& shapes) {
    std::vector<int> readers(spec.layers.size() + 1, 0);
    for (int layer = 0; layer < static_cast<int>(spec.layers.size()); ++layer)
        for (const int input : inputs_of(spec, layer)) ++readers[input + 1];
    std::vector<int> step_of(spec.layers.size() + 1, -1);  // by place
    std::vector<int> place_of(spec.layers.size() + 1, 0);  // where a layer's output is found
    std::vector<Step> steps;
    for (int layer = 0; layer < static_cast<int>(spec.layers.size()); ++layer) {
        const LayerKind& kind = spec.layers[layer].kind;
        const std::vector<int> inputs = inputs_of(spec, layer);
        const int before = step_of[inputs[0] + 1];
        if (std::holds_alternative<Relu>(kind) && before >= 0 && readers[inputs[0] + 1] == 1 &&
            !steps[before].with_relu &&
            (is_norm(steps[before]) || std::holds_alternative<Add>(steps[before].kind))) {
            steps[before].with_relu = true;
            step_of[layer + 1] = before;
            place_of[layer + 1] = steps[before].output;
            continue;
        }
        Step step;
        step.kind = kind;
        step.layer = layer;
        step.output = layer + 1;
        for (const int input : inputs) step.inputs.push_back(place_of[input + 1]);
        const Shape in = inputs[0] < 0 ? spec.input : shapes[inputs[0]];
        step.convolution = convolution_geometry(kind, in, shapes[layer]);
        step_of[layer + 1] = static_cast<int>(steps.size());
        place_of[layer + 1] = step.output;
        steps.push_back(std::move(step));
    }
    return steps;
}

// A batch normalisation waits for the stage after its input's; everything else runs as soon as its inputs are
// there.
void assign_stages(std::vector<Step>& steps, std::vector<int>& stage_of) {
    for (Step& step : steps) {
        for (const int input : step.inputs)
            step.stage = std::max(step.stage, stage_of[input] + (is_norm(step) ? 1 : 0));
        stage_of[step.output] = step.stage;
    }
    // One whose output is only needed later runs later, so that its output need not be kept.
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (!is_norm(*step)) continue;
        int needed = -1;
        for (const Step& reader : steps)
            if (std::count(reader.inputs.begin(), reader.inputs.end(), step->output)) {
                const int stage = reader.stage - (is_norm(reader) ? 1 : 0);
                needed = needed < 0 ? stage : std::min(needed, stage);
            }
        if (needed > step->stage) stage_of[step->output] = step->stage = needed;
    }
}

// A batch normalisation writes to its input's gradient last of all readers, in the stage of the input's own
// step, because its sums over the batch are only known then. The others write in backward order.
void assign_gradient_order(std::vector<Step>& steps, std::size_t places, int stages) {
    std::vector<bool> written(places, false);
    for (int stage = stages - 1; stage >= 0; --stage)
        for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
            if (step->stage != stage) continue;
            const auto write = [&](Step& reader) {
                for (const int input : reader.inputs) {
                    reader.adds.push_back(written[input]);
                    written[input] = true;
                }
            };
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
    steps = make_steps(spec, shapes);
    places.resize(spec.layers.size() + 1);
    std::vector<int> stage_of(places.size(), 0);
    assign_stages(steps, stage_of);
    for (Step& step : steps) {
        step.input_stage = stage_of[step.inputs[0]];
        stages = std::max(stages, step.stage + 1);
    }

    // Convolutions alone read pixels one channel at a time, so only they can do with a bare input.
    const bool bare_input = std::all_of(steps.begin(), steps.end(), [](const Step& step) {
        return step.inputs[0] != 0 || (step.convolution && !step.convolution->depthwise);
    });
    for (std::size_t place = 0; place < places.size(); ++place) {
        const Shape shape = place == 0 ? spec.input : shapes[place - 1];
        const int stride = place == 0 && bare_input ? shape.channels : padded_to_vector(shape.channels);
        places[place].layout = places[place].gradient_layout = {shape, stride, 0};
    }
    places[0].kept = places[steps.back().output].kept = true;

    for (std::size_t index = 0; index < steps.size(); ++index) {
        Step& step = steps[index];
        Place& output = places[step.output];
        if (step.convolution) {
            const auto kernel = make_convolution_kernel(*step.convolution);
            int& border = places[step.inputs[0]].layout.border;
            border = std::max(border, kernel->input_border());
            output.gradient_layout.border = kernel->output_gradient_border();
            output.kept = true;  // too costly to make again
            step.parameters = parameters;
            parameters += step.convolution->weights();
        }
        if (is_norm(step)) {
            output.gradient_kept = true;
            step.parameters = parameters;
            step.statistics = statistics;
            parameters += 2 * output.layout.shape.channels;
            statistics += 2 * output.layout.shape.channels;
            const auto producer = std::find_if(steps.begin(), steps.end(), [&](const Step& other) {
                return other.output == step.inputs[0];
            });
            if (producer != steps.end()) producer->normalized_by.push_back(static_cast<int>(index));
        }
        for (const int input : step.inputs)
            if (stage_of[input] != step.stage) {
                places[input].kept = true;
                if (!is_norm(step)) places[input].gradient_kept = true;
            }
    }
    assign_gradient_order(steps, places.size(), stages);
}

}  // namespace emotion::ml
