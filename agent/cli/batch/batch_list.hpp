#pragma once

#include "agent/base/vocabulary.hpp"

#include <string>
#include <vector>

namespace agent::cli {

/// A line of a batch: which customer's eSIM goes onto which card, and what came of it.
struct batch_row {
    std::string uid{};
    std::string iccid{};  // which of several eSIMs; empty: the only one
    std::string eid{};    // the only card that it may go to; empty: any
    std::string label{};  // for people

    std::string outcome{};  // "installed", "already_installed", "failed"; empty: still to do
    std::string error{};    // the failure's name and words
    std::string done_eid{};
    std::string done_iccid{};
    std::string time{};  // ISO 8601

    bool is_done() const { return outcome == "installed" || outcome == "already_installed"; }
};

/// A batch's list (columns uid, iccid, eid, label) and its results.
class batch_list {
public:
    /// Reads a list, and from `result_file` what came of it so far, if that is there. Fails with
    /// the line that is wrong, and if the results are those of another list.
    static result<batch_list> read(const std::string& file, std::string result_file);

    std::vector<batch_row>& rows() { return rows_; }
    /// The row that a card is for: the one that names it, else the next that names none, unless
    /// this batch has used the card already. Null if there is none.
    batch_row* row_for(const std::string& eid);
    bool is_finished() const;
    /// Writes all results, durably.
    result<void> save() const;

private:
    std::string result_file_;
    std::vector<batch_row> rows_;
};

}  // namespace agent::cli
