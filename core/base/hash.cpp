// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"

#include <array>
#include <cstdio>
#include <memory>
#include <openssl/evp.h>

namespace studio {

namespace {
class Digest {
public:
    Digest()
        : m_context(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
    {
        if (!m_context || EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) != 1)
            throw Error(ErrorKind::Internal, "The cryptographic library offers no SHA-256.");
    }
    void add(const void* data, size_t size) { EVP_DigestUpdate(m_context.get(), data, size); }
    std::string hex()
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        unsigned int size = 0;
        EVP_DigestFinal_ex(m_context.get(), bytes.data(), &size);
        constexpr std::string_view digits = "0123456789abcdef";
        std::string out;
        for (unsigned int i = 0; i < size; ++i) {
            out += digits[bytes[i] >> 4];
            out += digits[bytes[i] & 15];
        }
        return out;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
};
} // namespace

std::string sha256(std::span<const std::byte> bytes)
{
    Digest digest;
    digest.add(bytes.data(), bytes.size());
    return digest.hex();
}

std::string sha256(std::string_view text)
{
    return sha256(std::as_bytes(std::span(text.data(), text.size())));
}

std::string sha256File(const std::filesystem::path& file)
{
    return sha256(MappedFile(file).bytes());
}

} // namespace studio
