// SPDX-License-Identifier: MIT
#pragma once

#include "ui/charts/metric_chart.h"
#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

class QAction;
class QMenu;
class QSlider;

namespace studio {

/// Loss, accuracy and F1 (regression: correlation), learning rate of the run, over one shared step axis;
/// tools above.
class TrainingCharts : public Card {
    Q_OBJECT
public:
    explicit TrainingCharts(StudioState& state, QWidget* parent = nullptr);
    void retranslate();
    [[nodiscard]] QList<MetricChart*> charts() const { return {m_loss, m_score, m_rate}; }

Q_SIGNALS:
    void exportFailed(studio::ErrorKind kind, const QString& detail);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    enum LossSeries { TrainLoss, ValidationLoss };
    enum ScoreSeries { TrainAccuracy, ValidationAccuracy, ValidationSecond }; ///< second: macro F1 or Pearson
    void fitHeading(); ///< the word before the slider gives way where there is no room for it
    void clear();
    void setRegression(bool regression);
    void nameScores();
    void append(const QList<TrainEvent>& events);
    [[nodiscard]] static std::optional<ChartMark> markOf(const TrainEvent& event);
    void appendEvaluation(const EvaluateEvent& event);
    void updateExtent();
    void exportAs(const QString& suffix);

    StudioState& m_state;
    StepAxis* m_axis;
    MetricChart *m_loss, *m_score, *m_rate;
    QToolButton *m_logScale, *m_zoomReset, *m_export;
    QLabel* m_smoothingLabel;
    QSlider* m_smoothing;
    QMenu* m_exportMenu;
    QAction *m_png, *m_svg, *m_csv;
    std::vector<ChartMark> m_marks;
    double m_lastStep = 0;
    bool m_regression = false; ///< of the run that is drawn
};

} // namespace studio
