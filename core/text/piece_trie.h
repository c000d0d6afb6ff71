// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio {

/// A set of byte strings with a number each, walked byte by byte. Immutable after construction; any thread.
class PieceTrie {
public:
    using Node = uint32_t;
    static constexpr Node root = 0;
    static constexpr Node none = UINT32_MAX;

    PieceTrie() = default;
    /// Values must not be negative; of equal pieces the last one counts.
    explicit PieceTrie(std::vector<std::pair<std::string_view, int32_t>> pieces);

    /// The child of `node` for one byte, or `none`.
    [[nodiscard]] Node step(Node node, unsigned char byte) const noexcept
    {
        const auto& entry = m_nodes[node];
        if (entry.dense) {
            const Node child = m_dense[entry.children + byte];
            return child == 0 ? none : child;
        }
        for (Node child = entry.children, end = child + entry.count; child < end; ++child) {
            if (m_labels[child] == byte)
                return child;
        }
        return none;
    }
    [[nodiscard]] Node walk(Node node, std::string_view bytes) const noexcept;
    /// Walks the UTF-8 bytes of one code point.
    [[nodiscard]] Node stepCodePoint(Node node, char32_t c) const noexcept;
    /// Value of the piece that ends at `node`, or -1.
    [[nodiscard]] int32_t value(Node node) const noexcept { return m_nodes[node].value; }

private:
    struct Entry {
        uint32_t children = 0; ///< first child, or index into m_dense
        int32_t value = -1;
        uint16_t count = 0;
        bool dense = false;
    };
    std::vector<Entry> m_nodes = std::vector<Entry>(1);
    std::vector<unsigned char> m_labels = std::vector<unsigned char>(1); ///< the byte that leads to each node
    std::vector<Node> m_dense;
};

} // namespace studio
