#include "training/report/report.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/pictures/picture.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"
#include "training/fit/training_run.hpp"
#include "training/report/report_figures.hpp"
#include "training/report/report_html.hpp"

namespace report_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

model::ModelCard two_class_card() {
    model::ModelCard card;
    card.name = "two";
    card.classes = {"happy", "fear"};
    card.activation = model::Activation::kSigmoid;
    card.temperature = 2.0;
    card.bias = {0.0, 0.5};
    card.shown = {{0, 0.6}, {1, 0.8}};
    card.positive = "fear";
    return card;
}

ScoredPicture scored(const std::string& name, float fear) {
    return {name, ScoredPicture::Outcome::kScored, {1.0f - fear, fear}};
}

class History : public TrainingObserver {
  public:
    void on_epoch(const TrainingStep& step) override {
        if (step.stage == "training") steps.push_back(step);
    }
    bool wants_curves() const override { return true; }
    std::vector<TrainingStep> steps;
};

const std::vector<ScoredFolder> kScored{{"fear", {scored("fear/a", 0.9f), scored("fear/b", 0.3f)}},
                                        {"happy", {scored("happy/c", 0.1f), scored("happy/d", 0.95f)}},
                                        {"sad", {scored("sad/e", 0.85f), scored("sad/f", 0.7f)}}};

}  // namespace

TEST_CASE("The metrics of a report agree with a manual count") {
    const auto figures = report_figures(two_class_card(), kScored, 10);
    CHECK(figures.most_likely.count(1, 1) == 1);  // rows are true classes
    CHECK(figures.most_likely.count(1, 0) == 1);
    CHECK(figures.most_likely.count(0, 1) == 1);
    CHECK(figures.most_likely.total() == 4);
    REQUIRE(figures.curves.size() == 1);
    CHECK(figures.curves[0].name == "fear");
    CHECK(*figures.curves[0].area == Approx(0.5));  // 0.9 exceeds 0.1 but not 0.95, and so does 0.3
    REQUIRE(figures.curves[0].marks.size() == 2);
    CHECK(figures.curves[0].marks[1].threshold == 0.8);
    REQUIRE(figures.classes.size() == 2);
    CHECK(figures.classes[1].pictures == 2);
    CHECK(figures.classes[1].found == 1);
    CHECK(figures.classes[1].predicted == 2);
    CHECK(figures.classes[1].labeled == 2);  // 0.9 and happy's 0.95
    CHECK(figures.classes[1].labeled_correctly == 1);
}

TEST_CASE("The worst mistakes come first and include labels on other classes") {
    const auto mistakes = report_figures(two_class_card(), kScored, 3).mistakes;
    REQUIRE(mistakes.size() == 3);
    CHECK(mistakes[0].picture == "happy/d");  // 0.95 against 0.05
    CHECK(mistakes[1].picture == "sad/e");    // 0.85, none expected
    CHECK(mistakes[1].truth == "sad");
    CHECK(mistakes[2].picture == "fear/b");
    CHECK(report_figures(two_class_card(), kScored, 10).mistakes.size() == 3);  // sad/f gets no label
}

TEST_CASE("Probabilities without calibration are those before it") {
    auto card = two_class_card();
    const std::vector<float> output{1.7f};
    const auto after = model::to_probabilities(output, card);
    const auto before = without_calibration(after, card);
    REQUIRE(before);
    auto plain = card;
    plain.temperature = 1.0;
    plain.bias.clear();
    CHECK((*before)[1] == Approx(model::to_probabilities(output, plain)[1]).epsilon(1e-5));
    CHECK_FALSE(without_calibration(after, plain));

    card.activation = model::Activation::kSoftmax;
    card.classes = {"a", "b", "c"};
    card.bias = {0.0, -0.4, 0.3};
    plain.activation = model::Activation::kSoftmax;
    plain.classes = card.classes;
    const std::vector<float> logits{0.3f, -1.2f, 2.0f};
    const auto softened = without_calibration(model::to_probabilities(logits, card), card);
    REQUIRE(softened);
    for (std::size_t k = 0; k < 3; ++k)
        CHECK((*softened)[k] == Approx(model::to_probabilities(logits, plain)[k]).epsilon(1e-5));
}

TEST_CASE("No text of the page is interpreted as markup") {
    HtmlPage page("<b>&", "\"x\"");
    page.section("a<i>");
    page.table({"head<"}, {{"<script>"}});
    page.list({"1 < 2"});
    const auto text = page.text();
    for (const char* markup : {"<b>", "<i>", "<script>", "1 < 2"})
        CHECK(text.find(markup) == std::string::npos);
    CHECK_THAT(text, ContainsSubstring("&lt;script&gt;"));
    CHECK_THAT(text, ContainsSubstring("&amp;"));
}

TEST_CASE("A picture with the size but not the color of a crop is not taken for one") {
    const TemporaryFolder folder;
    const auto data = class_dataset({"up", "down"}, 20);
    const auto recipe = parse_recipe(
        "family: network\nclasses: [up, down]\ncrop: {width: 16, height: 16}\n"
        "network: {layers: [conv 4, global_average_pool], epochs: 1, batch_size: 16}\n",
        "r.yaml");
    ThreadPool threads(1);
    const auto trained = train(recipe, data, data, {1, threads});
    Report report;
    report.title = "Of pictures in color";
    report.card = trained.card;
    report.graph = trained.graph;
    report.scored = trained.scored;
    report.evaluation = evaluate(report.card, report.scored);
    report.picture = [](const std::string&) { return cv::Mat(16, 16, CV_8UC3, cv::Scalar::all(90)); };
    write_report(folder.path(), report);
    CHECK_FALSE(std::filesystem::exists(folder / "activation-up.png"));
    report.picture = [&](const std::string&) { return data.crop_at(0); };
    write_report(folder.path(), report);
    CHECK(std::filesystem::exists(folder / "activation-up.png"));
}

TEST_CASE("A report contains its plots and pictures and needs no other file") {
    const TemporaryFolder folder;
    const auto data = class_dataset({"up", "it's <down>"}, 30, 0.2);
    const auto recipe = parse_recipe(
        "family: logistic\nclasses: [up, it's <down>]\ncrop: {width: 16, height: 16}\nfolds: 3\nlogistic:\n"
        "  features: standardised\n  l2: 100\n  solver: lbfgs\n",
        "r.yaml");
    ThreadPool threads(1);
    Report report;
    History history;
    const auto trained =
        train(recipe, data, class_dataset({"up", "it's <down>"}, 20, 0.2, 2), {1, threads, {&history}});
    report.history = history.steps;
    CHECK(trained.scored_on == "validation");
    report.title = "A report";
    report.card = trained.card;
    report.graph = trained.graph;
    report.scored = trained.scored;
    report.scored_on = "made-up pictures";
    report.evaluation = evaluate(report.card, report.scored);
    report.facts = {{"Seed", "1"}};
    report.recipe = "family: <logistic>";
    report.picture = [&](const std::string&) { return data.crop_at(0); };

    prepare_report(folder / "deep" / "er");
    write_report(folder / "deep" / "er", report);
    const auto html = read_file(folder / "deep" / "er" / "report.html");
    const auto svg_of = [&](const std::string& name) {
        return read_file(folder / "deep" / "er" / (name + ".svg"));
    };
    for (const auto* name : {"loss", "accuracy"}) {  // a point per epoch
        const auto svg = svg_of(name);
        const auto line = svg.find("stroke=\"#0072b2\"");
        REQUIRE(line != std::string::npos);
        const auto points = svg.substr(svg.rfind("points=", line), line - svg.rfind("points=", line));
        CHECK(std::count(points.begin(), points.end(), ',') ==
              static_cast<std::ptrdiff_t>(report.history.size()));
        CHECK_THAT(svg, ContainsSubstring(">Training</text>") && ContainsSubstring(">Validation</text>"));
    }
    CHECK_THAT(svg_of("confusion"), ContainsSubstring(">it's &lt;down></text>"));
    CHECK_THAT(svg_of("roc"), ContainsSubstring(", area ") && ContainsSubstring("stroke-dasharray"));
    CHECK_THAT(svg_of("precision-recall"), ContainsSubstring("stroke=\"#0072b2\""));
    CHECK_THAT(svg_of("reliability"), ContainsSubstring(">before calibration, error ") &&
                                          ContainsSubstring(">after calibration, error ") &&
                                          ContainsSubstring(">share of the pictures</text>"));
    CHECK(media::read_picture((folder / "deep" / "er" / "weights-0.png").string()).cols >= 16);

    const auto listed = report_files(folder / "deep" / "er");
    int written = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "deep" / "er")) {
        if (entry.path().extension() == ".png") continue;
        INFO(entry.path().string());
        CHECK(std::count(listed.begin(), listed.end(), entry.path()) == 1);
        ++written;
    }
    CHECK(written == 8);
    CHECK(html.find("src=\"data:") != std::string::npos);
    CHECK(html.find("src=\"http") == std::string::npos);
    CHECK(html.find("<link") == std::string::npos);
    CHECK(html.find("<down>") == std::string::npos);
    CHECK_THAT(html, ContainsSubstring("&lt;logistic&gt;"));
    const auto metrics = nlohmann::json::parse(read_file(folder / "deep" / "er" / "metrics.json"));
    CHECK(metrics["history"].size() == report.history.size());
    CHECK(metrics["history"][0]["validation_accuracy"].is_number());
    CHECK(metrics["evaluation"]["samples"] == 40);
    CHECK(metrics["reliability"].contains("before_calibration"));
}

}  // namespace report_test
