#include "tests/sandbox/coding.hpp"

#include <openssl/evp.h>

#include <ctime>

namespace sandbox {

std::string to_base64(byte_view data)
{
    static constexpr char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < data.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (at + i < data.size() ? data[at + i] : 0U);
        for (int shift : {18, 12, 6, 0})
            out += digits[group >> shift & 0x3fU];
    }
    std::size_t missing = (3 - data.size() % 3) % 3;
    out.replace(out.size() - missing, missing, missing, '=');
    return out;
}

std::optional<bytes> from_base64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    bytes out(text.size() / 4 * 3);
    int size = EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
        static_cast<int>(text.size()));
    if (size < 0)
        return std::nullopt;
    std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

std::string percent_decode(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned octet = 0;
        bool is_coded =
            text[at] == '%' && at + 2 < text.size()
            && std::sscanf(std::string(text.substr(at + 1, 2)).c_str(), "%2x", &octet) == 1;
        out += is_coded ? static_cast<char>(octet) : text[at];
        at += is_coded ? 2 : 0;
    }
    return out;
}

std::string to_rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time)
{
    auto whole = std::chrono::floor<std::chrono::seconds>(time);
    auto seconds = static_cast<std::time_t>(whole.time_since_epoch().count());
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    std::string out = text;
    if (auto fraction = (time - whole).count(); fraction != 0)
        out += "." + std::to_string(1000 + fraction).substr(1);
    return out + "Z";
}

namespace {

/// Takes octets off the front of what is left.
class reader {
public:
    explicit reader(byte_view from) : rest_(from) {}

    bool is_good() const { return is_good_; }
    std::size_t left() const { return rest_.size(); }
    std::uint8_t octet()
    {
        if (rest_.empty()) {
            is_good_ = false;
            return 0;
        }
        std::uint8_t out = rest_.front();
        rest_ = rest_.subspan(1);
        return out;
    }
    byte_view take(std::size_t size)
    {
        is_good_ = is_good_ && size <= rest_.size();
        byte_view out = is_good_ ? rest_.first(size) : byte_view();
        rest_ = rest_.subspan(out.size());
        return out;
    }

private:
    byte_view rest_;
    bool is_good_ = true;
};

bytes big_endian(std::uint64_t number)
{
    bytes out;
    do {
        out.insert(out.begin(), static_cast<std::uint8_t>(number & 0xffU));
        number >>= 8;
    } while (number != 0);
    return out;
}

}  // namespace

std::optional<tlv> read_tlv(byte_view data)
{
    reader from{data};
    tlv out;
    std::uint8_t next = from.octet();
    out.tag = next;
    if ((next & 0x1fU) == 0x1fU)
        do {
            next = from.octet();
            out.tag = out.tag << 8 | next;
        } while ((next & 0x80U) != 0 && from.is_good());
    std::size_t size = from.octet();
    if (size > 0x80) {
        byte_view octets = from.take(size - 0x80);
        size = 0;
        for (std::uint8_t each : octets)
            size = size * 256 + each;
    }
    out.value = from.take(size);
    if (!from.is_good())
        return std::nullopt;
    out.whole = data.first(data.size() - from.left());
    return out;
}

std::optional<tlv> read_only_tlv(byte_view data, std::uint32_t tag)
{
    auto found = read_tlv(data);
    bool is_it = found && found->tag == tag && found->whole.size() == data.size();
    return is_it ? found : std::nullopt;
}

std::optional<std::vector<tlv>> read_tlvs(byte_view data)
{
    std::vector<tlv> out;
    for (byte_view rest = data; !rest.empty(); rest = rest.subspan(out.back().whole.size())) {
        auto next = read_tlv(rest);
        if (!next)
            return std::nullopt;
        out.push_back(*next);
    }
    return out;
}

std::optional<tlv> child(const tlv& parent, std::uint32_t tag)
{
    auto all = read_tlvs(parent.value);
    if (all)
        for (const tlv& each : *all)
            if (each.tag == tag)
                return each;
    return std::nullopt;
}

std::optional<tlv> descend(const tlv& from, std::initializer_list<std::uint32_t> path)
{
    std::optional<tlv> at = from;
    for (std::uint32_t tag : path)
        at = at ? child(*at, tag) : std::nullopt;
    return at;
}

std::optional<std::uint64_t> unsigned_in(const tlv& from)
{
    bool is_negative = from.value.empty() || (from.value.front() & 0x80U) != 0;
    if (is_negative)
        return std::nullopt;
    std::uint64_t out = 0;
    for (std::uint8_t each : from.value)
        out = out * 256 + each;
    return out;
}

bytes make_head(std::uint32_t tag, std::size_t size)
{
    bytes out = big_endian(tag);
    bytes length = big_endian(size);
    if (size > 0x7f)
        out.push_back(static_cast<std::uint8_t>(0x80 + length.size()));
    platform::append(out, length);
    return out;
}

bytes make_tlv(std::uint32_t tag, byte_view value)
{
    bytes out = make_head(tag, value.size());
    platform::append(out, value);
    return out;
}

bytes make_tlv(std::uint32_t tag, std::initializer_list<byte_view> parts)
{
    bytes value;
    for (byte_view each : parts)
        platform::append(value, each);
    return make_tlv(tag, value);
}

bytes integer_octets(std::uint64_t number)
{
    bytes out = big_endian(number);
    if ((out.front() & 0x80U) != 0)
        out.insert(out.begin(), 0);
    return out;
}

bytes iccid_octets(const std::string& digits)
{
    bytes out;
    for (std::size_t at = 0; at < 20; at += 2) {
        auto nibble = [&digits](std::size_t i) {
            return i < digits.size() ? static_cast<unsigned>(digits[i] - '0') : 0xfU;
        };
        out.push_back(static_cast<std::uint8_t>(nibble(at + 1) << 4 | nibble(at)));
    }
    return out;
}

std::string iccid_digits(byte_view octets)
{
    std::string out;
    for (std::uint8_t each : octets)
        for (unsigned nibble : {each & 0xfU, static_cast<unsigned>(each) >> 4})
            if (nibble < 10)
                out += static_cast<char>('0' + nibble);
    return out;
}

}  // namespace sandbox
