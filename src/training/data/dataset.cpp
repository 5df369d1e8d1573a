#include "training/data/dataset.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "base/join.hpp"
#include "base/sha256.hpp"
#include "media/pictures/picture.hpp"

namespace emotion::training {
namespace {

const ClassFolder& find_folder(const std::vector<ClassFolder>& folders, const std::string& name) {
    const auto found = std::find_if(folders.begin(), folders.end(),
                                    [&](const ClassFolder& folder) { return folder.name == name; });
    if (found != folders.end()) return *found;
    throw Error("the data has no folder for the class " + name + ", only " + join(names_of(folders)));
}

std::vector<float> target_of(const LabeledPicture& picture, std::size_t classes) {
    if (!picture.target.empty()) return picture.target;
    std::vector<float> target(classes, 0.0f);
    target[static_cast<std::size_t>(picture.label)] = 1.0f;
    return target;
}

}  // namespace

cv::Mat Dataset::crop_at(std::size_t index) const {
    return cv::Mat(crop.height, crop.width, CV_8UC(crop.channels()),
                   const_cast<std::uint8_t*>(crops.data()) + index * crop_bytes());
}

std::vector<float> Dataset::votes_of(std::size_t index) const {
    if (votes.empty()) return {};
    const auto first = votes.begin() + static_cast<std::ptrdiff_t>(index * classes.size());
    std::vector<float> of_picture(first, first + static_cast<std::ptrdiff_t>(classes.size()));
    const bool known =
        std::any_of(of_picture.begin(), of_picture.end(), [](float share) { return share > 0; });
    return known ? of_picture : std::vector<float>();
}

std::vector<float> Dataset::distributions() const {
    if (!targets.empty()) return targets;
    std::vector<float> one_hot(size() * classes.size(), 0.0f);
    for (std::size_t i = 0; i < size(); ++i)
        one_hot[i * classes.size() + static_cast<std::size_t>(labels[i])] = 1.0f;
    return one_hot;
}

std::vector<std::int64_t> Dataset::counts() const {
    std::vector<std::int64_t> counts(classes.size(), 0);
    for (const int label : labels) ++counts[static_cast<std::size_t>(label)];
    return counts;
}

std::string Dataset::counts_text() const {
    std::vector<std::string> texts;
    const auto pictures = counts();
    for (std::size_t k = 0; k < pictures.size(); ++k)
        if (pictures[k] > 0) texts.push_back(std::to_string(pictures[k]) + " " + classes[k]);
    return join(texts);
}

std::string Dataset::sha256() const {
    std::string bytes(crops.begin(), crops.end());
    for (const int label : labels) bytes += static_cast<char>(label);
    bytes.append(reinterpret_cast<const char*>(targets.data()), targets.size() * sizeof(float));
    return emotion::sha256(bytes);
}

Dataset load_dataset(const std::vector<LabeledPicture>& pictures, const std::vector<std::string>& classes,
                     const faces::CropSpec& crop, ThreadPool& threads) {
    Dataset data;
    data.classes = classes;
    data.crop = crop;
    const auto bytes = data.crop_bytes();
    std::vector<std::uint8_t> crops(pictures.size() * bytes);
    std::vector<std::optional<std::string>> problems(pictures.size());
    threads.run(static_cast<std::int64_t>(pictures.size()), [&](std::int64_t task, int) {
        const auto i = static_cast<std::size_t>(task);
        try {
            const auto picture = media::read_picture(pictures[i].file.string());
            const cv::Rect2f whole(cv::Point2f(), cv::Size2f(picture.size()));
            const auto cut = faces::preprocess(picture, whole, crop);
            std::memcpy(&crops[i * bytes], cut.data, bytes);
        } catch (const Error& error) {
            problems[i] = error.what();
        }
    });

    const bool by_votes = std::any_of(pictures.begin(), pictures.end(),
                                      [](const LabeledPicture& picture) { return !picture.target.empty(); });
    std::vector<float> cases(classes.size(), 0.0f);  // weight of each class over all targets
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        if (problems[i]) {
            data.unreadable.push_back(*problems[i]);
            continue;
        }
        const auto target = target_of(pictures[i], classes.size());
        for (std::size_t k = 0; k < classes.size(); ++k) cases[k] += target[k];
        data.crops.insert(data.crops.end(), crops.begin() + static_cast<std::ptrdiff_t>(i * bytes),
                          crops.begin() + static_cast<std::ptrdiff_t>((i + 1) * bytes));
        data.labels.push_back(pictures[i].label);
        data.names.push_back(pictures[i].name);
        if (!by_votes) continue;
        data.targets.insert(data.targets.end(), target.begin(), target.end());
        auto votes = pictures[i].votes;
        votes.resize(classes.size(), 0.0f);
        data.votes.insert(data.votes.end(), votes.begin(), votes.end());
    }
    for (std::size_t label = 0; label < classes.size(); ++label)
        if (cases[label] == 0.0f)
            throw Error("the class " + classes[label] + " has no picture that can be read" +
                        (data.unreadable.empty()
                             ? ": its folder is empty in a part of the data, or exclusions, min_votes or the "
                               "table's columns leave it none"
                             : ": " + data.unreadable.front()));
    return data;
}

Dataset load_dataset(const std::vector<ClassFolder>& folders, const std::vector<std::string>& classes,
                     const faces::CropSpec& crop, ThreadPool& threads) {
    std::vector<LabeledPicture> pictures;
    for (std::size_t label = 0; label < classes.size(); ++label) {
        const auto& folder = find_folder(folders, classes[label]);
        for (const auto& file : folder.files)
            pictures.push_back({file, folder.name_of(file), static_cast<int>(label), {}, {}});
    }
    return load_dataset(pictures, classes, crop, threads);
}

}  // namespace emotion::training
