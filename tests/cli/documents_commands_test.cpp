#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <utility>

#include "cli/clips.hpp"
#include "cli/documents.hpp"

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "model/foreign_onnx.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "training/class_pictures.hpp"

using namespace emotion;
using namespace emotion::test;

namespace {

namespace fs = std::filesystem;

std::string replaced(const std::string& text, const std::string& pattern, const std::string& by) {
    return std::regex_replace(text, std::regex(pattern), by);
}

/// A folder with a small stand-in for all that the documents' commands name.
class Workplace {
  public:
    Workplace() {
        for (const auto* name : {"clips", "photos", "results"}) fs::create_directory(folder_ / name);
        write_clip(folder_ / "clip.avi", 12, two_faces);
        for (const auto* name : {"talk.mp4", "me.mp4", "clips/first.mp4", "clips/second.mp4"})
            fs::copy(folder_ / "clip.avi", folder_ / name);  // what is inside decides, not the name
        write_file(folder_ / "clips.txt", "clips/first.mp4\nclips/second.mp4\n");
        for (const auto* name : {"photos/1.png", "photos/2.png", "face.jpg"})
            cv::imwrite(folder_ / name, picture_of("happy-1"));
        for (const auto* name : {"DATA", "FER-2013", "faces"})
            write_parts(name, {"happy", "fear", "angry", "disgust", "neutral", "sad", "surprise"});
        write_parts("DIR", {"smile", "not-smile"});
        fs::copy(kRoot / "models", folder_ / "models", fs::copy_options::recursive);
        fs::copy(kRoot / "config", folder_ / "config", fs::copy_options::recursive);
        for (const auto& recipe : fs::directory_iterator(folder_ / "config/recipes")) {
            const auto brief = replaced(read_file(recipe.path()), "epochs: [0-9]+", "epochs: 1");
            write_file(recipe.path(),
                       replaced(brief, "- conv [0-9]+", "- conv 4"));  // hours of work otherwise
        }
        fs::copy(folder_ / "config/recipes/logistic.yaml", folder_ / "logistic.yaml");
    }

    fs::path operator/(const std::string& name) const { return folder_ / name; }

    /// Runs a line as a shell does, without a desktop.
    ProgramResult run(const std::string& line) const {
        return run_program("bash",
                           {"-c", "cd '" + folder_.path().string() + "' && set -o pipefail && export PATH='" +
                                      std::string(EMOTION_BIN_DIR) + "':\"$PATH\"\n" + line},
                           {{"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""}, {"SLURM_ARRAY_TASK_ID", "2"}});
    }

  private:
    void write_parts(const std::string& name, const std::vector<std::string>& classes) const {
        write_class_folders(folder_ / name / "train", classes, 20, 0.1);
        write_class_folders(folder_ / name / "validation", classes, 20, 0.1, 2);
    }

    TemporaryFolder folder_;
};

/// The line with a clip in the place of cameras and streams, and of what the reader has to fill in.
std::string with_stand_ins(std::string line) {
    line = replaced(line, "VIDEO\\|FOLDER|rtsp://\\S+|/dev/video\\d", "talk.mp4");
    line = replaced(line, "^emotion-detector 2\\b", "emotion-detector talk.mp4");
    line = replaced(line, "^emotion-detector(?= *(#|$| --on | --headless --jsonl -))",
                    "emotion-detector talk.mp4");
    return line;
}

bool can_be_run(const std::string& line) {
    if (!std::regex_search(
            line, std::regex("^(emotion-detector|trainer) |^emotion-detector$|parallel emotion-detector")))
        return false;  // ./run, cmake and the like, and what is no command
    for (const auto* other : {"jq", "parallel"})
        if (line.find(std::string("| ") + other + " ") != std::string::npos && !have_program(other))
            return false;
    return line.find("--doctor") == std::string::npos;  // speaks of this machine; tested in live_test.cpp
}

}  // namespace

TEST_CASE("The commands in the documents run as they stand there") {
    const Workplace workplace;
    int commands = 0;
    for (const auto& document : documents())
        for (const auto& line : commands_of(document)) {
            if (!can_be_run(line)) continue;
            const auto result = workplace.run(with_stand_ins(line));
            INFO(document.string() << ": " << line << '\n' << result.out << result.err);
            CHECK(result.exit_code == 0);
            ++commands;
        }
    CHECK(commands > 20);
    for (const auto* made : {"talk-labelled.mp4", "talk.jsonl", "labelled/1.png", "photos.csv", "talk.srt",
                             "talk.png", "results/second.csv", "models/mine.onnx", "crops", "suspects",
                             "mine.yaml", "folds.json", "best.yaml", "me.yaml"}) {
        INFO(made);
        CHECK(fs::exists(workplace / made));
    }
}

TEST_CASE("Somebody else's network runs with the card that the documents tell to write") {
    const Workplace workplace;
    const auto page = read_file(kRoot / "assets/docs/model-cards.md");
    const auto begin = page.find("```yaml", page.find("Write `theirs.yaml`")) + 7;
    const auto card = replaced(page.substr(begin, page.find("```", begin) - begin), "\n   ", "\n");
    auto network = foreign_classifier(7);
    network.model().mutable_graph()->mutable_node()->RemoveLast();  // its softmax
    network.model().mutable_graph()->mutable_output(0)->set_name("fc");
    const auto weights = network.bytes();
    write_file(workplace / "theirs.onnx", weights);
    write_file(workplace / "theirs.yaml", replaced(card, "0{64}", sha256(weights)));
    for (const auto* line : {"emotion-detector --model theirs.yaml face.jpg",
                             "trainer evaluate --model theirs.yaml --data faces"}) {
        const auto result = workplace.run(line);
        INFO(line << '\n' << result.out << result.err);
        CHECK(page.find(std::string("`") + line + "`") != std::string::npos);
        CHECK(result.exit_code == 0);
    }
}
