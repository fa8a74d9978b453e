#include "agent/base64.hpp"

#include <openssl/evp.h>

namespace agent {

platform::wiped_string to_base64(std::string_view bytes)
{
    platform::wiped_string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

}  // namespace agent
