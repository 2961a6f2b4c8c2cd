//! What leaves and enters as a file, through the crate's public interface.

mod csv;
mod hostile;
mod package;
mod printed;
mod qr;
mod round_trip;
mod workbook;
