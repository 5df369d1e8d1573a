#include "training/check/data_check.hpp"

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/image_files.hpp"
#include "media/pictures/picture.hpp"
#include "model/model_files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/check/contact_sheets.hpp"
#include "training/check/data_check_text.hpp"
#include "training/check/dataset_check.hpp"
#include "training/check/vote_check.hpp"
#include "training/data/class_pictures.hpp"
#include "training/data/labeled_pictures.hpp"
#include "training/fit/training_run.hpp"

namespace data_check_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

using Names = std::vector<std::string>;

/// Two classes in two splits, with one fault of each kind.
struct FaultyData {
    TemporaryFolder folder;
    std::filesystem::path data = folder / "data";

    FaultyData() {
        write_class_folders(data / "train", {"happy", "fear"}, 30);
        write_class_folders(data / "validation", {"happy", "fear"}, 30, 0.0, 2);
        write_file(data / "train" / "happy" / "empty.png", "");
        write_file(data / "train" / "happy" / "text.png", "no picture");
        write_image(data / "train" / "happy" / "black.png", cv::Mat::zeros(16, 16, CV_8UC1));
        write_image(data / "train" / "fear" / "long.png", blots(40, 16));
        copy("train/happy/1000.png", "train/happy/copy.png");
        copy("train/happy/1001.png", "train/fear/contradiction.png");
        copy("train/fear/1002.png", "validation/fear/leak.png");
    }
    void copy(const std::string& from, const std::string& to) const {
        std::filesystem::copy_file(data / from, data / to);
    }
    static cv::Mat blots(int width, int height) {
        Random random(7);
        cv::Mat coarse(4, 4, CV_8UC1), picture;
        for (auto& pixel : cv::Mat_<std::uint8_t>(coarse))
            pixel = static_cast<std::uint8_t>(random.below(256));
        cv::resize(coarse, picture, cv::Size(width, height));
        return picture;
    }
    DataCheck check(const DataCheckOptions& options = {}, const Exclusions& exclusions = {}) const {
        ThreadPool threads(2);
        return check_data(data, exclusions, options, threads, [](std::size_t, std::size_t) {});
    }
};

Names names_of(const DataCheck& check, const DuplicateGroup& group) {
    Names names;
    for (const auto i : group.pictures) names.push_back(check.pictures[i].name);
    return names;
}

}  // namespace

TEST_CASE("The check finds each fault and names the picture") {
    const FaultyData faulty;
    const auto check = faulty.check();
    CHECK(check.splits == Names{"train", "validation"});
    CHECK(check.classes == Names{"fear", "happy"});
    CHECK(check.count(0, 1) == 32);

    const auto json = to_json(check);
    CHECK(json["pictures"] == 127);
    CHECK(json["splits"]["train"]["fear"] == 32);
    CHECK(json["unreadable"].size() == 2);
    CHECK(json["unreadable"][0]["picture"] == "train/happy/empty.png");
    CHECK(json["blank"] == nlohmann::json{"train/happy/black.png"});
    CHECK(json["usual_size"] == "16x16");
    CHECK(json["no_face"].is_null());
    CHECK(json["doubtful"].is_null());
    REQUIRE(check.duplicates.size() == 3);
    for (const auto& group : check.duplicates) {
        CHECK(group.exact);
        const auto names = names_of(check, group);
        switch (check.kind(group)) {
            case DuplicateKind::kWithinClass:
                CHECK(names == Names{"train/happy/1000.png", "train/happy/copy.png"});
                break;
            case DuplicateKind::kAcrossClasses:
                CHECK(names == Names{"train/fear/contradiction.png", "train/happy/1001.png"});
                break;
            case DuplicateKind::kAcrossSplits:
                CHECK(names == Names{"train/fear/1002.png", "validation/fear/leak.png"});
                break;
        }
    }
    CHECK(json["exclude"] == nlohmann::json{"train/fear/1002.png", "train/fear/contradiction.png",
                                            "train/happy/1001.png", "train/happy/black.png",
                                            "train/happy/copy.png", "train/happy/empty.png",
                                            "train/happy/text.png"});

    const auto text = to_text(check);
    for (const char* line :
         {"2 files cannot be read", "is empty", "1 picture is of one shade",
          "occurs more than once across splits",
          "same pixels: train/fear/1002.png = validation/fear/leak.png", "long.png: 40x16"})
        CHECK_THAT(text, ContainsSubstring(line));
}

TEST_CASE("The check lists pictures that were cut short, whatever their format") {
    const TemporaryFolder folder;
    write_class_folders(folder / "data", {"happy", "fear"}, 4);
    Names expected;
    for (const std::string ending : {"jpg", "png", "tiff", "webp"}) {
        const auto name = "happy/cut." + ending;
        const auto path = folder / "data" / name;
        write_image(path, FaultyData::blots(160, 120));
        std::filesystem::resize_file(path, std::filesystem::file_size(path) * 6 / 10);
        expected.push_back(name);
    }
    ThreadPool threads(2);
    const auto check = check_data(folder / "data", {}, {}, threads, [](std::size_t, std::size_t) {});
    CHECK(to_json(check)["exclude"] == nlohmann::json(expected));
    const auto text = to_text(check);
    CHECK_THAT(text, ContainsSubstring("4 files cannot be read") && ContainsSubstring("is cut short"));
}

TEST_CASE("The check lists damaged pictures and those of formats that are not read") {
    const TemporaryFolder folder;
    write_class_folders(folder / "data", {"happy", "fear"}, 4);
    const auto jpeg = folder / "data/happy/damaged.jpg", tga = folder / "data/happy/texture.tga";
    write_image(jpeg, FaultyData::blots(160, 120));
    auto bytes = read_file(jpeg);
    const auto middle = (bytes.find("\xff\xda") + bytes.size()) / 2;
    write_file(jpeg, bytes.replace(middle, 2, "\xff\x5a"));
    using namespace std::string_literals;
    write_file(tga, "\0\0\x02\0\0\0\0\0\0\0\0\0\x04\0\x02\0\x18\0"s + std::string(4 * 2 * 3, '\x50'));
    ThreadPool threads(2);
    const auto check = check_data(folder / "data", {}, {}, threads, [](std::size_t, std::size_t) {});
    CHECK(to_json(check)["exclude"] == nlohmann::json{"happy/damaged.jpg", "happy/texture.tga"});
    CHECK_THAT(to_text(check), ContainsSubstring("damaged.jpg: is damaged") &&
                                   ContainsSubstring("texture.tga: is a picture in the TGA format") &&
                                   ContainsSubstring("convert it to PNG"));
}

TEST_CASE("The check reports folders under unexpected names and classes that look alike") {
    const TemporaryFolder folder;
    write_class_folders(folder / "train", {"happy", "fear"}, 25);
    write_class_folders(folder / "val", {"happy", "fear"}, 25, 0.0, 2);
    std::filesystem::create_directories(folder / "train" / "Happy ");
    ThreadPool threads(1);
    const auto check = check_data(folder.path(), {}, {}, threads, [](std::size_t, std::size_t) {});
    CHECK(check.splits == Names{"train"});
    const auto warnings = check.warnings();
    REQUIRE(warnings.size() == 3);  // the last: no picture of the class
    CHECK_THAT(warnings[0], ContainsSubstring("val: is not used, expected the name validation"));
    CHECK_THAT(warnings[1], ContainsSubstring("\"Happy \" and \"happy\" are different classes"));
    CHECK_THAT(to_text(check), ContainsSubstring("Note: " + warnings[0]));
    CHECK(to_json(check)["warnings"][1] == warnings[1]);
}

TEST_CASE("The pictures of a table are checked as those of folders, and its rows as well") {
    const TemporaryFolder folder;
    write_class_folders(folder.path(), {"happy", "fear"}, 22);
    std::filesystem::copy_file(folder / "happy" / "1000.png", folder / "fear" / "copy.png");
    write_file(folder / "fear" / "torn.png", "no picture");
    write_image(folder / "black.png", cv::Mat::zeros(16, 16, CV_8UC1));
    std::string text = "picture,happy,fear,unknown\n";
    for (int i = 1000; i < 1022; ++i) text += "happy/" + std::to_string(i) + ".png,8,1,1\n";
    text += "fear/1000.png,1,8,1\nfear/copy.png,0,9,1\nfear/torn.png,0,9,1\nblack.png,9,0,1\n";
    text += "fear/1001.png,4,4,2\nfear/1002.png,0,0,0\ngone.png,5,5,0\n";
    write_file(folder / "votes.csv", text);

    const auto table = read_vote_table(folder / "votes.csv");
    const VoteRules rules{.min_votes = 0.0};
    const auto classes = classes_in({table}, rules);
    CHECK(classes == Names{"happy", "fear", "unknown"});
    const auto collected = collect_pictures({}, {}, {table}, rules, classes);
    ThreadPool threads(2);
    const auto check =
        check_data(table.file, collected.pictures, classes, {}, threads, [](std::size_t, std::size_t) {});
    const auto json = to_json(check);
    CHECK(json["pictures"] == 27);
    CHECK(json["classes"]["happy"] == 24);  // of those with as many votes, the first column counts
    CHECK(json["classes"]["fear"] == 2);
    REQUIRE(json["unreadable"].size() == 1);
    CHECK(json["unreadable"][0]["picture"] == "fear/torn.png");
    CHECK(json["blank"] == nlohmann::json{"black.png"});
    REQUIRE(json["duplicates"].size() == 1);
    CHECK(json["duplicates"][0]["kind"] == "across classes");
    CHECK(json["exclude"] == nlohmann::json{"happy/1000.png", "fear/copy.png", "fear/torn.png", "black.png"});
    CHECK_THAT(to_text(check),
               ContainsSubstring("2 pictures of the class fear, by label or majority vote, too few") &&
                   ContainsSubstring("over ten times as many pictures of happy as of fear"));

    const auto votes = check_votes(check, {table, table}, rules);
    CHECK(votes.with_votes == 27);
    CHECK(votes.disagreements.empty());
    REQUIRE(votes.no_agreement.size() == 1);
    CHECK(check.pictures[votes.no_agreement[0].picture].name == "fear/1001.png");
    REQUIRE(votes.without_picture.size() == 1);
    CHECK_THAT(votes.without_picture[0], ContainsSubstring("votes.csv:30: gone.png"));
    REQUIRE(votes.without_label.size() == 1);
    CHECK_THAT(votes.without_label[0], ContainsSubstring("votes.csv:29: fear/1002.png"));
    CHECK(votes.elsewhere.empty());
    CHECK_THAT(to_text(votes, check),
               ContainsSubstring("1 table rows without a label or enough votes, which are not used:\n"));
}

TEST_CASE("Without the excluded pictures there is nothing left to exclude") {
    const FaultyData faulty;
    write_file(faulty.folder / "check.json", to_json(faulty.check()).dump());
    const Exclusions from_json(faulty.folder / "check.json", faulty.data);
    CHECK(from_json.size() == 7);
    const auto second = faulty.check({}, from_json);
    CHECK(second.pictures.size() == 120);
    CHECK(second.duplicates.empty());
    CHECK(second.exclude().empty());
}

TEST_CASE("A list of exclusions is text or the JSON of a check") {
    const TemporaryFolder folder;
    write_class_folders(folder.path(), {"happy", "fear"}, 3);
    write_file(folder / "list.txt", "# mine\nhappy/1001.png\r\n\n" + (folder / "fear" / "1002.png").string() +
                                        "\nhappy/none.png\n");
    const Exclusions exclusions(folder / "list.txt", folder.path());
    auto folders = list_class_folders(folder.path());
    CHECK(exclusions.size() == 3);
    CHECK(exclusions.apply(folders) == 2);
    CHECK(folders[0].files.size() == 2);
    CHECK(folders[1].files.size() == 2);
    CHECK(folders[1].files[1].filename() == "1002.png");

    write_file(folder / "other.json", R"({"pictures": 3})");
    CHECK_THROWS_AS(Exclusions(folder / "other.json", folder.path()), ConfigError);
    write_file(folder / "torn.json", R"({"exclude": ["a)");
    CHECK_THROWS_AS(Exclusions(folder / "torn.json", folder.path()), ConfigError);
    CHECK_THROWS_AS(Exclusions(folder / "missing.txt", folder.path()), Error);
}

TEST_CASE("Classes that are too small, missing or alone are reported") {
    const TemporaryFolder folder;
    write_class_folders(folder / "train", {"happy", "fear"}, 300);
    write_class_folders(folder / "validation", {"happy", "sad"}, 25);
    std::filesystem::remove_all(folder / "train" / "fear");
    write_class_folders(folder / "train", {"fear"}, 5, 0.0, 3);
    ThreadPool threads(1);
    const auto quiet = [](std::size_t, std::size_t) {};
    const auto check = check_data(folder.path(), {}, {}, threads, quiet);
    std::string warnings;
    for (const auto& warning : check.warnings()) warnings += warning + "\n";
    CHECK_THAT(warnings, ContainsSubstring("train: 5 pictures of the class fear"));
    CHECK_THAT(warnings, ContainsSubstring("train: no picture of the class sad"));
    CHECK_THAT(warnings, ContainsSubstring("validation: no picture of the class fear"));

    std::filesystem::remove_all(folder / "train");
    std::filesystem::remove_all(folder / "validation");
    write_class_folders(folder.path(), {"happy"}, 30);
    const auto alone = check_data(folder.path(), {}, {}, threads, quiet);
    REQUIRE(alone.warnings().size() == 1);
    CHECK_THAT(alone.warnings()[0], ContainsSubstring("only one class"));
}

TEST_CASE("The counts of classes are in line whatever script their names are in") {
    DataCheck check;
    check.splits = {"train", "validation"};
    check.classes = {"\u6050\u6016", "gl\u00fccklich"};
    CHECK_THAT(to_text(check), ContainsSubstring("\n                    train  validation\n"
                                                 "  \u6050\u6016                  0           0\n"
                                                 "  gl\u00fccklich             0           0\n"));
}

TEST_CASE("A model doubts swapped labels and the contact sheets show them") {
    const TemporaryFolder folder;
    ThreadPool threads(2);
    const auto recipe = parse_recipe(
        "family: logistic\nclasses: [happy, fear]\ncrop: {width: 16, height: 16}\nfolds: 3\n"
        "logistic: {features: standardised, l2: 100, solver: lbfgs}\n",
        "r.yaml");
    const auto trained = train(recipe, class_dataset({"happy", "fear"}, 200), {}, {1, threads});
    model::save_model(folder / "model.yaml", trained.card, trained.graph);
    write_class_folders(folder / "data", {"happy", "fear", "sad"}, 40, 0.0, 5);
    for (const char* swapped : {"1003.png", "1007.png"})
        std::filesystem::rename(folder / "data" / "happy" / swapped,
                                folder / "data" / "fear" / ("x" + std::string(swapped)));

    DataCheckOptions options;
    options.model = folder / "model.yaml";
    const auto check = check_data(folder / "data", {}, options, threads, [](std::size_t, std::size_t) {});
    CHECK(check.model == "r");
    REQUIRE(check.doubtful.size() == 2);
    for (const auto& doubt : check.doubtful) {
        CHECK_THAT(check.pictures[doubt.picture].name, ContainsSubstring("fear/x100"));
        CHECK(doubt.suggested == "happy");
        CHECK(doubt.suggested_probability > doubt.probability);
    }
    std::filesystem::create_directory(folder / "report");
    for (const char* earlier : {"blank.png", "no-face.png", "holiday.png"})
        write_file(folder / "report" / earlier, "of an earlier check, or of the user");
    const auto sheets = write_contact_sheets(check, folder / "report");
    CHECK_FALSE(std::filesystem::exists(folder / "report/blank.png"));
    CHECK_FALSE(std::filesystem::exists(folder / "report/no-face.png"));
    CHECK(std::filesystem::exists(folder / "report/holiday.png"));
    REQUIRE(sheets.size() == 1);
    CHECK(sheets[0].filename() == "doubtful-labels.png");
    const auto sheet = media::read_picture(sheets[0].string());
    CHECK(sheet.cols == 240);
    CHECK(sheet.rows < 200);
}

TEST_CASE("A training warns of duplicates, leaks and contradictions in its pictures") {
    auto train = class_dataset({"happy", "fear"}, 20);
    const auto validation = class_dataset({"happy", "fear"}, 20, 0.0, 2);
    ThreadPool threads(2);
    CHECK(check_datasets(train, validation, threads).empty());
    CHECK(check_datasets(train, {}, threads).empty());

    const auto add = [&](const Dataset& from, std::size_t index, int label) {
        const auto first = from.crops.begin() + static_cast<std::ptrdiff_t>(index * from.crop_bytes());
        const std::vector<std::uint8_t> crop(first, first + static_cast<std::ptrdiff_t>(from.crop_bytes()));
        train.crops.insert(train.crops.end(), crop.begin(), crop.end());
        train.labels.push_back(label);
        train.names.push_back("copy");
    };
    add(train, 0, 1);
    add(validation, 3, 0);
    add(validation, 4, 0);
    const auto warnings = check_datasets(train, validation, threads);
    REQUIRE(warnings.size() == 3);
    CHECK(warnings[0] == "3 pictures repeated");
    CHECK(warnings[1] == "2 pictures repeated under another label");
    CHECK(warnings[2] == "2 pictures of validation repeated in training");
}

TEST_CASE("A class with far more pictures than another gets advice") {
    const std::vector<std::string> classes{"happy", "fear", "sad"};
    for (const auto& counts :
         std::vector<std::vector<std::int64_t>>{{300, 12, 40}, {11, 0, 1}, {40, 12, 4000}})
        CHECK_THAT(imbalance_text(classes, counts), ContainsSubstring("class_weights: balanced"));
    CHECK_THAT(imbalance_text(classes, {300, 12, 40}),
               ContainsSubstring("as many pictures of happy as of fear"));
    for (const auto& counts :
         std::vector<std::vector<std::int64_t>>{{300, 30, 40}, {300, 0, 0}, {0, 0, 0}, {1, 10, 10}})
        CHECK(imbalance_text(classes, counts).empty());
}

}  // namespace data_check_test
