// SPDX-License-Identifier: MIT
// Expected numbers: tests/reference/trainer_parity.py and family_parity.py.
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

/// Thirty losses of other families: tests/reference/family_parity.py.
const Json& families()
{
    static const Json all
        = parseJson(readFile(STUDIO_SOURCE_DIR "/tests/core/train/family_parity.json"), "family_parity.json");
    return all;
}

void writeFamilyModel(const fs::path& folder, const Json& example)
{
    writeTinyModel(folder); // for its tokeniser
    auto config = example.at("config");
    config["id2label"] = {{"0", "class0"}, {"1", "class1"}, {"2", "class2"}};
    config["label2id"] = {{"class0", 0}, {"class1", 1}, {"class2", 2}};
    writeFileAtomically(folder / "config.json", config.dump());
    writeFileAtomically(folder / "tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const auto& row : example.at("tensors")) {
        const auto name = row[0].get<std::string>();
        const auto shape = row[1].get<std::vector<int64_t>>();
        auto tensor = at::empty(shape, at::kFloat);
        const double centre = shape.size() == 1 && name.ends_with("weight") ? 1 : 0;
        for (int64_t i = 0; i < tensor.numel(); ++i)
            tensor.mutable_data_ptr<float>()[i] = static_cast<float>(
                centre + 0.08 * std::cos(0.37 * double(i) + 1.3 * double(tensors.size())));
        tensors.emplace_back(name, tensor);
    }
    writeSafetensors(folder / "model.safetensors", tensors);
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

    void familiesTrainAsTransformers_data()
    {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < families().at("cases").size(); ++i)
            QTest::newRow(families().at("cases")[i].at("name").get<std::string>().c_str())
                << static_cast<int>(i);
    }

    void familiesTrainAsTransformers()
    {
        QFETCH(int, index);
        const auto& example = families().at("cases")[static_cast<size_t>(index)];
        QTemporaryDir home;
        const fs::path folder(home.path().toStdString());
        writeFamilyModel(folder / "model", example);
        writeFileAtomically(
            folder / "train.jsonl", linesOf(families().at("rows"), "single_label_classification"));
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
        arguments.maxSteps = int64_t(example.at("losses").size());
        arguments.threads = 1;
        arguments.device = "cpu";
        arguments.precision = "fp32";
        arguments = argumentsFromJson(example.at("arguments"), arguments);
        std::vector<double> losses;
        TrainControl control;
        train(arguments, control, [&](const TrainEvent& event) {
            if (const auto* step = std::get_if<StepEvent>(&event))
                losses.push_back(step->loss.value());
        });
        QCOMPARE(losses.size(), example.at("losses").size());
        for (size_t i = 0; i < losses.size(); ++i) {
            const auto expected = example.at("losses")[i].get<double>();
            QVERIFY2(std::abs(losses[i] - expected) <= (i < 10 ? 1e-5 : 1e-4),
                qPrintable(QStringLiteral("step %1: %2 instead of %3")
                               .arg(i + 1)
                               .arg(losses[i], 0, 'g', 10)
                               .arg(expected, 0, 'g', 10)));
        }
    }
};

QTEST_GUILESS_MAIN(TestTrainerParity)
#include "tst_trainer_parity.moc"
