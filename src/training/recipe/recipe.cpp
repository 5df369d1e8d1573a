#include "training/recipe/recipe.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "base/sha256.hpp"
#include "config/yaml_map.hpp"

namespace emotion::training {
namespace {

constexpr double kMaxL2 = 1e12;
constexpr const char* kIgnored = "ignore";  // the meaning of a column that is not read

bool are_distinct(const std::vector<std::string>& names) {
    return std::set(names.begin(), names.end()).size() == names.size();
}

std::vector<std::string> read_classes(config::YamlMap& top, Family family) {
    const auto classes = top.get<std::vector<std::string>>("classes");
    if (family == Family::kLogistic && classes.size() != 2)
        top.fail("classes", "expected two class folders' names for logistic regression");
    if (classes.empty() || !are_distinct(classes))
        top.fail("classes", "expected names of folders, each only once");
    for (const auto& name : classes)
        if (name.empty() || name.front() == '.' || name.find_first_of("/\\") != std::string::npos)
            top.fail("classes", "expected names of folders");
    return classes;
}

faces::CropSpec read_crop(config::YamlMap crop) {
    faces::CropSpec spec;
    spec.width = crop.get_in("width", spec.width, 8, 512);
    spec.height = crop.get_in("height", spec.height, 8, 512);
    spec.resolution = crop.get_in("resolution", spec.resolution, 0, 512);
    spec.margin = crop.get_in("margin", spec.margin, -0.4, 2.0);
    return spec;
}

std::vector<std::string> read_shown(config::YamlMap& top, const std::vector<std::string>& classes) {
    const auto shown = top.get("shown", classes);
    const bool known = std::all_of(shown.begin(), shown.end(), [&](const std::string& name) {
        return std::count(classes.begin(), classes.end(), name) > 0;
    });
    if (shown.empty() || !known || !are_distinct(shown))
        top.fail("shown", "expected at least one of the classes, each only once");
    return shown;
}

ml::GradientDescentOptions read_descent(config::YamlMap& map) {
    ml::GradientDescentOptions descent;
    descent.learning_rate = map.get_in<double>("learning_rate", 1e-12, 1e3);
    descent.epochs = map.get_in<int>("epochs", 1, 10'000'000);
    descent.batch_size = map.get_in("batch_size", descent.batch_size, 0, 10'000'000);
    if (descent.batch_size > 0) descent.drop_last = map.get("drop_last", descent.drop_last);
    return descent;
}

ml::LbfgsOptions read_lbfgs(config::YamlMap map) {
    ml::LbfgsOptions lbfgs;
    lbfgs.history = map.get_in("history", lbfgs.history, 1, 1000);
    lbfgs.max_iterations = map.get_in("max_iterations", lbfgs.max_iterations, 1, 1'000'000);
    lbfgs.gradient_tolerance = map.get_in("gradient_tolerance", lbfgs.gradient_tolerance, 0.0, 1.0);
    return lbfgs;
}

std::vector<double> read_l2(config::YamlMap& map, int folds) {
    if (!map.is_list("l2")) return {map.get_in("l2", 0.0, 0.0, kMaxL2)};
    const auto l2 = map.get<std::vector<double>>("l2");
    if (l2.empty() || *std::min_element(l2.begin(), l2.end()) < 0.0 ||
        *std::max_element(l2.begin(), l2.end()) > kMaxL2)
        map.fail("l2", "expected numbers in [0, 1e12]");
    if (l2.size() > 1 && folds == 0)
        map.fail("l2", "expected one number, or folds to choose between several");
    return l2;
}

LogisticRecipe read_logistic(config::YamlMap map, int folds) {
    LogisticRecipe logistic;
    logistic.features = static_cast<Features>(map.get_word("features", {"unit", "standardised"}));
    logistic.bias = map.get("bias", logistic.bias);
    logistic.l2 = read_l2(map, folds);
    logistic.penalize_gradient = map.get("penalise_gradient", logistic.penalize_gradient);
    logistic.solver = static_cast<Solver>(map.get_word("solver", {"descent", "lbfgs"}));
    if (logistic.solver == Solver::kDescent) {
        auto descent = map.map("descent");
        logistic.descent = read_descent(descent);
        logistic.patience = descent.get_in("patience", logistic.patience, 0, 10'000'000);
    } else {
        logistic.lbfgs = read_lbfgs(map.map("lbfgs"));
    }
    return logistic;
}

ClassWeights read_class_weights(config::YamlMap& top, std::size_t classes) {
    if (!top.is_list("class_weights"))
        return {top.get_word("class_weights", {"equal", "balanced"}, 0) == 1, {}};
    ClassWeights result{false, top.get<std::vector<double>>("class_weights")};
    const auto [least, most] = std::minmax_element(result.weights.begin(), result.weights.end());
    if (result.weights.size() != classes || *least < 1e-3 || *most > 1e3)
        top.fail("class_weights", "expected balanced, equal, or a number in [0.001, 1000] for each class");
    return result;
}

VoteRules read_votes(config::YamlMap map, const std::vector<std::string>& classes) {
    VoteRules rules;
    auto meaning = map.map("meaning");
    for (const auto& answer : meaning.keys()) {
        const auto name = meaning.get<std::string>(answer);
        const bool is_class = std::count(classes.begin(), classes.end(), name) > 0;
        if (name == kIgnored && !is_class)
            rules.ignored.insert(answer);
        else if (name.empty() || is_class)
            rules.meaning[answer] = name;
        else
            meaning.fail(answer,
                         "expected one of the classes, \"\" for an answer that is none of them, or ignore "
                         "for a column that is not read");
    }
    rules.min_votes = map.get_in("min_votes", rules.min_votes, 0.0, 1e6);
    rules.label_share = map.get_in("label_share", rules.label_share, 0.0, 1.0);
    return rules;
}

/// A value for all shown classes, or a list of one per class.
std::vector<double> read_for_shown(config::YamlMap& map, const std::string& key, const Recipe& recipe) {
    const auto shares = map.is_list(key) ? map.get<std::vector<double>>(key)
                                         : std::vector(recipe.shown.size(), map.get<double>(key));
    const auto [low, high] = std::minmax_element(shares.begin(), shares.end());
    if (shares.size() != recipe.shown.size() || *low < 0.0 || *high > 1.0)
        map.fail(key, "expected one number in [0, 1], or one for each shown class");
    return shares;
}

/// Whether the data may have such a class, as far as the recipe says.
bool may_be_learned(const std::string& name, const Recipe& recipe) {
    return recipe.others == OtherFolders::kLearned ||
           std::count(recipe.classes.begin(), recipe.classes.end(), name) ||
           (recipe.others == OtherFolders::kOneClass && name == "other");
}

void read_show(config::YamlMap show, Recipe& recipe) {
    auto penalties = show.map("less");
    for (const auto& name : penalties.keys()) {
        recipe.show_penalties[name] = read_for_shown(penalties, name, recipe);
        if (!may_be_learned(name, recipe))
            penalties.fail(name, "expected the name of a class that is learned: " + join(recipe.classes));
    }
    if (show.has("agreement")) {
        recipe.show_agreement = read_for_shown(show, "agreement", recipe);
        recipe.show_calm_rate = show.has("calm_labelled") ? read_for_shown(show, "calm_labelled", recipe)
                                                          : std::vector(recipe.shown.size(), 1.0);
        if (recipe.family == Family::kLogistic && recipe.folds == 0)
            show.fail("agreement", "requires folds, as it is measured on their answers");
        if (show.has("precision")) show.fail("precision", "expected either this or agreement");
        return;
    }
    if (!show.has("precision")) {
        recipe.show_from = show.get_in("min_probability", recipe.show_from, 0.0, 1.0);
        return;
    }
    if (recipe.family == Family::kLogistic && recipe.folds == 0)
        show.fail("precision", "requires folds, as it is measured on their answers");
    recipe.show_precision = read_for_shown(show, "precision", recipe);
}

/// Reads the keys of a fine-tuning recipe, which allows no others.
void read_init(config::YamlMap& top, Recipe& recipe, const std::filesystem::path& folder) {
    auto map = top.map("init");
    InitRecipe init;
    init.trained = static_cast<InitRecipe::Trained>(map.get_word("trained", {"last", "all"}, 0));
    if (init.trained == InitRecipe::Trained::kLast)
        init.pull = map.get_in("pull", init.pull, 0.0, 1e6);
    else
        recipe.network = read_network_recipe(top.map("network"), folder, std::nullopt);
    recipe.init = init;
    recipe.class_weights.balanced = top.get_word("class_weights", {"equal", "balanced"}, 0) == 1;
    top.finish();
}

}  // namespace

Recipe read_recipe(const std::filesystem::path& path) {
    return parse_recipe(read_file(path, config::YamlMap::kMaxBytes, "a recipe (.yaml)"), path.string());
}

Recipe parse_recipe(const std::string& text, const std::string& name) {
    auto top = config::YamlMap::read_text(text, name);
    Recipe recipe;
    recipe.name = std::filesystem::path(name).stem().string();
    recipe.text = text;
    recipe.sha256 = sha256(top.content({"description", "data", "show"}));
    recipe.description = top.get<std::string>("description", "");
    auto data = top.map("data");
    recipe.data_source = data.get<std::string>("source", "");
    recipe.data_terms = data.get<std::string>("terms", "");
    recipe.family = static_cast<Family>(top.get_word("family", {"logistic", "network"}));
    if (top.has("init")) {
        if (recipe.family != Family::kNetwork) top.fail("init", "requires family: network");
        read_init(top, recipe, std::filesystem::path(name).parent_path());
        return recipe;
    }
    recipe.classes = read_classes(top, recipe.family);
    if (recipe.family == Family::kNetwork)
        recipe.others =
            static_cast<OtherFolders>(top.get_word("others", {"ignored", "one_class", "learned"}, 0));
    recipe.shown = read_shown(top, recipe.classes);
    recipe.positive = top.get("positive", recipe.classes.back());
    if (!std::count(recipe.classes.begin(), recipe.classes.end(), recipe.positive))
        top.fail("positive", "expected one of the classes");
    recipe.crop = read_crop(top.map("crop"));
    if (recipe.family == Family::kLogistic) {
        recipe.folds = top.get_in("folds", 0, 0, 100);
        if (recipe.folds == 1) top.fail("folds", "expected 0 or at least 2");
    }
    recipe.votes = read_votes(top.map("votes"), recipe.classes);
    recipe.class_weights = read_class_weights(top, recipe.classes.size());
    read_show(top.map("show"), recipe);
    if (recipe.family == Family::kLogistic) {
        recipe.logistic = read_logistic(top.map("logistic"), recipe.folds);
    } else {
        recipe.crop.normalization = faces::Normalization::kPerPicture;
        recipe.mirror = top.get("mirror", recipe.mirror);
        recipe.network =
            read_network_recipe(top.map("network"), std::filesystem::path(name).parent_path(),
                                ml::Shape{recipe.crop.channels(), recipe.crop.height, recipe.crop.width});
    }
    top.finish();
    return recipe;
}

std::vector<double> ClassWeights::of(const Dataset& data) const {
    std::vector<double> result = weights;
    result.resize(data.classes.size(), 1.0);
    if (!balanced) return result;
    const auto counts = data.counts();
    for (std::size_t k = 0; k < result.size(); ++k)
        result[k] =
            static_cast<double>(data.size()) /
            (static_cast<double>(result.size()) * static_cast<double>(std::max<std::int64_t>(counts[k], 1)));
    return result;
}

std::vector<ClassFolder> choose_classes(const std::vector<ClassFolder>& folders, const Recipe& recipe,
                                        bool by_votes) {
    std::vector<ClassFolder> chosen;
    for (const auto& name : recipe.classes) {
        const auto found = std::find_if(folders.begin(), folders.end(),
                                        [&](const ClassFolder& folder) { return folder.name == name; });
        if (found == folders.end() && by_votes) {
            chosen.push_back({name, {}});
            continue;
        }
        if (found == folders.end())
            throw ConfigError("the data has no folder for the class " + name + ", only " +
                              join(names_of(folders)) +
                              "; give the recipe's classes and the folders the same names");
        chosen.push_back(*found);
    }
    ClassFolder together{"other", {}};
    for (const auto& folder : folders) {
        if (std::count(recipe.classes.begin(), recipe.classes.end(), folder.name)) continue;
        if (recipe.others == OtherFolders::kLearned) chosen.push_back(folder);
        together.add(folder);
    }
    if (recipe.others == OtherFolders::kOneClass && !together.files.empty())
        chosen.push_back(std::move(together));
    const auto names = names_of(chosen);
    if (!are_distinct(names))
        throw ConfigError(
            "classes contains other, which is also the class that others: one_class makes of the further "
            "folders: give that folder another name");
    if (names.size() < 2 &&
        !recipe.init)  // a fine-tuned network has its own classes, so pictures of one suffice
        throw ConfigError(
            "the folders give only one class, " + join(names) +
            ", expected at least two: add a folder of pictures for another, list it in classes, "
            "or set others to learned or one_class");
    for (const auto& [name, shares] : recipe.show_penalties)
        if (!std::count(names.begin(), names.end(), name))
            throw ConfigError("show.less." + name + ": expected a class that is learned: " + join(names));
    return chosen;
}

}  // namespace emotion::training
