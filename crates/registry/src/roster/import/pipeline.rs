//! Reading, checking and storing at the same time: three threads, so that a large file takes hardly
//! longer than its slowest part.

use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Result};
use gongyu_paper::sheet::{Heading, Row, RowsEnd, SheetError, TableFile};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Rows handed on together.
pub(super) const CHUNK: usize = 400;

/// How a file was read to its end, or why it was not.
pub(super) type Ended = std::result::Result<RowsEnd, Code>;

fn read(
    file: &mut TableFile,
    heading: &Heading,
    to: &SyncSender<Vec<Row>>,
) -> std::result::Result<RowsEnd, SheetError> {
    let mut chunk = Vec::with_capacity(CHUNK);
    let end = file.read_rows(heading, &mut |row| {
        chunk.push(row);
        if chunk.len() < CHUNK {
            return ControlFlow::Continue(());
        }
        match to.send(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    // A receiver that is gone has its own reason, which is reported instead.
    let _ = to.send(chunk);
    Ok(end)
}

/// Reads the rows of `file`, turns each chunk with `check` and hands what comes of it to `keep`.
///
/// # Errors
/// Whatever `check` or `keep` returns; a fault of the file itself comes as the inner `Err`.
pub(super) fn run<T: Send>(
    file: &mut TableFile,
    heading: &Heading,
    mut check: impl FnMut(Vec<Row>) -> Result<T>,
    keep: impl FnMut(T) -> Result<()> + Send,
) -> Result<Ended> {
    thread::scope(|scope| {
        let (rows_to, rows): (SyncSender<Vec<Row>>, Receiver<Vec<Row>>) = sync_channel(4);
        let (done_to, done) = sync_channel::<T>(4);
        let reader = scope.spawn(move || read(file, heading, &rows_to));
        let keeper = scope.spawn(move || done.into_iter().try_for_each(keep));
        let mut checked = Ok(());
        for chunk in rows {
            match check(chunk) {
                Ok(out) => {
                    if done_to.send(out).is_err() {
                        break;
                    }
                }
                Err(e) => {
                    checked = Err(e);
                    break;
                }
            }
        }
        drop(done_to);
        let panicked = |_| Error::internal("a thread of the import panicked");
        let kept = keeper.join().map_err(panicked)?;
        let read = reader.join().map_err(panicked)?;
        checked.and(kept)?;
        Ok(read.map_err(|error| super::fault::of_sheet(&error)))
    })
}
