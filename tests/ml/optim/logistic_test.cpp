#include "ml/optim/logistic.hpp"

#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "ml/optim/gradient_descent.hpp"
#include "ml/optim/lbfgs.hpp"
#include "support/catch.hpp"

namespace logistic_test {

using namespace emotion::ml;
using emotion::Random;
using emotion::ThreadPool;

namespace {

/// Noise pictures whose first half is brighter in class 1.
struct Samples {
    int columns;
    std::vector<std::uint8_t> labels, bytes;  // order matters: labels are drawn while bytes are generated
    std::vector<std::uint32_t> rows;
    ByteMatrix pictures;

    Samples(int count, int columns_, std::uint64_t seed = 7)
        : columns(columns_),
          bytes(make(count, columns_, seed, labels)),
          rows(labels.size()),
          pictures(bytes, columns_) {
        std::iota(rows.begin(), rows.end(), 0u);
    }

    LabeledRows labeled_rows() const { return {pictures, labels, rows}; }

    double feature(std::uint32_t row, int column, const FeatureScaling& scaling) const {
        return (bytes[row * columns + column] - scaling.center[column]) * scaling.scale[column];
    }

  private:
    static std::vector<std::uint8_t> make(int count, int columns, std::uint64_t seed,
                                          std::vector<std::uint8_t>& labels) {
        Random random(seed);
        std::vector<std::uint8_t> bytes;
        for (int i = 0; i < count; ++i) {
            labels.push_back(random.uniform() < 0.4);
            for (int j = 0; j < columns; ++j)
                bytes.push_back(static_cast<std::uint8_t>(random.below(200) +
                                                          (labels.back() && j < columns / 2 ? 40 : 0)));
        }
        return bytes;
    }
};

/// Computed in double precision directly from the formulas.
double plain_loss(const Samples& samples, const FeatureScaling& scaling, const LogisticOptions& options,
                  const std::vector<double>& parameters, bool bounded = false) {
    double sum = 0.0, penalty = 0.0;
    for (const auto row : samples.rows) {
        double z = options.bias ? parameters.back() : 0.0;
        for (int j = 0; j < samples.columns; ++j) z += parameters[j] * samples.feature(row, j, scaling);
        const double p = 1.0 / (1.0 + std::exp(-z)), y = samples.labels[row];
        sum -= options.class_weights[samples.labels[row]] *
               (bounded ? y * std::log(p + 1e-4) + (1 - y) * std::log(1 - p + 1e-4)
                        : y * std::log(p) + (1 - y) * std::log(1 - p));
    }
    for (int j = 0; j < samples.columns; ++j) penalty += parameters[j] * parameters[j];
    return (sum + 0.5 * options.l2 * penalty) / static_cast<double>(samples.rows.size());
}

std::vector<double> random_parameters(int size, double spread) {
    Random random(11);
    std::vector<double> parameters(static_cast<std::size_t>(size));
    for (auto& value : parameters) value = spread * random.normal();
    return parameters;
}

}  // namespace

TEST_CASE("The logistic loss and its gradient agree with the formulas and central differences") {
    const Samples samples(150, 30);
    ThreadPool threads(1);
    for (const bool standardised : {false, true})
        for (const bool bias : {false, true}) {
            const auto scaling =
                standardised ? standard_scaling(samples.pictures, samples.rows) : unit_scaling(30);
            const LogisticOptions options{bias, 2.5, true, {0.7, bias ? 1.9 : 1.0}};
            LogisticObjective objective(samples.labeled_rows(), scaling, options, threads);
            auto parameters = random_parameters(objective.parameters(), 0.3);
            std::vector<double> gradient(parameters.size());
            const auto loss = objective.evaluate(parameters, gradient);
            CHECK(loss.exact == Approx(plain_loss(samples, scaling, options, parameters)).epsilon(1e-5));
            CHECK(loss.bounded ==
                  Approx(plain_loss(samples, scaling, options, parameters, true)).epsilon(1e-5));
            for (std::size_t j = 0; j < parameters.size(); ++j) {
                const double step = 1e-5, kept = parameters[j];
                parameters[j] = kept + step;
                const double above = plain_loss(samples, scaling, options, parameters);
                parameters[j] = kept - step;
                const double below = plain_loss(samples, scaling, options, parameters);
                parameters[j] = kept;
                CHECK(gradient[j] == Approx(150 * (above - below) / (2 * step)).margin(2e-3));
            }
        }
}

TEST_CASE("The accuracy counts pictures on the right side of one half") {
    const std::vector<std::uint8_t> bytes{10, 20, 30, 40}, labels{0, 1, 0, 1};
    const ByteMatrix pictures(bytes, 1);
    ThreadPool threads(1);
    LogisticObjective objective({pictures, labels, {0, 1, 2, 3}}, {{0.0}, {1.0}}, {.bias = true}, threads);
    CHECK(objective.evaluate(std::vector<double>{1.0, -35.0}, {}).accuracy == 0.75);
    CHECK(objective.evaluate(std::vector<double>{0.0, 0.0}, {}).accuracy ==
          0.5);  // all are predicted as class 1
    CHECK(objective.evaluate(std::vector<double>{-1.0, 15.0}, {}).accuracy == 0.25);
}

TEST_CASE("Logits of a thousand give a finite loss and gradient") {
    const std::vector<std::uint8_t> bytes{255, 255}, labels{1, 0};
    const ByteMatrix pictures(bytes, 1);
    ThreadPool threads(1);
    LogisticObjective objective({pictures, labels, {0, 1}}, unit_scaling(1), {.bias = false}, threads);
    for (const double z : {1000.0, -1000.0}) {
        std::vector<double> gradient(1);
        const auto loss = objective.evaluate(std::vector<double>{z}, gradient);
        CHECK(loss.exact == Approx(500.0));  // one is right at no loss and the other wrong by 1000
        CHECK(loss.bounded == Approx(-(std::log(1.0001) + std::log(1e-4)) / 2));
        CHECK(gradient[0] == Approx(z > 0 ? 1.0 : -1.0));
    }
}

TEST_CASE("The bias is not penalized and the penalty can be left out of the gradient") {
    const Samples samples(40, 6);
    ThreadPool threads(1);
    auto parameters = random_parameters(7, 1.0);
    parameters.back() = 100.0;
    const auto evaluate = [&](const LogisticOptions& options, std::vector<double>& gradient) {
        LogisticObjective objective(samples.labeled_rows(), unit_scaling(6), options, threads);
        return objective.evaluate(parameters, gradient).exact;
    };
    std::vector<double> without(7), with(7), notebook(7);
    double squared_norm = 0.0;
    for (std::size_t j = 0; j < 6; ++j) squared_norm += parameters[j] * parameters[j];
    const double plain = evaluate({true, 0.0, true}, without);
    CHECK(evaluate({true, 3.0, true}, with) - plain == Approx(1.5 * squared_norm / 40));
    CHECK(evaluate({true, 3.0, false}, notebook) - plain == Approx(1.5 * squared_norm / 40));
    for (std::size_t j = 0; j < 6; ++j) CHECK(with[j] - without[j] == Approx(3.0 * parameters[j]));
    CHECK(with[6] == without[6]);
    CHECK(notebook == without);
}

TEST_CASE("The penalty of a batch is scaled by its share of the rows") {
    const Samples samples(40, 6);
    ThreadPool threads(1);
    const auto parameters = random_parameters(6, 1.0);
    LogisticObjective objective(samples.labeled_rows(), unit_scaling(6), {false, 8.0, true}, threads);
    std::vector<double> whole(6), first(6), rest(6);
    objective.evaluate(parameters, whole);
    objective.evaluate_batch(std::span(samples.rows).first(10), parameters, first);
    objective.evaluate_batch(std::span(samples.rows).subspan(10), parameters, rest);
    for (std::size_t j = 0; j < 6; ++j) CHECK(first[j] + rest[j] == Approx(whole[j]).margin(1e-4));
}

TEST_CASE("The logistic gradient does not depend on the number of threads") {
    const Samples samples(2000, 50);
    const auto parameters = random_parameters(51, 0.3);
    std::vector<double> reference;
    for (const int count : {1, 2, 3}) {
        ThreadPool threads(count);
        LogisticObjective objective(samples.labeled_rows(), unit_scaling(50), {true, 1.0, true}, threads);
        std::vector<double> gradient(51);
        gradient.push_back(objective.evaluate(parameters, {gradient.data(), 51}).exact);
        if (reference.empty()) reference = gradient;
        CHECK(gradient == reference);
    }
}

TEST_CASE("Standardized features have mean 0 and deviation 1 and constant columns are 0") {
    const std::vector<std::uint8_t> bytes{10, 77, 20, 77, 60, 77, 250, 77};
    const ByteMatrix pictures(bytes, 2);
    const auto scaling = standard_scaling(pictures, std::vector<std::uint32_t>{0, 1, 2});
    CHECK(scaling.center[0] == Approx(30.0));
    CHECK(scaling.scale[0] == Approx(1.0 / std::sqrt((400.0 + 100.0 + 900.0) / 3)));
    CHECK(scaling.scale[1] == 0.0);
}

TEST_CASE("Logits of a model are the same for features and bytes") {
    const Samples samples(9, 10);
    const auto scaling = standard_scaling(samples.pictures, samples.rows);
    const LinearModel model{random_parameters(10, 1.0), 0.7};
    const auto values = logits(samples.pictures, samples.rows, model, scaling);
    for (const auto row : samples.rows) {
        double z = model.bias;
        for (int j = 0; j < 10; ++j) z += model.weights[j] * samples.feature(row, j, scaling);
        CHECK(values[row] == Approx(z).margin(1e-4));
    }
}

TEST_CASE("Full-batch descent takes the steps of the plain formula") {
    const Samples samples(60, 8);
    ThreadPool threads(1);
    LogisticObjective objective(samples.labeled_rows(), unit_scaling(8), {.bias = true}, threads);
    std::vector<double> losses;
    const auto parameters = descend(objective, {.learning_rate = 0.01, .epochs = 20},
                                    [&](int epoch, const LogisticLoss& loss, std::span<const double>) {
                                        CHECK(epoch == static_cast<int>(losses.size()) + 1);
                                        losses.push_back(loss.exact);
                                        return true;
                                    });

    std::vector<double> expected(9, 0.0);
    const auto scaling = unit_scaling(8);
    for (int epoch = 0; epoch < 20; ++epoch) {
        std::vector<double> gradient(9, 0.0);
        for (const auto row : samples.rows) {
            double z = expected[8];
            for (int j = 0; j < 8; ++j) z += expected[j] * samples.feature(row, j, scaling);
            const double residual = 1.0 / (1.0 + std::exp(-z)) - samples.labels[row];
            for (int j = 0; j < 8; ++j) gradient[j] += residual * samples.feature(row, j, scaling);
            gradient[8] += residual;
        }
        for (std::size_t j = 0; j < 9; ++j) expected[j] -= 0.01 * gradient[j];
        CHECK(losses[epoch] == Approx(plain_loss(samples, scaling, {.bias = true}, expected)).epsilon(1e-5));
    }
    for (std::size_t j = 0; j < 9; ++j) CHECK(parameters[j] == Approx(expected[j]).margin(1e-5));
}

TEST_CASE("Mini-batch descent depends on the seed and can drop the last batch") {
    const Samples samples(25, 8);
    ThreadPool threads(1);
    LogisticObjective objective(samples.labeled_rows(), unit_scaling(8), {.bias = false}, threads);
    const auto run = [&](const GradientDescentOptions& options) {
        return descend(objective, options,
                       [](int, const LogisticLoss&, std::span<const double>) { return true; });
    };
    const GradientDescentOptions options{.learning_rate = 0.01, .epochs = 3, .batch_size = 10, .seed = 4};
    auto other_seed = options, dropped = options;
    other_seed.seed = 5;
    dropped.drop_last = true;
    CHECK(run(options) == run(options));
    CHECK(run(options) != run(other_seed));
    CHECK(run(options) != run(dropped));
}

TEST_CASE("Descent stops when the callback says so and rejects invalid options") {
    const Samples samples(25, 8);
    ThreadPool threads(1);
    LogisticObjective objective(samples.labeled_rows(), unit_scaling(8), {.bias = false}, threads);
    for (const int batch_size : {0, 10}) {
        int epochs = 0;
        descend(objective, {.learning_rate = 0.01, .epochs = 9, .batch_size = batch_size},
                [&](int epoch, const LogisticLoss&, std::span<const double>) {
                    epochs = epoch;
                    return epoch < 4;
                });
        CHECK(epochs == 4);
    }
    const auto go_on = [](int, const LogisticLoss&, std::span<const double>) { return true; };
    CHECK_THROWS_AS(descend(objective, {.learning_rate = 0.0}, go_on), std::invalid_argument);
    CHECK_THROWS_AS(descend(objective, {.epochs = 0}, go_on), std::invalid_argument);
    GradientDescentOptions dropped{.epochs = 1, .batch_size = 25, .drop_last = true};
    CHECK_NOTHROW(descend(objective, dropped, go_on));
    dropped.batch_size = 26;
    CHECK_THROWS_WITH(descend(objective, dropped, go_on), ContainsSubstring("25 rows fill no batch of 26"));
}

TEST_CASE("L-BFGS finds the zero of the logistic gradient") {
    const Samples samples(800, 40);
    ThreadPool threads(1);
    const auto scaling = standard_scaling(samples.pictures, samples.rows);
    LogisticObjective objective(samples.labeled_rows(), scaling, {true, 10.0, true}, threads);
    std::vector<double> parameters(41, 0.0), gradient(41);
    const auto mean_loss = [&](std::span<const double> x, std::span<double> g) {
        const double loss = objective.evaluate(x, g).exact;
        for (auto& value : g) value /= 800.0;
        return loss;
    };
    const auto summary = minimize_lbfgs(mean_loss, parameters, {});
    CHECK(summary.status == LbfgsStatus::kConverged);
    CHECK(mean_loss(parameters, gradient) < std::log(2.0) - 0.1);
    for (const double component : gradient) CHECK(std::abs(component) <= 1e-5);
}

}  // namespace logistic_test
