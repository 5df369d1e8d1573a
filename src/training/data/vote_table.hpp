#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace emotion::training {

/// A CSV table of people's votes on pictures, one row per picture. The first line names the columns:
/// `picture`, a path relative to the table's folder; optionally `label`, the name of a class; every other
/// column is an answer and contains the number or share of people who gave it, unless the rules ignore it.
/// Fields are separated by commas, semicolons or tabs; in quotes they may contain these and line breaks.
/// UTF-8.
struct VoteTable {
    struct Row {
        std::filesystem::path picture;  ///< absolute
        std::string name;               ///< the path as written in the table
        std::string label;              ///< empty: none
        std::vector<float> votes;       ///< per answer
        std::size_t line = 0;           ///< its first in the file, from 1
    };
    std::filesystem::path file;
    std::vector<std::string> answers;
    std::vector<Row> rows;
};

/// How a model interprets the columns of a table.
struct VoteRules {
    /// The class each answer counts for, if not the class of the same name; empty: none, but the people who
    /// gave it were asked.
    std::map<std::string, std::string> meaning{};
    /// Columns that are not read, such as notes.
    std::set<std::string> ignored{};
    /// Pictures with fewer counted votes are skipped.
    double min_votes = 1.0;
    /// [0, 1]: the weight of the label in the target of a picture that has both a label and votes.
    double label_share = 0.0;

    bool operator==(const VoteRules&) const = default;
    /// The class that an answer counts for; empty: none.
    const std::string& class_of(const std::string& answer) const;
};

/// Reads the columns that the rules do not ignore. Throws Error for a file that cannot be read, and
/// ConfigError naming file and line for an invalid table: a duplicate column or picture, a value that is not
/// a number or is negative.
VoteTable read_vote_table(const std::filesystem::path& file, const VoteRules& rules = {});

/// Tables of votes on pictures that are labeled by their folders or another table. Throws as
/// read_vote_table() does, and ConfigError for a table that has only labels.
std::vector<VoteTable> read_votes(const std::vector<std::filesystem::path>& files,
                                  const VoteRules& rules = {});

/// For each answer of the table the index of its class in `classes`; -1: it counts for none. Throws
/// ConfigError naming answers that are neither classes nor covered by the rules.
std::vector<int> answer_class_indices(const VoteTable& table, const VoteRules& rules,
                                      const std::vector<std::string>& classes);

/// The votes on a picture, of one or more tables.
struct PictureVotes {
    std::vector<float> counts;  ///< per class
    float people = 0.0f;        ///< with those whose answers count for no class

    /// Adds a row of a table whose answer_class_indices() are `places`.
    void add(const VoteTable::Row& row, const std::vector<int>& places, std::size_t classes);
};

}  // namespace emotion::training
