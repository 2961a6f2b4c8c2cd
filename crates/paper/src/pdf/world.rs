//! All that typst can see: one template, its data and the fonts.

use std::path::PathBuf;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::Template;
use super::fonts::{self, FontSet};

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

const BASE: (&str, &str) = ("/base.typ", include_str!("../../typst/base.typ"));
const DATA: &str = "/data.json";

/// The world of one document.
pub(super) struct PaperWorld {
    main: Source,
    data: Bytes,
    fonts: &'static FontSet,
}

impl PaperWorld {
    pub(super) fn new(template: Template, data: String) -> Self {
        let (path, text) = match template {
            Template::ContactCard => ("/contact_card.typ", include_str!("../../typst/contact_card.typ")),
            Template::NoticeSlip => ("/notice_slip.typ", include_str!("../../typst/notice_slip.typ")),
            Template::TableReport => ("/table_report.typ", include_str!("../../typst/table_report.typ")),
            Template::VisitSheet => ("/visit_sheet.typ", include_str!("../../typst/visit_sheet.typ")),
        };
        let fonts = fonts::for_text(&data);
        Self { main: Source::new(file_id(path), text.to_owned()), data: Bytes::from_string(data), fonts }
    }
}

/// The paths are constants of this file and valid.
fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).unwrap_or_else(|_| unreachable!("{path} is a valid path"));
    RootedPath::new(VirtualRoot::Project, path).intern()
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.get().vpath().get_without_slash()))
}

impl World for PaperWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            Ok(self.main.clone())
        } else if id == file_id(BASE.0) {
            Ok(Source::new(id, BASE.1.to_owned()))
        } else {
            Err(absent(id))
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == file_id(DATA) { Ok(self.data.clone()) } else { Err(absent(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
