#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <utility>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "cli/clips.hpp"
#include "cli/documents.hpp"
#include "media/image_files.hpp"
#include "model/foreign_onnx.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"

namespace documents_commands_test {

using namespace emotion;
using namespace emotion::test;

namespace {

namespace fs = std::filesystem;

std::string replaced(const std::string& text, const std::string& pattern, const std::string& by) {
    return std::regex_replace(text, std::regex(pattern), by);
}

/// A folder with a small substitute for everything the documents' commands use.
class Workspace {
  public:
    Workspace() {
        for (const auto* name : {"assets", "clips", "photos", "results"})
            fs::create_directory(folder_ / name);
        write_clip(folder_ / "clip.avi", 12, two_faces);
        for (const auto* name : {"talk.mp4", "me.mp4", "clips/first.mp4", "clips/second.mp4"})
            fs::copy(folder_ / "clip.avi", folder_ / name);  // the format is recognized by content
        write_file(folder_ / "clips.txt", "clips/first.mp4\nclips/second.mp4\n");
        for (const auto* name : {"photos/1.png", "photos/2.png", "face.jpg"})
            write_image(folder_ / name, picture_of("happy-1"));
        for (const auto* name : {"DATA", "FER-2013", "faces"})
            write_parts(name, {"happy", "fear", "angry", "disgust", "neutral", "sad", "surprise"});
        write_parts("DIR", {"smile", "not-smile"});
        write_class_folders(folder_.path(), {"THINGS"}, 20, 0.0, 3);
        write_votes("votes.csv", "DATA/train");
        write_votes("other-votes.csv", "DATA/validation");
        write_votes("FER-2013/train-votes.csv", "train");
        write_votes("FER-2013/validation-votes.csv", "validation");
        write_file(
            folder_ / "people.yaml",
            "family: network\nclasses: [happy, fear, neutral]\nshown: [happy, fear]\npositive: fear\n"
            "crop: {width: 16, height: 16}\n"
            "votes: {meaning: {angry: \"\", disgust: \"\", sad: \"\", surprise: \"\", contempt: \"\",\n"
            "  unknown: \"\"}, min_votes: 5}\n"
            "show: {agreement: 0.5}\n"
            "network: {layers: [conv 4, global_average_pool], epochs: 1, batch_size: 16}\n");
        fs::copy(kRoot / "models", folder_ / "models", fs::copy_options::recursive);
        fs::copy(kRoot / "config", folder_ / "config", fs::copy_options::recursive);
        for (const auto& recipe : fs::directory_iterator(folder_ / "config/recipes")) {
            const auto brief = replaced(read_file(recipe.path()), "epochs: [0-9]+", "epochs: 1");
            write_file(recipe.path(),
                       replaced(brief, "- conv [0-9]+", "- conv 4"));  // otherwise hours of work
        }
        for (const std::string folder : {"assets/faces", "assets/demo-faces"})
            fs::copy(kRoot / folder, folder_ / folder, fs::copy_options::recursive);
        for (const auto* name : {"CMakeLists.txt", "CMakePresets.json"})
            fs::copy(kRoot / name, folder_ / name);
        fs::copy(folder_ / "config/recipes/logistic.yaml", folder_ / "logistic.yaml");
    }

    fs::path operator/(const std::string& name) const { return folder_ / name; }

    /// Runs a line in a shell, without a desktop.
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

    /// The votes of ten people on the pictures of a part, with paths relative to the table: seven for the
    /// folder's class.
    void write_votes(const std::string& table, const std::string& part) const {
        const std::vector<std::string> classes{"happy",   "fear", "angry",   "disgust",
                                               "neutral", "sad",  "surprise"};
        std::string text = "picture";
        for (const auto& name : classes) text += "," + name;
        text += ",contempt,unknown\n";
        for (const auto& name : classes)
            for (const auto& picture :
                 fs::directory_iterator((folder_ / table).parent_path() / part / name)) {
                text += part + "/" + name + "/" + picture.path().filename().string();
                for (const auto& answer : classes) text += answer == name ? ",7" : ",0";
                text += ",2,1\n";
            }
        write_file(folder_ / table, text);
    }

    TemporaryFolder folder_;
};

/// The line with cameras, streams and placeholders replaced by a clip, and programs of events by one that is
/// everywhere.
std::string with_stand_ins(std::string line) {
    line = replaced(line, "VIDEO\\|FOLDER|rtsp://\\S+|/dev/video\\d", "talk.mp4");
    line = replaced(line, "^emotion-detector 2\\b", "emotion-detector talk.mp4");
    line = replaced(line, "^emotion-detector(?= *(#|$| --on | --osc | --serve | --headless --jsonl -))",
                    "emotion-detector talk.mp4");
    line = replaced(line, "^ffmpeg \\.\\.\\.", "ffmpeg -v error -i talk.mp4");
    line = replaced(line, "notify-send|/usr/local/bin/call-help", "true");
    line = replaced(line, "--serve 8765", "--serve 0");  // any free port: others may run this test as well
    line = replaced(line, "--serve 0\\.0\\.0\\.0:8765", "--serve 0.0.0.0:0");
    line = replaced(line, "^build/release/bin/", "");
    line = replaced(line, "^(cmake --preset [a-z0-9]+).*", "$1 -N");  // the build itself runs this test
    return line;
}

struct LeftOut {
    const char* pattern;
    const char* reason;
};

/// The commands that are not run here.
const std::vector<LeftOut> kLeftOut{
    {"--doctor", "speaks of this machine; tested in live_test.cpp"},
    {"^git clone ", "wants the network"},
    {"^export PATH=", "changes the shell"},
    {"^\\./run ", "builds the project; the word behind it is looked up in documents_test.cpp"},
    {"^cmake --(build|install)", "builds the project"},
    {"^cmake -B build -DCMAKE_PREFIX_PATH=", "builds a program of the reader's, as tests/example does"},
    {"^python3 -c \"import onnx;", "wants Python's onnx"},
    {"^ctest |^build/release/bin/[a-z]+_tests ", "is what runs this test"},
    {"^build/fuzz/bin/", "wants a build for fuzzing"},
    {"^build/release/bin/make-demo --data ", "wants pictures of people, and minutes"},
    {"^(mkdir -p build && )?doxygen ", "is a test of its own in tests/CMakeLists.txt"},
    {"^gcovr ", "wants a build that measures coverage"},
    {"^curl .*127\\.0\\.0\\.1:8765/", "wants a run that serves; tested in serve_test.cpp"},
    {"^python3 -c .*127\\.0\\.0\\.1:8765/", "wants a run that serves; tested in serve_test.cpp"},
    {"^sudo ", "changes this machine"},
    {" --virtual-camera ", "wants a device of v4l2loopback"},
    {"^ssh ", "wants another machine"},
    {"^perf ", "wants the kernel's profiler"},
    {"^assets/docs/make-pictures", "wants a browser and the whole demo clip"},
};

bool holds(const std::string& text, const char* pattern) {
    return std::regex_search(text, std::regex(pattern));
}

bool is_run(const std::string& command) {
    return holds(command,
                 "^((build/release/bin/)?(emotion-detector|trainer|make-demo)|cmake --preset)( |$)|^find "
                 ".*parallel emotion-detector|^ffmpeg .*\\| emotion-detector");
}

bool is_left_out(const std::string& command) {
    return std::any_of(kLeftOut.begin(), kLeftOut.end(),
                       [&](const auto& one) { return holds(command, one.pattern); });
}

/// Whether the line is a shell command: blocks also contain output, other languages and wrapped sentences.
bool is_command(const std::string& line) {
    return holds(
        line,
        "^(\\./|[a-z./]*/bin/|assets/docs/make-|(emotion-detector|trainer|make-demo|apt|apt-get|bash|brew|"
        "cat|cd|clang-format|clang-tidy|cmake|cp|ctest|curl|docker|doxygen|export|ffmpeg|find|gcovr|git|jq|"
        "ls|mkdir|parallel|perf|pip|podman|python3|rsync|sbatch|sh|ssh|sudo|tar|valgrind|wget|xvfb-run"
        ")( |$))");
}

/// The commands of a page: lines of its blocks, commands in comments, and those in sentences that run other
/// programs (ours are checked in documents_test.cpp).
std::vector<std::string> shell_commands_of(const fs::path& document) {
    std::vector<std::string> commands;
    for (const auto& line : commands_of(document)) {
        const auto next = line.find("# then: ");
        commands.push_back(line.substr(0, next));
        if (next != std::string::npos) commands.push_back(line.substr(next + 8));
    }
    const auto text = read_file(document);
    const std::regex quoted("`([^`\n]+)`");
    for (std::sregex_iterator match(text.begin(), text.end(), quoted), end; match != end; ++match)
        if (const auto command = (*match)[1].str();
            holds(command, " ") && !holds(command, "^(emotion-detector|trainer) "))
            commands.push_back(command);
    std::erase_if(commands, [](const auto& command) { return !is_command(command); });
    return commands;
}

/// The program used by the line that is not installed; empty if none.
std::string missing_program(const std::string& line) {
    for (const std::string other : {"jq", "parallel"})
        if (line.find("| " + other + " ") != std::string::npos && !have_program(other)) return other;
    return {};
}

}  // namespace

TEST_CASE("The commands in the documents run as written") {
    const Workspace workplace;
    int commands = 0;
    for (const auto& document : documents())
        for (const auto& line : shell_commands_of(document)) {
            if (is_left_out(line)) continue;
            if (const auto missing = missing_program(line); !missing.empty()) {
                WARN(document.string() << ": not run, as " << missing << " is not installed: " << line);
                continue;
            }
            if (!is_run(line)) {
                FAIL_CHECK(document.string()
                           << ": neither known as run here nor left out for a reason: " << line);
                continue;
            }
            const auto result = workplace.run(with_stand_ins(line));
            if (holds(result.err, ": this program was built without ")) {
                WARN(document.string() << ": not run: " << line << '\n' << result.err);
                continue;
            }
            INFO(document.string() << ": " << line << '\n' << result.out << result.err);
            CHECK(result.exit_code == 0);
            ++commands;
        }
    CHECK(commands > 20);
    for (const auto* made : {"talk-labelled.mp4", "talk.jsonl", "labelled/1.png", "photos.csv", "talk.srt",
                             "talk.png", "results/second.csv", "models/mine.onnx", "crops", "suspects",
                             "mine.yaml", "folds.json", "best.yaml", "me.yaml", "assets/demo.mp4"}) {
        INFO(made);
        CHECK(fs::exists(workplace / made));
    }
}

TEST_CASE("The builds named in the documents exist") {
    const Workspace workplace;
    int builds = 0;
    for (const auto& document : documents()) {
        const auto text = read_file(document);
        const std::regex named("--preset ([a-z0-9]+)");
        for (std::sregex_iterator match(text.begin(), text.end(), named), end; match != end;
             ++match, ++builds) {
            const auto result = workplace.run("cmake -N " + match->str());
            INFO(document.string() << ": " << match->str() << '\n' << result.out << result.err);
            CHECK(result.exit_code == 0);
        }
    }
    CHECK(builds > 3);
}

TEST_CASE("Every skipped command is in a document") {
    for (const auto& one : kLeftOut) {
        INFO(one.pattern);
        const auto pages = documents();
        CHECK(std::any_of(pages.begin(), pages.end(), [&](const auto& page) {
            const auto commands = shell_commands_of(page);
            return std::any_of(commands.begin(), commands.end(),
                               [&](const auto& command) { return holds(command, one.pattern); });
        }));
    }
}

TEST_CASE("A foreign network runs with the card shown in the documents") {
    const Workspace workplace;
    const auto page = read_file(kRoot / "assets/docs/model-cards.md");
    const auto begin = page.find("```yaml", page.find("Write `theirs.yaml`")) + 7;
    const auto card = replaced(page.substr(begin, page.find("```", begin) - begin), "\n   ", "\n");
    auto network = foreign_classifier(7);
    network.model().mutable_graph()->mutable_node()->RemoveLast();  // its softmax
    network.model().mutable_graph()->mutable_output(0)->set_name("fc");
    const auto weights = network.bytes();
    write_file(workplace / "theirs.onnx", weights);
    write_file(workplace / "theirs.yaml", replaced(card, "0{64}", sha256(weights)));
    CHECK_THAT(workplace.run("emotion-detector --doctor --headless --model theirs.yaml").out,
               ContainsSubstring("has no self_check") &&
                   ContainsSubstring("trainer inspect --self-check prints one"));
    for (const auto* line : {"emotion-detector --model theirs.yaml face.jpg --headless --csv -",
                             "trainer evaluate --model theirs.yaml --data faces",
                             "trainer inspect --self-check theirs.yaml >> theirs.yaml"}) {
        const auto result = workplace.run(line);
        INFO(line << '\n' << result.out << result.err);
        CHECK(page.find(std::string("`") + line + "`") != std::string::npos);
        CHECK(result.exit_code == 0);
    }
    CHECK_THAT(workplace.run("trainer inspect theirs.yaml").out, ContainsSubstring("all 4 self-checks pass"));
    write_file(workplace / "theirs.yaml",
               replaced(read_file(workplace / "theirs.yaml"), "mean: \\[123.675", "mean: [103.53"));
    CHECK_THAT(workplace.run("trainer inspect theirs.yaml").err, ContainsSubstring("self-check failed"));
}

}  // namespace documents_commands_test
