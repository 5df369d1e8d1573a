#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "training/check/data_check.hpp"
#include "training/data/vote_table.hpp"

namespace emotion::training {

/// Compares people's votes on pictures with their labels: the folders they are in, or what a table says.
/// Pictures are indices into DataCheck::pictures; a majority is more than half of the voters.
struct VoteCheck {
    /// A picture for which a majority votes for another class than its label.
    struct Disagreement {
        std::size_t picture = 0;
        double share_for_label = 0;  ///< of the voters
        std::string majority;
        double share = 0;
    };
    /// A picture without a majority.
    struct NoAgreement {
        std::size_t picture = 0;
        std::string top_answer;  ///< the class with the most votes
        double share = 0;
    };
    std::size_t with_votes = 0, without_votes = 0;
    std::vector<Disagreement>
        disagreements;  ///< fewest votes for the label first, then most votes for another class
    std::vector<NoAgreement> no_agreement;     ///< least agreement first
    std::vector<std::string> without_picture;  ///< rows whose picture does not exist: "table:line: path"
    /// Rows of the table that is checked without a label and enough votes, which no training uses, likewise.
    std::vector<std::string> without_label;
    std::vector<std::string> elsewhere;  ///< rows of other tables whose picture is not checked, likewise
};

/// Takes `tables` by the same rules as the check, one that is given twice once. The result does not depend on
/// the order of rows.
VoteCheck check_votes(const DataCheck& check, const std::vector<VoteTable>& tables,
                      const VoteRules& rules = {});

nlohmann::ordered_json to_json(const VoteCheck& votes, const DataCheck& check);
/// Lines of text, with only the first items of long lists.
std::string to_text(const VoteCheck& votes, const DataCheck& check);

}  // namespace emotion::training
