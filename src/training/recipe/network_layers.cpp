#include "training/recipe/network_layers.hpp"

#include <charconv>
#include <cstdint>
#include <map>
#include <sstream>
#include <stdexcept>

namespace emotion::training {
namespace {

template <typename Number>
Number number_of(const std::string& text, const std::string& line) {
    Number value{};
    const char* end = text.data() + text.size();
    if (const auto [stop, failed] = std::from_chars(text.data(), end, value);
        failed != std::errc() || stop != end)
        throw std::invalid_argument("'" + line + "': '" + text + "' is no number");
    return value;
}

/// The kinds of layers, with how many numbers each takes.
const std::map<std::string, std::size_t> kNumbers{
    {"conv", 1},         {"depthwise", 0},           {"residual", 0}, {"max_pool", 0},
    {"average_pool", 0}, {"global_average_pool", 0}, {"dropout", 1}};

constexpr int kMostChannels = 4096, kLargestKernel = 31, kLargestStride = 16;
constexpr std::int64_t kMostWeights = 100'000'000;

/// A number of a line in [1, most].
int count_of(const std::string& text, int most, const std::string& line) {
    const int value = number_of<int>(text, line);
    if (value < 1 || value > most)
        throw std::invalid_argument("'" + line + "': " + text + ", expected a whole number in [1, " +
                                    std::to_string(most) + "]");
    return value;
}

/// One line, taken apart.
struct Line {
    std::string kind;
    std::vector<std::string> numbers;
    int kernel = 3, stride = 1;
};

Line split(const std::string& text) {
    Line line;
    std::istringstream words(text);
    words >> line.kind;
    for (std::string word; words >> word;) {
        if (word.front() == '/') {
            line.stride = count_of(word.substr(1), kLargestStride, text);
        } else if (const auto cross = word.find('x'); cross != std::string::npos) {
            line.kernel = count_of(word.substr(0, cross), kLargestKernel, text);
            if (number_of<int>(word.substr(cross + 1), text) != line.kernel || line.kernel % 2 == 0)
                throw std::invalid_argument("'" + text + "': kernels are square and odd, as in 3x3");
        } else {
            line.numbers.push_back(word);
        }
    }
    return line;
}

class Builder {
  public:
    explicit Builder(const ml::Shape& input) : channels_(input.channels) { spec_.input = input; }

    void add(const std::string& text) {
        const Line line = split(text);
        const auto known = kNumbers.find(line.kind);
        if (known == kNumbers.end())
            throw std::invalid_argument("'" + text +
                                        "', expected conv, depthwise, residual, max_pool, average_pool, "
                                        "global_average_pool or dropout");
        if (line.numbers.size() != known->second)
            throw std::invalid_argument("'" + text + "': " + line.kind + " takes " +
                                        std::to_string(known->second) +
                                        (known->second == 1 ? " number" : " numbers"));
        if (line.kind == "conv") {
            channels_ = count_of(line.numbers[0], kMostChannels, text);
            convolve(line, false);
            append(ml::layer::Relu{});
        } else if (line.kind == "depthwise") {
            convolve(line, true);
            append(ml::layer::Relu{});
        } else if (line.kind == "residual") {
            const int input = last();
            convolve(line, false);
            spec_.layers.push_back({ml::layer::Add{}, {input, last()}});
            append(ml::layer::Relu{});
        } else if (line.kind == "max_pool") {
            append(ml::layer::MaxPool{});
        } else if (line.kind == "average_pool") {
            append(ml::layer::AveragePool{});
        } else if (line.kind == "global_average_pool") {
            append(ml::layer::GlobalAveragePool{});
        } else {
            append(ml::layer::Dropout{number_of<float>(line.numbers[0], text)});
        }
    }

    ml::NetworkSpec finish(int outputs) {
        append(ml::layer::Dense{outputs});
        check_weights(ml::output_shapes(spec_));
        return std::move(spec_);
    }

  private:
    int last() const { return static_cast<int>(spec_.layers.size()) - 1; }
    /// Before anything is made of that size.
    void check_weights(const std::vector<ml::Shape>& shapes) const {
        std::int64_t weights = 0;
        ml::Shape in = spec_.input;
        for (std::size_t i = 0; i < shapes.size(); in = shapes[i++]) {
            if (const auto* conv = std::get_if<ml::layer::Convolution>(&spec_.layers[i].kind))
                weights += std::int64_t{conv->kernel} * conv->kernel * conv->channels *
                           (conv->depthwise ? 1 : in.channels);
            if (const auto* dense = std::get_if<ml::layer::Dense>(&spec_.layers[i].kind))
                weights += std::int64_t{in.channels} * in.height * in.width * dense->outputs;
        }
        if (weights > kMostWeights)
            throw std::invalid_argument("they have " + std::to_string(weights) +
                                        " weights, expected at most " + std::to_string(kMostWeights));
    }
    void append(ml::LayerKind kind) { spec_.layers.push_back({kind, {}}); }
    void convolve(const Line& line, bool depthwise) {
        append(ml::layer::Convolution{.channels = channels_,
                                      .kernel = line.kernel,
                                      .stride = line.stride,
                                      .padding = line.kernel / 2,
                                      .depthwise = depthwise});
        append(ml::layer::BatchNorm{});
    }

    ml::NetworkSpec spec_;
    int channels_ = 0;
};

}  // namespace

ml::NetworkSpec parse_network(const std::vector<std::string>& lines, const ml::Shape& input, int outputs) {
    Builder builder(input);
    for (const auto& line : lines) builder.add(line);
    return builder.finish(outputs);
}

}  // namespace emotion::training
