#include "training/folds.hpp"

#include <span>
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"

namespace emotion {

std::vector<int> deal_into_folds(const Dataset& data, int folds, std::uint64_t seed) {
    std::vector<int> fold_of(data.size());
    Random random(seed);
    for (std::size_t label = 0; label < data.classes.size(); ++label) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < data.size(); ++i)
            if (data.labels[i] == static_cast<int>(label)) members.push_back(i);
        if (members.size() < static_cast<std::size_t>(folds))
            throw Error("the class " + data.classes[label] + " has " + std::to_string(members.size()) +
                        " pictures, expected at least one for each of " + std::to_string(folds) + " folds");
        shuffle(std::span(members), random);
        for (std::size_t i = 0; i < members.size(); ++i) fold_of[members[i]] = static_cast<int>(i) % folds;
    }
    return fold_of;
}

}  // namespace emotion
