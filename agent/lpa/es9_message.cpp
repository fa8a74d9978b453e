#include "agent/lpa/es9_message.hpp"

#include "agent/base/base64.hpp"
#include "agent/base/json.hpp"
#include "agent/lpa/codes.hpp"
#include "agent/lpa/error.hpp"

namespace agent::lpa {
namespace {

failure malformed_es9_answer(const std::string& what)
{
    return {errc::malformed_es9, "an answer of the SM-DP+ makes no sense: " + what};
}

result<void> status_in(const json::value& answer)
{
    const json::value* header = member(answer, "header");
    const json::value* execution =
        header != nullptr ? member(*header, "functionExecutionStatus") : nullptr;
    std::string_view status = execution != nullptr ? text_view(*execution, "status") : "";
    bool is_executed = status == "Executed-Success" || status == "Executed-WithWarning";
    if (is_executed)
        return {};
    if (status.empty())
        return malformed_es9_answer("no functionExecutionStatus in it");
    const json::value* data = member(*execution, "statusCodeData");
    if (data == nullptr)
        return malformed_es9_answer(
            "it failed without codes (" + std::string(status.substr(0, 40)) + ")");
    status_codes codes;
    codes.subject = text(*data, "subjectCode");
    codes.reason = text(*data, "reasonCode");
    codes.message = text(*data, "message");
    codes.identifier = text(*data, "subjectIdentifier");
    return refusal(codes);
}

/// The members of an answer that was executed.
class fields {
public:
    explicit fields(std::string_view body) : document_(body)
    {
        if (document_.root() == nullptr)
            wrong_ = malformed_es9_answer("it is not JSON, or was cut off");
        else if (auto executed = status_in(*document_.root()); !executed)
            wrong_ = executed.error();
    }

    /// What is wrong with the answer, once all was asked for; nothing if nothing is.
    const std::optional<failure>& wrong() const { return wrong_; }

    std::string word(const char* name)
    {
        std::string value = wrong_ ? std::string() : text(*document_.root(), name);
        if (value.empty() && !wrong_)
            wrong_ = malformed_es9_answer(std::string(name) + " is missing");
        return value;
    }
    /// A TLV in base64, with this tag.
    bytes object(const char* name, std::uint32_t tag)
    {
        std::string_view encoded = wrong_ ? "" : text_view(*document_.root(), name);
        auto decoded = from_base64(encoded);
        // What is only shown may be ill-coded inside: the card decides.
        constexpr std::uint32_t metadata = 0xbf25;
        bool is_right =
            decoded && read_only_tlv(*decoded, tag) && (tag == metadata || check_tlvs(*decoded));
        if (is_right)
            return std::move(*decoded);
        if (!wrong_)
            wrong_ = malformed_es9_answer(
                std::string(name) + (encoded.empty() ? " is missing" : " is damaged"));
        return {};
    }

private:
    json_document document_;
    std::optional<failure> wrong_;
};

}  // namespace

std::optional<failure> refusal_in(std::string_view body)
{
    json_document document{body};
    if (document.root() == nullptr)
        return std::nullopt;
    const json::value* header = member(*document.root(), "header");
    const json::value* execution =
        header != nullptr ? member(*header, "functionExecutionStatus") : nullptr;
    std::string_view status = execution != nullptr ? text_view(*execution, "status") : "";
    bool is_refusal = status == "Failed" || status == "Expired";
    if (!is_refusal)
        return std::nullopt;
    return status_in(*document.root()).error();
}

result<void> read_status(std::string_view body)
{
    fields answer{body};
    if (answer.wrong())
        return *answer.wrong();
    return {};
}

result<authentication_offer> read_authentication_offer(std::string_view body)
{
    fields answer{body};
    authentication_offer out;
    out.transaction_id = answer.word("transactionId");
    out.server.signed1 = answer.object("serverSigned1", 0x30);
    out.server.signature1 = answer.object("serverSignature1", 0x5f37);
    out.server.ci_key = answer.object("euiccCiPKIdToBeUsed", 0x04);
    out.server.certificate = answer.object("serverCertificate", 0x30);
    if (answer.wrong())
        return *answer.wrong();
    return out;
}

result<profile_offer> read_profile_offer(std::string_view body)
{
    fields answer{body};
    profile_offer out;
    out.metadata = answer.object("profileMetadata", 0xbf25);
    out.offer.signed2 = answer.object("smdpSigned2", 0x30);
    out.offer.signature2 = answer.object("smdpSignature2", 0x5f37);
    out.offer.certificate = answer.object("smdpCertificate", 0x30);
    if (answer.wrong())
        return *answer.wrong();
    return out;
}

result<bytes> read_bound_profile_package(std::string_view body)
{
    fields answer{body};
    bytes out = answer.object("boundProfilePackage", 0xbf36);
    if (answer.wrong())
        return *answer.wrong();
    return out;
}

}  // namespace agent::lpa
