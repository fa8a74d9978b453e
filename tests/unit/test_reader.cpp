#include "agent/web/reader.hpp"

#include "tests/support/catch.hpp"

using namespace agent::web;

TEST_CASE("an install link is offered to phones that follow it", "[reader]")
{
    CHECK(phone_from("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)") == phone::apple);
    CHECK(phone_from("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X)") == phone::apple);
    CHECK(phone_from("Mozilla/5.0 (iPhone; CPU iPhone OS 17_3_1 like Mac OS X)") == phone::none);
    CHECK(phone_from("Mozilla/5.0 (iPhone; CPU iPhone OS 16_7 like Mac OS X)") == phone::none);
    CHECK(phone_from("Mozilla/5.0 (Linux; Android 10; K)") == phone::android);
    CHECK(phone_from("Mozilla/5.0 (Linux; Android 9; K)") == phone::none);
    CHECK(phone_from("Mozilla/5.0 (X11; Linux x86_64)") == phone::none);
    CHECK(phone_from("") == phone::none);
}

TEST_CASE("a phone that knows no such links is a phone all the same", "[reader]")
{
    CHECK(is_handheld("Mozilla/5.0 (iPhone; CPU iPhone OS 16_7 like Mac OS X) Mobile/15E148"));
    CHECK(is_handheld("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X)"));
    CHECK(is_handheld("Mozilla/5.0 (Linux; Android 9; K)"));
    CHECK_FALSE(is_handheld("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15"));
    CHECK_FALSE(is_handheld(""));
}

TEST_CASE("what makes previews of links is no reader", "[reader]")
{
    auto messenger =
        GENERATE("WhatsApp/2.24.1 A", "facebookexternalhit/1.1", "TelegramBot (like TwitterBot)",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
            "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5", "Googlebot/2.1");
    CHECK(is_preview(messenger));
    CHECK_FALSE(is_preview("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Safari/604.1"));
    CHECK_FALSE(is_preview("Mozilla/5.0 (Linux; Android 12; CUBOT P50) Mobile Safari/537.36"));
    CHECK_FALSE(is_preview("Mozilla/5.0 (Linux; Android 14) Mobile Safari Telegram-Android/11.2"));
    CHECK_FALSE(is_preview(""));
}
