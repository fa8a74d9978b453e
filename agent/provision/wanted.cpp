#include "agent/provision/wanted.hpp"

#include "agent/gigastore/types.hpp"
#include "platform/error.hpp"

#include <tinyxml2.h>

namespace agent::provision {
namespace {

failure bad_file(const std::string& file, int line, const std::string& why)
{
    return {platform::errc::usage, file + ":" + std::to_string(line) + ": " + why};
}

/// The library does not wipe the copy of the file that its texts lie in.
platform::secret take_secret(const char* text)
{
    std::string_view there = text;
    platform::secret out{there};
    platform::wipe(const_cast<char*>(text), there.size());
    return out;
}

}  // namespace

result<wanted> parse_provisioning_file(const std::string& file, std::string_view content)
{
    tinyxml2::XMLDocument document;
    bool is_xml = document.Parse(content.data(), content.size()) == tinyxml2::XML_SUCCESS;
    if (!is_xml)
        return bad_file(file, document.ErrorLineNum(), "this is not well-formed XML");
    const tinyxml2::XMLElement* root = document.RootElement();
    if (root == nullptr || std::string(root->Name()) != "esim-provision")
        return bad_file(file, 1, "the root element must be <esim-provision uid=\"...\"/>");
    wanted out;
    for (auto* each = root->FirstAttribute(); each != nullptr; each = each->Next()) {
        std::string name = each->Name();
        if (name == "uid")
            out.customer_uid = each->Value();
        else if (name == "iccid")
            out.named = each->Value();
        else
            return bad_file(
                file, each->GetLineNum(), "<esim-provision> has no attribute '" + name + "'");
    }
    for (auto* node = root->FirstChild(); node != nullptr; node = node->NextSibling()) {
        if (node->ToComment() != nullptr)
            continue;
        const tinyxml2::XMLElement* element = node->ToElement();
        bool is_code = element != nullptr && std::string(element->Name()) == "confirmation-code"
                       && element->GetText() != nullptr;
        if (!is_code)
            return bad_file(
                file, node->GetLineNum(), "<esim-provision> holds nothing but <confirmation-code>");
        out.confirmation_code = take_secret(element->GetText());
    }
    if (out.customer_uid.empty())
        return bad_file(file, root->GetLineNum(), "<esim-provision> needs uid, the customer's");
    if (!gigastore::is_plain_uid(out.customer_uid))
        return bad_file(file, root->GetLineNum(), "the uid is no UID of a customer");
    return out;
}

}  // namespace agent::provision
