//! The product put together: the list of features, the parts they run on, the server, the JSON edge and
//! the command line.

pub mod api;
pub mod assemble;
pub mod cli;
pub mod demo;
pub mod features;
pub mod metrics;
pub mod ops;
pub mod serve;
