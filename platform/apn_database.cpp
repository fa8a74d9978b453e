// mobile-broadband-provider-info: serviceproviders.2.dtd.
#include "platform/apn_database.hpp"

#include "platform/error.hpp"
#include "platform/text.hpp"

#include <array>
#include <fstream>
#include <string_view>
#include <tinyxml2.h>
#include <tuple>

namespace platform {
namespace {

using tinyxml2::XMLElement;

/// Gives the texts of the <provider> elements, one after the other, from a file that comes in
/// pieces.
class provider_reader {
public:
    void add(std::string_view piece) { text_ += piece; }

    /// The next whole element; nothing until more is added.
    std::optional<std::string> next()
    {
        constexpr std::string_view comment = "<!--", comment_end = "-->";
        constexpr std::string_view provider = "<provider", provider_end = "</provider>";
        while (true) {
            auto start = text_.find(provider);
            auto remark = text_.find(comment);
            bool is_remark = remark < start;  // what it says is no element
            start = std::min(start, remark);
            if (start == text_.npos) {  // the end may be the beginning of one
                text_.erase(0, text_.size() - std::min(text_.size(), provider.size()));
                return std::nullopt;
            }
            text_.erase(0, start);
            std::string_view end = is_remark ? comment_end : provider_end;
            auto length = text_.find(end);
            if (length == text_.npos)
                return std::nullopt;
            std::string found = text_.substr(0, length + end.size());
            text_.erase(0, found.size());
            if (!is_remark)
                return found;
        }
    }

private:
    std::string text_;
};

std::string text_of(const XMLElement* parent, const char* child)
{
    const XMLElement* found = parent->FirstChildElement(child);
    const char* text = found == nullptr ? nullptr : found->GetText();
    return text == nullptr ? "" : std::string(trim(text));
}

bool has_value(const XMLElement& one, const char* attribute, std::string_view wanted)
{
    const char* value = one.Attribute(attribute);
    return value != nullptr && wanted == value;
}

bool leads_to_internet(const XMLElement& apn)
{
    bool is_said = false;
    for (const XMLElement* use = apn.FirstChildElement("usage"); use != nullptr;
         use = use->NextSiblingElement("usage")) {
        if (has_value(*use, "type", "internet"))
            return true;
        is_said = true;
    }
    return !is_said;
}

/// How many digits of the IMSI the network's code is; 0 if it is none of its.
std::size_t digits_of_code(const XMLElement& gsm, std::string_view imsi)
{
    std::size_t out = 0;
    for (const XMLElement* id = gsm.FirstChildElement("network-id"); id != nullptr;
         id = id->NextSiblingElement("network-id")) {
        const char* country = id->Attribute("mcc");
        const char* network = id->Attribute("mnc");
        if (country == nullptr || network == nullptr)
            continue;
        std::string code = std::string(country) + network;
        if (imsi.starts_with(code))
            out = std::max(out, code.size());
    }
    return out;
}

std::optional<access_point> first_access_point(const XMLElement& gsm)
{
    for (const XMLElement* apn = gsm.FirstChildElement("apn"); apn != nullptr;
         apn = apn->NextSiblingElement("apn")) {
        const char* value = apn->Attribute("value");
        if (value != nullptr && leads_to_internet(*apn))
            return access_point{value, text_of(apn, "username"), text_of(apn, "password")};
    }
    return std::nullopt;
}

/// The best of all operators that were looked at.
class search {
public:
    search(std::string_view imsi, std::string_view name) : imsi_(imsi), name_(name) {}

    void look_at(const std::string& provider)
    {
        tinyxml2::XMLDocument document;
        document.Parse(provider.c_str(), provider.size());
        const XMLElement* root = document.RootElement();
        const XMLElement* gsm = root == nullptr ? nullptr : root->FirstChildElement("gsm");
        std::size_t digits = gsm == nullptr ? 0 : digits_of_code(*gsm, imsi_);
        if (digits == 0)
            return;
        bool is_named = !name_.empty() && same_ignoring_case(text_of(root, "name"), name_);
        std::tuple rank{is_named, digits, has_value(*root, "primary", "true")};
        if (best_ && rank <= rank_)
            return;
        if (auto found = first_access_point(*gsm)) {
            best_ = std::move(found);
            rank_ = rank;
        }
    }

    const std::optional<access_point>& best() const { return best_; }

private:
    std::string_view imsi_;
    std::string_view name_;
    std::optional<access_point> best_;
    std::tuple<bool, std::size_t, bool> rank_;
};

}  // namespace

result<std::optional<access_point>> find_access_point(
    const std::string& file, const std::string& imsi, const std::string& name)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return failure(errc::configuration, file + " cannot be read");
    provider_reader providers;
    search all{imsi, name};
    std::array<char, 8192> piece;
    while (in) {
        in.read(piece.data(), piece.size());
        providers.add({piece.data(), static_cast<std::size_t>(in.gcount())});
        while (auto provider = providers.next())
            all.look_at(*provider);
    }
    return all.best();
}

}  // namespace platform
