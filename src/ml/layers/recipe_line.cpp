#include "ml/layers/recipe_line.hpp"

#include <charconv>
#include <sstream>
#include <stdexcept>

namespace emotion::ml {
namespace {

constexpr int kLargestKernel = 31, kLargestStride = 16;

[[noreturn]] void refuse(const std::string& line, const std::string& what) {
    throw std::invalid_argument("'" + line + "': " + what);
}

template <class Number>
Number number_in(const std::string& text, const std::string& line) {
    Number value{};
    const char* end = text.data() + text.size();
    if (const auto [stop, failed] = std::from_chars(text.data(), end, value);
        failed != std::errc() || stop != end)
        refuse(line, "'" + text + "' is not a number");
    return value;
}

int count_in(const std::string& text, int max, const std::string& line) {
    const int value = number_in<int>(text, line);
    if (value < 1 || value > max)
        refuse(line, text + ", expected a whole number in [1, " + std::to_string(max) + "]");
    return value;
}

}  // namespace

RecipeLine::RecipeLine(const std::string& line) : text(line) {
    std::istringstream words(line);
    words >> word;
    for (std::string next; words >> next;) {
        const auto cross = next.find('x');
        if (next.front() != '/' && cross == std::string::npos) {
            numbers.push_back(next);
            continue;
        }
        has_window = true;
        if (next.front() == '/') {
            stride = count_in(next.substr(1), kLargestStride, line);
        } else {
            kernel = count_in(next.substr(0, cross), kLargestKernel, line);
            if (number_in<int>(next.substr(cross + 1), line) != kernel || kernel % 2 == 0)
                refuse(line, "kernels are square and odd, as in 3x3");
        }
    }
}

int RecipeLine::count(std::size_t place, int max) const {
    return count_in(numbers.at(place), max, text);
}

float RecipeLine::number(std::size_t place) const {
    return number_in<float>(numbers.at(place), text);
}

}  // namespace emotion::ml
