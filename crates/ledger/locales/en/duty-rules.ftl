# Depth of a contact
# dynamic: touch-depth-
touch-depth-told = Told
touch-depth-confirmed = Confirmed
touch-depth-talked = Talked with
touch-depth-met = Met

# Tone of a contact
# dynamic: touch-tone-
touch-tone-good = Good news
touch-tone-neutral = Everyday
touch-tone-concern = Concern
touch-tone-complaint = Complaint

# Way of a contact
# dynamic: touch-channel-
touch-channel-phone = Phone
touch-channel-wechat = WeChat
touch-channel-at_school = At school
touch-channel-home_visit = Home visit
touch-channel-in_app = In the app
touch-channel-sms = Text message
touch-channel-paper = Paper
touch-channel-video = Video call
touch-channel-event = At an event

# Kinds of contact
# dynamic: touch-kind-
touch-kind-contact = Contact
touch-kind-visit = Home visit
touch-kind-meeting = Parent meeting
touch-kind-open_day = Open day
touch-kind-notice = Notice
touch-kind-lesson = Parent lesson
touch-kind-letter = Letter
touch-kind-contract = Contract

# Kinds of activity
# dynamic: act-kind-
act-kind-family_education = Family-education activity
act-kind-practice_activity = Practice activity
act-kind-parent_meeting = Parent meeting
act-kind-open_day = Open day
act-kind-parent_committee_set_up = Parent committee set up
act-kind-parent_school_set_up = Parent school set up
act-kind-record_check = Criminal records checked
act-kind-circular = Circular
act-kind-family_education_day = Family Education Day
act-kind-culture_venue = Family education in a culture venue

# Kinds of record
# dynamic: record-kind-
record-kind-care_file = Care file
record-kind-education_community = Education community
record-kind-absent_parent_contact = Absent parent's contact
record-kind-sport_minute = Minutes of sport
record-kind-no_homework_day = Day without homework

# Events to be answered
# dynamic: event-kind-
event-kind-meeting_missed = Parent meeting missed
event-kind-truancy = Truancy
event-kind-child_left_alone = Child left alone

# Numbers for shares
# dynamic: measure-
measure-schools = Schools and kindergartens
measure-schools_with_parent_school = Schools with a parent school
measure-schools_with_counsellor = Schools with a psychology teacher
measure-schools_inspected_twice = Schools inspected twice this semester
measure-schools_inspected_fully = Schools inspected as a whole within 5 years
measure-communities = Villages and communities
measure-communities_with_parent_school = Villages and communities with a parent school
measure-guidance_stations = Guidance stations
measure-guidance_stations_with_care = Guidance stations with mental-health service

# Whose duty
# dynamic: duty-subject-
duty-subject-child = Each child
duty-subject-guardian = Each guardian
duty-subject-class = Each class
duty-subject-school = Each school
duty-subject-kindergarten = Each kindergarten
duty-subject-town = Each town
duty-subject-community = Each community
duty-subject-college = The teachers' college
duty-subject-district = The district
# dynamic: duty-role-
duty-role-class_teacher = Class teacher
duty-role-subject_teacher = Subject teacher
duty-role-school_leader = School leader
duty-role-counsellor = Counsellor
duty-role-other = Other staff

# Whom it is about
# dynamic: duty-stage-
duty-stage-kindergarten = Kindergarten
duty-stage-primary = Primary
duty-stage-junior = Junior secondary
duty-stage-senior = Senior secondary
duty-stage-vocational = Vocational
duty-stage-special = Special education
# dynamic: duty-school-kind-
duty-school-kind-kindergarten = Kindergarten
duty-school-kind-primary = Primary school
duty-school-kind-nine_year = Nine-year school
duty-school-kind-junior = Junior secondary school
duty-school-kind-senior = Senior secondary school
duty-school-kind-vocational = Vocational school
duty-school-kind-special = Special school
# dynamic: duty-setting-
duty-setting-urban = Urban
duty-setting-rural = Rural
# dynamic: duty-category-
duty-category-special_group = Special groups
duty-category-left_behind = Left-behind
duty-category-migrant = Migrant
duty-category-orphan = Orphan
duty-category-unsupported = Without support in fact
duty-category-single_parent = Single parent
duty-category-hardship = In hardship

# How often
# dynamic: duty-period-
duty-period-school_day = Every school day
duty-period-week = Every week
duty-period-month = Every month
duty-period-semester = Every semester
duty-period-school_year = Every school year
duty-period-calendar_year = Every year
duty-period-once = Once

# How it stands
# dynamic: duty-status-
duty-status-met = Met
duty-status-due = In time
duty-status-overdue = Overdue
duty-status-not_applicable = Not applicable
# dynamic: duty-days-
duty-days-left =
    { $days ->
        [0] due today
        [one] one day left
       *[other] { $days } days left
    }
duty-days-late =
    { $days ->
        [one] one day late
       *[other] { $days } days late
    }

# How sure the source is
# dynamic: duty-tag-
duty-tag-L = Text of the law
duty-tag-G = Government page
duty-tag-M = Official text in the press
duty-tag-P = Practice elsewhere, for reference
duty-tag-C = Public source code
duty-tag-K = Background knowledge, not confirmed

# Why it is not in use
# dynamic: duty-off-
duty-off-nothing_counts_it_yet = Nothing records it yet
duty-off-covered_by = “{ $code }” asks for the same or more
duty-off-no_number_in_text = The text says “in time” and gives no number
duty-off-calendar_event = A day in the calendar, not a count
duty-off-family_matter = A family's own duty, which is not counted here
duty-off-encouraged_only = Encouraged only

# Editing a rule
# dynamic: duty-rule-
duty-rule-needs-title = Please give it a title
duty-rule-needs-number = At least 1
duty-rule-ends-before-it-begins = It ends before it begins
duty-rule-no-such-day = There is no such day
duty-rule-counts-nothing = Please choose at least one kind
duty-rule-asks-more-kinds-than-it-names = It asks for more kinds than are chosen
duty-rule-percent-out-of-range = Please give 1 to 100
# How much, where it is no plain number of times
# dynamic: duty-amount-
duty-amount-minutes = { $n } minutes
duty-amount-days = { $n } days
duty-amount-always = at all times
duty-amount-third-may-monday = { $n }, on the Monday of the third week of May
