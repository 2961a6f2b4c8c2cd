//! The audit log's chains: one for each node, and what an altered, removed or cut-off row does to them.

use gongyu_kernel::{Id, Result};
use gongyu_store::{Db, Tx, audit, sql};
use gongyu_testkit::{Engine, House, base_features, both_engines};

fn house(engine: Engine) -> House {
    House::new(engine, base_features())
}

fn whys(db: &Db) -> Vec<&'static str> {
    audit::verify(db).unwrap().broken.iter().map(|b| b.why).collect()
}

fn by_hand(tx: &mut Tx, id: i64) -> Result<()> {
    let at = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO audit (id, at, account_id, hat, action, object_kind, object_id, school_id, detail, client)
              VALUES ($1, $2, NULL, '', 'sign-in', 'account', NULL, NULL, '', '')"
        ),
        &[&id, &at],
    )?;
    Ok(())
}

/// One link over all rows as it was sealed before each node had a chain, its hash worked out here anew.
fn as_before(tx: &mut Tx, ids: &[i64]) -> Result<()> {
    use sha2::Digest;
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let mut hasher = sha2::Sha256::new();
    for id in &ids {
        let at: i64 = tx.scalar(sql!("SELECT at FROM audit WHERE id = $1"), &[id])?;
        let line = serde_json::json!([id, at, 0, "", "sign-in", "account", 0, 0, "", ""]);
        hasher.update(format!("{line}\n"));
    }
    let (hash, count, now, seal) = (gongyu_kernel::hex(hasher.finalize()), ids.len() as i64, tx.now(), tx.new_id());
    tx.exec(
        sql!(
            "INSERT INTO audit_seal (id, node, number, rows_sealed, previous, hash, sealed_at)
              VALUES ($1, 1, 1, $2, '', $3, $4)"
        ),
        &[&seal, &count, &hash, &now],
    )?;
    tx.exec(sql!("UPDATE audit SET sealed_in = $1"), &[&seal])?;
    Ok(())
}

both_engines! {
    fn the_audit_chain_finds_any_change(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| (0..12).try_for_each(|_| audit::note(tx, &audit::Entry {
            action: "contact.log", object_kind: "student", object: Some(Id(7)), hat: "class_teacher@1",
            detail: "{}", client: "127.0.0.1", ..audit::Entry::default()
        }))).unwrap();
        h.clock.advance_seconds(60);
        assert_eq!(h.db().write_wait(audit::seal).unwrap(), 12);
        let clean = audit::verify(h.db()).unwrap();
        assert_eq!((clean.chains, clean.links, clean.rows, clean.broken), (1, 1, 12, vec![]));
        h.db().write_wait(|tx| {
            tx.exec(sql!("UPDATE audit SET action = 'nothing' WHERE id = (SELECT MAX(id) FROM audit)"), &[])
        }).unwrap();
        assert_eq!(whys(h.db()), ["a row was changed"]);
    }

    fn a_removed_audit_row_is_noticed(engine) {
        let h = house(engine);
        h.db().write_wait(|tx| (0..3).try_for_each(|_| audit::note(tx, &audit::Entry {
            action: "sign-in", object_kind: "account", ..audit::Entry::default()
        }))).unwrap();
        h.clock.advance_seconds(60);
        h.db().write_wait(audit::seal).unwrap();
        h.db().write_wait(|tx| tx.exec(sql!("DELETE FROM audit WHERE id = (SELECT MIN(id) FROM audit)"), &[])).unwrap();
        assert_eq!(whys(h.db()), ["rows were removed or added"]);
    }

    fn each_node_has_its_own_chain_and_a_chain_from_before_stays_good(engine) {
        let h = house(engine);
        // Written by hand as a second and a third node would have: the number stands in the identifier.
        let since = h.db().clock().now().0 - 1_577_808_000_000;
        let made = move |node: i64, sequence: i64| (since << 22) | (node << 12) | sequence;
        let rows: Vec<i64> = (0..3).flat_map(|n| [made(2, n), made(7, n)]).collect();
        let before = rows.clone();
        h.db().write_wait(move |tx| before.iter().try_for_each(|id| by_hand(tx, *id))).unwrap();
        h.clock.advance_seconds(60);
        assert_eq!(h.db().write_wait(audit::seal).unwrap(), 3);
        assert_eq!(h.db().write_wait(audit::seal).unwrap(), 3);
        assert_eq!(h.db().write_wait(audit::seal).unwrap(), 0);
        let two = audit::verify(h.db()).unwrap();
        assert_eq!((two.chains, two.links, two.rows, two.open, two.broken), (2, 2, 6, 0, vec![]));
        // As one chain for all sealed it: every node's rows in the chain of node 1.
        h.db().write_wait(|tx| {
            tx.exec(sql!("UPDATE audit SET sealed_in = NULL"), &[])?;
            tx.exec(sql!("DELETE FROM audit_seal"), &[])?;
            Ok(())
        }).unwrap();
        let all = rows.clone();
        h.db().write_wait(move |tx| as_before(tx, &all)).unwrap();
        let old = audit::verify(h.db()).unwrap();
        assert_eq!((old.chains, old.rows, old.broken), (1, 6, vec![]));
        h.db().write_wait(move |tx| by_hand(tx, made(1, 9))).unwrap();
        h.clock.advance_seconds(60);
        assert_eq!(h.db().write_wait(audit::seal).unwrap(), 1);
        let on = audit::verify(h.db()).unwrap();
        assert_eq!((on.chains, on.links, on.rows, on.broken), (1, 2, 7, vec![]));
    }

    fn a_chain_cut_off_at_its_end_contradicts_the_anchor_of_the_day(engine) {
        let h = house(engine);
        for _ in 0..2 {
            h.db().write_wait(|tx| audit::note(tx, &audit::Entry { action: "sign-in", ..audit::Entry::default() })).unwrap();
            h.clock.advance_seconds(60);
            h.db().write_wait(audit::seal).unwrap();
        }
        assert!(h.db().write_wait(audit::anchor).unwrap().is_some());
        assert!(h.db().write_wait(audit::anchor).unwrap().is_none(), "one a day");
        h.days_pass(1);
        assert!(h.db().write_wait(audit::anchor).unwrap().is_some());
        assert_eq!((audit::verify(h.db()).unwrap().anchors, whys(h.db()).len()), (2, 0));
        h.db().write_wait(|tx| {
            tx.exec(sql!("DELETE FROM audit WHERE sealed_in = (SELECT id FROM audit_seal WHERE number = 2)"), &[])?;
            tx.exec(sql!("DELETE FROM audit_seal WHERE number = 2"), &[])
        }).unwrap();
        assert_eq!(whys(h.db()), ["a link that was anchored is missing"]);
        h.db().write_wait(|tx| tx.exec(sql!("DELETE FROM audit_anchor WHERE day = (SELECT MIN(day) FROM audit_anchor)"), &[])).unwrap();
        assert_eq!(whys(h.db()), ["an anchor is missing"]);
    }
}
