figures-see-numbers = 看数字
figures-none = 没有数

# 富文本
rich-tools = 排版
rich-bold = 加粗
rich-heading = 小标题
rich-list = 列点
rich-numbers = 编号
rich-link = 链接
rich-preview = 看样子
rich-hint = 用**两个星号**加粗，用“- ”列点，网址要以https开头。

# 附件
attach-label = 附件
attach-optional = ，可以不带
attach-add = 添加图片或文件
attach-look = 看看
attach-hint = 图片、PDF、Word、Excel、PPT和录音，每个不超过{ $mb }MB，最多{ $n }个。照片里的拍摄地点会去掉。
attach-pictures = 照片
attach-add-pictures = 拍照或选照片
attach-hint-pictures = 最多{ $n }张，会缩小，拍摄地点会去掉。先征得家长同意，不拍人脸更好。
attach-progress = 上传进度
attach-none = 没有收到文件，请再选一次
attach-refused = { $why }
attach-too-many = 最多带{ $n }个文件
attach-too-large = “{ $name }”太大，每个不超过{ $mb }MB
attach-other-kind = “{ $name }”这种文件收不了，请换成图片、PDF、Word、Excel或PPT
attach-heic = “{ $name }”是苹果手机的HEIC照片，别的手机打不开。在手机“设置，相机，格式”里选“兼容性最佳”再拍，或者发截图
attach-video = “{ $name }”是视频，这里收不了。可以把视频的网址写在内容里
attach-old-office = “{ $name }”是旧版Office文件，请另存为docx、xlsx、pptx或PDF再传
attach-other-picture = “{ $name }”请另存为JPG或PNG再传
attach-broken = “{ $name }”打不开，可能没存完整，请重新保存再传
attach-locked = “{ $name }”加了密码，请去掉密码再传
attach-macros = “{ $name }”带有宏，家长的手机打不开也不安全，请另存为不带宏的文件
attach-archive = “{ $name }”是压缩包，请解开后把文件分别传上来
attach-picture-large = 图片“{ $name }”尺寸太大，请缩小后再传
attach-picture-broken = 图片“{ $name }”打不开，可能没存完整，请换一张

# 表单
form-optional = 可以不填
form-several = 可以选几项
form-between = { $from }到{ $to }之间
form-choose-one = 请选一项
form-choose-some = 请选至少一项
form-answer-missing = 这一题要填
form-date-outside = 日期不在可选的范围里
form-ask-missing = 有选项，没有写问题
form-choices-few = 至少写两个选项，每行一个
form-choices-many = 最多{ $n }个选项
form-choice-long = 每个选项最多{ $n }个字
form-bounds = 范围不对，前面的要比后面的小
form-question = 第{ $n }题
form-ask = 问题
form-kind = 怎么答
# dynamic: form-kind-
form-kind-one = 选一项
form-kind-many = 选几项
form-kind-text = 写几句话
form-kind-number = 填数字
form-kind-date = 选日期
form-kind-signature = 签名
form-must = 要答
form-choices = 选项
form-choices-hint = ，每行一个
form-from = 从
form-to = 到
form-unit = 单位
form-add = 再加一题
form-pupils = 名学生
form-finding = { $ask }：选“{ $label }”的最多，{ $n }名学生
form-finding-none = { $ask }：还没有人答

# 签名
sign-glass = 签名板，用手指签名
sign-glass-full = 签名板，已经签了
sign-here = 用手指在这里签名
sign-undo = 退一笔
sign-clear = 重签
sign-cannot = 写不了，打名字代替
sign-typed = 您的姓名
sign-agree-label = 是我本人，打的名字算我签的
sign-agree = 请勾上“是我本人”
sign-name = 请打全名
sign-missing = 还没有签名
sign-short = 签得太短了，请重签

# 预约
booking-overlap = 有人在同一时间已经约了别的场次，一个人不能同时在两处
booking-holder-limit = 每家最多{ $n }个位置
booking-below-used = 已经约出{ $n }个位置，名额不能少于这个数
booking-offer-over = 这次保留的位置已过时间，不能再用了
booking-over = 这个预约已经结束，不能再改
booking-nobody = 请选谁来参加
