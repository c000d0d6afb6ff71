// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer.h"

#include <optional>
#include <vector>

#include <QWidget>

namespace studio {

/// Tokens as the model sees them, as chips that wrap: special ones muted, unknown ones in the warning colour;
/// the id and the place in the text are the tooltip. At most 600 are drawn; the rest is counted.
class TokenChips : public QWidget {
    Q_OBJECT
public:
    explicit TokenChips(QWidget* parent = nullptr);
    void setEncoding(const Encoding& encoding, std::optional<int32_t> unknownId);
    void clear();
    [[nodiscard]] int tokenCount() const { return static_cast<int>(m_encoding.ids.size()); }
    [[nodiscard]] int unknownCount() const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// Places of the chips for a width; the last rectangle's bottom is the height needed.
    [[nodiscard]] std::vector<QRect> layOut(int width) const;
    [[nodiscard]] QString chipText(size_t index) const;

    Encoding m_encoding;
    std::optional<int32_t> m_unknownId;
    std::vector<QRect> m_places;
};

} // namespace studio
