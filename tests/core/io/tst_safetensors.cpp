// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/io/checkpoint_tensors.h"
#include "core/io/safetensors.h"
#include "tests/core/io/pickle_writer.h"

#include <cstring>

#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

/// Length, header, data: a file as any program might have written it.
std::string fileOf(const std::string& header, const std::string& data)
{
    const uint64_t length = header.size();
    std::string file(sizeof length, '\0');
    std::memcpy(file.data(), &length, sizeof length);
    return file + header + data;
}

std::string messageOf(const std::filesystem::path& file)
{
    try {
        const SafetensorsFile opened(file);
    } catch (const Error& error) {
        return error.kind() == ErrorKind::Checkpoint ? error.what()
                                                     : std::string("wrong kind: ") + error.what();
    }
    return "opened";
}

} // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::filesystem::path path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }

private Q_SLOTS:
    void writtenTensorsReadBackEqual()
    {
        const auto numbers = at::arange(12, at::TensorOptions(at::kFloat)).reshape({3, 4}).add(0.25);
        std::vector<std::pair<std::string, at::Tensor>> tensors;
        for (const auto type : {at::kFloat, at::kHalf, at::kBFloat16, at::kDouble, at::kLong, at::kInt,
                 at::kShort, at::kChar, at::kByte, at::kBool})
            tensors.emplace_back(std::string("t.") + c10::toString(type), numbers.to(type));
        tensors.emplace_back("scalar", at::ones({}));
        tensors.emplace_back("nothing", at::ones({0, 5}));
        tensors.emplace_back("名.weight", at::ones({2}));
        writeSafetensors(path("all.safetensors"), tensors);
        const SafetensorsFile file(path("all.safetensors"));
        QCOMPARE(file.entries().size(), tensors.size());
        QCOMPARE(file.metadata().at("format"), std::string("pt"));
        for (const auto& [name, tensor] : tensors) {
            const auto read = file.tensor(name);
            QCOMPARE(read.scalar_type(), tensor.scalar_type());
            QVERIFY2(read.equal(tensor), name.c_str());
            QVERIFY(read.sizes() == tensor.sizes());
        }
        QVERIFY_EXCEPTION_THROWN((void)file.tensor("absent"), Error);
    }

    void tensorsOutliveTheFile()
    {
        writeSafetensors(path("short.safetensors"), {{"a", at::ones({1000})}});
        at::Tensor tensor;
        {
            const SafetensorsFile file(path("short.safetensors"));
            tensor = file.tensor("a");
        }
        std::filesystem::remove(path("short.safetensors"));
        QCOMPARE(tensor.sum().item<double>(), 1000.0);
    }

    void unalignedDataIsRead()
    {
        const float value = 2.5F;
        std::string data(sizeof value, '\0');
        std::memcpy(data.data(), &value, sizeof value);
        writeFileAtomically(path("odd.safetensors"), // 8 + 57 bytes: the number begins at an odd address
            fileOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   )", data));
        QCOMPARE(SafetensorsFile(path("odd.safetensors")).tensor("a").item<double>(), 2.5);
    }

    void badFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& content, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(says);
        };
        const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
        const std::string eight(8, '\0');
        row("empty", "", "it is empty");
        row("short", "abc", "3 bytes");
        row("header larger than the file", fileOf(good, eight).substr(0, 20), "only 12 follow");
        row("absurd header length", std::string(8, '\xff') + good, "the format allows");
        row("not JSON", fileOf("{\"a\":", ""), "not valid JSON");
        row("not an object", fileOf("[1]", ""), "not a JSON object");
        row("invalid UTF-8", fileOf("{\"\xff\":{}}", ""), "not valid JSON");
        row("truncated data", fileOf(good, eight.substr(0, 5)), "cut off");
        row("bytes too many", fileOf(good, eight + "x"), "belong to no tensor");
        row("wrong size", fileOf(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", eight),
            "needs 12 bytes");
        row("unknown dtype", fileOf(R"({"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}})", eight),
            "unknown dtype");
        row("no shape", fileOf(R"({"a":{"dtype":"F32","data_offsets":[0,8]}})", eight), "no \"shape\"");
        row("negative shape", fileOf(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", eight),
            "whole numbers");
        row("shape overflows",
            fileOf(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,16],"data_offsets":[0,8]}})", eight),
            "impossible");
        row("ends before it begins",
            fileOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", eight), "before it begins");
        row("tensor is a number", fileOf(R"({"a":1})", ""), "no \"dtype\"");
        row("twice",
            fileOf(
                R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                eight),
            "listed twice");
        row("overlap",
            fileOf(
                R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[3],"data_offsets":[2,8]}})",
                eight),
            "overlap");
        row("gap",
            fileOf(
                R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                eight),
            "belong to no tensor");
        row("nested without end", fileOf(std::string(100'000, '['), ""), "nested more than");
        row("F4 numbers", fileOf(R"({"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}})", eight),
            "dtype \"F4\"");
        row("metadata is no object", fileOf(R"({"__metadata__":[]})", ""), "__metadata__");
    }

    void badFilesAreRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, says);
        writeFileAtomically(path("bad.safetensors"), content.toStdString());
        const auto message = messageOf(path("bad.safetensors"));
        QVERIFY2(message.find(says.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.find("bad.safetensors") != std::string::npos, message.c_str());
    }

    void everyTruncationIsRefused()
    {
        writeSafetensors(path("whole.safetensors"), {{"a", at::ones({3, 2})}, {"b", at::ones({5})}});
        const auto whole = readFile(path("whole.safetensors"));
        for (size_t size = 0; size < whole.size(); ++size) {
            writeFileAtomically(path("cut.safetensors"), std::string_view(whole).substr(0, size));
            QVERIFY2(messageOf(path("cut.safetensors")) != "opened", std::to_string(size).c_str());
        }
    }

    void shardsAreReadThroughTheirIndex()
    {
        const auto folder = path("sharded");
        createFolders(folder);
        writeSafetensors(folder / "model-00001-of-00002.safetensors", {{"a", at::ones({2})}});
        writeSafetensors(folder / "model-00002-of-00002.safetensors", {{"b", at::ones({3})}});
        const auto writeIndex
            = [&](const char* text) { writeFileAtomically(folder / "model.safetensors.index.json", text); };
        const auto message = [&] {
            try {
                const CheckpointTensors tensors(folder);
            } catch (const Error& error) {
                return std::string(error.what());
            }
            return std::string("opened");
        };
        writeIndex(
            R"({"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}})");
        const CheckpointTensors tensors(folder);
        QCOMPARE(tensors.entries().size(), size_t(2));
        QCOMPARE(tensors.tensor("b").sum().item<double>(), 3.0);
        QVERIFY(tensors.fileOf("b").ends_with("model-00002-of-00002.safetensors"));

        writeIndex(
            R"({"weight_map":{"a":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors"}})");
        QVERIFY(message().find("'c'") != std::string::npos);
        writeIndex(R"({"weight_map":{"a":"model-00003-of-00002.safetensors"}})");
        QVERIFY(message().find("not in the folder") != std::string::npos);
        writeIndex(R"({"weight_map":{"a":"../model.safetensors"}})");
        QVERIFY(message().find("same folder") != std::string::npos);
        writeIndex(R"({"weights":{}})");
        QVERIFY(message().find("weight_map") != std::string::npos);
    }

    void torchFilesAreReadLikeSafetensors()
    {
        const auto folder = path("pickled");
        createFolders(folder);
        std::filesystem::copy_file(
            STUDIO_SOURCE_DIR "/tests/core/io/torch/zip.bin", folder / "pytorch_model.bin");
        const CheckpointTensors tensors(folder);
        const SafetensorsFile expected(STUDIO_SOURCE_DIR "/tests/core/io/torch/expected.safetensors");
        QCOMPARE(tensors.entries().size(), expected.entries().size());
        for (const auto& [name, entry] : expected.entries()) {
            const auto read = tensors.tensor(name), wanted = expected.tensor(name);
            QCOMPARE(read.scalar_type(), wanted.scalar_type());
            QVERIFY2(read.is_contiguous() && read.equal(wanted), name.c_str());
        }
        QCOMPARE(tensors.format(), std::string("pytorch_model.bin"));
    }

    void shardsOfTorchFilesAreReadThroughTheirIndex()
    {
        using namespace fixture;
        const auto folder = path("bin shards");
        createFolders(folder);
        const auto write = [&](const char* file, const char* name) {
            writeFileAtomically(folder / file,
                zip({{"archive/data.pkl",
                         dictionary({{name, tensor(storage("0", 4, "HalfStorage"), 0, {4}, {1})}})},
                    {"archive/data/0", std::string(8, '\0')}}));
        };
        write("pytorch_model-00001-of-00002.bin", "a");
        write("pytorch_model-00002-of-00002.bin", "b");
        writeFileAtomically(folder / "pytorch_model.bin.index.json",
            R"({"weight_map":{"a":"pytorch_model-00001-of-00002.bin","b":"pytorch_model-00002-of-00002.bin"}})");
        const CheckpointTensors tensors(folder);
        QCOMPARE(tensors.entries().size(), size_t(2));
        QCOMPARE(tensors.describe(),
            std::string("Weights: pytorch_model.bin in 2 files, F16, will be converted to fp32."));
        std::filesystem::remove(folder / "pytorch_model-00002-of-00002.bin");
        try {
            const CheckpointTensors incomplete(folder);
            QFAIL("opened");
        } catch (const Error& error) {
            QVERIFY2(std::string(error.what()).find("pytorch_model-00002-of-00002.bin") != std::string::npos,
                error.what());
        }
    }

    void ggufFilesAreReadUnderTransformersNames()
    {
        const std::filesystem::path file = STUDIO_SOURCE_DIR "/tests/core/io/gguf/gpt2.gguf";
        const CheckpointTensors tensors(file);
        const auto weight = tensors.tensor("transformer.h.0.attn.c_attn.weight");
        QCOMPARE(weight.scalar_type(), at::kFloat);
        QVERIFY(weight.sizes() == at::IntArrayRef({32, 96}));
        QVERIFY2(tensors.describe().starts_with("Weights: GGUF "), tensors.describe().c_str());

        const auto folder = path("gguf folder"); // a folder with nothing else is the same
        createFolders(folder);
        std::filesystem::copy_file(file, folder / "some-model.gguf");
        QVERIFY(CheckpointTensors(folder).entries().size() == tensors.entries().size());
        QVERIFY(readCheckpointConfig(folder).json == readCheckpointConfig(file).json);
        std::filesystem::copy_file(file, folder / "second.gguf");
        try {
            (void)readCheckpointConfig(folder);
            QFAIL("opened");
        } catch (const Error& error) {
            QVERIFY2(std::string(error.what()).find("2 GGUF files") != std::string::npos, error.what());
        }

        const auto target = path("from gguf");
        createFolders(target);
        copyTokenizerFiles(file, target);
        QVERIFY(readJsonFile(target / "tokenizer.json").contains("model"));
        QCOMPARE(readJsonFile(target / "tokenizer_config.json")["chat_template"].get<std::string>(),
            std::string("{{ messages[0].content }}"));
    }

    void largeWeightsBecomeShards()
    {
        const auto folder = path("large");
        createFolders(folder);
        const NamedTensors tensors{{"a", at::ones({6})}, {"b", at::ones({4})}, {"c", at::ones({50})},
            {"d", at::ones({2})}, {"e", at::ones({3})}};
        writeModelSafetensors(folder, tensors, 40, {{"note", "kept"}});
        QVERIFY(!std::filesystem::exists(folder / "model.safetensors"));
        const auto index = readJsonFile(folder / "model.safetensors.index.json");
        // as huggingface_hub splits: what is too large for any shard goes into its own at once
        for (const auto& [name, shard] : {std::pair("c", 1), {"a", 2}, {"b", 2}, {"d", 3}, {"e", 3}})
            QCOMPARE(index["weight_map"][name].get<std::string>(),
                concat("model-0000", shard, "-of-00003.safetensors"));
        QCOMPARE(index["metadata"].dump(), std::string(R"({"total_parameters":65,"total_size":260})"));
        const CheckpointTensors read(folder);
        QCOMPARE(read.entries().size(), size_t(5));
        for (const auto& [name, tensor] : tensors)
            QVERIFY2(read.tensor(name).equal(tensor), name.c_str());
        QCOMPARE(read.metadata().at("note"), std::string("kept"));
        QCOMPARE(read.metadata().at("format"), std::string("pt"));

        const auto whole = path("whole");
        createFolders(whole);
        writeModelSafetensors(whole, tensors, 260, {});
        QVERIFY(std::filesystem::exists(whole / "model.safetensors"));
        QVERIFY(!std::filesystem::exists(whole / "model.safetensors.index.json"));
    }

    void namesOfOneTensorAreFoundThroughTheMetadata()
    {
        const auto folder = path("tied");
        createFolders(folder);
        writeSafetensors(folder / "model.safetensors", {{"kept", at::ones({3})}}, {{"dropped", "kept"}});
        const CheckpointTensors tensors(folder);
        QVERIFY(tensors.tensor("dropped").equal(at::ones({3})));
        QVERIFY(!tensors.metadata().contains("dropped"));
    }

    void everyFileOfATokeniserIsCopied()
    {
        const auto from = path("from"), to = path("to");
        createFolders(from);
        createFolders(to);
        for (const auto* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
                 "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt", "spiece.model", "spm.model",
                 "sentencepiece.bpe.model", "sentencepiece.model", "tokenizer.model", "source.spm",
                 "target.spm", "target_vocab.json", "chat_template.jinja", "generation_config.json"}) {
            writeFileAtomically(from / name, name);
            copyTokenizerFiles(from, to);
            QCOMPARE(readFile(to / name), std::string(name));
        }
    }

    void quantisedConfigsAndOtherFormatsAreRefused()
    {
        const auto folder = path("other");
        createFolders(folder);
        const auto message = [&](const auto& read) {
            try {
                read();
            } catch (const Error& error) {
                return std::string(error.what());
            }
            return std::string("read");
        };
        writeFileAtomically(folder / "tf_model.h5", "HDF");
        const auto weights = message([&] { const CheckpointTensors tensors(folder); });
        QVERIFY2(weights.find("tf_model.h5") != std::string::npos, weights.c_str());
        writeFileAtomically(
            folder / "config.json", R"({"model_type":"bert","quantization_config":{"quant_method":"gptq"}})");
        const auto config = message([&] { (void)readCheckpointConfig(folder); });
        QVERIFY2(config.find("quantization_config") != std::string::npos
                && config.find("gptq") != std::string::npos,
            config.c_str());
    }
};

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
