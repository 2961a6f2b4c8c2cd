use super::kind::FileKind;
use super::{kind, picture};
use gongyu_kernel::Error;
use image::{ImageFormat, Rgb, RgbImage, RgbaImage};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn why(result: Result<FileKind, Error>) -> String {
    match result {
        Err(Error::Conflict(code)) => code.key.into_owned(),
        other => panic!("{other:?}"),
    }
}

fn typed(bytes: &[u8]) -> Result<FileKind, Error> {
    kind::found(&mut Cursor::new(bytes))
}

fn office(parts: &[&str]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in parts {
        zip.start_file(*part, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<x/>").unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn written(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut picture = RgbImage::from_pixel(width, height, Rgb([200, 180, 20]));
    picture.put_pixel(0, 0, Rgb([0, 0, 255]));
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

#[test]
fn a_file_is_what_its_content_says() {
    assert_eq!(typed(&written(ImageFormat::Png, 3, 2)).unwrap(), FileKind::Picture);
    assert_eq!(typed(&written(ImageFormat::Jpeg, 3, 2)).unwrap(), FileKind::Picture);
    assert_eq!(typed(b"%PDF-1.7\n").unwrap(), FileKind::Pdf);
    assert_eq!(typed(&office(&["[Content_Types].xml", "word/document.xml"])).unwrap(), FileKind::Docx);
    assert_eq!(typed(&office(&["xl/workbook.xml"])).unwrap(), FileKind::Xlsx);
    assert_eq!(typed(b"#!AMR\n\0\0").unwrap(), FileKind::Amr);
    assert_eq!(typed(b"\0\0\0\x20ftypM4A \0\0").unwrap(), FileKind::M4a);
}

#[test]
fn what_is_not_taken_is_refused_with_its_own_reason() {
    assert_eq!(why(typed(b"MZ\x90\0")), "attach-other-kind");
    assert_eq!(why(typed(b"<html><script>")), "attach-other-kind");
    assert_eq!(why(typed(b"")), "attach-other-kind");
    assert_eq!(why(typed(b"\0\0\0\x18ftypheic\0\0")), "attach-heic");
    assert_eq!(why(typed(b"\0\0\0\x18ftypmp42\0\0")), "attach-video");
    assert_eq!(why(typed(b"\xD0\xCF\x11\xE0\xA1\xB1")), "attach-old-office");
    assert_eq!(why(typed(&office(&["word/document.xml", "word/vbaProject.bin"]))), "attach-macros");
    assert_eq!(why(typed(&office(&["a.exe"]))), "attach-archive");
    assert_eq!(why(typed(b"PK\x03\x04broken")), "attach-broken");
}

/// A JPEG whose camera noted that it lies on its side and where it was taken.
fn sideways_with_place() -> Vec<u8> {
    let plain = written(ImageFormat::Jpeg, 40, 20);
    // TIFF, little endian, two entries: orientation 6 (turn right), and a GPS pointer with its own text.
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    tiff.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend_from_slice(&[0, 0, 0, 0]);
    tiff.extend_from_slice(b"\0\0\0\0\0\0SECRETPLACE");
    let mut exif = b"Exif\0\0".to_vec();
    exif.extend_from_slice(&tiff);
    let mut out = plain[..2].to_vec();
    out.extend_from_slice(&[0xFF, 0xE1]);
    out.extend_from_slice(&((exif.len() + 2) as u16).to_be_bytes());
    out.extend_from_slice(&exif);
    out.extend_from_slice(&plain[2..]);
    out
}

#[test]
fn a_picture_is_turned_upright_and_loses_where_it_was_taken() {
    let bytes = sideways_with_place();
    assert!(bytes.windows(11).any(|w| w == b"SECRETPLACE"));
    let kept = picture::rewritten(Cursor::new(bytes)).unwrap();
    assert_eq!((kept.width, kept.height), (20, 40));
    assert!(!kept.bytes.windows(4).any(|w| w == b"Exif"));
    assert!(!kept.bytes.windows(11).any(|w| w == b"SECRETPLACE"));
}

#[test]
fn a_large_picture_is_made_smaller_and_a_see_through_one_gets_paper_behind() {
    let kept = picture::rewritten(Cursor::new(written(ImageFormat::Png, 2100, 10))).unwrap();
    assert_eq!(kept.width, 2048);
    let small = image::load_from_memory(&kept.small).unwrap();
    assert_eq!(small.width(), 320);
    let mut out = Cursor::new(Vec::new());
    RgbaImage::new(4, 4).write_to(&mut out, ImageFormat::Png).unwrap();
    let kept = picture::rewritten(Cursor::new(out.into_inner())).unwrap();
    let shown = image::load_from_memory(&kept.bytes).unwrap().to_rgb8();
    assert!(shown.get_pixel(1, 1).0.iter().all(|c| *c > 250));
}

/// A PNG whose head claims more pixels than anybody's phone takes.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = b"IHDR".to_vec();
    head.extend_from_slice(&width.to_be_bytes());
    head.extend_from_slice(&height.to_be_bytes());
    head.extend_from_slice(&[8, 6, 0, 0, 0]);
    out.extend_from_slice(&13u32.to_be_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(&crc(&head).to_be_bytes());
    let empty = b"IDAT";
    out.extend_from_slice(&0u32.to_be_bytes());
    out.extend_from_slice(empty);
    out.extend_from_slice(&crc(empty).to_be_bytes());
    out
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

#[test]
fn a_picture_bomb_is_refused_before_it_is_decoded() {
    for (width, height) in [(60_000, 60_000), (16_000, 16_000)] {
        let refused = picture::rewritten(Cursor::new(bomb(width, height))).err();
        assert!(matches!(refused, Some(Error::Conflict(code)) if code.key == "attach-picture-large"), "{width}");
    }
    assert!(matches!(
        picture::rewritten(Cursor::new(b"\xFF\xD8\xFF\xE0nothing".to_vec())).err(),
        Some(Error::Conflict(code)) if code.key == "attach-picture-broken"
    ));
}
