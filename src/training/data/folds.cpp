#include "training/data/folds.hpp"

#include <numeric>
#include <set>
#include <span>
#include <string>

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/random.hpp"

namespace emotion::training {
namespace {

void append_row(const std::vector<float>& from, std::size_t row, std::size_t length, std::vector<float>& to) {
    if (from.empty()) return;
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(row * length);
    to.insert(to.end(), first, first + static_cast<std::ptrdiff_t>(length));
}

Dataset select(const Dataset& data, const std::vector<int>& fold_of, int fold, bool of_fold) {
    Dataset part;
    part.classes = data.classes;
    part.crop = data.crop;
    for (std::size_t i = 0; i < data.size(); ++i) {
        if ((fold_of[i] == fold) != of_fold) continue;
        const auto crop = data.crops.begin() + static_cast<std::ptrdiff_t>(i * data.crop_bytes());
        part.crops.insert(part.crops.end(), crop, crop + static_cast<std::ptrdiff_t>(data.crop_bytes()));
        part.labels.push_back(data.labels[i]);
        append_row(data.targets, i, data.classes.size(), part.targets);
        append_row(data.votes, i, data.classes.size(), part.votes);
        part.names.push_back(data.names[i]);
    }
    return part;
}

/// For each picture the first of its group.
std::vector<std::size_t> group_representatives(const Dataset& data,
                                               const std::vector<DuplicateGroup>& duplicates) {
    std::vector<std::size_t> first_of(data.size());
    std::iota(first_of.begin(), first_of.end(), std::size_t{0});
    for (const auto& group : duplicates)
        for (const auto picture : group.pictures) first_of[picture] = group.pictures.front();
    return first_of;
}

}  // namespace

std::vector<std::size_t> count_different(const Dataset& data, const std::vector<DuplicateGroup>& duplicates) {
    const auto first_of = group_representatives(data, duplicates);
    std::vector<std::set<std::size_t>> different(data.classes.size());
    for (std::size_t i = 0; i < data.size(); ++i)
        different[static_cast<std::size_t>(data.labels[i])].insert(first_of[i]);
    std::vector<std::size_t> counts;
    for (const auto& pictures : different) counts.push_back(pictures.size());
    return counts;
}

std::vector<int> assign_folds(const Dataset& data, int folds, std::uint64_t seed,
                              const std::vector<DuplicateGroup>& duplicates) {
    const auto first_of = group_representatives(data, duplicates);
    const auto different = count_different(data, duplicates);
    constexpr int kUnassigned = -1;
    std::vector<int> fold_of(data.size(),
                             kUnassigned);  // first for the first pictures of groups, then for all
    Random random(seed);
    for (std::size_t label = 0; label < data.classes.size(); ++label) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < data.size(); ++i)
            if (data.labels[i] == static_cast<int>(label)) members.push_back(i);
        if (!members.empty() && different[label] < static_cast<std::size_t>(folds))
            throw Error("the class " + data.classes[label] + " has " + counted(different[label], "picture") +
                        (different[label] < members.size() ? " that differ" : "") +
                        ", expected at least one for each of " + std::to_string(folds) +
                        " folds: add pictures or take fewer folds");
        shuffle(std::span(members), random);
        int next = 0;
        for (const auto member : members) {
            int& fold = fold_of[first_of[member]];
            if (fold != kUnassigned) continue;
            fold = next;
            next = (next + 1) % folds;
        }
    }
    for (std::size_t i = 0; i < data.size(); ++i) fold_of[i] = fold_of[first_of[i]];
    return fold_of;
}

std::vector<DuplicateGroup> duplicates_in(const Dataset& data, ThreadPool& threads) {
    std::vector<PictureSignature> signatures(data.size());
    threads.run(static_cast<std::int64_t>(data.size()), [&](std::int64_t task, int) {
        const auto i = static_cast<std::size_t>(task);
        signatures[i] = signature_of(data.crop_at(i));
    });
    return find_duplicates(signatures, threads);
}

Dataset fold_of_data(const Dataset& data, const std::vector<int>& fold_of, int fold) {
    return select(data, fold_of, fold, true);
}

Dataset data_without_fold(const Dataset& data, const std::vector<int>& fold_of, int fold) {
    return select(data, fold_of, fold, false);
}

}  // namespace emotion::training
