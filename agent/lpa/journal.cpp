#include "agent/lpa/journal.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "platform/error.hpp"
#include "platform/state_file.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>

namespace agent::lpa {
namespace {

constexpr std::size_t most_attempts = 64;
constexpr const char* stage_names[] = {"loading", "installed", "failed"};

attempt_stage stage_from(std::string_view name)
{
    auto found = std::ranges::find(stage_names, name);
    auto index = found == std::end(stage_names) ? 0 : found - std::begin(stage_names);
    return static_cast<attempt_stage>(index);
}

}  // namespace

std::string digest_of(const activation_code& code)
{
    platform::wiped_string text(code.smdp_address());
    text += '$';
    text += code.matching_id().reveal();
    return platform::to_hex(sha256(platform::view_of(text)));
}

result<std::vector<attempt>> journal::load() const
{
    auto text = platform::load_state(file_);
    if (!text)
        return text.error();
    std::vector<attempt> out;
    if (!*text)
        return out;
    json_document document{**text};
    const json::value* list =
        document.root() != nullptr ? member(*document.root(), "attempts") : nullptr;
    const json::array* entries = list != nullptr ? list->if_array() : nullptr;
    if (entries == nullptr)
        return failure(platform::errc::damaged, file_ + " is no journal");
    for (const json::value& each : *entries) {
        attempt one;
        one.code_digest = agent::text(each, "codeDigest");
        one.smdp_address = agent::text(each, "smdpAddress");
        one.iccid = iccid::from(text_view(each, "iccid"));
        one.transaction_id = agent::text(each, "transactionId");
        one.stage = stage_from(text_view(each, "stage"));
        out.push_back(std::move(one));
    }
    return out;
}

result<std::optional<attempt>> journal::find(const std::string& code_digest) const
{
    auto all = load();
    if (!all)
        return all.error();
    auto found = std::ranges::find(*all, code_digest, &attempt::code_digest);
    if (found == all->end())
        return std::optional<attempt>();
    return std::optional<attempt>(std::move(*found));
}

result<void> journal::record(const attempt& made) const
{
    auto all = load();
    std::vector<attempt> kept = all ? std::move(*all) : std::vector<attempt>();
    std::erase_if(kept, [&](const attempt& each) { return each.code_digest == made.code_digest; });
    kept.push_back(made);
    if (kept.size() > most_attempts)
        kept.erase(kept.begin());
    json::array entries;
    for (const attempt& each : kept)
        entries.push_back({{"codeDigest", each.code_digest}, {"smdpAddress", each.smdp_address},
            {"iccid", each.iccid.text()}, {"transactionId", each.transaction_id},
            {"stage", stage_names[static_cast<int>(each.stage)]}});
    json::object document{{"attempts", std::move(entries)}};
    return platform::save_state(file_, json::serialize(document) + "\n");
}

}  // namespace agent::lpa
