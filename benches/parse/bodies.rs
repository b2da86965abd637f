//! The bodies: made up, in the form of the documents' examples.

use std::fmt::Write;

use twox_hash::XxHash3_128;

/// A body, and what is remembered of the one before it.
pub struct Body {
    pub whole: Vec<u8>,
    /// From the `[` of the list to the end of the last result that the body before had; nothing where it had none.
    pub known: Vec<u8>,
    pub known_hash: u128,
    /// How many results that are.
    pub known_results: usize,
}

/// The order of the keys of a result.
#[derive(Clone, Copy)]
pub enum Order {
    Documented,
    TagLast,
    Reversed,
    /// A different one in each result.
    Random,
}

/// How many results are new.
pub const NEW: usize = 10;

/// A status reply of so many results.
pub fn calmyx(results: usize, pretty: bool, order: Order, seed: u64) -> Body {
    let mut random = Random(seed);
    let mut writer = Writer { out: String::new(), pretty, depth: 0 };
    let (mut known, known_results) = (0..0, results.saturating_sub(NEW));
    writer.object(6, |writer, field| match field {
        0 => writer.field("status", "\"PROCESSING\""),
        1 => {
            writer.key("progress");
            let counters = [
                ("total", 500),
                ("processed", results),
                ("successful", results - results / 10),
                ("failed", results / 10),
            ];
            writer.object(counters.len(), |writer, index| {
                writer.field(counters[index].0, &counters[index].1.to_string());
            });
        }
        2 => {
            writer.key("results");
            known = writer.out.len()..writer.out.len();
            writer.list(results, |writer, index| {
                result(writer, index, order, &mut random);
                if index + 1 == known_results {
                    known.end = writer.out.len();
                }
            });
        }
        3 => writer.field("submitted_at", "\"2026-01-15T10:30:00.123457\""),
        4 => writer.field("started_at", "\"2026-01-15T10:30:05.000001\""),
        _ => writer.field("completed_at", "null"),
    });
    let whole = writer.out.into_bytes();
    let known = whole[known].to_vec();
    Body { known_hash: XxHash3_128::oneshot(&known), whole, known, known_results }
}

fn result(writer: &mut Writer, index: usize, order: Order, random: &mut Random) {
    let degrees = |random: &mut Random, whole: u64| {
        let (whole, decimals) = (random.below(whole), random.below(1_000_000));
        format!("{}{whole}.{decimals:06}", if random.below(2) == 0 { "-" } else { "" })
    };
    let minute = index % 60;
    // The last digit is no zero: some time libraries would not write one.
    let micros = random.below(100_000) * 10 + 1 + random.below(9);
    let mut fields = vec![("lat", degrees(random, 90)), ("lng", degrees(random, 180))];
    if index % 10 == 7 {
        fields.push(("status", "\"failed\"".to_owned()));
        fields.push(("error", "\"Failed to calculate quietness score\"".to_owned()));
    } else {
        let (high, low) = (random.next(), random.next());
        fields.push(("status", "\"success\"".to_owned()));
        fields.push(("quiet_score", random.below(101).to_string()));
        fields.push((
            "listing_id",
            format!(
                "\"{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}\"",
                high >> 32,
                high & 0xffff,
                high >> 20 & 0xfff,
                low & 0xfff,
                low >> 16
            ),
        ));
    }
    fields.push(("analyzed_at", format!("\"2026-01-15T10:{minute:02}:12.{micros:06}\"")));
    match order {
        Order::Documented => {}
        Order::TagLast => {
            let tag = fields.remove(2);
            fields.push(tag);
        }
        Order::Reversed => fields.reverse(),
        Order::Random => {
            for last in (1..fields.len()).rev() {
                fields.swap(last, usize::try_from(random.below(last as u64 + 1)).unwrap());
            }
        }
    }
    writer.object(fields.len(), |writer, index| writer.field(fields[index].0, &fields[index].1));
}

/// A session reply with so many providers.
pub fn hum_reply(providers: usize, pretty: bool, seed: u64) -> Body {
    let mut random = Random(seed);
    let mut writer = Writer { out: String::new(), pretty, depth: 0 };
    writer.object(4, |writer, field| match field {
        0 => writer.field("message", "\"Session data retrieved successfully\""),
        1 => writer.field("request_status", "\"ok\""),
        2 => {
            writer.key("data");
            writer.object(if providers > 0 { 2 } else { 1 }, |writer, field| match field {
                0 => writer.field("service_address", "\"29090 TIFFANY DR E, SOUTHFIELD, MI 48034\""),
                _ => {
                    writer.key("internet");
                    writer.list(providers, |writer, _| provider(writer, &mut random));
                }
            });
        }
        _ => {
            writer.key("meta");
            let fields = [
                ("session_token", "\"XqCmeTVgYXrbWrZFZEymkD\""),
                ("session_status", "\"open\""),
                ("created_at", "\"2025-04-18T23:13:31.000Z\""),
                ("updated_at", "\"2025-04-18T23:13:36.250Z\""),
                ("responded_at", "\"2025-04-18T23:13:37.001Z\""),
                ("hum_data_set", "\"25041808\""),
            ];
            writer.object(fields.len() + 1, |writer, index| match fields.get(index) {
                Some((key, value)) => writer.field(key, value),
                None => {
                    writer.key("agent_status");
                    let agents =
                        [("geocoding", "\"matched\""), ("internet", "\"matched\""), ("checkout", "\"pending\"")];
                    writer.object(3, |writer, index| writer.field(agents[index].0, agents[index].1));
                }
            });
        }
    });
    let whole = writer.out.into_bytes();
    Body { whole, known: Vec::new(), known_hash: 0, known_results: 0 }
}

fn provider(writer: &mut Writer, random: &mut Random) {
    let id = random.below(10_000);
    let fields = [
        ("provider_id", id.to_string()),
        ("provider_name", format!("\"Provider {id}\"")),
        ("provider_logo", format!("\"https://images.example/logos/{id}.png\"")),
        ("telephone", format!("\"+1 555 {id:07}\"")),
        ("url", format!("\"https://shop.example/{id}?from=session\"")),
        ("buyflow_type", "\"redirect\"".to_owned()),
        ("button_label", "\"Order online\"".to_owned()),
        ("security_token", format!("\"{:016x}{:016x}\"", random.next(), random.next())),
    ];
    writer.object(fields.len() + 2, |writer, index| match fields.get(index) {
        Some((key, value)) => writer.field(key, value),
        None if index == fields.len() => {
            writer.key("min_plan_price");
            let cents = (1_999 + random.below(9_000)).to_string();
            writer.object(2, |writer, index| match index {
                0 => writer.field("amount_cents", &cents),
                _ => writer.field("currency", "\"USD\""),
            });
        }
        None => {
            writer.key("offerings");
            writer.list(3, |writer, index| {
                let fields = [
                    ("technology", "\"Fiber to the premises\"".to_owned()),
                    ("technology_code", format!("\"{}\"", 50 + index)),
                    ("technology_category", "\"fiber\"".to_owned()),
                    ("max_download_speed", (random.below(5) * 250 + 100).to_string()),
                    ("max_upload_speed", format!("\"{} Mbps\"", random.below(940))),
                ];
                writer.object(fields.len(), |writer, index| writer.field(fields[index].0, &fields[index].1));
            });
        }
    });
}

/// Writes JSON in one line, or indented by two.
struct Writer {
    out: String,
    pretty: bool,
    depth: usize,
}

impl Writer {
    fn object(&mut self, fields: usize, field: impl FnMut(&mut Self, usize)) {
        self.between('{', '}', fields, field);
    }

    fn list(&mut self, items: usize, item: impl FnMut(&mut Self, usize)) {
        self.between('[', ']', items, item);
    }

    fn between(&mut self, open: char, close: char, count: usize, mut part: impl FnMut(&mut Self, usize)) {
        self.out.push(open);
        self.depth += 1;
        for index in 0..count {
            self.out.push_str(if index > 0 { "," } else { "" });
            self.line();
            part(self, index);
        }
        self.depth -= 1;
        if count > 0 {
            self.line();
        }
        self.out.push(close);
    }

    fn line(&mut self) {
        if self.pretty {
            let width = 2 * self.depth;
            write!(self.out, "\n{:width$}", "").unwrap();
        }
    }

    fn field(&mut self, key: &str, value: &str) {
        self.key(key);
        self.out.push_str(value);
    }

    fn key(&mut self, key: &str) {
        write!(self.out, "\"{key}\":{}", if self.pretty { " " } else { "" }).unwrap();
    }
}

/// A small generator (splitmix64), so that every run has the same bodies.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 33) % limit
    }
}
