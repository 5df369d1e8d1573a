#include "training/evaluation/figure_text.hpp"

#include <iomanip>
#include <sstream>

namespace emotion::training {

std::string figure_text(const std::optional<double>& figure, int digits) {
    if (!figure) return "-";
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << *figure;
    return text.str();
}

std::string percent_text(double share) {
    return figure_text(100.0 * share, 0) + " %";
}

nlohmann::ordered_json figure_json(const std::optional<double>& figure) {
    return figure ? nlohmann::ordered_json(*figure) : nlohmann::ordered_json(nullptr);
}

std::string json_text(const nlohmann::ordered_json& json) {
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace emotion::training
