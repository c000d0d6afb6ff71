// SPDX-License-Identifier: MIT
#include "tests/ui/page_fixture.h"
#include "ui/pages/model/model_page.h"
#include "ui/widgets/dialogs.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QDir>
#include <QListView>
#include <QPlainTextEdit>

using namespace studio;

namespace {

/// A tiny BERT encoder as safetensors: every tensor that the family needs, zeros in it.
void writeCheckpoint(const QString& folder, bool whole = true)
{
    QDir().mkpath(folder);
    const auto put = [&](const char* name, const QByteArray& bytes) {
        QFile file(folder + QLatin1Char('/') + QLatin1String(name));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write %s", name);
        file.write(bytes);
    };
    put("config.json",
        R"({"model_type":"bert","architectures":["BertModel"],"vocab_size":8,"hidden_size":4,)"
        R"("num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":8,"max_position_embeddings":16,)"
        R"("type_vocab_size":2})");
    put("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\nbad\nfilm\n");
    Json header = Json::object();
    int64_t offset = 0;
    const auto add = [&](const std::string& name, std::vector<int64_t> shape) {
        int64_t bytes = 4;
        for (const auto size : shape)
            bytes *= size;
        header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {offset, offset + bytes}}};
        offset += bytes;
    };
    const auto linear = [&](const std::string& name, int64_t out, int64_t in) {
        add(name + ".weight", {out, in});
        add(name + ".bias", {out});
    };
    const auto norm = [&](const std::string& name) {
        add(name + ".weight", {4});
        add(name + ".bias", {4});
    };
    add("embeddings.word_embeddings.weight", {8, 4});
    add("embeddings.position_embeddings.weight", {16, 4});
    add("embeddings.token_type_embeddings.weight", {2, 4});
    norm("embeddings.LayerNorm");
    const std::string layer = "encoder.layer.0.";
    for (const auto* part : {"query", "key", "value"})
        linear(layer + "attention.self." + part, 4, 4);
    linear(layer + "attention.output.dense", 4, 4);
    norm(layer + "attention.output.LayerNorm");
    linear(layer + "intermediate.dense", 8, 4);
    if (whole)
        linear(layer + "output.dense", 4, 8);
    norm(layer + "output.LayerNorm");
    linear("pooler.dense", 4, 4);
    auto text = QByteArray::fromStdString(header.dump());
    text.append(QByteArray((8 - text.size() % 8) % 8, ' '));
    QByteArray length(8, '\0');
    for (int i = 0; i < 8; ++i)
        length[i] = static_cast<char>(static_cast<quint64>(text.size()) >> (8 * i) & 0xFF);
    put("model.safetensors", length + text + QByteArray(static_cast<qsizetype>(offset), '\0'));
}

} // namespace

class TestModelPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void theStarterIsThereAndDescribed()
    {
        PageFixture fixture;
        ModelPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.state().modelInfo(), 30'000);
        QTRY_VERIFY(child<QListView>(page, "modelList")->model()->rowCount() >= 1);
        QTRY_COMPARE(child<ElidedLabel>(page, "modelName")->fullText(), QStringLiteral("all-MiniLM-L6-v2"));
        QCOMPARE(child<QLabel>(page, "fact_layers")->text(), QStringLiteral("6"));
        QCOMPARE(child<QLabel>(page, "fact_width")->text(), QStringLiteral("384"));
        QCOMPARE(child<QLabel>(page, "fact_parameters")->text(), QStringLiteral("22.7 M"));
        QVERIFY(child<QLabel>(page, "fact_vocabulary")->text().startsWith(QStringLiteral("30,522")));
        QCOMPARE(child<QLabel>(page, "fact_precision")->text(), QStringLiteral("32 bits (fp32)"));
        QVERIFY(page.isDone());
    }

    void aFolderIsAddedDroppedAndTakenOffTheList()
    {
        PageFixture fixture;
        writeCheckpoint(fixture.path(QStringLiteral("models/one")));
        writeCheckpoint(fixture.path(QStringLiteral("models/two")));
        ModelPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        auto* list = child<QListView>(page, "modelList");
        const QAbstractItemModelTester tester(
            list->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto one = fixture.path(QStringLiteral("models/one")),
                   two = fixture.path(QStringLiteral("models/two"));
        dialogs::setNextPath(one);
        QTest::mouseClick(child<QPushButton>(page, "addModelButton"), Qt::LeftButton);
        QTRY_COMPARE(fixture.state().job().modelNameOrPath, one.toStdString());
        QTRY_COMPARE(list->currentIndex().data(KnownModelList::FolderRole).toString(), one);
        QTRY_COMPARE(child<QLabel>(page, "fact_width")->text(), QStringLiteral("4"));
        QVERIFY(child<QLabel>(page, "modelReady")->text().contains(QStringLiteral("head will be created")));

        drop(&page, {two + QStringLiteral("/config.json")});
        QTRY_COMPARE(list->currentIndex().data(KnownModelList::FolderRole).toString(), two);
        QTRY_VERIFY(child<QPushButton>(page, "removeModelButton")->isEnabled());
        QTest::mouseClick(child<QPushButton>(page, "removeModelButton"), Qt::LeftButton);
        QVERIFY(!fixture.settings().list(Setting::ModelFolders).contains(two));
        QVERIFY(fixture.state().job().modelNameOrPath != two.toStdString());
        QVERIFY(QDir(two).exists());

        // the button for files: any file of a model, or a GGUF file, which is one
        const auto gguf = fixture.path(QStringLiteral("models/tiny-qwen2.gguf"));
        QVERIFY(QFile::copy(QStringLiteral(STUDIO_SOURCE_DIR "/tests/core/io/gguf/qwen2.gguf"), gguf));
        dialogs::setNextPath(gguf);
        QTest::mouseClick(child<QPushButton>(page, "addModelFileButton"), Qt::LeftButton);
        QTRY_COMPARE(fixture.state().job().modelNameOrPath, gguf.toStdString());
        QTRY_COMPARE(list->currentIndex().data().toString(), QStringLiteral("tiny-qwen2.gguf"));
        QTRY_COMPARE(child<QLabel>(page, "fact_architecture")->text(), QStringLiteral("Qwen2"));
        QCOMPARE(
            list->currentIndex().data(KnownModelList::OriginRole).toString(), QStringLiteral("Added file"));
        QCOMPARE(child<QLabel>(page, "fact_format")->text(), QStringLiteral("GGUF"));
        dialogs::setNextPath(one + QStringLiteral("/model.safetensors"));
        QTest::mouseClick(child<QPushButton>(page, "addModelFileButton"), Qt::LeftButton);
        QTRY_COMPARE(fixture.state().job().modelNameOrPath, one.toStdString());
        drop(&page, {gguf});
        QTRY_COMPARE(fixture.state().job().modelNameOrPath, gguf.toStdString());
    }

    void theCardSaysWhatWillHappen()
    {
        PageFixture fixture;
        const auto folder = fixture.path(QStringLiteral("models/tiny.gguf"));
        QDir().mkpath(fixture.path(QStringLiteral("models")));
        QVERIFY(QFile::copy(QStringLiteral(STUDIO_SOURCE_DIR "/tests/core/io/gguf/qwen2.gguf"), folder));
        ModelPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        fixture.state().chooseModel(folder);
        QTRY_VERIFY(fixture.state().modelInfo());
        const auto plan = [&] { return child<QLabel>(page, "modelPlan")->text(); };
        for (const auto* part : {"Weights: GGUF", "to fp32", "must be trained: score.weight",
                 "last token that is not pad_token_id", "tokens are cut"})
            QVERIFY2(plan().contains(QLatin1String(part)), qPrintable(plan()));
        QVERIFY(!child<ErrorBanner>(page, "modelRemark")->isShowing());
        fixture.state().editJob([](TrainingArguments& job) { job.maxSeqLength = 9; });
        QVERIFY2(plan().contains(QStringLiteral("more than 9 tokens")), qPrintable(plan()));
        QVERIFY(child<QLabel>(page, "fact_positions")->text().endsWith(QStringLiteral(" tokens")));
        QVERIFY(!child<QLabel>(page, "fact_tokeniser")->text().isEmpty());
        fixture.language().setLanguage(QStringLiteral("zh_CN"));
        QCoreApplication::processEvents();
        QVERIFY2(!plan().contains(QStringLiteral("tokens")) && !plan().contains(QStringLiteral("will be")),
            qPrintable(plan()));
    }

    void memoryFollowsBatchAndLength()
    {
        PageFixture fixture;
        ModelPage page(fixture.state());
        page.resize(1200, 700);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.state().modelInfo(), 30'000);
        auto* memory = child<QLabel>(page, "fact_memory");
        const auto before = memory->text();
        fixture.state().editJob([](TrainingArguments& job) { job.perDeviceTrainBatchSize = 64; });
        const auto larger = memory->text();
        QVERIFY(larger != before);
        fixture.state().editJob([](TrainingArguments& job) { job.maxSeqLength = 32; });
        QVERIFY(memory->text() != larger);
    }

    void whatIsMissingIsSaid()
    {
        PageFixture fixture;
        const auto folder = fixture.path(QStringLiteral("broken"));
        writeCheckpoint(folder, false);
        ModelPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        fixture.state().chooseModel(folder);
        QTRY_VERIFY(fixture.state().modelInfo());
        auto* error = child<ErrorBanner>(page, "modelError");
        QVERIFY(error->isShowing());
        QVERIFY2(error->detail().contains(QStringLiteral("encoder.layer.0.output.dense.weight")),
            qPrintable(error->detail()));
        QVERIFY(child<QPlainTextEdit>(*error, "errorDetail")->isVisible()); // not folded: there is room
        QVERIFY(!page.isDone());
        fixture.write(QStringLiteral("broken/config.json"), "{\"model_type\": 5}");
        fixture.state().inspectModelAgain();
        QTRY_VERIFY(fixture.state().modelError());
        QVERIFY(error->isShowing());
        QCOMPARE(error->headline(), errorHeadline(ErrorKind::Checkpoint));
    }

    void aFolderWithoutAModelIsASentence()
    {
        PageFixture fixture;
        QDir().mkpath(fixture.path(QStringLiteral("nothing")));
        ModelPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        const auto before = fixture.state().job().modelNameOrPath;
        dialogs::setNextPath(fixture.path(QStringLiteral("nothing")));
        QTest::mouseClick(child<QPushButton>(page, "addModelButton"), Qt::LeftButton);
        auto* banner = child<ErrorBanner>(page, "errorBanner");
        QTRY_VERIFY(banner->isShowing());
        QVERIFY(banner->headline().contains(QStringLiteral("config.json")));
        QVERIFY(child<Disclosure>(page, "checkpointHelpDisclosure")->isOpen());
        QCOMPARE(fixture.state().job().modelNameOrPath, before);
    }

    void theCommandIsCopied()
    {
        PageFixture fixture;
        ModelPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        child<Disclosure>(page, "checkpointHelpDisclosure")->setOpen(true);
        auto* example = child<QComboBox>(page, "exampleModelBox");
        example->setCurrentIndex(1);
        child<QToolButton>(page, "downloadCommandCopy")->click();
        const auto copied = QGuiApplication::clipboard()->text();
        QCOMPARE(copied,
            QStringLiteral(
                "hf download google-bert/bert-base-chinese --local-dir ~/models/bert-base-chinese"));
    }

    void theWindowsLanguageReachesEveryText()
    {
        PageFixture fixture;
        ModelPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.state().modelInfo(), 30'000);
        child<Disclosure>(page, "checkpointHelpDisclosure")->setOpen(true);
        fixture.language().setLanguage(QStringLiteral("zh_CN"));
        QCoreApplication::processEvents();
        const QRegularExpression latin(QStringLiteral("[A-Za-z]{4,}"));
        const QStringList allowed{QStringLiteral("tokenizer_config.json"), QStringLiteral("config.json"),
            QStringLiteral("pytorch_model.bin"), QStringLiteral(".index.json"),
            QStringLiteral("model.safetensors"), QStringLiteral("tokenizer.json"),
            QStringLiteral("vocab.txt"), QStringLiteral("vocab.json"), QStringLiteral("merges.txt"),
            QStringLiteral("SentencePiece"), QStringLiteral(".gguf"), QStringLiteral("classifier.weight"),
            QStringLiteral("classifier.bias"), QStringLiteral("RoBERTa"), QStringLiteral("DistilBERT"),
            QStringLiteral("ELECTRA"), QStringLiteral("ALBERT"), QStringLiteral("DeBERTa"),
            QStringLiteral("ModernBERT"), QStringLiteral("Llama"), QStringLiteral("Mistral"),
            QStringLiteral("Qwen"), QStringLiteral("Gemma"), QStringLiteral("mBART"), QStringLiteral("BART"),
            QStringLiteral("FacebookAI"), QStringLiteral("xlm-roberta-base"),
            QStringLiteral("tokenizer_config.json"), QStringLiteral("safetensors"),
            QStringLiteral("WordPiece"), QStringLiteral("BERT"), QStringLiteral("BertModel"),
            QStringLiteral("Hugging Face"), QStringLiteral("all-MiniLM-L6-v2"), QStringLiteral("Ctrl+Shift"),
            QStringLiteral("apache"), QStringLiteral("google-bert"), QStringLiteral("base-uncased"),
            QStringLiteral("base-chinese")};
        for (const auto* widget : page.findChildren<QWidget*>()) {
            QStringList texts{widget->accessibleName(), widget->toolTip()};
            if (const auto* label = qobject_cast<const QLabel*>(widget))
                texts.append(QString(label->text()).remove(QRegularExpression(QStringLiteral("<[^>]*>"))));
            else if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
                texts.append(button->text());
            for (auto text : texts) {
                if (widget->objectName() == QLatin1String("modelFolder"))
                    continue;
                for (const auto& word : allowed)
                    text.remove(word);
                QVERIFY2(!latin.match(text).hasMatch(),
                    qPrintable(widget->objectName() + QStringLiteral(": ") + text));
            }
        }
    }
};

QTEST_MAIN(TestModelPage)
#include "tst_model_page.moc"
