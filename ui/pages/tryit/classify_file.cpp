// SPDX-License-Identifier: MIT
#include "ui/pages/tryit/classify_file.h"

#include "core/base/concat.h"
#include "core/base/file.h"
#include "core/base/kept_memory.h"
#include "core/data/csv_cell.h"

#include <algorithm>
#include <vector>

namespace studio {

namespace {

constexpr int64_t rowsAtOnce = 256;

std::string labelsOf(const Prediction& prediction, const std::vector<std::string>& labels)
{
    std::string out;
    for (const auto id : prediction.labelIds)
        out += (out.empty() ? "" : ";") + labels.at(static_cast<size_t>(id));
    return out;
}

} // namespace

ClassifiedFile classifyFile(const std::filesystem::path& model, const std::filesystem::path& source,
    const std::filesystem::path& target, const PredictorOptions& options, const TaskControl& control)
{
    const auto table = Table::open(source, {}, {control.stop, {}});
    const auto mapping = suggestMapping(*table);
    const int text = mapping.text.empty() ? 0 : table->columnIndex(mapping.text);
    const int pair = mapping.textPair.empty() ? -1 : table->columnIndex(mapping.textPair);
    Predictor predictor(model, options);
    const KeptMemory memory;
    const bool regression = predictor.problemType() == ProblemType::Regression;
    writeFileAtomically(target, [&](const FileSink& sink) {
        std::string head = "row,text,text_pair,label,score";
        for (const auto& label : predictor.labels())
            head += ',' + csvCell("score_" + label);
        sink(head + "\r\n");
        std::vector<TextInput> inputs;
        for (int64_t start = 0; start < table->rowCount(); start += rowsAtOnce) {
            control.throwIfStopped();
            control.report(start, table->rowCount());
            const auto end = std::min(start + rowsAtOnce, table->rowCount());
            inputs.clear();
            for (auto row = start; row < end; ++row) {
                inputs.push_back({table->cell(row, text)});
                if (pair >= 0)
                    inputs.back().pair = table->cell(row, pair);
            }
            const auto predictions = predictor.predict(inputs);
            std::string lines;
            for (size_t i = 0; i < inputs.size(); ++i) {
                const auto& scores = predictions[i].scores;
                const auto best = *std::max_element(scores.begin(), scores.end());
                lines += concat(start + static_cast<int64_t>(i) + 1, ',', csvCell(inputs[i].text), ',',
                    csvCell(inputs[i].pair.value_or("")), ',',
                    regression ? std::string() : csvCell(labelsOf(predictions[i], predictor.labels())), ',',
                    best);
                for (const auto score : scores)
                    lines += ',' + numberText(score);
                lines += "\r\n";
            }
            sink(lines);
        }
        control.report(table->rowCount(), table->rowCount());
    });
    return {target, table->rowCount()};
}

} // namespace studio
