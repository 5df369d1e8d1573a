#include <map>

#include <unistd.h>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "media/image_files.hpp"
#include "support/small_disk.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace faults_test {

using namespace emotion;
using namespace emotion::test;

namespace {

namespace fs = std::filesystem;

const std::string kPicture = EMOTION_SOURCE_DIR "/assets/faces/happy-1.png";
const std::vector<std::string> kAsNobody{"--reuid=65534", "--regid=65534", "--clear-groups"};

/// Whether an unprivileged user exists who can access the program and a picture.
bool nobody_is_let_in() {
    if (::geteuid() != 0) return true;
    auto arguments = kAsNobody;
    arguments.insert(arguments.end(), {"sh", "-c", "test -x \"$0\" && test -r \"$1\"",
                                       EMOTION_BIN_DIR "/emotion-detector", kPicture});
    return program_works("setpriv", arguments);
}

/// Runs the detector as that user, because permissions do not apply to root.
ProgramResult detect_as_nobody(std::vector<std::string> arguments,
                               const std::map<std::string, std::string>& environment = {}) {
    arguments.insert(arguments.begin(), "--headless");
    if (::geteuid() != 0) return run_program("emotion-detector", arguments, environment);
    arguments.insert(arguments.begin(), EMOTION_BIN_DIR "/emotion-detector");
    arguments.insert(arguments.begin(), kAsNobody.begin(), kAsNobody.end());
    return run_program("setpriv", arguments, environment);
}

}  // namespace

TEST_CASE("A full disk leaves every earlier result as it was") {
    const TemporaryFolder folder;
    const SmallDisk disk(folder / "disk");
    if (!disk.mounted()) SKIP_TEST("needs the right to mount a small disk");
    write_clip(folder / "clip.avi", 30, two_faces);
    for (const auto& [option, name] : {std::pair{"--output", "a.mp4"},
                                       {"--output", "a.mkv"},
                                       {"--output", "a.avi"},
                                       {"--jsonl", "a.jsonl"},
                                       {"--csv", "a.csv"},
                                       {"--subtitles", "a.srt"},
                                       {"--timeline", "a.svg"},
                                       {"--timeline", "a.png"},
                                       {"--summary", "a.json"},
                                       {"--stats", "a.json"}}) {
        const auto target = folder / "disk" / name;
        write_file(target, "an earlier result");  // uses the last page
        const auto result = detect({folder / "clip.avi", option, target});
        INFO(option << ' ' << result.err);
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.err, ContainsSubstring(std::string(name) + ": ") &&
                                   ContainsSubstring("No space left on device"));
        CHECK(read_file(target) == "an earlier result");
        const auto mark = folder / "disk" / ("." + std::string(name) + ".cut-short");
        fs::remove(mark);  // the only trace of the failed run
        CHECK(files_in(folder / "disk") == 2);
        fs::remove(target);
    }
}

TEST_CASE("A picture too large for memory stops no other") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    SKIP_TEST("a sanitizer wants more address space than is to be allowed");
#endif
    const TemporaryFolder folder;
    const fs::path big = folder / "big.png", good = folder / "good.png";
    write_image(big, cv::Mat(9000, 9000, CV_8UC3, cv::Scalar::all(90)));
    write_image(good, cv::Mat(240, 320, CV_8UC3, cv::Scalar::all(90)));
    const auto detect_within = [&](int kib) {
        return run_program("sh", {"-c", "ulimit -v $0; exec \"$@\"", std::to_string(kib),
                                  EMOTION_BIN_DIR "/emotion-detector", "--headless", "--threads", "1",
                                  "--jsonl", "-", big, good});
    };
    for (const int kib : {600'000, 700'000, 800'000, 2'000'000}) {
        const auto result = detect_within(kib);
        INFO(kib << " KiB: " << result.err);
        if (result.exit_code != 0) {
            CHECK(result.exit_code == 1);
            CHECK_THAT(result.err, ContainsSubstring("big.png: needs more memory than is available"));
        }
        CHECK_THAT(result.out, ContainsSubstring("good.png"));
        CHECK((result.exit_code != 0 || kib > 600'000));
    }
}

TEST_CASE("Outputs whose folder vanishes are reported") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "out");
    write_clip(folder / "long.avi", 1000, [](int frame) {
        return background({160, 120}) + cv::Scalar::all(frame % 50);
    });
    RunningProgram program("emotion-detector", {"--headless", folder / "long.avi", "--output",
                                                folder / "out/a.mp4", "--csv", folder / "out/a.csv"});
    wait_until([&] { return files_in(folder / "out") == 2; });
    fs::rename(folder / "out", folder / "elsewhere");
    const auto result = program.wait();
    INFO(result.err);
    CHECK(result.exit_code == 1);
    CHECK_THAT(result.err, ContainsSubstring("out/a.csv: could not be written completely") ||
                               ContainsSubstring("out/a.mp4: cannot be finished"));
    CHECK_FALSE(fs::exists(folder / "out"));
}

TEST_CASE("Missing permissions are reported with the reason") {
    const TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0755));
    if (kCountsLines) SKIP_TEST("counts of lines may not be written");
    if (!nobody_is_let_in())
        SKIP_TEST("needs setpriv, and sources and programs where every user may read them");
    REQUIRE(detect_as_nobody({kPicture, "--jsonl", "-"}).exit_code == 0);
    const auto refused = [&](const std::vector<std::string>& arguments, const std::string& expected) {
        const auto result = detect_as_nobody(arguments);
        CHECK(result.exit_code == 1);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring(expected + "Permission denied"));
    };
    fs::create_directory(folder / "locked");
    for (const auto* name : {"face.png", "clip.mp4", "card.yaml", "locked/card.yaml"}) {
        write_file(folder / name, "content");
        fs::permissions(folder / name, fs::perms::none);
    }
    fs::permissions(folder / "locked", fs::perms::none);
    fs::create_directories(folder / "in/locked");
    fs::copy_file(kPicture, folder / "in/face.png");
    fs::permissions(folder / "in/locked", fs::perms::none);
    refused({folder / "face.png"}, "face.png: cannot be read: ");
    refused({folder / "clip.mp4"}, "clip.mp4: cannot be read: ");
    refused({folder / "locked"}, "locked: cannot be listed: ");
    refused({folder / "in", "--csv", "-"}, "in/locked: cannot be listed: ");
    refused({folder / "locked/clip.mp4"}, "locked/clip.mp4: cannot be read: ");
    refused({kPicture, "--jsonl", folder / "locked/in/a.jsonl"}, "a.jsonl: cannot be written: ");
    refused({kPicture, "--model", folder / "card.yaml"}, "card.yaml: cannot be read: ");
    refused({kPicture, "--model", folder / "locked/card.yaml"}, "card.yaml: cannot be read: ");
    fs::permissions(folder.path(), fs::perms(0555));
    refused({kPicture, "--output", folder / "a.png"}, "a.png: cannot be written: ");
    refused({kPicture, "--jsonl", folder / "a.jsonl"}, "a.jsonl: cannot be written: ");
    refused({kPicture, "--csv", folder / "new/"}, "new/: the folder cannot be created: ");
    fs::permissions(folder.path(), fs::perms(0755));
    fs::permissions(folder / "locked", fs::perms(0755));
}

TEST_CASE("Unreadable files of the program are reported with a remedy") {
    const TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0755));
    if (kCountsLines) SKIP_TEST("counts of lines may not be written");
    if (!nobody_is_let_in())
        SKIP_TEST("needs setpriv, and sources and programs where every user may read them");
    REQUIRE(detect_as_nobody({kPicture, "--jsonl", "-"}).exit_code == 0);
    const auto data = folder / "data";
    fs::copy(EMOTION_BIN_DIR "/../share/emotion-detector", data, fs::copy_options::recursive);
    const auto refused = [&](const std::string& locked) {
        const auto permissions = fs::status(data / locked).permissions();
        fs::permissions(data / locked, fs::perms::none);
        const auto result = detect_as_nobody({kPicture, "--jsonl", "-"}, {{"EMOTION_DETECTOR_DATA", data}});
        fs::permissions(data / locked, permissions);
        INFO(locked);
        CHECK(result.exit_code == 1);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring(": may not be read by this user") &&
                                   ContainsSubstring("chmod -R a+rX " + data.string()));
    };
    refused("");
    refused("haarcascades");
    refused("haarcascades/haarcascade_frontalface_default.xml");
    refused("models/happy-fear.yaml");
    refused("config/detector.yaml");
}

}  // namespace faults_test
