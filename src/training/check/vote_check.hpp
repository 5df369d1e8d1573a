#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "training/check/data_check.hpp"
#include "training/data/vote_table.hpp"

namespace emotion::training {

/// What people said of pictures, held against the folders they lie in. Pictures are places in
/// DataCheck::pictures; a majority is more than half of the people asked.
struct VoteCheck {
    /// A picture of which most people say another class than its folder's.
    struct Disagreement {
        std::size_t picture = 0;
        double share_for_folder = 0;  ///< of the people asked
        std::string majority;
        double share = 0;
    };
    /// A picture on whose class no majority agrees.
    struct NoAgreement {
        std::size_t picture = 0;
        std::string most;  ///< what most people say, though no majority
        double share = 0;
    };
    std::size_t with_votes = 0, without_votes = 0;
    std::vector<Disagreement>
        disagreements;  ///< the fewest for the folder first, then the most for another class
    std::vector<NoAgreement> no_agreement;     ///< the least agreed first
    std::vector<std::string> without_picture;  ///< rows whose picture is not there: "table:line: path"
    std::vector<std::string> elsewhere;        ///< rows whose picture lies in none of the folders, likewise
};

/// The same order whatever the tables' order of rows.
VoteCheck check_votes(const DataCheck& check, const std::vector<VoteTable>& tables);

nlohmann::ordered_json to_json(const VoteCheck& votes, const DataCheck& check);
/// Lines of text, of long lists the first.
std::string to_text(const VoteCheck& votes, const DataCheck& check);

}  // namespace emotion::training
