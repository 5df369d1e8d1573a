#include "training/data/vote_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>
#include <string_view>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"

namespace emotion::training {
namespace {

[[noreturn]] void fail(const VoteTable& table, std::size_t line, const std::string& problem) {
    throw ConfigError(table.file.string() + ":" + std::to_string(line) + ": " + problem);
}

/// Splits a CSV line; quoted fields may contain commas and doubled quotes.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"')
            fields.back() += line[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            fields.emplace_back();
        else
            fields.back() += c;
    }
    for (auto& field : fields) {
        const auto first = field.find_first_not_of(" \t\r"), last = field.find_last_not_of(" \t\r");
        field = first == std::string::npos ? std::string() : field.substr(first, last - first + 1);
    }
    return fields;
}

float read_votes(const VoteTable& table, std::size_t line, const std::string& answer,
                 const std::string& text) {
    float votes = 0.0f;
    if (text.empty()) return votes;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), votes);
    if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(votes) || votes < 0.0f)
        fail(table, line, answer + " = " + one_line(text) + ", expected a number of votes, 0 or more");
    return votes;
}

/// The roles of a table's columns.
struct Columns {
    std::size_t picture = 0, label = 0;  ///< label: the number of columns if there is none
    std::vector<std::size_t> answers;
    std::size_t count = 0;
};

Columns read_columns(VoteTable& table, const std::string& line) {
    const auto names = fields_of(line);
    Columns columns;
    columns.count = names.size();
    columns.picture = columns.label = names.size();
    std::set<std::string> seen;
    for (std::size_t k = 0; k < names.size(); ++k) {
        if (names[k].empty()) fail(table, 1, "column " + std::to_string(k + 1) + " has no name");
        if (!seen.insert(names[k]).second) fail(table, 1, "two columns are named " + one_line(names[k]));
        if (names[k] == "picture") {
            columns.picture = k;
        } else if (names[k] == "label") {
            columns.label = k;
        } else {
            columns.answers.push_back(k);
            table.answers.push_back(names[k]);
        }
    }
    if (columns.picture == names.size())
        fail(
            table, 1,
            "expected the names of columns, one of them picture, the others answers: " + one_line(line, 100));
    if (columns.answers.empty() && columns.label == names.size())
        fail(table, 1, "expected a column label, or one of votes for each answer");
    return columns;
}

}  // namespace

VoteTable read_vote_table(const std::filesystem::path& file) {
    VoteTable table;
    table.file = file;
    std::istringstream text(read_file(file, kMaxFileBytes, "a table of votes (.csv)"));
    const auto folder = std::filesystem::absolute(file).parent_path();
    Columns columns;
    std::set<std::filesystem::path> seen;
    std::size_t number = 0;
    for (std::string line; std::getline(text, line);) {
        if (++number == 1) {
            if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
            columns = read_columns(table, line);
            continue;
        }
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const auto fields = fields_of(line);
        if (fields.size() != columns.count)
            fail(table, number,
                 std::to_string(fields.size()) + " fields, expected " + std::to_string(columns.count) +
                     " as in the first line");
        VoteTable::Row row;
        row.line = number;
        row.name = fields[columns.picture];
        if (row.name.empty()) fail(table, number, "expected a picture's path");
        row.picture = (folder / row.name).lexically_normal();
        if (!seen.insert(row.picture).second) fail(table, number, one_line(row.name) + " is listed twice");
        if (columns.label < columns.count) row.label = fields[columns.label];
        for (std::size_t k = 0; k < columns.answers.size(); ++k)
            row.votes.push_back(read_votes(table, number, table.answers[k], fields[columns.answers[k]]));
        table.rows.push_back(std::move(row));
    }
    if (table.rows.empty()) fail(table, number + 1, "expected a row for each picture");
    return table;
}

std::vector<int> answer_class_indices(const VoteTable& table, const VoteRules& rules,
                                      const std::vector<std::string>& classes) {
    std::vector<int> places;
    std::vector<std::string> unknown;
    for (const auto& answer : table.answers) {
        const auto rule = rules.meaning.find(answer);
        const auto& name = rule == rules.meaning.end() ? answer : rule->second;
        const auto place = std::find(classes.begin(), classes.end(), name);
        if (place == classes.end() && !name.empty()) unknown.push_back(answer);
        places.push_back(place == classes.end() ? -1 : static_cast<int>(place - classes.begin()));
    }
    if (!unknown.empty())
        throw ConfigError(table.file.string() + ": the columns " + join(unknown) + " are not classes (" +
                          join(classes) + "): say what they mean in the recipe, votes: {meaning: {" +
                          unknown.front() + ": a class, or \"\" to ignore it}}");
    return places;
}

std::vector<float> counted_votes(const VoteTable::Row& row, const std::vector<int>& places,
                                 std::size_t classes) {
    std::vector<float> votes(classes, 0.0f);
    for (std::size_t k = 0; k < places.size(); ++k)
        if (places[k] >= 0) votes[static_cast<std::size_t>(places[k])] += row.votes[k];
    return votes;
}

}  // namespace emotion::training
