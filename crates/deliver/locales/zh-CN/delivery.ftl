delivery-nav = 消息通道
delivery-title = 消息通道
delivery-lead = 通知、约访和提醒从这里发到家长手上
delivery-crumb = 所在位置
delivery-back = 返回
delivery-save = 保存
delivery-saved = 存好了
delivery-demo = 演示区什么都不往外发，发出的都留在演示区的短信里。
delivery-demo-link = 去看看
delivery-ways-title = 各个通道
delivery-last-sent = 上次发出
delivery-never-sent = 还没发过
delivery-last-fault = 上次没发成：
delivery-resting = 歇一会儿再试
delivery-on = 开着
delivery-off = 没开
delivery-app-hint = 有账号的家长，每条消息在共育里也看得到。没有通道能到的，会列给老师打电话或发纸条。
delivery-queue-title = 现在
delivery-waiting = 等着发
delivery-sending = 正在发
delivery-rules-title = 什么时候发
delivery-rules-lead = 让家长不被消息淹没
delivery-quiet = 安静时段
delivery-quiet-none = 不设
delivery-digest = 每日汇总
delivery-ration = 每天最多
delivery-ration-none = 不限
delivery-ration-n = { $n }条
delivery-weeks-title = 家长每周收到多少
delivery-weeks-none = 还没有发过消息。
delivery-per-family = 最近一周，平均每个家庭收到{ $n }条。
delivery-weeks-hint = 只数发到手机、微信和邮箱的，汇总算一条。
delivery-week = 从这一天起的一周
delivery-week-letters = 发出
delivery-week-urgent = 其中紧急
delivery-week-gathered = 并进汇总
# dynamic: delivery-rule-
delivery-rule-quiet-from = 安静时段从
delivery-rule-quiet-to = 到
delivery-rule-digest-at = 汇总在
delivery-rule-ration = 每位家长每天最多收几条
delivery-rule-order = 先后
delivery-quiet-hint = 安静时段里只发紧急的，别的等到结束。两头一样就是不设。
delivery-ration-hint = 超出的并进当天的汇总。0就是不限。紧急的不算。
delivery-order-hint = 按这个先后找能到的通道，用逗号隔开。
delivery-clock = 请写成 21:30 这样的时间
delivery-order-empty = 至少写一个通道
delivery-digest-quiet = 汇总的时间落在安静时段里了，请换一个
# dynamic: way-
way-wechat = 微信服务号
way-wecom = 企业微信
way-push = 浏览器提醒
way-email = 邮件
way-sms = 短信
way-app = 共育
# dynamic: delivery-choice-
delivery-choice-off = 不用
delivery-choice-aliyun = 阿里云
delivery-choice-tencent = 腾讯云
delivery-choice-tls = TLS（465端口）
delivery-choice-starttls = STARTTLS（587端口）
delivery-choice-none = 不加密（只限本机）
# dynamic: delivery-provider-
delivery-provider-aliyun = 阿里云
delivery-provider-tencent = 腾讯云
# dynamic: delivery-sms-
delivery-sms-lead = 验证码也从这里发。没有智能手机的家长靠它。
delivery-sms-provider = 服务商
delivery-sms-key-id = AccessKey ID 或 SecretId
delivery-sms-key = AccessKey Secret 或 SecretKey
delivery-sms-sign-name = 短信签名
delivery-sms-app-id = SmsSdkAppId
delivery-sms-app-id-hint = 只有腾讯云要填。
delivery-sms-region = 地域
delivery-sms-region-hint = 只有腾讯云要填，空着就是 ap-guangzhou。
delivery-sms-templates = 短信模板
delivery-sms-templates-hint = 一行一个，比如：notice = SMS_123: title, path。any 是没有单独模板时用的，code 是验证码。
delivery-sms-report = 回执密钥
delivery-sms-report-hint = 自己定一串字母和数字，16位以上，放在回执地址里，别人就猜不到。
# dynamic: delivery-wechat-
delivery-wechat-lead = 用公众平台的服务号发模板消息，家长要先绑定自己的微信
delivery-wechat-app-id = AppID
delivery-wechat-key = AppSecret
delivery-wechat-templates = 消息模板
delivery-wechat-templates-hint = 一行一个，比如：notice = 模板ID: thing1=title, time2=deadline。
delivery-wechat-report = 令牌（Token）
delivery-wechat-report-hint = 和公众平台“服务器配置”里填的一样，消息加解密方式选明文模式。
# dynamic: delivery-wecom-
delivery-wecom-lead = 用企业微信的“学校通知”发，家长按手机号每晚对一次
delivery-wecom-corp-id = 企业ID
delivery-wecom-key = 应用的 Secret
delivery-wecom-agent-id = AgentId
delivery-wecom-department = 家校通讯录的部门
delivery-wecom-department-hint = 空着就是最上面的部门。
# dynamic: delivery-email-
delivery-email-lead = 通过SMTP发邮件，家长要先验证自己的邮箱
delivery-email-host = 服务器
delivery-email-port = 端口
delivery-email-port-hint = 空着就用加密方式常用的端口。
delivery-email-tls = 加密方式
delivery-email-user = 用户名
delivery-email-key = 密码
delivery-email-from = 发件地址
delivery-email-from-name = 发件人
# dynamic: delivery-push-
delivery-push-lead = 家长在浏览器里点了同意，不开页面也能收到
delivery-push-contact = 联系方式
delivery-push-contact-hint = 写成 mailto:邮箱，推送服务出问题时找得到人。密钥存一次就自动生成。
delivery-push-hosts = 另外允许的推送服务
delivery-push-hosts-hint = 常用浏览器的都已允许。只写主机名，用空格隔开。
# dynamic: delivery-field-
delivery-field-on = 打开
delivery-field-base = 接口地址
delivery-field-base-hint = 空着就是官方地址。经过网关时才填。
delivery-field-key-hint = 加密保存，存好后不再显示。空着就不变。
delivery-secret-kept = 已经存着，空着就不变
delivery-base-https = 请用 https 开头的地址
delivery-report-short = 要16位以上，只用字母和数字
delivery-report-title = 回执地址
delivery-report-lead = 把这个地址填到服务商那边，送没送到才知道。
delivery-test-title = 发一条试试
delivery-test-lead = 发到自己的手机或邮箱，看看通不通。
delivery-test-open = 发一条试试
delivery-test-off = 这个通道还没开，打开存好再试。
delivery-test-to = 发给
delivery-test-send = 发
delivery-test-to-whom = 请写上发给谁
delivery-test-sent = 发出去了，看看收到没有
delivery-test-failed = 没发成：{ $why }
delivery-test-letter-title = 共育试一试
delivery-test-letter = 这是共育发来试通道的，不用理会。
# dynamic: delivery-test-
delivery-test-sms = 手机号
delivery-test-wechat = 微信的 openid
delivery-test-wecom = 家长在企业微信里的 parent_userid
delivery-test-email = 邮箱
delivery-test-push = 订阅的JSON
