//! Permissions in signatures: a handler cannot hold a record without the right named beside it.

use crate::app::App;
use crate::request::Req;
use gongyu_access::session::Found;
use gongyu_access::{Actor, Right};
use gongyu_kernel::{Error, Result};
use gongyu_store::Reader;
use std::marker::PhantomData;

/// What an extractor may look at.
pub struct Asked<'a> {
    /// The open transaction.
    pub r: &'a mut Reader,
    /// The request.
    pub req: &'a Req,
    /// The product.
    pub app: &'a App,
    /// The session behind the request.
    pub found: Option<&'a Found>,
}

impl Asked<'_> {
    /// Whoever is signed in.
    ///
    /// # Errors
    /// `Error::SignedOut`; `Error::Conflict("must-change-password")` until a new password is chosen.
    pub fn actor(&self) -> Result<&Actor> {
        let actor = &self.found.ok_or(Error::SignedOut)?.actor;
        if actor.must_change && !self.req.path.starts_with("/me/password") && !self.req.path.starts_with("/sign-out") {
            return Err(Error::conflict("must-change-password"));
        }
        Ok(actor)
    }
}

/// Something a handler asks for in its signature. It is checked inside the handler's own
/// transaction, so nothing can change between the check and the act.
pub trait Extract: Sized {
    /// Whether it needs somebody to be signed in; the walk over every route relies on it.
    const SIGNED: bool = true;
    /// Takes it from the request.
    ///
    /// # Errors
    /// `Error::SignedOut`, `Error::Forbidden`, or `Error::NotFound` for what is not this person's to see.
    fn extract(asked: &mut Asked<'_>) -> Result<Self>;
}

/// Anybody who is signed in.
pub struct Signed(pub Actor);

impl Extract for Signed {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        Ok(Self(asked.actor()?.clone()))
    }
}

/// Anybody at all; says so in the signature.
pub struct Anyone;

impl Extract for Anyone {
    const SIGNED: bool = false;
    fn extract(_: &mut Asked<'_>) -> Result<Self> {
        Ok(Self)
    }
}

/// Somebody whose hat has the right `R`, in the unit of that hat.
pub struct Holder<R> {
    /// The person.
    pub actor: Actor,
    right: PhantomData<R>,
}

impl<R: Right> Extract for Holder<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?;
        actor.may(R::ACTION)?;
        Ok(Self { actor: actor.clone(), right: PhantomData })
    }
}
