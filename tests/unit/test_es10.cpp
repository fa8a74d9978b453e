#include "agent/lpa/es10.hpp"

#include "agent/lpa/error.hpp"

#include "tests/support/catch.hpp"

using namespace agent::lpa;
using platform::from_hex, platform::to_hex;

namespace {

const agent::iccid number = agent::iccid::from("89000123456789012341");
const std::string iccid_tlv = "5A0A98001032547698103214";

}  // namespace

TEST_CASE("each ES10 command is coded as SGP.22 says", "[es10]")
{
    CHECK(to_hex(get_eid()) == "BF3E035C015A");
    CHECK(to_hex(get_euicc_info1()) == "BF2000");
    CHECK(to_hex(get_euicc_info2()) == "BF2200");
    CHECK(to_hex(get_euicc_challenge()) == "BF2E00");
    CHECK(to_hex(get_configured_addresses()) == "BF3C00");
    CHECK(to_hex(get_rules_authorisation_table()) == "BF4300");
    CHECK(to_hex(get_profiles()) == "BF2D0B5C095A4F9F709091929599");
    CHECK(to_hex(list_notifications()) == "BF2800");
    CHECK(to_hex(retrieve_notification(128)) == "BF2B06A00480020080");
    CHECK(to_hex(remove_notification(0)) == "BF3003800100");
    CHECK(to_hex(enable_profile(number, true)) == "BF3111A00C" + iccid_tlv + "8101FF");
    CHECK(to_hex(disable_profile(number, false)) == "BF3211A00C" + iccid_tlv + "810100");
    CHECK(to_hex(delete_profile(number)) == "BF330C" + iccid_tlv);
    CHECK(to_hex(set_nickname(number, "Up")) == "BF2910" + iccid_tlv + "90025570");
    CHECK(to_hex(cancel_session(*from_hex("0102"), cancel_reason::postponed))
          == "BF410780020102810101");
}

TEST_CASE(
    "AuthenticateServer passes the server's objects on, with matching ID and device", "[es10]")
{
    server_authentication server{.signed1 = *from_hex("3000"),
        .signature1 = *from_hex("5F3700"),
        .ci_key = *from_hex("0400"),
        .certificate = *from_hex("3001FF")};
    const std::string device = "A10F800305000081030500008503080000";
    std::string with_imei = to_hex(authenticate_server(server, "ID", "490154203237518", {}));
    CHECK(with_imei.starts_with("BF38"));
    CHECK(with_imei.find("30005F370004003001FFA0") != std::string::npos);
    CHECK(with_imei.find("80024944A1") != std::string::npos);
    CHECK(with_imei.find("800494104502" + device) != std::string::npos);  // TAC, digits swapped
    CHECK(with_imei.ends_with("8208"
                              "94104502"
                              "2373158F"));
    std::string without = to_hex(authenticate_server(server, "", "", {}));
    CHECK(without.find("80024944") == std::string::npos);
    CHECK(without.ends_with(device));
    device_capabilities modern{.gsm = false, .umts = false, .lte = true, .nr = true};
    CHECK(to_hex(authenticate_server(server, "", "", modern))
              .ends_with("A10F850308000088030F000089030F0000"));
}

TEST_CASE("PrepareDownload holds the confirmation code's hash only if there is one", "[es10]")
{
    download_offer offer{.signed2 = *from_hex("3000"),
        .signature2 = *from_hex("5F3700"),
        .certificate = *from_hex("3001FF")};
    CHECK(to_hex(prepare_download(offer, {})) == "BF210830005F37003001FF");
    CHECK(to_hex(prepare_download(offer, *from_hex("AB"))) == "BF210B30005F37000401AB3001FF");
}

TEST_CASE("a confirmation code is hashed twice, with the transaction in between", "[es10]")
{
    // sha256(sha256("1234") || 0102), computed with sha256sum and xxd.
    CHECK(to_hex(hash_confirmation_code("1234", *from_hex("0102")))
          == "4D29DC53049CE0086F44D2CC0C87D8C4DA8B8A4A30F1F330C11AF6442721C5AF");
}

TEST_CASE("the EID is 32 digits or nothing", "[es10]")
{
    CHECK(read_eid(*from_hex("BF3E125A1089049032123451234512345678901235")).value()
          == "89049032123451234512345678901235");
    std::string wrong = GENERATE("", "BF3E00", "BF3E035A0189", "BF2000", "BF3E125A10");
    CHECK(read_eid(*from_hex(wrong)).error() == errc::malformed_tlv);
}

TEST_CASE("what the eUICC says about itself is read from EUICCInfo1 and EUICCInfo2", "[es10]")
{
    auto one = read_euicc_info(*from_hex("BF20128203020300A9050403AABBCCAA0404021122")).value();
    CHECK(one.svn == "2.3.0");
    CHECK(to_hex(one.verification_keys.at(0)) == "AABBCC");
    CHECK(to_hex(one.signing_keys.at(0)) == "1122");
    CHECK_FALSE(one.free_memory);
    auto two = read_euicc_info(
        *from_hex("BF22218103020301820302030083030102038409810101820400012C00990206400C0141"))
                   .value();
    CHECK(two.profile_version == "2.3.1");
    CHECK(two.firmware == "1.2.3");
    CHECK(two.free_memory == 76'800U);
    CHECK(two.accreditation == "A");
    CHECK_FALSE(read_euicc_info(*from_hex("BF2E00")));
}

TEST_CASE("profiles are listed with state, names, class and rules", "[es10]")
{
    auto all = read_profiles(*from_hex("BF2D28A026E324" + iccid_tlv
                                       + "4F02A0019F70010191015392014E9501029902064090014B"))
                   .value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].iccid == number);
    CHECK(all[0].state == profile_state::enabled);
    CHECK(all[0].service_provider == "S");
    CHECK(all[0].name == "N");
    CHECK(all[0].nickname == "K");
    CHECK(all[0].kind == profile_class::operational);
    CHECK(all[0].rules.forbids_disable);
    CHECK_FALSE(all[0].rules.forbids_delete);
    CHECK(read_profiles(*from_hex("BF2D02A000")).value().empty());
    CHECK(read_profiles(*from_hex("BF2D00")).value().empty());
    CHECK(read_profiles(*from_hex("BF2D03810101")).error() == errc::card_problem);
    // One odd entry does not take the others with it.
    auto mixed = read_profiles(
        make_tlv(0xbf2d,
            make_tlv(0xa0, {*from_hex("E3049F700101"), make_tlv(0xe3, *from_hex(iccid_tlv))})))
                     .value();
    REQUIRE(mixed.size() == 2);
    CHECK(mixed[0].is_odd);
    CHECK_FALSE(mixed[1].is_odd);
    CHECK(mixed[1].iccid == number);
}

TEST_CASE("notifications are listed in order of their numbers", "[es10]")
{
    auto all = read_notifications(
        *from_hex("BF281DA01BBF2F0B80020080810207800C0179BF2F0A800109810204100C0178"))
                   .value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].sequence == 9);
    CHECK(all[0].what == operation::remove);
    CHECK(all[0].address == "x");
    CHECK(all[1].sequence == 128);
    CHECK(all[1].what == operation::install);
    CHECK(read_notifications(*from_hex("BF2800")).value().empty());
    auto odd = read_notifications(*from_hex("BF2811A00FBF2F00BF2F09800180810206400C00")).value();
    REQUIRE(odd.size() == 2);
    CHECK(odd[0].is_odd);
    CHECK(odd[1].sequence == 128);  // coded without its leading zero
}

TEST_CASE("a pending notification is taken whole; none is said to be none", "[es10]")
{
    auto other =
        read_pending_notification(*from_hex("BF2B10A00E300CBF2F09800105810206400C00")).value();
    CHECK(other.about.sequence == 5);
    CHECK(other.about.what == operation::enable);
    CHECK(to_hex(other.whole) == "300CBF2F09800105810206400C00");
    CHECK(read_pending_notification(*from_hex("BF2B02A000")).error() == errc::no_such_notification);
    CHECK(
        read_pending_notification(*from_hex("BF2B03810101")).error() == errc::no_such_notification);
}

TEST_CASE("the card's result of an installation is read, good or bad", "[es10]")
{
    const std::string about = "BF2F09800101810207800C00";
    bytes done =
        make_tlv(0xbf37, make_tlv(0xbf27, {*from_hex("80020102"), *from_hex(about),
                                              *from_hex("0601AA"), *from_hex("A206A0044F02A001")}));
    auto result = read_installation_result(done).value();
    CHECK(result.is_installed);
    CHECK(to_hex(result.isdp_aid) == "A001");
    CHECK(to_hex(result.transaction_id) == "0102");
    CHECK(result.about.what == operation::install);
    CHECK(result.whole == done);
    bytes failed = make_tlv(
        0xbf37, make_tlv(0xbf27, {*from_hex("80020102"), *from_hex(about), *from_hex("0601AA"),
                                     *from_hex("A208A10680010581010A")}));
    auto why = read_installation_result(failed).value();
    CHECK_FALSE(why.is_installed);
    CHECK(why.command == 5);
    CHECK(why.reason == 10);
    CHECK_FALSE(read_installation_result({}));
    CHECK_FALSE(read_installation_result(*from_hex("BF3700")));
}

TEST_CASE("profile metadata are read from what the SM-DP+ offers", "[es10]")
{
    auto offered =
        read_metadata(make_tlv(0xbf25, {*from_hex(iccid_tlv), *from_hex("910153"),
                                           *from_hex("92014E"), *from_hex("950100"),
                                           *from_hex("B705800300F110"), *from_hex("99020520")}))
            .value();
    CHECK(offered.iccid == number);
    CHECK(offered.name == "N");
    CHECK(offered.kind == profile_class::test);
    CHECK(offered.rules.forbids_delete);
    CHECK(to_hex(offered.owner.mcc_mnc) == "00F110");
    CHECK(read_metadata(*from_hex("BF2500")).error() == errc::malformed_es9);
}

TEST_CASE("what the server signed is read for the LPA's own checks", "[es10]")
{
    auto signed1 = read_server_signed1(*from_hex("3010800201028104AABBCCDD830178840100")).value();
    CHECK(to_hex(signed1.transaction_id) == "0102");
    CHECK(to_hex(signed1.euicc_challenge) == "AABBCCDD");
    CHECK(signed1.server_address == "x");
    CHECK(read_server_signed1(*from_hex("300480020102")).error() == errc::malformed_es9);
    CHECK(read_smdp_signed2(*from_hex("300780020102"
                                      "0101FF"))
              .value()
              .needs_confirmation_code);
    CHECK_FALSE(read_smdp_signed2(*from_hex("300780020102"
                                            "010100"))
                    .value()
                    .needs_confirmation_code);
    CHECK(read_smdp_signed2(*from_hex("300480020102")).error() == errc::malformed_es9);
}

TEST_CASE("the card's refusals are told from its consent", "[es10]")
{
    CHECK(check_authenticate_answer(*from_hex("BF3802A000")));
    CHECK(check_authenticate_answer(*from_hex("BF3809A10780020102020102")).error()
          == errc::smdp_not_trusted);
    CHECK(check_prepare_answer(*from_hex("BF2109A10780020102020105")).error()
          == errc::smdp_not_trusted);
    CHECK(check_cancel_answer(*from_hex("BF4103810105")).error() == errc::session_lost);
    CHECK(check_prepare_answer(*from_hex("BF2100")).error() == errc::malformed_tlv);
    CHECK(read_result_code(*from_hex("BF3103800105"), 0xbf31).value() == 5);
    CHECK_FALSE(read_result_code(*from_hex("BF3100"), 0xbf31));
}

TEST_CASE("policy rules need the card's table, for the operator, rule by rule", "[es10]")
{
    CHECK_FALSE(read_rules_authorisation_table(*from_hex("BF4304A0023011")));
    auto rules = read_rules_authorisation_table(*from_hex("BF4328A026"
                                                          "301180020640A1073005800300F11082020700"
                                                          "301180020520A10730058003EEEEEE82020780"))
                     .value();
    operator_id own{.mcc_mnc = *from_hex("00F110")};
    operator_id other{.mcc_mnc = *from_hex("62F210")};
    bool consent = false;
    CHECK(are_rules_allowed(rules, {.forbids_disable = true}, own, consent));
    CHECK_FALSE(consent);
    CHECK_FALSE(are_rules_allowed(rules, {.forbids_disable = true}, other, consent));
    CHECK(are_rules_allowed(rules, {.forbids_delete = true}, other, consent));
    CHECK(consent);
    CHECK_FALSE(are_rules_allowed(
        rules, {.forbids_disable = true, .forbids_delete = true}, other, consent));
    CHECK(are_rules_allowed({}, {}, own, consent));
    CHECK_FALSE(are_rules_allowed({}, {.forbids_delete = true}, own, consent));
}

TEST_CASE("a rule for a group of an operator is for that group alone", "[es10]")
{
    auto rules = read_rules_authorisation_table(
        *from_hex("BF4318A016301480020640A10A3008800300F11081010A82020700"))
                     .value();
    REQUIRE(rules.at(0).operators.size() == 1);
    operator_id own{.mcc_mnc = *from_hex("00F110"), .gid1 = {0x0a}};
    operator_id without{.mcc_mnc = *from_hex("00F110")};
    bool consent = false;
    CHECK(are_rules_allowed(rules, {.forbids_disable = true}, own, consent));
    CHECK_FALSE(are_rules_allowed(rules, {.forbids_disable = true}, without, consent));
}
