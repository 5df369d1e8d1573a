#include "training/check/vote_check.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <sstream>
#include <system_error>
#include <tuple>

#include "base/files.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::training {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kShown = 20;

struct VoteShares {
    std::map<std::string, double> shares;
    std::string top_answer;
    double share = 0.0;
};

/// From the votes for each answer, of all tables together.
VoteShares vote_shares_of(const std::map<std::string, double>& votes) {
    VoteShares vote_shares;
    double people = 0.0;
    for (const auto& [answer, count] : votes) people += count;
    for (const auto& [answer, count] : votes) {
        const double share = count / people;
        vote_shares.shares[answer] = share;
        if (share > vote_shares.share) {
            vote_shares.share = share;
            vote_shares.top_answer = answer;
        }
    }
    return vote_shares;
}

/// "  NAME: TEXT" for the first items of a list, and the number of the rest.
template <typename List, typename Text>
void write_first(const List& list, std::ostream& text, const Text& line) {
    for (std::size_t i = 0; i < std::min(list.size(), kShown); ++i) text << "  " << line(list[i]) << '\n';
    if (list.size() > kShown) text << "  and " << list.size() - kShown << " more\n";
}

/// The class that an answer counts for, or the answer itself: people who say that they do not know are a
/// majority too.
const std::string& said_by(const std::string& answer, const VoteRules& rules) {
    const auto& name = rules.class_of(answer);
    return name.empty() ? answer : name;
}

/// Lists a row whose picture is not among those checked.
void list_unused(const DataCheck& check, const VoteTable& table, const VoteTable::Row& row,
                 VoteCheck& votes) {
    std::error_code ignored;
    const bool exists = std::filesystem::exists(row.picture, ignored);
    const bool is_checked = !check.table.empty() && plain_path(table.file) == plain_path(check.table);
    auto& rows = !exists ? votes.without_picture : is_checked ? votes.without_label : votes.elsewhere;
    rows.push_back(table.file.string() + ":" + std::to_string(row.line) + ": " + row.name);
}

}  // namespace

VoteCheck check_votes(const DataCheck& check, const std::vector<VoteTable>& tables, const VoteRules& rules) {
    VoteCheck votes;
    std::map<std::filesystem::path, std::size_t> places;
    for (std::size_t i = 0; i < check.pictures.size(); ++i) places[plain_path(check.pictures[i].file)] = i;
    std::map<std::size_t, std::map<std::string, double>> counts;
    std::set<std::filesystem::path> read;
    for (const auto& table : tables) {
        if (!read.insert(plain_path(table.file)).second) continue;
        for (const auto& row : table.rows) {
            const auto place = places.find(row.picture);
            if (place == places.end())
                list_unused(check, table, row, votes);
            else if (std::accumulate(row.votes.begin(), row.votes.end(), 0.0f) > 0.0f)
                for (std::size_t k = 0; k < row.votes.size(); ++k)
                    counts[place->second][said_by(table.answers[k], rules)] += row.votes[k];
        }
    }
    votes.with_votes = counts.size();
    votes.without_votes = check.pictures.size() - counts.size();
    for (const auto& [picture, count] : counts) {
        const auto of_picture = vote_shares_of(count);
        const auto& label = check.classes[check.pictures[picture].label];
        const auto own = of_picture.shares.find(label);
        if (of_picture.share <= 0.5)
            votes.no_agreement.push_back({picture, of_picture.top_answer, of_picture.share});
        else if (of_picture.top_answer != label)
            votes.disagreements.push_back({picture, own == of_picture.shares.end() ? 0.0 : own->second,
                                           of_picture.top_answer, of_picture.share});
    }
    std::sort(votes.disagreements.begin(), votes.disagreements.end(), [](const auto& a, const auto& b) {
        return std::tuple(a.share_for_label, -a.share, a.picture) <
               std::tuple(b.share_for_label, -b.share, b.picture);
    });
    std::sort(votes.no_agreement.begin(), votes.no_agreement.end(), [](const auto& a, const auto& b) {
        return std::tuple(a.share, a.picture) < std::tuple(b.share, b.picture);
    });
    return votes;
}

Json to_json(const VoteCheck& votes, const DataCheck& check) {
    Json disagreements = Json::array(), no_agreement = Json::array();
    for (const auto& one : votes.disagreements)
        disagreements.push_back({{"picture", check.pictures[one.picture].name},
                                 {"label", check.classes[check.pictures[one.picture].label]},
                                 {"share", one.share_for_label},
                                 {"majority", one.majority},
                                 {"majority_share", one.share}});
    for (const auto& one : votes.no_agreement)
        no_agreement.push_back({{"picture", check.pictures[one.picture].name},
                                {"most", one.top_answer},
                                {"most_share", one.share}});
    return {{"pictures_with_votes", votes.with_votes},       {"pictures_without_votes", votes.without_votes},
            {"disagreements", std::move(disagreements)},     {"no_agreement", std::move(no_agreement)},
            {"rows_without_picture", votes.without_picture}, {"rows_without_label", votes.without_label},
            {"rows_of_pictures_elsewhere", votes.elsewhere}};
}

std::string to_text(const VoteCheck& votes, const DataCheck& check) {
    std::ostringstream text;
    text << "Votes: for " << votes.with_votes << " pictures, none for " << votes.without_votes << "\n";
    const auto name = [&](std::size_t picture) { return check.pictures[picture].name; };
    if (!votes.disagreements.empty())
        text << votes.disagreements.size()
             << (check.table.empty() ? " that most people would put in another folder:\n"
                                     : " whose label most people would not give:\n");
    write_first(votes.disagreements, text, [&](const auto& one) {
        return name(one.picture) + ": " + percent_text(one.share_for_label) + " say so, " +
               percent_text(one.share) + " say " + one.majority;
    });
    if (!votes.no_agreement.empty()) text << votes.no_agreement.size() << " without a majority:\n";
    write_first(votes.no_agreement, text, [&](const auto& one) {
        return name(one.picture) + ": at most " + percent_text(one.share) + " agree, on " + one.top_answer;
    });
    if (!votes.without_picture.empty())
        text << votes.without_picture.size() << " table rows whose picture does not exist:\n";
    write_first(votes.without_picture, text, [](const auto& row) { return row; });
    if (!votes.without_label.empty())
        text << votes.without_label.size()
             << " table rows without a label or enough votes, which are not used:\n";
    write_first(votes.without_label, text, [](const auto& row) { return row; });
    if (!votes.elsewhere.empty())
        text << votes.elsewhere.size()
             << (check.table.empty() ? " table rows for pictures in none of the folders\n"
                                     : " rows of other tables for pictures that are not in this one\n");
    return text.str();
}

}  // namespace emotion::training
