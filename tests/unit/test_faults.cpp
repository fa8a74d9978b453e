#include "tests/sandbox/faults.hpp"

#include "tests/support/catch.hpp"

using namespace sandbox;

TEST_CASE("a fault is switched on by name, for so many requests to such paths", "[sandbox]")
{
    faults active;
    active.add(parse_fault("503*2@/customers").value());
    CHECK_FALSE(active.take("/reseller/authenticate"));
    CHECK(active.take("/gigastore/activations/customers/x") == fault_kind::busy);
    CHECK(active.take("/gigastore/activations/customers") == fault_kind::busy);
    CHECK_FALSE(active.take("/gigastore/activations/customers"));
    active.add(parse_fault("401-once").value());
    CHECK(active.take("/gigastore/x") == fault_kind::once_401);
    CHECK_FALSE(active.take("/gigastore/x"));
}

TEST_CASE("every fault that is listed has a name that is taken", "[sandbox]")
{
    std::string names = fault_names() + ", ";
    int count = 0;
    for (std::size_t start = 0; start < names.size(); ++count) {
        auto end = names.find(", ", start);
        CHECK(parse_fault(names.substr(start, end - start)));
        start = end + 2;
    }
    CHECK(count == 41);
    CHECK_FALSE(parse_fault("nonsense"));
    CHECK_FALSE(parse_fault("slow*0"));
}
