#include "tests/sandbox/rsp/proxies.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <csignal>
#include <sys/socket.h>

namespace asio = boost::asio;
using boost::system::error_code;

namespace sandbox::rsp {
namespace {

const std::string imei = "490154203237518";

std::uint32_t number_at(byte_view from, std::size_t at, std::size_t octets)
{
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < octets && at + i < from.size(); ++i)
        out |= static_cast<std::uint32_t>(from[at + i]) << (8 * i);
    return out;
}

void put(bytes& to, std::uint32_t value, std::size_t octets)
{
    for (std::size_t i = 0; i < octets; ++i)
        to.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xffU));
}

bytes octets_of(const std::string& text)
{
    return bytes(text.begin(), text.end());
}

bytes status_word(byte_view answer)
{
    byte_view last = answer.size() < 2 ? byte_view() : answer.last(2);
    return bytes(last.begin(), last.end());
}

bool is_selected(const bytes& word)
{
    return word.size() == 2 && (word[0] == 0x61 || word[0] == 0x90 || word[0] == 0x91);
}

}  // namespace

proxy_port::proxy_port(
    asio::io_context& io, const std::string& abstract, card& inside, faults& active)
    : acceptor_(io), card_(inside), faults_(active), read_iccid_(inside.enabled_iccid())
{
    acceptor_.open();
    acceptor_.bind(std::string(1, '\0') + abstract);
    acceptor_.listen();
    asio::co_spawn(io, accept(), asio::detached);
}

void proxy_port::kill_client()
{
    if (client_ > 0)
        ::kill(client_, SIGKILL);
}

asio::awaitable<void> proxy_port::accept()
{
    error_code ec;
    while (acceptor_.is_open()) {
        auto client =
            co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, ec));
        if (!ec)
            asio::co_spawn(acceptor_.get_executor(), serve(std::move(client)), asio::detached);
    }
}

asio::awaitable<void> proxy_port::serve(asio::local::stream_protocol::socket client)
{
    error_code ec;
    bytes inbox;
    std::array<std::uint8_t, 4096> block{};
    ucred peer{};
    socklen_t size = sizeof peer;
    ::getsockopt(client.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size);
    while (true) {
        std::size_t length = length_of(inbox);
        if (length == 0 || inbox.size() < length) {
            std::size_t got = co_await client.async_read_some(
                asio::buffer(block), asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
                co_return;
            platform::append(inbox, byte_view(block).first(got));
            continue;
        }
        client_ = peer.pid;
        auto end = inbox.begin() + static_cast<std::ptrdiff_t>(length);
        bytes message(inbox.begin(), end);
        inbox.erase(inbox.begin(), end);
        bytes said = answer(message);
        if (wait_.count() != 0) {
            asio::steady_timer timer(
                acceptor_.get_executor(), std::exchange(wait_, std::chrono::milliseconds(0)));
            co_await timer.async_wait(asio::use_awaitable);
        }
        bool is_mute = faults_.strike(fault_kind::mute, card_.last_path());
        if (is_mute || said.empty())
            continue;
        co_await asio::async_write(
            client, asio::buffer(said), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return;
    }
}

bytes proxy_port::transmit(byte_view apdu)
{
    wait_ += card_.delay;
    return card_.transmit(apdu);
}

std::pair<int, bytes> proxy_port::open_channel(byte_view aid, std::uint8_t p2)
{
    bytes given = transmit(bytes{0x00, 0x70, 0x00, 0x00, 0x01});
    if (given.size() != 3)
        return {0, status_word(given)};
    bytes select{given[0], 0xa4, 0x04, p2, static_cast<std::uint8_t>(aid.size())};
    platform::append(select, aid);
    bytes word = status_word(transmit(select));
    if (is_selected(word))
        return {given[0], word};
    close_channel(given[0]);
    return {0, word};
}

bytes proxy_port::close_channel(int channel)
{
    return status_word(transmit(bytes{0x00, 0x70, 0x80, static_cast<std::uint8_t>(channel), 0x00}));
}

void proxy_port::power_card(bool is_on)
{
    card_.reset();
    read_iccid_ = is_on ? card_.enabled_iccid() : "";
}

// QMI

std::size_t qmi_modem::clients() const
{
    std::size_t out = 0;
    for (const auto& [of, ids] : taken_)
        out += ids.size();
    return out;
}

std::size_t qmi_modem::length_of(byte_view begin) const
{
    return begin.size() < 3 ? 0 : 1 + number_at(begin, 1, 2);
}

bytes qmi_modem::answer(byte_view message)
{
    constexpr unsigned invalid_client = 7;
    unsigned of = message[4];
    unsigned client = message[5];
    bool is_control = of == 0;
    std::size_t at = is_control ? 8 : 9;
    std::uint32_t transaction = number_at(message, 7, is_control ? 1 : 2);
    unsigned id = number_at(message, at, 2);
    fields asked;
    for (at += 4; at + 3 <= message.size();) {
        std::size_t size =
            std::min<std::size_t>(number_at(message, at + 1, 2), message.size() - at - 3);
        byte_view value = message.subspan(at + 3, size);
        asked.emplace_back(message[at], bytes(value.begin(), value.end()));
        at += 3 + size;
    }
    fields told;
    unsigned error = 0;
    try {
        if (!is_control && !taken_[of].contains(client))
            throw refused{invalid_client};
        told = is_control ? control(id, asked) : sim(id | of << 16, asked);
    } catch (const refused& why) {
        error = why.status;
        if (error > 0xffff) {  // a card's status word, beside QMI's own words
            bytes word;
            word.push_back(static_cast<std::uint8_t>(error >> 8 & 0xffU));
            word.push_back(static_cast<std::uint8_t>(error & 0xffU));
            told = {{0x11, word}};
            error = 3;
        }
    }
    bytes result;
    put(result, error == 0 ? 0 : 1, 2);
    put(result, error, 2);
    told.insert(told.begin(), {0x02, result});

    bytes values;
    for (const auto& [type, value] : told) {
        put(values, type, 1);
        put(values, static_cast<std::uint32_t>(value.size()), 2);
        platform::append(values, value);
    }
    bytes out{0x01};
    put(out, static_cast<std::uint32_t>(values.size() + (is_control ? 11 : 12)), 2);
    put(out, 0x80, 1);  // from the modem
    put(out, of, 1);
    put(out, client, 1);
    put(out, is_control ? 1 : 2, 1);  // a response
    put(out, transaction, is_control ? 1 : 2);
    put(out, id, 2);
    put(out, static_cast<std::uint32_t>(values.size()), 2);
    platform::append(out, values);
    return out;
}

qmi_modem::fields qmi_modem::control(unsigned id, const fields& asked)
{
    constexpr unsigned client_ids_exhausted = 5;
    constexpr unsigned most_clients = 10;
    constexpr unsigned unknown_command = 71;
    const bytes& first = asked.empty() ? bytes() : asked.front().second;
    if (id == 0xff00)  // the proxy's own: which device
        return {};
    if (id == 0x0022 && first.size() == 1) {
        auto& ids = taken_[first[0]];
        for (unsigned one = 1; one <= most_clients; ++one)
            if (ids.insert(one).second)
                return {{0x01, bytes{first[0], static_cast<std::uint8_t>(one)}}};
        throw refused{client_ids_exhausted};
    }
    if (id == 0x0023 && first.size() == 2) {
        taken_[first[0]].erase(first[1]);
        return {{0x01, first}};
    }
    throw refused{unknown_command};
}

/// UIM's messages, and the two of DMS and NAS: the service is in the upper half of `id`.
qmi_modem::fields qmi_modem::sim(unsigned id, const fields& asked)
{
    constexpr unsigned internal = 3;
    constexpr unsigned missing_argument = 17;
    constexpr unsigned unknown_command = 71;
    auto find = [&asked](unsigned type) -> bytes {
        for (const auto& [each, value] : asked)
            if (each == type)
                return value;
        throw refused{missing_argument};
    };
    switch (id) {
    case 0x20025: return {{0x11, octets_of(imei)}};
    case 0x30024: {
        bytes system{static_cast<std::uint8_t>(is_registered() ? 1 : 0), 1, 1, 1, 1, 8};
        bytes network;
        put(network, 901, 2);
        put(network, 70, 2);
        std::string name = "Sandbox Mobile";
        put(network, static_cast<std::uint32_t>(name.size()), 1);
        platform::append(network, octets_of(name));
        return {{0x01, system}, {0x10, bytes{0}}, {0x12, network}};
    }
    case 0xb0030:
    case 0xb0031: power_card(id == 0xb0031); return {};
    case 0xb0047: {
        auto iccid = platform::from_hex(read_iccid());
        bytes slots{1};
        put(slots, 2, 4);  // a card
        put(slots, 1, 4);  // active
        put(slots, 1, 1);
        put(slots, static_cast<std::uint32_t>(iccid->size()), 1);
        platform::append(slots, *iccid);
        return {{0x10, slots}};
    }
    case 0xb0042: {
        bytes aid = find(0x10);
        auto [channel, word] = open_channel(byte_view(aid).subspan(1), 0);
        if (channel == 0 && word.empty())
            throw refused{internal};
        if (channel == 0)
            throw refused{0x10000U | static_cast<unsigned>(word[0] << 8 | word[1])};
        return {{0x10, bytes{static_cast<std::uint8_t>(channel)}}, {0x11, word}};
    }
    case 0xb003b: {
        bytes apdu = find(0x02);
        bytes told = transmit(byte_view(apdu).subspan(2));
        if (told.empty())
            throw refused{internal};
        bytes out;
        put(out, static_cast<std::uint32_t>(told.size()), 2);
        platform::append(out, told);
        return {{0x10, out}};
    }
    case 0xb003f: close_channel(find(0x11)[0]); return {};
    default: throw refused{unknown_command};
    }
}

// MBIM

namespace {

const std::string uicc_service = "C2F6588EF0374BC98665F4D44BD09367";
const std::string basic_service = "A289CC33BCBB8B4FB6B0133EC2AAE6DF";
const std::string extensions_service = "3D01DCC5FEF54D050D3ABEF7058E9AAF";
const std::string proxy_service = "838CF7FB8D0D4D7F871ED71DBEFBB39B";

constexpr std::uint32_t no_support = 9;
constexpr std::uint32_t select_failed = 0x87430002;

/// Texts behind a fixed part: offset and size of each are where `fixed` ends.
bytes with_texts(bytes fixed, const std::vector<std::string>& texts)
{
    std::size_t at = fixed.size() + 8 * texts.size();
    bytes behind;
    for (const std::string& text : texts) {
        put(fixed, static_cast<std::uint32_t>(at + behind.size()), 4);
        put(fixed, static_cast<std::uint32_t>(2 * text.size()), 4);
        for (char c : text)
            put(behind, static_cast<unsigned char>(c), 2);
        behind.resize((behind.size() + 3) / 4 * 4);
    }
    platform::append(fixed, behind);
    return fixed;
}

}  // namespace

std::size_t mbim_modem::length_of(byte_view begin) const
{
    return begin.size() < 8 ? 0 : std::max<std::size_t>(number_at(begin, 4, 4), 12);
}

bytes mbim_modem::answer(byte_view message)
{
    std::uint32_t type = number_at(message, 0, 4);
    bytes body;
    if (type == 3) {
        if (message.size() < 48)
            return {};
        std::string service = platform::to_hex(message.subspan(20, 16));
        std::uint32_t id = number_at(message, 36, 4);
        auto [status, information] = perform(service, id, message.subspan(48));
        put(body, 1, 4);  // one fragment
        put(body, 0, 4);
        platform::append(body, message.subspan(20, 16));
        put(body, id, 4);
        put(body, status, 4);
        put(body, static_cast<std::uint32_t>(information.size()), 4);
        platform::append(body, information);
    } else {
        put(body, 0, 4);  // success, of OPEN and CLOSE
    }
    bytes out;
    put(out, type | 0x80000000U, 4);
    put(out, static_cast<std::uint32_t>(12 + body.size()), 4);
    put(out, number_at(message, 8, 4), 4);
    platform::append(out, body);
    return out;
}

std::pair<std::uint32_t, bytes> mbim_modem::perform(
    const std::string& service, std::uint32_t id, byte_view with)
{
    if (service == proxy_service)
        return {0, bytes()};
    if (service == uicc_service)
        return uicc(id, with);
    constexpr std::uint32_t slot_mappings = 7;
    if (service == extensions_service && id == slot_mappings)
        return {0, *platform::from_hex("010000000C0000000400000000000000")};  // one, of slot 0
    return service == basic_service ? basic(id) : std::pair(no_support, bytes());
}

std::pair<std::uint32_t, bytes> mbim_modem::basic(std::uint32_t id) const
{
    if (id == 1) {  // device capabilities: eight numbers, then texts
        bytes fixed;
        for (int i = 0; i < 8; ++i)
            put(fixed, 1, 4);
        return {0, with_texts(fixed, {"", imei, "sandbox 1", "sandbox"})};
    }
    if (id == 2) {  // subscriber ready status
        std::string digits;
        std::string swapped = read_iccid();
        for (std::size_t at = 0; at + 1 < swapped.size(); at += 2) {
            digits += swapped[at + 1];
            digits += swapped[at];
        }
        std::erase(digits, 'F');
        bytes fixed;
        put(fixed, digits.empty() ? 7 : 1, 4);
        return {0, with_texts(fixed, {"901700000000017", digits})};
    }
    if (id == 9) {  // registration state
        bytes fixed;
        put(fixed, 0, 4);
        put(fixed, is_registered() ? 4 : 1, 4);
        for (int i = 0; i < 3; ++i)
            put(fixed, 1, 4);
        return {0, with_texts(fixed, {"90170", "Sandbox Mobile", ""})};
    }
    return {no_support, bytes()};
}

std::pair<std::uint32_t, bytes> mbim_modem::uicc(std::uint32_t id, byte_view with)
{
    constexpr std::uint32_t failure = 2;
    constexpr std::uint8_t without_fci = 0x0c;
    auto field = [with](std::size_t size_at) -> byte_view {
        std::size_t size = number_at(with, size_at, 4);
        std::size_t offset = number_at(with, size_at + 4, 4);
        return offset + size <= with.size() ? with.subspan(offset, size) : byte_view();
    };
    bytes out;
    if (id == 2) {
        auto p2 = static_cast<std::uint8_t>(number_at(with, 8, 4));
        if (wants_extended_ && p2 != without_fci)
            return {failure, bytes()};
        auto [channel, word] = open_channel(field(0), p2);
        platform::append(out, word);
        out.resize(4);
        put(out, static_cast<std::uint32_t>(channel), 4);
        put(out, 0, 4);
        put(out, 0, 4);
        return {channel == 0 ? select_failed : 0, out};
    }
    if (id == 3) {
        platform::append(out, close_channel(static_cast<int>(number_at(with, 0, 4))));
        out.resize(4);
        return {0, out};
    }
    if (id == 4) {
        byte_view apdu = field(12);
        bool is_extended = number_at(with, 8, 4) == 1;
        if (apdu.size() < 5 || is_extended != wants_extended_)
            return {failure, bytes()};
        bytes told = transmit(apdu);
        bytes data;
        while (told.size() >= 2 && told[told.size() - 2] == 0x61) {  // GET RESPONSE is the modem's
            platform::append(data, byte_view(told).first(told.size() - 2));
            told = transmit(bytes{apdu[0], 0xc0, 0x00, 0x00, told.back()});
        }
        if (told.size() < 2)
            return {failure, bytes()};
        platform::append(data, byte_view(told).first(told.size() - 2));
        platform::append(out, status_word(told));
        out.resize(4);
        put(out, static_cast<std::uint32_t>(data.size()), 4);
        put(out, 12, 4);
        platform::append(out, data);
        return {0, out};
    }
    if (id == 6) {
        power_card(true);
        put(out, 0, 4);
        return {0, out};
    }
    return {no_support, bytes()};
}

}  // namespace sandbox::rsp
