//! What stands between the values of an object, learned from the objects read before.

use crate::Reader;

/// The longest stretch between two values that is kept. A key of twelve letters, indented by fifteen, fits.
const LONGEST: usize = 32;

/// How many ways to go on after a value are kept: the objects of a union differ after their tag.
const WAYS: usize = 2;

/// Where in an object the reader stands: after which field.
#[derive(Clone, Copy, Debug)]
pub struct Place(u8);

/// The layout of objects with up to `PLACES - 2` known fields.
///
/// ```text
///  {"lat": 1.5, "lng": 2.0}
///  └─────┘ └──────┘   └─ the end
///     after nothing comes `lat`; after `lat` comes `lng`
/// ```
///
/// After each field it keeps the bytes that led to the next value, up to and with the white space before it, and which field
/// that was. If the same bytes come again, they mean the same; nothing is assumed, only recognised.
///
/// A default one remembers nothing: what is read once is not worth remembering.
#[derive(Clone, Debug, Default)]
pub struct Layout<const PLACES: usize> {
    after: Option<Box<[[Way; WAYS]; PLACES]>>,
}

/// What is remembered from one item of a list to the next.
pub trait Remember: Default {
    /// Begins to remember.
    fn begin_to_remember(&mut self);
}

impl Remember for () {
    fn begin_to_remember(&mut self) {}
}

impl<const PLACES: usize> Remember for Layout<PLACES> {
    fn begin_to_remember(&mut self) {
        self.after = Some(Box::new([[Way::NONE; WAYS]; PLACES]));
    }
}

/// What comes next in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The value of this field; of a key that has no number, where it is past them.
    Field(usize),
    /// Nothing: the object is over.
    End,
}

/// The layout of what has no fields.
pub type NoLayout = ();

/// The bytes from one value to the next, and what comes then.
#[derive(Clone, Copy, Debug)]
struct Way {
    bytes: [u64; LONGEST / 8],
    mask: [u64; LONGEST / 8],
    length: u8,
    next: u8,
}

/// `next` where the object ends.
const END: u8 = 0xff;

impl Way {
    /// Fits nothing.
    const NONE: Way = Way { bytes: [1; LONGEST / 8], mask: [0; LONGEST / 8], length: 0, next: END };

    fn new(stretch: &[u8], next: u8) -> Option<Way> {
        let length = stretch.len();
        let mut bytes = [0; LONGEST];
        let mut mask = [0; LONGEST];
        bytes.get_mut(..length)?.copy_from_slice(stretch);
        mask.get_mut(..length)?.fill(0xff);
        Some(Way { bytes: words(&bytes), mask: words(&mask), length: u8::try_from(length).ok()?, next })
    }

    #[inline]
    fn fits(&self, here: &[u64; LONGEST / 8]) -> bool {
        let [here0, here1, here2, here3] = *here;
        let [mask0, mask1, mask2, mask3] = self.mask;
        let [bytes0, bytes1, bytes2, bytes3] = self.bytes;
        let differing = ((here0 & mask0) ^ bytes0)
            | ((here1 & mask1) ^ bytes1)
            | ((here2 & mask2) ^ bytes2)
            | ((here3 & mask3) ^ bytes3);
        differing == 0
    }
}

#[inline]
fn words(bytes: &[u8; LONGEST]) -> [u64; LONGEST / 8] {
    let mut words = [0; LONGEST / 8];
    for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*chunk);
    }
    words
}

impl<const PLACES: usize> Layout<PLACES> {
    /// The place before an object.
    #[inline]
    pub fn begin(&self) -> Place {
        Place(0)
    }

    /// Goes to the value of the next field, and tells which of `names` it is.
    #[inline]
    pub fn next(&mut self, reader: &mut Reader<'_>, place: &mut Place, names: &[&str]) -> Option<Next> {
        if let Some(after) = &self.after
            && let Some(window) = reader.rest().first_chunk::<LONGEST>()
        {
            let here = words(window);
            for way in after.get(usize::from(place.0))? {
                if way.fits(&here) {
                    reader.pass(usize::from(way.length));
                    return Some(arrive(place, way.next));
                }
            }
        }
        self.read(reader, place, names)
    }

    /// Reads what stands before the next value, and remembers it.
    #[inline(never)]
    fn read(&mut self, reader: &mut Reader<'_>, place: &mut Place, names: &[&str]) -> Option<Next> {
        let from = reader.place();
        let next = if reader.pass_to_key(place.0 == 0)? {
            let key = reader.plain_text()?;
            reader.pass_space();
            reader.take(b':')?;
            reader.pass_space();
            match names.iter().position(|name| name.as_bytes() == key) {
                Some(known) => u8::try_from(known).ok()?,
                // Serde refuses what is not Unicode also where nobody asks for it.
                None => std::str::from_utf8(key).ok().and(u8::try_from(names.len()).ok())?,
            }
        } else {
            END
        };
        if let Some(after) = &mut self.after
            && let Some(way) = Way::new(reader.between(from, reader.place())?, next)
        {
            let [first, second] = after.get_mut(usize::from(place.0))?;
            *(if first.length == 0 { first } else { second }) = way;
        }
        Some(arrive(place, next))
    }
}

#[inline]
fn arrive(place: &mut Place, next: u8) -> Next {
    if next == END {
        return Next::End;
    }
    place.0 = next.wrapping_add(1);
    Next::Field(usize::from(next))
}

impl Reader<'_> {
    /// Goes to the quote of the next key; false after the end of the object.
    fn pass_to_key(&mut self, first: bool) -> Option<bool> {
        if first {
            self.take(b'{')?;
        }
        self.pass_space();
        if self.takes(b'}') {
            return Some(false);
        }
        if !first {
            self.take(b',')?;
            self.pass_space();
        }
        Some(true)
    }
}
