// SPDX-License-Identifier: MIT
#include "app/line_reader.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace studio::app {
namespace {

constexpr size_t pieceSize = 64 * 1024;
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

} // namespace

LineReader::LineReader()
    : m_descriptor(STDIN_FILENO)
    , m_name("Standard input")
{
}

LineReader::LineReader(const std::filesystem::path& file)
    : m_descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC))
    , m_name(concat("'", pathText(file), "'"))
{
    if (m_descriptor < 0)
        throw Error(ErrorKind::File,
            concat("File ", m_name, " cannot be read: ", std::string_view(std::strerror(errno)), "."));
}

LineReader::~LineReader()
{
    if (m_descriptor != STDIN_FILENO)
        close(m_descriptor);
}

bool LineReader::fill()
{
    if (m_ended)
        return false;
    m_buffer.erase(0, m_begin);
    m_searched -= m_begin;
    m_begin = 0;
    const auto size = m_buffer.size();
    m_buffer.resize(size + pieceSize);
    ssize_t count = 0;
    do
        count = read(m_descriptor, m_buffer.data() + size, pieceSize);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        throw Error(ErrorKind::File,
            concat(m_name, " cannot be read: ", std::string_view(std::strerror(errno)), "."));
    m_buffer.resize(size + static_cast<size_t>(count));
    m_ended = count == 0;
    return !m_ended;
}

bool LineReader::hasWaitingLine() const
{
    return m_buffer.find('\n', m_searched) != std::string::npos || (m_ended && m_begin < m_buffer.size());
}

std::optional<std::string> LineReader::next()
{
    size_t end = std::string::npos;
    while (true) {
        const bool mayBeMark = m_buffer.size() < byteOrderMark.size() && byteOrderMark.starts_with(m_buffer);
        if (!m_started && (!mayBeMark || m_ended)) {
            m_started = true;
            if (m_buffer.starts_with(byteOrderMark))
                m_begin = m_searched = byteOrderMark.size();
        }
        end = m_started ? m_buffer.find('\n', m_searched) : std::string::npos;
        if (end != std::string::npos)
            break;
        if (m_started)
            m_searched = m_buffer.size();
        if (fill() || !m_started)
            continue;
        if (m_begin >= m_buffer.size())
            return std::nullopt;
        end = m_buffer.size();
        break;
    }
    std::string line = m_buffer.substr(m_begin, end - m_begin);
    m_begin = m_searched = std::min(end + 1, m_buffer.size());
    ++m_lineNumber;
    if (line.ends_with('\r'))
        line.pop_back();
    m_repaired = !isValidUtf8(line);
    if (m_repaired)
        line = repairUtf8(line);
    return line;
}

} // namespace studio::app
