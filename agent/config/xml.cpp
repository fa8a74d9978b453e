#include "agent/config/keys.hpp"

#include "platform/error.hpp"
#include "platform/storage.hpp"

#include <filesystem>
#include <set>
#include <tinyxml2.h>

namespace agent {
namespace {

failure at(const std::string& file, int line, const std::string& why)
{
    return {platform::errc::configuration, file + ":" + std::to_string(line) + ": " + why};
}

result<void> read_attribute(const std::string& file, const std::string& element,
    const tinyxml2::XMLAttribute& attribute, config& into)
{
    std::string name = attribute.Name();
    const config_key* key = find_config_key(element, name);
    if (key == nullptr)
        return at(file, attribute.GetLineNum(),
            "<" + element + "> has no attribute '" + name
                + "'; esim-agent.xml(5) lists those there are");
    std::string directory = std::filesystem::path(file).parent_path();
    auto done = key->set(into, attribute.Value(), directory);
    if (!done)
        return at(file, attribute.GetLineNum(),
            "<" + element + " " + name + ">: " + done.error().detail());
    return done;
}

result<void> read_destination(
    const std::string& file, const tinyxml2::XMLElement& element, config& into)
{
    report_destination one;
    std::string kind = element.Name();
    one.kind = *destination_kind_from(kind);
    std::string directory = std::filesystem::path(file).parent_path();
    for (auto* each = element.FirstAttribute(); each != nullptr; each = each->Next()) {
        const destination_key* key = find_destination_key(kind, each->Name());
        if (key == nullptr)
            return at(file, each->GetLineNum(),
                "<" + kind + "> has no attribute '" + each->Name()
                    + "'; esim-agent.xml(5) lists those there are");
        if (auto done = key->set(one, each->Value(), directory); !done)
            return at(file, each->GetLineNum(),
                "<" + kind + " " + each->Name() + ">: " + done.error().detail());
    }
    into.destinations.push_back(std::move(one));
    return {};
}

/// What stands inside of <report>: one element a destination.
result<void> read_destinations(
    const std::string& file, const tinyxml2::XMLElement& report, config& into)
{
    for (auto* node = report.FirstChild(); node != nullptr; node = node->NextSibling()) {
        if (node->ToComment() != nullptr)
            continue;
        const tinyxml2::XMLElement* element = node->ToElement();
        bool is_known = element != nullptr && destination_kind_from(element->Name());
        bool is_empty = is_known && element->FirstChild() == nullptr;
        if (!is_empty)
            return at(file, node->GetLineNum(), "<report> holds <webhook .../> and <mqtt .../>");
        if (auto done = read_destination(file, *element, into); !done)
            return done.error();
    }
    return {};
}

result<void> read_element(
    const std::string& file, const tinyxml2::XMLElement& element, config& into)
{
    std::string name = element.Name();
    if (!is_config_element(name))
        return at(file, element.GetLineNum(),
            "unknown element <" + name + ">; esim-agent.xml(5) lists those there are");
    bool has_content =
        element.FirstChild() != nullptr && element.FirstChild()->ToComment() == nullptr;
    if (name == "report") {
        if (auto done = read_destinations(file, element, into); !done)
            return done.error();
    } else if (has_content)
        return at(file, element.GetLineNum(), "<" + name + "> takes attributes, no content");
    for (auto* each = element.FirstAttribute(); each != nullptr; each = each->Next())
        if (auto done = read_attribute(file, name, *each, into); !done)
            return done.error();
    if (name == "modem" && into.modem_channel == platform::channel_kind::none)
        into.modem_channel = platform::channel_kind::automatic;
    return {};
}

}  // namespace

result<void> read_xml(const std::string& file, config& into)
{
    auto text = platform::read_file(file);
    if (!text)
        return failure(platform::errc::configuration, text.error().message());
    std::error_code ec;
    auto mode = std::filesystem::status(file, ec).permissions();
    if (!ec && (mode & std::filesystem::perms::others_write) != std::filesystem::perms::none)
        return failure(platform::errc::configuration,
            file + " can be changed by every user of this device; run: chmod o-w " + file);

    tinyxml2::XMLDocument document;
    if (document.Parse(text->data(), text->size()) != tinyxml2::XML_SUCCESS)
        return at(file, document.ErrorLineNum(), "this is not well-formed XML");
    const tinyxml2::XMLElement* root = document.RootElement();
    if (root == nullptr || std::string(root->Name()) != "esim-agent")
        return at(file, root == nullptr ? 1 : root->GetLineNum(),
            "the root element must be <esim-agent>");
    if (root->FirstAttribute() != nullptr)
        return at(file, root->GetLineNum(), "<esim-agent> takes no attributes");

    std::set<std::string> seen;
    for (auto* node = root->FirstChild(); node != nullptr; node = node->NextSibling()) {
        if (node->ToComment() != nullptr)
            continue;
        const tinyxml2::XMLElement* element = node->ToElement();
        if (element == nullptr)
            return at(file, node->GetLineNum(), "text between the elements");
        if (!seen.insert(element->Name()).second)
            return at(file, element->GetLineNum(),
                std::string("<") + element->Name() + "> stands here a second time");
        if (auto done = read_element(file, *element, into); !done)
            return done.error();
    }
    return {};
}

}  // namespace agent
