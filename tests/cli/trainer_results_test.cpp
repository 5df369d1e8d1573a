#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <sstream>
#include <thread>

#include "cli/trainer_workplace.hpp"
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "support/catch.hpp"

using namespace emotion;
using namespace emotion::test;

namespace {

namespace fs = std::filesystem;

const std::string kNetworkRecipe = R"(family: network
classes: [happy, fear]
others: learned
crop: {width: 16, height: 16}
network:
  layers: [conv 4, max_pool, conv 6, global_average_pool]
  epochs: 3
  batch_size: 16
  learning_rate: 4e-3
)";

/// A PATH on which gnuplot is there and draws nothing.
std::map<std::string, std::string> with_failing_gnuplot(const TrainerWorkplace& place) {
    const auto program = place.folder / "bin" / "gnuplot";
    fs::create_directories(program.parent_path());
    write_file(program, "#!/bin/sh\nread -r line || exit 0\necho no plot today >&2\nexit 1\n");
    fs::permissions(program, fs::perms::owner_all);
    return {{"PATH", program.parent_path().string()}};
}

std::vector<std::string> lines_of(const fs::path& file) {
    std::vector<std::string> lines;
    std::istringstream text(read_file(file));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("Pictures may have names that are not UTF-8") {
    const TrainerWorkplace place;
    const auto picture = place.folder / "data" / "train" / "happy" / "b\xe9.png";
    std::error_code failed;
    fs::copy_file(place.folder / "data" / "train" / "happy" / "1000.png", picture, failed);
    if (failed) SKIP_TEST("this file system wants names in UTF-8");
    const auto checked =
        run_program("trainer", {"check", "--data", place.data, "--no-labels", "--no-faces", "--json",
                                place.path("check.json"), "--write-list", place.path("list.txt")});
    INFO(checked.err);
    CHECK(checked.exit_code == 0);
    CHECK(place.read_json("check.json")["exclude"][0] == "train/happy/b\xef\xbf\xbd.png");
    CHECK(read_file(place.path("list.txt")) == "train/happy/b\xe9.png\n");
    const auto folds = run_program("trainer", {"train", "--data", place.data, "--recipe", place.recipe,
                                               "--folds", "3", "--json", place.path("folds.json")});
    INFO(folds.err);
    CHECK(folds.exit_code == 0);
    CHECK(place.read_json("folds.json")["fold_of"].size() == 121);
}
