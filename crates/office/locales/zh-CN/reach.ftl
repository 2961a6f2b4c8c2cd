reach-pupils = 学生
reach-reached = 本学期联系到
reach-reached-count = 联系到的学生
reach-change = 比上周，百分点
reach-missing = 本学期没联系到
reach-never = 从未联系到
reach-here = 本校
reach-last-year = 去年
reach-week = 第{ $n }周
reach-space = {""}
reach-semester-first = { $from }—{ $to }学年上学期
reach-semester-second = { $from }—{ $to }学年下学期
reach-finding-week = 第{ $n }周末
reach-finding-urban = ，城区{ $share }
reach-finding-rural = ，乡村{ $share }
reach-finding-last = ，去年同期{ $share }
reach-where-urban = 都在城区
reach-where-rural = 都在乡村
reach-where-tenths = { $n ->
    [1] 一成
    [2] 两成
    [3] 三成
    [4] 四成
    [5] 一半
    [6] 六成
    [7] 七成
    [8] 八成
   *[9] 九成
  }在乡村
# 联系到的深浅
# dynamic: reach-depth-
reach-depth-told = 告知过就算
reach-depth-confirmed = 确认过才算
reach-depth-talked = 谈过才算
reach-depth-met = 见过面才算
