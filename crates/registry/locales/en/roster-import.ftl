# The import of the pupil roster: choose, check, mend, write.
roster-nav = Pupil roster
roster-title = Pupil roster
roster-subtitle = Bring the sheet exported from the national system, see what would change, then import it
roster-import-title = Import a pupil roster
roster-template = Blank sheet
roster-new = Import a roster
roster-drop = Choose a file, or drop it here
roster-drop-hint = xlsx or csv, { $mb } MB at most. The order of the columns does not matter
roster-progress = Progress
roster-complete-school = This is the whole school; pupils it does not name have left
roster-complete-district = Every school in the file is complete; pupils it does not name have left
roster-complete-hint = Leave this empty when the file holds only some of the pupils. Mended rows brought back never make anybody leave.
roster-send = Send and check
roster-old = Rosters imported so far
roster-none = No roster has been imported yet. The blank sheet shows which columns are wanted.
roster-whole = Whole district
roster-th-file = File
roster-th-school = School
roster-th-at = When
roster-th-state = Stage
roster-th-added = New
roster-th-changed = Changed
roster-th-moved = Moved
roster-th-left = Left
roster-th-waiting = Waiting
# dynamic: roster-state-
roster-state-reading = Being checked
roster-state-preview = Waiting for you
roster-state-applying = Being written
roster-state-done = Imported
roster-state-refused = Could not be read
roster-choose-file = Choose a file first
roster-rows = { $n } rows
roster-columns = { $n } columns
roster-step-file = File
roster-step-columns = Columns
roster-step-check = Check
roster-step-write = Import
roster-other-file = Another file
roster-refused-title = This file could not be read; nothing was changed
roster-refused-text = Mend it and send it again.
roster-reading = { $n } rows checked
roster-reading-text = You may do something else meanwhile; the result stays on this page.
roster-applying = { $n } of { $all } rows written
roster-applying-text = You may leave this page. Even after a power cut the import carries on to its end.
roster-done = Done, { $n } rows written
roster-good = Ready
roster-bad = To be mended
roster-ask = Your decision
roster-sum-added = New{" "}
roster-sum-changed = changed{" "}
roster-sum-moved = moved{" "}
roster-sum-unchanged = unchanged{" "}
roster-sum-left = leaving{" "}
roster-unit-rows = rows
roster-bad-unit = rows cannot be imported yet
roster-ask-unit = rows, one tap each
roster-waiting-title = { $n } rows with a problem
roster-filter = Filter by problem
# dynamic: roster-topic-
roster-topic-all = All
roster-topic-class = Class
roster-topic-id = Identity number
roster-topic-birth = Birth date
roster-topic-phone = Telephone
roster-topic-school = School
roster-topic-other = Other
roster-topic-ask = Your decision
roster-download-rows = Download these { $n }
roster-th-row = Row
roster-th-name = Name
roster-th-column = Column
roster-th-found = In the file
roster-th-reason = What is wrong, and how to mend it
roster-th-act = Action
roster-cell-empty = empty
roster-fix-all = Change { $n } rows to { $text }
roster-fix-one = Change to { $text }
roster-same-person = The same person
roster-other-person = Somebody else
roster-guardian-1 = Member 1
roster-guardian-2 = Member 2
roster-guardian-both = Both
roster-no-phone = No telephone
roster-leave-it = Leave it so
roster-change = Change
roster-type = The right value
roster-type-phone = 11-digit mobile
roster-type-id = 18 characters
roster-type-label = { $column } of { $name }
roster-masked = Identity numbers and telephones are shown only in part.
roster-next = Next page
roster-over = { $n } pupils would leave, more than usual. If that is so, type their number here:
roster-foot-nothing = There is nothing to import.
roster-foot-waiting = The good rows can be imported now; { $n } stay here and may be mended within 30 days.
roster-foot-clean = Every row is in order.
roster-apply-first = Import { $n } rows now
roster-apply = Import { $n } rows
roster-confirm-gone = { $n } pupils would leave; type this number to import
roster-fixed = Row { $row } is mended and ready
roster-fixed-many = { $n } rows are mended and ready
roster-fix-not-yet = Row { $row } is noted; something else in it still needs a look
roster-fixing-many = These are many rows and are being changed; reload in a moment
roster-not-now = The roster is being checked or written. Please wait until that is done.
roster-nothing-to-write = There is no row to import.
roster-no-such-school = No school has the code { $code }
roster-too-many-leave = { $n } pupils would leave, more than goes without confirmation; nobody was made to leave. Please look at it on the web page
roster-rows-sheet = Rows to mend
roster-rows-file = roster-rows-to-mend.xlsx
roster-template-sheet = Pupil roster
roster-template-help-sheet = Notes
roster-template-file = pupil-roster-blank.xlsx
# dynamic: roster-template-help-
roster-template-help-1 = One pupil a row. The order of the columns does not matter; columns you do not need may be removed.
roster-template-help-2 = Needed: school code, name, identity number, class, name of member 1.
roster-template-help-3 = Type identity numbers and telephones as text, so that no digits are lost.
roster-template-help-4 = A class may be written 三年级2班, 2023级2班 or 202302.
roster-template-help-5 = For a family without a telephone write 无; it is reached on paper and by visits.
roster-template-help-6 = Dots in minority names and rare characters are written as in the household book.

roster-missing-columns = These columns are missing: { $columns }
roster-no-rows = The sheet has headings but no pupils
roster-note-unknown-columns = { $n } columns were not understood and are left aside: { $columns }
roster-note-repeated-columns = These columns occur more than once; only the first is read: { $columns }
roster-note-mended = These are mended rows brought back; nobody is made to leave
roster-note-merged = There are merged cells ({ $ranges }); only the first row of each has a value. Please split them
roster-note-look-again = The registry has changed since the check, and another number of pupils would leave. Please look again
# dynamic: roster-file-
roster-file-io = The file could not be read from disk. Please send it again
roster-file-empty = The file is empty
roster-file-too-large = The file has { $mb } MB; { $max } MB at most. Please send it school by school
roster-file-old-xls = This is an old xls file. Please open it and save it as xlsx
roster-file-encrypted = The file has a password. Please remove it and send the file again
roster-file-macros = The file holds macros and is not taken, for safety. Please save it as xlsx without macros
roster-file-zip-truncated = The file is not complete, as if a download had stopped. Please export it again
roster-file-zip-damaged = The file is damaged. Please export it again
roster-file-zip-bomb = The file would unpack to an abnormal size and was not opened
roster-file-not-workbook = { $looks ->
    [xlsb] This is an xlsb file. Please save it as xlsx
    [ods] This is an ods file. Please save it as xlsx
    [word] This is a text document, not a sheet. Please send xlsx or csv
    [pdf] This is a PDF, not a sheet. Please send xlsx or csv
    [picture] This is a picture, not a sheet. Please send xlsx or csv
    [archive] This is an archive. Please unpack it and send the xlsx in it
   *[unknown] This is not a sheet. Please send xlsx or csv
}
roster-file-sheet-damaged = The content of the sheet is damaged. Please export it again
roster-file-too-much-text = Some cells hold far too much text for a roster. Is it the right file?
# dynamic: roster-sheet-
roster-sheet-not-found = No sheet looks like a roster. The file has: { $seen }
# dynamic: roster-csv-
roster-csv-mixed-encoding = From line { $line } on the text is in another encoding. Please save it in one (UTF-8)
roster-csv-nul = Line { $line } holds invisible zero characters; this is no text file
roster-csv-utf16 = This is Unicode text (UTF-16). Please save it as csv in UTF-8, or as xlsx
roster-csv-cell-too-long = A quotation mark near line { $line } is never closed, so the rest runs into one cell
