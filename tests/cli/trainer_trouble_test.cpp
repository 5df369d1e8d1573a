#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <sys/stat.h>

#include "base/random.hpp"
#include "cli/trainer_workspace.hpp"
#include "support/catch.hpp"
#include "support/small_disk.hpp"
#include "support/wait_until.hpp"

namespace trainer_trouble_test {

using namespace emotion;
using namespace emotion::test;

namespace {

namespace fs = std::filesystem;

std::string network_recipe(int epochs, const std::string& learning_rate = "4e-3") {
    return "family: network\nclasses: [happy, fear]\nothers: learned\ncrop: {width: 16, height: 16}\n"
           "network:\n  layers: [conv 8 /2, conv 16 /2, global_average_pool]\n  epochs: " +
           std::to_string(epochs) + "\n  batch_size: 16\n  learning_rate: " + learning_rate + "\n";
}

/// Checks that it failed with one final line of the program's own that contains `expected`.
void check_failure(const ProgramResult& result, int exit_code, const std::string& expected) {
    INFO(result.err);
    CHECK(result.exit_code == exit_code);
    const auto last = result.err.rfind("trainer: ");
    REQUIRE(last != std::string::npos);
    CHECK((last == 0 || result.err[last - 1] == '\n'));
    CHECK(std::count(result.err.begin() + static_cast<std::ptrdiff_t>(last), result.err.end(), '\n') == 1);
    CHECK_THAT(result.err.substr(last), ContainsSubstring(expected));
}

}  // namespace

TEST_CASE("Unusable data is rejected with what is missing") {
    const TrainerWorkspace place;
    const auto train = place.folder / "data" / "train";
    fs::remove_all(train / "sad");
    fs::remove_all(train / "fear");
    check_failure(place.train(), 2, "no folder for the class fear, only happy");

    fs::create_directory(train / "fear");
    check_failure(place.train(), 1, "the class fear has no picture");
    for (int i = 0; i < 4; ++i) write_file(train / "fear" / (std::to_string(i) + ".txt"), "text");
    check_failure(place.train(), 1, "is not a picture");

    fs::remove_all(train);
    write_class_folders(train, {"happy", "fear"}, 1);
    check_failure(place.train(), 1, "folds");
    write_file(place.recipe, network_recipe(2));
    fs::remove_all(place.folder / "data" / "validation");
    check_failure(place.train(), 1, "one of ten can be held out");
    write_class_folders(train, {"happy", "fear"}, 6, 0.0, 3);
    write_class_folders(place.folder / "data" / "validation", {"happy", "fear"}, 6, 0.0, 4);
    check_failure(place.train(), 2, "at least one batch (16)");
}

TEST_CASE("A class that exists in one split only is reported or rejected") {
    const TrainerWorkspace place;
    write_file(place.recipe, network_recipe(1));
    fs::rename(place.folder / "data" / "validation" / "sad", place.folder / "data" / "validation" / "angry");
    check_failure(place.train(), 1, "validation: has no folder for sad, which training learns");
    write_class_folders(place.folder / "data" / "validation", {"happy", "fear", "sad"}, 5, 0.0, 9);
    const auto trained = place.train();
    INFO(trained.err);
    CHECK(trained.exit_code == 0);
    CHECK_THAT(trained.err, ContainsSubstring("not used, because training has no such class: angry"));
}

TEST_CASE("What a card cannot hold is rejected before the training") {
    const TrainerWorkspace place;
    write_file(place.recipe, network_recipe(100000));  // would not end
    const std::string longest(95, 'n');
    for (const auto& name : {longest + "n", std::string(240, 'n'), std::string("a\\b"), std::string("a\nb"),
                             std::string("a\xff")})
        check_failure(place.train_to(place.path(name + ".yaml")), 2, "--output ");
    const auto recipe_named = [&](const std::string& name) {
        const auto recipe = place.path(name + ".yaml");
        fs::copy_file(place.recipe, recipe);
        return run_program("trainer",
                           {"train", "--data", place.data, "--recipe", recipe, "--output", place.card});
    };
    check_failure(recipe_named(std::string(101, 'n')), 2, "the model's name, by the recipe's file");
    check_failure(recipe_named("a\xff"), 2, "the model's name, by the recipe's file");
    for (const auto& name :
         {std::string(101, 'n'), std::string("a\tb"), std::string("a\nb"), std::string("a\xff")}) {
        const auto folder = place.folder / "data" / "train" / name;
        fs::rename(place.folder / "data" / "train" / "sad", folder);
        check_failure(place.train(), 2, "the class " + name.substr(0, 1));
        fs::rename(folder, place.folder / "data" / "train" / "sad");
    }
    write_file(place.recipe, network_recipe(100000) + "description: '" + std::string(530'000, '"') + "'\n");
    check_failure(place.train(), 2, "description: is too long");
    CHECK_FALSE(fs::exists(place.card + ".checkpoint"));

    write_file(place.recipe, network_recipe(1));
    fs::rename(place.recipe, place.path(std::string(100, 'r') + ".yaml"));
    fs::rename(place.folder / "data" / "train" / "sad",
               place.folder / "data" / "train" / std::string(100, 's'));
    fs::remove_all(place.folder / "data" / "validation");
    const auto trained = run_program(
        "trainer", {"train", "--data", place.data, "--recipe", place.path(std::string(100, 'r') + ".yaml"),
                    "--output", place.path(longest + ".yaml")});
    INFO(trained.err);
    CHECK(trained.exit_code == 0);
}

TEST_CASE("A loss that becomes infinite or NaN ends the training without a card") {
    const TrainerWorkspace place;
    write_file(place.recipe, network_recipe(2, "1e30"));
    check_failure(place.train(), 1, " at step ");
    CHECK_FALSE(fs::exists(place.card));
}

TEST_CASE("A full disk is reported and leaves no partial card") {
    const TrainerWorkspace place;
    const SmallDisk disk(place.folder / "disk");
    if (!disk.mounted()) SKIP_TEST("needs the right to mount a small disk");
    check_failure(place.train_to(place.path("disk/card.yaml")), 1, "could not be written completely");
    write_file(place.recipe, network_recipe(2));
    check_failure(place.train_to(place.path("disk/card.yaml")), 1, "could not be written completely");
    CHECK_FALSE(fs::exists(place.folder / "disk" / "card.yaml"));
    CHECK(files_in(place.folder / "disk") == 1);
}

TEST_CASE("A file size limit is reported like a full disk") {
    const TrainerWorkspace place;
    auto arguments = place.train_arguments(place.card, {"--quiet"});
    arguments.insert(arguments.begin(),
                     {"-c", "ulimit -f 1; exec \"$0\" \"$@\"", EMOTION_BIN_DIR "/trainer"});
    check_failure(run_program("sh", arguments), 1, "could not be written completely");
    CHECK_FALSE(fs::exists(place.card));
}

TEST_CASE("A full standard output is reported") {
    const TemporaryFolder folder;
    const std::string pipe = folder / "pipe", full = "/dev/full";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const std::string gone = "exec 4<>\"$2\" 3>\"$2\" 4<&-; exec \"$0\" inspect \"$1\" >&3";
    const std::string no_room = "exec \"$0\" inspect \"$1\" >\"$2\"";
    const auto refused = [](const std::string& script, const std::string& to, const std::string& reason) {
        const auto result = run_program("sh", {"-c", script, EMOTION_BIN_DIR "/trainer",
                                               EMOTION_SOURCE_DIR "/models/happy-fear.yaml", to});
        CHECK(result.exit_code == 1);
        CHECK(result.err == "trainer: standard output: cannot be written: " + reason + "\n");
    };
    refused(gone, pipe, "Broken pipe");
    if (fs::exists(full)) refused(no_room, full, "No space left on device");
}

TEST_CASE("Names with control characters are reported in one line") {
    check_failure(run_program("trainer", {"inspect", "a\nb\x1b[2J"}), 1, "a?b?[2J: no such file");
}

TEST_CASE("A training killed at any moment goes on to the same card byte for byte") {
    // More rounds by hand: EMOTION_KILLS=20 trainer_tests "A training killed*".
    const char* setting = std::getenv("EMOTION_KILLS");
    const int rounds = setting ? std::stoi(setting) : 3;
    const TrainerWorkspace place;
    write_file(place.recipe, network_recipe(200));
    const auto started = std::chrono::steady_clock::now();
    REQUIRE(place.train().exit_code == 0);
    const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - started;
    const auto card = read_file(place.card), weights = read_file(place.folder / "card.onnx");

    Random random(static_cast<std::uint64_t>(rounds));
    int killed = 0, resumed = 0;
    for (int round = 0; round < rounds; ++round) {  // the first certainly between checkpoint and end
        fs::remove(place.card);
        fs::remove(place.folder / "card.onnx");
        {
            RunningProgram training("trainer", place.train_arguments(place.card));
            if (round == 0)
                wait_until([&] { return fs::exists(place.card + ".checkpoint"); });
            else
                std::this_thread::sleep_for(whole * random.uniform());
            training.send(SIGKILL);
            killed += training.wait().exit_code == 128 + SIGKILL;
        }
        resumed += fs::exists(place.card + ".checkpoint");
        const bool finished = fs::exists(place.card) && !fs::exists(place.card + ".checkpoint");
        const auto result = place.train({"--resume"});
        INFO(result.err);
        REQUIRE(result.exit_code == (finished ? 2 : 0));
        CHECK(read_file(place.card) == card);
        CHECK(read_file(place.folder / "card.onnx") == weights);
        CHECK_FALSE(fs::exists(place.card + ".checkpoint"));
    }
    CHECK(killed > 0);
    CHECK(resumed > 0);
    WARN(rounds << " rounds, " << killed << " killed before the end, " << resumed << " with a checkpoint");
}

TEST_CASE("The checkpoint of an interrupted training is not replaced unless resumed") {
    const TrainerWorkspace place;
    write_file(place.recipe, network_recipe(2));
    const auto checkpoint = place.card + ".checkpoint";
    write_file(checkpoint, "of hours");
    check_failure(place.train(), 2, checkpoint + ": was left by an interrupted training: continue it with");
    check_failure(place.train({"--resume"}), 1, "is not a complete checkpoint");
    write_file(place.recipe, kLogisticRecipe);  // it keeps no checkpoint
    CHECK(place.train().exit_code == 0);
    CHECK(read_file(checkpoint) == "of hours");
    fs::remove(checkpoint);
    write_file(place.recipe, network_recipe(2));
    CHECK(place.train().exit_code == 0);
    CHECK_FALSE(fs::exists(checkpoint));
}

TEST_CASE("An interrupted training says how it can be continued") {
    const TrainerWorkspace place;
    write_file(place.recipe, network_recipe(100000));  // would not end
    const auto checkpoint = place.card + ".checkpoint";
    // A shell makes programs that it starts in the background, such as this one, ignore SIGINT.
    const auto before = std::signal(SIGINT, SIG_DFL);
    for (const int signal : {SIGINT, SIGTERM}) {
        fs::remove(checkpoint);
        RunningProgram training("trainer", place.train_arguments(place.card, {"--quiet"}));
        wait_until([&] { return fs::exists(checkpoint); });
        training.send(signal);
        const auto result = training.wait();
        CHECK(result.exit_code == 128 + signal);
        CHECK(result.err ==
              "trainer: interrupted: the same command with --resume continues from " + checkpoint + "\n");
    }
    std::signal(SIGINT, before);
}

TEST_CASE("Without a checkpoint, --resume replaces no card and says that it begins at the beginning") {
    const TrainerWorkspace place;
    const auto checkpoint = place.card + ".checkpoint";
    write_file(place.recipe, network_recipe(1));
    const auto first = place.train({"--resume"});
    CHECK(first.exit_code == 0);
    CHECK_THAT(first.err, ContainsSubstring("note: there is no checkpoint " + checkpoint +
                                            " to resume, so training starts from the beginning\n"));
    const auto card = read_file(place.card);
    write_file(place.recipe, network_recipe(2));
    check_failure(place.train({"--resume"}), 2,
                  place.card + ": is finished, and there is no checkpoint " + checkpoint +
                      " to resume; remove --resume to train anew");
    CHECK(read_file(place.card) == card);
    write_file(place.recipe, kLogisticRecipe);
    const auto logistic = place.train({"--resume"});
    CHECK(logistic.exit_code == 0);
    CHECK_THAT(logistic.err, ContainsSubstring("note: --resume has no effect"));
}

}  // namespace trainer_trouble_test
