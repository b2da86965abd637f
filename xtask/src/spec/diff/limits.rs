//! Whether a limit of a schema leaves less room than before, more, or another.

use std::cmp::Ordering;

use serde_json::Value;

use super::change::Relation;
use super::shape::Shape;

const LOWER: &[&str] = &["minimum", "minLength", "minItems", "minProperties"];
const UPPER: &[&str] = &["maximum", "maxLength", "maxItems", "maxProperties"];
const FLAGS: &[&str] = &["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"];
/// Limits of which two different ones cannot be compared.
const OTHERS: &[&str] = &["pattern", "multipleOf"];

/// Whether a key is a limit.
pub fn is_limit(key: &str) -> bool {
    [LOWER, UPPER, FLAGS, OTHERS].iter().any(|group| group.contains(&key))
}

/// One limit that changed.
#[derive(Debug)]
pub struct Moved {
    pub key: &'static str,
    pub relation: Relation,
    pub from: Value,
    pub to: Value,
}

/// Every limit that is not what it was.
pub fn moved(old: &Shape<'_>, new: &Shape<'_>) -> Vec<Moved> {
    let keys = [LOWER, UPPER, FLAGS, OTHERS].concat();
    keys.into_iter().filter_map(|key| one(key, old, new)).collect()
}

fn one(key: &'static str, old: &Shape<'_>, new: &Shape<'_>) -> Option<Moved> {
    let (from, to) = (strictest(key, old), strictest(key, new));
    if from == to {
        return None;
    }
    let narrower = if LOWER.contains(&key) { Ordering::Less } else { Ordering::Greater };
    let relation = match (&from, &to) {
        (Value::Null, _) => Relation::Narrowed,
        (_, Value::Null) => Relation::Widened,
        _ if OTHERS.contains(&key) => Relation::Changed,
        _ => match from.as_f64().zip(to.as_f64()).and_then(|(from, to)| from.partial_cmp(&to)) {
            Some(Ordering::Equal) => return None,
            Some(order) if order == narrower => Relation::Narrowed,
            Some(_) => Relation::Widened,
            None => Relation::Changed,
        },
    };
    Some(Moved { key, relation, from, to })
}

/// The value of a limit that holds when all parts hold; `null` where it limits nothing.
fn strictest(key: &str, shape: &Shape<'_>) -> Value {
    let value = shape.value(key);
    if FLAGS.contains(&key) {
        return if shape.flag(key) { Value::Bool(true) } else { Value::Null };
    }
    if OTHERS.contains(&key) {
        return value;
    }
    let lower = LOWER.contains(&key);
    let value = match value.as_array() {
        Some(several) => {
            let ordered =
                |left: &&Value, right: &&Value| left.as_f64().partial_cmp(&right.as_f64()).unwrap_or(Ordering::Equal);
            let strictest = if lower { several.iter().max_by(ordered) } else { several.iter().min_by(ordered) };
            strictest.cloned().unwrap_or_default()
        }
        None => value,
    };
    // Nothing is shorter than 0, so a length of at least 0 says nothing.
    if lower && key != "minimum" && value.as_f64() == Some(0.0) { Value::Null } else { value }
}

/// How two JSON types stand to each other. `null` is any type.
pub fn types(old: &Value, new: &Value) -> Option<Relation> {
    match (old, new) {
        _ if old == new => None,
        (Value::Null, _) => Some(Relation::Narrowed),
        (_, Value::Null) => Some(Relation::Widened),
        _ if old == "integer" && new == "number" => Some(Relation::Widened),
        _ if old == "number" && new == "integer" => Some(Relation::Narrowed),
        _ => Some(Relation::Changed),
    }
}

/// How two formats of one JSON type stand to each other. `null` is any format.
///
/// A `double` is what JSON numbers are read as anyway, and an `int64` what integers are, so they say nothing.
pub fn formats(json_type: &Value, old: &Value, new: &Value) -> Option<Relation> {
    let plain = |format: &Value| {
        let silent = json_type == "number" && format == "double" || json_type == "integer" && format == "int64";
        if silent { Value::Null } else { format.clone() }
    };
    match (plain(old), plain(new)) {
        (old, new) if old == new => None,
        (Value::Null, _) => Some(Relation::Narrowed),
        (_, Value::Null) => Some(Relation::Widened),
        _ => Some(Relation::Changed),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Document;
    use crate::spec::diff::part::Part;
    use crate::spec::diff::shape::Schema;

    fn check(old: &Value, new: &Value, expected: Option<Relation>) {
        let document = |schema: &Value| {
            let text = json!({"openapi": "3.0.3", "schema": schema}).to_string();
            Document::parse("a.yaml".into(), &text).unwrap()
        };
        let (old_document, new_document) = (document(old), document(new));
        let shape = |document| Shape::of(&Schema::from(Part::root(document).get("schema").unwrap())).unwrap();
        let moved = moved(&shape(&old_document), &shape(&new_document));
        assert!(moved.len() <= 1, "{moved:?}");
        assert_eq!(moved.first().map(|moved| moved.relation), expected, "{old} to {new}");
    }

    #[test]
    fn limits_move() {
        use Relation::{Changed, Narrowed, Widened};
        for (old, new, expected) in [
            (json!({"minimum": 1}), json!({"minimum": 2}), Some(Narrowed)),
            (json!({"minimum": -1}), json!({}), Some(Widened)),
            (json!({"minimum": 0}), json!({"minimum": 0.0}), None),
            (json!({}), json!({"minimum": 0}), Some(Narrowed)),
            (json!({}), json!({"minLength": 0}), None),
            (json!({"maxItems": 5}), json!({"maxItems": 6}), Some(Widened)),
            (json!({"maxItems": 5}), json!({"allOf": [{"maxItems": 5}, {"maxItems": 6}]}), None),
            (json!({"maxItems": 5}), json!({"maxItems": "five"}), Some(Changed)),
            (json!({}), json!({"uniqueItems": true}), Some(Narrowed)),
            (json!({"uniqueItems": false}), json!({}), None),
            (json!({"exclusiveMinimum": true}), json!({"exclusiveMinimum": false}), Some(Widened)),
            (json!({"pattern": "a"}), json!({"pattern": "b"}), Some(Changed)),
            (json!({"pattern": "a"}), json!({}), Some(Widened)),
            (json!({"multipleOf": 2}), json!({"multipleOf": 3}), Some(Changed)),
        ] {
            check(&old, &new, expected);
        }
    }

    #[test]
    fn types_and_formats() {
        for (old, new, expected) in [
            (json!("integer"), json!("number"), Some(Relation::Widened)),
            (json!("number"), json!("integer"), Some(Relation::Narrowed)),
            (json!("string"), Value::Null, Some(Relation::Widened)),
            (json!("string"), json!("object"), Some(Relation::Changed)),
        ] {
            assert_eq!(types(&old, &new), expected, "{old} to {new}");
        }
        for (json_type, old, new, expected) in [
            ("integer", json!("int32"), json!("int64"), Some(Relation::Widened)),
            ("integer", Value::Null, json!("int64"), None),
            ("integer", Value::Null, json!("int32"), Some(Relation::Narrowed)),
            ("integer", json!("int64"), json!("int32"), Some(Relation::Narrowed)),
            ("number", json!("double"), Value::Null, None),
            ("number", json!("double"), json!("float"), Some(Relation::Narrowed)),
            ("number", json!("float"), Value::Null, Some(Relation::Widened)),
            ("string", json!("date"), json!("date-time"), Some(Relation::Changed)),
            ("string", Value::Null, json!("date"), Some(Relation::Narrowed)),
            ("string", Value::Null, json!("double"), Some(Relation::Narrowed)),
        ] {
            assert_eq!(formats(&json_type.into(), &old, &new), expected, "{old} to {new}");
        }
    }
}
