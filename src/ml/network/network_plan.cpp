#include "ml/network/network_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "ml/core/vector.hpp"

namespace emotion::ml {
namespace {

// One step for each layer, except for ReLUs fused into the preceding step.
std::vector<Step> fuse_relus(const Graph& graph) {
    std::vector<std::unique_ptr<Layer>> layers = bind_layers(graph);
    const int nodes = static_cast<int>(layers.size());
    std::vector<int> readers(layers.size() + 1, 0);   // of a node's output, with the input first
    std::vector<int> place_of(layers.size() + 1, 0);  // of a node's output
    for (int node = 0; node < nodes; ++node)
        for (const int input : inputs_of(graph, node)) ++readers[input + 1];
    std::vector<Step> steps;
    for (int node = 0; node < nodes; ++node) {
        const std::vector<int> inputs = inputs_of(graph, node);
        const int place = place_of[inputs[0] + 1];
        if (std::holds_alternative<Relu>(graph.nodes[node].layer) && place > 0 &&
            readers[inputs[0] + 1] == 1 && steps[place - 1].layer->absorb_relu()) {
            place_of[node + 1] = place;
            continue;
        }
        Step step{.layer = std::move(layers[node]), .node = node};
        step.batch = step.layer->batch();
        step.output = static_cast<int>(steps.size()) + 1;
        for (const int input : inputs) step.inputs.push_back(place_of[input + 1]);
        place_of[node + 1] = step.output;
        steps.push_back(std::move(step));
    }
    return steps;
}

// The stage in which a place is written.
int stage_of(const std::vector<Step>& steps, int place) {
    return place == 0 ? 0 : steps[place - 1].stage;
}

// A batch layer runs in the stage after its input's; everything else as soon as its inputs are available.
void assign_stages(std::vector<Step>& steps) {
    for (Step& step : steps)
        for (const int input : step.inputs)
            step.stage = std::max(step.stage, stage_of(steps, input) + (step.batch ? 1 : 0));
    // A batch layer whose output is needed only later runs later, so that its output need not be kept.
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (!step->batch) continue;
        std::optional<int> needed;
        for (const Step& reader : steps)
            if (std::count(reader.inputs.begin(), reader.inputs.end(), step->output)) {
                const int stage = reader.stage - (reader.batch ? 1 : 0);
                needed = std::min(needed.value_or(stage), stage);
            }
        step->stage = std::max(step->stage, needed.value_or(0));
    }
    for (Step& step : steps) step.input_stage = stage_of(steps, step.inputs[0]);
}

std::vector<Place> lay_out_images(const Shape& input, const std::vector<Step>& steps) {
    const bool unpadded_input = std::all_of(steps.begin(), steps.end(), [](const Step& step) {
        return step.layer->needs().unpadded_input ||
               std::count(step.inputs.begin(), step.inputs.end(), 0) == 0;
    });
    std::vector<Place> places(1);
    places[0].layout = {input, unpadded_input ? input.channels : padded_to_vector(input.channels), 0};
    for (const Step& step : steps) {
        const Shape& shape = step.layer->output();
        places.emplace_back().layout = {shape, padded_to_vector(shape.channels), 0};
    }
    for (Place& place : places) place.gradient_layout = place.layout;

    places.front().kept = places.back().kept = true;
    for (const Step& step : steps) {
        Place& output = places[step.output];
        const LayerNeeds needs = step.layer->needs();
        for (const int input_place : step.inputs) {
            int& border = places[input_place].layout.border;
            border = std::max(border, needs.input_border);
        }
        output.gradient_layout.border = needs.output_gradient_border;
        if (needs.keeps_output) output.kept = true;
        if (step.batch) output.gradient_kept = true;
        for (const int place : step.inputs)
            if (stage_of(steps, place) != step.stage) {
                places[place].kept = true;
                if (!step.batch) places[place].gradient_kept = true;
            }
    }
    return places;
}

void lay_out_parameters(NetworkPlan& plan) {
    for (Step& step : plan.steps) {
        step.sizes = step.layer->parameters();
        step.parameters = plan.parameters;
        step.statistics = plan.statistics;
        plan.parameters += step.sizes.count();
        plan.statistics += step.sizes.statistics;
    }
}

// A batch layer is the last reader to write to its input's gradient, in the stage of the input's own step,
// because its sums over the batch are only known then. The others write in reverse order.
void assign_gradient_order(std::vector<Step>& steps, int stages) {
    for (const Step& step : steps)
        if (step.batch && step.inputs[0] > 0)
            steps[step.inputs[0] - 1].batch_readers.push_back(step.output - 1);
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
            for (const int reader : step->batch_readers) write(steps[reader]);
            if (!step->batch) write(*step);
        }
}

}  // namespace

NetworkPlan::NetworkPlan(const Graph& graph) : steps(fuse_relus(graph)) {
    const Shape& last = steps.back().layer->output();
    if (last.height != 1 || last.width != 1)
        throw std::invalid_argument("a network must end in one number for each class, not in " + text(last));
    inputs = static_cast<std::size_t>(graph.input.channels) * graph.input.height * graph.input.width;
    outputs = last.channels;

    assign_stages(steps);
    for (const Step& step : steps) stages = std::max(stages, step.stage + 1);
    places = lay_out_images(graph.input, steps);
    assign_gradient_order(steps, stages);
    lay_out_parameters(*this);
}

void NetworkPlan::set_parameters(std::span<const float> all_parameters, std::span<const float> all_statistics,
                                 bool training) {
    for (Step& step : steps)
        step.layer->set_parameters(step.parameters_of(all_parameters), step.statistics_of(all_statistics),
                                   training);
}

NetworkState initial_state(const Graph& graph, const NetworkPlan& plan, std::optional<std::uint64_t> seed) {
    NetworkState state{std::vector<float>(plan.parameters), std::vector<float>(plan.statistics)};
    for (const Step& step : plan.steps) {
        const LayerKind& kind = graph.nodes[step.node].layer;
        if (!seed && step.sizes.count() > 0 && !has_weights(kind))
            throw std::invalid_argument("layer " + std::to_string(step.node) + " (" + name_of(kind) +
                                        ") has no weights");
        initialize(kind, plan.places[step.inputs[0]].layout.shape,
                   Random(seed.value_or(0), static_cast<std::uint64_t>(step.node)),
                   step.parameters_of(std::span(state.parameters)),
                   step.statistics_of(std::span(state.statistics)));
    }
    return state;
}

}  // namespace emotion::ml
