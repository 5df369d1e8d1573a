#include "drawing/system_fonts.hpp"

// Replaces system_fonts.cpp where FreeType, HarfBuzz or Fontconfig is not available.

namespace emotion::drawing {

class SystemFonts::Fonts {};

SystemFonts::SystemFonts(std::unique_ptr<Fonts> fonts) : fonts_(std::move(fonts)) {}

SystemFonts::~SystemFonts() = default;

SystemFonts* SystemFonts::installed() {
    return nullptr;
}

std::string SystemFonts::name() const {
    return {};
}

cv::Mat SystemFonts::draw(const std::string&, double, int, int) {
    return {};
}

std::vector<std::string> SystemFonts::missing(const std::string&) {
    return {};
}

}  // namespace emotion::drawing
