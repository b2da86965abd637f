//! The types of the language that fields have.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::{Decode, NoLayout, Reader};

impl Decode for bool {
    type Layout = NoLayout;

    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<bool> {
        if reader.takes_word(b"true") { Some(true) } else { reader.takes_word(b"false").then_some(false) }
    }
}

impl Decode for i64 {
    type Layout = NoLayout;

    #[inline]
    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<i64> {
        reader.integer()
    }
}

impl Decode for f64 {
    type Layout = NoLayout;

    #[inline]
    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<f64> {
        reader.float()
    }
}

impl Decode for String {
    type Layout = NoLayout;

    #[inline]
    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<String> {
        reader.text().map(std::borrow::Cow::into_owned)
    }
}

impl Decode for serde_json::Number {
    type Layout = NoLayout;

    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<serde_json::Number> {
        reader.peek().filter(|byte| matches!(byte, b'-' | b'0'..=b'9'))?;
        reader.by_serde()
    }
}

impl Decode for serde_json::Value {
    type Layout = NoLayout;

    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<serde_json::Value> {
        reader.by_serde()
    }
}

impl Decode for serde_json::Map<String, serde_json::Value> {
    type Layout = NoLayout;

    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<serde_json::Map<String, serde_json::Value>> {
        reader.by_serde()
    }
}

impl<T: Decode> Decode for Option<T> {
    type Layout = T::Layout;

    #[inline]
    fn decode(reader: &mut Reader<'_>, layout: &mut T::Layout) -> Option<Option<T>> {
        if reader.takes_word(b"null") { Some(None) } else { T::decode(reader, layout).map(Some) }
    }
}

impl<T: Decode + DeserializeOwned> Decode for Vec<T> {
    type Layout = NoLayout;

    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<Vec<T>> {
        reader.list()
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    type Layout = NoLayout;

    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<BTreeMap<String, T>> {
        reader.map()
    }
}

impl Reader<'_> {
    /// A value, or the default one for `null`.
    #[inline]
    pub fn null_as_default<T: Decode + Default>(&mut self) -> Option<T> {
        if self.takes_word(b"null") { Some(T::default()) } else { self.value() }
    }

    /// A value that holds no others.
    #[inline]
    pub fn leaf<T: Decode<Layout = NoLayout>>(&mut self) -> Option<T> {
        T::decode(self, &mut ())
    }

    /// A value of which no layout is kept.
    #[inline]
    pub fn value<T: Decode>(&mut self) -> Option<T> {
        self.inside(|reader| T::decode(reader, &mut T::Layout::default()))
    }

    /// An object whose keys are data. A key that comes twice is for serde to judge.
    fn map<T: Decode>(&mut self) -> Option<BTreeMap<String, T>> {
        self.take(b'{')?;
        self.pass_space();
        let mut map = BTreeMap::new();
        if self.takes(b'}') {
            return Some(map);
        }
        let mut layout = T::Layout::default();
        loop {
            self.pass_space();
            let key = self.text()?.into_owned();
            self.pass_space();
            self.take(b':')?;
            self.pass_space();
            let value = self.inside(|reader| T::decode(reader, &mut layout))?;
            if map.insert(key, value).is_some() {
                return None;
            }
            self.pass_space();
            if self.takes(b'}') {
                return Some(map);
            }
            self.take(b',')?;
        }
    }
}
