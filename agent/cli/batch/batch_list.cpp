#include "agent/cli/batch/batch_list.hpp"

#include "agent/cli/batch/csv.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <filesystem>

namespace agent::cli {
namespace {

const std::vector<std::string> result_names{
    "uid", "iccid", "eid", "label", "outcome", "error", "doneEid", "doneIccid", "time"};

failure wrong(const std::string& file, const std::string& why)
{
    return {platform::errc::usage, file + ": " + why};
}

failure unknown_column(const std::string& file, const std::string& name, const std::string& known)
{
    return wrong(file, "column '" + name + "' is not known; there are " + known);
}

/// A list out of a spreadsheet in another encoding (Windows-1252) would make labels that no viewer
/// opens.
result<void> check_words(const csv_table& table)
{
    for (std::size_t row = 0; row < table.rows.size(); ++row)
        for (std::size_t column = 0; column < table.names.size(); ++column) {
            std::string value = table.rows[row][column];
            for (std::string_view joiner : {"\u200c", "\u200d"})  // Persian's, and emoji's
                for (auto at = value.find(joiner); at != value.npos; at = value.find(joiner))
                    value.erase(at, joiner.size());
            if (!platform::is_printable(value))
                return failure(platform::errc::usage,
                    "row " + std::to_string(row + 1) + ", column '" + table.names[column]
                        + "': it holds what is no UTF-8, or control characters; save the list as "
                          "CSV in UTF-8");
        }
    return {};
}

result<csv_table> read_table(const std::string& file, const std::vector<std::string>& known)
{
    auto text = platform::read_file(file);
    if (!text)
        return text.error();
    bool is_utf16 = text->starts_with("\xff\xfe") || text->starts_with("\xfe\xff");
    std::string first = text->substr(0, text->find('\n'));
    bool has_semicolons = first.find(';') != first.npos && first.find(',') == first.npos;
    if (is_utf16 || has_semicolons)
        return wrong(file, "save it as CSV with commas, in UTF-8");
    auto table = parse_csv(*text);
    if (!table)
        return wrong(file, table.error().detail());
    std::string all;
    for (const std::string& each : known) {
        all += all.empty() ? "" : ", ";
        all += each;
    }
    for (std::string& each : table->names) {
        auto same = std::ranges::find_if(known,
            [&each](const std::string& name) { return platform::same_ignoring_case(name, each); });
        if (same == known.end())
            return unknown_column(file, each, all);
        each = *same;
    }
    if (auto good = check_words(*table); !good)
        return wrong(file, good.error().detail());
    if (std::ranges::find(table->names, "uid") == table->names.end())
        return wrong(file, "the first line names the columns: uid, and iccid, eid or label");
    return std::move(*table);
}

/// What a row asks for, in a list or in its results.
batch_row wish_in(const csv_table& table, std::size_t row)
{
    batch_row out;
    out.uid = table.at(row, "uid");
    out.iccid = table.at(row, "iccid");
    out.eid = table.at(row, "eid");
    out.label = table.at(row, "label");
    return out;
}

bool is_same(const batch_row& left, const batch_row& right)
{
    return left.uid == right.uid && left.iccid == right.iccid && left.eid == right.eid
           && left.label == right.label;
}

bool is_eid(const std::string& text)
{
    return text.size() == 32 && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace

result<batch_list> batch_list::read(const std::string& file, std::string result_file)
{
    auto table = read_table(file, {"uid", "iccid", "eid", "label"});
    if (!table)
        return table.error();
    batch_list out;
    for (std::size_t i = 0; i < table->rows.size(); ++i) {
        batch_row one = wish_in(*table, i);
        std::string row = "row " + std::to_string(i + 1) + ": ";
        if (one.uid.empty())
            return wrong(file, row + "the uid is missing");
        if (!one.eid.empty() && !is_eid(one.eid))
            return wrong(file, row
                                   + "an EID is 32 digits; in a spreadsheet, format the column as "
                                     "text");
        auto again = std::ranges::find_if(out.rows_, [&one](const batch_row& each) {
            return each.uid == one.uid && each.iccid == one.iccid;
        });
        if (again != out.rows_.end())
            return wrong(file, row + "it is the eSIM of row "
                                   + std::to_string(again - out.rows_.begin() + 1)
                                   + " again; if the customer has several, name each by its iccid");
        out.rows_.push_back(std::move(one));
    }
    out.result_file_ = std::move(result_file);
    std::error_code ec;
    if (!std::filesystem::exists(out.result_file_, ec))
        return out;
    auto before = read_table(out.result_file_, result_names);
    if (!before)
        return before.error();
    std::vector<bool> is_taken(before->rows.size());
    for (batch_row& each : out.rows_) {
        for (std::size_t i = 0; i < before->rows.size(); ++i) {
            if (is_taken[i] || !is_same(each, wish_in(*before, i)))
                continue;
            is_taken[i] = true;
            each.outcome = before->at(i, "outcome");
            each.error = before->at(i, "error");
            each.done_eid = before->at(i, "doneEid");
            each.done_iccid = before->at(i, "doneIccid");
            each.time = before->at(i, "time");
            break;
        }
    }
    bool is_another = std::ranges::find(is_taken, false) != is_taken.end();
    if (is_another)
        return wrong(out.result_file_,
            "it has results of another list; name another file with --output, or remove it");
    return out;
}

batch_row* batch_list::row_for(const std::string& eid)
{
    auto names_it = [&](const batch_row& each) { return !each.is_done() && each.eid == eid; };
    if (auto found = std::ranges::find_if(rows_, names_it); found != rows_.end())
        return &*found;
    bool was_used = std::ranges::any_of(
        rows_, [&](const batch_row& each) { return each.is_done() && each.done_eid == eid; });
    if (was_used)
        return nullptr;
    // What failed waits behind what was not tried yet.
    for (bool has_failed : {false, true}) {
        auto is_next = [&](const batch_row& each) {
            return !each.is_done() && each.eid.empty() && (each.outcome == "failed") == has_failed;
        };
        if (auto found = std::ranges::find_if(rows_, is_next); found != rows_.end())
            return &*found;
    }
    return nullptr;
}

bool batch_list::is_finished() const
{
    return std::ranges::all_of(rows_, [](const batch_row& each) { return each.is_done(); });
}

result<void> batch_list::save() const
{
    std::string text = to_csv(result_names);
    for (const batch_row& each : rows_)
        text += to_csv({each.uid, each.iccid, each.eid, each.label, each.outcome, each.error,
            each.done_eid, each.done_iccid, each.time});
    return platform::write_file(result_file_, text);
}

}  // namespace agent::cli
