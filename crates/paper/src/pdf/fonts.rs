//! The fonts in the binary. What each holds, and its licence, is in `assets/fonts/README.md`.

use std::io::Cursor;
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontWeight};
use typst::utils::LazyHash;

static SERIF: &[u8] = include_bytes!("../../../../assets/fonts/GongyuSerif-Regular.otf");
static SERIF_BOLD: &[u8] = include_bytes!("../../../../assets/fonts/GongyuSerif-Bold.otf");
static SANS: &[u8] = include_bytes!("../../../../assets/fonts/GongyuSans-Regular.otf");
/// Packed, because it is 30 MB and one name in some ten thousand needs it.
static RARE: &[u8] = include_bytes!("../../../../assets/fonts/GongyuRare-Regular.ttf.br");

/// Some fonts and the index typst looks them up in.
pub(super) struct FontSet {
    pub(super) book: LazyHash<FontBook>,
    pub(super) fonts: Vec<Font>,
    covered: Coverage,
}

/// Every character some fonts have. Typst's own list is searched from its start for each character.
struct Coverage(Vec<bool>);

impl Coverage {
    fn of<'a>(fonts: impl IntoIterator<Item = &'a Font>) -> Self {
        let mut held = Vec::new();
        for at in fonts.into_iter().flat_map(|font| font.info().coverage.iter()) {
            let at = at as usize;
            if held.len() <= at {
                held.resize(at + 1, false);
            }
            held[at] = true;
        }
        Self(held)
    }

    fn has(&self, c: char) -> bool {
        self.0.get(u32::from(c) as usize) == Some(&true)
    }
}

impl FontSet {
    fn new(fonts: Vec<Font>) -> Self {
        let covered = Coverage::of(&fonts);
        Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts, covered }
    }

    fn covers(&self, c: char) -> bool {
        self.covered.has(c)
    }
}

static BOLD: LazyLock<Coverage> =
    LazyLock::new(|| Coverage::of(USUAL.fonts.iter().filter(|font| font.info().variant.weight >= FontWeight::BOLD)));

static USUAL: LazyLock<FontSet> = LazyLock::new(|| {
    FontSet::new([SERIF, SERIF_BOLD, SANS].into_iter().filter_map(|data| Font::new(Bytes::new(data), 0)).collect())
});

static WITH_RARE: LazyLock<FontSet> = LazyLock::new(|| {
    let mut fonts = USUAL.fonts.clone();
    let mut unpacked = Vec::new();
    // The bytes are part of the program; a test proves that they unpack.
    if brotli::BrotliDecompress(&mut Cursor::new(RARE), &mut unpacked).is_ok() {
        fonts.extend(Font::new(Bytes::new(unpacked), 0));
    }
    FontSet::new(fonts)
});

/// The smallest set of fonts that can show the text.
pub(super) fn for_text(text: &str) -> &'static FontSet {
    if text.chars().all(|c| is_unprinted(c) || USUAL.covers(c)) { &USUAL } else { &WITH_RARE }
}

/// Characters that would be printed as boxes, each once: a name to be shown another way, or a mistake.
pub fn uncovered(text: &str) -> Vec<char> {
    let set = for_text(text);
    let mut found = Vec::new();
    for c in text.chars().filter(|c| !is_unprinted(*c) && !set.covers(*c)) {
        if !found.contains(&c) {
            found.push(c);
        }
    }
    found
}

/// Whether the bold font has every character: half a name in bold looks like a mistake.
pub(super) fn bold_covers(text: &str) -> bool {
    text.chars().all(|c| BOLD.has(c))
}

fn is_unprinted(c: char) -> bool {
    c.is_control() || c.is_whitespace()
}
