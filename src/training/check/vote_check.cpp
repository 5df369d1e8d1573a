#include "training/check/vote_check.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <sstream>
#include <system_error>
#include <tuple>

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

}  // namespace

VoteCheck check_votes(const DataCheck& check, const std::vector<VoteTable>& tables) {
    VoteCheck votes;
    std::map<std::filesystem::path, std::size_t> places;
    for (std::size_t i = 0; i < check.pictures.size(); ++i)
        places[std::filesystem::absolute(check.pictures[i].file).lexically_normal()] = i;
    std::map<std::size_t, std::map<std::string, double>> counts;
    std::error_code ignored;
    for (const auto& table : tables)
        for (const auto& row : table.rows) {
            const auto place = places.find(row.picture);
            const auto name = table.file.string() + ":" + std::to_string(row.line) + ": " + row.name;
            if (place == places.end())
                (std::filesystem::exists(row.picture, ignored) ? votes.elsewhere : votes.without_picture)
                    .push_back(name);
            else if (std::accumulate(row.votes.begin(), row.votes.end(), 0.0f) > 0.0f)
                for (std::size_t k = 0; k < row.votes.size(); ++k)
                    counts[place->second][table.answers[k]] += row.votes[k];
        }
    votes.with_votes = counts.size();
    votes.without_votes = check.pictures.size() - counts.size();
    for (const auto& [picture, count] : counts) {
        const auto of_picture = vote_shares_of(count);
        const auto& folder = check.classes[check.pictures[picture].label];
        const auto own = of_picture.shares.find(folder);
        if (of_picture.share <= 0.5)
            votes.no_agreement.push_back({picture, of_picture.top_answer, of_picture.share});
        else if (of_picture.top_answer != folder)
            votes.disagreements.push_back({picture, own == of_picture.shares.end() ? 0.0 : own->second,
                                           of_picture.top_answer, of_picture.share});
    }
    std::sort(votes.disagreements.begin(), votes.disagreements.end(), [](const auto& a, const auto& b) {
        return std::tuple(a.share_for_folder, -a.share, a.picture) <
               std::tuple(b.share_for_folder, -b.share, b.picture);
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
                                 {"share", one.share_for_folder},
                                 {"majority", one.majority},
                                 {"majority_share", one.share}});
    for (const auto& one : votes.no_agreement)
        no_agreement.push_back({{"picture", check.pictures[one.picture].name},
                                {"most", one.top_answer},
                                {"most_share", one.share}});
    return {{"pictures_with_votes", votes.with_votes},       {"pictures_without_votes", votes.without_votes},
            {"disagreements", std::move(disagreements)},     {"no_agreement", std::move(no_agreement)},
            {"rows_without_picture", votes.without_picture}, {"rows_of_pictures_elsewhere", votes.elsewhere}};
}

std::string to_text(const VoteCheck& votes, const DataCheck& check) {
    std::ostringstream text;
    text << "Votes: for " << votes.with_votes << " pictures, none for " << votes.without_votes << "\n";
    const auto name = [&](std::size_t picture) { return check.pictures[picture].name; };
    if (!votes.disagreements.empty())
        text << votes.disagreements.size() << " that most people would put in another folder:\n";
    write_first(votes.disagreements, text, [&](const auto& one) {
        return name(one.picture) + ": " + percent_text(one.share_for_folder) + " say so, " +
               percent_text(one.share) + " say " + one.majority;
    });
    if (!votes.no_agreement.empty()) text << votes.no_agreement.size() << " without a majority:\n";
    write_first(votes.no_agreement, text, [&](const auto& one) {
        return name(one.picture) + ": at most " + percent_text(one.share) + " agree, on " + one.top_answer;
    });
    if (!votes.without_picture.empty())
        text << votes.without_picture.size() << " table rows whose picture does not exist:\n";
    write_first(votes.without_picture, text, [](const auto& row) { return row; });
    if (!votes.elsewhere.empty())
        text << votes.elsewhere.size() << " table rows for pictures in none of the folders\n";
    return text.str();
}

}  // namespace emotion::training
