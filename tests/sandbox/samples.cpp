#include "tests/sandbox/samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdio>
#include <openssl/rand.h>
#include <vector>

namespace sandbox {
namespace {

namespace json = boost::json;

// After section 13 of the API notes: e-mail null, an item not started, mixed precision, a
// confirmation-code flag, no code at all, an unlisted state, fields nobody documented.
const char* const awkward = R"([
{ "sample": "several",
  "customer": { "email": null, "uid": "b0d1c2e3-5a77-4e1b-9c55-2f0a6b1d7701", "profileUrl": "https://portal.example/p/x1", "countryOfResidence": "AT", "createdBy": "api" },
  "totalAvailableBalance": { "sizeValue": 3.41, "sizeUnit": "GB" },
  "activatedItems": [
    { "uid": "5c0b8a10-7d2e-4f39-8a41-000000000001", "metatag": "order-1007",
      "balance": { "activatedAt": "2025-03-02T08:15:04.70211Z", "expiresAt": "2095-04-01T08:15:04Z", "activationMode": "NOW", "name": "eSIM Worldwide 3 GB",
        "size": { "sizeValue": 3, "sizeUnit": "GB" }, "availableBalance": { "sizeValue": 0.41, "sizeUnit": "GB" }, "validitySize": 30, "validityUnit": "days" },
      "salesChannel": "Application Programming Interface", "salesChannelTypeCode": "API", "activationType": "DATA_PLAN", "salesDate": "2025-03-02T08:15:04Z",
      "purchasePrice": { "sortIndex": 0, "priceValue": 5.2, "currencyCode": "USD" }, "retailPrice": { "sortIndex": 0, "priceValue": 11.5, "currencyCode": "USD" } },
    { "uid": "5c0b8a10-7d2e-4f39-8a41-000000000002", "metatag": "",
      "balance": { "activatedAt": null, "expiresAt": "2095-06-09T00:00:00Z", "activationMode": "ON_DEMAND", "name": "eSIM Worldwide 3 GB",
        "size": { "sizeValue": 3072, "sizeUnit": "MB" }, "availableBalance": { "sizeValue": 3, "sizeUnit": "GB" }, "validitySize": 1, "validityUnit": "years" } } ],
  "relatedEsims": [
    { "uid": "e51a0000-0000-4000-8000-000000000001", "iccid": "89999010000000042171", "imsi": "001010000004217", "activationCode": "LPA:1$SMDP$AAAA-0001-OLD",
      "appleUniversalLink": "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA:1$SMDP$AAAA-0001-OLD", "installationUrl": "https://portal.example/#/esim/profile?token=SAMPLE-TOKEN-1",
      "lastSeen": "2025-03-20T17:40:00Z", "activatedAt": "2025-03-02T09:01:12Z", "state": "INSTALLED", "active": true },
    { "uid": "e51a0000-0000-4000-8000-000000000002", "iccid": "899990100000000424106", "imsi": "001010000004241", "activationCode": "LPA:1$SMDP$BBBB-0002-NEW$$1",
      "lastSeen": null, "activatedAt": null, "state": "RELEASED", "active": true, "reuseCount": 0 },
    { "uid": "e51a0000-0000-4000-8000-000000000003", "iccid": "89999010000000042338", "imsi": null, "lastSeen": null, "activatedAt": null, "state": "QUARANTINE", "active": false } ],
  "profileDomains": [] },
{ "sample": "kiosk",
  "customer": { "email": "kiosk7@example.org", "uid": "7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0002", "profileUrl": "https://portal.example/p/x2" },
  "totalAvailableBalance": { "sizeValue": 0, "sizeUnit": "GB" }, "activatedItems": [],
  "relatedEsims": [ { "uid": "e51a0000-0000-4000-8000-000000000011", "iccid": "89999010000000042254", "imsi": "001010000004225", "activationCode": "LPA:1$SMDP$CCCC-0003",
    "lastSeen": null, "activatedAt": null, "state": "RELEASED" } ] },
{ "sample": "ambiguous",
  "customer": { "email": "two@example.org", "uid": "7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0003", "profileUrl": "https://portal.example/p/x3" },
  "totalAvailableBalance": { "sizeValue": 512, "sizeUnit": "MB" }, "activatedItems": null,
  "relatedEsims": [
    { "uid": "e51a0000-0000-4000-8000-000000000021", "iccid": "89999010000000042262", "imsi": "001010000004226", "activationCode": "LPA:1$SMDP$DDDD-0004", "state": "RELEASED", "active": true },
    { "uid": "e51a0000-0000-4000-8000-000000000022", "iccid": "89999010000000042270", "imsi": "001010000004227", "activationCode": "LPA:1$SMDP$DDDD-0005", "state": "released", "active": true } ] },
{ "sample": "error",
  "customer": { "email": "broken@example.org", "uid": "7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0004", "profileUrl": null },
  "totalAvailableBalance": null, "activatedItems": [],
  "relatedEsims": [ { "uid": "e51a0000-0000-4000-8000-000000000031", "iccid": "89999010000000042288", "imsi": "001010000004228", "activationCode": "LPA:1$SMDP$EEEE-0006", "state": "ERROR", "active": true } ] },
{ "sample": "none",
  "customer": { "email": "\u001b[31mred\u001b[0m@example.org", "uid": "7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0005" },
  "relatedEsims": null },
{ "sample": "badcode",
  "customer": { "email": "badcode@example.org", "uid": "7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0006", "profileUrl": "" },
  "totalAvailableBalance": { "sizeValue": 1.5, "sizeUnit": "TB" }, "activatedItems": [],
  "relatedEsims": [ { "uid": "e51a0000-0000-4000-8000-000000000041", "iccid": "89999010000000042296", "imsi": "", "activationCode": "https://example.org/not-a-code", "state": "RELEASED", "active": true } ] }
])";

const char* const packages = R"([
{ "id": "11111111-0000-4000-8000-000000000001", "productId": "21111111-0000-4000-8000-000000000001", "name": "eSIM Worldwide 3 GB", "sizeValue": 3, "sizeUnit": "GB", "validitySize": 30, "validityUnit": "days", "validityUnlimited": false, "countrySet": "WWW",
  "prices": [ { "sortIndex": 0, "priceValue": 5.2, "currencyCode": "USD" } ], "retailPrices": [ { "sortIndex": 0, "priceValue": 11.5, "currencyCode": "USD" } ] },
{ "id": "11111111-0000-4000-8000-000000000002", "productId": "21111111-0000-4000-8000-000000000002", "name": "eSIM Worldwide 50 MB", "sizeValue": 50, "sizeUnit": "MB", "validitySize": 1, "validityUnit": "years", "validityUnlimited": false, "countrySet": "WWW",
  "prices": [ { "sortIndex": 0, "priceValue": 0.4, "currencyCode": "USD" } ], "retailPrices": [ { "sortIndex": 0, "priceValue": 1, "currencyCode": "USD" } ] },
{ "id": "11111111-0000-4000-8000-000000000003", "productId": "21111111-0000-4000-8000-000000000003", "name": "eSIM Austria 1 GB", "sizeValue": 1, "sizeUnit": "GB", "validitySize": 7, "validityUnit": "days", "validityUnlimited": false, "countrySet": "AT",
  "prices": [ { "sortIndex": 1, "priceValue": 2.1, "currencyCode": "USD" } ], "retailPrices": [ { "sortIndex": 1, "priceValue": 4.5, "currencyCode": "USD" } ] }
])";

std::string with_smdp(std::string text, const std::string& smdp)
{
    const std::string mark = "$SMDP$";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + smdp.size()))
        text.replace(at, mark.size(), "$" + smdp + "$");
    return text;
}

}  // namespace

std::string random_hex(std::size_t count)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::vector<unsigned char> bytes(count);
    RAND_bytes(bytes.data(), static_cast<int>(count));
    std::string out;
    for (unsigned char byte : bytes)
        out += digits[byte & 15];
    return out;
}

std::string random_uuid()
{
    std::string hex = random_hex(32);
    for (char& c : hex)
        c = static_cast<char>(c | 0x20);
    hex[12] = '4';
    hex[16] = 'a';
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-"
           + hex.substr(16, 4) + "-" + hex.substr(20);
}

std::string make_iccid(unsigned long long number)
{
    char text[32];
    std::snprintf(text, sizeof text, "8999901%012llu", number % 1'000'000'000'000ULL);
    std::string out = text;
    int sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        int digit = out[out.size() - 1 - i] - '0';
        int doubled = i % 2 == 0 ? digit * 2 : digit;
        sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return out + static_cast<char>('0' + (10 - sum % 10) % 10);
}

json::object make_esim(const std::string& smdp, unsigned long long number)
{
    char imsi[32];
    std::snprintf(imsi, sizeof imsi, "00101%010llu", number % 10'000'000'000ULL);
    std::string code = "LPA:1$" + smdp + "$" + random_hex(5) + "-" + random_hex(6);
    return {{"uid", random_uuid()}, {"iccid", make_iccid(number)}, {"imsi", imsi},
        {"activationCode", code},
        {"appleUniversalLink",
            "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + code},
        {"installationUrl", "https://portal.example/#/esim/profile?token=" + random_hex(24)},
        {"lastSeen", nullptr}, {"activatedAt", nullptr}, {"state", "RELEASED"}, {"active", true}};
}

json::array sample_customers(const std::string& smdp)
{
    json::array out = json::parse(with_smdp(awkward, smdp)).as_array();
    json::object plain = out[0].as_object();
    plain["sample"] = "plain";
    plain["customer"] = {{"email", "anna@example.org"},
        {"uid", "7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0001"},
        {"profileUrl", "https://portal.example/p/x0"}, {"countryOfResidence", "DE"}};
    json::object esim = json::parse(with_smdp(R"({ "uid": "e51a0000-0000-4000-8000-000000000051",
        "iccid": "89999010000000042007", "imsi": "001010000004200",
        "activationCode": "LPA:1$SMDP$K7QX9-2F4M1", "appleUniversalLink": "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA:1$SMDP$K7QX9-2F4M1",
        "installationUrl": "https://portal.example/#/esim/profile?token=SAMPLE-TOKEN-0",
        "lastSeen": null, "activatedAt": null, "state": "RELEASED", "active": true })",
                                        smdp))
                            .as_object();
    plain["relatedEsims"] = json::array{std::move(esim)};
    for (json::value& item : plain["activatedItems"].as_array()) {
        std::string uid(item.at("uid").as_string());
        item.as_object()["uid"] = uid.replace(24, 4, "1111");
    }
    out.insert(out.begin(), plain);
    return out;
}

json::object generated_customer(int index, const std::string& smdp)
{
    char text[64];
    std::snprintf(text, sizeof text, "9e0c4f52-22bb-4d0e-8d2f-%012d", index);
    std::string uid = text;
    auto number = static_cast<unsigned long long>(1'000'000 + index);
    std::string code = "LPA:1$" + smdp + "$GEN-" + std::to_string(number);
    json::object esim{{"uid", "e51b" + uid.substr(4)}, {"iccid", make_iccid(number)},
        {"imsi", "00101000" + std::to_string(number)}, {"activationCode", code},
        {"appleUniversalLink",
            "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + code},
        {"installationUrl",
            "https://portal.example/#/esim/profile?token=GEN" + std::to_string(number)},
        {"lastSeen", nullptr}, {"activatedAt", nullptr},
        {"state", index % 3 == 0 ? "INSTALLED" : "RELEASED"}, {"active", true}};
    json::object item{{"uid", "5c0b" + uid.substr(4)},
        {"metatag", "order-" + std::to_string(index)},
        {"balance",
            {{"activatedAt", "2025-03-02T08:15:04.702Z"}, {"expiresAt", "2095-04-01T08:15:04Z"},
                {"activationMode", "NOW"}, {"name", "eSIM Worldwide 3 GB"},
                {"size", {{"sizeValue", 3}, {"sizeUnit", "GB"}}},
                {"availableBalance", {{"sizeValue", index % 300 / 100.0}, {"sizeUnit", "GB"}}},
                {"validitySize", 30}, {"validityUnit", "days"}}},
        {"salesChannel", "Application Programming Interface"}, {"salesChannelTypeCode", "API"},
        {"activationType", "DATA_PLAN"}, {"salesDate", "2025-03-02T08:15:04Z"},
        {"retailPrice", {{"sortIndex", 0}, {"priceValue", 11.5}, {"currencyCode", "USD"}}}};
    return {
        {"customer", {{"email", "customer" + std::to_string(index) + "@example.org"}, {"uid", uid},
                         {"profileUrl", "https://portal.example/p/g" + std::to_string(index)}}},
        {"totalAvailableBalance", {{"sizeValue", index % 300 / 100.0}, {"sizeUnit", "GB"}}},
        {"activatedItems", json::array{std::move(item)}},
        {"relatedEsims", json::array{std::move(esim)}}};
}

json::array inventory()
{
    return json::parse(packages).as_array();
}

}  // namespace sandbox
