#include "training/data/vote_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"

namespace emotion::training {
namespace {

[[noreturn]] void fail(const VoteTable& table, std::size_t line, const std::string& problem) {
    throw ConfigError(table.file.string() + ":" + std::to_string(line) + ": " + problem);
}

constexpr const char* kBlanksAround = " \t\r\n";

/// A row of CSV; quoted fields may contain separators, doubled quotes and line breaks.
class CsvRow {
  public:
    explicit CsvRow(char separator) : separator_(separator) {}

    /// Adds a line, the first or one that goes on with a quoted field.
    void add(std::string_view line) {
        if (quoted_) fields_.back() += '\n';
        for (std::size_t i = 0; i < line.size(); ++i) {
            const char c = line[i];
            auto& field = fields_.back();
            if (quoted_ && c == '"' && i + 1 < line.size() && line[i + 1] == '"')
                field += line[++i];
            else if (c == '"' && (quoted_ || field.find_first_not_of(kBlanksAround) == std::string::npos))
                quoted_ = !quoted_;  // elsewhere it is part of the text, as in 5" high
            else if (c == separator_ && !quoted_)
                fields_.emplace_back();
            else
                field += c;
        }
    }

    bool ends_in_quotes() const { return quoted_; }

    std::vector<std::string> fields() const {
        auto trimmed = fields_;
        for (auto& field : trimmed) {
            const auto first = field.find_first_not_of(kBlanksAround),
                       last = field.find_last_not_of(kBlanksAround);
            field = first == std::string::npos ? std::string() : field.substr(first, last - first + 1);
        }
        return trimmed;
    }

  private:
    char separator_;
    bool quoted_ = false;
    std::vector<std::string> fields_ = std::vector<std::string>(1);
};

std::vector<std::string> fields_of(std::string_view line, char separator) {
    CsvRow row(separator);
    row.add(line);
    return row.fields();
}

/// What parts the fields of a table with these names: spreadsheets write semicolons where numbers have a
/// comma, or tabs.
char separator_of(std::string_view names) {
    for (const char separator : {',', ';', '\t'}) {
        const auto fields = fields_of(names, separator);
        if (std::find(fields.begin(), fields.end(), "picture") != fields.end()) return separator;
    }
    return ',';
}

/// The lines of a table; one that a spreadsheet has written may end them by CR alone.
std::istringstream lines_of(const VoteTable& table) {
    auto text = read_file(table.file, kMaxFileBytes, "a table of votes (.csv)");
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        fail(table, 1, "is UTF-16, expected UTF-8: save the table as CSV UTF-8");
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
    return std::istringstream(text);
}

/// Paths of Windows too, where none of that name is there.
std::filesystem::path picture_at(const std::filesystem::path& folder, const std::string& name) {
    const auto path = (folder / name).lexically_normal();
    std::error_code ignored;
    if (name.find('\\') == std::string::npos || std::filesystem::exists(path, ignored)) return path;
    auto slashed = name;
    std::replace(slashed.begin(), slashed.end(), '\\', '/');
    return (folder / slashed).lexically_normal();
}

float read_votes(const VoteTable& table, std::size_t line, const std::string& answer,
                 const std::string& text) {
    float votes = 0.0f;
    if (text.empty()) return votes;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), votes);
    const bool is_number = failed == std::errc() && end == text.data() + text.size();
    if (!is_number || !std::isfinite(votes) || votes < 0.0f)
        fail(table, line,
             one_line(answer) + " = " + one_line(text) + ", expected a number of votes, 0 or more" +
                 (is_number ? ""
                            : "; a column without votes is left unread by a recipe (--recipe) with votes: "
                              "{meaning: {" +
                                  one_line(answer) + ": ignore}}"));
    return votes;
}

/// The roles of a table's columns.
struct Columns {
    std::size_t picture = 0, label = 0;  ///< label: the number of columns if there is none
    std::vector<std::size_t> answers;
    std::size_t count = 0, named = 0;  ///< those at the end may have no name, and are empty then
    char separator = ',';
};

Columns read_columns(VoteTable& table, const std::string& line, const VoteRules& rules) {
    Columns columns;
    columns.separator = separator_of(line);
    auto names = fields_of(line, columns.separator);
    columns.count = names.size();
    while (!names.empty() && names.back().empty()) names.pop_back();
    columns.named = names.size();
    columns.picture = columns.label = names.size();
    std::set<std::string> seen;
    for (std::size_t k = 0; k < names.size(); ++k) {
        if (names[k].empty()) fail(table, 1, "column " + std::to_string(k + 1) + " has no name");
        if (!seen.insert(names[k]).second) fail(table, 1, "two columns are named " + one_line(names[k]));
        if (names[k] == "picture") {
            columns.picture = k;
        } else if (rules.ignored.count(names[k]) > 0) {
            continue;
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

/// Reads all of a row but the place of its picture; `line` is its first.
VoteTable::Row read_row(const VoteTable& table, const Columns& columns,
                        const std::vector<std::string>& fields, std::size_t line) {
    const auto filled = std::find_if(fields.rbegin(), fields.rend(), [](auto& f) { return !f.empty(); });
    if (const auto last = static_cast<std::size_t>(fields.rend() - filled);
        fields.size() == columns.count && last > columns.named)
        fail(table, 1, "column " + std::to_string(last) + " has no name");
    if (fields.size() != columns.count)
        fail(table, line,
             std::to_string(fields.size()) + " fields, expected " + std::to_string(columns.count) +
                 " as in the first line");
    VoteTable::Row row;
    row.line = line;
    row.name = fields[columns.picture];
    if (row.name.empty()) fail(table, line, "expected a picture's path");
    if (columns.label < columns.named) row.label = fields[columns.label];
    for (std::size_t k = 0; k < columns.answers.size(); ++k) {
        auto votes = fields[columns.answers[k]];
        if (columns.separator != ',') std::replace(votes.begin(), votes.end(), ',', '.');
        row.votes.push_back(read_votes(table, line, table.answers[k], votes));
    }
    return row;
}

}  // namespace

const std::string& VoteRules::class_of(const std::string& answer) const {
    const auto rule = meaning.find(answer);
    return rule == meaning.end() ? answer : rule->second;
}

VoteTable read_vote_table(const std::filesystem::path& file, const VoteRules& rules) {
    VoteTable table;
    table.file = file;
    auto text = lines_of(table);
    const auto folder = std::filesystem::absolute(file).parent_path();
    Columns columns;
    std::set<std::filesystem::path> seen;
    std::size_t number = 0;
    for (std::string line; std::getline(text, line);) {
        if (++number == 1) {
            columns = read_columns(table, line, rules);
            continue;
        }
        const auto first_line = number;
        CsvRow csv(columns.separator);
        for (csv.add(line); csv.ends_in_quotes() && std::getline(text, line); csv.add(line)) ++number;
        if (csv.ends_in_quotes()) fail(table, first_line, "a field in quotes does not end");
        const auto fields = csv.fields();
        if (std::all_of(fields.begin(), fields.end(), [](const auto& field) { return field.empty(); }))
            continue;
        auto row = read_row(table, columns, fields, first_line);
        row.picture = picture_at(folder, row.name);
        if (!seen.insert(row.picture).second)
            fail(table, first_line, one_line(row.name) + " is listed twice");
        table.rows.push_back(std::move(row));
    }
    if (table.rows.empty()) fail(table, number + 1, "expected a row for each picture");
    return table;
}

std::vector<VoteTable> read_votes(const std::vector<std::filesystem::path>& files, const VoteRules& rules) {
    std::vector<VoteTable> tables;
    for (const auto& file : files)
        if (tables.emplace_back(read_vote_table(file, rules)).answers.empty())
            throw ConfigError(
                file.string() +
                ": has labels but no votes, expected a column of votes for each answer; a table "
                "of labels is given as --data");
    return tables;
}

std::vector<int> answer_class_indices(const VoteTable& table, const VoteRules& rules,
                                      const std::vector<std::string>& classes) {
    std::vector<int> places;
    std::vector<std::string> unknown;
    for (const auto& answer : table.answers) {
        const auto& name = rules.class_of(answer);
        const auto place = std::find(classes.begin(), classes.end(), name);
        if (place == classes.end() && !name.empty()) unknown.push_back(answer);
        places.push_back(place == classes.end() ? -1 : static_cast<int>(place - classes.begin()));
    }
    if (!unknown.empty())
        throw ConfigError(table.file.string() + ": the columns " + join(unknown) + " are not classes (" +
                          join(classes) + "): say what they mean in the recipe, votes: {meaning: {" +
                          unknown.front() + ": a class, \"\" for none of them, or ignore}}");
    return places;
}

void PictureVotes::add(const VoteTable::Row& row, const std::vector<int>& places, std::size_t classes) {
    counts.resize(classes);
    for (std::size_t k = 0; k < places.size(); ++k) {
        people += row.votes[k];
        if (places[k] >= 0) counts[static_cast<std::size_t>(places[k])] += row.votes[k];
    }
}

}  // namespace emotion::training
