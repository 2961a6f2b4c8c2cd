//! Letters from asking for them to hearing what became of them, against providers on this machine that check every
//! signature as the providers' own documents say.

mod binding;
mod channels;
mod crash;
mod desk;
mod dispatch;
mod fault;
mod pages;
mod provider;
mod smtp;
