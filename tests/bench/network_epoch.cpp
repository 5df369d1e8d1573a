// Times training steps of a network and prints them as one line of JSON. network_epoch_beside_torch.py
// compares it with PyTorch.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "ml/core/instruction_set.hpp"
#include "ml/optim/network_trainer.hpp"

using namespace emotion;
using namespace emotion::ml;

namespace {

constexpr int kClasses = 7;

// "16,24k5/2,M,+24": a convolution to 16 channels (3x3, each with batch normalization and ReLU), one to 24
// with 5x5 and stride 2, max pooling, a convolution whose input is added to its output before the ReLU.
Graph parse_network(const std::string& text) {
    Graph graph;
    std::istringstream tokens(text);
    for (std::string token; std::getline(tokens, token, ',');) {
        if (token == "M") {
            graph.nodes.push_back({MaxPool{}});
            continue;
        }
        const int input = static_cast<int>(graph.nodes.size()) - 1;
        const auto number_after = [&](char mark, int otherwise) {
            const std::size_t place = token.find(mark);
            return place == std::string::npos ? otherwise : std::stoi(token.substr(place + 1));
        };
        const int kernel = number_after('k', 3);
        graph.nodes.push_back({Convolution{.channels = std::stoi(token),
                                           .kernel = kernel,
                                           .stride = number_after('/', 1),
                                           .padding = kernel / 2}});
        graph.nodes.push_back({BatchNorm{}});
        if (token.front() == '+') graph.nodes.push_back({Add{}, {input + 2, input}});
        graph.nodes.push_back({Relu{}});
    }
    graph.nodes.push_back({GlobalAveragePool{}});
    graph.nodes.push_back({Dropout{0.3f}});
    graph.nodes.push_back({Dense{kClasses}});
    return graph;
}

struct Batch {
    std::vector<float> images, targets;
};

Batch made_up(std::size_t size, std::size_t inputs) {
    Random random(1);
    Batch batch{std::vector<float>(size * inputs), std::vector<float>(size * kClasses, 0.0f)};
    for (float& pixel : batch.images) pixel = static_cast<float>(random.normal());
    for (std::size_t i = 0; i < size; ++i) batch.targets[i * kClasses + random.below(kClasses)] = 1.0f;
    return batch;
}

// Raw floats: all images, then all targets.
Batch read(const std::string& path, std::size_t size, std::size_t inputs) {
    Batch batch{std::vector<float>(size * inputs), std::vector<float>(size * kClasses)};
    std::ifstream file(path, std::ios::binary);
    for (std::vector<float>* part : {&batch.images, &batch.targets})
        file.read(reinterpret_cast<char*>(part->data()),
                  static_cast<std::streamsize>(part->size() * sizeof(float)));
    if (!file) throw std::runtime_error(path + " does not hold the batch");
    return batch;
}

}  // namespace

int main(int argc, char** argv) try {
    int threads = 0;
    std::size_t size = 64;
    std::int64_t steps = 20;
    std::string network = "16,16,M,32,32,M,64,64,M,64", data;
    CLI::App app("Times training steps of a network on 50x50 pictures");
    app.add_option("--network", network, "its convolutions and poolings (default " + network + ")");
    app.add_option("--batch", size, "pictures in a step (default 64)");
    app.add_option("--steps", steps, "to time (default 20)");
    app.add_option("--threads", threads, "default: one for each core");
    app.add_option("--data", data, "raw float32 pictures and targets of one batch (default: made-up ones)");
    CLI11_PARSE(app, argc, argv);

    NetworkTrainingOptions options;
    options.steps = steps + 2;
    options.learning_rate = {.peak = 1e-3, .warmup = 0, .end = 1};
    NetworkTrainer trainer(parse_network(network), options);
    const std::size_t inputs = trainer.network().inputs();
    const Batch batch = data.empty() ? made_up(size, inputs) : read(data, size, inputs);
    ThreadPool pool(threads);
    std::vector<double> milliseconds, processor_milliseconds;
    double loss = 0;
    for (std::int64_t step = 0; step < options.steps; ++step) {
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t processor_start = std::clock();
        loss = trainer.step({batch.images, batch.targets}, pool).loss;
        const std::chrono::duration<double, std::milli> duration = std::chrono::steady_clock::now() - start;
        if (step < 2) continue;  // warmup
        milliseconds.push_back(duration.count());
        processor_milliseconds.push_back(1e3 * static_cast<double>(std::clock() - processor_start) /
                                         CLOCKS_PER_SEC);
    }
    std::cout << nlohmann::json{{"instruction_set", instruction_set()},
                                {"threads", pool.size()},
                                {"step_ms", milliseconds},
                                {"step_processor_ms", processor_milliseconds},
                                {"parameters", trainer.network().parameters().size()},
                                {"loss", loss}}
              << '\n';
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
