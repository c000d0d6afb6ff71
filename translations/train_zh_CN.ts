<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>studio::ArgumentField</name>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Yes</source>
            <translation>是</translation>
        </message>
        <message>
            <source>No</source>
            <translation>否</translation>
        </message>
        <message>
            <source>This value cannot be used.</source>
            <translation>此值无法使用。</translation>
        </message>
        <message>
            <source>Allowed: %1</source>
            <translation>允许范围：%1</translation>
        </message>
    </context>
    <context>
        <name>studio::ArgumentText</name>
        <message>
            <source>Epochs</source>
            <translation>轮数</translation>
        </message>
        <message>
            <source>How often every training text is seen. More epochs fit the data better, until validation gets worse.</source>
            <translation>每条训练文本被学习的次数。轮数越多越贴合数据，直到验证结果开始变差。</translation>
        </message>
        <message>
            <source>Most steps</source>
            <translation>最多步数</translation>
        </message>
        <message>
            <source>Ends after this many optimizer steps, whatever the epochs say. -1: the epochs decide.</source>
            <translation>达到该优化步数后结束，不论轮数。-1：由轮数决定。</translation>
        </message>
        <message>
            <source>Batch size</source>
            <translation>批大小</translation>
        </message>
        <message>
            <source>Texts that are worked on together in one step. Larger is faster on a GPU and needs more memory.</source>
            <translation>每一步一起处理的文本数。越大在 GPU 上越快，也需要更多内存。</translation>
        </message>
        <message>
            <source>Tokens of a batch</source>
            <translation>每批词元数</translation>
        </message>
        <message>
            <source>Batches are filled with texts up to so many tokens, whatever their number; a longer text makes a batch of its own. 0: the batch size counts.</source>
            <translation>每批装入文本，直到达到此词元数为止，不论文本条数；更长的文本自成一批。0：按批大小。</translation>
        </message>
        <message>
            <source>Batch size of evaluation</source>
            <translation>评估批大小</translation>
        </message>
        <message>
            <source>Texts that are worked on together while evaluating. Does not change the result.</source>
            <translation>评估时一起处理的文本数。不影响结果。</translation>
        </message>
        <message>
            <source>Accumulated batches</source>
            <translation>累积批数</translation>
        </message>
        <message>
            <source>Batches whose gradients are added up before one step: a larger batch in effect, without more memory.</source>
            <translation>累加多少批的梯度后走一步：相当于更大的批，而不多占内存。</translation>
        </message>
        <message>
            <source>Shuffle the rows</source>
            <translation>打乱行顺序</translation>
        </message>
        <message>
            <source>Draws the rows in a new random order each epoch. Off: the order of the file.</source>
            <translation>每轮按新的随机顺序取行。关闭：按文件中的顺序。</translation>
        </message>
        <message>
            <source>Group texts of similar length</source>
            <translation>按相近长度分组</translation>
        </message>
        <message>
            <source>Batches hold texts of similar length: faster, but the order is no longer purely random.</source>
            <translation>每批文本长度相近：更快，但顺序不再完全随机。</translation>
        </message>
        <message>
            <source>Longest input</source>
            <translation>最大输入长度</translation>
        </message>
        <message>
            <source>Texts with more tokens are cut. 0: as long as the model allows.</source>
            <translation>超过此词元数的文本会被截断。0：取模型允许的最大长度。</translation>
        </message>
        <message>
            <source>Use only the first rows for training</source>
            <translation>只用前若干行训练</translation>
        </message>
        <message>
            <source>For a quick trial on part of the data. 0: all rows.</source>
            <translation>用部分数据快速试验。0：全部行。</translation>
        </message>
        <message>
            <source>Use only the first rows for evaluation</source>
            <translation>只用前若干行评估</translation>
        </message>
        <message>
            <source>Optimizer</source>
            <translation>优化器</translation>
        </message>
        <message>
            <source>How weights follow the gradients. AdamW suits fine-tuning best.</source>
            <translation>权重如何随梯度更新。微调最适合用 AdamW。</translation>
        </message>
        <message>
            <source>Learning rate</source>
            <translation>学习率</translation>
        </message>
        <message>
            <source>How far weights move in one step, at the peak of the schedule. 2e-5 to 1e-4 is usual.</source>
            <translation>调度峰值时每一步权重移动的幅度。通常为 2e-5 到 1e-4。</translation>
        </message>
        <message>
            <source>Learning rate of the head</source>
            <translation>分类头学习率</translation>
        </message>
        <message>
            <source>A rate of its own for the new classification head. Empty: the same as for the rest.</source>
            <translation>新分类头单独的学习率。留空：与其余部分相同。</translation>
        </message>
        <message>
            <source>Weight decay</source>
            <translation>权重衰减</translation>
        </message>
        <message>
            <source>Pulls weights towards zero a little in each step; biases and norms are left out.</source>
            <translation>每一步把权重略微拉向零；偏置和归一化层除外。</translation>
        </message>
        <message>
            <source>Adam β1</source>
            <translation>Adam β1</translation>
        </message>
        <message>
            <source>How slowly the mean of the gradients changes.</source>
            <translation>梯度均值变化的缓慢程度。</translation>
        </message>
        <message>
            <source>Adam β2</source>
            <translation>Adam β2</translation>
        </message>
        <message>
            <source>How slowly the mean of the squared gradients changes.</source>
            <translation>梯度平方均值变化的缓慢程度。</translation>
        </message>
        <message>
            <source>Adam ε</source>
            <translation>Adam ε</translation>
        </message>
        <message>
            <source>Keeps a division from growing without bound.</source>
            <translation>防止除法结果无限增大。</translation>
        </message>
        <message>
            <source>Momentum</source>
            <translation>动量</translation>
        </message>
        <message>
            <source>Share of the last step that SGD carries on.</source>
            <translation>SGD 保留上一步的比例。</translation>
        </message>
        <message>
            <source>Gradient clipping</source>
            <translation>梯度裁剪</translation>
        </message>
        <message>
            <source>Gradients with a larger norm are scaled down to it. 0: never.</source>
            <translation>范数超过此值的梯度会按比例缩小。0：不裁剪。</translation>
        </message>
        <message>
            <source>Schedule</source>
            <translation>学习率调度</translation>
        </message>
        <message>
            <source>How the learning rate falls after the warm-up.</source>
            <translation>预热之后学习率如何下降。</translation>
        </message>
        <message>
            <source>Warm-up</source>
            <translation>预热</translation>
        </message>
        <message>
            <source>Steps over which the learning rate rises from 0. Below 1: a share of all steps.</source>
            <translation>学习率从 0 上升所用的步数。小于 1：占总步数的比例。</translation>
        </message>
        <message>
            <source>Dropout</source>
            <translation>随机失活</translation>
        </message>
        <message>
            <source>Probability with which values are dropped while training. Empty: as the model&apos;s configuration says.</source>
            <translation>训练时丢弃数值的概率。留空：按模型配置。</translation>
        </message>
        <message>
            <source>Label smoothing</source>
            <translation>标签平滑</translation>
        </message>
        <message>
            <source>Share of the probability that the loss spreads over all classes. Helps where labels are noisy.</source>
            <translation>损失分摊给所有类别的概率比例。标签有噪声时有帮助。</translation>
        </message>
        <message>
            <source>Class weights</source>
            <translation>类别权重</translation>
        </message>
        <message>
            <source>&quot;balanced&quot; gives rare classes more weight; or write label=weight, separated by commas. Empty: all alike.</source>
            <translation>“balanced”给少见类别更高权重；或写成 标签=权重，以逗号分隔。留空：一视同仁。</translation>
        </message>
        <message>
            <source>Frozen layers</source>
            <translation>冻结层</translation>
        </message>
        <message>
            <source>Not trained: a number of lower layers, &quot;embeddings&quot;, or &quot;encoder&quot; for all but the head. Empty: everything is trained.</source>
            <translation>不训练的部分：底部若干层的层数、“embeddings”（词嵌入），或“encoder”（除分类头外全部）。留空：全部训练。</translation>
        </message>
        <message>
            <source>Fresh upper layers</source>
            <translation>重新初始化的顶层</translation>
        </message>
        <message>
            <source>So many of the last layers start from new random weights.</source>
            <translation>最后若干层从新的随机权重开始。</translation>
        </message>
        <message>
            <source>Gradient checkpointing</source>
            <translation>梯度检查点</translation>
        </message>
        <message>
            <source>Computes each layer again instead of keeping what it made: much less memory for about a quarter more time, and the same result.</source>
            <translation>反向传播时重新计算每一层，而不保留其中间结果：内存大大减少，时间约增加四分之一，结果不变。</translation>
        </message>
        <message>
            <source>Evaluate</source>
            <translation>评估</translation>
        </message>
        <message>
            <source>When the validation rows are evaluated.</source>
            <translation>何时评估验证数据。</translation>
        </message>
        <message>
            <source>Steps between evaluations</source>
            <translation>评估间隔步数</translation>
        </message>
        <message>
            <source>Used when evaluating every so many steps.</source>
            <translation>按步数评估时使用。</translation>
        </message>
        <message>
            <source>Save checkpoints</source>
            <translation>保存检查点</translation>
        </message>
        <message>
            <source>When a checkpoint is written, from which a run can be resumed.</source>
            <translation>何时写入可用于继续运行的检查点。</translation>
        </message>
        <message>
            <source>Steps between checkpoints</source>
            <translation>检查点间隔步数</translation>
        </message>
        <message>
            <source>Used when saving every so many steps.</source>
            <translation>按步数保存时使用。</translation>
        </message>
        <message>
            <source>Checkpoints kept</source>
            <translation>保留的检查点</translation>
        </message>
        <message>
            <source>Older ones are deleted; the best one always stays. 0: all stay.</source>
            <translation>较旧的会被删除；最佳的始终保留。0：全部保留。</translation>
        </message>
        <message>
            <source>Steps between points</source>
            <translation>数据点间隔步数</translation>
        </message>
        <message>
            <source>How many steps one point of the curves stands for.</source>
            <translation>曲线上一个点代表多少步。</translation>
        </message>
        <message>
            <source>Keep the best model</source>
            <translation>保留最佳模型</translation>
        </message>
        <message>
            <source>The result is the model of the best evaluation. Off: the last one.</source>
            <translation>结果是评估最佳的模型。关闭：最后的模型。</translation>
        </message>
        <message>
            <source>Best by</source>
            <translation>最佳标准</translation>
        </message>
        <message>
            <source>The metric that decides which evaluation is best.</source>
            <translation>决定哪次评估最佳的指标。</translation>
        </message>
        <message>
            <source>Greater is better</source>
            <translation>越大越好</translation>
        </message>
        <message>
            <source>Which way the metric is read. Empty: known from its name.</source>
            <translation>指标的方向。留空：由名称判断。</translation>
        </message>
        <message>
            <source>Stop early after</source>
            <translation>提前停止</translation>
        </message>
        <message>
            <source>Ends after so many evaluations without improvement. 0: never.</source>
            <translation>连续若干次评估没有改善后结束。0：从不。</translation>
        </message>
        <message>
            <source>Smallest improvement</source>
            <translation>最小改善</translation>
        </message>
        <message>
            <source>A smaller change of the metric does not count as improvement.</source>
            <translation>小于此值的变化不算改善。</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>随机种子</translation>
        </message>
        <message>
            <source>The same seed gives the same split, order and dropout, and so the same result.</source>
            <translation>相同的种子得到相同的划分、顺序和随机失活，因而结果相同。</translation>
        </message>
        <message>
            <source>Precision</source>
            <translation>精度</translation>
        </message>
        <message>
            <source>Numbers that matrix multiplies are computed in. Automatic: what this machine is good at.</source>
            <translation>矩阵乘法使用的数值精度。自动：选择本机擅长的精度。</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Where the work is done. Automatic: the first GPU, else the CPU.</source>
            <translation>在哪里计算。自动：首选第一块 GPU，否则用 CPU。</translation>
        </message>
        <message>
            <source>Allow TF32</source>
            <translation>允许 TF32</translation>
        </message>
        <message>
            <source>GPUs may round the factors of multiplications: faster, a little less exact.</source>
            <translation>GPU 可对乘数舍入：更快，精确度略低。</translation>
        </message>
        <message>
            <source>Deterministic operations</source>
            <translation>确定性运算</translation>
        </message>
        <message>
            <source>Only operations that give the same result each time, where a GPU has them; slower.</source>
            <translation>在 GPU 支持的情况下只用每次结果相同的运算；较慢。</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>线程数</translation>
        </message>
        <message>
            <source>Threads that compute. 0: one for each physical core.</source>
            <translation>计算线程数。0：每个物理核心一个。</translation>
        </message>
        <message>
            <source>rows</source>
            <translation>行</translation>
        </message>
        <message>
            <source>epochs</source>
            <translation>轮</translation>
        </message>
        <message>
            <source>steps</source>
            <translation>步</translation>
        </message>
        <message>
            <source>batches</source>
            <translation>批</translation>
        </message>
        <message>
            <source>tokens</source>
            <translation>词元</translation>
        </message>
        <message>
            <source>layers</source>
            <translation>层</translation>
        </message>
        <message>
            <source>checkpoints</source>
            <translation>个</translation>
        </message>
        <message>
            <source>evaluations</source>
            <translation>次评估</translation>
        </message>
        <message>
            <source>threads</source>
            <translation>线程</translation>
        </message>
        <message>
            <source>share</source>
            <translation>比例</translation>
        </message>
        <message>
            <source>probability</source>
            <translation>概率</translation>
        </message>
        <message>
            <source>Length</source>
            <translation>时长</translation>
        </message>
        <message>
            <source>Optimizer and schedule</source>
            <translation>优化器与调度</translation>
        </message>
        <message>
            <source>Model and loss</source>
            <translation>模型与损失</translation>
        </message>
        <message>
            <source>Evaluation and checkpoints</source>
            <translation>评估与检查点</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>机器</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>数据</translation>
        </message>
        <message>
            <source>AdamW</source>
            <translation>AdamW</translation>
        </message>
        <message>
            <source>Adam</source>
            <translation>Adam</translation>
        </message>
        <message>
            <source>SGD</source>
            <translation>SGD</translation>
        </message>
        <message>
            <source>Linear to zero</source>
            <translation>线性降到零</translation>
        </message>
        <message>
            <source>Cosine to zero</source>
            <translation>余弦降到零</translation>
        </message>
        <message>
            <source>Constant</source>
            <translation>恒定</translation>
        </message>
        <message>
            <source>Constant after warm-up</source>
            <translation>预热后恒定</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>从不</translation>
        </message>
        <message>
            <source>After each epoch</source>
            <translation>每轮之后</translation>
        </message>
        <message>
            <source>Every N steps</source>
            <translation>每隔若干步</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>fp32</source>
            <translation>fp32</translation>
        </message>
        <message>
            <source>bf16</source>
            <translation>bf16</translation>
        </message>
        <message>
            <source>fp16</source>
            <translation>fp16</translation>
        </message>
        <message>
            <source>CPU</source>
            <translation>CPU</translation>
        </message>
        <message>
            <source>Validation loss</source>
            <translation>验证损失</translation>
        </message>
        <message>
            <source>Accuracy</source>
            <translation>准确率</translation>
        </message>
        <message>
            <source>Macro F1</source>
            <translation>宏平均 F1</translation>
        </message>
        <message>
            <source>MCC</source>
            <translation>马修斯相关系数</translation>
        </message>
        <message>
            <source>Pearson</source>
            <translation>皮尔逊相关系数</translation>
        </message>
        <message>
            <source>Spearman</source>
            <translation>斯皮尔曼相关系数</translation>
        </message>
        <message>
            <source>Mean squared error</source>
            <translation>均方误差</translation>
        </message>
        <message>
            <source>Nothing</source>
            <translation>无</translation>
        </message>
        <message>
            <source>Embeddings</source>
            <translation>词嵌入</translation>
        </message>
        <message>
            <source>All but the head</source>
            <translation>除分类头外全部</translation>
        </message>
        <message>
            <source>All alike</source>
            <translation>一视同仁</translation>
        </message>
        <message>
            <source>Balanced</source>
            <translation>均衡</translation>
        </message>
        <message>
            <source>above %1, at most %2</source>
            <translation>大于 %1，不超过 %2</translation>
        </message>
        <message>
            <source>from %1 to %2</source>
            <translation>%1 到 %2</translation>
        </message>
        <message>
            <source>above %1</source>
            <translation>大于 %1</translation>
        </message>
        <message>
            <source>at least %1</source>
            <translation>至少 %1</translation>
        </message>
        <message>
            <source>Allowed: %1</source>
            <translation>允许范围：%1</translation>
        </message>
        <message>
            <source>Default: %1</source>
            <translation>默认：%1</translation>
        </message>
        <message>
            <source>Default: on</source>
            <translation>默认：开</translation>
        </message>
        <message>
            <source>Default: off</source>
            <translation>默认：关</translation>
        </message>
        <message>
            <source>Task</source>
            <translation>任务</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Training file</source>
            <translation>训练文件</translation>
        </message>
        <message>
            <source>Validation file</source>
            <translation>验证文件</translation>
        </message>
        <message>
            <source>Test file</source>
            <translation>测试文件</translation>
        </message>
        <message>
            <source>Kind of labels</source>
            <translation>标签类型</translation>
        </message>
        <message>
            <source>Text column</source>
            <translation>文本列</translation>
        </message>
        <message>
            <source>Second text column</source>
            <translation>第二文本列</translation>
        </message>
        <message>
            <source>Label column</source>
            <translation>标签列</translation>
        </message>
        <message>
            <source>Separator of labels</source>
            <translation>标签分隔符</translation>
        </message>
        <message>
            <source>File format</source>
            <translation>文件格式</translation>
        </message>
        <message>
            <source>Encoding</source>
            <translation>编码</translation>
        </message>
        <message>
            <source>Delimiter</source>
            <translation>分隔符</translation>
        </message>
        <message>
            <source>Quotes</source>
            <translation>引号</translation>
        </message>
        <message>
            <source>First row holds names</source>
            <translation>首行为列名</translation>
        </message>
        <message>
            <source>Cleaning</source>
            <translation>清洗</translation>
        </message>
        <message>
            <source>Share for validation</source>
            <translation>验证集比例</translation>
        </message>
        <message>
            <source>Share for test</source>
            <translation>测试集比例</translation>
        </message>
        <message>
            <source>Resumed from</source>
            <translation>继续自</translation>
        </message>
        <message>
            <source>Overwrite the run folder</source>
            <translation>覆盖运行文件夹</translation>
        </message>
        <message>
            <source>Text classification</source>
            <translation>文本分类</translation>
        </message>
        <message>
            <source>One class</source>
            <translation>一个类别</translation>
        </message>
        <message>
            <source>Several classes</source>
            <translation>多个类别</translation>
        </message>
        <message>
            <source>A number</source>
            <translation>一个数值</translation>
        </message>
        <message>
            <source>on</source>
            <comment>a setting</comment>
            <translation>开</translation>
        </message>
        <message>
            <source>off</source>
            <comment>a setting</comment>
            <translation>关</translation>
        </message>
        <message>
            <source>Go on with changed data</source>
            <translation>用改变后的数据继续</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>The same</source>
            <translation>相同</translation>
        </message>
        <message>
            <source>Default</source>
            <translation>默认</translation>
        </message>
    </context>
    <context>
        <name>studio::MetricChart</name>
        <message>
            <source>Step %1</source>
            <translation>第 %1 步</translation>
        </message>
        <message>
            <source>Step %1 · epoch %2</source>
            <translation>第 %1 步 · 第 %2 轮</translation>
        </message>
        <message>
            <source>not a number</source>
            <translation>不是数</translation>
        </message>
        <message>
            <source>%1 (smoothed %2)</source>
            <extracomment>value of a curve and its smoothed value</extracomment>
            <translation>%1（平滑后 %2）</translation>
        </message>
        <message>
            <source>%1 (step %2)</source>
            <extracomment>value of a curve that was measured at another step</extracomment>
            <translation>%1（第 %2 步）</translation>
        </message>
        <message>
            <source>%1 (not above 0: not on the log scale)</source>
            <translation>%1（不大于 0，对数坐标上不显示）</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <extracomment>%1 is the name of a curve, %2 its value</extracomment>
            <translation>%1：%2</translation>
        </message>
    </context>
    <context>
        <name>studio::NowCard</name>
        <message>
            <source>%1 / %2</source>
            <extracomment>step so far / all steps</extracomment>
            <translation>%1 / %2</translation>
        </message>
        <message>
            <source>%1 @ %2</source>
            <extracomment>%1 is the value of a metric, %2 the step where it was reached</extracomment>
            <translation>%1（第 %2 步）</translation>
        </message>
        <message>
            <source>Reading model and data…</source>
            <translation>正在读取模型和数据…</translation>
        </message>
        <message>
            <source>Preparing the texts: %1</source>
            <translation>正在准备文本：%1</translation>
        </message>
        <message>
            <source>Paused. Resume goes on where it stopped.</source>
            <translation>已暂停。点“继续”将从暂停处继续。</translation>
        </message>
        <message>
            <source>Stopping; a checkpoint is saved.</source>
            <translation>正在停止并保存检查点。</translation>
        </message>
        <message>
            <source>Evaluating…</source>
            <translation>正在评估…</translation>
        </message>
        <message>
            <source>Evaluating: %1</source>
            <translation>正在评估：%1</translation>
        </message>
        <message>
            <source>Saving a checkpoint…</source>
            <translation>正在保存检查点…</translation>
        </message>
        <message>
            <source>Now</source>
            <extracomment>heading over the figures of the run at this moment</extracomment>
            <translation>当前</translation>
        </message>
        <message>
            <source>Step</source>
            <translation>步数</translation>
        </message>
        <message>
            <source>Epoch</source>
            <translation>轮次</translation>
        </message>
        <message>
            <source>Elapsed</source>
            <translation>已用时间</translation>
        </message>
        <message>
            <source>Time left</source>
            <translation>剩余时间</translation>
        </message>
        <message>
            <source>Samples/s</source>
            <translation>样本/秒</translation>
        </message>
        <message>
            <source>Tokens/s</source>
            <translation>词元/秒</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>内存</translation>
        </message>
        <message>
            <source>Learning rate</source>
            <translation>学习率</translation>
        </message>
        <message>
            <source>Loss</source>
            <translation>损失</translation>
        </message>
        <message>
            <source>Validation</source>
            <translation>验证</translation>
        </message>
        <message>
            <source>Best</source>
            <translation>最佳</translation>
        </message>
        <message>
            <source>Steps whose loss or gradient was no finite number had no effect. The last one: step %1, rows %2 of the training data.</source>
            <translation>损失或梯度不是有限数值的步不起作用。最近一次：第 %1 步，训练数据第 %2 行。</translation>
        </message>
        <message>
            <source>Skipped steps</source>
            <translation>跳过的步</translation>
        </message>
    </context>
    <context>
        <name>studio::RunLog</name>
        <message>
            <source>Started: %1 training rows, %2 validation rows, %3 steps, device %4, precision %5.</source>
            <translation>已开始：训练 %1 行，验证 %2 行，共 %3 步，设备 %4，精度 %5。</translation>
        </message>
        <message>
            <source>Step %1: loss %2, learning rate %3</source>
            <translation>第 %1 步：损失 %2，学习率 %3</translation>
        </message>
        <message>
            <source>Test: loss %1, accuracy %2, macro F1 %3</source>
            <translation>测试：损失 %1，准确率 %2，宏平均 F1 %3</translation>
        </message>
        <message>
            <source>Step %1, validation: loss %2, accuracy %3, macro F1 %4</source>
            <translation>第 %1 步，验证：损失 %2，准确率 %3，宏平均 F1 %4</translation>
        </message>
        <message>
            <source>Test: loss %1</source>
            <translation>测试：损失 %1</translation>
        </message>
        <message>
            <source>Step %1, validation: loss %2</source>
            <translation>第 %1 步，验证：损失 %2</translation>
        </message>
        <message>
            <source>%1 (best so far)</source>
            <extracomment>appended to a line of the log: this evaluation is the best one so far</extracomment>
            <translation>%1（目前最佳）</translation>
        </message>
        <message>
            <source>Step %1: checkpoint saved in %2</source>
            <translation>第 %1 步：检查点已保存到 %2</translation>
        </message>
        <message>
            <source>Warning: %1</source>
            <translation>警告：%1</translation>
        </message>
        <message>
            <source>Resumed after step %1.</source>
            <translation>从第 %1 步之后继续。</translation>
        </message>
        <message>
            <source>Complete after %1. Result: %2</source>
            <translation>完成，用时 %1。结果：%2</translation>
        </message>
        <message>
            <source>Stopped at step %1; the run can be resumed.</source>
            <translation>在第 %1 步停止；该运行可以继续。</translation>
        </message>
        <message>
            <source>Failed: %1</source>
            <translation>失败：%1</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>日志</translation>
        </message>
        <message>
            <source>Copy the log</source>
            <translation>复制日志</translation>
        </message>
        <message>
            <source>Log of the run</source>
            <translation>运行日志</translation>
        </message>
        <message>
            <source>What happens in a run is written here.</source>
            <translation>运行中发生的事情会记录在这里。</translation>
        </message>
        <message>
            <source>Step %1 was skipped: its loss is no finite number. Rows of the training data: %2</source>
            <translation>第 %1 步被跳过：损失不是有限数值。训练数据的行：%2</translation>
        </message>
        <message>
            <source>Step %1 was skipped: its gradient is no finite number. Rows of the training data: %2</source>
            <translation>第 %1 步被跳过：梯度不是有限数值。训练数据的行：%2</translation>
        </message>
        <message>
            <source>After step %1: %2 is %3 (was %4).</source>
            <extracomment>%2 is the name of a setting, %3 its new value, %4 the one it had</extracomment>
            <translation>第 %1 步之后：%2改为 %3（原为 %4）。</translation>
        </message>
    </context>
    <context>
        <name>studio::SettingsPanel</name>
        <message>
            <source>Advanced</source>
            <translation>高级</translation>
        </message>
        <message>
            <source>all at their defaults</source>
            <translation>全部为默认值</translation>
        </message>
        <message>
            <source>Res&amp;ume</source>
            <translation>继续(&amp;U)</translation>
        </message>
        <message>
            <source>&amp;Pause</source>
            <translation>暂停(&amp;P)</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>暂停</translation>
        </message>
        <message>
            <source>Go on training (F6)</source>
            <translation>继续训练（F6）</translation>
        </message>
        <message>
            <source>Hold the run at the next step; nothing is lost (F6)</source>
            <translation>在下一步暂停；不会丢失任何内容（F6）</translation>
        </message>
        <message>
            <source>Choose a model on the Model page first.</source>
            <translation>请先在“模型”页面选择模型。</translation>
        </message>
        <message>
            <source>The chosen model cannot be used; see the Model page.</source>
            <translation>所选模型无法使用；请查看“模型”页面。</translation>
        </message>
        <message>
            <source>The chosen model cannot be trained; see the Model page.</source>
            <translation>所选模型无法训练；请查看“模型”页面。</translation>
        </message>
        <message>
            <source>Choose training data on the Data page first.</source>
            <translation>请先在“数据”页面选择训练数据。</translation>
        </message>
        <message>
            <source>The training data cannot be used as it is; see the Data page.</source>
            <translation>训练数据目前无法使用；请查看“数据”页面。</translation>
        </message>
        <message>
            <source>The validation or test data cannot be used as it is; see the Data page.</source>
            <translation>验证或测试数据目前无法使用；请查看“数据”页面。</translation>
        </message>
        <message>
            <source>Choose the label column on the Data page first.</source>
            <translation>请先在“数据”页面选择标签列。</translation>
        </message>
        <message>
            <source>All training rows have the label “%1”, and a classifier needs rows of at least two labels. Choose other data or another label column on the Data page.</source>
            <translation>所有训练行的标签都是“%1”，而分类器至少需要两种标签的行。请在“数据”页面选择其他数据或其他标签列。</translation>
        </message>
        <message>
            <source>The training file has too few rows for the parts that are held out; see the Data page.</source>
            <translation>训练文件的行数太少，不足以留出验证或测试部分；请查看“数据”页面。</translation>
        </message>
        <message>
            <source>“%1” has a value that cannot be used.</source>
            <extracomment>%1 is the name of a setting</extracomment>
            <translation>“%1”的值无法使用。</translation>
        </message>
        <message>
            <source>These settings do not go together: %1</source>
            <translation>这些设置不能同时使用：%1</translation>
        </message>
        <message>
            <source>Start training with these settings (F5)</source>
            <translation>用这些设置开始训练（F5）</translation>
        </message>
        <message>
            <source>%1 steps on %2 texts, %3, %4 memory</source>
            <translation>%2 条文本，%1 步，%3，内存 %4</translation>
        </message>
        <message>
            <source>%1 tokens in a text on average; the time is a first guess until a run of a model of about this size was measured on this machine.</source>
            <translation>每条文本平均 %1 个词元；在本机测得一次规模相近的模型的运行之前，时间只是初步估计。</translation>
        </message>
        <message>
            <source>Looking at model and data…</source>
            <translation>正在查看模型和数据…</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Preset</source>
            <translation>预设</translation>
        </message>
        <message>
            <source>Quick</source>
            <translation>快速</translation>
        </message>
        <message>
            <source>Balanced</source>
            <translation>均衡</translation>
        </message>
        <message>
            <source>Thorough</source>
            <translation>充分</translation>
        </message>
        <message>
            <source>Custom</source>
            <translation>自定义</translation>
        </message>
        <message>
            <source>One epoch, or as many as make 200 steps: a first impression.</source>
            <translation>一轮，或足够达到 200 步的轮数：得到初步印象。</translation>
        </message>
        <message>
            <source>Three epochs, or as many as make 200 steps: the usual choice.</source>
            <translation>三轮，或足够达到 200 步的轮数：通常的选择。</translation>
        </message>
        <message>
            <source>Six epochs with smaller steps; ends early once validation stops improving.</source>
            <translation>六轮，步子更小；验证不再改善时提前结束。</translation>
        </message>
        <message>
            <source>Your own values; presets no longer change them.</source>
            <translation>您自己的值；预设不再更改它们。</translation>
        </message>
        <message>
            <source>Back to the defaults</source>
            <translation>恢复默认值</translation>
        </message>
        <message>
            <source>Every setting back to its default and the balanced preset</source>
            <translation>所有设置恢复默认值，并使用均衡预设</translation>
        </message>
        <message>
            <source>&amp;Start</source>
            <translation>开始(&amp;S)</translation>
        </message>
        <message>
            <source>Start training</source>
            <translation>开始训练</translation>
        </message>
        <message>
            <source>S&amp;top</source>
            <translation>停止(&amp;T)</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <source>Save a checkpoint and end; the run can be resumed later (Shift+F5)</source>
            <translation>保存检查点并结束；之后可以继续该运行（Shift+F5）</translation>
        </message>
        <message>
            <source>&amp;Evaluate now</source>
            <translation>立即评估(&amp;E)</translation>
        </message>
        <message>
            <source>Evaluate now</source>
            <translation>立即评估</translation>
        </message>
        <message>
            <source>Evaluate the validation rows at the next step (F7)</source>
            <translation>在下一步评估验证数据（F7）</translation>
        </message>
        <message>
            <source>Save &amp;now</source>
            <translation>立即保存(&amp;N)</translation>
        </message>
        <message>
            <source>Save now</source>
            <translation>立即保存</translation>
        </message>
        <message>
            <source>Write a checkpoint at the next step (Ctrl+S)</source>
            <translation>在下一步写入检查点（Ctrl+S）</translation>
        </message>
        <message numerus="yes">
            <source>%n changed</source>
            <translation>
                <numerusform>已更改 %n 项</numerusform>
            </translation>
        </message>
        <message>
            <source>Values of the run that is going on. Learning rate, number of steps, evaluation and patience can be changed now, the others when it has ended.</source>
            <translation>正在进行的运行的设置。学习率、步数、评估和耐心值现在即可修改，其余的须等运行结束。</translation>
        </message>
        <message>
            <source>&amp;Apply to the run</source>
            <translation>应用到运行(&amp;A)</translation>
        </message>
        <message>
            <source>Apply to the run</source>
            <translation>应用到运行</translation>
        </message>
        <message>
            <source>Use the changed settings from the next step on; a resumed run makes the change at the same step</source>
            <translation>从下一步起使用修改后的设置；继续的运行会在同一步作出相同的修改</translation>
        </message>
    </context>
    <context>
        <name>studio::TrainPage</name>
        <message>
            <source>Unknown characters</source>
            <translation>未知字符</translation>
        </message>
        <message>
            <source>The model&apos;s tokeniser does not know %1 of the characters in the training texts. The model cannot see them, so it will learn little from these texts.</source>
            <translation>模型的分词器不认识训练文本中 %1 的字符。模型看不到这些字符，因此从这些文本中学到的很少。</translation>
        </message>
        <message>
            <source>A model whose vocabulary covers the language of the texts gives much better results.</source>
            <translation>词表涵盖文本语言的模型效果会好得多。</translation>
        </message>
        <message>
            <source>&amp;Train anyway</source>
            <translation>仍然训练(&amp;T)</translation>
        </message>
        <message>
            <source>Choose another &amp;model</source>
            <translation>选择其他模型(&amp;M)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Training was stopped at step %1. A checkpoint was saved; Resume on the Runs page goes on.</source>
            <translation>训练在第 %1 步停止。检查点已保存；可在“运行”页面点“继续”。</translation>
        </message>
        <message>
            <source>Training is complete.</source>
            <translation>训练完成。</translation>
        </message>
        <message>
            <source>Training is complete. Best model: validation accuracy %1 at step %2.</source>
            <translation>训练完成。最佳模型：第 %2 步，验证准确率 %1。</translation>
        </message>
        <message>
            <source>Training is complete. Best model at step %1: %2 %3.</source>
            <extracomment>%2 is the name of the metric that the model was chosen by, %3 its value</extracomment>
            <translation>训练完成。最佳模型：第 %1 步，%2 %3。</translation>
        </message>
        <message>
            <source>See the resu&amp;lts</source>
            <translation>查看结果(&amp;L)</translation>
        </message>
        <message>
            <source>Tr&amp;y it</source>
            <translation>试用(&amp;Y)</translation>
        </message>
        <message>
            <source>Little memory</source>
            <translation>内存不足</translation>
        </message>
        <message>
            <source>This run needs about %1 of memory, and only %2 are available.</source>
            <translation>此运行约需 %1 内存，而可用的只有 %2。</translation>
        </message>
        <message>
            <source>A smaller batch size, shorter inputs or a smaller model need less. Should memory run out, a checkpoint is saved and the run pauses.</source>
            <translation>减小批次、缩短输入或换用更小的模型可以减少所需内存。若内存即将耗尽，会保存检查点并暂停运行。</translation>
        </message>
        <message>
            <source>The run is paused: three steps in a row had no finite loss or gradient. Stop it, or resume it as it is.</source>
            <translation>运行已暂停：连续三步的损失或梯度不是有限数值。可以停止运行，或照原样继续。</translation>
        </message>
        <message>
            <source>The run is paused: the memory of this machine is nearly used up. A checkpoint was saved. Close other programs, then resume the run.</source>
            <translation>运行已暂停：本机内存即将用尽。已保存检查点。请关闭其他程序，然后继续运行。</translation>
        </message>
        <message>
            <source>The run is paused: the disk is full. Free some space, and it goes on; the log names the folder.</source>
            <translation>运行已暂停：磁盘已满。请腾出空间，运行便会继续；日志中写明了文件夹。</translation>
        </message>
        <message>
            <source>The run is paused: its folder cannot be written. Once it can, the run goes on; the log says what is wrong.</source>
            <translation>运行已暂停：运行文件夹无法写入。恢复可写后运行便会继续；日志中写明了原因。</translation>
        </message>
        <message>
            <source>Step %1: rows %2 of the training data</source>
            <translation>第 %1 步：训练数据第 %2 行</translation>
        </message>
        <message>
            <source>These steps had no effect on the model. Usually the learning rate (%1) is too high, or these rows hold something unusual.</source>
            <translation>这些步没有改动模型。通常是学习率（%1）过高，或这些行的内容异常。</translation>
        </message>
        <message>
            <source>No finite loss</source>
            <translation>损失不是有限数值</translation>
        </message>
        <message>
            <source>The loss or gradient of three steps in a row was no finite number, so the run has paused.</source>
            <translation>连续三步的损失或梯度不是有限数值，运行已暂停。</translation>
        </message>
        <message>
            <source>&amp;Go back to step %1 with learning rate %2</source>
            <translation>回到第 %1 步，学习率改为 %2(&amp;G)</translation>
        </message>
        <message>
            <source>&amp;Begin again with learning rate %1</source>
            <translation>从头开始，学习率改为 %1(&amp;B)</translation>
        </message>
        <message>
            <source>Go &amp;on as it is</source>
            <translation>照原样继续(&amp;O)</translation>
        </message>
        <message>
            <source>&amp;Stop the run</source>
            <translation>停止训练(&amp;S)</translation>
        </message>
        <message>
            <source>Stay paused</source>
            <translation>保持暂停</translation>
        </message>
        <message>
            <source>Changed data</source>
            <translation>数据已改变</translation>
        </message>
        <message>
            <source>A data file is no longer the one that this run began with. Go on with it as it is now?</source>
            <translation>数据文件已不是此运行开始时的那个文件。要用现在的文件继续吗？</translation>
        </message>
        <message>
            <source>The result will differ from that of an uninterrupted run.</source>
            <translation>结果将与未中断的运行不同。</translation>
        </message>
        <message>
            <source>&amp;Go on with the changed data</source>
            <translation>用改变后的数据继续(&amp;G)</translation>
        </message>
    </context>
    <context>
        <name>studio::TrainingCharts</name>
        <message>
            <source>Export the charts</source>
            <translation>导出图表</translation>
        </message>
        <message>
            <source>Curves</source>
            <translation>曲线</translation>
        </message>
        <message>
            <source>Loss</source>
            <translation>损失</translation>
        </message>
        <message>
            <source>Accuracy and F1</source>
            <translation>准确率与 F1</translation>
        </message>
        <message>
            <source>Learning rate</source>
            <translation>学习率</translation>
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
            <source>Validation macro F1</source>
            <translation>验证宏平均 F1</translation>
        </message>
        <message>
            <source>The curves are drawn here while a run is training.</source>
            <translation>训练时曲线会显示在这里。</translation>
        </message>
        <message>
            <source>Smoothing</source>
            <translation>平滑</translation>
        </message>
        <message>
            <source>Smoothing of the training curves</source>
            <translation>训练曲线的平滑程度</translation>
        </message>
        <message>
            <source>Logarithmic scale of the loss</source>
            <translation>损失使用对数坐标</translation>
        </message>
        <message>
            <source>Show the whole run (double click)</source>
            <translation>显示整个运行（双击）</translation>
        </message>
        <message>
            <source>As a picture (PNG)…</source>
            <translation>导出为图片（PNG）…</translation>
        </message>
        <message>
            <source>As a drawing (SVG)…</source>
            <translation>导出为矢量图（SVG）…</translation>
        </message>
        <message>
            <source>All points as a table (CSV)…</source>
            <translation>将所有数据点导出为表格（CSV）…</translation>
        </message>
        <message>
            <source>Wheel: zoom · drag: zoom to a range · Shift+drag: move · double click: whole run</source>
            <translation>滚轮：缩放 · 拖动：放大所选范围 · Shift+拖动：移动 · 双击：整个运行</translation>
        </message>
        <message>
            <source>Checkpoint saved</source>
            <translation>已保存检查点</translation>
        </message>
        <message>
            <source>Resumed here</source>
            <translation>在此处继续</translation>
        </message>
        <message>
            <source>Skipped: no finite loss or gradient</source>
            <translation>已跳过：损失或梯度不是有限数值</translation>
        </message>
        <message>
            <source>%1: %2 → %3</source>
            <extracomment>of a chart: %1 is the name of a setting, %2 its value before, %3 the value from there on</extracomment>
            <translation>%1：%2 → %3</translation>
        </message>
        <message>
            <source>Correlation</source>
            <translation>相关系数</translation>
        </message>
        <message>
            <source>Validation Pearson</source>
            <translation>验证皮尔逊相关系数</translation>
        </message>
    </context>
</TS>
