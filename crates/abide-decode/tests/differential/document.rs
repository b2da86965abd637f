//! Documents of a schema: in any key order and white space, and as odd as is asked for.

use crate::odd;
use crate::random::Random;
use crate::schema::{Field, Kind};

/// How a document is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub space: Space,
    pub order: Order,
    /// How many values and keys of a thousand are not as they should be.
    pub odd: usize,
    /// How many items a list has at most.
    pub items: usize,
    /// How many texts of a thousand hold escapes.
    pub escapes: usize,
}

/// The white space between two tokens.
#[derive(Clone, Copy, Debug)]
pub enum Space {
    Compact,
    /// After each colon and comma.
    Wide,
    /// Lines, indented by so many for each level.
    Lines(usize),
    /// Any, anywhere.
    Random,
}

/// The order of the keys of an object.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    AsDocumented,
    Reversed,
    /// The same for all objects of a kind.
    Shuffled(u64),
    /// Different from object to object.
    Random,
}

impl Style {
    /// Any style for a document without oddities.
    pub fn plain(random: &mut Random) -> Style {
        let indent = random.below(9);
        let space = random.pick(&[Space::Compact, Space::Wide, Space::Lines(indent), Space::Random]);
        let seed = random.next();
        let order = random.pick(&[Order::AsDocumented, Order::Reversed, Order::Shuffled(seed), Order::Random]);
        // Few lists are long: the short ones have the more cases in a second.
        let items = if random.chance(20) { 60 } else { 5 };
        Style { space, order, odd: 0, items, escapes: 0 }
    }

    /// Any style for a document with oddities.
    pub fn odd(random: &mut Random) -> Style {
        let odd = random.pick(&[2, 5, 20, 60, 200]);
        let escapes = random.pick(&[0, 0, 100]);
        Style { odd, escapes, ..Style::plain(random) }
    }
}

/// A document of this kind.
pub fn document(kind: &Kind, style: Style, random: &mut Random) -> Vec<u8> {
    let mut writer = Writer { out: Vec::new(), depth: 0, style, random };
    if style.odd > 0 && writer.random.chance(10) {
        writer.out.extend_from_slice(b"\xef\xbb\xbf");
    }
    writer.space();
    writer.value(kind);
    writer.space();
    if style.odd > 0 && writer.random.chance(10) {
        let trailing = writer.random.pick(&["0", "}", "null", ",", "\0", "{}", "\u{a0}"]);
        writer.out.extend_from_slice(trailing.as_bytes());
    }
    writer.out
}

struct Writer<'a> {
    out: Vec<u8>,
    depth: usize,
    style: Style,
    random: &'a mut Random,
}

impl Writer<'_> {
    fn value(&mut self, kind: &Kind) {
        if self.random.chance(self.style.odd) {
            odd::value(&mut self.out, self.random);
            return;
        }
        match kind {
            Kind::Integer => self.integer(),
            Kind::Number => self.number(),
            Kind::Text => self.text(),
            Kind::Time => self.time(),
            Kind::Id => self.id(),
            Kind::Word(words) => {
                let word = self.random.pick(words);
                self.quoted(word);
            }
            Kind::Object(fields) => self.object(fields),
            Kind::List(kind) => {
                let count = self.random.below(self.style.items + 1);
                self.between(b'[', b']', count, |writer, _| writer.value(kind));
            }
            Kind::Map(kind) => {
                let keys = ["geocoding", "internet", "checkout", "été", "", "a longer word with \u{1f389} in it"];
                let count = self.random.below(keys.len() + 1);
                self.between(b'{', b'}', count, |writer, index| {
                    writer.key(keys[index]);
                    writer.value(kind);
                });
            }
            Kind::OneOf(kinds) => {
                let kind = self.random.one_of(kinds);
                self.value(kind);
            }
            Kind::Anything => {
                let count = self.random.below(4);
                self.between(b'{', b'}', count, |writer, index| {
                    writer.key(["name", "price", "from"][index % 3]);
                    writer.plain_value(3);
                });
            }
        }
    }

    fn object(&mut self, fields: &[Field]) {
        let mut present: Vec<Option<&Field>> = Vec::new();
        for field in fields {
            let absent = field.optional && self.random.chance(200) || self.random.chance(self.style.odd);
            present.extend((!absent).then_some(Some(field)));
            if self.random.chance(self.style.odd) {
                present.push(Some(self.random.one_of(fields)));
            }
        }
        match self.style.order {
            Order::AsDocumented => {}
            Order::Reversed => present.reverse(),
            Order::Shuffled(seed) => Random::new(seed).shuffle(&mut present),
            Order::Random => self.random.shuffle(&mut present),
        }
        if self.random.chance(50) {
            present.insert(self.random.below(present.len() + 1), None);
        }
        self.between(b'{', b'}', present.len(), |writer, index| match present[index] {
            Some(field) => {
                writer.key(field.key);
                if field.optional && writer.random.chance(100) {
                    writer.out.extend_from_slice(b"null");
                } else {
                    writer.value(&field.kind);
                }
            }
            None => {
                let key = writer.random.pick(&["eta_seconds", "x", "", "lattitude", "\u{1f389}", "Status"]);
                writer.key(key);
                writer.unknown_value();
            }
        });
    }

    /// A key as it is, or an odd one in its place; and the colon.
    fn key(&mut self, key: &str) {
        if self.random.chance(self.style.odd / 4) {
            odd::key(&mut self.out, key, self.random);
        } else {
            self.quoted(key);
        }
        self.maybe_space();
        self.out.push(b':');
        match self.style.space {
            Space::Compact => {}
            Space::Wide | Space::Lines(_) => self.out.push(b' '),
            Space::Random => self.maybe_space(),
        }
    }

    /// A value under a key that nobody knows.
    fn unknown_value(&mut self) {
        if self.style.odd > 0 && self.random.chance(500) {
            odd::value(&mut self.out, self.random);
        } else {
            self.plain_value(4);
        }
    }

    /// Any value that is well formed, up to this deep.
    fn plain_value(&mut self, deep: usize) {
        match self.random.below(if deep == 0 { 6 } else { 8 }) {
            0 => self.out.extend_from_slice(b"null"),
            1 => self.out.extend_from_slice(b"true"),
            2 => self.out.extend_from_slice(b"false"),
            3 => self.integer(),
            4 => self.number(),
            5 => self.text(),
            6 => {
                let count = self.random.below(4);
                self.between(b'[', b']', count, |writer, _| writer.plain_value(deep - 1));
            }
            _ => {
                let count = self.random.below(4);
                self.between(b'{', b'}', count, |writer, index| {
                    writer.key(["status", "b", "lat", "d"][index]);
                    writer.plain_value(deep - 1);
                });
            }
        }
    }

    fn between(&mut self, open: u8, close: u8, count: usize, mut item: impl FnMut(&mut Self, usize)) {
        self.out.push(open);
        self.depth += 1;
        for index in 0..count {
            if index > 0 {
                self.out.push(b',');
            }
            self.line(index > 0);
            item(self, index);
            self.maybe_space();
        }
        self.depth -= 1;
        if count > 0 {
            self.line(false);
        }
        if self.style.odd > 0 && self.random.chance(self.style.odd / 40) {
            self.out.push(self.random.pick(b",:]}\""));
        }
        self.out.push(close);
    }

    /// What the style puts before an item or a closing bracket.
    fn line(&mut self, after_comma: bool) {
        match self.style.space {
            Space::Wide if after_comma => self.out.push(b' '),
            Space::Compact | Space::Wide => {}
            Space::Lines(indent) => {
                self.out.push(b'\n');
                self.out.extend(std::iter::repeat_n(b' ', indent * self.depth));
            }
            Space::Random => self.space(),
        }
    }

    fn maybe_space(&mut self) {
        if matches!(self.style.space, Space::Random) {
            self.space();
        }
    }

    fn space(&mut self) {
        while self.random.chance(200) {
            let space = self.random.pick(&[" ", "\n", "\t", "\r\n", "                                        "]);
            self.out.extend_from_slice(space.as_bytes());
        }
        if self.random.chance(self.style.odd / 100) {
            self.out.push(self.random.pick(b"\x0b\x0c\0\x85\xa0"));
        }
    }

    fn integer(&mut self) {
        let number = match self.random.below(4) {
            0 => self.random.below(10),
            1 | 2 => self.random.below(101),
            _ => self.random.below(1_000_000_000),
        };
        let sign = if number > 0 && self.random.chance(50) { "-" } else { "" };
        self.push(&format!("{sign}{number}"));
    }

    fn number(&mut self) {
        match self.random.below(8) {
            0 => self.integer(),
            1 => self.push("0.0"),
            _ => {
                let (sign, whole) = (if self.random.chance(400) { "-" } else { "" }, self.random.below(180));
                let (decimals, places) = (self.random.below(1_000_000_000), 1 + self.random.below(12));
                self.push(&format!("{sign}{whole}.{decimals:0places$}"));
            }
        }
    }

    fn text(&mut self) {
        const WORDS: [&str; 7] = [
            "",
            "Listing limit reached",
            "Failed to calculate quietness score",
            "Café São Paulo \u{1f389}",
            "29090 TIFFANY DR E, SOUTHFIELD, MI 48034",
            "\u{7f}\u{80}\u{2028}",
            "a text of seventy letters, which is longer than any place that is kept",
        ];
        if self.random.chance(self.style.escapes) {
            odd::escaped_text(&mut self.out, self.random);
        } else {
            let word = self.random.pick(&WORDS);
            self.quoted(word);
        }
    }

    fn time(&mut self) {
        let mut part = |from: usize, count: usize| from + self.random.below(count);
        let date = format!("{:04}-{:02}-{:02}", part(1970, 80), part(1, 12), part(1, 28));
        let clock = format!("{:02}:{:02}:{:02}", part(0, 24), part(0, 60), part(0, 60));
        let digits = part(0, 1_000_000);
        let form = self.random.below(12);
        let text = match form {
            0 => format!("{date}T{clock}Z"),
            1 => format!("{date}T{clock}"),
            2 => format!("{date}T{clock}.{:03}Z", digits % 1_000),
            3 => format!("{date}T{clock}.{digits:09}"),
            4 => format!("{date} {clock}"),
            5 => format!("{date}T{clock}+02:00"),
            6 => format!("{date}T24:00:00"),
            7 => format!("{}-02-30T{clock}", &date[..4]),
            8 => "soon".to_owned(),
            _ => format!("{date}T{clock}.{digits:06}"),
        };
        self.quoted(&text);
    }

    fn id(&mut self) {
        let bits = self.random.next();
        let text = match self.random.below(10) {
            0 => format!("{bits:x}"),
            1 => format!("{bits:016x}-{bits:016x}-{bits:016x}"),
            2 => format!("{:08x}-é-{:04x}-é-{:012x}", bits >> 32, bits & 0xffff, bits >> 16),
            _ => format!(
                "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                bits >> 32,
                bits & 0xffff,
                bits >> 52,
                bits & 0xfff,
                bits >> 16
            ),
        };
        self.quoted(&text);
    }

    fn quoted(&mut self, text: &str) {
        self.push(&format!("\"{text}\""));
    }

    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}
