#include "agent/provision/wanted.hpp"

#include "agent/gigastore/types.hpp"
#include "platform/error.hpp"

#include <tinyxml2.h>

namespace agent::provision {
namespace {

failure bad(const std::string& file, int line, const std::string& why)
{
    return {platform::errc::usage, file + ":" + std::to_string(line) + ": " + why};
}

}  // namespace

result<wanted> parse_provisioning_file(const std::string& file, std::string_view content)
{
    tinyxml2::XMLDocument document;
    bool is_xml = document.Parse(content.data(), content.size()) == tinyxml2::XML_SUCCESS;
    if (!is_xml)
        return bad(file, document.ErrorLineNum(), "this is not well-formed XML");
    const tinyxml2::XMLElement* root = document.RootElement();
    if (root == nullptr || std::string(root->Name()) != "esim-provision")
        return bad(file, 1, "the root element must be <esim-provision uid=\"...\"/>");
    wanted out;
    for (auto* each = root->FirstAttribute(); each != nullptr; each = each->Next()) {
        std::string name = each->Name();
        if (name == "uid")
            out.customer_uid = each->Value();
        else if (name == "iccid")
            out.named = each->Value();
        else
            return bad(
                file, each->GetLineNum(), "<esim-provision> has no attribute '" + name + "'");
    }
    for (auto* node = root->FirstChild(); node != nullptr; node = node->NextSibling()) {
        if (node->ToComment() != nullptr)
            continue;
        const tinyxml2::XMLElement* element = node->ToElement();
        bool is_code = element != nullptr && std::string(element->Name()) == "confirmation-code"
                       && element->GetText() != nullptr;
        if (!is_code)
            return bad(
                file, node->GetLineNum(), "<esim-provision> holds nothing but <confirmation-code>");
        out.confirmation_code = platform::secret(element->GetText());
    }
    if (out.customer_uid.empty())
        return bad(file, root->GetLineNum(), "<esim-provision> needs uid, the customer's");
    if (!gigastore::is_plain_uid(out.customer_uid))
        return bad(file, root->GetLineNum(), "the uid is no UID of a customer");
    return out;
}

}  // namespace agent::provision
