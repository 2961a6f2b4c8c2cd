//! Pictures decoded with care and written anew, so that nothing but the picture is kept.

use gongyu_kernel::{Error, Result};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};
use std::io::{BufReader, Read, Seek};

/// Longest side kept, in pixels [P]: enough to read a page photographed from above.
const LONGEST: u32 = 2048;
/// Longest side of the small one [P].
const SMALL: u32 = 320;
/// JPEG quality [P]: text stays sharp, a page is about 400 KB.
const QUALITY: u8 = 82;
/// Longest side that is decoded at all, in pixels.
const WIDEST: u32 = 16_384;
/// Pixels that are decoded at all: 64 million, above what phones take.
const MOST_PIXELS: u64 = 64_000_000;
/// Memory a decoder may take, in bytes.
const MOST_MEMORY: u64 = 384 << 20;

/// A picture as it is kept.
pub(super) struct Picture {
    /// JPEG.
    pub(super) bytes: Vec<u8>,
    /// JPEG of at most 320 pixels.
    pub(super) small: Vec<u8>,
    /// Width in pixels.
    pub(super) width: u32,
    /// Height in pixels.
    pub(super) height: u32,
}

/// Decodes a picture, turns it upright, and writes it anew.
///
/// # Errors
/// `Error::Conflict` with the reason in words when it is broken or too large to be decoded safely.
pub(super) fn rewritten(file: impl Read + Seek) -> Result<Picture> {
    let mut reader = ImageReader::new(BufReader::new(file)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Error::conflict("attach-picture-large"));
    }
    // Turning it upright is the last use of what the camera wrote beside the picture.
    let upright = decoder.orientation().map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if picture.width().max(picture.height()) > LONGEST {
        picture = picture.resize(LONGEST, LONGEST, FilterType::CatmullRom);
    }
    picture.apply_orientation(upright);
    let picture = on_white(&picture);
    let small = image::imageops::thumbnail(
        &picture,
        scaled(picture.width(), picture.width().max(picture.height())),
        scaled(picture.height(), picture.width().max(picture.height())),
    );
    let (width, height) = picture.dimensions();
    Ok(Picture { bytes: jpeg(&picture)?, small: jpeg(&small)?, width, height })
}

fn scaled(side: u32, longest: u32) -> u32 {
    if longest <= SMALL { side } else { (u64::from(side) * u64::from(SMALL) / u64::from(longest)).max(1) as u32 }
}

/// JPEG knows no transparency: what was see-through becomes paper.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let layered = picture.to_rgba8();
    RgbImage::from_fn(layered.width(), layered.height(), |x, y| {
        let [r, g, b, a] = layered.get_pixel(x, y).0;
        let over = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

fn jpeg(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(picture).map_err(Error::internal)?;
    Ok(out)
}

fn refused(error: image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(_) => Error::conflict("attach-picture-large"),
        image::ImageError::IoError(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => e.into(),
        _ => Error::conflict("attach-picture-broken"),
    }
}
