#include "agent/link/error.hpp"
#include "agent/link/link_store.hpp"

#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace agent::link;
using namespace std::chrono_literals;

namespace {

const timestamp noon = timestamp() + 500'000h;

customer_link some_link()
{
    customer_link out;
    out.customer_uid = "C1";
    out.esim_uid = "E1";
    out.iccid = agent::iccid::from("89999010000000042007");
    out.created_at = noon;
    out.code_until = noon + 72h;
    out.page_until = noon + 90 * 24h;
    return out;
}

std::string content_of(const std::string& file)
{
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a link is found by its token until it ends", "[link]")
{
    tests::temporary_directory files;
    link_store store{files.path()};
    REQUIRE(store.load());
    auto made = store.add(some_link(), noon);
    REQUIRE(made);
    CHECK(is_token(made->token.reveal()));
    CHECK(made->id.size() == 8);
    const customer_link* found = store.find(made->token.reveal(), noon);
    REQUIRE(found != nullptr);
    CHECK(found->customer_uid == "C1");
    CHECK(store.find(made->token.reveal(), noon + 90 * 24h - 1s) != nullptr);
    CHECK(store.find(made->token.reveal(), noon + 90 * 24h) == nullptr);
}

TEST_CASE("links outlive a restart, and no file tells their tokens", "[link]")
{
    tests::temporary_directory files;
    std::string token;
    {
        link_store store{files.path()};
        auto made = store.add(some_link(), noon);
        REQUIRE(made);
        token = made->token.reveal();
        customer_link opened = *store.find(token, noon);
        opened.opened_at = noon + 1h;
        opened.is_shown = true;
        REQUIRE(store.change(opened));
    }
    for (const auto& each : std::filesystem::directory_iterator(files.path()))
        CHECK(content_of(each.path()).find(token) == std::string::npos);
    link_store store{files.path()};
    REQUIRE(store.load());
    const customer_link* found = store.find(token, noon);
    REQUIRE(found != nullptr);
    CHECK(found->opened_at == noon + 1h);
    CHECK(found->is_shown);
    CHECK_FALSE(found->is_installed);
    CHECK(found->iccid.text() == "89999010000000042007");
    CHECK(found->code_until == noon + 72h);
}

TEST_CASE("what is no token finds nothing", "[link]")
{
    tests::temporary_directory files;
    link_store store{files.path()};
    auto made = store.add(some_link(), noon);
    REQUIRE(made);
    std::string token{made->token.reveal()};
    token.back() = token.back() == '0' ? '1' : '0';
    CHECK(store.find(token, noon) == nullptr);
    auto odd = GENERATE("", "0", "../../etc/passwd", "0123456789abcdef0123456789abcdef",
        "0123456789ABCDEF0123456789ABCDEF0", "\"><script>alert(1)</script>AAAAAA");
    CHECK_FALSE(is_token(odd));
    CHECK(store.find(odd, noon) == nullptr);
}

TEST_CASE("a revoked link is gone at once, and after a restart", "[link]")
{
    tests::temporary_directory files;
    link_store store{files.path()};
    auto first = store.add(some_link(), noon);
    auto second = store.add(some_link(), noon);
    REQUIRE(first);
    REQUIRE(second);
    CHECK(store.revoke("00000000").value() == false);
    CHECK(store.revoke(first->id).value());
    CHECK(store.find(first->token.reveal(), noon) == nullptr);
    CHECK(store.find(second->token.reveal(), noon) != nullptr);
    // A page that was being answered does not bring it back.
    customer_link late = some_link();
    late.id = first->id;
    CHECK(store.change(late));
    link_store again{files.path()};
    REQUIRE(again.load());
    CHECK(again.all().size() == 1);
    CHECK(again.revoke_all().value() == 1);
    CHECK(again.find(second->token.reveal(), noon) == nullptr);
}

TEST_CASE("what cannot be kept is not given away", "[link]")
{
    tests::temporary_directory files;
    std::string blocked = files.write("file", "");  // no directory can be made there
    link_store store{blocked};
    CHECK_FALSE(store.add(some_link(), noon));
    CHECK(store.all().empty());
}

TEST_CASE("links that have ended make room where it is needed", "[link]")
{
    tests::temporary_directory files;
    link_store store{files.path(), 2};
    auto first = store.add(some_link(), noon);
    REQUIRE(first);
    // A clock that is ahead for a while ends none for good.
    REQUIRE(store.add(some_link(), noon + 91 * 24h));
    CHECK(store.find(first->token.reveal(), noon) != nullptr);
    auto too_many = store.add(some_link(), noon);
    REQUIRE_FALSE(too_many);
    CHECK(too_many.error() == errc::no_room);
    CHECK(store.add(some_link(), noon + 91 * 24h));
    CHECK(store.find(first->token.reveal(), noon) == nullptr);
}
