// Replaces osc_output.cpp in builds without liblo.
#include <memory>
#include <string>

#include "base/error.hpp"
#include "results/osc_output.hpp"
#include "results/output_table.hpp"

namespace emotion::results {

void check_osc_address(const std::string& target) {
    throw ConfigError(target +
                      ": this program was built without liblo, which sends OSC; install liblo-dev (macOS: "
                      "liblo) and build it again");
}

std::unique_ptr<FrameOutput> make_osc_output(const std::string& target, const OutputContext&) {
    check_osc_address("--osc " + target);
    return nullptr;
}

}  // namespace emotion::results
