visit-nav = Home visits
visit-one-family = A visit is about children of one family and one school
visit-not-recorded = This visit has no record yet
visit-cancelled = This visit was called off
visit-signature-too-large = The signature is too large, clear it and sign again
visit-signature-empty = Nothing has been signed yet
visit-field-time = Write the time like 18:30
visit-field-met = Choose whom you met
visit-field-too-many = Too many, write fewer
visit-field-too-long = Too long, write less
# dynamic: visit-state-
visit-state-planned = No time yet
visit-state-offered = Waiting for the family
visit-state-agreed = Agreed
visit-state-done = Visited
visit-state-cancelled = Called off
# dynamic: visit-reason-
visit-reason-yearly = Once a school year
visit-reason-special = Special care, once a semester
visit-reason-trigger = Something happened
visit-reason-asked = The family asked
# dynamic: visit-way-
visit-way-home = At home
visit-way-video = Video
visit-way-phone = Telephone
visit-way-school = At school
# dynamic: visit-home-
visit-home-desk = A fixed place to learn
visit-home-company = Somebody there every day
visit-home-phone_rule = A rule about the phone
visit-home-sleep = Enough sleep
visit-home-books = Books to read
visit-home-chores = Helps in the house
visit-home-sport = Moves every day
visit-home-talks = Talks with the grown-ups
# dynamic: visit-point-
visit-point-learning = Learning
visit-point-habits = Habits
visit-point-friends = Friends
visit-point-screens = Phone and games
visit-point-together = Time together
visit-point-mood = Mood
visit-point-safety = Safety
visit-point-future = Next school
# dynamic: visit-theme-
visit-theme-learning = Learning
visit-theme-economy = Money
visit-theme-care = Care
visit-theme-health = Health
visit-theme-mood = Mood
visit-theme-safety = Safety
visit-theme-conduct = Conduct
visit-theme-online = Internet
# dynamic: visit-risk-
visit-risk-watch = Keep an eye on it
visit-risk-act = To follow up
visit-risk-urgent = Urgent
# dynamic: visit-owner-
visit-owner-teacher = Teacher
visit-owner-family = Family
visit-owner-child = Child
visit-owner-school = School
# dynamic: visit-company-
visit-company-invited = Asked
visit-company-coming = Coming
visit-company-not_coming = Cannot come
# dynamic: visit-answer-
visit-answer-open = No answer yet
visit-answer-accepted = Accepted
visit-answer-moved = Another time
visit-answer-declined = Not possible
# dynamic: visit-signer-
visit-signer-guardian = Guardian's signature
visit-signer-teacher = Teacher's signature
