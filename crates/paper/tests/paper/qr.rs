//! QR codes keep their shape.

use gongyu_paper::qr::{QUIET_ZONE, QrError, QrMatrix};

#[test]
fn the_path_draws_exactly_the_dark_modules() {
    let matrix = QrMatrix::encode("https://gongyu.example/a/K7QM3XPA").expect("fits");
    let mut drawn = vec![vec![false; matrix.size()]; matrix.size()];
    for run in matrix.svg_path().split('M').skip(1) {
        let (at, rest) = run.split_once('h').expect("run");
        let (x, y) = at.split_once(' ').expect("point");
        let length: usize = rest.split('v').next().and_then(|n| n.parse().ok()).expect("length");
        let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
        drawn[y - QUIET_ZONE][x - QUIET_ZONE..x - QUIET_ZONE + length].fill(true);
    }
    assert_eq!(drawn, matrix.rows().map(<[bool]>::to_vec).collect::<Vec<_>>());
    assert!(drawn[0][..7].iter().all(|dark| *dark), "the finder pattern stands in the corner");
}

#[test]
fn text_beyond_the_largest_code_is_refused() {
    assert_eq!(QrMatrix::encode(&"长".repeat(1_000)), Err(QrError::TooLong { bytes: 3_000 }));
}
