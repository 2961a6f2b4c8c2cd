delivery-nav = Channels
delivery-title = Channels of letters
delivery-lead = Notices, appointments and reminders reach families from here
delivery-crumb = You are here
delivery-back = Back
delivery-save = Save
delivery-saved = Saved
delivery-demo = The demo sends nothing out. What would have gone stays in its outbox.
delivery-demo-link = Have a look
delivery-ways-title = Channels
delivery-last-sent = Last sent
delivery-never-sent = Nothing sent yet
delivery-last-fault = Last failure:
delivery-resting = resting a while
delivery-on = on
delivery-off = off
delivery-app-hint = Guardians with an account also find every letter in Gongyu itself. Whom no channel reaches is listed for the teacher to call or to hand paper to.
delivery-queue-title = Now
delivery-waiting = Waiting
delivery-sending = On their way
delivery-rules-title = When letters go
delivery-rules-lead = So that families are not flooded
delivery-quiet = Quiet hours
delivery-quiet-none = none
delivery-digest = Daily digest
delivery-ration = At most a day
delivery-ration-none = no limit
delivery-ration-n = { $n } letters
delivery-weeks-title = What families get in a week
delivery-weeks-none = No letters yet.
delivery-per-family = In the last week a family got { $n } letters on average.
delivery-weeks-hint = Only what went to phones, WeChat and mailboxes; a digest counts once.
delivery-week = Week from
delivery-week-letters = Sent
delivery-week-urgent = Urgent
delivery-week-gathered = Gathered into digests
# dynamic: delivery-rule-
delivery-rule-quiet-from = Quiet from
delivery-rule-quiet-to = until
delivery-rule-digest-at = Digest at
delivery-rule-ration = Letters a guardian gets in a day at most
delivery-rule-order = Order
delivery-quiet-hint = In quiet hours only urgent letters go; the rest waits. Equal times mean none.
delivery-ration-hint = What is over goes into the day's digest. 0 means no limit. Urgent letters do not count.
delivery-order-hint = Channels are tried in this order, separated by commas.
delivery-clock = Write a time such as 21:30
delivery-order-empty = Name at least one channel
delivery-digest-quiet = The digest would fall into the quiet hours: choose another time
# dynamic: way-
way-wechat = WeChat
way-wecom = WeCom
way-push = Browser notifications
way-email = E-mail
way-sms = Text message
way-app = Gongyu
# dynamic: delivery-choice-
delivery-choice-off = none
delivery-choice-aliyun = Aliyun
delivery-choice-tencent = Tencent Cloud
delivery-choice-tls = TLS (port 465)
delivery-choice-starttls = STARTTLS (port 587)
delivery-choice-none = unencrypted (this machine only)
# dynamic: delivery-provider-
delivery-provider-aliyun = Aliyun
delivery-provider-tencent = Tencent Cloud
# dynamic: delivery-sms-
delivery-sms-lead = One-time codes go this way too. It is how guardians without a smartphone are reached.
delivery-sms-provider = Provider
delivery-sms-key-id = AccessKey ID or SecretId
delivery-sms-key = AccessKey secret or SecretKey
delivery-sms-sign-name = Registered signature
delivery-sms-app-id = SmsSdkAppId
delivery-sms-app-id-hint = Tencent Cloud only.
delivery-sms-region = Region
delivery-sms-region-hint = Tencent Cloud only; ap-guangzhou when empty.
delivery-sms-templates = Registered templates
delivery-sms-templates-hint = One a line, such as: notice = SMS_123: title, path. "any" is used where a letter has none of its own, "code" for one-time codes.
delivery-sms-report = Secret for reports
delivery-sms-report-hint = 16 letters and digits or more of your own; they stand in the address of reports so that nobody guesses it.
# dynamic: delivery-wechat-
delivery-wechat-lead = Template messages of a service account; guardians bind their WeChat first
delivery-wechat-app-id = AppID
delivery-wechat-key = AppSecret
delivery-wechat-templates = Templates
delivery-wechat-templates-hint = One a line, such as: notice = TEMPLATE: thing1=title, time2=deadline.
delivery-wechat-report = Token
delivery-wechat-report-hint = The same as under "server configuration" at WeChat; choose plain mode there.
# dynamic: delivery-wecom-
delivery-wecom-lead = School notices of WeCom; parents are matched by mobile number every night
delivery-wecom-corp-id = CorpID
delivery-wecom-key = Secret of the application
delivery-wecom-agent-id = AgentId
delivery-wecom-department = Department of the parents' directory
delivery-wecom-department-hint = Empty means the topmost.
# dynamic: delivery-email-
delivery-email-lead = E-mail by SMTP; guardians prove their address first
delivery-email-host = Server
delivery-email-port = Port
delivery-email-port-hint = Empty means the usual port of the encryption.
delivery-email-tls = Encryption
delivery-email-user = User name
delivery-email-key = Password
delivery-email-from = Sender's address
delivery-email-from-name = Sender's name
# dynamic: delivery-push-
delivery-push-lead = Guardians who agree in their browser are told even when no page is open
delivery-push-contact = Contact
delivery-push-contact-hint = Such as mailto:address, so that a push service can reach somebody. Keys are made on the first save.
delivery-push-hosts = Further push services
delivery-push-hosts-hint = Those of the usual browsers are known. Host names only, separated by blanks.
# dynamic: delivery-field-
delivery-field-on = Switch on
delivery-field-base = Address of the interface
delivery-field-base-hint = Empty means the provider's own. Only for a gateway in between.
delivery-field-key-hint = Kept encrypted and never shown again. Empty leaves it as it is.
delivery-secret-kept = kept; empty leaves it as it is
delivery-base-https = Use an address that begins with https
delivery-report-short = 16 characters or more, letters and digits only
delivery-report-title = Address for reports
delivery-report-lead = Give this address to the provider to learn what arrived.
delivery-test-title = Send a test
delivery-test-lead = To your own phone or mailbox, to see whether it works.
delivery-test-open = Send a test
delivery-test-off = This channel is off: switch it on and save first.
delivery-test-to = To
delivery-test-send = Send
delivery-test-to-whom = Say to whom
delivery-test-sent = Sent; see whether it arrives
delivery-test-failed = Not sent: { $why }
delivery-test-letter-title = A test of Gongyu
delivery-test-letter = This is a test of the channel; nothing is asked of you.
# dynamic: delivery-test-
delivery-test-sms = Mobile number
delivery-test-wechat = WeChat openid
delivery-test-wecom = parent_userid in WeCom
delivery-test-email = E-mail address
delivery-test-push = Subscription as JSON
