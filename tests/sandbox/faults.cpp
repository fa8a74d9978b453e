#include "tests/sandbox/faults.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace sandbox {
namespace {

struct name {
    const char* text;
    fault_kind kind;
};

// In the order of fault_kind, so that the place of a fault is where it stands here.
constexpr name names[] = {{"slow", fault_kind::slow}, {"drip", fault_kind::drip},
    {"cut", fault_kind::cut}, {"empty", fault_kind::empty}, {"html", fault_kind::html},
    {"wrong-json", fault_kind::wrong_json}, {"not-json", fault_kind::not_json},
    {"huge", fault_kind::huge}, {"401-once", fault_kind::once_401}, {"429", fault_kind::too_many},
    {"500", fault_kind::internal}, {"503", fault_kind::busy}, {"redirect", fault_kind::redirect},
    {"drop", fault_kind::drop}, {"drop-after", fault_kind::drop_after}, {"die", fault_kind::die},
    {"die-after", fault_kind::die_after}, {"hostile", fault_kind::hostile},
    {"410", fault_kind::gone}, {"400", fault_kind::bad_request},
    {"bad-signature1", fault_kind::bad_signature1}, {"bad-signature2", fault_kind::bad_signature2},
    {"bad-signature3", fault_kind::bad_signature3},
    {"wrong-challenge", fault_kind::wrong_challenge},
    {"wrong-transaction", fault_kind::wrong_transaction},
    {"wrong-address", fault_kind::wrong_address}, {"unknown-ci", fault_kind::unknown_ci},
    {"bad-mac", fault_kind::bad_mac}, {"truncated-package", fault_kind::truncated_package},
    {"other-iccid", fault_kind::other_iccid}, {"mute", fault_kind::mute},
    {"cme-error", fault_kind::cme_error}, {"removed", fault_kind::removed},
    {"power-cut", fault_kind::power_cut}, {"6f00", fault_kind::status_6f00},
    {"short-lc", fault_kind::short_lc}, {"no-memory", fault_kind::no_memory},
    {"cat-busy", fault_kind::cat_busy}, {"bad-card-signature", fault_kind::bad_card_signature},
    {"not-registered", fault_kind::not_registered}, {"denied", fault_kind::denied}};

bool is_http(fault_kind kind)
{
    return kind < fault_kind::bad_signature1;
}

const char* usual_part(fault_kind kind)
{
    if (kind == fault_kind::die || kind == fault_kind::die_after)
        return "/es9plus";
    if (kind == fault_kind::not_registered || kind == fault_kind::denied)
        return "/modem";
    if (is_http(kind))
        return "/gigastore";
    return kind < fault_kind::mute ? "/es9plus" : "/card";
}

/// The number after `mark`, which is cut off with it; `otherwise` if there is none.
int take_number(std::string_view& text, char mark, int otherwise)
{
    auto at = text.find(mark);
    if (at == text.npos)
        return otherwise;
    int value = std::atoi(std::string(text.substr(at + 1)).c_str());
    text = text.substr(0, at);
    return value;
}

bool strikes(fault& one, std::string_view path)
{
    if (one.left == 0 || path.find(one.part) == path.npos)
        return false;
    if (one.skip > 0) {
        --one.skip;
        return false;
    }
    if (one.left > 0)
        --one.left;
    return true;
}

}  // namespace

std::optional<fault> parse_fault(std::string_view text)
{
    fault out;
    if (auto at = text.find('@'); at != text.npos) {
        out.part = text.substr(at + 1);
        if (out.part.find_first_of("*+") != out.part.npos)
            return std::nullopt;  // COUNT and SKIP stand before it
        text = text.substr(0, at);
    }
    out.left = take_number(text, '*', -1);
    out.skip = take_number(text, '+', 0);
    auto found = std::ranges::find_if(names, [&](const name& each) { return each.text == text; });
    if (found == std::end(names) || out.left == 0)
        return std::nullopt;
    out.kind = found->kind;
    if (out.part.empty())
        out.part = usual_part(out.kind);
    if (out.kind == fault_kind::once_401)
        out.left = 1;
    return out;
}

std::string fault_names()
{
    std::string out;
    for (const name& each : names)
        out += (out.empty() ? "" : ", ") + std::string(each.text);
    return out;
}

std::optional<fault_kind> faults::take(std::string_view target)
{
    for (fault& each : active_)
        if (is_http(each.kind) && strikes(each, target))
            return each.kind;
    return std::nullopt;
}

bool faults::has(fault_kind kind) const
{
    return std::ranges::find(active_, kind, &fault::kind) != active_.end();
}

bool faults::strike(fault_kind kind, std::string_view path)
{
    for (fault& each : active_)
        if (each.kind == kind && strikes(each, path))
            return true;
    return false;
}

}  // namespace sandbox
