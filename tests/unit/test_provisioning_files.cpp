#include "agent/provision/provisioning_files.hpp"

#include "platform/error.hpp"
#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <filesystem>

using namespace agent;
using namespace agent::provision;

namespace {

struct fixture {
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};
    std::vector<std::string> taken;
    std::vector<std::string> orders;
    int saves = 0;
    bool is_disk_full = false;

    std::string take()
    {
        return take_provisioning_files(
            files.path(), taken, [this](wanted what) { orders.push_back(what.customer_uid); },
            [this] {
                ++saves;
                return !is_disk_full;
            },
            log);
    }
};

}  // namespace

TEST_CASE("provisioning files are taken in their order, once, and are gone then", "[provisioning]")
{
    fixture f;
    f.files.write("20.xml", "<esim-provision uid='C2'/>");
    f.files.write("10.xml", "<esim-provision uid='C1'/>");
    f.files.write("notes.txt", "no order");
    CHECK(f.take().empty());
    CHECK(f.orders == std::vector<std::string>{"C1", "C2"});
    CHECK(f.taken.empty());
    CHECK(platform::list_files(f.files.path(), ".xml").value().empty());
    CHECK(std::filesystem::exists(f.files.path() + "/notes.txt"));
    f.files.write("10.xml", "<esim-provision uid='C1'/>");  // the same may come again
    f.take();
    CHECK(f.orders.size() == 3);
}

TEST_CASE("an order is not wiped before it is on disk", "[provisioning]")
{
    fixture f;
    std::string file = f.files.write("10.xml", "<esim-provision uid='C1'/>");
    f.is_disk_full = true;
    CHECK(f.take().find("stays until its order can be written down") != std::string::npos);
    CHECK(f.take().find("stays until") != std::string::npos);
    CHECK(std::filesystem::exists(file));
    CHECK(f.orders == std::vector<std::string>{"C1"});  // once, all the same
    f.is_disk_full = false;
    CHECK(f.take().empty());
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(f.orders.size() == 1);
}

TEST_CASE("an order is there after kill -9 at any point", "[provisioning]")
{
    fixture f;
    std::string file = f.files.write("10.xml", "<esim-provision uid='C1'/>");
    SECTION("before it was written down: it is taken again")
    {
        f.is_disk_full = true;
        f.take();
        f.taken.clear();  // as the next process reads it
        f.is_disk_full = false;
        f.take();
        CHECK(f.orders == std::vector<std::string>{"C1", "C1"});
    }
    SECTION("after that, and before the file was wiped: it is wiped")
    {
        f.is_disk_full = true;
        f.take();
        f.is_disk_full = false;
        f.take();
        CHECK(f.orders.size() == 1);
    }
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("a file that could not be wiped does not swallow a later one of the same content",
    "[provisioning]")
{
    fixture f;
    std::string file = f.files.write("10.xml", "<esim-provision uid='C1'/>");
    f.is_disk_full = true;
    f.take();
    f.is_disk_full = false;
    std::filesystem::remove(file);  // by hand
    f.take();
    f.files.write("10.xml", "<esim-provision uid='C1'/>");
    f.take();
    CHECK(f.orders.size() == 2);
}

TEST_CASE("a UID is checked as the API's is", "[provisioning]")
{
    fixture f;
    f.files.write("10.xml", "<esim-provision uid='../customers'/>");
    CHECK(f.take().find("no UID") != std::string::npos);
    CHECK(f.orders.empty());
}

TEST_CASE("a file that is none is told each time, logged once, and stays", "[provisioning]")
{
    fixture f;
    std::string file = f.files.write("bad.xml", "<esim-provision/>");
    CHECK(f.take().find("needs uid") != std::string::npos);
    CHECK(f.take().find("needs uid") != std::string::npos);
    CHECK(f.orders.empty());
    CHECK(f.saves == 1);
    CHECK(std::filesystem::exists(file));
    f.files.write("bad.xml", "<esim-provision uid='C1'/>");  // put right
    CHECK(f.take().empty());
    CHECK(f.orders == std::vector<std::string>{"C1"});
}

TEST_CASE("what is no regular file is never taken", "[provisioning]")
{
    fixture f;
    tests::temporary_directory elsewhere;
    std::string order = elsewhere.write("order.xml", "<esim-provision uid='C1'/>");
    std::filesystem::create_symlink(order, f.files.path() + "/link.xml");
    CHECK(f.take().find("no regular file") != std::string::npos);
    CHECK(f.orders.empty());
    CHECK(std::filesystem::exists(order));
}
