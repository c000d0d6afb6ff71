// SPDX-License-Identifier: MIT
// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3 and 4.5.3.
#include "core/io/zip_archive.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace studio {

namespace {

constexpr uint32_t g_endRecord = 0x06054b50, g_end64Record = 0x06064b50, g_end64Locator = 0x07064b50;
constexpr uint32_t g_centralEntry = 0x02014b50, g_localEntry = 0x04034b50;
constexpr size_t g_endRecordBytes = 22, g_locatorBytes = 20, g_end64Bytes = 56;
constexpr size_t g_centralBytes = 46, g_localBytes = 30;
constexpr uint64_t g_in64 = 0xffffffff; // "see the zip64 field"

class ZipReader {
public:
    ZipReader(std::span<const std::byte> bytes, const std::string& file)
        : m_bytes(bytes)
        , m_file(file)
    {
    }

    std::map<std::string, std::span<const std::byte>> read()
    {
        const auto end = endRecord();
        uint64_t count = number<uint16_t>(end + 10), offset = number<uint32_t>(end + 16);
        if (end >= g_locatorBytes && number<uint32_t>(end - g_locatorBytes) == g_end64Locator) {
            const auto end64 = number<uint64_t>(end - g_locatorBytes + 8);
            if (!within(end64, g_end64Bytes) || number<uint32_t>(end64) != g_end64Record)
                fail("its zip64 directory is not where it should be");
            count = number<uint64_t>(end64 + 32);
            offset = number<uint64_t>(end64 + 48);
        }
        if (count > m_bytes.size() / g_centralBytes)
            fail(concat("its directory claims ", count, " entries, more than fit into the file"));
        for (uint64_t i = 0; i < count; ++i)
            offset = readEntry(offset);
        return std::move(m_entries);
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Checkpoint,
            concat(m_file, " is not a usable PyTorch file: ", what, ". Copy or download it again."));
    }
    bool within(uint64_t offset, uint64_t size) const
    {
        return offset <= m_bytes.size() && size <= m_bytes.size() - offset;
    }
    template <typename Number>
    Number number(uint64_t offset) const
    {
        if (!within(offset, sizeof(Number)))
            fail("its directory leaves the file (it is cut off or corrupt)");
        Number value = 0;
        std::memcpy(&value, m_bytes.data() + offset, sizeof value);
        return value;
    }

    uint64_t endRecord() const
    {
        constexpr uint64_t longestComment = 65535;
        if (m_bytes.size() >= g_endRecordBytes) {
            const auto last = m_bytes.size() - g_endRecordBytes;
            for (uint64_t back = 0; back <= std::min(last, longestComment); ++back) {
                if (number<uint32_t>(last - back) == g_endRecord)
                    return last - back;
            }
        }
        fail("its ZIP directory at the end is missing (the file is cut off)");
    }

    /// Returns where the next entry of the directory begins.
    uint64_t readEntry(uint64_t at)
    {
        if (!within(at, g_centralBytes) || number<uint32_t>(at) != g_centralEntry)
            fail("its directory is cut off or corrupt");
        const auto flags = number<uint16_t>(at + 8), method = number<uint16_t>(at + 10);
        uint64_t packed = number<uint32_t>(at + 20), size = number<uint32_t>(at + 24);
        uint64_t local = number<uint32_t>(at + 42);
        const uint64_t nameBytes = number<uint16_t>(at + 28), extraBytes = number<uint16_t>(at + 30);
        const uint64_t commentBytes = number<uint16_t>(at + 32);
        if (!within(at + g_centralBytes, nameBytes + extraBytes + commentBytes))
            fail("its directory is cut off or corrupt");
        std::string name(reinterpret_cast<const char*>(m_bytes.data()) + at + g_centralBytes,
            static_cast<size_t>(nameBytes));
        read64(at + g_centralBytes + nameBytes, extraBytes, {&size, &packed, &local});
        if (flags & 1)
            fail(concat("its entry '", name, "' is encrypted"));
        if (method != 0 || packed != size)
            fail(concat("its entry '", name, "' is compressed, which torch.save() never does"));
        if (!within(local, g_localBytes) || number<uint32_t>(local) != g_localEntry)
            fail(concat("its entry '", name, "' is not where the directory says"));
        const auto begin = local + g_localBytes + number<uint16_t>(local + 26) + number<uint16_t>(local + 28);
        if (!within(begin, size))
            fail(concat("its entry '", name, "' leaves the file (it is cut off)"));
        if (!m_entries.emplace(name, m_bytes.subspan(begin, size)).second)
            fail(concat("its entry '", name, "' is there twice"));
        return at + g_centralBytes + nameBytes + extraBytes + commentBytes;
    }

    /// The fields that did not fit into 32 bits, in the order of the zip64 extra field.
    void read64(uint64_t at, uint64_t bytes, std::initializer_list<uint64_t*> fields) const
    {
        constexpr uint16_t zip64Tag = 1;
        const auto end = at + bytes;
        while (at + 4 <= end) {
            const auto tag = number<uint16_t>(at);
            uint64_t left = number<uint16_t>(at + 2), position = at + 4;
            if (left > end - position)
                fail("its directory is cut off or corrupt");
            at = position + left;
            if (tag != zip64Tag)
                continue;
            for (auto* field : fields) {
                if (*field != g_in64)
                    continue;
                if (left < 8)
                    fail("a zip64 field is too short");
                *field = number<uint64_t>(position);
                position += 8;
                left -= 8;
            }
            return;
        }
    }

    std::span<const std::byte> m_bytes;
    const std::string& m_file;
    std::map<std::string, std::span<const std::byte>> m_entries;
};

} // namespace

std::map<std::string, std::span<const std::byte>> readZip(
    std::span<const std::byte> bytes, const std::string& file)
{
    return ZipReader(bytes, file).read();
}

} // namespace studio
