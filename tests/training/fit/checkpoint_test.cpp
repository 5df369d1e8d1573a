#include "training/fit/checkpoint.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace checkpoint_test {

using namespace emotion;
using namespace emotion::training;

namespace {

Checkpoint example() {
    Checkpoint checkpoint;
    checkpoint.fingerprint = "recipe and data";
    checkpoint.epochs = {{1, 0.1, 2.0, 0.3, 1.9, 0.35}, {2, 0.2, 1.5, 0.5, 1.4, 0.55}};
    checkpoint.state = {74, {1.0f, -2.0f, 0.5f}};
    checkpoint.best_epoch = 2;
    checkpoint.best_weights = {3.0f, 4.0f};
    return checkpoint;
}

}  // namespace

TEST_CASE("A checkpoint is restored as it was saved") {
    const test::TemporaryFolder folder;
    CHECK_FALSE(load_checkpoint(folder / "none"));
    save_checkpoint(folder / "kept", example());
    const auto kept = load_checkpoint(folder / "kept");
    REQUIRE(kept);
    CHECK(kept->fingerprint == "recipe and data");
    REQUIRE(kept->epochs.size() == 2);
    CHECK(kept->epochs[1].epoch == 2);
    CHECK(kept->epochs[1].validation_accuracy == 0.55);
    CHECK(kept->state.steps == 74);
    CHECK(kept->state.numbers == example().state.numbers);
    CHECK(kept->best_epoch == 2);
    CHECK(kept->best_weights == example().best_weights);
}

TEST_CASE("A truncated or modified checkpoint is rejected by name") {
    const std::string whole = checkpoint_bytes(example());
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_THROWS_WITH(parse_checkpoint(whole.substr(0, size), "run.checkpoint"),
                          ContainsSubstring("run.checkpoint: is not a complete checkpoint"));
    for (std::size_t place = 0; place < whole.size(); place += 7) {
        std::string altered = whole;
        altered[place] = static_cast<char>(altered[place] ^ 1);
        CHECK_THROWS_AS(parse_checkpoint(altered, "run.checkpoint"), Error);
    }
}

}  // namespace checkpoint_test
