// SPDX-License-Identifier: MIT
// Expected numbers: tests/reference/trainer_parity.py.
#include "core/base/error.h"
#include "core/train/trainer.h"
#include "tests/core/train/tiny_model.h"

#include <QTemporaryDir>
#include <QTest>

using namespace studio;
namespace fs = std::filesystem;

namespace {

const Json& goldens()
{
    static const Json all = parseJson(
        readFile(STUDIO_SOURCE_DIR "/tests/core/train/trainer_parity.json"), "trainer_parity.json");
    return all;
}

std::string textOf(const Json& words)
{
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : " ") + tinyWord(word.get<int>());
    return text;
}

/// One JSON line a row; labels of multi-label rows as a list of names.
std::string linesOf(const Json& rows, const std::string& problem)
{
    std::string lines;
    for (const auto& row : rows) {
        Json label = row[1];
        if (problem == "multi_label_classification") {
            label = Json::array();
            for (size_t i = 0; i < row[1].size(); ++i) {
                if (row[1][i] == 1)
                    label.push_back("class" + std::to_string(i));
            }
        } else if (problem == "single_label_classification") {
            label = "class" + std::to_string(row[1].get<int>());
        }
        lines += jsonLine({{"text", textOf(row[0])}, {"label", label}}) + '\n';
    }
    return lines;
}

} // namespace

class TestTrainerParity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twentyStepsEqualTransformers_data()
    {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < goldens().at("cases").size(); ++i)
            QTest::newRow(goldens().at("cases")[i].at("name").get<std::string>().c_str())
                << static_cast<int>(i);
    }

    void twentyStepsEqualTransformers()
    {
        QFETCH(int, index);
        const auto& example = goldens().at("cases")[static_cast<size_t>(index)];
        const auto problem = example.at("problem_type").get<std::string>();
        QTemporaryDir home;
        const fs::path folder(home.path().toStdString());
        TinyModelOptions model{.labels = {}, .problemType = problem};
        for (int i = 0; i < example.at("labels").get<int>(); ++i)
            model.labels.push_back("class" + std::to_string(i));
        writeTinyModel(folder / "model", model);
        writeFileAtomically(folder / "train.jsonl",
            linesOf(goldens().at("rows").at(example.at("rows").get<std::string>()), problem));

        TrainingArguments arguments;
        arguments.modelNameOrPath = folder / "model";
        arguments.trainFile = folder / "train.jsonl";
        arguments.outputDir = folder / "out";
        arguments.textColumn = "text";
        arguments.labelColumn = {"label"};
        arguments.evalStrategy = "no";
        arguments.saveStrategy = "no";
        arguments.shuffle = false;
        arguments.learningRate = 1e-3;
        arguments.maxSteps = 20;
        arguments.threads = 1;
        arguments.device = "cpu";
        arguments.precision = "fp32";
        arguments = argumentsFromJson(example.at("arguments"), arguments);

        std::vector<StepEvent> steps;
        TrainControl control;
        std::vector<std::string> warnings;
        train(arguments, control, [&](const TrainEvent& event) {
            if (const auto* step = std::get_if<StepEvent>(&event))
                steps.push_back(*step);
            if (const auto* warning = std::get_if<WarningEvent>(&event))
                warnings.push_back(warning->message);
        });
        QCOMPARE(steps.size(), example.at("losses").size());
        for (size_t i = 0; i < steps.size(); ++i) {
            const auto compare = [&](double found, const char* key, double tolerance) {
                const auto expected = example.at(key)[i].get<double>();
                const auto message = QStringLiteral("step %1 %2: %3 instead of %4")
                                         .arg(i + 1)
                                         .arg(QLatin1String(key))
                                         .arg(found, 0, 'g', 10)
                                         .arg(expected, 0, 'g', 10);
                QVERIFY2(
                    std::abs(found - expected) <= tolerance * (1 + std::abs(expected)), qPrintable(message));
            };
            compare(steps[i].loss.value(), "losses", i < 10 ? 1e-5 : 3e-5);
            compare(steps[i].gradNorm.value(), "grad_norms", 2e-4);
            compare(steps[i].learningRate, "learning_rates", 1e-12);
        }
        const SafetensorsFile saved(folder / "out" / "model.safetensors");
        for (const auto& [name, expected] : example.at("weights").items()) {
            const auto tensor = saved.tensor(name).flatten().contiguous();
            for (size_t i = 0; i < expected.size(); ++i)
                QVERIFY2(std::abs(tensor.const_data_ptr<float>()[i] - expected[i].get<float>()) < 1e-4F,
                    name.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestTrainerParity)
#include "tst_trainer_parity.moc"
