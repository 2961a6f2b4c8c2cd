//! What leaves and enters as a file: tables read from files nobody vouches for ([`sheet`]),
//! workbooks and CSV written for people ([`book`]), calendars ([`ical`]), QR codes ([`qr`]) and printed pages ([`pdf`]).
//!
//! Nothing here words a message. Every error carries its facts and a stable `code()`, and the
//! caller says it in the reader's language.

pub mod book;
pub mod ical;
pub mod pdf;
pub mod qr;
pub mod sheet;
