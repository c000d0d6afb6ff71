// SPDX-License-Identifier: MIT
#include "ui/pages/results/metric_cards.h"

#include "ui/widgets/basics.h"
#include "ui/widgets/format.h"

#include <vector>

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace studio {

/// One headline: what it is called, its key in metrics.jsonl (also the object name), how it is written.
struct MetricCards::Figure {
    QString name;
    const char* key;
    std::optional<double> MetricReport::*value;
    bool percent;
};

MetricCards::MetricCards(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::medium);
}

void MetricCards::setReports(std::optional<MetricReport> validation, std::optional<MetricReport> test)
{
    m_validation = std::move(validation);
    m_test = std::move(test);
    rebuild();
}

void MetricCards::retranslate()
{
    rebuild();
}

void MetricCards::rebuild()
{
    while (auto* item = layout()->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto* any = m_validation ? &*m_validation : m_test ? &*m_test : nullptr;
    if (!any)
        return;
    std::vector<Figure> figures;
    if (any->problemType == ProblemType::Regression) {
        figures = {{tr("Pearson"), "pearson", &MetricReport::pearson, false},
            {tr("Spearman"), "spearman", &MetricReport::spearman, false},
            {tr("MAE"), "mae", &MetricReport::mae, false}, {tr("R²"), "r2", &MetricReport::r2, false}};
    } else if (any->problemType == ProblemType::MultiLabel) {
        figures = {{tr("Accuracy"), "accuracy", &MetricReport::accuracy, true},
            {tr("F1 (macro)"), "f1", &MetricReport::f1, true},
            {tr("F1 (micro)"), "f1_micro", &MetricReport::f1Micro, true},
            {tr("AUC"), "auc", &MetricReport::auc, false}};
    } else {
        figures = {{tr("Accuracy"), "accuracy", &MetricReport::accuracy, true},
            {tr("F1 (macro)"), "f1", &MetricReport::f1, true}, {tr("MCC"), "mcc", &MetricReport::mcc, false},
            {tr("AUC"), "auc", &MetricReport::auc, false}};
    }
    figures.push_back({tr("Loss"), "loss", &MetricReport::loss, false});
    for (const auto& figure : figures) {
        auto* card = new Card(this);
        auto* name = makeLabel(card, "small");
        name->setText(figure.name);
        card->content()->setSpacing(0);
        card->content()->addWidget(name);
        auto* line = new QHBoxLayout;
        line->setSpacing(spacing::large);
        for (const auto* report : {m_validation ? &*m_validation : nullptr, m_test ? &*m_test : nullptr}) {
            if (!report)
                continue;
            const bool isTest = m_test && report == &*m_test;
            const auto value = report->*figure.value;
            auto* box = new QVBoxLayout;
            auto* number = makeLabel(card);
            auto font = number->font();
            font.setPointSizeF(16); // two figures side by side fit at 1280 pixels
            font.setBold(true);
            number->setFont(font);
            number->setObjectName(QLatin1String(isTest ? "test_" : "eval_") + QLatin1String(figure.key)
                + QStringLiteral("Figure"));
            number->setText(figure.percent ? percentText(value) : significantText(value));
            number->setToolTip(exactText(value));
            number->setAccessibleName(figure.name);
            number->setTextInteractionFlags(Qt::TextSelectableByMouse);
            auto* part = makeLabel(card, "small");
            part->setText(isTest ? tr("Test", "part of the data") : tr("Validation", "part of the data"));
            part->setToolTip(isTest
                    ? tr("Test, %Ln row(s)", nullptr, static_cast<int>(report->samples))
                    : tr("Validation, %Ln row(s)", nullptr, static_cast<int>(report->samples)));
            box->setSpacing(0);
            box->addWidget(number);
            box->addWidget(part);
            line->addLayout(box);
        }
        line->addStretch();
        card->content()->addLayout(line);
        layout()->addWidget(card);
    }
}

} // namespace studio
