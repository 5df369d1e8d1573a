#include "training/data/dataset.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "base/join.hpp"
#include "base/sha256.hpp"
#include "media/picture.hpp"

namespace emotion::training {
namespace {

const ClassFolder& find_folder(const std::vector<ClassFolder>& folders, const std::string& name) {
    const auto found = std::find_if(folders.begin(), folders.end(),
                                    [&](const ClassFolder& folder) { return folder.name == name; });
    if (found != folders.end()) return *found;
    throw Error("the data has no folder for the class " + name + ", only " + join(names_of(folders)));
}

}  // namespace

cv::Mat Dataset::crop_at(std::size_t index) const {
    return cv::Mat(crop.height, crop.width, CV_8UC(crop.channels()),
                   const_cast<std::uint8_t*>(crops.data()) + index * crop_bytes());
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
    return emotion::sha256(bytes);
}

Dataset load_dataset(const std::vector<ClassFolder>& folders, const std::vector<std::string>& classes,
                     const faces::CropSpec& crop, ThreadPool& threads) {
    struct Picture {
        const std::filesystem::path* file;
        int label;
        std::optional<std::string> problem;
    };
    std::vector<Picture> pictures;
    for (std::size_t label = 0; label < classes.size(); ++label)
        for (const auto& file : find_folder(folders, classes[label]).files)
            pictures.push_back({&file, static_cast<int>(label), std::nullopt});

    Dataset data;
    data.classes = classes;
    data.crop = crop;
    const auto bytes = data.crop_bytes();
    std::vector<std::uint8_t> crops(pictures.size() * bytes);
    threads.run(static_cast<std::int64_t>(pictures.size()), [&](std::int64_t task, int) {
        const auto i = static_cast<std::size_t>(task);
        try {
            const auto picture = media::read_picture(pictures[i].file->string());
            const cv::Rect2f whole(cv::Point2f(), cv::Size2f(picture.size()));
            const auto cut = faces::preprocess(picture, whole, crop);
            std::memcpy(&crops[i * bytes], cut.data, bytes);
        } catch (const Error& error) {
            pictures[i].problem = error.what();
        }
    });

    for (std::size_t i = 0; i < pictures.size(); ++i) {
        if (pictures[i].problem) {
            data.unreadable.push_back(*pictures[i].problem);
            continue;
        }
        data.crops.insert(data.crops.end(), crops.begin() + static_cast<std::ptrdiff_t>(i * bytes),
                          crops.begin() + static_cast<std::ptrdiff_t>((i + 1) * bytes));
        data.labels.push_back(pictures[i].label);
        data.names.push_back(classes[static_cast<std::size_t>(pictures[i].label)] + "/" +
                             pictures[i].file->filename().string());
    }
    const auto counts = data.counts();
    for (std::size_t label = 0; label < classes.size(); ++label)
        if (counts[label] == 0)
            throw Error("the class " + classes[label] + " has no picture that can be read" +
                        (data.unreadable.empty() ? "" : ": " + data.unreadable.front()));
    return data;
}

}  // namespace emotion::training
