#include "training/data/labeled_pictures.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"

namespace emotion::training {
namespace {

using Path = std::filesystem::path;

/// The votes of the tables by absolute path.
class VotesByPicture {
  public:
    VotesByPicture(const std::vector<const VoteTable*>& tables, const VoteRules& rules,
                   const std::vector<std::string>& classes)
        : rules_(rules), classes_(classes) {
        std::set<Path> read;  // a table may be given as the data and as votes on them
        for (const auto* table : tables) {
            if (!read.insert(plain_path(table->file)).second) continue;
            const auto places = answer_class_indices(*table, rules, classes);
            for (const auto& row : table->rows) add(*table, row, places);
        }
    }

    struct RowVotes {
        std::optional<int> label;
        PictureVotes votes;
    };
    const RowVotes* find(const Path& picture) const {
        const auto found = rows_.find(plain_path(picture));
        return found == rows_.end() ? nullptr : &found->second;
    }

    /// Sets label and target; false if there are fewer votes than required.
    bool apply(const RowVotes& row_votes, std::optional<int> folder, LabeledPicture& picture) const {
        const auto label = folder ? folder : row_votes.label;
        const auto& counts = row_votes.votes.counts;
        const float sum = std::accumulate(counts.begin(), counts.end(), 0.0f);
        if (sum == 0.0f && label) {  // a table of labels, or a row without votes
            picture.label = *label;
            return rules_.min_votes <= 1.0;
        }
        // Shares, which may be rounded, do not say of how many people they are: one vote is not asked of
        // them.
        constexpr float kRounded = 1.01f;
        const bool shares = row_votes.votes.people <= kRounded && rules_.min_votes <= 1.0;
        if (sum == 0.0f || (!shares && sum < static_cast<float>(rules_.min_votes))) return false;
        picture.target = picture.votes = counts;
        for (float& share : picture.votes) share /= row_votes.votes.people;
        for (float& share : picture.target) share /= sum;
        const auto most = std::max_element(picture.target.begin(), picture.target.end());
        picture.label = label.value_or(static_cast<int>(most - picture.target.begin()));
        if (!label || rules_.label_share == 0.0) return true;
        for (float& share : picture.target) share *= static_cast<float>(1.0 - rules_.label_share);
        picture.target[static_cast<std::size_t>(*label)] += static_cast<float>(rules_.label_share);
        return true;
    }

  private:
    /// The votes of several tables, such as one for each annotator, are added.
    void add(const VoteTable& table, const VoteTable::Row& row, const std::vector<int>& places) {
        auto& of_picture = rows_[row.picture];
        if (const auto label = label_of(table, row)) {
            if (of_picture.label.value_or(*label) != *label)
                throw ConfigError(table.file.string() + ":" + std::to_string(row.line) +
                                  ": label = " + one_line(row.label) + ", but another table says " +
                                  classes_[static_cast<std::size_t>(*of_picture.label)] +
                                  "; expected one label for a picture, or columns of votes");
            of_picture.label = label;
        }
        of_picture.votes.add(row, places, classes_.size());
    }

    std::optional<int> label_of(const VoteTable& table, const VoteTable::Row& row) const {
        if (row.label.empty()) return std::nullopt;
        const auto found = std::find(classes_.begin(), classes_.end(), row.label);
        if (found == classes_.end())
            throw ConfigError(table.file.string() + ":" + std::to_string(row.line) +
                              ": label = " + one_line(row.label) + ", expected one of " + join(classes_));
        return static_cast<int>(found - classes_.begin());
    }

    const VoteRules& rules_;
    const std::vector<std::string>& classes_;
    std::map<Path, RowVotes> rows_;
};

std::vector<const VoteTable*> pointers_to(const std::vector<VoteTable>& a, const std::vector<VoteTable>& b) {
    std::vector<const VoteTable*> all;
    for (const auto& table : a) all.push_back(&table);
    for (const auto& table : b) all.push_back(&table);
    return all;
}

}  // namespace

std::vector<std::string> classes_in(const std::vector<VoteTable>& tables, const VoteRules& rules) {
    std::vector<std::string> classes;
    const auto add = [&](const std::string& name) {
        if (!name.empty() && !std::count(classes.begin(), classes.end(), name)) classes.push_back(name);
    };
    std::set<std::string> labels;
    for (const auto& table : tables) {
        for (const auto& answer : table.answers) add(rules.class_of(answer));
        for (const auto& row : table.rows) labels.insert(row.label);
    }
    for (const auto& label : labels) add(label);
    return classes;
}

CollectedPictures collect_pictures(const std::vector<ClassFolder>& folders,
                                   const std::vector<VoteTable>& votes, const std::vector<VoteTable>& tables,
                                   const VoteRules& rules, const std::vector<std::string>& classes) {
    CollectedPictures collected;
    const auto all_tables = pointers_to(votes, tables);
    const VotesByPicture by_picture(all_tables, rules, classes);
    std::set<Path> seen;
    for (const auto& folder : folders) {
        const int label =
            static_cast<int>(std::find(classes.begin(), classes.end(), folder.name) - classes.begin());
        if (label == static_cast<int>(classes.size())) continue;
        for (const auto& file : folder.files) {
            LabeledPicture picture{file, folder.name_of(file), label, {}, {}};
            seen.insert(plain_path(file));
            const auto* row_votes = by_picture.find(file);
            if (!row_votes && !all_tables.empty()) ++collected.without_votes;
            if (row_votes && !by_picture.apply(*row_votes, label, picture))
                ++collected.few_votes;
            else
                collected.pictures.push_back(std::move(picture));
        }
    }
    std::error_code ignored;
    for (const auto& table : tables)
        for (const auto& row : table.rows) {
            if (!seen.insert(row.picture).second) continue;
            LabeledPicture picture{row.picture, row.name, 0, {}, {}};
            if (!std::filesystem::exists(row.picture, ignored))
                ++collected.without_picture;
            else if (!by_picture.apply(*by_picture.find(row.picture), std::nullopt, picture))
                ++collected.few_votes;
            else
                collected.pictures.push_back(std::move(picture));
        }
    return collected;
}

}  // namespace emotion::training
