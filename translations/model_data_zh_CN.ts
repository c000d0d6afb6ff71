<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>studio::CheckpointHelp</name>
        <message>
            <source>How to get a checkpoint</source>
            <translation>如何获取模型检查点</translation>
        </message>
        <message>
            <source>The files that a folder needs, and commands that fetch one</source>
            <translation>文件夹需要哪些文件，以及下载命令</translation>
        </message>
        <message>
            <source>A model folder in the layout of the Hugging Face hub holds:</source>
            <translation>按 Hugging Face 格式存放的模型文件夹包含：</translation>
        </message>
        <message>
            <source>the architecture</source>
            <translation>模型结构</translation>
        </message>
        <message>
            <source>the weights; or &lt;code&gt;pytorch_model.bin&lt;/code&gt;; or the parts of either with their &lt;code&gt;.index.json&lt;/code&gt;</source>
            <translation>权重；也可以是 &lt;code&gt;pytorch_model.bin&lt;/code&gt;；或二者之一的多个分片加相应的 &lt;code&gt;.index.json&lt;/code&gt;</translation>
        </message>
        <message>
            <source>the tokeniser; or &lt;code&gt;vocab.txt&lt;/code&gt;, &lt;code&gt;vocab.json&lt;/code&gt; with &lt;code&gt;merges.txt&lt;/code&gt;, or a SentencePiece file</source>
            <translation>分词器；也可以是 &lt;code&gt;vocab.txt&lt;/code&gt;、&lt;code&gt;vocab.json&lt;/code&gt; 加 &lt;code&gt;merges.txt&lt;/code&gt;，或 SentencePiece 文件</translation>
        </message>
        <message>
            <source>its settings, where there are any</source>
            <translation>分词器的设置（如果有）</translation>
        </message>
        <message>
            <source>A single &lt;code&gt;.gguf&lt;/code&gt; file holds all of this. Families: %1.</source>
            <translation>单个 &lt;code&gt;.gguf&lt;/code&gt; 文件已包含以上全部内容。支持的系列：%1。</translation>
        </message>
        <message>
            <source>&amp;Example</source>
            <translation>示例(&amp;E)</translation>
        </message>
        <message>
            <source>Example model</source>
            <translation>示例模型</translation>
        </message>
        <message>
            <source>The commands below fetch this model</source>
            <translation>下面的命令会下载此模型</translation>
        </message>
        <message>
            <source>%1 (English)</source>
            <translation>%1（英文）</translation>
        </message>
        <message>
            <source>%1 (Chinese)</source>
            <translation>%1（中文）</translation>
        </message>
        <message>
            <source>%1 (100 languages)</source>
            <translation>%1（100 种语言）</translation>
        </message>
        <message>
            <source>%1 (a language model)</source>
            <translation>%1（语言模型）</translation>
        </message>
        <message>
            <source>1. Install the download tool, once:</source>
            <translation>1. 安装下载工具（只需一次）：</translation>
        </message>
        <message>
            <source>2. Download the model:</source>
            <translation>2. 下载模型：</translation>
        </message>
        <message>
            <source>Command that installs the download tool</source>
            <translation>安装下载工具的命令</translation>
        </message>
        <message>
            <source>Command that downloads the model</source>
            <translation>下载模型的命令</translation>
        </message>
        <message>
            <source>Copy the command that installs the download tool</source>
            <translation>复制安装下载工具的命令</translation>
        </message>
        <message>
            <source>Copy the command that downloads the model</source>
            <translation>复制下载模型的命令</translation>
        </message>
        <message>
            <source>3. Add the folder or file here, by a button or by dropping it on this page. Models in the Hugging Face cache are found by themselves.</source>
            <translation>3. 用按钮把文件夹或文件添加到这里，或把它拖到本页。Hugging Face 缓存中的模型会自动出现。</translation>
        </message>
    </context>
    <context>
        <name>studio::CleaningSection</name>
        <message>
            <source>Cleaning</source>
            <extracomment>between the names of steps in a list</extracomment>
            <translation>清洗</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>, </source>
            <translation>、</translation>
        </message>
        <message>
            <source>Looking at the texts…</source>
            <translation>正在查看文本…</translation>
        </message>
        <message>
            <source>Choose a step to see texts before and after it.</source>
            <translation>选择一个步骤，即可查看处理前后的文本。</translation>
        </message>
        <message>
            <source>In a sample of %1 rows, %2 texts change.</source>
            <translation>在抽样的 %1 行中，有 %2 条文本会改变。</translation>
        </message>
        <message>
            <source>%1 of %2 texts change.</source>
            <translation>%2 条文本中有 %1 条会改变。</translation>
        </message>
        <message>
            <source>%1 rows remain.</source>
            <translation>保留 %1 行。</translation>
        </message>
        <message>
            <source>Row %1
− %2
+ %3</source>
            <extracomment>an example of cleaning: row number, text before, text after</extracomment>
            <translation>第 %1 行
− %2
+ %3</translation>
        </message>
        <message>
            <source>(empty)</source>
            <translation>（空）</translation>
        </message>
        <message>
            <source>HTML tags and entities</source>
            <translation>HTML 标签和实体</translation>
        </message>
        <message>
            <source>Web addresses</source>
            <translation>网址</translation>
        </message>
        <message>
            <source>Unicode NFKC</source>
            <translation>Unicode NFKC</translation>
        </message>
        <message>
            <source>White space</source>
            <translation>空白字符</translation>
        </message>
        <message>
            <source>Drop empty rows</source>
            <translation>删除空行</translation>
        </message>
        <message>
            <source>Drop duplicates</source>
            <translation>删除重复行</translation>
        </message>
        <message>
            <source>Removes http://…, https://… and www.…</source>
            <translation>去掉以 http://、https:// 或 www. 开头的网址</translation>
        </message>
        <message>
            <source>Full-width letters, ligatures and the like become ordinary characters</source>
            <translation>把全角字母、连字等变为普通字符</translation>
        </message>
        <message>
            <source>Runs of white space become one space; none at the ends</source>
            <translation>把连续空白合并为一个空格，并去掉首尾空白</translation>
        </message>
        <message>
            <source>Leaves out rows whose text is empty after cleaning</source>
            <translation>去掉清洗后文本为空的行</translation>
        </message>
        <message>
            <source>Leaves out later rows with the same text and label</source>
            <translation>去掉后面出现的文本和标签都相同的行</translation>
        </message>
        <message>
            <source>Texts before and after cleaning</source>
            <translation>清洗前后的文本</translation>
        </message>
        <message>
            <source>Removes tags and comments, decodes entities</source>
            <translation>去掉标签和注释，并还原字符实体</translation>
        </message>
    </context>
    <context>
        <name>studio::DataPage</name>
        <message>
            <source>Open a validation file</source>
            <translation>打开验证文件</translation>
        </message>
        <message>
            <source>Open a test file</source>
            <translation>打开测试文件</translation>
        </message>
        <message>
            <source>Open a training file</source>
            <translation>打开训练文件</translation>
        </message>
        <message>
            <source>Tables and texts (*.csv *.tsv *.json *.jsonl *.txt);;All files (*)</source>
            <translation>表格和文本 (*.csv *.tsv *.json *.jsonl *.txt);;所有文件 (*)</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>训练</translation>
        </message>
        <message>
            <source>Validation</source>
            <translation>验证</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>测试</translation>
        </message>
        <message>
            <source>%1 · %2</source>
            <extracomment>a tab: part of the data and its number of rows</extracomment>
            <translation>%1 · %2</translation>
        </message>
        <message>
            <source>No test file: %1 of the training file are held out for the final report.</source>
            <translation>没有测试文件：从训练文件中留出 %1 用于最终报告。</translation>
        </message>
        <message>
            <source>No test file: the final report uses the validation part alone.</source>
            <translation>没有测试文件：最终报告只使用验证部分。</translation>
        </message>
        <message>
            <source>Open a test file…</source>
            <translation>打开测试文件…</translation>
        </message>
        <message>
            <source>No validation file: %1 of the training file are held out to measure progress.</source>
            <translation>没有验证文件：从训练文件中留出 %1 用于衡量进展。</translation>
        </message>
        <message>
            <source>No validation file and no share held out: progress is not measured.</source>
            <translation>没有验证文件，也没有留出数据：无法衡量进展。</translation>
        </message>
        <message>
            <source>Open a validation file…</source>
            <translation>打开验证文件…</translation>
        </message>
        <message>
            <source>Chinese reviews</source>
            <translation>中文评论</translation>
        </message>
        <message>
            <source>Chinese reviews (not in this model's vocabulary)</source>
            <translation>中文评论（此模型的词表不含中文）</translation>
        </message>
        <message>
            <source>English reviews</source>
            <translation>英文评论</translation>
        </message>
        <message>
            <source>No recent files</source>
            <translation>没有最近的文件</translation>
        </message>
        <message>
            <source>Demo data</source>
            <translation>演示数据</translation>
        </message>
        <message>
            <source>Use the reviews that come with the program</source>
            <translation>使用程序自带的评论数据</translation>
        </message>
        <message>
            <source>Recent</source>
            <translation>最近</translation>
        </message>
        <message>
            <source>Recent data files</source>
            <translation>最近的数据文件</translation>
        </message>
        <message>
            <source>Open a table of texts with labels (CSV, TSV, JSON, JSON Lines or plain lines), or drop it here.</source>
            <translation>打开带标签的文本表格（CSV、TSV、JSON、JSON Lines 或纯文本行），或把它拖到这里。</translation>
        </message>
        <message>
            <source>Open a data file…</source>
            <translation>打开数据文件…</translation>
        </message>
        <message>
            <source>Parts of the data</source>
            <translation>数据的各部分</translation>
        </message>
        <message>
            <source>Rows of the file</source>
            <translation>文件中的行</translation>
        </message>
        <message>
            <source>Whole text of the chosen cell</source>
            <translation>所选单元格的完整文本</translation>
        </message>
        <message>
            <source>Choose a cell to read its whole text.</source>
            <translation>选择一个单元格以阅读完整文本。</translation>
        </message>
        <message>
            <source>Earlier parts</source>
            <translation>前面的部分</translation>
        </message>
        <message>
            <source>Later parts</source>
            <translation>后面的部分</translation>
        </message>
    </context>
    <context>
        <name>studio::FileLine</name>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>%1 (auto)</source>
            <translation>%1（自动）</translation>
        </message>
        <message>
            <source>Label and text</source>
            <extracomment>file format: each line is a label, a space and a text</extracomment>
            <translation>标签加文本</translation>
        </message>
        <message>
            <source>Lines of text</source>
            <extracomment>file format: each line is a text</extracomment>
            <translation>文本行</translation>
        </message>
        <message>
            <source>Comma</source>
            <extracomment>names of characters that separate fields</extracomment>
            <translation>逗号</translation>
        </message>
        <message>
            <source>Tab</source>
            <translation>制表符</translation>
        </message>
        <message>
            <source>Semicolon</source>
            <translation>分号</translation>
        </message>
        <message>
            <source>Bar |</source>
            <translation>竖线 |</translation>
        </message>
        <message>
            <source>Double "</source>
            <extracomment>names of quote characters</extracomment>
            <translation>双引号 "</translation>
        </message>
        <message>
            <source>Single '</source>
            <translation>单引号 '</translation>
        </message>
        <message>
            <source>None</source>
            <extracomment>no quote character</extracomment>
            <translation>无</translation>
        </message>
        <message>
            <source>First row</source>
            <extracomment>whether the first row holds the column names</extracomment>
            <translation>第一行</translation>
        </message>
        <message>
            <source>No header</source>
            <translation>无表头</translation>
        </message>
        <message>
            <source>%1 bytes</source>
            <translation>%1 字节</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>正在读取…</translation>
        </message>
        <message>
            <source>&amp;Open…</source>
            <translation>打开(&amp;O)…</translation>
        </message>
        <message>
            <source>Open a data file</source>
            <translation>打开数据文件</translation>
        </message>
        <message>
            <source>Open a data file for this part (Ctrl+O)</source>
            <translation>为这一部分打开数据文件（Ctrl+O）</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>移除</translation>
        </message>
        <message>
            <source>Remove this file from the job</source>
            <translation>从任务中移除此文件</translation>
        </message>
        <message>
            <source>Take this file out of the job; it stays on the disk</source>
            <translation>把此文件移出任务，磁盘上的文件不变</translation>
        </message>
        <message>
            <source>Progress of reading the file</source>
            <translation>读取文件的进度</translation>
        </message>
        <message>
            <source>&amp;Encoding</source>
            <translation>编码(&amp;E)</translation>
        </message>
        <message>
            <source>How the bytes of the file stand for characters</source>
            <translation>文件的字节如何表示字符</translation>
        </message>
        <message>
            <source>For&amp;mat</source>
            <translation>格式(&amp;M)</translation>
        </message>
        <message>
            <source>How rows and columns are written in the file</source>
            <translation>文件中行和列的写法</translation>
        </message>
        <message>
            <source>&amp;Delimiter</source>
            <translation>分隔符(&amp;D)</translation>
        </message>
        <message>
            <source>The character between two fields</source>
            <translation>两个字段之间的字符</translation>
        </message>
        <message>
            <source>&amp;Quotes</source>
            <translation>引号(&amp;Q)</translation>
        </message>
        <message>
            <source>The character around fields that hold the delimiter</source>
            <translation>包围含分隔符字段的字符</translation>
        </message>
        <message>
            <source>He&amp;ader</source>
            <translation>表头(&amp;A)</translation>
        </message>
        <message>
            <source>Whether the first row holds the names of the columns</source>
            <translation>第一行是否为列名</translation>
        </message>
        <message numerus="yes">
            <source>%1 · %Ln rows</source>
            <translation>
                <numerusform>%1 · %Ln 行</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>studio::KnownModelList</name>
        <message>
            <source>Comes with the program</source>
            <translation>程序自带</translation>
        </message>
        <message>
            <source>Added folder</source>
            <translation>已添加的文件夹</translation>
        </message>
        <message>
            <source>Added file</source>
            <translation>已添加的文件</translation>
        </message>
        <message>
            <source>Found in a searched folder</source>
            <translation>在搜索文件夹中找到</translation>
        </message>
        <message>
            <source>Hugging Face cache</source>
            <translation>Hugging Face 缓存</translation>
        </message>
        <message>
            <source>Finished run</source>
            <translation>已完成的运行</translation>
        </message>
    </context>
    <context>
        <name>studio::LabelCard</name>
        <message>
            <source>No label column is chosen. Training needs one.</source>
            <translation>尚未选择标签列，训练需要标签。</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>正在读取…</translation>
        </message>
        <message>
            <source>%1: %2 rows, %3 of all</source>
            <extracomment>tooltip of a label's bar: name, rows, share</extracomment>
            <translation>%1：%2 行，占 %3</translation>
        </message>
        <message>
            <source>Show the largest only</source>
            <translation>只显示最大的类别</translation>
        </message>
        <message>
            <source>Show all %1</source>
            <translation>显示全部 %1 个</translation>
        </message>
        <message>
            <source>Numbers from %1 to %2, mean %3</source>
            <translation>数值从 %1 到 %2，平均 %3</translation>
        </message>
        <message>
            <source>%1 to %2: %3 rows</source>
            <extracomment>tooltip of a bar: range of numbers, rows</extracomment>
            <translation>%1 到 %2：%3 行</translation>
        </message>
        <message>
            <source>Labels</source>
            <translation>标签</translation>
        </message>
        <message>
            <source>Rows of each label</source>
            <translation>每个标签的行数</translation>
        </message>
        <message>
            <source>Distribution of the numbers to learn</source>
            <translation>待学习数值的分布</translation>
        </message>
        <message numerus="yes">
            <source>%Ln classes, several a text</source>
            <translation>
                <numerusform>%Ln 个类别，每条文本可有多个</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln classes</source>
            <translation>
                <numerusform>%Ln 个类别</numerusform>
            </translation>
        </message>
        <message>
            <source>Learn the labels as numbers</source>
            <translation>按数值学习标签</translation>
        </message>
        <message>
            <source>Sets the task to a number (regression)</source>
            <translation>把任务设为数值（回归）</translation>
        </message>
        <message>
            <source>They look like numbers: learn as such</source>
            <translation>这些标签像是数值：按数值学习</translation>
        </message>
    </context>
    <context>
        <name>studio::LengthCard</name>
        <message>
            <source>The lengths cannot be counted. %1</source>
            <translation>无法统计长度。%1</translation>
        </message>
        <message>
            <source>Choose a model: its tokeniser counts the lengths.</source>
            <translation>请选择模型：长度由它的分词器统计。</translation>
        </message>
        <message>
            <source>Counting tokens…</source>
            <translation>正在统计词元…</translation>
        </message>
        <message>
            <source>%1 to %2 tokens: %3 rows</source>
            <extracomment>tooltip of a bar: range of lengths in tokens, rows</extracomment>
            <translation>%1 到 %2 个词元：%3 行</translation>
        </message>
        <message>
            <source>Automatic (%1)</source>
            <translation>自动（%1）</translation>
        </message>
        <message>
            <source>Median %1, 95 % up to %2, longest %3 tokens</source>
            <translation>中位数 %1，95% 不超过 %2，最长 %3 个词元</translation>
        </message>
        <message>
            <source>Counted on a sample: %1 of %2 rows, spread evenly.</source>
            <translation>根据抽样统计：从 %2 行中均匀抽取 %1 行。</translation>
        </message>
        <message>
            <source>The model's vocabulary does not know %1 of the characters. Choose a model for this language.</source>
            <translation>此模型的词表不认识其中 %1 的字符。请选择适合该语言的模型。</translation>
        </message>
        <message>
            <source>%1 of the characters are unknown to the model's vocabulary.</source>
            <translation>词表不认识的字符占 %1。</translation>
        </message>
        <message>
            <source>No row is cut at %1 tokens</source>
            <translation>最大长度 %1 个词元时，没有行被截断</translation>
        </message>
        <message>
            <source>Fewer than 0.1 % of the rows are cut at %1 tokens</source>
            <translation>最大长度 %1 个词元时，不到 0.1% 的行被截断</translation>
        </message>
        <message>
            <source>%1 of the rows are cut at %2 tokens</source>
            <translation>最大长度 %2 个词元时，%1 的行被截断</translation>
        </message>
        <message>
            <source>Text length</source>
            <translation>文本长度</translation>
        </message>
        <message>
            <source>Lengths in tokens</source>
            <translation>以词元计的长度</translation>
        </message>
        <message>
            <source>Ma&amp;ximum length</source>
            <translation>最大长度(&amp;X)</translation>
        </message>
        <message>
            <source>Maximum length in tokens</source>
            <translation>以词元计的最大长度</translation>
        </message>
        <message>
            <source>Longer texts are cut. Shorter maxima train faster and need less memory.</source>
            <translation>超长的文本会被截断。最大长度越小，训练越快，占用内存越少。</translation>
        </message>
    </context>
    <context>
        <name>studio::MappingBar</name>
        <message>
            <source>Choose…</source>
            <translation>请选择…</translation>
        </message>
        <message>
            <source>None</source>
            <extracomment>no column holds a second text</extracomment>
            <translation>无</translation>
        </message>
        <message>
            <source>A number</source>
            <translation>一个数值</translation>
        </message>
        <message>
            <source>%1 (auto)</source>
            <translation>%1（自动）</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Several columns…</source>
            <translation>多列…</translation>
        </message>
        <message>
            <source>&amp;Text column</source>
            <translation>文本列(&amp;T)</translation>
        </message>
        <message>
            <source>The column with the texts that are classified</source>
            <translation>待分类文本所在的列</translation>
        </message>
        <message>
            <source>Se&amp;cond text</source>
            <translation>第二文本(&amp;C)</translation>
        </message>
        <message>
            <source>The column with the second text, where two texts are compared</source>
            <translation>比较两条文本时，第二条文本所在的列</translation>
        </message>
        <message>
            <source>&amp;Label column</source>
            <translation>标签列(&amp;L)</translation>
        </message>
        <message>
            <source>The column with the class or the number to learn</source>
            <translation>待学习的类别或数值所在的列</translation>
        </message>
        <message>
            <source>Tas&amp;k</source>
            <translation>任务(&amp;K)</translation>
        </message>
        <message>
            <source>What the label is: one class, several classes, or a number</source>
            <translation>标签的种类：一个类别、多个类别或一个数值</translation>
        </message>
        <message>
            <source>Se&amp;parator</source>
            <translation>分隔符(&amp;P)</translation>
        </message>
        <message>
            <source>The character between several labels in one cell; empty for JSON lists</source>
            <translation>一个单元格中多个标签之间的字符；JSON 列表请留空</translation>
        </message>
        <message>
            <source>Label columns</source>
            <translation>标签列</translation>
        </message>
        <message>
            <source>Several classes</source>
            <translation>多个类别</translation>
        </message>
        <message>
            <source>One class</source>
            <translation>一个类别</translation>
        </message>
    </context>
    <context>
        <name>studio::ModelCard</name>
        <message>
            <source>%1: %2</source>
            <extracomment>for screen readers: name of a figure and its value</extracomment>
            <translation>%1：%2</translation>
        </message>
        <message>
            <source>%1 tokens</source>
            <translation>%1 个词元</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message numerus="yes">
            <source>%1 in %Ln parts</source>
            <extracomment>%1 is the name of a file</extracomment>
            <translation>
                <numerusform>%1，共 %Ln 个分片</numerusform>
            </translation>
        </message>
        <message>
            <source>Not stated</source>
            <translation>未说明</translation>
        </message>
        <message>
            <source>%1 bytes</source>
            <translation>%1 字节</translation>
        </message>
        <message>
            <source>About %1</source>
            <extracomment>about so much memory</extracomment>
            <translation>约 %1</translation>
        </message>
        <message>
            <source>When a batch of %1 texts is %2 tokens long each; shorter texts need less</source>
            <translation>按每批 %1 条文本、每条 %2 个词元估算；文本较短时需要更少</translation>
        </message>
        <message>
            <source>Memory to train (batch %1, %2 tokens)</source>
            <translation>训练所需内存（每批 %1 条，%2 个词元）</translation>
        </message>
        <message>
            <source>None yet</source>
            <translation>尚无</translation>
        </message>
        <message>
            <source>Texts of more than %1 tokens are cut.</source>
            <translation>超过 %1 个词元的文本会被截断。</translation>
        </message>
        <message>
            <source>Ready: the model already classifies; training goes on from there.</source>
            <translation>就绪：此模型已能分类，训练将在此基础上继续。</translation>
        </message>
        <message>
            <source>Ready: a classification head will be created for your labels when training starts.</source>
            <translation>就绪：训练开始时会按您的标签新建分类头。</translation>
        </message>
        <message>
            <source>Architecture</source>
            <translation>结构</translation>
        </message>
        <message>
            <source>Parameters</source>
            <translation>参数量</translation>
        </message>
        <message>
            <source>Layers</source>
            <translation>层数</translation>
        </message>
        <message>
            <source>Width</source>
            <translation>宽度</translation>
        </message>
        <message>
            <source>Attention heads</source>
            <translation>注意力头数</translation>
        </message>
        <message>
            <source>Vocabulary</source>
            <translation>词表</translation>
        </message>
        <message>
            <source>Tokeniser</source>
            <translation>分词器</translation>
        </message>
        <message>
            <source>Positions</source>
            <translation>位置数</translation>
        </message>
        <message>
            <source>Longest input</source>
            <translation>最长输入</translation>
        </message>
        <message>
            <source>Languages</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>Format</source>
            <translation>格式</translation>
        </message>
        <message>
            <source>Size on disk</source>
            <translation>磁盘占用</translation>
        </message>
        <message>
            <source>Precision on disk</source>
            <translation>存储精度</translation>
        </message>
        <message>
            <source>Memory to train</source>
            <translation>训练所需内存</translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>类别</translation>
        </message>
        <message>
            <source>Numbers that are learned</source>
            <translation>可学习的数值个数</translation>
        </message>
        <message>
            <source>Numbers that stand for each token</source>
            <translation>表示每个词元的数值个数</translation>
        </message>
        <message>
            <source>Different tokens</source>
            <translation>词元的种数</translation>
        </message>
        <message>
            <source>How texts are cut into tokens</source>
            <translation>文本切分为词元的方式</translation>
        </message>
        <message>
            <source>Tokens of a text that the model tells apart by their place</source>
            <translation>模型能按位置区分的词元个数</translation>
        </message>
        <message>
            <source>Longer texts are cut</source>
            <translation>更长的文本会被截断</translation>
        </message>
        <message>
            <source>As the model's own description states</source>
            <translation>以模型自带的说明为准</translation>
        </message>
        <message>
            <source>What the model can tell apart now</source>
            <translation>模型目前能区分的类别</translation>
        </message>
        <message>
            <source>Copy the path of the folder</source>
            <translation>复制文件夹路径</translation>
        </message>
        <message>
            <source>O&amp;pen folder</source>
            <translation>打开文件夹(&amp;P)</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>打开文件夹</translation>
        </message>
        <message>
            <source>Shows the model's files in the file manager</source>
            <translation>在文件管理器中显示模型文件</translation>
        </message>
        <message>
            <source>Looking at the model folder</source>
            <translation>正在查看模型文件夹</translation>
        </message>
        <message>
            <source>English</source>
            <translation>英文</translation>
        </message>
        <message>
            <source>Chinese</source>
            <translation>中文</translation>
        </message>
        <message>
            <source>Multilingual</source>
            <translation>多语言</translation>
        </message>
        <message>
            <source>32 bits (fp32)</source>
            <translation>32 位（fp32）</translation>
        </message>
        <message>
            <source>16 bits (fp16)</source>
            <translation>16 位（fp16）</translation>
        </message>
        <message>
            <source>16 bits (bf16)</source>
            <translation>16 位（bf16）</translation>
        </message>
        <message>
            <source>Mixed</source>
            <translation>混合</translation>
        </message>
        <message numerus="yes">
            <source>%Ln tensors are not in the checkpoint and will be created.</source>
            <translation>
                <numerusform>检查点中缺少 %Ln 个张量，将会新建。</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>studio::ModelChooser</name>
        <message>
            <source>Add a model folder</source>
            <translation>添加模型文件夹</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Known models</source>
            <translation>已知模型</translation>
        </message>
        <message>
            <source>&amp;Add a folder…</source>
            <translation>添加文件夹(&amp;A)…</translation>
        </message>
        <message>
            <source>Add a model folder, or every model below a folder (Ctrl+Shift+O)</source>
            <translation>添加一个模型文件夹，或某文件夹下的所有模型（Ctrl+Shift+O）</translation>
        </message>
        <message>
            <source>Add a model file</source>
            <translation>添加模型文件</translation>
        </message>
        <message>
            <source>Add a f&amp;ile…</source>
            <translation>添加文件(&amp;I)…</translation>
        </message>
        <message>
            <source>Add a .gguf file, or the model whose weights a file holds</source>
            <translation>添加 .gguf 文件，或权重文件所属的模型</translation>
        </message>
        <message>
            <source>Weights (%1);;All files (%2)</source>
            <translation>权重文件 (%1);;所有文件 (%2)</translation>
        </message>
        <message>
            <source>Re&amp;move</source>
            <translation>移除(&amp;M)</translation>
        </message>
        <message>
            <source>Remove from the list</source>
            <translation>从列表中移除</translation>
        </message>
        <message>
            <source>Takes an added model off the list (Del); nothing is deleted from the disk</source>
            <translation>把已添加的模型移出列表（Del），不会删除磁盘上的文件</translation>
        </message>
        <message>
            <source>Look for models again</source>
            <translation>重新查找模型</translation>
        </message>
    </context>
    <context>
        <name>studio::ModelPage</name>
        <message>
            <source>No model was found in %1. A model folder needs config.json and its weights (model.safetensors or pytorch_model.bin); a .gguf file holds both.</source>
            <translation>在 %1 中没有找到模型。模型文件夹需要 config.json 和权重（model.safetensors 或 pytorch_model.bin）；.gguf 文件则两者兼有。</translation>
        </message>
        <message>
            <source>No recent models</source>
            <translation>没有最近的模型</translation>
        </message>
        <message>
            <source>Recent</source>
            <translation>最近</translation>
        </message>
        <message>
            <source>Recent models</source>
            <translation>最近的模型</translation>
        </message>
        <message>
            <source>Choose a model from the list, add a model folder or a .gguf file, or drop one here.</source>
            <translation>从列表中选择模型，添加模型文件夹或 .gguf 文件，或把它拖到这里。</translation>
        </message>
        <message>
            <source>Add a model folder…</source>
            <translation>添加模型文件夹…</translation>
        </message>
    </context>
    <context>
        <name>studio::ProblemCard</name>
        <message>
            <source>No problem was found.</source>
            <translation>没有发现问题。</translation>
        </message>
        <message>
            <source>%1 of %2 training rows can be used. Choose a problem to see its rows.</source>
            <translation>%2 行训练数据中有 %1 行可用。选择一个问题可查看相应的行。</translation>
        </message>
        <message>
            <source>Problems</source>
            <translation>问题</translation>
        </message>
        <message>
            <source>Problems of the data</source>
            <translation>数据中的问题</translation>
        </message>
    </context>
    <context>
        <name>studio::ProblemTreeModel</name>
        <message>
            <source>Row %1</source>
            <extracomment>a row of the data file, by its number</extracomment>
            <translation>第 %1 行</translation>
        </message>
        <message>
            <source>These rows are left out of training.</source>
            <translation>这些行不参与训练。</translation>
        </message>
        <message>
            <source>These rows are used all the same.</source>
            <translation>这些行仍会使用。</translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with an empty text</source>
            <translation>
                <numerusform>%Ln 行文本为空</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows without a label</source>
            <translation>
                <numerusform>%Ln 行没有标签</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with a wrong number of fields</source>
            <translation>
                <numerusform>%Ln 行字段数不对</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with undecodable bytes</source>
            <translation>
                <numerusform>%Ln 行含无法解码的字节</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with zero bytes</source>
            <translation>
                <numerusform>%Ln 行含零字节</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with an unclosed quote</source>
            <translation>
                <numerusform>%Ln 行引号未闭合</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows of invalid JSON</source>
            <translation>
                <numerusform>%Ln 行不是有效的 JSON</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with an unreadable label</source>
            <translation>
                <numerusform>%Ln 行标签无法读取</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln repeated rows</source>
            <translation>
                <numerusform>%Ln 行与前面的行重复</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with conflicting labels</source>
            <translation>
                <numerusform>%Ln 行文本相同但标签不同</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows, label differs only by case</source>
            <translation>
                <numerusform>%Ln 行的标签仅大小写或空格不同</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows of very small classes</source>
            <translation>
                <numerusform>%Ln 行属于行数很少的类别</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln texts in training and in test</source>
            <translation>
                <numerusform>%Ln 条文本同时在训练和测试中</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln texts in training and in validation</source>
            <translation>
                <numerusform>%Ln 条文本同时在训练和验证中</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln test rows with an unknown label</source>
            <translation>
                <numerusform>测试部分 %Ln 行的标签未知</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln validation rows with an unknown label</source>
            <translation>
                <numerusform>验证部分 %Ln 行的标签未知</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>studio::SplitSection</name>
        <message>
            <source>All rows have the label “%1”, and a classifier needs rows of at least two labels.</source>
            <translation>所有行的标签都是“%1”，而分类器至少需要两种标签的行。</translation>
        </message>
        <message>
            <source>Parts</source>
            <translation>划分</translation>
        </message>
        <message>
            <source>Only one label</source>
            <translation>只有一种标签</translation>
        </message>
        <message>
            <source>Counting…</source>
            <translation>正在统计…</translation>
        </message>
        <message>
            <source>%1 training · %2 validation · %3 test</source>
            <extracomment>rows of each part</extracomment>
            <translation>训练 %1 · 验证 %2 · 测试 %3</translation>
        </message>
        <message>
            <source>Each part holds the same share of every label; the seed decides which rows.</source>
            <translation>各部分中每个标签的比例相同；由随机种子决定取哪些行。</translation>
        </message>
        <message>
            <source>A part with a file of its own takes nothing from the training file.</source>
            <translation>有单独文件的部分不从训练文件中取数据。</translation>
        </message>
        <message>
            <source>Texts in several parts are not looked for in so many rows.</source>
            <translation>行数太多，不检查出现在多个部分中的文本。</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>训练</translation>
        </message>
        <message>
            <source>Validation</source>
            <translation>验证</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>测试</translation>
        </message>
        <message>
            <source>All</source>
            <translation>合计</translation>
        </message>
        <message>
            <source>Validat&amp;ion share</source>
            <translation>验证比例(&amp;I)</translation>
        </message>
        <message>
            <source>Share of the training rows that is held out to measure progress</source>
            <translation>从训练数据中留出、用于衡量进展的比例</translation>
        </message>
        <message>
            <source>Test &amp;share</source>
            <translation>测试比例(&amp;S)</translation>
        </message>
        <message>
            <source>Share of the training rows that is held out for the final report</source>
            <translation>从训练数据中留出、用于最终报告的比例</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>随机种子</translation>
        </message>
        <message>
            <source>Start of the random numbers, also of the training: the same seed gives the same parts</source>
            <translation>随机数的起点，训练也使用它：种子相同则划分相同</translation>
        </message>
        <message>
            <source> %</source>
            <extracomment>suffix of a number field: per cent</extracomment>
            <translation> %</translation>
        </message>
        <message>
            <source>Rows of each part</source>
            <translation>各部分的行数</translation>
        </message>
    </context>
    <context>
        <name>studio::TablePreviewModel</name>
        <message>
            <source>%1 · text</source>
            <extracomment>header of the column that holds the texts; %1 is its name</extracomment>
            <translation>%1 · 文本</translation>
        </message>
        <message>
            <source>%1 · second text</source>
            <extracomment>header of the column that holds the second text of a pair</extracomment>
            <translation>%1 · 第二文本</translation>
        </message>
        <message>
            <source>%1 · label</source>
            <extracomment>header of the column that holds the labels</extracomment>
            <translation>%1 · 标签</translation>
        </message>
    </context>
</TS>
