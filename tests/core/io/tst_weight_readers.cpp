// SPDX-License-Identifier: MIT
// Expected files: tests/reference/make_torch_files.py, tests/reference/make_gguf_files.py
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/io/gguf_model.h"
#include "core/io/pickle.h"
#include "core/io/safetensors_header.h"
#include "core/io/torch_file.h"
#include "core/text/tokenizer.h"
#include "tests/core/io/pickle_writer.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace fixture;

namespace {

const std::filesystem::path g_here = STUDIO_SOURCE_DIR "/tests/core/io";

std::span<const std::byte> bytesOf(const std::string& text)
{
    return std::as_bytes(std::span(text));
}

/// The complaint of a reader of checkpoints; "read" when it had none.
std::string complaint(const std::function<void()>& read)
{
    try {
        read();
    } catch (const Error& error) {
        return error.kind() == ErrorKind::Checkpoint ? error.what()
                                                     : std::string("wrong kind: ") + error.what();
    }
    return "read";
}

std::string torchComplaint(const std::string& file)
{
    return complaint([&] { (void)readTorchFile(bytesOf(file), "weights.bin"); });
}

std::string ggufComplaint(const std::string& file)
{
    return complaint([&] {
        const auto content = readGguf(bytesOf(file), "m.gguf");
        (void)readGgufModel(content, "m.gguf");
        (void)ggufTokenizerJson(content, "m.gguf");
    });
}

/// archive/data.pkl with this pickle and one storage of eight numbers.
std::string torchFile(const std::string& pickle)
{
    return zip({{"archive/data.pkl", pickle}, {"archive/data/0", std::string(32, '\x01')}});
}

std::string oneTensor(const std::string& value)
{
    return torchFile(dictionary({{"w", value}}));
}

struct GgufText {
    std::string metadata, tensors, data;
    uint64_t valueCount = 0, tensorCount = 0;
    uint32_t version = 3;

    static std::string string(std::string_view text)
    {
        return raw(uint64_t(text.size())) + std::string(text);
    }
    GgufText& value(std::string_view key, uint32_t type, const std::string& content)
    {
        metadata += string(key) + raw(type) + content;
        ++valueCount;
        return *this;
    }
    GgufText& text(std::string_view key, std::string_view content) { return value(key, 8, string(content)); }
    GgufText& integer(std::string_view key, uint32_t content) { return value(key, 4, raw(content)); }
    GgufText& tensor(
        std::string_view name, const std::vector<uint64_t>& sizes, uint32_t type, uint64_t offset)
    {
        tensors += string(name) + raw(uint32_t(sizes.size()));
        for (const auto size : sizes)
            tensors += raw(size);
        tensors += raw(type) + raw(offset);
        ++tensorCount;
        return *this;
    }
    std::string file() const
    {
        auto out = "GGUF" + raw(version) + raw(tensorCount) + raw(valueCount) + metadata + tensors;
        out.resize((out.size() + 31) / 32 * 32, '\0');
        return out + data;
    }
};

} // namespace

class TestWeightReaders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void torchFilesOfEveryAgeHoldTheSameTensors_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("count");
        for (const auto& [file, count] :
            {std::pair("zip", 19), {"legacy", 19}, {"protocol4", 19}, {"tar", 6}})
            QTest::newRow(file) << QString::fromLatin1(file) << count;
    }

    void torchFilesOfEveryAgeHoldTheSameTensors()
    {
        QFETCH(QString, file);
        QFETCH(int, count);
        const MappedFile expectedFile(g_here / "torch" / "expected.safetensors");
        const auto expected = readSafetensorsHeader(expectedFile.bytes(), "expected");
        const MappedFile mapped(g_here / "torch" / (file.toStdString() + ".bin"));
        const auto tensors = readTorchFile(mapped.bytes(), "weights.bin");
        QCOMPARE(int(tensors.size()), count);
        for (const auto& [name, tensor] : tensors) {
            const auto& entry = expected.entries.at(name);
            QCOMPARE(tensor.entry.dtype, entry.dtype);
            QVERIFY2(tensor.entry.shape == entry.shape, name.c_str());
            std::vector<std::byte> values(entry.bytes.size());
            copyElements(tensor, values.data());
            QVERIFY2(std::ranges::equal(values, entry.bytes), name.c_str());
        }
        if (count > 6)
            QVERIFY(tensors.at("first.weight").entry.bytes.data()
                == tensors.at("second.weight").entry.bytes.data());
    }

    void everyTruncationOfATorchFileIsRefused_data()
    {
        QTest::addColumn<QString>("file");
        for (const auto* file : {"zip", "legacy", "tar"})
            QTest::newRow(file) << QString::fromLatin1(file);
    }

    void everyTruncationOfATorchFileIsRefused()
    {
        QFETCH(QString, file);
        const auto whole = readFile(g_here / "torch" / (file.toStdString() + ".bin"));
        const auto end
            = file == QLatin1String("tar") ? whole.find("pickle") : whole.size(); // a tar ends in zeros
        for (size_t size = 0; size < end; size += size < 3000 ? 1 : 37) {
            const auto message = torchComplaint(whole.substr(0, size));
            QVERIFY2(message.starts_with("weights.bin ") && message.ends_with("."), message.c_str());
        }
    }

    void badTorchFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& content, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(says);
        };
        const auto good = tensor(storage("0", 8), 0, {2, 4}, {4, 1});
        row("a good one", oneTensor(good), "read");
        row("os.system", torchFile("\x80\x02" + global("os", "system") + tuple({text("id")}) + "R."),
            "asks for 'os.system'");
        row("nested in a tensor", oneTensor(global("builtins", "eval") + tuple({text("1")}) + "R"),
            "asks for 'builtins.eval'");
        row("stack global", torchFile("\x80\x04" + text("posix") + text("system") + "\x93."),
            "asks for 'posix.system'");
        row("instance", torchFile("(i__main__\nEvil\n."), "asks for an instance of '__main__.Evil'");
        row("quantised", oneTensor(global("torch._utils", "_rebuild_qtensor") + ")R"),
            "asks for 'torch._utils._rebuild_qtensor'");
        row("new object", torchFile("\x80\x02" + global("collections", "OrderedDict") + ")\x81."),
            "makes an object");
        row("extension", torchFile("\x80\x02\x82\x01."), "extension");
        row("state of a tensor", oneTensor(good + "}b"), "sets attributes");
        row("cyclic list", torchFile("\x80\x02]q\x01h\x01\x61."), "contains itself");
        row("cyclic dictionary", torchFile("\x80\x02}q\x01" + text("w") + "h\x01s."), "contains itself");
        row("too deep", torchFile("\x80\x02" + std::string(5000, '(') + std::string(5000, 't') + "."),
            "deep");
        row("absent memo", torchFile("\x80\x02h\x07."), "never remembered");
        row("huge memo", torchFile("\x80\x02j\xff\xff\xff\xff."), "never remembered");
        row("huge text", torchFile("\x80\x04\x8d" + raw(uint64_t(1) << 62) + "."), "cut off");
        row("no mark", torchFile("\x80\x02t."), "mark");
        row("empty stack", torchFile("\x80\x02\x30."), "not there");
        row("left over", torchFile("\x80\x02NN."), "left over");
        row("no end", torchFile("\x80\x02N"), "cut off");
        row("unknown operation", torchFile("\x80\x02\xff."), "not known");
        row("protocol 6", torchFile("\x80\x06N."), "protocol is 6");
        row("append to a number", torchFile("\x80\x02K\x01N\x61."), "not a list");
        row("a number", torchFile("\x80\x02K\x01."), "does not hold a dictionary");
        row("no tensor", torchFile(dictionary({{"epoch", integer(3)}})), "holds no tensor");
        row("training checkpoint", torchFile(dictionary({{"state_dict", "}" + text("w") + good + "s"}})),
            "'state_dict'");
        row("outside of the storage", oneTensor(tensor(storage("0", 8), 1, {2, 4}, {4, 1})),
            "outside of its storage");
        row("strides outside", oneTensor(tensor(storage("0", 8), 0, {2, 4}, {5, 1})),
            "outside of its storage");
        row("huge strides", oneTensor(tensor(storage("0", 8), 0, {2, 2}, {2147483647, 2147483647})),
            "outside");
        row("negative size", oneTensor(tensor(storage("0", 8), 0, {-1}, {1})), "not a whole number");
        row("more sizes than strides", oneTensor(tensor(storage("0", 8), 0, {2, 4}, {1})),
            "impossible shape");
        row("repeated without end", oneTensor(tensor(storage("0", 8), 0, {2000000000, 100}, {0, 0})),
            "shows the 8 numbers");
        row("impossible size",
            oneTensor(tensor(storage("0", 8), 0, {2000000000, 2000000000, 2000000000}, {0, 0, 0})),
            "impossible shape");
        row("storage too short", oneTensor(tensor(storage("0", 9), 0, {2}, {1})),
            "has 32 bytes, but 9 numbers");
        row("storage absent", oneTensor(tensor(storage("7", 8), 0, {2}, {1})), "storage '7' is missing");
        row("complex", oneTensor(tensor(storage("0", 8, "ComplexFloatStorage"), 0, {2}, {1})),
            "asks for 'torch.ComplexFloatStorage'");
        row("big-endian",
            zip({{"a/data.pkl", dictionary({{"w", good}})}, {"a/byteorder", "big"},
                {"a/data/0", std::string(32, 'x')}}),
            "big-endian");
        row("TorchScript", zip({{"a/data.pkl", "N."}, {"a/constants.pkl", "N."}}), "TorchScript");
        row("compressed", zip({{"a/data.pkl", "N."}}, 8), "compressed");
        row("twice", zip({{"a/data.pkl", "N."}, {"a/data.pkl", "N."}}), "twice");
        row("no pickle", zip({{"a/other", "N."}}), "without data.pkl");
        row("empty", "", "it is empty");
        row("Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n",
            "Git LFS pointer");
        row("web page", "<!DOCTYPE html><html>", "web page");
        row("something else", "hello, this is text", "neither a ZIP archive nor a pickle");
        row("pickle of something else", "\x80\x02K\x01.", "not one that torch.save() wrote");
    }

    void badTorchFilesAreRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, says);
        const auto message = torchComplaint(content.toStdString());
        QVERIFY2(message.find(says.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message == "read" || message.starts_with("weights.bin "), message.c_str());
    }

    void copiesOfListsDoNotMultiplyMemory()
    {
        // a tuple of 1,000 items made into a torch.Size 100,000 times would be 100,000,000 items
        auto pickle = "\x80\x02(" + std::string(1000, 'N') + "tq" + std::string(1, '\0')
            + global("torch", "Size") + "q\x01";
        for (int i = 0; i < 100'000; ++i)
            pickle += "h\x01h" + std::string(1, '\0') + "\x85R";
        const auto message = torchComplaint(torchFile(pickle + "."));
        QVERIFY2(message.find("items") != std::string::npos, message.c_str());
    }

    void ggufTypesAreDequantisedBitForBit()
    {
        const MappedFile file(g_here / "gguf" / "quants.gguf"),
            numbers(g_here / "gguf" / "quants.safetensors");
        const auto content = readGguf(file.bytes(), "quants.gguf");
        const auto expected = readSafetensorsHeader(numbers.bytes(), "expected");
        QCOMPARE(content.tensors.size(), size_t(15));
        for (const auto& [name, tensor] : content.tensors) {
            QCOMPARE(tensor.dtype, name);
            QVERIFY(tensor.shape == expected.entries.at(name).shape);
            std::vector<float> values(512);
            dequantize(tensor, values.data());
            QVERIFY2(std::ranges::equal(std::as_bytes(std::span(values)), expected.entries.at(name).bytes),
                name.c_str());
        }
    }

    void ggufModelsAreWhatTransformersMakesOfThem_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto* name : {"llama", "qwen2", "qwen3", "gpt2"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void ggufModelsAreWhatTransformersMakesOfThem()
    {
        QFETCH(QString, name);
        const auto path = g_here / "gguf" / (name.toStdString() + ".gguf");
        const auto expected = readJsonFile(g_here / "gguf" / (name.toStdString() + ".json"));
        const MappedFile file(path);
        const auto content = readGguf(file.bytes(), "m.gguf");
        const auto model = readGgufModel(content, "m.gguf");

        for (const auto& [key, value] : expected["config"].items()) {
            if (!model.config.contains(key) || key == "architectures" || key == "n_positions"
                || key == "head_dim")
                continue; // transformers leaves these at their defaults
            QVERIFY2(model.config[key] == value,
                (key + ": " + model.config[key].dump() + " instead of " + value.dump()).c_str());
        }
        for (const auto* key :
            {"model_type", "vocab_size", "tie_word_embeddings", "bos_token_id", "eos_token_id"})
            QVERIFY2(model.config.contains(key), key);
        if (expected["config"].contains("rope_parameters"))
            QCOMPARE(model.config["rope_theta"].get<double>(),
                expected["config"]["rope_parameters"]["rope_theta"].get<double>());

        size_t met = 0;
        for (const auto& [tensor, hash] : expected["sha256"].items()) {
            if (tensor == "lm_head.weight" && !model.entries.contains(tensor))
                continue; // tied
            QVERIFY2(model.entries.contains(tensor), tensor.c_str());
            std::vector<float> values(elementCount(model.entries.at(tensor).shape).value());
            readGgufTensor(content, model.sources.at(tensor), values.data());
            QVERIFY2(sha256(std::as_bytes(std::span(values))) == hash.get<std::string>(), tensor.c_str());
            ++met;
        }
        QCOMPARE(met, model.entries.size());
    }

    void ggufTokenisersAreWhatTransformersMakesOfThem_data()
    {
        ggufModelsAreWhatTransformersMakesOfThem_data();
    }

    void ggufTokenisersAreWhatTransformersMakesOfThem()
    {
        QFETCH(QString, name);
        const auto path = g_here / "gguf" / (name.toStdString() + ".gguf");
        const auto expected = readJsonFile(g_here / "gguf" / (name.toStdString() + ".json"));
        const MappedFile file(path);
        const auto made
            = nlohmann::json::parse(ggufTokenizerJson(readGguf(file.bytes(), "m.gguf"), "m.gguf"));
        const auto wanted = nlohmann::json::parse(expected["tokenizer"].dump());
        for (const auto& [key, value] : wanted.items())
            QVERIFY2(made[key] == value, (key + ": " + made[key].dump().substr(0, 2000)).c_str());
        QCOMPARE(made.size(), wanted.size());
    }

    void ggufTokenisersGiveTheIdsOfTransformers_data() { ggufModelsAreWhatTransformersMakesOfThem_data(); }

    void ggufTokenisersGiveTheIdsOfTransformers()
    {
        QFETCH(QString, name);
        const auto path = g_here / "gguf" / (name.toStdString() + ".gguf");
        const auto expected = readJsonFile(g_here / "gguf" / (name.toStdString() + ".json"));
        std::shared_ptr<const Tokenizer> tokenizer;
        const auto message = complaint([&] { tokenizer = Tokenizer::load(path); });
        QCOMPARE(message, std::string("read"));
        for (const auto& text : expected["texts"])
            QVERIFY2(tokenizer->encode(text[0].get<std::string>()).ids == text[1].get<std::vector<int32_t>>(),
                text.dump().c_str());
    }

    void badGgufFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& content, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(says);
        };
        const auto llama = [] { return GgufText().text("general.architecture", "llama"); };
        const std::string block(64, '\0');
        row("not GGUF", "GGML1234", "does not begin with GGUF");
        row("empty", "", "it is empty");
        auto file = llama();
        file.version = 1;
        row("version 1", file.file(), "version is 1");
        file.version = 3 << 24;
        row("big-endian", file.file(), "big-endian");
        row("claims too much", "GGUF" + raw(uint32_t(3)) + raw(~uint64_t(0)) + raw(uint64_t(1)),
            "more than fit");
        row("no architecture", GgufText().file(), "general.architecture");
        row("other architecture", GgufText().text("general.architecture", "mamba").file(), "'mamba'");
        row("no layers", llama().file(), "missing");
        row("experts", llama().integer("llama.expert_count", 8).file(), "mixture of experts");
        row("one of several files", llama().value("split.count", 2, raw(uint16_t(3))).file(), "split");
        row("key twice", llama().text("general.architecture", "llama").file(), "twice");
        row("unknown value type", llama().value("x", 99, "").file(), "unknown type 99");
        row("list of lists", llama().value("x", 9, raw(uint32_t(9)) + raw(uint64_t(1))).file(),
            "list of the type 9");
        row("huge list", llama().value("x", 9, raw(uint32_t(8)) + raw(~uint64_t(0) >> 4)).file(), "cut off");
        row("huge text", llama().value("x", 8, raw(~uint64_t(0))).file(), "cut off");
        auto tensors = llama();
        tensors.data = block + block;
        row("unknown quantisation", GgufText(tensors).tensor("w", {256}, 16, 0).file(), "type IQ2_XXS");
        row("unknown type", GgufText(tensors).tensor("w", {32}, 77, 0).file(), "type number 77");
        row("five axes", GgufText(tensors).tensor("w", {1, 1, 1, 1, 1}, 0, 0).file(), "5 axes");
        row("not whole blocks", GgufText(tensors).tensor("w", {31}, 8, 0).file(), "impossible shape");
        row("overflow", GgufText(tensors).tensor("w", {uint64_t(1) << 40, uint64_t(1) << 40}, 0, 0).file(),
            "impossible shape");
        row("misaligned", GgufText(tensors).tensor("w", {4}, 0, 4).file(), "multiple of 32");
        row("cut off", GgufText(tensors).tensor("w", {4}, 0, 128).file(), "only 128 are there");
        row("overlap", GgufText(tensors).tensor("v", {16}, 0, 0).tensor("w", {16}, 0, 32).file(),
            "'v' and 'w' overlap");
        row("tensor twice", GgufText(tensors).tensor("w", {4}, 0, 0).tensor("w", {4}, 0, 32).file(), "twice");
        row("alignment", GgufText(tensors).integer("general.alignment", 3).tensor("w", {4}, 0, 0).file(),
            "power of two");
        const auto whole = [&] {
            auto model = llama();
            for (const auto& [key, value] : {std::pair("context_length", 8), {"embedding_length", 8},
                     {"block_count", 1}, {"feed_forward_length", 8}, {"attention.head_count", 2}})
                model.integer(std::string("llama.") + key, uint32_t(value));
            return model.value("llama.attention.layer_norm_rms_epsilon", 6, raw(1e-5F))
                .integer("llama.vocab_size", 3);
        };
        const auto texts = [](const std::vector<std::string>& list) {
            auto out = raw(uint32_t(8)) + raw(uint64_t(list.size()));
            for (const auto& text : list)
                out += GgufText::string(text);
            return out;
        };
        row("no tokeniser", whole().file(), "holds no tokeniser");
        row("other tokeniser", whole().text("tokenizer.ggml.model", "t5").file(), "'t5'");
        row("no vocabulary", whole().text("tokenizer.ggml.model", "gpt2").file(), "vocabulary");
        auto bpe = whole()
                       .text("tokenizer.ggml.model", "gpt2")
                       .value("tokenizer.ggml.tokens", 9, texts({"a", "b", "ab"}));
        row("token id outside", GgufText(bpe).integer("tokenizer.ggml.bos_token_id", 3).file(),
            "there are 3 tokens");
        row("merge that is no pair", GgufText(bpe).value("tokenizer.ggml.merges", 9, texts({"ab"})).file(),
            "is not a pair");
        row("neither merges nor scores", bpe.file(), "neither tokenizer.ggml.merges nor a score");
        row("rope scaling", whole().text("llama.rope.scaling.type", "longrope").file(),
            "'longrope' is not known");
        row("part of a head",
            whole().integer("llama.rope.dimension_count", 2).integer("llama.attention.key_length", 4).file(),
            "rotates 2 of 4");
        auto heads = whole();
        heads.data = block;
        row("rows that are no heads", heads.tensor("blk.0.attn_q.weight", {1, 6}, 0, 0).file(),
            "divide into 2 heads");
    }

    void badGgufFilesAreRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, says);
        const auto message = ggufComplaint(content.toStdString());
        QVERIFY2(message.find(says.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.starts_with("m.gguf "), message.c_str());
    }

    void everyTruncationOfAGgufFileIsRefused()
    {
        const auto whole = readFile(g_here / "gguf" / "gpt2.gguf");
        for (size_t size = 0; size + 32 < whole.size(); size += size < 2000 ? 1 : 97) {
            const auto message = ggufComplaint(whole.substr(0, size));
            QVERIFY2(message.starts_with("m.gguf "), message.c_str());
        }
    }

    void ropeFrequenciesOfLlama3AreRecognised()
    {
        auto file = GgufText().text("general.architecture", "llama");
        for (const auto& [key, value] : {std::pair("context_length", 8), {"embedding_length", 128},
                 {"block_count", 1}, {"feed_forward_length", 8}, {"attention.head_count", 1}})
            file.integer(std::string("llama.") + key, uint32_t(value));
        file.value("llama.attention.layer_norm_rms_epsilon", 6, raw(1e-5F)).integer("llama.vocab_size", 3);
        file.value("llama.rope.freq_base", 6, raw(500000.0F)).tensor("rope_freqs.weight", {64}, 0, 0);
        for (int i = 0; i < 64; ++i) {
            const double length = 2 * 3.14159265358979 * std::pow(500000.0, i / 64.0);
            const double smooth = (8192 / length - 1) / 3;
            file.data += raw(float(length < 2048 ? 1 : length > 8192 ? 8 : 1 / ((1 - smooth) / 8 + smooth)));
        }
        const auto read = [&] {
            const auto text = file.file();
            return readGgufModel(readGguf(bytesOf(text), "m.gguf"), "m.gguf").config;
        };
        const auto config = read();
        QVERIFY2(config["rope_scaling"]
                == Json({{"rope_type", "llama3"}, {"factor", 8.0}, {"low_freq_factor", 1.0},
                    {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 8192}}),
            config.dump().c_str());
        file.data.replace(200, 4, raw(3.3F));
        const auto message = complaint([&] { (void)read(); });
        QVERIFY2(message.find("rope_freqs.weight") != std::string::npos, message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestWeightReaders)
#include "tst_weight_readers.moc"
