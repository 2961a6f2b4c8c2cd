//! The office: pages that answer for a unit. Who is not reached, which duty is late, and where; from
//! the district down to one child within the viewer's rights. Everything shown is read from the
//! ledger's sums; of its own this room keeps only the tasks that follow from them and what the product costs.

pub mod burden;
pub mod dashboard;
pub mod duties;
pub mod never_reached;
pub mod reach;
pub mod rules;
pub mod school_home;
pub mod unreached;
