// SPDX-License-Identifier: MIT
#include "core/text/piece_trie.h"

#include <algorithm>

namespace studio {
namespace {

constexpr uint16_t denseFrom = 12; // children; below that a scan over neighbouring bytes is quicker

} // namespace

PieceTrie::PieceTrie(std::vector<std::pair<std::string_view, int32_t>> pieces)
{
    std::stable_sort(
        pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

    struct Range {
        size_t begin;
        size_t end;
        size_t depth;
    };
    std::vector<Range> ranges{
        {0, pieces.size(), 0}}; // of the pieces below each node; nodes come level by level
    for (Node node = 0; node < ranges.size(); ++node) {
        auto [begin, end, depth] = ranges[node];
        while (begin < end && pieces[begin].first.size() == depth)
            m_nodes[node].value = pieces[begin++].second;
        const auto firstChild = static_cast<Node>(ranges.size());
        while (begin < end) {
            const char byte = pieces[begin].first[depth];
            size_t next = begin;
            while (next < end && pieces[next].first[depth] == byte)
                ++next;
            ranges.push_back({begin, next, depth + 1});
            m_nodes.emplace_back();
            m_labels.push_back(static_cast<unsigned char>(byte));
            begin = next;
        }
        auto& entry = m_nodes[node];
        entry.count = static_cast<uint16_t>(ranges.size() - firstChild);
        entry.children = firstChild;
        if (entry.count >= denseFrom) {
            entry.dense = true;
            entry.children = static_cast<uint32_t>(m_dense.size());
            m_dense.resize(m_dense.size() + 256);
            for (Node child = firstChild; child < ranges.size(); ++child)
                m_dense[entry.children + m_labels[child]] = child;
        }
    }
}

PieceTrie::Node PieceTrie::walk(Node node, std::string_view bytes) const noexcept
{
    for (const char byte : bytes) {
        if (node == none)
            break;
        node = step(node, static_cast<unsigned char>(byte));
    }
    return node;
}

PieceTrie::Node PieceTrie::stepCodePoint(Node node, char32_t c) const noexcept
{
    const auto go = [&](char32_t byte) {
        if (node != none)
            node = step(node, static_cast<unsigned char>(byte));
    };
    if (c < 0x80) {
        go(c);
    } else if (c < 0x800) {
        go(0xC0 | c >> 6);
        go(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        go(0xE0 | c >> 12);
        go(0x80 | (c >> 6 & 0x3F));
        go(0x80 | (c & 0x3F));
    } else {
        go(0xF0 | c >> 18);
        go(0x80 | (c >> 12 & 0x3F));
        go(0x80 | (c >> 6 & 0x3F));
        go(0x80 | (c & 0x3F));
    }
    return node;
}

} // namespace studio
