#include "training/fit/network_training.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/random.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/fit/network_fit.hpp"
#include "training/recipe/network_layers.hpp"

namespace network_training_test {

using namespace emotion;
using namespace emotion::training;

namespace {

/// Noise with a bright horizontal or vertical bar: two classes that augmentation does not confuse.
Dataset bars(int pictures, std::uint64_t seed) {
    Dataset data;
    data.classes = {"lying", "standing"};
    data.crop.width = data.crop.height = 16;
    data.crop.normalization = faces::Normalization::kPerPicture;
    Random random(seed);
    for (int i = 0; i < pictures; ++i) {
        const int label = i % 2;
        const auto bar = 4 + random.below(8);
        for (std::size_t row = 0; row < 16; ++row)
            for (std::size_t column = 0; column < 16; ++column)
                data.crops.push_back(static_cast<std::uint8_t>(
                    (label == 0 ? row : column) / 2 == bar / 2 ? 220 : random.below(120)));
        data.labels.push_back(label);
        data.names.push_back(data.classes[static_cast<std::size_t>(label)] + "/" + std::to_string(i));
    }
    return data;
}

NetworkTrainingPlan short_plan() {
    NetworkTrainingPlan plan;
    plan.epochs = 4;
    plan.batch_size = 16;
    plan.averaging = 0.9;
    return plan;
}

ml::Network small_network() {
    return ml::Network(
        parse_network({"conv 8", "max_pool", "conv 8", "global_average_pool", "dropout 0.1"}, {1, 16, 16}, 2),
        5);
}

struct Result {
    std::vector<float> weights;
    std::vector<EpochRecord> epochs;
};

/// The parameters of a training besides its pictures.
struct Circumstances {
    std::vector<TrainingObserver*> observers{};
    std::filesystem::path checkpoint{};
    bool resume = false;
    std::string fingerprint{};
};

Result train_once(int threads, const Circumstances& how = {}) {
    ThreadPool pool(threads);
    const auto data = bars(160, 1), validation = bars(64, 2);
    const auto trained = train_network(small_network(), short_plan(), {data, validation},
                                       {5, pool, how.observers, how.checkpoint, how.resume}, how.fingerprint);
    const auto weights = trained.network.parameters();
    return {{weights.begin(), weights.end()}, trained.epochs};
}

struct Interrupted {};

/// Throws in the third epoch.
class PowerCut : public TrainingObserver {
  public:
    void on_epoch(const TrainingStep&) override {}
    void on_progress(const std::string& stage, std::int64_t done, std::int64_t) override {
        if (stage == "epoch 3 of 4" && done > 64) throw Interrupted();
    }
};

class EpochCounter : public TrainingObserver {
  public:
    void on_epoch(const TrainingStep& step) override { seen.push_back(step.epoch); }
    std::vector<int> seen;
};

}  // namespace

TEST_CASE("A network learns to distinguish horizontal from vertical bars") {
    const auto result = train_once(2);
    REQUIRE(result.epochs.size() == 4);
    CHECK(result.epochs.back().validation_accuracy > 0.9);
    CHECK(result.epochs.back().validation_loss < result.epochs.front().validation_loss);
}

TEST_CASE("The label among the shown classes is learned where the votes do not tell") {
    // Nine of ten people say neither, and the tenth is undecided.
    ThreadPool pool(2);
    auto data = bars(160, 1), validation = bars(64, 2);
    for (auto* part : {&data, &validation}) {
        part->classes.push_back("neither");
        for (std::size_t i = 0; i < part->size(); ++i)
            part->targets.insert(part->targets.end(), {0.05f, 0.05f, 0.9f});
    }
    const ml::Network start(
        parse_network({"conv 8", "max_pool", "conv 8", "global_average_pool"}, {1, 16, 16}, 3), 5);
    const auto accuracy = [&](double weight) {
        auto plan = short_plan();
        plan.shown_label = weight;
        const auto network =
            train_network(start, plan, {data, validation, {}, {}, {0, 1}}, {5, pool, {}, {}, false}, {})
                .network;
        const auto logits = network_outputs(network, validation, false, pool);
        std::size_t right = 0;
        for (std::size_t i = 0; i < validation.size(); ++i) {
            right += (logits[3 * i + 1] > logits[3 * i]) == (validation.labels[i] == 1);
            CHECK(logits[3 * i + 2] > std::max(logits[3 * i], logits[3 * i + 1]));
        }
        return static_cast<double>(right) / static_cast<double>(validation.size());
    };
    CHECK(accuracy(0.5) > 0.9);
    CHECK(accuracy(0.0) < 0.8);
}

TEST_CASE("The number of threads does not change a trained network") {
    CHECK(train_once(1).weights == train_once(3).weights);
}

TEST_CASE("An interrupted training resumes to the same network") {
    const test::TemporaryFolder folder;
    PowerCut power_cut;
    Circumstances how{{&power_cut}, folder / "run.checkpoint", false, "bars"};
    CHECK_THROWS_AS(train_once(2, how), Interrupted);
    EpochCounter epochs;
    how.observers = {&epochs};
    how.resume = true;
    CHECK(train_once(2, how).weights == train_once(2).weights);
    CHECK(epochs.seen == std::vector<int>{1, 2, 3, 4});

    how.fingerprint = "other pictures";
    CHECK_THROWS_WITH(train_once(2, how), ContainsSubstring("run.checkpoint: was made with another recipe"));
}

TEST_CASE("Votes on the pictures are learned as a distribution") {
    const auto judged = [](int pictures, std::uint64_t seed) {
        auto data = bars(pictures, seed);
        for (const int label : data.labels)
            for (const float share : {label == 0 ? 0.8f : 0.3f, label == 0 ? 0.2f : 0.7f})
                data.targets.push_back(share);
        return data;
    };
    ThreadPool pool(2);
    auto plan = short_plan();
    plan.epochs = 8;
    plan.label_smoothing = 0;
    const auto trained = train_network(small_network(), plan, {judged(160, 1), judged(64, 2)}, {5, pool}, "");
    const auto& best = trained.epochs[static_cast<std::size_t>(trained.best_epoch) - 1];
    // At least the entropy of the distributions, which is reached if each bar gets its shares.
    const auto entropy = [](double p) { return -p * std::log(p) - (1 - p) * std::log(1 - p); };
    const double least = (entropy(0.8) + entropy(0.3)) / 2;
    CHECK(best.validation_loss >= least);
    CHECK(best.validation_loss < least + 0.05);
    CHECK(best.validation_accuracy > 0.95);
}

TEST_CASE("Targets replace labels") {
    std::vector<float> swapped;
    for (const int label : bars(160, 1).labels)
        swapped.insert(swapped.end(), {label == 1 ? 1.0f : 0.0f, label == 0 ? 1.0f : 0.0f});
    ThreadPool pool(2);
    const auto trained =
        train_network(small_network(), short_plan(), {bars(160, 1), bars(64, 2), swapped}, {5, pool}, "");
    CHECK(trained.epochs.back().validation_accuracy < 0.1);
}

TEST_CASE("Pictures of weight zero are not learned from") {
    std::vector<float> weights;
    auto data = bars(160, 1);
    for (std::size_t i = 0; i < data.size(); ++i) {
        weights.push_back(i % 4 < 2 ? 1.0f : 0.0f);
        if (i % 4 >= 2) data.labels[i] = 1 - data.labels[i];
    }
    ThreadPool pool(2);
    const auto learned = [&](std::vector<float> counts) {
        return train_network(small_network(), short_plan(), {data, bars(64, 2), {}, std::move(counts)},
                             {5, pool}, "")
            .epochs.back()
            .validation_accuracy;
    };
    CHECK(learned(weights) > 0.8);
    CHECK(learned({}) < 0.8);  // half of the labels are wrong
}

TEST_CASE("A training without improvement stops after its patience") {
    ThreadPool pool(2);
    auto plan = short_plan();
    plan.epochs = 40;
    plan.learning_rate = 1e-12;  // nothing improves
    plan.patience = 3;
    const auto trained = train_network(small_network(), plan, {bars(160, 1), bars(64, 2)}, {5, pool}, "");
    CHECK(static_cast<std::int64_t>(trained.epochs.size()) == trained.best_epoch + 3);
    CHECK(trained.epochs.size() < 40);
}

TEST_CASE("A loss that is not finite stops the training and names the step") {
    ThreadPool pool(2);
    auto plan = short_plan();
    plan.learning_rate = 1e30;
    plan.warmup = 0;
    CHECK_THROWS_WITH(train_network(small_network(), plan, {bars(160, 1), bars(64, 2)}, {5, pool}, ""),
                      ContainsSubstring(" at step ") && ContainsSubstring("learning_rate"));
}

TEST_CASE("A loss that explodes but stays finite stops the training too") {
    ThreadPool pool(2);
    for (const double learning_rate : {30.0, 1e3, 1e5}) {
        auto plan = short_plan();
        plan.learning_rate = learning_rate;
        plan.warmup = 0;
        CHECK_THROWS_WITH(
            train_network(small_network(), plan, {bars(160, 1), bars(64, 2)}, {5, pool}, ""),
            (ContainsSubstring("diverged at step") || ContainsSubstring("no longer finite at step")) &&
                ContainsSubstring("learning_rate"));
    }
}

TEST_CASE("A validation loss that is not finite stops the training") {
    ThreadPool pool(2);
    auto plan = short_plan();
    plan.learning_rate = 1e38;
    plan.warmup = 0;
    plan.averaging = 0;  // the single batch of the epoch still uses the previous weights
    CHECK_THROWS_WITH(train_network(small_network(), plan, {bars(16, 1), bars(64, 2)}, {5, pool}, ""),
                      ContainsSubstring("validation loss is no longer finite after epoch 1"));
}

TEST_CASE("A failed training leaves its last good checkpoint") {
    const test::TemporaryFolder folder;
    ThreadPool pool(2);
    TrainingContext context{5, pool, {}, folder / "checkpoint"};
    auto plan = short_plan();
    const auto train = [&] {
        train_network(small_network(), plan, {bars(160, 1), bars(64, 2)}, context, "");
    };
    train();
    const auto good = read_file(context.checkpoint);
    plan.epochs += 2;
    plan.learning_rate = 1e30;
    plan.warmup = 0;
    context.resume = true;
    CHECK_THROWS_WITH(train(), ContainsSubstring("the loss ") && ContainsSubstring(" at step "));
    CHECK(read_file(context.checkpoint) == good);
}

TEST_CASE("Fewer pictures than a batch are rejected") {
    ThreadPool pool(1);
    CHECK_THROWS_AS(train_network(small_network(), short_plan(), {bars(8, 1), bars(8, 2)}, {5, pool}, ""),
                    ConfigError);
}

}  // namespace network_training_test
