#include <algorithm>
#include <iterator>
#include <sstream>

#include <opencv2/imgproc.hpp>

#include "cli/trainer_workspace.hpp"
#include "faces/face_detector.hpp"
#include "faces/preprocess.hpp"
#include "media/image_files.hpp"
#include "media/pictures/picture.hpp"
#include "model/model_card.hpp"
#include "support/catch.hpp"

namespace trainer_data_test {

using namespace emotion;
using namespace emotion::faces;
using namespace emotion::media;
using namespace emotion::model;
using namespace emotion::test;

namespace {

std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0.0;
}

/// A face on a larger background, as from a camera.
cv::Mat scene(const std::string& face) {
    cv::Mat frame(480, 640, CV_8UC3, cv::Scalar(90, 110, 130));
    const auto picture = read_picture(std::string(EMOTION_SOURCE_DIR) + "/assets/faces/" + face);
    cv::Mat larger;
    cv::resize(picture, larger, cv::Size(260, 260));
    larger.copyTo(frame(cv::Rect(200, 120, 260, 260)));
    return frame;
}

}  // namespace

TEST_CASE("The check reports problems, and its exclusions apply to training and evaluation") {
    const TrainerWorkspace place;
    std::filesystem::copy_file(place.folder / "data/train/happy/1000.png",
                               place.folder / "data/validation/fear/copy.png");
    write_file(place.folder / "data/train/happy/torn.png", "no picture");
    const auto checked =
        run_program("trainer", {"check", "--data", place.data, "--json", place.path("check.json"),
                                "--write-list", place.path("list.txt"), "--report", place.path("report")});
    INFO(checked.err);
    REQUIRE(checked.exit_code == 0);
    CHECK(checked.err.empty());
    CHECK_THAT(checked.out, ContainsSubstring("1 file cannot be read"));
    CHECK_THAT(checked.out, ContainsSubstring("train/happy/1000.png = validation/fear/copy.png"));
    CHECK_THAT(checked.out, ContainsSubstring("3 pictures are best left out"));
    CHECK_THAT(checked.out,
               ContainsSubstring(" pictures have no face that fills them, as far as the cascade finds"));
    const auto findings = place.read_json("check.json");
    CHECK(findings["exclude"].size() == 3);
    CHECK(findings["no_face"].size() > 250);  // these pictures show none, though some noise resembles one
    CHECK(findings["doubtful"].is_array());
    CHECK(read_file(place.folder / "list.txt") ==
          "train/happy/1000.png\ntrain/happy/torn.png\nvalidation/fear/copy.png\n");
    const auto sheets = names_in(place.folder / "report");
    CHECK(std::count(sheets.begin(), sheets.end(), "copies-across-splits.png") == 1);
    CHECK(std::count(sheets.begin(), sheets.end(), "no-face.png") == 1);

    for (const char* list : {"check.json", "list.txt"}) {
        const auto trained = place.train({"--exclude", place.path(list), "--json", place.path("train.json")});
        INFO(trained.err);
        REQUIRE(trained.exit_code == 0);
        CHECK_THAT(trained.err, ContainsSubstring("2 pictures left out, as listed"));
        CHECK_THAT(trained.err, !ContainsSubstring("are not in"));
        CHECK(place.read_json("train.json")["samples"] == 119);
        CHECK(place.read_json("train.json")["skipped"] == 0);
        const auto evaluated =
            run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data, "--exclude",
                                    place.path(list), "--json", place.path("figures.json")});
        REQUIRE(evaluated.exit_code == 0);
        CHECK(place.read_json("figures.json")["samples"] == 120);
    }
    write_file(place.path("list.txt"), read_file(place.path("list.txt")) + "train/happy/nowhere.png\n");
    const auto again = run_program("trainer", {"check", "--data", place.data, "--no-faces", "--no-labels",
                                               "--exclude", place.path("list.txt")});
    CHECK_THAT(again.err, ContainsSubstring("list.txt: entries that name no picture in " + place.data) &&
                              ContainsSubstring(": 1 of 4, such as train/happy/nowhere.png\n"));
    CHECK_THAT(again.out, ContainsSubstring("0 pictures are best left out"));
    const auto warned = place.train();
    CHECK_THAT(warned.err, ContainsSubstring("1 picture repeated"));
    CHECK_THAT(warned.err, ContainsSubstring("1 picture of validation repeated in training"));
}

TEST_CASE("A list written by the check is read back whatever the names") {
    const TemporaryFolder folder;
    const auto data = folder / "data";
    write_class_folders(data, {"#one", "two"}, 3);
    write_file(data / "#one" / "torn.png", "no picture");
    write_file(data / "two" / "a\nb.png", "no picture");
    std::filesystem::create_symlink("nowhere", data / "two" / "link.png");
    const auto check = [&](const std::string& option) {
        return run_program("trainer", {"check", "--data", data, "--no-faces", "--no-labels", option,
                                       folder / (option == "--json" ? "check.json" : "list.txt")});
    };
    const auto written = check("--write-list");
    INFO(written.err);
    CHECK(written.exit_code == 0);
    CHECK_THAT(written.out, ContainsSubstring("not in it, because of a line break in the name: 1 picture"));
    const auto list = read_file(folder / "list.txt");
    CHECK_THAT(list, ContainsSubstring("./#one/torn.png\n") && ContainsSubstring("two/link.png\n") &&
                         !ContainsSubstring("b.png"));
    const auto again = check("--exclude");
    CHECK_THAT(again.out, ContainsSubstring("1 picture is best left out"));
    CHECK_THAT(again.err, !ContainsSubstring("entries that name no picture"));
    CHECK(check("--json").exit_code == 0);
    std::filesystem::rename(folder / "check.json", folder / "list.txt");
    CHECK_THAT(check("--exclude").out, ContainsSubstring("0 pictures are best left out"));
}

TEST_CASE("Quiet training prints nothing on stderr and logs its epochs") {
    const TrainerWorkspace place;
    const auto trained = place.train({"--quiet", "--log-json", place.path("log.jsonl")});
    REQUIRE(trained.exit_code == 0);
    CHECK(trained.err.empty());
    CHECK_THAT(trained.out, ContainsSubstring("wrote"));
    std::istringstream lines(read_file(place.folder / "log.jsonl"));
    int training = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto step = nlohmann::json::parse(line);
        CHECK(step["loss"].is_number());
        CHECK(step["seconds"] > 0.0);
        if (step["stage"] == "training") CHECK(step["epoch"] == ++training);
    }
    CHECK(training > 3);
    CHECK(run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data, "--quiet"})
              .err.empty());
}

TEST_CASE("The log of an earlier training is kept until another has an epoch to log") {
    const TrainerWorkspace place;
    const auto log = place.path("log.jsonl");
    write_file(log, "earlier\n");
    write_file(place.path("all.txt"), "");
    for (const auto& picture : names_in(place.folder / "data/train/happy"))
        write_file(place.path("all.txt"), read_file(place.path("all.txt")) + "train/happy/" + picture + "\n");
    CHECK(place.train({"--log-json", log, "--exclude", place.path("all.txt")}).exit_code == 1);
    CHECK(read_file(log) == "earlier\n");
    const auto trained = place.train({"--log-json", log});
    INFO(trained.err);
    CHECK(trained.exit_code == 0);
    CHECK(read_file(log).starts_with("{"));

    const auto nowhere = place.path("none/log.jsonl");
    const auto refused = place.train({"--log-json", nowhere});
    CHECK(refused.exit_code == 1);
    CHECK(refused.err == "trainer: " + nowhere + ": cannot be written: No such file or directory\n");
#ifdef __linux__
    const auto full = place.train({"--quiet", "--log-json", "/dev/full"});
    CHECK(full.err == "trainer: /dev/full: can no longer be written; is the disk full?\n");
#endif
}

TEST_CASE("Two cards are compared on the same pictures") {
    const TrainerWorkspace place;
    REQUIRE(place.train().exit_code == 0);
    auto bad = kLogisticRecipe;
    bad.replace(bad.find("[100, 1000]"), 11, "1e9");
    write_file(place.recipe, bad);
    REQUIRE(place.train_to(place.path("other.yaml")).exit_code == 0);
    const auto compared = run_program("trainer", {"compare", place.card, place.path("other.yaml"), "--data",
                                                  place.data, "--json", place.path("compared.json")});
    INFO(compared.err);
    REQUIRE(compared.exit_code == 0);
    CHECK_THAT(compared.out, ContainsSubstring("A: " + place.card));
    CHECK_THAT(compared.out, ContainsSubstring("McNemar's test"));
    const auto json = place.read_json("compared.json");
    CHECK(json["a"]["samples"] == 120);
    const auto& forced = json["forced"];
    CHECK(forced["both_right"].get<int>() + forced["only_a_right"].get<int>() +
              forced["only_b_right"].get<int>() + forced["neither"].get<int>() ==
          80);
    CHECK(json["differing"].size() ==
          forced["only_a_right"].get<std::size_t>() + forced["only_b_right"].get<std::size_t>());
}

TEST_CASE("If no picture can be read nothing is evaluated and no earlier result replaced") {
    const TrainerWorkspace place;
    REQUIRE(place.train().exit_code == 0);
    std::filesystem::create_directories(place.folder / "torn" / "happy");
    const auto json = place.path("earlier.json");
    write_file(json, "earlier");
    const auto fails = [&](std::vector<std::string> arguments, const std::string& expected) {
        arguments.insert(arguments.end(), {"--data", place.path("torn"), "--json", json, "--quiet"});
        const auto result = run_program("trainer", arguments);
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.out.empty());
        CHECK_THAT(result.err, ContainsSubstring(expected));
        CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
        CHECK(read_file(json) == "earlier");
    };
    const std::vector<std::string> evaluate{"evaluate", "--model", place.card},
        compare{"compare", place.card, place.card};
    for (const auto& command : {evaluate, compare}) fails(command, "no picture to measure");
    write_file(place.folder / "torn" / "happy" / "a.png", "no picture");
    for (const auto& command : {evaluate, compare}) fails(command, "a.png: is not a picture");
}

TEST_CASE("An extracted crop is exactly what the detector sees") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "mine");
    write_image(folder / "mine/a scene.png", scene("happy-1.png"));
    write_image(folder / "mine/empty.png", cv::Mat(480, 640, CV_8UC3, cv::Scalar(90, 110, 130)));
    write_file(folder / "mine/text.jpg", "no picture");
    const std::vector<std::string> arguments{"crop", "--from", (folder / "mine").string(), "--to",
                                             (folder / "crops").string()};
    const auto cropped = run_program("trainer", arguments);
    INFO(cropped.err);
    REQUIRE(cropped.exit_code == 0);
    CHECK_THAT(cropped.out, ContainsSubstring("1 crop from 2 frames"));
    CHECK_THAT(cropped.err, ContainsSubstring("text.jpg"));
    REQUIRE(names_in(folder / "crops") == std::vector<std::string>{"a scene.png-000000-0.png"});

    const auto spec = read_card(std::string(EMOTION_SOURCE_DIR) + "/models/happy-fear.yaml").crop;
    const auto frame = read_picture((folder / "mine/a scene.png").string());
    const auto faces = make_haar_detector({})->detect(to_gray(frame));
    REQUIRE(faces.size() == 1);
    const auto file = folder / "crops/a scene.png-000000-0.png";
    const auto crop = read_picture(file.string());
    CHECK(same(preprocess(crop, cv::Rect2f(cv::Point2f(), cv::Size2f(crop.size())), spec),
               preprocess(frame, crop_region(faces[0].box_in_frame, spec), spec)));

    write_file(file, "mine now");
    const auto again = run_program("trainer", arguments);
    CHECK_THAT(again.out, ContainsSubstring("0 crops"));
    CHECK_THAT(again.out, ContainsSubstring("1 that existed already"));
    CHECK(read_file(file) == "mine now");
}

TEST_CASE("Crops beside or below their pictures are not cropped again, but the pictures are") {
    const TemporaryFolder folder;
    const auto mine = folder / "mine";
    std::filesystem::create_directory(mine);
    write_image(mine / "a scene.png", scene("happy-1.png"));
    write_image(mine / "2026-10.png", scene("happy-1.png"));  // numbered, but not as a crop
    const auto crop_to = [&](const std::filesystem::path& to) {
        const auto cropped = run_program("trainer", {"crop", "--from", mine, "--to", to});
        INFO(cropped.err);
        CHECK(cropped.exit_code == 0);
        return cropped;
    };
    const std::vector<std::string> crops{"2026-10.png-000000-0.png", "a scene.png-000000-0.png"};
    CHECK_THAT(crop_to(mine).out, ContainsSubstring("2 crops from 2 frames"));
    CHECK(names_in(mine) == std::vector<std::string>{"2026-10.png", crops[0], "a scene.png", crops[1]});
    const auto again = crop_to(mine);
    CHECK_THAT(again.out,
               ContainsSubstring("0 crops from 2 frames") && ContainsSubstring("2 that existed already"));
    CHECK_THAT(again.err,
               ContainsSubstring("left out what is named as a crop") && ContainsSubstring(": 2 files"));
    crop_to(mine / "first");
    crop_to(mine / "second");
    CHECK(names_in(mine / "first") == crops);
    CHECK(names_in(mine / "second") == crops);
}

TEST_CASE("Names of crops are not too long, whatever those of their pictures") {
    const TemporaryFolder folder;
    const std::string longest(251, 'n');
    const auto pictures = folder / "from";
    std::filesystem::create_directories(pictures / "sub");
    for (const auto& name : {longest + ".png", "sub/" + longest + ".png", std::string("z.png")})
        write_image(pictures / name, scene("happy-1.png"));
    const auto crop = [&] {
        return run_program("trainer", {"crop", "--from", pictures, "--to", folder / "crops", "--quiet"});
    };
    const auto cropped = crop();
    INFO(cropped.err);
    CHECK(cropped.exit_code == 0);
    CHECK_THAT(cropped.out, ContainsSubstring("3 crops from 3 frames"));
    const auto names = names_in(folder / "crops");
    REQUIRE(names.size() == 3);
    CHECK(names[0].starts_with(longest.substr(0, 80) + "~"));
    CHECK(names[2] == "z.png-000000-0.png");
    CHECK_THAT(crop().out, ContainsSubstring("3 that existed already"));
}

TEST_CASE("A picture too large for memory does not end the extraction from others") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    SKIP_TEST("a sanitizer wants more address space than is to be allowed");
#endif
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "from");
    write_image(folder / "from/big.png", cv::Mat(9000, 9000, CV_8UC3, cv::Scalar::all(90)));
    write_image(folder / "from/good.png", scene("happy-1.png"));
    const auto cropped =
        run_program("sh", {"-c", "ulimit -v $0; exec \"$@\"", "600000", EMOTION_BIN_DIR "/trainer", "crop",
                           "--from", folder / "from", "--to", folder / "crops"});
    INFO(cropped.err);
    CHECK(cropped.exit_code == 0);
    CHECK_THAT(cropped.err, ContainsSubstring("left out: ") &&
                                ContainsSubstring("big.png: needs more memory than is available"));
    CHECK(names_in(folder / "crops") == std::vector<std::string>{"good.png-000000-0.png"});
}

TEST_CASE("Crops that cannot be taken leave no folder") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "empty");
    const auto refused = run_program(
        "trainer", {"crop", "--from", (folder / "empty").string(), "--to", (folder / "crops").string()});
    CHECK(refused.exit_code == 1);
    CHECK_FALSE(std::filesystem::exists(folder / "crops"));
}

TEST_CASE("Crops of a video are taken at intervals and up to a number") {
    const TemporaryFolder folder;
    const auto demo = std::string(EMOTION_SOURCE_DIR) + "/assets/demo.mp4";
    const auto cropped = run_program("trainer", {"crop", "--from", demo, "--to", (folder / "crops").string(),
                                                 "--every", "20", "--max", "3"});
    INFO(cropped.err);
    REQUIRE(cropped.exit_code == 0);
    const auto names = names_in(folder / "crops");
    REQUIRE(names.size() == 3);
    CHECK(names[0] == "demo.mp4-000000-0.png");
    for (const auto& name : names) CHECK(std::stoi(name.substr(9, 6)) % 20 == 0);
    CHECK(
        run_program("trainer", {"crop", "--from", demo, "--to", (folder / "crops").string(), "--every", "0"})
            .exit_code == 2);
    const auto missing = run_program(
        "trainer", {"crop", "--from", (folder / "none.mp4").string(), "--to", (folder / "crops").string()});
    CHECK(missing.exit_code == 1);
    CHECK(std::count(missing.err.begin(), missing.err.end(), '\n') == 1);
}

TEST_CASE("Folders that are no classes of a card are reported") {
    const TrainerWorkspace place;
    REQUIRE(place.train().exit_code == 0);
    const auto evaluate = [&](const std::string& data) {
        return run_program("trainer", {"evaluate", "--model", place.card, "--data", data});
    };
    CHECK_THAT(evaluate(place.data).err, !ContainsSubstring("note: no folder"));

    write_class_folders(place.folder / "renamed", {"happiness", "fear"}, 5, 0.1);
    const auto half = evaluate(place.path("renamed"));
    CHECK(half.exit_code == 0);
    CHECK_THAT(half.err,
               ContainsSubstring("note: no folder for happy, which recipe shows; happiness, which are not"));

    write_class_folders(place.folder / "foreign", {"joy", "anger"}, 5, 0.1);
    const auto none = evaluate(place.path("foreign"));
    CHECK(none.exit_code == 2);
    CHECK(none.err == "trainer: " + place.path("foreign") +
                          ": holds the folders anger, joy, but the classes of recipe are happy, fear; give "
                          "folders and classes the same names\n");
}

TEST_CASE("Cards without two shown classes in common are not compared") {
    const TrainerWorkspace place;
    REQUIRE(place.train().exit_code == 0);
    auto other = read_file(place.card);
    for (auto at = other.find("happy"); at != std::string::npos; at = other.find("happy"))
        other.replace(at, 5, "smile");
    write_file(place.path("other.yaml"), other);
    const auto refused =
        run_program("trainer", {"compare", place.card, place.path("other.yaml"), "--data", place.data});
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("card.yaml shows happy, fear, ") &&
                                ContainsSubstring("other.yaml smile, fear, expected two"));
}

TEST_CASE("Evaluation on all of the data points to the unbiased scores") {
    const TrainerWorkspace place;
    const auto pictures = place.path("data/train");
    REQUIRE(run_program("trainer",
                        {"train", "--data", pictures, "--recipe", place.recipe, "--output", place.card})
                .exit_code == 0);
    const auto flattering = run_program("trainer", {"evaluate", "--model", place.card, "--data", pictures});
    CHECK_THAT(flattering.err, ContainsSubstring("note: there is no validation/ in it"));
}

TEST_CASE("Training without validation warns of a folder that was meant for it") {
    const TrainerWorkspace place;
    std::filesystem::rename(place.folder / "data/validation", place.folder / "data/val");
    const auto trained = place.train();
    REQUIRE(trained.exit_code == 0);
    CHECK_THAT(trained.err, ContainsSubstring("val: is not used, expected the name validation"));
}

TEST_CASE("A folder for each person within a class is read by every command") {
    const TrainerWorkspace place;
    const auto flat = place.train({"--json", place.path("flat.json")});
    REQUIRE(flat.exit_code == 0);
    // The same pictures in subfolders, one of them a link.
    for (const std::string part : {"train", "validation"}) {
        const auto happy = place.folder / "data" / part / "happy";
        for (const std::string& name : names_in(happy)) {
            const auto person = happy / (std::string("person ") + name[name.size() - 5]);
            std::filesystem::create_directories(person);
            std::filesystem::rename(happy / name, person / name);
        }
        const auto elsewhere = place.folder / ("elsewhere-" + part);
        std::filesystem::rename(happy / "person 3", elsewhere);
        std::filesystem::create_directory_symlink(elsewhere, happy / "person 3");
        std::filesystem::create_directory_symlink("..", happy / "loop");
    }
    const std::string report =
        "60 of the 60 files of happy are in 10 folders of their own (person 0, person 1, person 2, ...)";
    const auto nested = place.train({"--json", place.path("nested.json")});
    REQUIRE(nested.exit_code == 0);
    CHECK_THAT(nested.err, ContainsSubstring(report));
    CHECK(place.read_json("nested.json")["samples"] == place.read_json("flat.json")["samples"]);

    const auto checked = run_program("trainer", {"check", "--data", place.data, "--no-faces", "--no-labels",
                                                 "--json", place.path("check.json")});
    CHECK_THAT(checked.out, ContainsSubstring("train: " + report));
    CHECK(place.read_json("check.json")["pictures"] == 300);
    CHECK(place.read_json("check.json")["subfolders"].size() == 2);

    const auto list = place.folder / "list.txt";
    write_file(list, "validation/happy/person 3/1003.png\n");
    REQUIRE(std::filesystem::exists(place.folder / "data/validation/happy/person 3/1003.png"));
    const auto evaluated = run_program(
        "trainer", {"evaluate", "--model", place.card, "--data", place.data, "--exclude", list.string(),
                    "--json", place.path("figures.json"), "--predictions", place.path("predictions.csv")});
    REQUIRE(evaluated.exit_code == 0);
    CHECK_THAT(evaluated.err, ContainsSubstring("files of happy are in 10 folders"));
    const auto predictions = read_file(place.folder / "predictions.csv");
    CHECK(predictions.find("happy/person 4/1004.png") != std::string::npos);
    CHECK(predictions.find("happy/person 3/1003.png") == std::string::npos);

    std::filesystem::create_directories(place.folder / "scenes");
    std::filesystem::create_directories(place.folder / "other");
    write_image(place.folder / "other/s.png", scene("happy-1.png"));
    std::filesystem::create_directory_symlink(place.folder / "other", place.folder / "scenes/link");
    std::filesystem::create_directory_symlink("..", place.folder / "scenes/loop");
    const auto cropped =
        run_program("trainer", {"crop", "--from", place.path("scenes"), "--to", place.path("crops")});
    REQUIRE(cropped.exit_code == 0);
    CHECK(names_in(place.folder / "crops") == std::vector<std::string>{"link-s.png-000000-0.png"});
}

}  // namespace trainer_data_test
