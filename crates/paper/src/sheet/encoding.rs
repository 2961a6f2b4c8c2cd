//! How the characters of a text file are written, told by reading all of it once.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, GB18030, UTF_8};

use super::error::{Lookalike, SheetError};

/// How characters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB 18030, of which GBK and GB 2312 are parts: what Excel writes on a Chinese Windows.
    Gb18030,
}

/// Han characters that must decode as UTF-8 in one line before the line counts as UTF-8 although
/// others are not. Bytes of GB 18030 look like four such characters by chance about once in 10⁹.
const SURE_HAN: usize = 4;

/// What was met while looking.
#[derive(Default)]
struct Seen {
    not_utf8: Lines,
    surely_utf8: Lines,
    neither: Lines,
}

#[derive(Default)]
struct Lines {
    count: u64,
    first: u64,
}

impl Lines {
    fn add(&mut self, line: u64) {
        if self.count == 0 {
            self.first = line;
        }
        self.count += 1;
    }
}

/// Reads the text through and tells its encoding; refuses NUL bytes, lines of different encodings
/// and lines longer than `line_bytes`.
pub(super) fn detect(mut text: impl BufRead, line_bytes: usize) -> Result<Encoding, SheetError> {
    let mut seen = Seen::default();
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        (&mut text).take(line_bytes as u64 + 1).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        number += 1;
        if line.contains(&0) {
            return Err(nul(number));
        }
        if line.len() > line_bytes {
            return Err(SheetError::CsvCellTooLong { line: number, limit: line_bytes as u64 });
        }
        look(&line, number, &mut seen);
    }
    let Seen { not_utf8, surely_utf8, neither } = seen;
    if neither.count > 0 {
        return Err(SheetError::CsvMixedEncoding { line: neither.first });
    }
    if not_utf8.count == 0 {
        return Ok(Encoding::Utf8);
    }
    if surely_utf8.count == 0 {
        return Ok(Encoding::Gb18030);
    }
    let stray = if not_utf8.count <= surely_utf8.count { not_utf8 } else { surely_utf8 };
    Err(SheetError::CsvMixedEncoding { line: stray.first })
}

/// A NUL on the first line means that this is no text at all.
fn nul(line: u64) -> SheetError {
    if line == 1 { SheetError::NotWorkbook { looks: Lookalike::Unknown } } else { SheetError::CsvNul { line } }
}

fn look(line: &[u8], number: u64, seen: &mut Seen) {
    if line.is_ascii() {
        return;
    }
    match std::str::from_utf8(line) {
        Ok(text) => {
            if text.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).count() >= SURE_HAN {
                seen.surely_utf8.add(number);
            }
        }
        Err(_) => {
            seen.not_utf8.add(number);
            if GB18030.decode_without_bom_handling_and_without_replacement(line).is_none() {
                seen.neither.add(number);
            }
        }
    }
}

/// Decodes to UTF-8 with `\n` as the only line end, and one at the very end, so that lines can be
/// counted.
pub(super) struct Utf8Lines<R> {
    source: R,
    decoder: Decoder,
    packed: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    after_cr: bool,
    last: u8,
    done: bool,
}

impl<R: Read> Utf8Lines<R> {
    pub(super) fn new(source: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Encoding::Gb18030 => GB18030.new_decoder_without_bom_handling(),
        };
        let packed = vec![0; 64 << 10];
        Self { source, decoder, packed, ready: Vec::new(), given: 0, after_cr: false, last: b'\n', done: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let read = self.source.read(&mut self.packed)?;
        self.done = read == 0;
        // GB 18030 takes two bytes for what UTF-8 writes in three; the decoder holds back a few.
        let mut decoded = vec![0; read * 3 + 64];
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.packed[..read], &mut decoded, self.done);
        for byte in &decoded[..written] {
            match byte {
                b'\n' if self.after_cr => {}
                b'\r' => self.ready.push(b'\n'),
                other => self.ready.push(*other),
            }
            self.after_cr = *byte == b'\r';
        }
        self.last = self.ready.last().copied().unwrap_or(self.last);
        if self.done && self.last != b'\n' {
            self.ready.push(b'\n');
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.done {
            self.refill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
