#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace emotion::training {

/// What several people said of pictures: a table (CSV) with a row a picture. Its first line names the
/// columns: `picture`, a path counted from the table's folder; optionally `label`, the name of a class; every
/// other column is an answer, and holds how many people gave it, or which share of them. Commas, or in their
/// place semicolons or tabs, stand between the fields. UTF-8.
struct VoteTable {
    struct Row {
        std::filesystem::path picture;  ///< absolute
        std::string name;               ///< the path as it stands in the table
        std::string label;              ///< empty: none
        std::vector<float> votes;       ///< for each answer
        std::size_t line = 0;           ///< in the file, from 1
    };
    std::filesystem::path file;
    std::vector<std::string> answers;
    std::vector<Row> rows;
};

/// Throws Error for a file that cannot be read and ConfigError, naming file and line, for what is no such
/// table: a column that stands twice, a picture that does, a number that is none or negative.
VoteTable read_vote_table(const std::filesystem::path& file);

/// What the answers of a table mean to a model.
struct VoteRules {
    /// By answer: the class it is a vote for, where it is not the class of its own name; empty: it is not
    /// counted.
    std::map<std::string, std::string> meaning;
    /// Pictures with fewer counted votes are left out.
    double min_votes = 1.0;
    /// [0, 1]: of the picture's label in what is learned of a picture that has votes too.
    double label_share = 0.0;
};

/// For each answer of the table the class it counts for, as an index into `classes`; -1: it is not counted.
/// Throws ConfigError, naming them, for answers that are neither a class nor spoken of by the rules.
std::vector<int> places_of_answers(const VoteTable& table, const VoteRules& rules,
                                   const std::vector<std::string>& classes);

/// The votes that count, by class.
std::vector<float> counted_votes(const VoteTable::Row& row, const std::vector<int>& places,
                                 std::size_t classes);

}  // namespace emotion::training
