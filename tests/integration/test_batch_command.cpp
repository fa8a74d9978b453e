#include "agent/cli/batch/batch_list.hpp"
#include "agent/cli/batch/csv.hpp"
#include "platform/storage.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/sandbox.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>
#include <filesystem>

using namespace tests;

namespace {

const std::string eid = "89049032123451234512345678901230";
const std::string other_eid = "89049032123451234512345678901231";

struct bench {
    sandbox outside;
    std::string list = outside.directory() + "/boxes.csv";
    std::string results = outside.directory() + "/boxes.result.csv";

    finished run(const std::string& rows, std::vector<std::string> more = {})
    {
        REQUIRE(platform::write_file(list, rows));
        std::vector<std::string> words{"batch", list, "--wait", "1"};
        words.insert(words.end(), more.begin(), more.end());
        return outside.over_socket(words);
    }
    agent::cli::csv_table result() const
    {
        return agent::cli::parse_csv(platform::read_file(results).value()).value();
    }
    std::int64_t installations() const
    {
        return outside.order("K7QX9-2F4M1").at("installations").as_int64();
    }
};

}  // namespace

TEST_CASE(
    "batch installs onto the card that a row names, and writes down what came of it", "[install]")
{
    bench on;
    finished told =
        on.run("uid,eid,label\r\n" + on.outside.uid("plain") + "," + eid + ",\"Box 7, left\"\r\n");
    INFO(told.err);
    CHECK(told.status == 0);
    CHECK(told.out.find(eid + " 89999010000000042007 installed Box 7, left") != std::string::npos);
    auto table = on.result();
    REQUIRE(table.rows.size() == 1);
    CHECK(table.at(0, "outcome") == "installed");
    CHECK(table.at(0, "doneEid") == eid);
    CHECK(table.at(0, "doneIccid") == "89999010000000042007");
    CHECK(table.at(0, "label") == "Box 7, left");
    CHECK(table.at(0, "time").starts_with("20"));
    // Again: nothing is left to do, and nothing is spent.
    finished again = on.outside.over_socket({"batch", on.list});
    CHECK(again.status == 0);
    CHECK(on.installations() == 1);
    CHECK(platform::read_file(on.results).value().find("K7QX9") == std::string::npos);
}

TEST_CASE("batch spends nothing on a card that is not in the list", "[install]")
{
    bench on;
    finished told = on.run("uid,eid\n" + on.outside.uid("plain") + "," + other_eid + "\n");
    CHECK(told.status == 6);
    CHECK(told.err.find("EID " + eid + " is not for any row") != std::string::npos);
    CHECK(on.outside.card().at("profiles").as_array().empty());
    CHECK_FALSE(std::filesystem::exists(on.outside.directory() + "/orders.json"));  // nor asked
}

TEST_CASE("batch uses a card once for rows that name none, and goes on later", "[install]")
{
    bench on;
    std::string rows = "uid\n" + on.outside.uid("plain") + "\n" + on.outside.uid("kiosk") + "\n";
    finished told = on.run(rows);
    CHECK(told.status == 6);  // no second card came
    auto table = on.result();
    REQUIRE(table.rows.size() == 2);
    CHECK(table.at(0, "outcome") == "installed");
    CHECK(table.at(1, "outcome").empty());
    CHECK(on.run(rows).status == 6);
    CHECK(on.installations() == 1);
}

TEST_CASE("batch keeps a row that failed, with its reason, and goes on with the next", "[install]")
{
    bench on;
    finished told = on.run("uid,label\nnobody,first\n" + on.outside.uid("plain") + ",second\n");
    INFO(told.err);
    CHECK(told.status == 7);
    auto table = on.result();
    CHECK(table.at(0, "outcome") == "failed");
    CHECK(table.at(0, "error").starts_with("not_found: "));
    CHECK(table.at(1, "outcome") == "installed");
}

TEST_CASE("batch refuses a list that it does not understand, before anything is done", "[install]")
{
    bench on;
    for (const char* rows : {"", "name\nx\n", "uid,colour\nx,red\n", "uid,eid\nx,123\n",
             "uid,eid\nx\n", "uid\n\"x\n", "uid,eid\n,\n"}) {
        finished told = on.run(rows);
        INFO(rows);
        CHECK(told.status == 2);
        CHECK(told.err.find("boxes.csv") != std::string::npos);
    }
    CHECK(on.run("uid\n" + on.outside.uid("plain") + "\n").status == 0);
    finished other = on.run("uid\nsomebody-else\n");
    CHECK(other.status == 2);
    CHECK(other.err.find("results of another list") != std::string::npos);
}

TEST_CASE("batch never writes over its list, and finds out first that results cannot be kept",
    "[install]")
{
    bench on;
    std::string rows = "uid\n" + on.outside.uid("plain") + "\n";
    CHECK(on.run(rows, {"--output", on.list}).status == 2);
    CHECK(on.run(rows, {"--labels", on.list}).status == 2);
    CHECK(platform::read_file(on.list).value() == rows);
    CHECK(on.run(rows, {"--output", "/nowhere/results.csv"}).status == 2);
    CHECK(on.outside.card().at("profiles").as_array().empty());
}

TEST_CASE("batch says what keeps a card from being served, and leaves its row to do", "[install]")
{
    bench on;
    on.outside.fault("503@/customers");
    finished told = on.run("uid\n" + on.outside.uid("plain") + "\n");
    CHECK(told.status == 5);
    CHECK(told.err.find("503") != std::string::npos);
    CHECK(on.result().at(0, "outcome").empty());
}

TEST_CASE("batch says what is wrong with what a spreadsheet has saved", "[install]")
{
    bench on;
    std::string uid = on.outside.uid("plain");
    CHECK(on.run("uid;eid\n" + uid + ";\n").err.find("with commas") != std::string::npos);
    CHECK(on.run("\xff\xfeu").err.find("UTF-8") != std::string::npos);
    CHECK(on.run("uid,eid\nx,8.9049E+31\n").err.find("as text") != std::string::npos);
    CHECK(on.run("uid\nx\nx\n").err.find("row 1 again") != std::string::npos);
    CHECK(on.run("UID,Label\r\n" + uid + ",x\r\n").status == 0);
}

TEST_CASE("batch --labels makes a page of codes that scan, for their owner alone", "[install]")
{
    bench on;
    std::string sheet = on.outside.directory() + "/sheet.svg";
    finished told =
        on.run("uid,label\n" + on.outside.uid("plain") + ",Box <7>\n", {"--labels", sheet});
    INFO(told.err);
    CHECK(told.status == 0);
    std::string page = platform::read_file(sheet).value();
    CHECK(page.find("Box &lt;7&gt;") != std::string::npos);
    CHECK(page.find("K7QX9") == std::string::npos);
    CHECK(scan_bytes(page, "sheet.svg") == "LPA:1$" + on.outside.at("smdp") + "$K7QX9-2F4M1");
    CHECK(on.outside.card().at("profiles").as_array().empty());
}

TEST_CASE("a page of labels goes on past a row that has none, and names it", "[install]")
{
    bench on;
    std::string sheet = on.outside.directory() + "/sheet.svg";
    finished told = on.run("uid,label\nnobody,Box 1\n" + on.outside.uid("plain")
                               + ",A box with a name that is far too long for one line\n",
        {"--labels", sheet});
    CHECK(told.status == 3);
    CHECK(told.err.find("row 1, Box 1 (customer nobody)") != std::string::npos);
    std::string page = platform::read_file(sheet).value();
    CHECK(page.find("<text x=\"35\" y=\"8\">A box with a</text>") != std::string::npos);
    CHECK(page.find(">name that is</text>") != std::string::npos);
    CHECK(scan_bytes(page, "sheet.svg") == "LPA:1$" + on.outside.at("smdp") + "$K7QX9-2F4M1");
}

TEST_CASE("a list in another encoding is refused with row and column", "[install]")
{
    bench on;
    for (const char* label : {"B\xfcro", "a\x01", "\"a\nb\"", "cut \xe6\x97"}) {
        finished told = on.run("uid,label\n" + on.outside.uid("plain") + ",x\n"
                                   + on.outside.uid("several") + "," + label + "\n",
            {"--labels", on.outside.directory() + "/sheet.svg"});
        CHECK(told.status == 2);
        CHECK(told.err.find("row 2, column 'label'") != std::string::npos);
    }
    CHECK_FALSE(platform::read_file(on.outside.directory() + "/sheet.svg"));
}

TEST_CASE("comma-separated values are read as RFC 4180 has them", "[csv]")
{
    using agent::cli::parse_csv, agent::cli::to_csv;
    auto table =
        parse_csv("\xef\xbb\xbfuid,label\r\n1,\"a \"\"b\"\",\r\nc\"\r\n\r\n2,\n3,x").value();
    CHECK(table.names == std::vector<std::string>{"uid", "label"});
    REQUIRE(table.rows.size() == 3);
    CHECK(table.at(0, "label") == "a \"b\",\r\nc");
    CHECK(table.at(1, "label").empty());
    CHECK(table.at(2, "label") == "x");
    CHECK(table.at(2, "none").empty());
    CHECK(to_csv({"a", "b,c", "d\"e", ""}) == "a,\"b,c\",\"d\"\"e\",\r\n");
    CHECK(to_csv({"", "x"}) == ",x\r\n");
    CHECK(parse_csv("a\n\"b\" c\n").error().detail().find("line 2") != std::string::npos);
    CHECK(parse_csv("")->names.empty());
}
