#include "platform/euicc_channel.hpp"

namespace platform {
namespace {

constexpr error_entry channel_entries[] = {
    {channel_errc::busy, failure_class::busy, "busy", "in use",
        "End the program that uses it, or keep it off this port (ModemManager: ID_MM_PORT_IGNORE "
        "in a udev rule); then try again."},
    {channel_errc::no_device, failure_class::card, "no_device", "no such modem or card reader",
        "Check <modem channel=\"...\" device=\"...\"/>, the cable, and the rights of this user "
        "(group dialout for serial ports; pcscd must run for readers)."},
    {channel_errc::silent, failure_class::card, "silent", "no answer within the time limit",
        "Reset the modem or take its power away; if it is still silent, set device to another of "
        "the modem's ports."},
    {channel_errc::refused, failure_class::card, "refused", "the modem refuses",
        "Check that a SIM is in and its slot is chosen; some modems need a reset (AT+CFUN=1,1)."},
    {channel_errc::no_application, failure_class::card, "no_euicc",
        "no such application on the card"},
    {channel_errc::no_euicc, failure_class::card, "no_euicc", "no eUICC found",
        "Check that the card is an eUICC and its slot is chosen; a modem with an LPA of its own "
        "must let go of it (Quectel: AT+QESIM=\"lpa_enable\",0); a card with another ISD-R needs "
        "<modem aid=\"...\"/>."},
    {channel_errc::card_gone, failure_class::card, "card_gone", "the card was removed or reset",
        "Put it back, then run the command again."},
    {channel_errc::malformed_answer, failure_class::card, "malformed_answer",
        "an answer that makes no sense",
        "Reset the modem; if that does not help, set device to another of the modem's ports."},
    {channel_errc::card_refused, failure_class::card, "card_refused", "the card refuses",
        "Take the card out and in, or reset the modem, then try again."},
    {channel_errc::no_sim, failure_class::card, "no_sim", "the modem has no SIM",
        "Put the card in, or choose its slot; some modems see a new card only after a reset "
        "(AT+CFUN=1,1)."},
    {channel_errc::sim_busy, failure_class::card, "sim_busy", "the SIM is still busy",
        "The modem reads its card, and took longer than half a minute: try again; if it stays so, "
        "reset the modem."},
    {channel_errc::sim_pin, failure_class::card, "sim_pin", "the SIM wants its PIN",
        "Enter it (AT+CPIN=\"...\", or mmcli --pin), or switch the lock off; then try again."},
    {channel_errc::sim_puk, failure_class::card, "sim_puk", "the SIM is locked and wants its PUK",
        "The PIN was wrong three times; its operator has the PUK (AT+CPIN=\"PUK\",\"new PIN\")."},
    {channel_errc::forbidden, failure_class::card, "forbidden",
        "ModemManager does not let this user control the modem",
        "Run as root, or as the user esim-agent with the D-Bus policy and the polkit rule that are "
        "installed with it; reload both after that (systemctl reload dbus polkit)."},
};

}  // namespace

const error_room& channel_category() noexcept
{
    static const error_room room{"euicc channel", channel_entries};
    return room;
}

task<bytes> select_application(euicc_channel& on, std::vector<bytes> names)
{
    std::string detail;
    while (true) {
        for (const bytes& aid : names) {
            auto opened = co_await on.open(aid);
            if (opened)
                co_return aid;
            if (opened.error() != channel_errc::no_application)
                co_return opened.error();
            detail = opened.error().detail();
        }
        auto announced = co_await on.announce_terminal();
        if (!announced)
            co_return announced.error();
        if (!*announced)
            co_return failure(channel_errc::no_euicc, detail);
    }
}

}  // namespace platform
