<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>studio::ClassTableModel</name>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Support</source>
        <comment>number of rows of a class</comment>
        <translation>样本数</translation>
    </message>
</context>
<context>
    <name>studio::ConfusionView</name>
    <message>
        <source>True: %1, predicted: %2: %3, %4 of the row</source>
        <translation>真实：%1，预测：%2：%3，占该行 %4</translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::MetricCards</name>
    <message>
        <source>Pearson</source>
        <translation>Pearson 相关系数</translation>
    </message>
    <message>
        <source>Spearman</source>
        <translation>Spearman 相关系数</translation>
    </message>
    <message>
        <source>MAE</source>
        <translation>平均绝对误差（MAE）</translation>
    </message>
    <message>
        <source>R²</source>
        <translation>R²</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>F1 (macro)</source>
        <translation>F1（宏平均）</translation>
    </message>
    <message>
        <source>MCC</source>
        <translation>MCC</translation>
    </message>
    <message>
        <source>AUC</source>
        <translation>AUC</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message numerus="yes">
        <source>Test, %Ln row(s)</source>
        <translation>
            <numerusform>测试集，%Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Validation, %Ln row(s)</source>
        <translation>
            <numerusform>验证集，%Ln 行</numerusform>
        </translation>
    </message>
    <message>
        <source>F1 (micro)</source>
        <translation>F1（微平均）</translation>
    </message>
    <message>
        <source>Test</source>
        <comment>part of the data</comment>
        <translation>测试集</translation>
    </message>
    <message>
        <source>Validation</source>
        <comment>part of the data</comment>
        <translation>验证集</translation>
    </message>
</context>
<context>
    <name>studio::PredictionsModel</name>
    <message>
        <source>Row</source>
        <comment>number of a row in the file</comment>
        <translation>行</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>True value</source>
        <translation>真实值</translation>
    </message>
    <message>
        <source>True label</source>
        <translation>真实标签</translation>
    </message>
    <message>
        <source>Predicted value</source>
        <translation>预测值</translation>
    </message>
    <message>
        <source>Predicted label</source>
        <translation>预测标签</translation>
    </message>
    <message>
        <source>Error</source>
        <comment>difference of two numbers</comment>
        <translation>误差</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
</context>
<context>
    <name>studio::ResultsPage</name>
    <message>
        <source>not %1</source>
        <translation>非 %1</translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message>
        <source>predictions</source>
        <translation>预测结果</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>导出行</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV 文件 (*.csv)</translation>
    </message>
    <message>
        <source>Nothing to judge yet: results appear here when a run has ended.</source>
        <translation>还没有可评判的内容：运行结束后，结果会显示在这里。</translation>
    </message>
    <message>
        <source>This run has not been evaluated, so there are no results to show.</source>
        <translation>此运行尚未评估，没有可显示的结果。</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation>前往“训练”</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>The run whose best model is shown</source>
        <translation>显示其最佳模型结果的运行</translation>
    </message>
    <message>
        <source>Part of the data</source>
        <translation>数据部分</translation>
    </message>
    <message>
        <source>Rows that matrix, classes and list are about</source>
        <translation>矩阵、类别表和行列表所针对的数据</translation>
    </message>
    <message>
        <source>Test</source>
        <comment>part of the data</comment>
        <translation>测试集</translation>
    </message>
    <message>
        <source>Validation</source>
        <comment>part of the data</comment>
        <translation>验证集</translation>
    </message>
    <message>
        <source>Predicted against true</source>
        <translation>预测值与真实值</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>Label of the matrix</source>
        <translation>矩阵对应的标签</translation>
    </message>
    <message>
        <source>Show shares</source>
        <translation>显示占比</translation>
    </message>
    <message>
        <source>Show the share of each row instead of the count</source>
        <translation>显示每行内的占比而不是计数</translation>
    </message>
    <message>
        <source>True ↓</source>
        <translation>真实 ↓</translation>
    </message>
    <message>
        <source>Predicted →</source>
        <translation>预测 →</translation>
    </message>
    <message>
        <source>true value</source>
        <translation>真实值</translation>
    </message>
    <message>
        <source>predicted value ↑</source>
        <translation>预测值 ↑</translation>
    </message>
    <message>
        <source>The rows are listed below once a run is complete.</source>
        <translation>运行完成后，下方会列出各行。</translation>
    </message>
    <message>
        <source>Click a point to see its row.</source>
        <translation>点击一个点可查看对应的行。</translation>
    </message>
    <message>
        <source>Click a cell or a true label to see its rows below.</source>
        <translation>点击单元格或真实标签，可在下方查看对应的行。</translation>
    </message>
    <message>
        <source>Per class</source>
        <translation>各类别</translation>
    </message>
    <message>
        <source>Double-click a class to see its rows</source>
        <translation>双击类别可查看其行</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Search texts and labels</source>
        <translation>搜索文本和标签</translation>
    </message>
    <message>
        <source>Only &amp;mistakes</source>
        <translation>仅显示错误(&amp;M)</translation>
    </message>
    <message>
        <source>Show all rows</source>
        <translation>显示全部行</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <source>Write the rows shown to a CSV file</source>
        <translation>将当前显示的行写入 CSV 文件</translation>
    </message>
    <message>
        <source>Go to Runs</source>
        <translation>前往“运行”</translation>
    </message>
    <message>
        <source>True: %1 → predicted: %2</source>
        <translation>真实：%1 → 预测：%2</translation>
    </message>
    <message>
        <source>True: %1</source>
        <translation>真实：%1</translation>
    </message>
</context>
<context>
    <name>studio::ResumeDelegate</name>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on from the newest checkpoint of this run</source>
        <translation>从此运行的最新检查点继续</translation>
    </message>
</context>
<context>
    <name>studio::RunComparison</name>
    <message>
        <source>Accuracy (validation)</source>
        <translation>准确率（验证）</translation>
    </message>
    <message>
        <source>F1 (validation)</source>
        <translation>F1（验证）</translation>
    </message>
    <message>
        <source>Pearson (validation)</source>
        <translation>Pearson（验证）</translation>
    </message>
    <message>
        <source>Loss (validation)</source>
        <translation>损失（验证）</translation>
    </message>
    <message>
        <source>Loss (train)</source>
        <translation>损失（训练）</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>The curve that is drawn</source>
        <translation>所绘制的曲线</translation>
    </message>
    <message>
        <source>Only sett&amp;ings that differ</source>
        <translation>仅显示不同的设置(&amp;I)</translation>
    </message>
    <message>
        <source>No values of this metric</source>
        <translation>没有此指标的数值</translation>
    </message>
    <message>
        <source>Curves of the selected runs</source>
        <translation>所选运行的曲线</translation>
    </message>
    <message>
        <source>Settings of the selected runs</source>
        <translation>所选运行的设置</translation>
    </message>
</context>
<context>
    <name>studio::RunsModel</name>
    <message>
        <source>Running</source>
        <comment>state of a run</comment>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Completed</source>
        <comment>state of a run</comment>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Stopped</source>
        <comment>state of a run</comment>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Failed</source>
        <comment>state of a run</comment>
        <translation>失败</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <comment>state of a run</comment>
        <translation>已中断</translation>
    </message>
    <message>
        <source>%1 · %2 of %3</source>
        <translation>%1 · %2/%3</translation>
    </message>
    <message>
        <source>%1 = %2</source>
        <translation>%1 = %2</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Batch</source>
        <comment>batch size</comment>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Best</source>
        <comment>best value of the chosen metric</comment>
        <translation>最佳</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
</context>
<context>
    <name>studio::RunsPage</name>
    <message>
        <source>Another window has this workspace open as well (%1). Both may be used; a run is written by one of them at a time.</source>
        <translation>另一个窗口也打开了此工作区（%1）。两者均可使用；同一运行一次只由其中一个写入。</translation>
    </message>
    <message>
        <source>Select one run to see it, or several to compare them.</source>
        <translation>选择一个运行以查看，或选择多个以比较。</translation>
    </message>
    <message numerus="yes">
        <source>The first %n of the selected runs are drawn.</source>
        <translation>
            <numerusform>仅绘制所选运行中的前 %n 个。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) compared</source>
        <translation>
            <numerusform>正在比较 %n 个运行</numerusform>
        </translation>
    </message>
    <message>
        <source>Export into an empty folder</source>
        <translation>导出到空文件夹</translation>
    </message>
    <message>
        <source>Exported to %1 and checked: the largest difference of the logits is %2.</source>
        <translation>已导出到 %1 并核对：logits 的最大差异为 %2。</translation>
    </message>
    <message>
        <source>Delete runs</source>
        <translation>删除运行</translation>
    </message>
    <message numerus="yes">
        <source>Move %n run(s) to the wastebasket?</source>
        <translation>
            <numerusform>将 %n 个运行移到回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>Move to wastebasket</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>There is no wastebasket for this folder. Delete %n run(s) for good?</source>
        <translation>
            <numerusform>此文件夹没有可用的回收站。要永久删除 %n 个运行吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>No runs yet: every run that you start is kept here.</source>
        <translation>还没有运行：您启动的每次运行都会保存在这里。</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation>前往“训练”</translation>
    </message>
    <message>
        <source>Search names, notes, models and data</source>
        <translation>搜索名称、备注、模型和数据</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Re&amp;sults</source>
        <translation>结果(&amp;S)</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Show metrics, confusion matrix and rows of this run</source>
        <translation>查看此运行的指标、混淆矩阵和各行</translation>
    </message>
    <message>
        <source>Tr&amp;y it</source>
        <translation>试用(&amp;Y)</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试用</translation>
    </message>
    <message>
        <source>Type texts against this run&apos;s model</source>
        <translation>用此运行的模型试输入文本</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>继续(&amp;U)</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on from the newest checkpoint of this run</source>
        <translation>从此运行的最新检查点继续</translation>
    </message>
    <message>
        <source>Start a&amp;gain</source>
        <translation>再次启动(&amp;G)</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>再次启动</translation>
    </message>
    <message>
        <source>Start a new run with the same settings</source>
        <translation>用相同的设置启动新的运行</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>打开文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open the run&apos;s folder in the file manager</source>
        <translation>在文件管理器中打开运行的文件夹</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Write a clean model folder that transformers loads, and check it</source>
        <translation>写出可由 transformers 加载的模型文件夹，并进行核对</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>删除(&amp;D)…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Move the selected runs to the wastebasket</source>
        <translation>将所选运行移到回收站</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>&amp;Note</source>
        <translation>备注(&amp;N)</translation>
    </message>
    <message>
        <source>What was tried, what came of it</source>
        <translation>尝试了什么，结果如何</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>No run matches the search.</source>
        <translation>没有与搜索匹配的运行。</translation>
    </message>
</context>
<context>
    <name>studio::SettingsModel</name>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>studio::TokenChips</name>
    <message numerus="yes">
        <source>… %n more</source>
        <translation>
            <numerusform>… 另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: id %2</source>
        <translation>%1：编号 %2</translation>
    </message>
    <message>
        <source>%1: id %2, characters %3 to %4</source>
        <translation>%1：编号 %2，第 %3 至 %4 个字符</translation>
    </message>
</context>
<context>
    <name>studio::TryColumn</name>
    <message>
        <source>Now training · step %1</source>
        <translation>正在训练 · 第 %1 步</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>no label</source>
        <comment>multi-label: nothing applies</comment>
        <translation>无标签</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n 个词元</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n token(s) are unknown to this model.</source>
        <translation>
            <numerusform>有 %n 个词元不在此模型的词表中。</numerusform>
        </translation>
    </message>
    <message>
        <source>Live weights of step %1</source>
        <translation>第 %1 步的实时权重</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>The text is longer than the model reads; its end was cut.</source>
        <translation>文本超出模型可读取的长度，末尾已被截断。</translation>
    </message>
    <message>
        <source>This model was loaded with remarks: its answers may mean nothing yet.</source>
        <translation>加载此模型时有提示：它的回答可能尚无意义。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The model that answers</source>
        <translation>作答的模型</translation>
    </message>
    <message>
        <source>Probability of each class</source>
        <translation>各类别的概率</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>studio::TryItPage</name>
    <message>
        <source>Classify a file</source>
        <translation>对文件分类</translation>
    </message>
    <message>
        <source>Texts (*.txt *.csv *.tsv *.json *.jsonl);;All files (*)</source>
        <translation>文本 (*.txt *.csv *.tsv *.json *.jsonl);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Save the classified texts</source>
        <translation>保存分类结果</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV 文件 (*.csv)</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Type or paste a text: the answer follows every key.</source>
        <translation>输入或粘贴文本：每次按键后都会更新回答。</translation>
    </message>
    <message>
        <source>Second text (&amp;pair)</source>
        <translation>第二段文本（成对）(&amp;P)</translation>
    </message>
    <message>
        <source>Second text (pair)</source>
        <translation>第二段文本（成对）</translation>
    </message>
    <message>
        <source>For models that judge two texts together</source>
        <translation>用于同时判断两段文本的模型</translation>
    </message>
    <message>
        <source>Second text</source>
        <translation>第二段文本</translation>
    </message>
    <message>
        <source>Last inputs</source>
        <translation>最近的输入</translation>
    </message>
    <message>
        <source>Click one to try it again</source>
        <translation>点击一条可再次试用</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>&amp;Two models side by side</source>
        <translation>并排比较两个模型(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Classify a file…</source>
        <translation>对文件分类(&amp;C)…</translation>
    </message>
    <message>
        <source>Choose a finished model first: the run in training answers typed texts only.</source>
        <translation>请先选择已完成的模型：正在训练的运行只回答键入的文本。</translation>
    </message>
    <message>
        <source>Classify every row of a file and save the answers as CSV</source>
        <translation>对文件的每一行分类，并将结果保存为 CSV</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) written to %1</source>
        <translation>
            <numerusform>已将 %Ln 行写入 %1</numerusform>
        </translation>
    </message>
</context>
</TS>
