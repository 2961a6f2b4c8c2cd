//! What templates may say with a bar: `{{ "board-title"|t }}`, `{{ count|num }}`, `{{ day|date }}`.
//! Every template module says `use gongyu_web::filters;`.

use crate::assets;
use crate::show::{day_text, moment_text, percent, thousands, words};
use askama::filters::Safe;
use askama::{Result, Values};
use fluent_bundle::FluentValue;
use gongyu_kernel::{Date, Millis};

/// What may be an argument of a message.
pub trait Arg {
    /// As fluent takes it.
    fn arg(&self) -> FluentValue<'_>;
}
impl Arg for str {
    fn arg(&self) -> FluentValue<'_> {
        self.into()
    }
}
impl Arg for String {
    fn arg(&self) -> FluentValue<'_> {
        self.as_str().into()
    }
}
impl Arg for i64 {
    fn arg(&self) -> FluentValue<'_> {
        (*self).into()
    }
}
impl Arg for u32 {
    fn arg(&self) -> FluentValue<'_> {
        (*self).into()
    }
}
impl Arg for i32 {
    fn arg(&self) -> FluentValue<'_> {
        (*self).into()
    }
}
impl Arg for usize {
    fn arg(&self) -> FluentValue<'_> {
        (*self).into()
    }
}
impl<T: Arg + ?Sized> Arg for &T {
    fn arg(&self) -> FluentValue<'_> {
        (**self).arg()
    }
}

/// A message: `{{ "key"|t }}`.
#[askama::filter_fn]
pub fn t<S: AsRef<str>>(key: S, values: &dyn Values) -> Result<String> {
    let w = words(values)?;
    Ok(w.catalogue.t(w.lang, key.as_ref()).into_owned())
}

/// A message with one argument: `{{ "key"|t1("n", count) }}`.
#[askama::filter_fn]
pub fn t1<S: AsRef<str>, A: Arg>(key: S, values: &dyn Values, name: &str, value: A) -> Result<String> {
    let w = words(values)?;
    Ok(w.catalogue.ta(w.lang, key.as_ref(), &[(name, value.arg())]))
}

/// A message with two arguments.
#[askama::filter_fn]
pub fn t2<S: AsRef<str>, A: Arg, B: Arg>(
    key: S,
    values: &dyn Values,
    name: &str,
    value: A,
    name2: &str,
    value2: B,
) -> Result<String> {
    let w = words(values)?;
    Ok(w.catalogue.ta(w.lang, key.as_ref(), &[(name, value.arg()), (name2, value2.arg())]))
}

/// A message with three arguments.
#[askama::filter_fn]
#[allow(clippy::too_many_arguments, reason = "a template's call is flat")]
pub fn t3<S: AsRef<str>, A: Arg, B: Arg, C: Arg>(
    key: S,
    values: &dyn Values,
    name: &str,
    value: A,
    name2: &str,
    value2: B,
    name3: &str,
    value3: C,
) -> Result<String> {
    let w = words(values)?;
    let args = [(name, value.arg()), (name2, value2.arg()), (name3, value3.arg())];
    Ok(w.catalogue.ta(w.lang, key.as_ref(), &args))
}

/// 1,246.
#[askama::filter_fn]
pub fn num<N: Copy + TryInto<i64>>(n: &N, _: &dyn Values) -> Result<String> {
    Ok((*n).try_into().map(thousands).unwrap_or_default())
}

/// A share of a whole: `{{ part|share(whole) }}`.
#[askama::filter_fn]
pub fn share(part: &i64, _: &dyn Values, whole: &i64) -> Result<String> {
    Ok(percent(*part, *whole))
}

/// A share of a whole in whole percent, where several stand side by side.
#[askama::filter_fn]
pub fn share0(part: &i64, _: &dyn Values, whole: &i64) -> Result<String> {
    Ok(if *whole > 0 { format!("{}%", (part * 100 + whole / 2) / whole) } else { "—".to_owned() })
}

/// A class that makes a bar as wide as a share: `{{ part|width(whole) }}`.
#[askama::filter_fn]
pub fn width(part: &i64, _: &dyn Values, whole: &i64) -> Result<String> {
    let of = |n: i64| u64::try_from(n).unwrap_or(0);
    Ok(assets::width_class(of(*part), of(*whole)))
}

/// 11月23日.
#[askama::filter_fn]
pub fn date(day: &Date, values: &dyn Values) -> Result<String> {
    let w = words(values)?;
    Ok(day_text(w.lang, *day, w.now.date()))
}

/// 今天10:20, 昨天09:05, 11月20日.
#[askama::filter_fn]
pub fn moment(at: &Millis, values: &dyn Values) -> Result<String> {
    Ok(moment_text(words(values)?, *at))
}

/// Whole days from a day until today.
#[askama::filter_fn]
pub fn days_ago(day: &Date, values: &dyn Values) -> Result<i64> {
    let today = words(values)?.now.date();
    Ok(i64::from((today - *day).get_days()))
}

/// An icon of the sprite: `{{ "home"|icon }}`.
#[askama::filter_fn]
pub fn icon<S: AsRef<str>>(name: S, _: &dyn Values) -> Result<Safe<String>> {
    let sprite = assets::url("icons.svg");
    Ok(Safe(format!(r##"<svg class="icon" aria-hidden="true"><use href="{sprite}#i-{}"/></svg>"##, name.as_ref())))
}

/// Address of a static file: `{{ "app.css"|asset }}`.
#[askama::filter_fn]
pub fn asset<S: AsRef<str>>(name: S, _: &dyn Values) -> Result<&'static str> {
    Ok(assets::url(name.as_ref()))
}

/// The hidden field that every posted form carries: `{{ ""|csrf }}`.
#[askama::filter_fn]
pub fn csrf<S: AsRef<str>>(_: S, values: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(format!(r#"<input type="hidden" name="csrf" value="{}">"#, words(values)?.csrf)))
}
