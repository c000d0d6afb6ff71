// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/command.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/line_reader.h"
#include "app/text_layout.h"
#include "core/base/error.h"

#include <algorithm>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::app;

namespace {

QString sentenceOf(const Command& command, const std::vector<std::string>& arguments)
{
    try {
        static_cast<void>(parse(command, arguments));
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

/// A value that the argument takes and that is not its default.
std::string anotherValue(const ArgumentInfo& info)
{
    const auto standard = info.get(TrainingArguments{});
    switch (info.kind) {
    case ArgumentKind::Integer:
        return std::to_string(standard.is_null() ? 3 : standard.get<int64_t>() + 3);
    case ArgumentKind::Number:
        return "0.25";
    case ArgumentKind::Boolean:
        return standard == true ? "false" : "true";
    case ArgumentKind::Choice:
        return info.choices.back();
    case ArgumentKind::TextList:
        return info.name == "clean" ? "html" : "one";
    case ArgumentKind::Text:
        return info.name == "freeze_layers"        ? "encoder"
            : info.name == "metric_for_best_model" ? "eval_f1"
                                                   : "|";
    case ArgumentKind::File:
    case ArgumentKind::Folder:
        break;
    }
    return "somewhere";
}

struct Fixture {
    TrainingArguments arguments;
    bool json = false;
    Command command;

    Fixture()
    {
        command.name = "train";
        addArgumentOptions(command, arguments);
        addCommonOptions(command, json);
    }
};

} // namespace

class TestCommand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTrainingFlagTakesDashesAndUnderscores_data()
    {
        QTest::addColumn<int>("row");
        for (size_t row = 0; row < argumentTable().size(); ++row)
            QTest::newRow(argumentTable()[row].name.c_str()) << static_cast<int>(row);
    }
    void everyTrainingFlagTakesDashesAndUnderscores()
    {
        QFETCH(int, row);
        const auto& info = argumentTable()[static_cast<size_t>(row)];
        const auto value = anotherValue(info);
        TrainingArguments expected;
        info.set(expected, value);
        if (info.name != "task") // has one choice
            QVERIFY(!(expected == TrainingArguments{}));
        auto names = info.aliases;
        names.push_back(info.name);
        for (const auto& name : names) {
            auto dashed = name;
            std::replace(dashed.begin(), dashed.end(), '_', '-');
            auto mixed = name;
            if (const auto last = mixed.rfind('_'); last != std::string::npos)
                mixed[last] = '-';
            for (const auto& spelling : {name, dashed, mixed}) {
                for (const auto& words :
                    {std::vector<std::string>{"--" + spelling, value}, {"--" + spelling + "=" + value}}) {
                    Fixture fixture;
                    QVERIFY(parse(fixture.command, words));
                    QVERIFY2(fixture.arguments == expected, words.front().c_str());
                }
            }
        }
    }

    void everyArgumentIsInTheHelpOfTrain()
    {
        Console console;
        const auto help = helpText(trainCommand(console), 100);
        for (const auto& info : argumentTable()) {
            QVERIFY2(help.find("--" + info.name + " ") != std::string::npos
                    || help.find("--" + info.name + "\n") != std::string::npos,
                info.name.c_str());
            QVERIFY2(help.find(info.help.substr(0, 12)) != std::string::npos, info.help.c_str());
        }
        QVERIFY(help.find("default 5e-05; above 0, at most 1") != std::string::npos);
    }

    void everyFlagOfEveryCommandTakesDashes()
    {
        Console console;
        for (const auto& make : {demoCommand, trainCommand, evaluateCommand, predictCommand, scoreCommand,
                 tokenizeCommand, inspectCommand, exportCommand, devicesCommand}) {
            auto command = make(console);
            for (auto& option : command.options)
                option.set = [](const auto&) {};
            for (const auto& option : command.options) {
                auto dashed = option.name;
                std::replace(dashed.begin(), dashed.end(), '_', '-');
                QVERIFY2(sentenceOf(command, {"--" + dashed + "=1"}).isEmpty(), dashed.c_str());
                QVERIFY2(sentenceOf(command, {"--" + option.name, "1"}).isEmpty(), option.name.c_str());
                QVERIFY2(sentenceOf(command, {"--" + option.name + "x"})
                             .contains(QStringLiteral("Unknown option")),
                    option.name.c_str());
            }
        }
    }

    void noOptionIsThereTwice()
    {
        Console console;
        for (const auto& make : {demoCommand, trainCommand, evaluateCommand, predictCommand, scoreCommand,
                 tokenizeCommand, inspectCommand, exportCommand, devicesCommand}) {
            const auto command = make(console);
            std::vector<std::string> names;
            for (const auto& option : command.options) {
                names.push_back(option.name);
                names.insert(names.end(), option.aliases.begin(), option.aliases.end());
            }
            std::sort(names.begin(), names.end());
            QVERIFY2(std::adjacent_find(names.begin(), names.end()) == names.end(), command.name.c_str());
            QVERIFY(!command.summary.empty() && !command.description.empty() && !command.examples.empty());
            for (const auto& option : command.options)
                QVERIFY2(!option.help.empty() && !option.group.empty(), option.name.c_str());
        }
    }

    void aSwitchStandsAloneOrTakesAWord_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<bool>("shuffle");
        QTest::addColumn<bool>("json");
        QTest::newRow("alone") << QStringList{QStringLiteral("--shuffle"), QStringLiteral("--json")} << true
                               << true;
        QTest::newRow("false") << QStringList{QStringLiteral("--shuffle"), QStringLiteral("false")} << false
                               << false;
        QTest::newRow("equals") << QStringList{QStringLiteral("--shuffle=no"), QStringLiteral("--json=true")}
                                << false << true;
        QTest::newRow("last counts") << QStringList{QStringLiteral("--shuffle=no"),
            QStringLiteral("--shuffle")}
                                     << true << false;
    }
    void aSwitchStandsAloneOrTakesAWord()
    {
        QFETCH(QStringList, words);
        QFETCH(bool, shuffle);
        QFETCH(bool, json);
        Fixture fixture;
        std::vector<std::string> arguments;
        for (const auto& word : words)
            arguments.push_back(word.toStdString());
        QVERIFY(parse(fixture.command, arguments));
        QCOMPARE(fixture.arguments.shuffle, shuffle);
        QCOMPARE(fixture.json, json);
    }

    void aFileAfterASwitchIsTheFile()
    {
        Fixture fixture;
        std::string file;
        fixture.command.positional = Option{
            .name = "file", .valueName = "FILE", .group = {}, .help = {}, .set = [&](const auto& words) {
                file = words.front();
            }};
        QVERIFY(parse(fixture.command, {"--group_by_length", "run.json"}));
        QCOMPARE(file, std::string("run.json"));
        QVERIFY(fixture.arguments.groupByLength);
    }

    void valuesMayBeEmptyNegativeOrLookLikeFlags()
    {
        std::string text = "unset", other = "unset";
        Command command;
        command.name = "predict";
        command.options
            = {textOption("text", "T", "g", "h", text), textOption("other", "T", "g", "h", other)};
        QVERIFY(parse(command, {"--text=", "--other", ""}));
        QCOMPARE(text, std::string());
        QCOMPARE(other, std::string());
        QVERIFY(parse(command, {"--text", "-5", "--other=--text"}));
        QCOMPARE(text, std::string("-5"));
        QCOMPARE(other, std::string("--text"));
        QVERIFY(parse(command, {"--text", "--other", "--other", "a=b"}));
        QCOMPARE(text, std::string("--other"));
        QCOMPARE(other, std::string("a=b"));
    }

    void resumeTakesAFolderOrNothing()
    {
        Fixture fixture;
        QVERIFY(parse(fixture.command, {"--resume_from_checkpoint", "--seed", "7"}));
        QCOMPARE(fixture.arguments.resumeFromCheckpoint, std::optional<std::string>(""));
        QCOMPARE(fixture.arguments.seed, 7);
        QVERIFY(parse(fixture.command, {"--resume-from-checkpoint", "out/checkpoint-5"}));
        QCOMPARE(fixture.arguments.resumeFromCheckpoint, std::optional<std::string>("out/checkpoint-5"));
    }

    void listsComeByCommaOrByRepeating()
    {
        for (const auto& words : {std::vector<std::string>{"--label_column", "a,b"},
                 {"--label_column", "a", "--label-column=b"}}) {
            Fixture fixture;
            QVERIFY(parse(fixture.command, words));
            QCOMPARE(fixture.arguments.labelColumn, (std::vector<std::string>{"a", "b"}));
        }
    }

    void wrongUsageIsASentence_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("holds");
        const auto row = [](const char* name, const QString& words, const QString& holds) {
            QTest::newRow(name) << words.split(QLatin1Char(' ')) << holds;
        };
        row("misspelt", QStringLiteral("--learning-rat 1"), QStringLiteral("--learning_rate"));
        row("short option", QStringLiteral("-x"), QStringLiteral("Unknown option '-x'"));
        row("no value", QStringLiteral("--train_file"), QStringLiteral("needs a value"));
        row("surplus word", QStringLiteral("--seed 1 more"), QStringLiteral("'more'"));
        row("not a boolean", QStringLiteral("--json=maybe"), QStringLiteral("true or false"));
        row("nan", QStringLiteral("--learning_rate nan"), QStringLiteral("learning_rate is 'nan'"));
        row("zero", QStringLiteral("--learning_rate 0"), QStringLiteral("above 0"));
        row("negative", QStringLiteral("--learning_rate -1e-4"), QStringLiteral("above 0"));
        row("too large", QStringLiteral("--learning_rate=1e9"), QStringLiteral("at most 1"));
        row("batch 0", QStringLiteral("--per_device_train_batch_size 0"), QStringLiteral("from 1"));
        row("epochs 0", QStringLiteral("--num_train_epochs 0"), QStringLiteral("above 0"));
        row("a comma number", QStringLiteral("--learning_rate 0,1"), QStringLiteral("a number"));
        row("no choice", QStringLiteral("--optim lion"), QStringLiteral("adamw, adam or sgd"));
    }
    void wrongUsageIsASentence()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, holds);
        Fixture fixture;
        std::vector<std::string> arguments;
        for (const auto& word : words)
            arguments.push_back(word.toStdString());
        const auto sentence = sentenceOf(fixture.command, arguments);
        QVERIFY2(sentence.contains(holds), qPrintable(sentence));
        QVERIFY(sentence.endsWith(QLatin1Char('.')));
    }

    void linesAreSplitAtLineFeedsAlone()
    {
        const QTemporaryDir folder;
        const auto file = folder.filePath(QStringLiteral("lines")).toStdString();
        FILE* out = fopen(file.c_str(), "wb");
        const char bytes[] = "\xEF\xBB\xBF"
                             "one\r\ntwo\rstill\xE2\x80\xA8two\n\n\xFF"
                             "bad\na\0b\nlast";
        const std::string content(bytes, sizeof bytes - 1);
        fwrite(content.data(), 1, content.size(), out);
        fclose(out);
        LineReader reader(file);
        QCOMPARE(reader.next(), std::optional<std::string>("one"));
        QCOMPARE(reader.next(), std::optional<std::string>("two\rstill\xE2\x80\xA8two"));
        QCOMPARE(reader.next(), std::optional<std::string>(""));
        QVERIFY(!reader.repaired());
        QCOMPARE(reader.next(),
            std::optional<std::string>("\xEF\xBF\xBD"
                                       "bad"));
        QVERIFY(reader.repaired());
        QCOMPARE(reader.lineNumber(), 4);
        QCOMPARE(reader.next(), std::optional<std::string>(std::string("a\0b", 3)));
        QCOMPARE(reader.next(), std::optional<std::string>("last"));
        QCOMPARE(reader.next(), std::optional<std::string>());
        QCOMPARE(reader.lineNumber(), 6);
    }

    void tablesAlignWideCharacters()
    {
        const auto table = tableText({{"label", "rows"}, {"好评", "1,024"}, {"bad", "7"}});
        QCOMPARE(table, std::string("  label    rows\n  好评    1,024\n  bad         7\n"));
        QCOMPARE(displayWidth("é漢"), 3);
    }

    void numbersReadWell()
    {
        QCOMPARE(countText(-1234567), std::string("-1,234,567"));
        QCOMPARE(durationText(3700), std::string("1:01:40"));
        QCOMPARE(durationText(59.6), std::string("1:00"));
        QCOMPARE(bytesText(1'536'000), std::string("1.5 MB"));
        QCOMPARE(fixedText(0.87316, 4), std::string("0.8732"));
        QCOMPARE(counted(1, "row", "rows"), std::string("1 row"));
    }
};

QTEST_GUILESS_MAIN(TestCommand)
#include "tst_command.moc"
