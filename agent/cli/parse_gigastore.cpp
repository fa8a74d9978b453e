#include "agent/cli/parse_tools.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace agent::cli {
namespace {

/// An option that finds customers; `into` lives as long as the options do.
CLI::Option* add_search_key(CLI::App& to, const char* name, gigastore::search& into,
    gigastore::search_key means, const char* what)
{
    auto take = [&into, means](const std::string& text) {
        into.key = means;
        into.text = text;
    };
    return to.add_option_function<std::string>(name, take, what)
        ->option_text("TEXT")
        ->check(not_empty);
}

/// What customer create and package top-up have in common.
void add_purchase(CLI::App& to, std::shared_ptr<purchase_options> into, command_options& chosen)
{
    gigastore::purchase& what = into->what;
    to.add_option("--item", what.item_id, "Which package: its id, from 'inventory list'")
        ->option_text("ID REQUIRED")
        ->required()
        ->check(not_empty);
    choices<std::string> modes{
        {"now", "NOW"}, {"first-use", "FIRST_USE"}, {"on-demand", "ON_DEMAND"}};
    add_choice(to, "--start", what.activation_mode,
        "When its days begin: now (Gigastore's usual), first-use\nor on-demand", modes);
    to.add_option("--country", what.country, "Where the customer lives, two letters (ISO 3166-1)")
        ->type_name("CC")
        ->check(not_empty);
    to.add_option("--metatag", what.metatag, "Your own number for this sale; never use one twice")
        ->option_text("TEXT")
        ->check(not_empty);
    auto take = [into](const std::string& text) {
        double value = 0;
        const char* end = text.data() + text.size();
        auto [rest, ec] = std::from_chars(text.data(), end, value);
        if (ec != std::errc() || rest != end || !(value >= 0))
            throw CLI::ValidationError("--price", "'" + text + "' is not a price, such as 11.50");
        into->price = value;
    };
    to.add_option_function<std::string>(
          "--price", take, "Buy it only at this retail price, such as 11.50")
        ->type_name("PRICE");
    to.add_flag("--yes", into->yes, "Do not ask");
    to.callback([into, &chosen] { chosen = *into; });
}

void add_search(CLI::App& customer, command_options& chosen)
{
    auto* search = customer.add_subcommand("search", "Find customers by e-mail, ICCID or UID");
    auto query = std::make_shared<gigastore::search>();
    using gigastore::search_key, gigastore::search_mode;
    auto add_key = [&](const char* name, search_key means, const char* what) {
        return add_search_key(*search, name, *query, means, what);
    };
    auto* email = add_key("--email", search_key::email, "E-mail address");
    auto* iccid =
        add_key("--iccid", search_key::iccid, "ICCID of one of its eSIMs")->excludes(email);
    add_key("--uid", search_key::uid, "Customer UID")->excludes(email)->excludes(iccid);
    choices<search_mode> modes{{"exact", search_mode::exact}, {"prefix", search_mode::prefix},
        {"contains", search_mode::contains}};
    add_choice(*search, "--match", query->mode, "exact (default), prefix or contains", modes);
    search->callback([query, &chosen] {
        if (query->text.empty())
            throw CLI::RequiredError("one of --email, --iccid and --uid");
        chosen = customer_search_options{*query};
    });
}

}  // namespace

void add_customer(CLI::App& app, command_options& chosen)
{
    auto* customer = app.add_subcommand("customer", "Show, find, create and change customers");
    customer->require_subcommand(1);

    auto* show = customer->add_subcommand("show", "A customer's eSIMs, packages and balance");
    auto shown = std::make_shared<customer_show_options>();
    auto* uid = show->add_option("UID", shown->uid, "Customer UID; default: the configured one")
                    ->check(not_empty);
    auto* by_email = add_search_key(
        *show, "--email", shown->query, gigastore::search_key::email, "Instead: e-mail address");
    by_email->excludes(uid);
    add_search_key(*show, "--iccid", shown->query, gigastore::search_key::iccid,
        "Instead: ICCID of one of its eSIMs")
        ->excludes(uid)
        ->excludes(by_email);
    show->add_flag("--reveal", shown->reveal,
        "Also print the installation pages of the eSIMs;\nwhoever opens one can install the eSIM");
    show->callback([shown, &chosen] { chosen = *shown; });

    auto* list = customer->add_subcommand("list", "All customers, a line each");
    auto listed = std::make_shared<customer_list_options>();
    list->add_option("--limit", listed->limit, "At most N customers")
        ->check(between(1, 1'000'000'000))
        ->type_name("N");
    list->callback([listed, &chosen] { chosen = *listed; });

    add_search(*customer, chosen);

    auto* create =
        customer->add_subcommand("create", "Sell a first package: a new customer, with an eSIM");
    auto created = std::make_shared<purchase_options>();
    add_purchase(*create, created, chosen);
    create->add_option("--email", created->what.email, "The customer's e-mail address")
        ->option_text("TEXT")
        ->check(not_empty);

    auto* update = customer->add_subcommand("update", "Change a customer's e-mail or country");
    auto updated = std::make_shared<customer_update_options>();
    update->add_option("UID", updated->uid, "Customer UID")->required()->check(not_empty);
    update->add_option("--email", updated->change.email, "New e-mail address; \"\" takes it away");
    update
        ->add_option("--country", updated->change.country_of_residence,
            "New country of residence, two letters (ISO 3166-1)")
        ->type_name("CC")
        ->check(not_empty);
    update->callback([updated, &chosen] {
        if (!updated->change.email && !updated->change.country_of_residence)
            throw CLI::RequiredError("--email or --country");
        chosen = *updated;
    });
}

void add_inventory(CLI::App& app, command_options& chosen)
{
    auto* inventory = app.add_subcommand("inventory", "What is for sale: list");
    inventory->require_subcommand(1);
    inventory->add_subcommand("list", "The packages for sale, with their ids and prices")
        ->callback([&chosen] { chosen = inventory_list_options{}; });
}

void add_package(CLI::App& app, command_options& chosen)
{
    auto* package = app.add_subcommand("package", "Packages: list, show, activate, refund, top up");
    package->require_subcommand(1);

    auto* list = package->add_subcommand("list", "The packages that were sold");
    auto listed = std::make_shared<package_list_options>();
    list->add_option("--from", listed->from, "First day of sale, YYYY-MM-DD (UTC)")
        ->type_name("DATE")
        ->check(not_empty);
    list->add_option("--to", listed->to, "Last day of sale, YYYY-MM-DD (UTC)")
        ->type_name("DATE")
        ->check(not_empty);
    auto* customer =
        list->add_option("--customer", listed->uid, "Only those of this customer, by UID")
            ->option_text("UID")
            ->check(not_empty);
    using gigastore::search_key;
    auto* email = add_search_key(
        *list, "--email", listed->query, search_key::email, "The same, by e-mail address");
    email->excludes(customer);
    add_search_key(*list, "--iccid", listed->query, search_key::iccid,
        "The same, by the ICCID of one of its eSIMs")
        ->excludes(customer)
        ->excludes(email);
    list->callback([listed, &chosen] { chosen = *listed; });

    auto* show = package->add_subcommand("show", "One package, and whether it can be refunded");
    auto shown = std::make_shared<package_show_options>();
    show->add_option("ID", shown->id, "Purchase id")->required()->check(not_empty);
    show->callback([shown, &chosen] { chosen = *shown; });

    auto* activate = package->add_subcommand("activate", "Start an ON_DEMAND package");
    auto activated = std::make_shared<package_activate_options>();
    activate->add_option("ID", activated->id, "Purchase id")->required()->check(not_empty);
    activate->add_flag("--yes", activated->yes, "Do not ask");
    activate->callback([activated, &chosen] { chosen = *activated; });

    auto* refund = package->add_subcommand("refund", "Refund an unused package to the reseller");
    auto refunded = std::make_shared<package_refund_options>();
    refund->add_option("ID", refunded->id, "Purchase id")->required()->check(not_empty);
    refund->add_flag("--yes", refunded->yes, "Do not ask");
    refund->callback([refunded, &chosen] { chosen = *refunded; });

    auto* top_up = package->add_subcommand("top-up", "Sell a customer another package");
    auto topped = std::make_shared<purchase_options>();
    topped->what.kind = gigastore::purchase_kind::top_up;
    top_up->add_option("UID", topped->what.customer_uid, "Customer UID")
        ->required()
        ->check(not_empty);
    add_purchase(*top_up, topped, chosen);
    auto with_profile = [topped](std::int64_t) {
        topped->what.kind = gigastore::purchase_kind::top_up_with_profile;
    };
    top_up->add_flag_function(
        "--with-profile", with_profile, "With another eSIM, for a new or lost device");
}

void add_link(CLI::App& app, command_options& chosen)
{
    auto* link = app.add_subcommand("link", "Links to send to customers: create, list, revoke");
    link->require_subcommand(1);
    auto* create = link->add_subcommand(
        "create", "A page that installs the eSIM, and then shows what is left");
    auto created = std::make_shared<link_create_options>();
    create->add_option("UID", created->uid, "Customer UID; default: the configured one")
        ->check(not_empty);
    create->add_option("--iccid", created->iccid, "Which of several eSIMs: its ICCID or uid")
        ->option_text("ICCID")
        ->check(not_empty);
    create->callback([created, &chosen] { chosen = *created; });
    link->add_subcommand("list", "The links that are out, without their addresses")
        ->callback([&chosen] { chosen = link_list_options{}; });
    auto* revoke = link->add_subcommand("revoke", "End a link");
    auto revoked = std::make_shared<link_revoke_options>();
    auto* id = revoke->add_option("ID", revoked->id, "Its id, from the list")->check(not_empty);
    revoke->add_flag("--all", revoked->is_all, "End all of them")->excludes(id);
    revoke->callback([revoked, &chosen] {
        if (revoked->id.empty() && !revoked->is_all)
            throw CLI::RequiredError("ID or --all");
        chosen = *revoked;
    });
}

}  // namespace agent::cli
