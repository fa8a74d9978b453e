#include "agent/link/link_store.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "agent/link/error.hpp"
#include "platform/error.hpp"
#include "platform/iso_time.hpp"
#include "platform/state_file.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace agent::link {
namespace {

std::string digest_of(std::string_view token)
{
    return platform::to_hex(sha256(platform::view_of(token)));
}

json::object kept(const customer_link& one)
{
    json::object out{{"id", one.id}, {"tokenDigest", one.token_digest},
        {"customerUid", one.customer_uid}, {"esimUid", one.esim_uid}, {"iccid", one.iccid.text()},
        {"createdAt", platform::to_iso(one.created_at)},
        {"codeUntil", platform::to_iso(one.code_until)},
        {"pageUntil", platform::to_iso(one.page_until)}, {"isShown", one.is_shown},
        {"isInstalled", one.is_installed}};
    if (one.opened_at)
        out["openedAt"] = platform::to_iso(*one.opened_at);
    return out;
}

bool flag(const json::value& from, const char* name)
{
    const json::value* found = member(from, name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

/// Nothing of a link that cannot be read: nobody could open it.
std::optional<customer_link> read_link(const json::value& from)
{
    customer_link out;
    out.id = text(from, "id");
    out.token_digest = text(from, "tokenDigest");
    out.customer_uid = text(from, "customerUid");
    out.esim_uid = text(from, "esimUid");
    out.iccid = iccid::from(text_view(from, "iccid"));
    auto created = platform::parse_time(text_view(from, "createdAt"));
    auto code = platform::parse_time(text_view(from, "codeUntil"));
    auto page = platform::parse_time(text_view(from, "pageUntil"));
    bool is_whole = !out.id.empty() && !out.token_digest.empty() && !out.customer_uid.empty()
                    && created && code && page;
    if (!is_whole)
        return std::nullopt;
    out.created_at = *created;
    out.code_until = *code;
    out.page_until = *page;
    out.opened_at = platform::parse_time(text_view(from, "openedAt"));
    out.is_shown = flag(from, "isShown");
    out.is_installed = flag(from, "isInstalled");
    return out;
}

constexpr std::size_t token_octets = 16;
constexpr std::size_t id_octets = 4;

}  // namespace

bool is_token(std::string_view text)
{
    return is_hex_of(text, token_octets);
}

link_store::link_store(const std::string& state_directory, std::size_t most)
    : file_(state_directory + "/links.json"), most_(most)
{
}

result<void> link_store::load()
{
    auto content = platform::load_state(file_);
    if (!content)
        return content.error();
    if (!*content)
        return {};
    json_document document{**content};
    const json::value* all =
        document.root() == nullptr ? nullptr : member(*document.root(), "links");
    if (all == nullptr || !all->is_array())
        return failure(platform::errc::damaged, file_ + ": no list of links");
    for (const json::value& each : all->get_array())
        if (auto one = read_link(each))
            links_.push_back(std::move(*one));
    return {};
}

result<void> link_store::take(std::vector<customer_link> next)
{
    json::array all;
    for (const customer_link& each : next)
        all.push_back(kept(each));
    json::object out;
    out["links"] = std::move(all);
    auto saved = platform::save_state(file_, json_text(out));
    if (saved)
        links_ = std::move(next);
    return saved;
}

result<new_link> link_store::add(customer_link what, timestamp now)
{
    std::vector<customer_link> next = links_;
    if (next.size() >= most_)
        std::erase_if(next, [now](const customer_link& each) { return each.page_until <= now; });
    if (next.size() >= most_)
        return failure(errc::no_room, std::to_string(next.size()) + " links are out");
    auto has_id = [&next](const std::string& id) {
        return std::ranges::find(next, id, &customer_link::id) != next.end();
    };
    new_link out;
    do
        out.id = random_hex(id_octets);
    while (has_id(out.id));
    out.token = platform::secret(random_hex(token_octets));
    what.id = out.id;
    what.token_digest = digest_of(out.token.reveal());
    next.push_back(std::move(what));
    if (auto kept = take(std::move(next)); !kept)
        return kept.error();
    return out;
}

const customer_link* link_store::find(std::string_view token, timestamp now) const
{
    if (!is_token(token))
        return nullptr;
    auto found = std::ranges::find(links_, digest_of(token), &customer_link::token_digest);
    bool is_there = found != links_.end() && now < found->page_until;
    return is_there ? &*found : nullptr;
}

result<void> link_store::change(const customer_link& to)
{
    auto found = std::ranges::find(links_, to.id, &customer_link::id);
    if (found == links_.end())
        return {};
    *found = to;
    return take(links_);
}

result<bool> link_store::revoke(std::string_view id)
{
    std::vector<customer_link> next = links_;
    if (std::erase_if(next, [id](const customer_link& each) { return each.id == id; }) == 0)
        return false;
    if (auto kept = take(std::move(next)); !kept)
        return kept.error();
    return true;
}

result<std::size_t> link_store::revoke_all()
{
    std::size_t before = links_.size();
    if (auto kept = take({}); !kept)
        return kept.error();
    return before;
}

}  // namespace agent::link
