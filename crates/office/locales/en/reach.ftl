reach-pupils = Pupils
reach-reached = Reached this semester
reach-reached-count = Pupils reached
reach-change = Since last week, points
reach-missing = Not this semester
reach-never = Never reached
reach-here = This school
reach-last-year = Last year
reach-week = Week { $n }
reach-space = {" "}
reach-semester-first = { $from }–{ $to }, first semester
reach-semester-second = { $from }–{ $to }, second semester
reach-finding-week = End of week { $n }
reach-finding-urban = , urban { $share }
reach-finding-rural = , rural { $share }
reach-finding-last = , last year { $share }
reach-where-urban = all in town
reach-where-rural = all in the country
reach-where-tenths = about { $n } in ten in the country
# How deep a contact has to be
# dynamic: reach-depth-
reach-depth-told = Told counts
reach-depth-confirmed = Confirmed counts
reach-depth-talked = Talked with counts
reach-depth-met = Only met counts
