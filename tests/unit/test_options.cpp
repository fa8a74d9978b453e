#include "agent/cli/options.hpp"

#include "tests/support/catch.hpp"

using namespace agent::cli;

namespace {

parsed parse_words(std::vector<std::string> words)
{
    words.insert(words.begin(), "esim-agent");
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    return parse(static_cast<int>(argv.size()), argv.data());
}

template <class Options>
Options options_of(std::vector<std::string> words)
{
    return std::get<Options>(std::get<invocation>(parse_words(std::move(words))).command);
}

}  // namespace

TEST_CASE("the command line is read", "[options]")
{
    auto qr = options_of<qr_options>({"qr", "--uid", "C1", "--iccid", "8999", "--format", "svg",
        "--link", "apple", "--output", "x", "--size", "600", "--reveal"});
    CHECK(qr.uid == "C1");
    CHECK(qr.iccid == "8999");
    CHECK(qr.format == qr_format::svg);
    CHECK(qr.link == qr_link::apple);
    CHECK(qr.output == "x");
    CHECK(qr.pixels == 600);
    CHECK(qr.reveal);
    CHECK_FALSE(options_of<qr_options>({"qr"}).format);
    CHECK(options_of<customer_show_options>({"customer", "show", "C1"}).uid == "C1");
    CHECK(options_of<customer_list_options>({"customer", "list", "--limit", "7"}).limit == 7);
    auto search = options_of<customer_search_options>(
        {"customer", "search", "--iccid", "89", "--match", "prefix"});
    CHECK(search.query.key == agent::gigastore::search_key::iccid);
    CHECK(search.query.text == "89");
    CHECK(search.query.mode == agent::gigastore::search_mode::prefix);
    auto update =
        options_of<customer_update_options>({"customer", "update", "C1", "--email", "a@b"});
    CHECK(update.change.email == "a@b");
    CHECK_FALSE(update.change.country_of_residence);
    CHECK(options_of<package_list_options>({"package", "list", "--from", "2025-01-01"}).from
          == "2025-01-01");
    auto listed = options_of<package_list_options>({"package", "list", "--email", "a@b"});
    CHECK(listed.query.key == agent::gigastore::search_key::email);
    CHECK(listed.query.text == "a@b");
    CHECK(options_of<package_list_options>({"package", "list", "--customer", "C1"}).uid == "C1");
    CHECK(options_of<package_show_options>({"package", "show", "I1"}).id == "I1");
    auto link = options_of<link_create_options>({"link", "create", "C1", "--iccid", "8999"});
    CHECK(link.uid == "C1");
    CHECK(link.iccid == "8999");
    CHECK_NOTHROW(options_of<link_list_options>({"link", "list"}));
    CHECK(options_of<link_revoke_options>({"link", "revoke", "1A2B3C4D"}).id == "1A2B3C4D");
    CHECK(options_of<link_revoke_options>({"link", "revoke", "--all"}).is_all);
    CHECK(options_of<package_activate_options>({"package", "activate", "I1"}).id == "I1");
    CHECK(options_of<package_refund_options>({"package", "refund", "I1", "--yes"}).yes);
}

TEST_CASE("the commands about the card are read", "[options]")
{
    auto install = options_of<install_options>({"install", "--uid", "C1", "--iccid", "8999",
        "--confirmation-code-file", "cc", "--enable", "--yes"});
    CHECK(install.uid == "C1");
    CHECK(install.iccid == "8999");
    CHECK(install.confirmation_code_file == "cc");
    CHECK(install.enable == true);
    CHECK(install.yes);
    CHECK(options_of<install_options>({"install", "--no-enable"}).enable == false);
    CHECK_FALSE(options_of<install_options>({"install", "--code-file", "f"}).enable);
    CHECK_NOTHROW(options_of<euicc_info_options>({"euicc", "info"}));
    CHECK_NOTHROW(options_of<euicc_eid_options>({"euicc", "eid"}));
    CHECK_NOTHROW(options_of<profile_list_options>({"profile", "list"}));
    CHECK(options_of<profile_enable_options>({"profile", "enable", "89"}).iccid == "89");
    CHECK(options_of<profile_disable_options>({"profile", "disable", "89"}).iccid == "89");
    CHECK(options_of<profile_delete_options>({"profile", "delete", "89", "--yes"}).yes);
    CHECK(options_of<profile_rename_options>({"profile", "rename", "89", "Up"}).name == "Up");
    CHECK(options_of<profile_rename_options>({"profile", "rename", "89", ""}).name.empty());
    CHECK_NOTHROW(options_of<notification_list_options>({"notification", "list"}));
    CHECK_NOTHROW(options_of<notification_send_options>({"notification", "send"}));
    CHECK(options_of<notification_remove_options>({"notification", "remove", "7"}).sequence == 7);
}

TEST_CASE("global options stand before or behind the command", "[options]")
{
    auto words =
        GENERATE(std::vector<std::string>{"--json", "--config", "c", "--log-level", "debug", "qr"},
            std::vector<std::string>{"qr", "--json", "--config", "c", "--log-level", "debug"});
    auto asked = std::get<invocation>(parse_words(words));
    CHECK(asked.json);
    CHECK(asked.config_file == "c");
    CHECK(asked.log_level == platform::log_level::debug);
}

TEST_CASE("a wrong command line ends with status 2", "[options]")
{
    auto words = GENERATE(std::vector<std::string>{}, std::vector<std::string>{"qrr"},
        std::vector<std::string>{"qr", "--nope"}, std::vector<std::string>{"qr", "--format", "gif"},
        std::vector<std::string>{"qr", "--uid", "C1", "--code-file", "f"},
        std::vector<std::string>{"qr", "--size", "0"}, std::vector<std::string>{"customer"},
        std::vector<std::string>{"customer", "search"},
        std::vector<std::string>{"customer", "update", "C1"},
        std::vector<std::string>{"customer", "search", "--email", "a", "--uid", "b"},
        std::vector<std::string>{"customer", "list", "--limit", "-1"},
        std::vector<std::string>{"package", "refund"},
        std::vector<std::string>{"install", "--uid", "C1", "--code-file", "f"},
        std::vector<std::string>{"install", "--enable", "--no-enable"},
        std::vector<std::string>{"install", "--uid", ""}, std::vector<std::string>{"euicc"},
        std::vector<std::string>{"profile", "enable"},
        std::vector<std::string>{"profile", "rename", "89"},
        std::vector<std::string>{"notification", "remove", "x"},
        std::vector<std::string>{"--log-level", "loud", "qr"});
    CHECK(std::get<int>(parse_words(words)) == 2);
}
