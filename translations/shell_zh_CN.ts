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
            <source>Add a model folder</source>
            <translation>添加模型文件夹</translation>
        </message>
        <message>
            <source>Open a data file</source>
            <translation>打开数据文件</translation>
        </message>
        <message>
            <source>Tables and texts (*.csv *.tsv *.json *.jsonl *.txt);;All files (*)</source>
            <translation>表格与文本 (*.csv *.tsv *.json *.jsonl *.txt);;所有文件 (*)</translation>
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
            <source>Default &amp;device</source>
            <translation>默认设备(&amp;D)</translation>
        </message>
        <message>
            <source>Default t&amp;hreads</source>
            <translation>默认线程数(&amp;H)</translation>
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
            <source>Remo&amp;ve</source>
            <translation>移除(&amp;V)</translation>
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
            <source>&amp;Reset all settings…</source>
            <translation>重置所有设置(&amp;R)…</translation>
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
</TS>
