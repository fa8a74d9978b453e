#include "agent/cli/usage_words.hpp"

#include "tests/support/catch.hpp"

using agent::cli::usage_words;

TEST_CASE("what is wrong with a command line is said in our words", "[options]")
{
    CHECK(usage_words("ExcludesError", "--uid excludes --code-file")
          == "--uid and --code-file do not go together");
    CHECK(usage_words("RequiresError", "--match requires --email")
          == "--match only goes with --email");
    CHECK(usage_words("RequiredError", "ICCID is required") == "ICCID is missing");
    CHECK(
        usage_words("ArgumentMismatch", "--uid: 1 required TEXT missing") == "--uid needs a value");
    CHECK(usage_words("ArgumentMismatch", "--uid: At Most 1 required but received 2")
          == "--uid is given more than once");
    CHECK(usage_words("ConversionError", "Could not convert: SEQ = x") == "SEQ does not take 'x'");
    CHECK(usage_words("qr", "The following argument was not expected: extra")
          == "'extra' is too much");
    CHECK(usage_words("qr", "The following arguments were not expected: x --minutes")
          == "--minutes is no option of this command");
    CHECK(usage_words("qr", "The following argument was not expected: --code=SECRET")
          == "--code is no option of this command");
}

TEST_CASE("words that nobody knows are told as they are", "[options]")
{
    CHECK(usage_words("ValidationError", "--size: 'x' is no number from 1 to 10000")
          == "--size: 'x' is no number from 1 to 10000");
    CHECK(usage_words("ExcludesError", "in another way") == "in another way");
    CHECK(usage_words("ConversionError", "in another way") == "in another way");
    CHECK(usage_words("ArgumentMismatch", "in another way") == "in another way");
}
