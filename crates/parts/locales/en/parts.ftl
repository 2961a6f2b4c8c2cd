figures-see-numbers = Show the figures
figures-none = none

# rich text
rich-tools = Formatting
rich-bold = Bold
rich-heading = Heading
rich-list = List
rich-numbers = Numbers
rich-link = Link
rich-preview = Preview
rich-hint = Two **asterisks** make bold, a line that begins with “- ” makes a list. Addresses begin with https.

# files
attach-label = Files
attach-optional = , optional
attach-add = Add pictures or files
attach-look = Look
attach-hint = Pictures, PDF, Word, Excel, PowerPoint and sound, { $mb } MB each, at most { $n }. Where a photo was taken is removed.
attach-pictures = Photographs
attach-add-pictures = Take or choose photographs
attach-hint-pictures = At most { $n }; they are made smaller and lose the place they were taken at. Ask the family first, better without faces.
attach-progress = Upload progress
attach-none = No file came. Please choose it again
attach-refused = { $why }
attach-too-many = At most { $n } files
attach-too-large = “{ $name }” is too large, { $mb } MB at most
attach-other-kind = “{ $name }” is of a kind that is not taken. Please use a picture, PDF, Word, Excel or PowerPoint
attach-heic = “{ $name }” is an HEIC photo that other phones cannot open. Choose “Most Compatible” under Settings, Camera, Formats, or send a screenshot
attach-video = “{ $name }” is a video, which is not taken here. You can write its address in the text
attach-old-office = “{ $name }” is an old Office file. Please save it as docx, xlsx, pptx or PDF
attach-other-picture = Please save “{ $name }” as JPG or PNG
attach-broken = “{ $name }” cannot be opened. Please save it again
attach-locked = “{ $name }” has a password. Please remove it first
attach-macros = “{ $name }” has macros, which families' phones cannot open safely. Please save it without
attach-archive = “{ $name }” is an archive. Please unpack it and add the files
attach-picture-large = The picture “{ $name }” has too many pixels. Please make it smaller
attach-picture-broken = The picture “{ $name }” cannot be opened. Please choose another

# forms
form-optional = optional
form-several = several allowed
form-between = From { $from } to { $to }
form-choose-one = Please choose one
form-choose-some = Please choose at least one
form-answer-missing = This one needs an answer
form-date-outside = The date is not within the range
form-ask-missing = There are choices but no question
form-choices-few = Write at least two choices, one a line
form-choices-many = At most { $n } choices
form-choice-long = At most { $n } characters for a choice
form-bounds = The first must be smaller than the second
form-question = Question { $n }
form-ask = Question
form-kind = Answered by
# dynamic: form-kind-
form-kind-one = One choice
form-kind-many = Several choices
form-kind-text = A few words
form-kind-number = A number
form-kind-date = A date
form-kind-signature = A signature
form-must = Required
form-choices = Choices
form-choices-hint = , one a line
form-from = From
form-to = To
form-unit = Unit
form-add = Add a question
form-pupils = children
form-finding = { $ask }: most chose “{ $label }”, { $n } children
form-finding-none = { $ask }: no answers yet

# signature
sign-glass = Signature pad, sign with a finger
sign-glass-full = Signature pad, signed
sign-here = Sign here with a finger
sign-undo = Undo
sign-clear = Start over
sign-cannot = I cannot draw, I type my name
sign-typed = Your name
sign-agree-label = It is me, and my typed name stands for my signature
sign-agree = Please tick “It is me”
sign-name = Please type your full name
sign-missing = Not signed yet
sign-short = That was too short, please sign again

# Booking
booking-overlap = Somebody of you is booked elsewhere at that time; nobody can be in two places
booking-holder-limit = { $n } places for each family at most
booking-below-used = { $n } places are already booked; there cannot be fewer
booking-offer-over = The places were kept for a time that is over
booking-over = This booking is over and cannot be changed
booking-nobody = Please choose who comes
