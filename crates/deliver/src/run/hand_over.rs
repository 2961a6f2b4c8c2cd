//! Handing messages to their channels, outside any transaction, a bounded number at once.

use super::plan::Parcel;
use crate::channel::{Channel, Channels, Letter, Sent, Way};
use gongyu_web::App;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What became of one address of a message.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub sent: Sent,
    /// Blind index of the address, when it is one that may be forgotten.
    pub blind: Option<String>,
}

/// One message to one address.
struct Piece<'a> {
    parcel: usize,
    letter: Letter<'a>,
    blind: Option<&'a String>,
}

/// Hands every message over and answers for each, in their order.
pub(super) fn hand_over(app: &App, channels: &Channels, parcels: &[&Parcel]) -> Vec<Vec<Told>> {
    let site = app.config.link_base();
    let hrefs: Vec<String> = parcels
        .iter()
        .map(|p| if p.words.href.is_empty() { String::new() } else { format!("{site}{}", p.words.href) })
        .collect();
    let mut by_way: HashMap<Way, Vec<Piece<'_>>> = HashMap::new();
    for (n, (parcel, href)) in parcels.iter().zip(&hrefs).enumerate() {
        for (to, blind) in &parcel.to {
            let letter = Letter {
                id: parcel.id(),
                to,
                title: &parcel.words.title,
                body: &parcel.words.text,
                href,
                template: parcel.words.template,
                values: &parcel.words.values,
                urgent: parcel.rows.iter().any(|r| r.urgent),
            };
            by_way.entry(parcel.way).or_default().push(Piece { parcel: n, letter, blind: blind.as_ref() });
        }
    }
    let mut told: Vec<Vec<Told>> = vec![Vec::new(); parcels.len()];
    for (way, pieces) in by_way {
        let Some(channel) = channels.get(way) else { continue };
        for (parcel, one) in through(channel.as_ref(), &pieces) {
            told[parcel].push(one);
        }
    }
    told
}

/// Hands pieces to one channel: those of the same words together where it can, a few requests at a time.
fn through(channel: &dyn Channel, pieces: &[Piece<'_>]) -> Vec<(usize, Told)> {
    let mut same: HashMap<(&str, &str, &str), Vec<&Piece<'_>>> = HashMap::new();
    for piece in pieces {
        same.entry((piece.letter.title, piece.letter.body, piece.letter.href)).or_default().push(piece);
    }
    let requests: Vec<&[&Piece<'_>]> = same.values().flat_map(|p| p.chunks(channel.together().max(1))).collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(pieces.len()));
    let hands = channel.at_once().clamp(1, 32).min(requests.len());
    std::thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let answers = ask(channel, request);
                    if let Ok(mut done) = done.lock() {
                        done.extend(answers);
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_default()
}

fn ask(channel: &dyn Channel, request: &[&Piece<'_>]) -> Vec<(usize, Told)> {
    let letters: Vec<Letter<'_>> = request.iter().map(|p| p.letter.clone()).collect();
    let mut answers = if letters.len() == 1 {
        letters.iter().map(|letter| channel.send(letter)).collect()
    } else {
        channel.send_together(&letters)
    };
    // A channel that answers for fewer than it was given has lost the others' answers.
    answers.resize(request.len(), Sent::Lost("no answer".to_owned()));
    request
        .iter()
        .zip(answers)
        .map(|(piece, sent)| (piece.parcel, Told { sent, blind: piece.blind.cloned() }))
        .collect()
}

/// What became of a message, from what became of it at each address: one that was reached is enough, and one that
/// may have been reached forbids another try.
pub(super) fn together(told: &[Told]) -> Sent {
    let find = |fits: fn(&Sent) -> bool| told.iter().map(|t| &t.sent).find(|s| fits(s)).cloned();
    find(|s| matches!(s, Sent::Taken(_)))
        .or_else(|| find(|s| matches!(s, Sent::Lost(_))))
        .or_else(|| find(|s| matches!(s, Sent::Later(_))))
        .or_else(|| told.first().map(|t| t.sent.clone()))
        .unwrap_or_else(|| Sent::Refused("no address".to_owned()))
}
