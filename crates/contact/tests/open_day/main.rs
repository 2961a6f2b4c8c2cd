//! Open days by their pages and jobs, on both engines: a family books, waits, is offered, comes, speaks; and who is
//! not let in.

mod stage;

use gongyu_access::Role;
use gongyu_contact::open_day::{self, book};
use gongyu_kernel::Id;
use gongyu_parts::booking::{self, State};
use gongyu_store::sql;
use gongyu_testkit::{Client, both_engines};
use stage::Stage;

both_engines! {
    fn a_family_books_shows_its_code_is_checked_in_once_and_speaks(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("10");
        let mother = stage.world.role(Role::Guardian).clone();
        let child = stage.world.students[0];
        let home = stage.get(&stage.at(&mother), "/home");
        assert!(home.words().contains("秋季开放日"), "{}", home.words());
        let booking = stage.booked(&mother, &day, sessions[0], child, "1");
        let ticket_page = stage.get(&stage.at(&mother), &format!("/family/open-days/bookings/{booking}"));
        assert!(ticket_page.words().contains("约好了") && ticket_page.text().contains("gy-qr"));
        let ticket = stage.ticket(booking);
        let teacher = stage.role(Role::ClassTeacher);
        let early = stage.post(&teacher, &format!("/open-days/{day}/arrive"), &[("ticket", &ticket)]);
        assert_eq!(early.status, 409);
        stage.days_pass(2);
        let scanned = stage.get(&teacher, &format!("/t/{ticket}"));
        assert_eq!(scanned.location.as_deref(), Some(format!("/open-days/{day}/door?ticket={ticket}").as_str()));
        stage.done(&teacher, &format!("/open-days/{day}/arrive"), &[("ticket", &ticket)]);
        stage.done(&teacher, &format!("/open-days/{day}/arrive"), &[("ticket", &ticket)]);
        assert_eq!(stage.reached(child), 1);
        let say = format!("/family/open-days/{day}/feedback");
        assert!(stage.get(&stage.at(&mother), &say).words().contains("这次开放日怎么样"));
        stage.done(&stage.at(&mother), &say, &[("a_q1", "a"), ("a_q2", "公开课")]);
        // Under five answers nobody is shown what one of them said.
        let said = stage.get(&stage.role(Role::MoralDirector), &format!("/open-days/{day}/said"));
        assert!(said.words().contains("不到5位") && !said.words().contains("公开课"));
    }

    fn who_finds_no_place_waits_is_told_why_and_is_offered_what_comes_back(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("2");
        let mother = stage.world.role(Role::Guardian).clone();
        let (second, third) = (stage.other_guardian(1), stage.other_guardian(2));
        let first = stage.booked(&mother, &day, sessions[0], stage.world.students[0], "2");
        let waiting = stage.booked(&second, &day, sessions[0], stage.world.students[1], "2");
        let last = stage.booked(&third, &day, sessions[0], stage.world.students[2], "1");
        assert_eq!((stage.state(first), stage.state(waiting)), (State::Booked, State::Waiting));
        let why = stage.get(&stage.at(&third), &format!("/family/open-days/bookings/{last}")).words();
        assert!(why.contains("前面还有1家") && why.contains("空0个位置，您家要1个"), "{why}");
        stage.done(&stage.at(&mother), &format!("/family/open-days/bookings/{first}/give-back"), &[]);
        assert_eq!((stage.state(waiting), stage.state(last)), (State::Offered, State::Waiting));
        assert_eq!(stage.letters("open_day_offer"), 1);
        // Nobody answers for a day: it goes to the next.
        stage.house.clock.advance_seconds(24 * 3600 + 120);
        stage.house.db().write_wait(|tx| book::run_out(tx, 9)).unwrap();
        assert_eq!((stage.state(waiting), stage.state(last)), (State::Expired, State::Offered));
        stage.done(&stage.at(&third), &format!("/family/open-days/bookings/{last}/accept"), &[]);
        assert_eq!(stage.state(last), State::Booked);
    }

    fn an_offer_is_declined_by_its_link_without_signing_in(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("1");
        let mother = stage.world.role(Role::Guardian).clone();
        let second = stage.other_guardian(1);
        let first = stage.booked(&mother, &day, sessions[0], stage.world.students[0], "1");
        let waiting = stage.booked(&second, &day, sessions[0], stage.world.students[1], "1");
        stage.done(&stage.at(&mother), &format!("/family/open-days/bookings/{first}/give-back"), &[]);
        let offered = stage.house.db().read_wait(move |r| booking::find(r, waiting)).unwrap();
        let secret = open_day::letters::secret(&stage.house.app.vault, &offered);
        let anybody = Client::nobody(stage.house.router());
        let seen = stage.get(&anybody, &format!("/o/{waiting}-{secret}"));
        assert!(seen.words().contains("语文公开课") && !seen.words().contains("周子涵"), "{}", seen.words());
        let wrong = format!("/o/{waiting}-{}", "x".repeat(22));
        assert!(stage.get(&anybody, &wrong).words().contains("用不了"));
        let answer = |to: &str, word| stage.runtime.block_on(anybody.post_bare(to, &[("answer", word)]));
        assert_eq!(answer(&wrong, "yes").status, 404);
        assert_eq!(answer(&format!("/o/{waiting}-{secret}"), "no").status, 303);
        assert_eq!(stage.state(waiting), State::Declined);
    }

    fn nobody_is_in_two_sessions_at_once_and_the_family_has_its_limit(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("10");
        let mother = stage.world.role(Role::Guardian).clone();
        let child = stage.world.students[0];
        stage.booked(&mother, &day, sessions[0], child, "1");
        let clash = stage.book(&mother, &day, sessions[1], child, "1");
        assert_eq!(clash.status, 422);
        assert!(clash.words().contains("不能同时在两处"), "{}", clash.words());
        stage.booked(&mother, &day, sessions[2], child, "3");
        let second = stage.other_guardian(1);
        let many = stage.book(&second, &day, sessions[2], stage.world.students[1], "4");
        assert_eq!((many.status.as_u16(), many.words().contains("每家最多3个位置")), (422, true));
    }

    fn a_session_called_off_or_moved_is_told_to_everybody_and_places_are_kept(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("1");
        let mother = stage.world.role(Role::Guardian).clone();
        let second = stage.other_guardian(1);
        let booked = stage.booked(&mother, &day, sessions[0], stage.world.students[0], "1");
        let waiting = stage.booked(&second, &day, sessions[0], stage.world.students[1], "1");
        let leader = stage.role(Role::MoralDirector);
        let fields = [
            ("kind", "lesson"),
            ("title", "语文公开课"),
            ("from", "14:00"),
            ("to", "14:40"),
            ("capacity", "1"),
            ("place", "二楼"),
        ];
        stage.done(&leader, &format!("/open-sessions/{}", sessions[0]), &fields);
        assert_eq!((stage.state(booked), stage.letters("open_day_moved")), (State::Booked, 2));
        stage.done(&leader, &format!("/open-sessions/{}/off", sessions[0]), &[]);
        assert_eq!((stage.state(booked), stage.state(waiting)), (State::Cancelled, State::Cancelled));
        assert_eq!(stage.letters("open_day_off"), 2);
    }

    fn the_day_before_those_booked_are_reminded_once_and_the_day_after_it_is_settled(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("1");
        let mother = stage.world.role(Role::Guardian).clone();
        let second = stage.other_guardian(1);
        let booking = stage.booked(&mother, &day, sessions[0], stage.world.students[0], "1");
        stage.booked(&second, &day, sessions[0], stage.world.students[1], "1");
        stage.days_pass(1);
        let remind = |stage: &Stage| stage.house.db().write_wait(|tx| open_day::letters::remind(tx, 50)).unwrap();
        assert_eq!((remind(&stage), remind(&stage)), (1, 0));
        stage.days_pass(1);
        let ticket = stage.ticket(booking);
        let teacher = stage.role(Role::ClassTeacher);
        stage.done(&teacher, &format!("/open-days/{day}/arrive"), &[("ticket", &ticket)]);
        stage.days_pass(1);
        open_day::letters::settle_job(&stage.house.app, Id(0), "").unwrap();
        let id: Id = day.parse().unwrap();
        let held: (String, i64) = stage.house.db().read_wait(move |r| {
            r.one(
                sql!("SELECT o.state, a.attendance FROM open_day o JOIN act a ON a.id = o.act_id WHERE o.id = $1"),
                &[&id],
            )
        }).unwrap();
        assert_eq!(held, ("held".to_owned(), 1));
    }

    fn who_comes_without_a_booking_is_noted_from_the_roll_or_by_name(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("1");
        stage.days_pass(2);
        let teacher = stage.role(Role::ClassTeacher);
        let child = stage.world.students[2];
        let (path, session, who) =
            (format!("/open-days/{day}/walk-in"), sessions[0].to_string(), child.to_string());
        let seen = stage.get(&teacher, &format!("{path}?child={child}"));
        assert!(seen.words().contains("家长何俊熙"), "{}", seen.words());
        let fields = [("session", session.as_str()), ("child", &who), ("adults", "1"), ("key", "w1")];
        stage.done(&teacher, &path, &fields);
        stage.done(&teacher, &path, &fields);
        assert_eq!(stage.reached(child), 1);
        stage.done(&teacher, &path, &[("session", &session), ("guest", "王爷爷"), ("adults", "1"), ("key", "w2")]);
        assert_eq!(stage.post(&teacher, &path, &[("session", &session), ("adults", "1"), ("key", "w3")]).status, 422);
        // A child of another class is not this teacher's to let in.
        let other = stage.world.students[8].to_string();
        let fields = [("session", session.as_str()), ("child", &other), ("adults", "1"), ("key", "w4")];
        assert_eq!(stage.post(&teacher, &path, &fields).status, 404);
    }

    fn an_arrival_taken_back_takes_its_touch_along(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("2");
        let mother = stage.world.role(Role::Guardian).clone();
        let child = stage.world.students[0];
        let bookings = [sessions[0], sessions[2]].map(|s| stage.booked(&mother, &day, s, child, "1"));
        stage.days_pass(2);
        let leader = stage.role(Role::MoralDirector);
        for booking in bookings {
            stage.done(&leader, &format!("/open-days/{day}/arrive"), &[("booking", &booking.to_string())]);
        }
        assert_eq!(stage.reached(child), 1);
        let id: Id = day.parse().unwrap();
        let came = stage.house.db().read_wait(move |r| open_day::door::arrivals(r, id)).unwrap();
        for (n, arrival) in came.iter().enumerate() {
            let back = [("arrival", arrival.id.to_string())];
            let back: Vec<(&str, &str)> = back.iter().map(|(k, v)| (*k, v.as_str())).collect();
            stage.done(&leader, &format!("/open-days/{day}/take-back"), &back);
            assert_eq!(stage.reached(child), if n == 0 { 1 } else { 0 });
        }
    }

    fn what_was_noted_without_a_network_arrives_once(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("2");
        let mother = stage.world.role(Role::Guardian).clone();
        let booking = stage.booked(&mother, &day, sessions[0], stage.world.students[0], "1");
        stage.days_pass(2);
        let teacher = stage.role(Role::ClassTeacher);
        let list = stage.runtime.block_on(teacher.get_json(&format!("/open-days/{day}/door.json"), &[]));
        let ticket = stage.ticket(booking);
        assert!(list.text().contains("林秀兰") && !list.text().contains(&ticket), "{}", list.text());
        let csrf = stage.runtime.block_on(teacher.csrf());
        let body = format!("{{\"items\":[{{\"key\":\"a\",\"ticket\":\"{ticket}\"}},{{\"key\":\"b\",\"ticket\":\"x\"}}]}}");
        let send = || {
            let path = format!("/open-days/{day}/arrivals.json");
            stage.runtime.block_on(teacher.post_bytes(&path, &csrf, "application/json", body.as_bytes())).text()
        };
        assert!(send().contains("\"a\":\"done\""));
        let again = send();
        assert!(again.contains("\"a\":\"before\"") && again.contains("\"b\":\"unknown\""), "{again}");
        assert_eq!(stage.reached(stage.world.students[0]), 1);
    }

    fn what_is_not_ones_own_is_not_there(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("5");
        let mother = stage.world.role(Role::Guardian).clone();
        let booking = stage.booked(&mother, &day, sessions[0], stage.world.students[0], "1");
        let ticket = stage.ticket(booking);
        let stranger = stage.other_guardian(1);
        let own = format!("/family/open-days/bookings/{booking}");
        for (path, post) in [
            (own.clone(), false),
            (format!("{own}/accept"), true),
            (format!("{own}/give-back"), true),
            (format!("{own}/change"), true),
            (format!("/t/{ticket}"), false),
        ] {
            let client = stage.at(&stranger);
            let fields = [("session", sessions[2].to_string())];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let seen = if post { stage.post(&client, &path, &fields) } else { stage.get(&client, &path) };
            assert_eq!(seen.status, 404, "{path}");
        }
        // Another's child cannot be booked for, and a draft is nobody's outside the school.
        assert_eq!(stage.book(&stranger, &day, sessions[0], stage.world.students[0], "1").status, 422);
        // A guardian has no door, a teacher no pen, a town no names.
        for (role, path, status) in [
            (Role::Guardian, format!("/open-days/{day}"), 403),
            (Role::Guardian, format!("/open-days/{day}/door"), 403),
            (Role::ClassTeacher, format!("/open-days/{day}/edit"), 403),
            (Role::TownOfficer, format!("/open-days/{day}"), 200),
            (Role::TownOfficer, format!("/open-days/{day}/people"), 403),
            (Role::DistrictOfficer, format!("/open-days/{day}/people.xlsx"), 403),
        ] {
            assert_eq!(stage.get(&stage.role(role), &path).status, status, "{role:?} {path}");
        }
        let elsewhere = stage.house.db().write_wait({
            let (vault, kindergarten) = (stage.house.app.vault.clone(), stage.world.kindergarten);
            move |tx| {
                gongyu_testkit::people::staff_in(
                    tx, &vault, "别的学校", Role::MoralDirector, (kindergarten, "青禾幼儿园"), kindergarten,
                )
            }
        }).unwrap();
        let other = stage.at(&elsewhere);
        for path in ["", "/people", "/door", "/edit", "/said", "/door.json", "/people.xlsx"] {
            assert_eq!(stage.get(&other, &format!("/open-days/{day}{path}")).status, 404, "{path}");
        }
        for path in ["/publish", "/off", "/arrive", "/take-back", "/invite"] {
            let seen = stage.post(&other, &format!("/open-days/{day}{path}"), &[("ticket", &ticket)]);
            assert_eq!(seen.status, 404, "{path}");
        }
        assert_eq!(stage.get(&other, &format!("/open-sessions/{}", sessions[0])).status, 404);
        // A teacher sees the families of the class, not those of the other class.
        let people = format!("/open-days/{day}/people");
        assert!(stage.get(&stage.role(Role::ClassTeacher), &people).words().contains("林秀兰"));
        assert!(!stage.get(&stage.at(&stage.world.other_teacher), &people).words().contains("林秀兰"));
        let ticked = [("booking", booking.to_string())];
        let ticked: Vec<(&str, &str)> = ticked.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let seen = stage.post(&stage.at(&stage.world.other_teacher), &format!("/open-days/{day}/arrive"), &ticked);
        assert_eq!(seen.status, 404);
    }

    fn the_invitation_is_written_from_the_day_and_calendars_know_of_it(engine) {
        let stage = Stage::new(engine);
        let (day, sessions) = stage.open("5");
        let leader = stage.role(Role::MoralDirector);
        let to = stage.done(&leader, &format!("/open-days/{day}/invite"), &[]);
        assert!(to.starts_with("/notices/"), "{to}");
        let mother = stage.world.role(Role::Guardian).clone();
        stage.booked(&mother, &day, sessions[0], stage.world.students[0], "1");
        assert!(stage.get(&stage.at(&mother), "/agenda").words().contains("语文公开课"));
        for path in ["", "/people", "/people.xlsx", "/door", "/edit", "/said"] {
            assert_eq!(stage.get(&leader, &format!("/open-days/{day}{path}")).status, 200, "{path}");
        }
        assert_eq!(stage.post(&leader, &format!("/open-days/{day}/list"), &[]).status, 200);
        assert!(stage.get(&leader, "/open-days").words().contains("秋季开放日"));
        assert!(stage.get(&stage.role(Role::DistrictOfficer), "/open-days").words().contains("石桥中心校"));
        assert!(stage.get(&stage.at(&mother), "/family/open-days").words().contains("秋季开放日"));
        assert_eq!(stage.post(&leader, &format!("/open-days/{day}/edit"), &[("title", "")]).status, 422);
    }
}
