<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>studio::About</name>
        <message>
            <source>About FineTune Studio</source>
            <translation>关于 FineTune Studio</translation>
        </message>
        <message>
            <source>Fine-tunes language models on your own machine.

The sources of FineTune Studio are under the MIT licence. Qt Charts, a part of this window, is under the GNU General Public License 3.0, so the program as it was built is distributed under the terms of the GPL-3.0. The parts and their licences:</source>
            <translation>在您自己的机器上微调语言模型。

FineTune Studio 的源代码采用 MIT 许可证。窗口使用的 Qt Charts 采用 GNU 通用公共许可证 3.0，因此构建出的程序按 GPL-3.0 条款分发。各组成部分及其许可证：</translation>
        </message>
        <message>
            <source>Part</source>
            <translation>组成部分</translation>
        </message>
        <message>
            <source>Licence</source>
            <translation>许可证</translation>
        </message>
        <message>
            <source>Parts and licences</source>
            <translation>组成部分与许可证</translation>
        </message>
    </context>
    <context>
        <name>studio::CrashDialog</name>
        <message>
            <source>Crash report</source>
            <translation>崩溃报告</translation>
        </message>
        <message>
            <source>&amp;Copy</source>
            <translation>复制(&amp;C)</translation>
        </message>
        <message>
            <source>The program crashed</source>
            <translation>程序曾崩溃</translation>
        </message>
        <message>
            <source>The program ended unexpectedly the last time and has left a report.</source>
            <translation>程序上次意外结束，并留下了一份报告。</translation>
        </message>
        <message>
            <source>It holds the version, where the program was, and the last lines of its log. Please add it when you report the fault. A run that was training can be resumed on the Runs page.</source>
            <translation>报告包含版本、程序所在的位置和日志的最后几行。报告问题时请附上它。当时正在进行的运行可以在“运行”页面继续。</translation>
        </message>
        <message>
            <source>&amp;Show the report</source>
            <translation>显示报告(&amp;S)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
    </context>
    <context>
        <name>studio::ErrorBanner</name>
        <message>
            <source>The request could not be understood.</source>
            <translation>无法理解该请求。</translation>
        </message>
        <message>
            <source>A setting has a value that cannot be used.</source>
            <translation>某项设置的值无法使用。</translation>
        </message>
        <message>
            <source>The data file cannot be used as it is.</source>
            <translation>数据文件目前无法使用。</translation>
        </message>
        <message>
            <source>The model folder cannot be used as it is.</source>
            <translation>模型文件夹目前无法使用。</translation>
        </message>
        <message>
            <source>A file could not be read or written.</source>
            <translation>无法读取或写入文件。</translation>
        </message>
        <message>
            <source>The disk is full. Free some space, then try again.</source>
            <translation>磁盘已满。请释放一些空间后重试。</translation>
        </message>
        <message>
            <source>There is not enough memory. Choose a smaller batch size or a shorter maximum length.</source>
            <translation>内存不足。请选择更小的批大小或更短的最大长度。</translation>
        </message>
        <message>
            <source>The chosen device cannot be used.</source>
            <translation>所选设备无法使用。</translation>
        </message>
        <message>
            <source>Another process is working in this folder.</source>
            <translation>另一个进程正在使用此文件夹。</translation>
        </message>
        <message>
            <source>It was cancelled.</source>
            <translation>已取消。</translation>
        </message>
        <message>
            <source>Something went wrong inside the program.</source>
            <translation>程序内部出现错误。</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>详情</translation>
        </message>
        <message>
            <source>Show or hide the details</source>
            <translation>显示或隐藏详情</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>复制</translation>
        </message>
        <message>
            <source>Copy the details</source>
            <translation>复制详情</translation>
        </message>
        <message>
            <source>Details of the error</source>
            <translation>错误详情</translation>
        </message>
    </context>
    <context>
        <name>studio::Format</name>
        <message>
            <source>%1 %</source>
            <extracomment>a share as per cent, for example 91.2 %</extracomment>
            <translation>%1%</translation>
        </message>
        <message numerus="yes">
            <source>about %n seconds</source>
            <translation>
                <numerusform>约 %n 秒</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>about %n minutes</source>
            <translation>
                <numerusform>约 %n 分钟</numerusform>
            </translation>
        </message>
        <message>
            <source>about %1 hours</source>
            <translation>约 %1 小时</translation>
        </message>
        <message>
            <source>%1 B</source>
            <extracomment>number of parameters in billions / in millions</extracomment>
            <translation>%1 B</translation>
        </message>
        <message>
            <source>%1 M</source>
            <translation>%1 M</translation>
        </message>
    </context>
    <context>
        <name>studio::MainWindow</name>
        <message>
            <source>Training is complete</source>
            <translation>训练完成</translation>
        </message>
        <message>
            <source>Training failed</source>
            <translation>训练失败</translation>
        </message>
        <message>
            <source>No file has been opened yet</source>
            <translation>尚未打开过文件</translation>
        </message>
        <message>
            <source>&amp;Resume training</source>
            <translation>继续训练(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Pause training</source>
            <translation>暂停训练(&amp;P)</translation>
        </message>
        <message>
            <source>A model is being trained.</source>
            <translation>正在训练模型。</translation>
        </message>
        <message>
            <source>Training is going on</source>
            <translation>训练正在进行</translation>
        </message>
        <message>
            <source>A run is still training. What should happen to it?</source>
            <translation>有一次运行仍在训练。要如何处理？</translation>
        </message>
        <message>
            <source>A stopped run is saved as a checkpoint and can be resumed later on the Runs page.</source>
            <translation>停止的运行会保存为检查点，之后可在“运行”页面继续。</translation>
        </message>
        <message>
            <source>&amp;Stop and save</source>
            <translation>停止并保存(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;Keep training in the background</source>
            <translation>在后台继续训练(&amp;K)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>&amp;File</source>
            <translation>文件(&amp;F)</translation>
        </message>
        <message>
            <source>Add &amp;model folder…</source>
            <translation>添加模型文件夹(&amp;M)…</translation>
        </message>
        <message>
            <source>&amp;Open data file…</source>
            <translation>打开数据文件(&amp;O)…</translation>
        </message>
        <message>
            <source>&amp;Recent files</source>
            <translation>最近的文件(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>退出(&amp;Q)</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>视图(&amp;V)</translation>
        </message>
        <message>
            <source>&amp;Theme</source>
            <translation>主题(&amp;T)</translation>
        </message>
        <message>
            <source>Like the &amp;system</source>
            <translation>跟随系统(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;Light</source>
            <translation>浅色(&amp;L)</translation>
        </message>
        <message>
            <source>&amp;Dark</source>
            <translation>深色(&amp;D)</translation>
        </message>
        <message>
            <source>&amp;Language</source>
            <translation>语言(&amp;L)</translation>
        </message>
        <message>
            <source>&amp;Run</source>
            <translation>运行(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Start training</source>
            <translation>开始训练(&amp;S)</translation>
        </message>
        <message>
            <source>S&amp;top and save</source>
            <translation>停止并保存(&amp;T)</translation>
        </message>
        <message>
            <source>&amp;Evaluate now</source>
            <translation>立即评估(&amp;E)</translation>
        </message>
        <message>
            <source>Save &amp;checkpoint now</source>
            <translation>立即保存检查点(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>帮助(&amp;H)</translation>
        </message>
        <message>
            <source>&amp;About FineTune Studio</source>
            <translation>关于 FineTune Studio(&amp;A)</translation>
        </message>
        <message>
            <source>About &amp;Qt</source>
            <translation>关于 Qt(&amp;Q)</translation>
        </message>
    </context>
    <context>
        <name>studio::Rail</name>
        <message>
            <source>Model</source>
            <extracomment>page of the window</extracomment>
            <translation>模型</translation>
        </message>
        <message>
            <source>Data</source>
            <extracomment>page of the window</extracomment>
            <translation>数据</translation>
        </message>
        <message>
            <source>Train</source>
            <extracomment>page of the window</extracomment>
            <translation>训练</translation>
        </message>
        <message>
            <source>Results</source>
            <extracomment>page of the window</extracomment>
            <translation>结果</translation>
        </message>
        <message>
            <source>Try it</source>
            <extracomment>page of the window where a text is typed and classified</extracomment>
            <translation>试用</translation>
        </message>
        <message>
            <source>Runs</source>
            <extracomment>page of the window</extracomment>
            <translation>运行</translation>
        </message>
        <message>
            <source>Settings</source>
            <extracomment>page of the window</extracomment>
            <translation>设置</translation>
        </message>
        <message>
            <source>Pages</source>
            <translation>页面</translation>
        </message>
    </context>
    <context>
        <name>studio::SettingsPage</name>
        <message>
            <source>Choose the workspace folder</source>
            <translation>选择工作区文件夹</translation>
        </message>
        <message>
            <source>Choose a folder that holds models</source>
            <translation>选择存放模型的文件夹</translation>
        </message>
        <message numerus="yes">
            <source>%1: %2, %n cores, %3 memory</source>
            <translation>
                <numerusform>%1：%2，%n 个核心，内存 %3</numerusform>
            </translation>
        </message>
        <message>
            <source>%1: %2, %3 memory</source>
            <translation>%1：%2，内存 %3</translation>
        </message>
        <message>
            <source>Like the system</source>
            <translation>跟随系统</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>浅色</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>深色</translation>
        </message>
        <message>
            <source>Automatic: the first GPU, else the CPU</source>
            <translation>自动：首选第一块 GPU，否则用 CPU</translation>
        </message>
        <message>
            <source>CPU</source>
            <translation>CPU</translation>
        </message>
        <message>
            <source>Reset all settings</source>
            <translation>重置所有设置</translation>
        </message>
        <message>
            <source>Put every setting back to its default?</source>
            <translation>将所有设置恢复为默认值？</translation>
        </message>
        <message>
            <source>Runs, models and data files stay as they are.</source>
            <translation>运行、模型和数据文件保持不变。</translation>
        </message>
        <message>
            <source>&amp;Reset</source>
            <translation>重置(&amp;R)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Window</source>
            <translation>窗口</translation>
        </message>
        <message>
            <source>&amp;Language</source>
            <translation>语言(&amp;L)</translation>
        </message>
        <message>
            <source>&amp;Theme</source>
            <translation>主题(&amp;T)</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>机器</translation>
        </message>
        <message>
            <source>Default dev&amp;ice</source>
            <translation>默认设备(&amp;I)</translation>
        </message>
        <message>
            <source>Default thr&amp;eads</source>
            <translation>默认线程数(&amp;E)</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Keep the machine &amp;awake while a run is training</source>
            <translation>训练期间保持机器唤醒(&amp;A)</translation>
        </message>
        <message>
            <source>Say by a desktop &amp;notification that a run has ended</source>
            <translation>运行结束时发送桌面通知(&amp;N)</translation>
        </message>
        <message>
            <source>Folders</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>&amp;Workspace: runs and their index are kept here</source>
            <translation>工作区：保存运行及其索引(&amp;W)</translation>
        </message>
        <message>
            <source>&amp;Choose…</source>
            <translation>选择(&amp;C)…</translation>
        </message>
        <message>
            <source>&amp;Standard</source>
            <translation>默认(&amp;S)</translation>
        </message>
        <message>
            <source>Use the standard workspace folder</source>
            <translation>使用默认的工作区文件夹</translation>
        </message>
        <message>
            <source>Folders that are searched for &amp;models</source>
            <translation>搜索模型的文件夹(&amp;M)</translation>
        </message>
        <message>
            <source>A&amp;dd…</source>
            <translation>添加(&amp;D)…</translation>
        </message>
        <message>
            <source>Add a folder that holds models</source>
            <translation>添加存放模型的文件夹</translation>
        </message>
        <message>
            <source>Rem&amp;ove</source>
            <translation>移除(&amp;O)</translation>
        </message>
        <message>
            <source>Take the folder off the list</source>
            <translation>从列表中移除该文件夹</translation>
        </message>
        <message>
            <source>Questions</source>
            <translation>询问</translation>
        </message>
        <message>
            <source>Ask before closing while a run is training</source>
            <translation>训练期间关闭窗口前询问</translation>
        </message>
        <message>
            <source>Ask before a run is moved to the wastebasket</source>
            <translation>将运行移到回收站前询问</translation>
        </message>
        <message>
            <source>Reset all settin&amp;gs…</source>
            <translation>重置所有设置(&amp;G)…</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>主题</translation>
        </message>
        <message>
            <source>Default device</source>
            <translation>默认设备</translation>
        </message>
        <message>
            <source>Default threads</source>
            <translation>默认线程数</translation>
        </message>
        <message>
            <source>Workspace folder</source>
            <translation>工作区文件夹</translation>
        </message>
        <message>
            <source>Folders that are searched for models</source>
            <translation>搜索模型的文件夹</translation>
        </message>
    </context>
    <context>
        <name>studio::StatusLine</name>
        <message>
            <source>Ready</source>
            <translation>就绪</translation>
        </message>
        <message>
            <source>Training is complete</source>
            <translation>训练完成</translation>
        </message>
        <message>
            <source>Training was stopped</source>
            <translation>训练已停止</translation>
        </message>
        <message>
            <source>Training failed</source>
            <translation>训练失败</translation>
        </message>
        <message>
            <source>Preparing the run…</source>
            <translation>正在准备运行…</translation>
        </message>
        <message>
            <source>Evaluating…</source>
            <translation>正在评估…</translation>
        </message>
        <message>
            <source>Saving a checkpoint…</source>
            <translation>正在保存检查点…</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>训练</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>已暂停</translation>
        </message>
        <message>
            <source>Stopping; a checkpoint is saved…</source>
            <translation>正在停止并保存检查点…</translation>
        </message>
        <message>
            <source>Open the Train page</source>
            <translation>打开“训练”页面</translation>
        </message>
        <message>
            <source>Progress of the run</source>
            <translation>运行进度</translation>
        </message>
        <message>
            <source>%1 left</source>
            <translation>剩余 %1</translation>
        </message>
        <message>
            <source>%1 samples/s</source>
            <translation>%1 样本/秒</translation>
        </message>
        <message>
            <source>%1 memory</source>
            <translation>内存 %1</translation>
        </message>
        <message>
            <source>Device: automatic</source>
            <extracomment>%1 is a device: CPU, CUDA:0</extracomment>
            <translation>设备：自动</translation>
        </message>
        <message>
            <source>Device: %1</source>
            <translation>设备：%1</translation>
        </message>
    </context>
    <context>
        <name>studio::Warning</name>
        <message>
            <source>Not in the checkpoint, so it will be created and must be trained: %1.</source>
            <translation>检查点中没有、将新建并需要训练：%1。</translation>
        </message>
        <message>
            <source>The checkpoint holds more layers than config.json describes; what belongs to them is left out: %1.</source>
            <translation>检查点中的层数多于 config.json 所述；多出的层已略去：%1。</translation>
        </message>
        <message>
            <source>config.json names code that came with the checkpoint (auto_map): it is never run, the model is computed as transformers computes %1 models.</source>
            <translation>config.json 指定了检查点自带的代码（auto_map）：该代码不会被执行，模型按 transformers 计算 %1 模型的方式计算。</translation>
        </message>
        <message>
            <source>The language-model head is the word embedding itself (tied).</source>
            <translation>语言模型头与词嵌入共用同一权重（绑定）。</translation>
        </message>
        <message>
            <source>Weights: %1, will be dequantised to fp32.</source>
            <translation>权重：%1，将反量化为 fp32。</translation>
        </message>
        <message>
            <source>Weights: %1, will be converted to fp32.</source>
            <translation>权重：%1，将转换为 fp32。</translation>
        </message>
        <message>
            <source>Weights: %1.</source>
            <translation>权重：%1。</translation>
        </message>
        <message>
            <source>Classifies on the last token that is not pad_token_id; where that is null on the last token, and transformers then takes one text at a time.</source>
            <translation>按最后一个不是 pad_token_id 的词元分类；若 pad_token_id 为 null，则按最后一个词元分类，此时 transformers 每次只接受一条文本。</translation>
        </message>
        <message>
            <source>Classifies on the last end-of-sequence token, of which transformers wants the same number in all texts of a batch; `score` with targets gives the log-probabilities of translations or summaries.</source>
            <translation>按最后一个句末词元（eos）分类，transformers 要求同一批文本的句末词元数相同；`score` 加上目标文本可给出译文或摘要的对数概率。</translation>
        </message>
        <message>
            <source>transformers has no sequence classifier of this family; `score` with targets gives the log-probabilities of translations.</source>
            <translation>transformers 没有这个系列的序列分类模型；`score` 加上目标文本可给出译文的对数概率。</translation>
        </message>
        <message>
            <source>The checkpoint has no classification head: a new one for %1 labels was created with seed %2 (%3); it must be trained before its answers mean anything.</source>
            <translation>该检查点没有分类头：已用种子 %2 为 %1 个标签新建一个（%3）；训练之后它的回答才有意义。</translation>
        </message>
        <message>
            <source>The checkpoint&apos;s classification head is incomplete: %1 created with seed %2.</source>
            <translation>该检查点的分类头不完整：已用种子 %2 新建 %1。</translation>
        </message>
        <message>
            <source>The checkpoint&apos;s classification head is for another number of labels (%1): a new head for %2 labels was created with seed %3.</source>
            <translation>该检查点的分类头对应的标签数不同（%1）：已用种子 %3 为 %2 个标签新建分类头。</translation>
        </message>
        <message>
            <source>The checkpoint&apos;s classification head for %1 labels is not used: a new head for %2 labels was created with seed %3.</source>
            <translation>该检查点原有的 %1 个标签的分类头未被使用：已用种子 %3 为 %2 个标签新建分类头。</translation>
        </message>
        <message>
            <source>The checkpoint has no pooler: %1 created with seed %2.</source>
            <translation>该检查点没有池化层：已用种子 %2 新建 %1。</translation>
        </message>
        <message>
            <source>%1 tensors of the checkpoint are not part of a classifier and left out: %2.</source>
            <translation>该检查点中有 %1 个张量不属于分类模型，已略去：%2。</translation>
        </message>
        <message>
            <source>The model calls its labels %1; they are taken for %2 in this order, and its classification head is kept.</source>
            <translation>模型的标签名为 %1；它们按此顺序对应 %2，分类头予以保留。</translation>
        </message>
        <message>
            <source>%1 texts are longer than %2 tokens and are cut.</source>
            <translation>有 %1 条文本超过 %2 个词元，将被截断。</translation>
        </message>
        <message>
            <source>The model&apos;s vocabulary does not know %1 % of the characters of the training texts; a model for their language will do better.</source>
            <translation>训练文本中有 %1% 的字符不在模型的词表中；换用支持该语言的模型效果会更好。</translation>
        </message>
        <message>
            <source>lr_scheduler_type constant has no warm-up; use constant_with_warmup for one.</source>
            <translation>lr_scheduler_type 为 constant 时没有预热；需要预热请用 constant_with_warmup。</translation>
        </message>
        <message>
            <source>The run computed with %1 threads and goes on with %2; the result will differ a little from that of an uninterrupted run.</source>
            <translation>该运行原先使用 %1 个线程，现在以 %2 个线程继续；结果会与未中断的运行略有不同。</translation>
        </message>
        <message>
            <source>%1 is %2 now and was %3 when the run began; the result will differ from that of an uninterrupted run.</source>
            <translation>%1 现为 %2，运行开始时为 %3；结果会与未中断的运行不同。</translation>
        </message>
        <message>
            <source>There is no checkpoint in &apos;%1&apos; yet; the run begins at step 0.</source>
            <translation>“%1”中还没有检查点；运行从第 0 步开始。</translation>
        </message>
        <message>
            <source>The weights of the best evaluation (step %1) are gone; the best model is chosen among the evaluations to come.</source>
            <translation>最佳评估（第 %1 步）的权重已不存在；最佳模型将从之后的评估中选出。</translation>
        </message>
        <message>
            <source>AUC is undefined: label &apos;%1&apos; needs rows with and without it, and scores that are numbers.</source>
            <translation>AUC 无定义：标签“%1”需要同时有带它和不带它的行，且得分须为数值。</translation>
        </message>
        <message>
            <source>AUC is undefined: it needs rows of both classes, and scores that are numbers.</source>
            <translation>AUC 无定义：需要两个类别都有样本，且得分须为数值。</translation>
        </message>
        <message>
            <source>The predictions are not numbers; no metric is defined.</source>
            <translation>预测结果不是数值；各项指标均无定义。</translation>
        </message>
        <message>
            <source>R² is undefined: it needs at least two rows.</source>
            <translation>R² 无定义：至少需要两行。</translation>
        </message>
        <message>
            <source>Correlations are undefined: targets and predictions must each have two different values.</source>
            <translation>相关系数无定义：目标值和预测值各自至少要有两个不同的值。</translation>
        </message>
        <message>
            <source>%1 rows repeat the text of an earlier row.</source>
            <translation>有 %1 行的文本与前面的行重复。</translation>
        </message>
        <message>
            <source>%1 rows repeat the text and label of an earlier row.</source>
            <translation>有 %1 行的文本和标签与前面的行重复。</translation>
        </message>
        <message>
            <source>%1 rows repeat the text of an earlier row; cleaning leaves them out.</source>
            <translation>有 %1 行的文本与前面的行重复；清洗时会略去。</translation>
        </message>
        <message>
            <source>%1 rows repeat the text and label of an earlier row; cleaning leaves them out.</source>
            <translation>有 %1 行的文本和标签与前面的行重复；清洗时会略去。</translation>
        </message>
        <message>
            <source>%1 rows have a text that occurs with different labels.</source>
            <translation>有 %1 行的文本出现了不同的标签。</translation>
        </message>
        <message>
            <source>Labels differ only by case or spaces: %1. They count as different.</source>
            <translation>有标签仅大小写或空格不同：%1。它们按不同标签处理。</translation>
        </message>
        <message>
            <source>%1 classes have fewer than %2 rows: %3.</source>
            <translation>有 %1 个类别少于 %2 行：%3。</translation>
        </message>
        <message>
            <source>%1 rows of the validation part have a text that is also in the training part.</source>
            <translation>验证集中有 %1 行的文本也出现在训练集中。</translation>
        </message>
        <message>
            <source>%1 rows of the test part have a text that is also in the training part.</source>
            <translation>测试集中有 %1 行的文本也出现在训练集中。</translation>
        </message>
        <message>
            <source>%1 rows have no label in column &apos;%2&apos;.</source>
            <translation>有 %1 行在“%2”列没有标签。</translation>
        </message>
        <message>
            <source>%1 rows have a label that is not a finite number (%2).</source>
            <translation>有 %1 行的标签不是有限的数值（%2）。</translation>
        </message>
        <message>
            <source>%1 rows have a label other than 0 and 1 (%2).</source>
            <translation>有 %1 行的标签不是 0 或 1（%2）。</translation>
        </message>
        <message>
            <source>%1 rows have a label list that cannot be read (%2).</source>
            <translation>有 %1 行的标签列表无法读取（%2）。</translation>
        </message>
        <message>
            <source>%1 rows have an empty text.</source>
            <translation>有 %1 行文本为空。</translation>
        </message>
        <message>
            <source>%1 rows have an empty text; cleaning leaves them out.</source>
            <translation>有 %1 行文本为空；清洗时会略去。</translation>
        </message>
        <message>
            <source>%1 rows have another number of cells than there are columns.</source>
            <translation>有 %1 行的单元格数与列数不同。</translation>
        </message>
        <message>
            <source>%1 rows are not valid JSON.</source>
            <translation>有 %1 行不是有效的 JSON。</translation>
        </message>
        <message>
            <source>%1 rows hold a zero byte.</source>
            <translation>有 %1 行含有零字节。</translation>
        </message>
        <message>
            <source>%1 rows hold bytes that the file&apos;s encoding does not allow; they became U+FFFD.</source>
            <translation>有 %1 行含有该文件编码不允许的字节；已替换为 U+FFFD。</translation>
        </message>
        <message>
            <source>%1 rows begin a quoted cell that nothing closes; the quote was taken as a character.</source>
            <translation>有 %1 行的引号没有闭合；该引号按普通字符处理。</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <extracomment>%1 is the name of a file, %2 a warning about it</extracomment>
            <translation>%1：%2</translation>
        </message>
        <message>
            <source>The run computed on %1 and goes on on %2; the result will differ a little from that of an uninterrupted run.</source>
            <translation>运行此前在 %1 上计算，现在在 %2 上继续；结果会与未中断的运行略有不同。</translation>
        </message>
        <message>
            <source>The run computed in %1, which %2 cannot, and goes on in %3.</source>
            <translation>运行此前以 %1 计算，%2 不支持该精度，现在以 %3 继续。</translation>
        </message>
        <message>
            <source>The run began with %1 and goes on with %2; the result may differ a little from that of an uninterrupted run.</source>
            <translation>运行开始时使用 %1，现在使用 %2 继续；结果可能与未中断的运行略有不同。</translation>
        </message>
        <message>
            <source>On a GPU a resumed run equals an uninterrupted one only within rounding.</source>
            <translation>在 GPU 上，继续的运行与未中断的运行仅在舍入误差内相同。</translation>
        </message>
        <message>
            <source>The %1 file &apos;%2&apos; has changed since the run began (SHA-256 %3 instead of %4); the run goes on with it, and the result will differ from that of an uninterrupted run.</source>
            <translation>%1 文件“%2”在运行开始后已改变（SHA-256 为 %3，原为 %4）；运行用它继续，结果将与未中断的运行不同。</translation>
        </message>
        <message>
            <source>The change was not taken: %1</source>
            <translation>修改未被采用：%1</translation>
        </message>
        <message>
            <source>Only %1 of %2 of memory are left, fewer than the %3 below which the system might end the program. A checkpoint was saved and the run is paused. Close other programs, then resume it.</source>
            <translation>%2 内存中只剩 %1，少于 %3，再少系统可能会终止程序。已保存检查点，运行已暂停。请关闭其他程序，然后继续运行。</translation>
        </message>
        <message>
            <source>No room left in &apos;%1&apos;: writing &apos;%2&apos; needs at least %3 more bytes. Free some space or choose another folder. The run is paused and goes on as soon as it can write.</source>
            <translation>“%1”中没有剩余空间：写入“%2”至少还需要 %3 字节。请释放一些空间或选择其他文件夹。运行已暂停，一旦可以写入便会继续。</translation>
        </message>
        <message>
            <source>The run folder &apos;%1&apos; is gone: it was moved or deleted, or its disk was taken away. Bring it back. The run is paused and goes on as soon as it can write.</source>
            <translation>运行文件夹“%1”不见了：它被移动或删除，或其磁盘已被移除。请将其恢复。运行已暂停，一旦可以写入便会继续。</translation>
        </message>
        <message>
            <source>Cannot write &apos;%1&apos;: %2. The run is paused and goes on as soon as it can write.</source>
            <translation>无法写入“%1”：%2。运行已暂停，一旦可以写入便会继续。</translation>
        </message>
        <message>
            <source>The run needs about %1 MB of memory, and only %2 MB are available; choose smaller batches, gradient_checkpointing, shorter inputs or a smaller model, or close other programs. Before memory runs out, a checkpoint is saved.</source>
            <translation>运行约需 %1 MB 内存，而可用的只有 %2 MB；请减小批次、使用 gradient_checkpointing、缩短输入、换用更小的模型，或关闭其他程序。内存耗尽前会保存检查点。</translation>
        </message>
        <message>
            <source>The run needs about %1 MB of the memory of %2, and only %3 MB are free there. Batches that do not fit are split, which costs time; choose smaller batches, gradient_checkpointing, shorter inputs or a smaller model, or end other programs on this GPU.</source>
            <translation>运行约需 %2 的 %1 MB 显存，而那里只有 %3 MB 空闲。放不下的批次会被拆分，因而更费时；请减小批次、使用 gradient_checkpointing、缩短输入、换用更小的模型，或结束此 GPU 上的其他程序。</translation>
        </message>
        <message>
            <source>Memory did not suffice for the micro-batches of step %1: it is repeated, and the run goes on, with each batch in %2 micro-batches of at most %3 rows; gradients stay those of whole batches within rounding.</source>
            <translation>内存不足以处理第 %1 步的微批次：该步将重做，之后每个批次分成 %2 个微批次，每个最多 %3 行；梯度在舍入误差内与整批相同。</translation>
        </message>
        <message>
            <source>Memory did not suffice for the micro-batches of step %1: it is repeated, and the run goes on, with each batch in %2 micro-batches of at most 1 row; gradients stay those of whole batches within rounding.</source>
            <translation>内存不足以处理第 %1 步的微批次：该步将重做，之后每个批次分成 %2 个微批次，每个 1 行；梯度在舍入误差内与整批相同。</translation>
        </message>
        <message>
            <source>Memory did not suffice for the micro-batches of step %1: it is repeated, and the run goes on, with each batch in %2 micro-batches; gradients stay those of whole batches within rounding.</source>
            <translation>内存不足以处理第 %1 步的微批次：该步将重做，之后每个批次分成 %2 个微批次；梯度在舍入误差内与整批相同。</translation>
        </message>
        <message>
            <source>transformers has no sequence classifier of this family.</source>
            <translation>transformers 没有此类模型的序列分类器。</translation>
        </message>
        <message>
            <source>The tokeniser has %1 entries, but the model&apos;s word embedding has %2 rows; take the tokeniser files that belong to this model.</source>
            <translation>分词器有 %1 个词条，而模型的词嵌入只有 %2 行；请使用属于此模型的分词器文件。</translation>
        </message>
        <message>
            <source>The tokeniser adds no token with id %1 (eos_token_id) to a text, but the classifier reads the state at that token; take the tokeniser files that belong to this model.</source>
            <translation>分词器不会在文本中加入编号为 %1 的词元（eos_token_id），而分类器读取的正是该词元处的状态；请使用属于此模型的分词器文件。</translation>
        </message>
        <message>
            <source>Tensors of the encoder are missing: %1.</source>
            <translation>缺少编码器的张量：%1。</translation>
        </message>
        <message>
            <source>Tensors have another shape than config.json says: %1.</source>
            <translation>张量的形状与 config.json 不符：%1。</translation>
        </message>
        <message>
            <source>process %1 on %2</source>
            <extracomment>who holds a folder: %1 is a number, %2 the name of a machine</extracomment>
            <translation>%2 上的进程 %1</translation>
        </message>
    </context>
</TS>
