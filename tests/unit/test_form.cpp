#include "agent/net/form.hpp"

#include "tests/support/catch.hpp"

using agent::net::form_value;

TEST_CASE("a field of a form is decoded", "[form]")
{
    CHECK(form_value("q=a%40b.example&lang=de", "q") == "a@b.example");
    CHECK(form_value("q=two+words&lang=de", "lang") == "de");
    CHECK(form_value("q=two+words", "q") == "two words");
    CHECK(form_value("q=100%25+%2B", "q") == "100% +");
    CHECK(form_value("q=", "q").empty());
    CHECK(form_value("q=1&q=2", "q") == "1");
}

TEST_CASE("a field that is not there is empty, and what is badly encoded stays", "[form]")
{
    for (const char* form : {"", "&", "qq=1", "q", "=1", "xq=1", "&&&"})
        CHECK(form_value(form, "q").empty());
    CHECK(form_value("q=%zz%4", "q") == "%zz%4");
}
