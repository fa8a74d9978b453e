#include "agent/base/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdexcept>

namespace agent {

platform::bytes sha256(platform::byte_view data)
{
    platform::bytes hash(SHA256_DIGEST_LENGTH);
    SHA256(data.data(), data.size(), hash.data());
    return hash;
}

platform::bytes hmac_sha256(platform::byte_view key, std::string_view text)
{
    platform::bytes out(SHA256_DIGEST_LENGTH);
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
    return out;
}

std::string random_hex(std::size_t octets)
{
    platform::bytes random(octets);
    if (RAND_bytes(random.data(), static_cast<int>(octets)) != 1)
        throw std::runtime_error("OpenSSL has no random numbers");
    return platform::to_hex(random);
}

bool is_hex_of(std::string_view text, std::size_t octets)
{
    return text.size() == 2 * octets && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

}  // namespace agent
