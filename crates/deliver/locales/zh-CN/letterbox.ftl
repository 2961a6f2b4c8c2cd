letterbox-title = 消息
letterbox-back = 返回
letterbox-read = 听一听
letterbox-channels = 怎么通知我
letterbox-new = 新
letterbox-none = 还没有消息
letterbox-none-text = 学校发的通知、约家访的时间、提醒，都会留一份在这里
letterbox-older = 看更早的
