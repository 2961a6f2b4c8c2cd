# 学生名册的导入：选文件、检查、改正、导入。
roster-nav = 学生名册
roster-title = 学生名册
roster-subtitle = 把全国学籍系统导出的表传上来，先看会改动什么，再导入
roster-import-title = 导入学生名册
roster-template = 下载空白表
roster-new = 导入一份名册
roster-drop = 点这里选文件，或拖到这里
roster-drop-hint = xlsx或csv，最大{ $mb } MB。栏目的先后顺序没有关系
roster-progress = 进度
roster-complete-school = 这是全校的名册，表里没有的学生已经离开
roster-complete-district = 表里每所学校的学生都是全的，没有写到的已经离开
roster-complete-hint = 只是一部分学生时不要勾选。改好的行再传上来，不会让任何人离开。
roster-send = 传上来检查
roster-old = 导入过的名册
roster-none = 还没有导入过名册。第一次可以先下载空白表看看要哪些栏目。
roster-whole = 全区
roster-th-file = 文件
roster-th-school = 学校
roster-th-at = 时间
roster-th-state = 进行到
roster-th-added = 新生
roster-th-changed = 有变动
roster-th-moved = 转入或换班
roster-th-left = 离开
roster-th-waiting = 待处理
# dynamic: roster-state-
roster-state-reading = 正在检查
roster-state-preview = 等您看过
roster-state-applying = 正在导入
roster-state-done = 已导入
roster-state-undoing = 正在撤回
roster-state-undone = 已撤回
roster-state-refused = 没能读取
roster-choose-file = 请先选一个文件
roster-rows = { $n }行
roster-columns = { $n }栏
roster-step-file = 选文件
roster-step-columns = 对栏目
roster-step-check = 检查
roster-step-write = 导入
roster-other-file = 换一个文件
roster-refused-title = 这个文件没能读取，什么都没有改动
roster-refused-text = 改好后再传一次就行。
roster-reading = 已检查{ $n }行
roster-reading-text = 可以先去做别的事，检查完会留在这一页。
roster-applying = 已导入{ $n }行，共{ $all }行
roster-applying-text = 可以离开这一页。中途断电也会接着导完。
roster-done = 导好了，写入{ $n }行
roster-good = 可以导入
roster-bad = 要改正
roster-ask = 要您判断
roster-sum-added = 新生
roster-sum-changed = 有变动
roster-sum-moved = 转入或换班
roster-sum-unchanged = 没变
roster-sum-left = 离开
roster-unit-rows = 行
roster-bad-unit = 行，改好才能导入
roster-ask-unit = 行，点一下就行
roster-waiting-title = 有问题的{ $n }行
roster-filter = 按问题筛选
# dynamic: roster-topic-
roster-topic-all = 全部
roster-topic-class = 班号
roster-topic-id = 身份证号
roster-topic-birth = 出生日期
roster-topic-phone = 联系电话
roster-topic-school = 学校
roster-topic-other = 其他
roster-topic-ask = 要您判断
roster-download-rows = 下载这{ $n }行
roster-th-name = 姓名
roster-th-column = 栏目
roster-th-found = 文件里写的
roster-th-reason = 哪里不对，怎么改
roster-th-act = 处理
roster-cell-empty = 空
roster-fix-all = { $n }行都改成{ $text }
roster-fix-one = 改成{ $text }
roster-same-person = 是同一个人
roster-other-person = 不是
roster-guardian-1 = 成员1
roster-guardian-2 = 成员2
roster-guardian-both = 都是
roster-no-phone = 没有电话
roster-leave-it = 就这样
roster-change = 改
roster-type = 填正确的
roster-type-phone = 填11位手机号
roster-type-id = 填18位号码
roster-type-label = { $name }的{ $column }
roster-masked = 身份证号和电话只显示一部分。
roster-next = 下一页
roster-over = 有{ $n }名学生会离开，比平时多。确实如此，请在这里填人数：
roster-foot-nothing = 没有要导入的变动。
roster-foot-waiting = 没问题的可以先导入，剩下{ $n }行留在这里，30天内随时接着改。
roster-foot-only-waiting = 现在没有可以直接导入的行，剩下的{ $n }行改好了再导入，30天内随时可以改。
roster-foot-clean = 每一行都没有问题。
roster-apply-first = 先导入{ $n }行
roster-apply = 导入{ $n }行
roster-confirm-gone = 会离开的是{ $n }名学生，请填对人数再导入
roster-fixed = 第{ $row }行改好了，可以导入
roster-fixed-many = { $n }行改好了，可以导入
roster-fix-not-yet = 第{ $row }行记下了，还有别的地方要看
roster-fixing-many = 行数比较多，正在改，过一会儿刷新就能看到
roster-not-now = 名册正在检查或导入，请等它做完再改。
roster-nothing-to-write = 没有可以导入的行。
roster-no-such-school = 没有学校用标识码{ $code }
roster-too-many-leave = 有{ $n }名学生会离开，超过了可以直接导入的比例，这一次没有让任何人离开。请在网页上看过后确认
roster-rows-sheet = 待改的行
roster-rows-file = 名册待改的行.xlsx
roster-template-sheet = 学生名册
roster-template-help-sheet = 说明
roster-template-file = 学生名册空白表.xlsx
# dynamic: roster-template-help-
roster-template-help-1 = 一名学生一行。栏目的先后顺序没有关系，用不到的栏目可以删掉。
roster-template-help-2 = 一定要有的栏目：学校标识码、姓名、身份证件号、班级号、成员1姓名。
roster-template-help-3 = 身份证件号、电话都按文本填，表格不会吃掉后几位数字。
roster-template-help-4 = 班级写三年级2班、2023级2班、202302都可以。
roster-template-help-5 = 家里没有电话就写“无”，以后用纸条和家访联系。
roster-template-help-6 = 少数民族姓名中间的点、生僻字都可以照户口簿写。

roster-missing-columns = 少了这些栏目：{ $columns }
roster-no-rows = 表里只有栏目，没有学生
roster-note-unknown-columns = 有{ $n }个栏目没认出来，先不管：{ $columns }
roster-note-repeated-columns = 这些栏目出现了不止一次，只看第一个：{ $columns }
roster-note-mended = 这是改好后带回来的行，不会让任何人离开
roster-note-merged = 有合并的单元格（{ $ranges }），合并处只有第一行有内容，请拆开再看
roster-note-look-again = 检查之后名册又有了变动，会离开的人数不一样了，请再看一遍
# dynamic: roster-file-
roster-file-io = 文件没能从磁盘上读出来，请再传一次
roster-file-empty = 文件是空的
roster-file-too-large = 文件有{ $mb } MB，最大{ $max } MB。请按学校分开传
roster-file-old-xls = 这是旧版的xls文件。请用表格软件打开，另存为xlsx再传
roster-file-encrypted = 文件加了密码。请去掉密码再传
roster-file-macros = 文件里带有宏，为了安全不能收。请另存为不带宏的xlsx
roster-file-zip-truncated = 文件不完整，像是没有下载完。请重新导出一份
roster-file-zip-damaged = 文件坏了，打不开。请重新导出一份
roster-file-zip-bomb = 文件展开后大得不正常，没有打开它
roster-file-not-workbook = { $looks ->
    [xlsb] 这是xlsb文件。请另存为xlsx再传
    [ods] 这是ods文件。请另存为xlsx再传
    [word] 这是文字文档，不是表格。请传xlsx或csv
    [pdf] 这是PDF，不是表格。请传xlsx或csv
    [picture] 这是图片，不是表格。请传xlsx或csv
    [archive] 这是压缩包。请解开，把里面的xlsx传上来
   *[unknown] 这不是表格文件。请传xlsx或csv
}
roster-file-sheet-damaged = 表格的内容坏了，读不下去。请重新导出一份
roster-file-too-much-text = 有的格子里文字太多，不像名册。请看看是不是选错了文件
# dynamic: roster-sheet-
roster-sheet-not-found = 没有找到像名册的表。文件里有：{ $seen }
# dynamic: roster-csv-
roster-csv-mixed-encoding = 第{ $line }行起文字编码和前面不一样。请用一种编码（UTF-8）另存一份
roster-csv-nul = 第{ $line }行有看不见的空字符，不像文本文件
roster-csv-utf16 = 这是Unicode文本（UTF-16）。请另存为UTF-8的csv，或者xlsx
roster-csv-cell-too-long = 第{ $line }行附近有个引号没有配对，后面的都连成了一格

# 两行放一起看、看改动、撤回。
roster-beside-open = 放在一起看
roster-beside-title = 放在一起看
roster-beside-back = 回到这份名册
roster-beside-row = 第{ $row }行
roster-beside-kept = 名册里已有的（{ $school }）
roster-beside-differs = 不一样
roster-changes-title = 这次改动了谁
roster-changes-none = 这次导入没有改动，或者改动的记录已经过了30天。
roster-see-changes = 看改动了谁
roster-see-between = ，或
roster-see-list = 回到名册
roster-th-class = 班级
roster-th-what = 改动
roster-no-class = 不在班里
roster-undo-title = 撤回这次导入
roster-undo-text = 撤回以后，{ $added }名新生记为没有来过，{ $changed }名学生的变动、{ $moved }名学生的转班转校、{ $left }名学生的离开都恢复成导入以前的样子。已有的联系记录都留着。
roster-undo-until = 最晚可以撤回到
roster-undo-why = 为什么撤回（会写进操作记录）
roster-undo-reason = 请写一句为什么撤回，最多200个字
roster-undo-do = 撤回这次导入
roster-undoing = 正在撤回
roster-undone = 这次导入已经撤回，名册恢复成导入以前的样子。
roster-undo-not-now = 名册正在检查或导入，现在不能撤回。
roster-undo-late = 导入已经过了{ $days }天，不能整份撤回了，可以逐名学生改正。
roster-undo-later-import = 后来又导入过名册，撤回这一份会弄乱后来的改动，所以不能整份撤回。
roster-undo-nothing = 这次导入没有写入什么，不用撤回。
roster-undo-changed = 导入以后，有{ $n }名学生的资料又改过，撤回会弄丢这些改动，所以没有撤回。
roster-undo-agreed = 导入以后，已有{ $n }名新生的家长登录并同意了告知书，所以没有撤回。
roster-special-title = 哪些学生要多走访
roster-special-text = 勾选的几类学生会列为重点走访对象。改动以后，全区学生会重新归类，几分钟内完成。
# dynamic: roster-special-
roster-special-left_behind = 留守学生
roster-special-migrant = 进城务工人员随迁子女
roster-special-orphan = 孤儿
roster-special-disability = 残疾学生
roster-special-inclusive = 随班就读学生
roster-special-save = 保存
roster-special-saved = 存好了，正在给全区学生重新归类
