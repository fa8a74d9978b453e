#include "tests/sandbox/sink.hpp"

#include "tests/sandbox/gigastore.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <chrono>
#include <cstdlib>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace sandbox {
namespace {

std::string decode(const std::string& base64)
{
    std::string out(base64.size(), '\0');
    int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
        reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
    out.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    for (std::size_t i = base64.size(); i > 0 && base64[i - 1] == '=' && !out.empty(); --i)
        out.pop_back();
    return out;
}

std::string encode(const unsigned char* data, unsigned size)
{
    std::string out(4 * ((size + 2) / 3) + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), data, static_cast<int>(size));
    out.pop_back();
    return out;
}

std::string header(const request& asked, const std::string& name)
{
    auto found = asked.webhook.find(name);
    return found == asked.webhook.end() ? std::string() : found->second;
}

}  // namespace

bool sink::is_signed(const request& asked) const
{
    std::string id = header(asked, "webhook-id");
    std::string seconds = header(asked, "webhook-timestamp");
    std::string key = decode(secret_.substr(std::string("whsec_").size()));
    std::string text = id + "." + seconds + "." + asked.body;
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
    std::string wanted = "v1," + encode(mac, size);
    return !id.empty()
           && (" " + header(asked, "webhook-signature") + " ").find(" " + wanted + " ")
                  != std::string::npos;
}

response sink::operator()(const request& asked)
{
    if (asked.method != "POST" || !is_signed(asked)) {
        ++rejected_;
        return problem(401, "Unauthorized", "The signature does not hold");
    }
    if (ids_[header(asked, "webhook-id")]++ == 0)
        reports_.push_back(asked.body);
    return {.status = 204, .body = ""};
}

boost::json::object sink::state() const
{
    boost::json::array reports;
    int received = 0;
    for (const std::string& each : reports_)
        reports.push_back(boost::json::parse(each));
    for (const auto& [id, times] : ids_)
        received += times;
    return {{"reports", std::move(reports)}, {"received", received}, {"ids", ids_.size()},
        {"rejected", rejected_}};
}

void sink::clear()
{
    reports_.clear();
    ids_.clear();
    rejected_ = 0;
}

}  // namespace sandbox
