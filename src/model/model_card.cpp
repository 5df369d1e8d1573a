#include "model/model_card.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"
#include "config/yaml_map.hpp"
#include "model/card_words.hpp"
#include "model/self_check.hpp"

namespace emotion::model {
namespace {

constexpr std::size_t kMaxClasses = 1000;

bool is_label(const std::string& text) {
    return !text.empty() && text.size() <= 100 &&
           std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string one_of(const std::vector<std::string>& classes) {
    return "one of " + one_line(join(classes), 300);
}

std::vector<std::string> read_classes(config::YamlMap& top) {
    const auto classes = top.get<std::vector<std::string>>("classes");
    if (classes.size() < 2 || classes.size() > kMaxClasses)
        top.fail("classes", "has " + counted(classes.size(), "name") + ", expected 2 to " +
                                std::to_string(kMaxClasses) + ", one for each output");
    if (!std::all_of(classes.begin(), classes.end(), is_label))
        top.fail("classes", "expected names of 1 to 100 characters without line breaks");
    if (std::set<std::string>(classes.begin(), classes.end()).size() != classes.size())
        top.fail("classes", "expected each name once");
    return classes;
}

/// One number for all channels, or a list of one per channel.
std::vector<double> read_for_channels(config::YamlMap& crop, const std::string& key, std::size_t channels) {
    constexpr double kLimit = 1e4;
    if (!crop.is_list(key)) return {crop.get_in(key, -kLimit, kLimit)};
    const auto values = crop.get<std::vector<double>>(key);
    if (values.size() != channels)
        crop.fail(
            key, "expected a number, or a list of one for each of " + std::to_string(channels) + " channels");
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::abs(value) > kLimit; }))
        crop.fail(key, "expected numbers in [-10000, 10000]");
    return values;
}

faces::CropSpec read_crop(config::YamlMap crop) {
    faces::CropSpec spec;
    spec.width = crop.get_in("width", 8, 512);
    spec.height = crop.get_in("height", 8, 512);
    spec.resolution = crop.get_in("resolution", 0, 0, 512);
    spec.color = static_cast<faces::CropColor>(crop.get_word("color", card_words::kColors));
    spec.margin = crop.get_in("margin", 0.0, -0.4, 2.0);
    spec.normalization =
        static_cast<faces::Normalization>(crop.get_word("normalisation", card_words::kNormalizations));
    if (spec.normalization == faces::Normalization::kAffine) {
        const auto channels = static_cast<std::size_t>(spec.channels());
        if (crop.has("std")) crop.fail("std", "expected scale instead: 1 / std, of pixels from 0 to 255");
        spec.mean = read_for_channels(crop, "mean", channels);
        spec.scale = read_for_channels(crop, "scale", channels);
        if (std::count(spec.scale.begin(), spec.scale.end(), 0.0))
            crop.fail("scale", "expected anything but 0");
    }
    return spec;
}

void read_output(config::YamlMap output, ModelCard& card) {
    card.activation = static_cast<Activation>(output.get_word("activation", card_words::kActivations));
    card.temperature = output.get_in("temperature", 1.0, 0.01, 100.0);
    card.bias = output.get("bias", std::vector<double>{});
    const auto too_large = [](double bias) { return std::abs(bias) > 1000; };
    if (output.has("bias") && (card.bias.size() != card.classes.size() ||
                               std::any_of(card.bias.begin(), card.bias.end(), too_large)))
        output.fail("bias", "expected a number in [-1000, 1000] for each of the " +
                                std::to_string(card.classes.size()) + " classes");
    card.mirror = output.get("mirror", false);
}

std::map<int, double> read_penalties(config::YamlMap& shown, const ModelCard& card, int class_index) {
    std::map<int, double> penalties;
    auto shares = shown.map("less");
    for (const auto& name : shares.keys()) {
        const auto other = card.find_class(name);
        if (!other || other == class_index) shares.fail(name, "expected the name of another class");
        penalties[*other] = shares.get_in(name, 0.0, 1.0);
    }
    return penalties;
}

std::vector<ShownClass> read_shown(config::YamlMap& top, const ModelCard& card) {
    std::vector<ShownClass> shown;
    std::set<int> seen;
    for (auto& entry : top.maps("shown")) {
        const auto index = card.find_class(entry.get_text("class", one_of(card.classes)));
        if (!index) entry.fail("class", "expected " + one_of(card.classes));
        if (!seen.insert(*index).second) entry.fail("class", "expected each class once");
        shown.push_back(
            {*index, entry.get_in("min_probability", 0.0, 1.0), read_penalties(entry, card, *index)});
    }
    if (shown.empty())
        top.fail("shown", "expected a list of the classes to show, each with class and min_probability");
    return shown;
}

void read_weights(config::YamlMap weights, ModelCard& card) {
    card.weights_file = weights.get<std::string>("file");
    const std::filesystem::path file(card.weights_file);
    if (file != file.filename() || !is_label(card.weights_file) || card.weights_file == "." ||
        card.weights_file == ".." || card.weights_file.find('\\') != std::string::npos)
        weights.fail("file", "expected the name of a file beside the card, without folders");
    const std::string expected = "64 lower-case hexadecimal digits, as sha256sum prints them";
    card.weights_sha256 = weights.get_text("sha256", expected);
    if (card.weights_sha256.size() != 64 ||
        card.weights_sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
        weights.fail("sha256", "expected " + expected);
}

void read_provenance(config::YamlMap map, const std::string& path, ModelCard& card) {
    for (const auto& key : map.keys()) {
        if (key.find('.') != std::string::npos)
            map.fail(key, "expected a key without dots");  // they mean levels
        if (map.is_map(key))
            read_provenance(map.map(key), path + key + ".", card);
        else
            card.provenance.emplace_back(path + key, map.get<std::string>(key));
    }
}

std::vector<SelfCheck> read_self_check(config::YamlMap& top, std::size_t classes) {
    std::vector<SelfCheck> checks;
    for (auto& entry : top.maps("self_check")) {
        const auto& patterns = self_check_patterns();
        SelfCheck check{patterns[entry.get_word("pattern", patterns)],
                        entry.get<std::vector<double>>("probabilities")};
        double sum = 0.0;
        for (const double probability : check.probabilities) sum += probability;
        if (check.probabilities.size() != classes || std::abs(sum - 1.0) > kSelfCheckTolerance ||
            *std::min_element(check.probabilities.begin(), check.probabilities.end()) < 0.0)
            entry.fail("probabilities", "expected one for each of the " + std::to_string(classes) +
                                            " classes, adding up to 1");
        checks.push_back(std::move(check));
    }
    return checks;
}

std::vector<double> read_neutral(config::YamlMap& top, const ModelCard& card) {
    if (!top.has("neutral")) return {};
    const auto means = top.get<std::vector<double>>("neutral");
    const double least = std::log(kMinProbability) - 0.01;  // rounded
    const auto is_no_logarithm = [&](double value) { return value > 0.0 || value < least; };
    if (!card.find_class(kNeutral))
        top.fail("neutral", "is for models with a class neutral, which classes does not have");
    if (means.size() != card.classes.size() || std::any_of(means.begin(), means.end(), is_no_logarithm))
        top.fail("neutral", "expected the logarithm of a probability, in [-13.8, 0], for each of the " +
                                std::to_string(card.classes.size()) + " classes");
    return means;
}

}  // namespace

std::optional<int> ModelCard::find_class(const std::string& class_name) const {
    const auto found = std::find(classes.begin(), classes.end(), class_name);
    if (found == classes.end()) return std::nullopt;
    return static_cast<int>(found - classes.begin());
}

int ModelCard::class_index(const std::string& class_name) const {
    if (const auto index = find_class(class_name)) return *index;
    throw std::invalid_argument("the model " + name + " has no class " + class_name);
}

std::vector<std::string> ModelCard::shown_names() const {
    std::vector<std::string> names;
    for (const auto& one : shown) names.push_back(classes[static_cast<std::size_t>(one.class_index)]);
    return names;
}

ModelCard read_card(const std::filesystem::path& path) {
    if (path.extension() == ".onnx")  // a common mistake
        throw ConfigError(path.string() +
                          ": is not a model card (.yaml); write one as assets/docs/model-cards.md says");
    return parse_card(read_file(path, config::YamlMap::kMaxBytes, "a model card (.yaml)"), path.string());
}

ModelCard parse_card(const std::string& text, const std::string& name) {
    auto top = config::YamlMap::read_text(text, name);
    if (top.get<int>("format") != kCardFormat)
        top.fail("format", "expected " + std::to_string(kCardFormat) + ", the only one this version reads");

    ModelCard card;
    card.name = top.get<std::string>("name");
    if (!is_label(card.name)) top.fail("name", "expected 1 to 100 characters without line breaks");
    card.description = top.get("description", std::string());
    card.classes = read_classes(top);
    card.crop = read_crop(top.map("crop"));
    if (top.has("output") && !top.is_map("output"))
        top.fail("output", "expected activation below it, one of " + join(card_words::kActivations));
    read_output(top.map("output"), card);
    card.shown = read_shown(top, card);
    card.positive = top.get_text("positive", one_of(card.classes));
    if (!card.find_class(card.positive)) top.fail("positive", "expected " + one_of(card.classes));
    card.neutral = read_neutral(top, card);
    read_weights(top.map("weights"), card);
    read_provenance(top.map("provenance"), "", card);
    card.self_check = read_self_check(top, card.classes.size());
    top.finish();
    return card;
}

}  // namespace emotion::model
