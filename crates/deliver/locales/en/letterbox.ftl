letterbox-title = Messages to you
letterbox-back = Back
letterbox-read = Listen
letterbox-channels = How I am told
letterbox-new = New
letterbox-none = No message yet
letterbox-none-text = Notices, times for home visits and reminders are all kept here too
letterbox-older = Earlier ones
