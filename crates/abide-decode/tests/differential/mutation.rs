//! Small damage to a document: bytes, stretches and whole tokens.

use std::ops::Range;

use crate::random::Random;

/// Bytes that mean something to some reader.
const TELLING: &[u8] = b"\"\\{}[]:,-+.eE0123456789ntf \t\n\r\0\x1f\x7f\x80\xbf\xc3\xed\xef\xf4\xff/u";

/// Damages a document in one to four places; `other` is where foreign pieces come from. In half of the cases it stays
/// well formed nearly always.
pub fn mutate(document: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let gently = random.chance(500);
    for _ in 0..=random.below(4) {
        if gently {
            like_for_like(document, other, random);
        } else {
            roughly(document, other, random);
        }
    }
}

/// Puts a text in the place of a text, or what is no text in the place of such; changes a digit; adds white space.
fn like_for_like(document: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let places = tokens(document);
    let foreign = tokens(other);
    if places.is_empty() || foreign.is_empty() {
        return;
    }
    let place = random.one_of(&places).clone();
    let first = document[place.start];
    match random.below(4) {
        0 => document.insert(place.start, random.pick(b" \n\t\r")),
        1 if first.is_ascii_digit() => {
            let at = place.start + random.below(place.len());
            document[at] = random.pick(b"0123456789");
        }
        _ => {
            let with = random.one_of(&foreign).clone();
            if class(first) == class(other[with.start]) && class(first) != Class::Punctuation {
                document.splice(place, other[with].iter().copied());
            } else {
                like_for_like(document, other, random);
            }
        }
    }
}

#[derive(PartialEq, Eq)]
enum Class {
    Text,
    Punctuation,
    Literal,
}

fn class(first: u8) -> Class {
    match first {
        b'"' => Class::Text,
        b'{' | b'}' | b'[' | b']' | b',' | b':' => Class::Punctuation,
        _ => Class::Literal,
    }
}

fn roughly(document: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(document.len());
    match random.below(12) {
        0 if !document.is_empty() => document[at] ^= 1 << random.below(8),
        1 if !document.is_empty() => document[at] = random.pick(TELLING),
        2 => document.insert(at, random.pick(TELLING)),
        3 => {
            let all_bits = u8::try_from(random.below(256)).unwrap();
            document.insert(at, all_bits);
        }
        4 => drop(document.drain(stretch(document.len(), at, random))),
        5 => {
            let piece = document[stretch(document.len(), at, random)].to_vec();
            let to = random.below(document.len() + 1);
            document.splice(to..to, piece);
        }
        6 => {
            let from = random.below(other.len());
            let piece = &other[stretch(other.len(), from, random)];
            let gone = stretch(document.len(), at, random);
            document.splice(gone, piece.iter().copied());
        }
        7 if random.chance(200) => document.truncate(at),
        _ => swap_tokens(document, other, random),
    }
}

/// A stretch from a place on, nearly always a short one.
fn stretch(length: usize, at: usize, random: &mut Random) -> Range<usize> {
    let most = if random.chance(100) { length } else { 12 };
    at..(at + random.below(most + 1)).min(length).max(at)
}

/// Puts a token of this document, or of another, in the place of a token; or deletes it.
fn swap_tokens(document: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let places = tokens(document);
    if places.is_empty() {
        return;
    }
    let (first, second) = (random.one_of(&places).clone(), random.one_of(&places).clone());
    match random.below(5) {
        0 => drop(document.drain(first)),
        1 => {
            let foreign = tokens(other);
            if !foreign.is_empty() {
                let token = other[random.one_of(&foreign).clone()].to_vec();
                document.splice(first, token);
            }
        }
        2 => {
            let token = document[second].to_vec();
            document.splice(first.start..first.start, token);
        }
        _ => {
            let (early, late) = if first.start < second.start { (first, second) } else { (second, first) };
            if early.end <= late.start {
                let (before, after) = (document[early.clone()].to_vec(), document[late.clone()].to_vec());
                document.splice(late, before);
                document.splice(early, after);
            }
        }
    }
}

/// Where the tokens stand: brackets, commas, colons, texts, and what lies between those and white space.
fn tokens(document: &[u8]) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(byte) = document.get(at) {
        let rest = &document[at..];
        let length = match byte {
            b' ' | b'\n' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => text_length(rest),
            _ => rest.iter().position(|byte| b"{}[],:\" \n\t\r".contains(byte)).unwrap_or(rest.len()),
        };
        tokens.push(at..at + length);
        at += length;
    }
    tokens
}

/// The length of a text with its quotes, or of all that is left.
fn text_length(rest: &[u8]) -> usize {
    let mut escaped = false;
    for (index, byte) in rest.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    rest.len()
}
