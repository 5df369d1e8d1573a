#include "ml/optim/network_trainer.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

#include "base/random.hpp"
#include "support/catch.hpp"

namespace network_trainer_test {

using namespace emotion;
using namespace emotion::ml;

namespace {

Graph small_network() {
    return {{1, 8, 8},
            {{Convolution{8}},
             {BatchNorm{}},
             {Relu{}},
             {MaxPool{}},
             {Convolution{8}},
             {BatchNorm{}},
             {Add{}, {5, 3}},
             {Relu{}},
             {GlobalAveragePool{}},
             {Dropout{0.2f}},
             {Dense{2}}}};
}

struct Batch {
    std::vector<float> images, targets;
};

// Horizontal or vertical stripes, randomly shifted, in noise: no single pixel distinguishes them.
Batch stripes(int count, std::uint64_t seed) {
    Random random(seed);
    Batch batch;
    for (int image = 0; image < count; ++image) {
        const bool upright = random.below(2) == 1;
        const auto shift = random.below(4);
        for (std::uint64_t y = 0; y < 8; ++y)
            for (std::uint64_t x = 0; x < 8; ++x)
                batch.images.push_back(static_cast<float>(
                    static_cast<double>(((upright ? x : y) + shift) / 2 % 2) + 0.3 * random.normal()));
        batch.targets.push_back(upright ? 0.0f : 1.0f);
        batch.targets.push_back(upright ? 1.0f : 0.0f);
    }
    return batch;
}

double accuracy(const Network& network, const Batch& batch, ThreadPool& pool) {
    std::vector<float> logits(batch.targets.size());
    network.predict(batch.images, logits, pool);
    int right = 0;
    for (std::size_t i = 0; i < logits.size(); i += 2)
        right += (logits[i] > logits[i + 1]) == (batch.targets[i] > batch.targets[i + 1]);
    return 2.0 * right / static_cast<double>(logits.size());
}

NetworkTrainingOptions options_for(std::int64_t steps) {
    NetworkTrainingOptions options;
    options.steps = steps;
    options.learning_rate = {.peak = 1e-2};
    options.averaging = 0.9;
    return options;
}

}  // namespace

TEST_CASE("Training learns patterns that no single pixel distinguishes") {
    ThreadPool pool(2);
    const Batch unseen = stripes(200, 999);
    for (const OptimizerOptions& optimizer : {OptimizerOptions(AdamW{}), OptimizerOptions(Sgd{})}) {
        NetworkTrainingOptions options = options_for(60);
        options.optimizer = optimizer;
        if (std::holds_alternative<Sgd>(optimizer)) options.learning_rate.peak = 0.1;
        NetworkTrainer trainer(small_network(), options);
        double first = 0, last = 0;
        for (std::uint64_t step = 0; step < 60; ++step) {
            const Batch batch = stripes(32, step);
            last = trainer.step({batch.images, batch.targets}, pool).loss;
            if (step == 0) first = last;
        }
        CHECK(last < 0.6 * first);
        CHECK(accuracy(trainer.network(), unseen, pool) > 0.97);
        CHECK(accuracy(trainer.averaged_network(), unseen, pool) > 0.97);
    }
}

TEST_CASE("A restored training continues bit for bit with any number of threads") {
    const auto run = [](int threads, int interrupted_at) {
        ThreadPool pool(threads);
        NetworkTrainer trainer(small_network(), options_for(10));
        NetworkTrainingState state;
        for (int step = 0; step < 10; ++step) {
            if (step == interrupted_at) {
                state = trainer.state();
                NetworkTrainingOptions other_start = options_for(10);
                trainer = NetworkTrainer(small_network(), other_start);
                trainer.restore(state);
                REQUIRE(trainer.steps() == step);
            }
            const Batch batch = stripes(20, static_cast<std::uint64_t>(step));
            trainer.step({batch.images, batch.targets}, pool);
        }
        return trainer.state().numbers;
    };
    const std::vector<float> uninterrupted = run(1, -1);
    CHECK(uninterrupted == run(2, 4));
    CHECK(uninterrupted == run(3, 9));
}

TEST_CASE("Averages follow the weights by their decay") {
    ThreadPool pool(1);
    NetworkTrainingOptions options = options_for(3);
    options.averaging = 0.5;
    NetworkTrainer trainer(small_network(), options);
    const Batch batch = stripes(8, 1);
    const float start = trainer.network().parameters()[0];
    trainer.step({batch.images, batch.targets}, pool);
    const float first = trainer.network().parameters()[0];
    const double early = 2.0 / 11;  // the decay at step 1 is less than half
    CHECK(trainer.averaged_network().parameters()[0] == Approx(early * start + (1 - early) * first));
    options.averaging = 0.0;
    NetworkTrainer unaveraged(small_network(), options);
    unaveraged.step({batch.images, batch.targets}, pool);
    CHECK(unaveraged.averaged_network().statistics()[0] == unaveraged.network().statistics()[0]);
    CHECK(unaveraged.averaged_network().parameters()[0] == unaveraged.network().parameters()[0]);
}

TEST_CASE("Invalid options and states are rejected by name") {
    NetworkTrainingOptions options;
    CHECK_THROWS_WITH(options.validate(), ContainsSubstring("steps = 0"));
    options = options_for(5);
    options.averaging = 1.0;
    CHECK_THROWS_WITH(NetworkTrainer(small_network(), options), ContainsSubstring("averaging = 1"));
    options = options_for(5);
    options.optimizer = AdamW{.beta1 = 1.0};
    CHECK_THROWS_WITH(options.validate(), ContainsSubstring("beta1 = 1"));
    const auto refused = [](const auto& change, const std::string& expected) {
        NetworkTrainingOptions changed = options_for(5);
        change(changed);
        CHECK_THROWS_WITH(changed.validate(), ContainsSubstring(expected));
    };
    refused([](auto& changed) { changed.learning_rate.end = -1e-6; }, "learning_rate.end = -1e-06");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    refused([&](auto& changed) { changed.learning_rate.peak = nan; }, "learning_rate.peak = nan");
    refused([&](auto& changed) { changed.learning_rate.warmup = nan; }, "learning_rate.warmup = nan");
    refused([&](auto& changed) { changed.learning_rate.end = nan; }, "learning_rate.end = nan");
    refused([&](auto& changed) { changed.label_smoothing = nan; }, "label_smoothing = nan");
    refused([&](auto& changed) { changed.averaging = nan; }, "averaging = nan");
    refused([&](auto& changed) { changed.optimizer = AdamW{.epsilon = nan}; }, "epsilon = nan");
    refused([&](auto& changed) { changed.optimizer = Sgd{.weight_decay = nan}; }, "weight_decay = nan");
    NetworkTrainer trainer(small_network(), options_for(5));
    NetworkTrainingState state = trainer.state();
    state.numbers.pop_back();
    CHECK_THROWS_AS(trainer.restore(state), std::invalid_argument);
}

}  // namespace network_trainer_test
