#pragma once

// Internal to the library.

#include <span>

#include "ml/inference_graph.hpp"
#include "ml/network_plan.hpp"

namespace emotion::ml {

InferenceGraph export_graph(const NetworkSpec& spec, const NetworkPlan& plan,
                            std::span<const float> parameters, std::span<const float> statistics);

}  // namespace emotion::ml
