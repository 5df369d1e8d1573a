#include <algorithm>
#include <array>
#include <charconv>
#include <list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_tree.hpp"
#include "model/card_words.hpp"
#include "model/model_card.hpp"

namespace emotion::model {
namespace {

std::string number(double value) {
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// A string as one YAML scalar that reads back unchanged: plain where that is always safe, otherwise quoted.
std::string yaml_scalar(const std::string& text) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+() ";
    const bool plain = !text.empty() && text.find_first_not_of(kPlain) == std::string::npos &&
                       text.find_first_of("-./+() ") != 0 && text.back() != ' ';
    if (plain && text != "null" && text != "Null" && text != "NULL") return text;
    return config::quoted_yaml(text);
}

template <typename T, typename Text>
std::string flow_list(const std::vector<T>& items, const Text& text) {
    std::string result;
    for (const auto& item : items) result += (result.empty() ? "" : ", ") + text(item);
    return "[" + result + "]";
}

std::string for_channels(const std::vector<double>& values) {
    return values.size() == 1 ? number(values[0]) : flow_list(values, number);
}

/// A node of the nested provenance: a value or children, in the order of first occurrence.
struct Branch {
    std::string key;
    std::optional<std::string> value;
    std::list<Branch> below;

    Branch& child(const std::string& name) {
        const auto found = std::ranges::find(below, name, &Branch::key);
        return found != below.end() ? *found : below.emplace_back(Branch{name, {}, {}});
    }
};

void write_branch(const Branch& branch, const std::string& indent, std::string& text) {
    text += indent + yaml_scalar(branch.key) + ":" + (branch.value ? " " + yaml_scalar(*branch.value) : "") +
            "\n";
    for (const auto& below : branch.below) write_branch(below, indent + "  ", text);
}

std::string provenance_text(const ModelCard& card) {
    Branch root{"provenance", {}, {}};
    for (const auto& [path, value] : card.provenance) {
        Branch* branch = &root;
        for (std::size_t start = 0; start <= path.size();) {
            const auto dot = std::min(path.find('.', start), path.size());
            branch = &branch->child(path.substr(start, dot - start));
            if (branch->value) break;
            start = dot + 1;
        }
        if (branch->value || !branch->below.empty())
            throw std::invalid_argument("provenance " + path + " is given twice or has others below it");
        branch->value = value;
    }
    std::string text;
    if (!root.below.empty()) write_branch(root, "", text);
    return text;
}

std::string line(const std::string& key, const std::string& value) {
    return key + ": " + value + "\n";
}

std::string crop_text(const faces::CropSpec& crop) {
    std::string text = "crop:\n";
    text += line("  width", std::to_string(crop.width));
    text += line("  height", std::to_string(crop.height));
    if (crop.resolution > 0) text += line("  resolution", std::to_string(crop.resolution));
    text += line("  color", card_words::kColors.at(static_cast<std::size_t>(crop.color)));
    text += line("  margin", number(crop.margin));
    text +=
        line("  normalisation", card_words::kNormalizations.at(static_cast<std::size_t>(crop.normalization)));
    if (crop.normalization == faces::Normalization::kAffine) {
        text += line("  mean", for_channels(crop.mean));
        text += line("  scale", for_channels(crop.scale));
    }
    return text;
}

std::string output_text(const ModelCard& card) {
    std::string text = "output:\n";
    text += line("  activation", card_words::kActivations.at(static_cast<std::size_t>(card.activation)));
    text += line("  temperature", number(card.temperature));
    if (!card.bias.empty()) text += line("  bias", flow_list(card.bias, number));
    return text + line("  mirror", card.mirror ? "true" : "false");
}

std::string shown_text(const ModelCard& card) {
    const auto name_of = [&](int class_index) {
        return yaml_scalar(card.classes.at(static_cast<std::size_t>(class_index)));
    };
    std::string text = "shown:\n";
    for (const auto& shown : card.shown) {
        text += line("  - class", name_of(shown.class_index));
        text += line("    min_probability", number(shown.min_probability));
        if (!shown.penalties.empty()) text += "    less:\n";
        for (const auto& [other, share] : shown.penalties)
            text += line("      " + name_of(other), number(share));
    }
    return text;
}

std::string self_check_text(const ModelCard& card) {
    std::string text = card.self_check.empty() ? "" : "self_check:\n";
    for (const auto& check : card.self_check) {
        text += line("  - pattern", check.pattern);
        text += line("    probabilities", flow_list(check.probabilities, number));
    }
    return text;
}

}  // namespace

std::string card_text(const ModelCard& card) {
    std::string text = "# A model card; assets/docs/model-cards.md explains its keys.\n";
    text += line("format", std::to_string(kCardFormat));
    text += line("name", yaml_scalar(card.name));
    if (!card.description.empty()) text += line("description", yaml_scalar(card.description));
    text += line("classes", flow_list(card.classes, yaml_scalar));
    text += crop_text(card.crop);
    text += output_text(card);
    text += shown_text(card);
    text += line("positive", yaml_scalar(card.positive));
    if (!card.neutral.empty()) text += line("neutral", flow_list(card.neutral, number));
    text += "weights:\n";
    text += line("  file", yaml_scalar(card.weights_file));
    text += line("  sha256", card.weights_sha256);
    text += provenance_text(card);
    return text + self_check_text(card);
}

}  // namespace emotion::model
