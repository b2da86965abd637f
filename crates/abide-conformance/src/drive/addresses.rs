//! Addresses to look up, and addresses that have to be refused.

use serde_json::{Value, json};

/// A valid address; another number is another street. The first one is that of the documents.
pub(crate) fn valid(number: u64) -> Value {
    match number % 4 {
        _ if number == 0 => {
            json!({"street1": "29090 Tiffany Drive E", "city": "Southfield", "state": "MI", "zip": "48034"})
        }
        0 => json!({"street1": format!("{} Main Street", 100 + number), "zip": "48034"}),
        1 => json!({"street1": format!("{} Oak Avenue", 100 + number), "city": "Detroit", "state": "MI"}),
        2 => json!({"street1": format!("{} Elm Street", 100 + number), "street2": "A2", "zip": "48226-1234"}),
        _ => {
            json!({"street1": format!("{} Rue Saint-Éloi", 100 + number), "city": "San Juan", "state": "PR", "campaign_id": "abide"})
        }
    }
}

/// Addresses that have to be refused with 422.
pub(crate) fn invalid() -> Vec<Value> {
    let street = "1234 Woodward Avenue";
    vec![
        json!({"zip": "48226"}),
        json!({"city": "Detroit", "state": "MI"}),
        json!({"street1": street}),
        json!({"street1": street, "city": "Detroit"}),
        json!({"street1": street, "state": "MI"}),
        json!({"street1": street, "zip": "4822"}),
        json!({"street1": street, "zip": "482261"}),
        json!({"street1": street, "zip": "48226-12"}),
        json!({"street1": street, "zip": "ABCDE"}),
        json!({"street1": street, "city": "Detroit", "state": "ZZ"}),
        json!({"street1": street, "city": "Detroit", "state": "Michigan"}),
        json!({"street1": "x".repeat(101), "zip": "48226"}),
        json!({"street1": street, "street2": "x".repeat(51), "zip": "48226"}),
        json!({"street1": street, "city": "x".repeat(51), "state": "MI"}),
        json!({"street1": street, "zip": "48226", "campaign_id": "x".repeat(101)}),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::HumSent as Sent;
    use crate::judge::hum_sent;
    use crate::trace::Body;

    #[test]
    fn what_is_sent_is_what_it_is_meant_to_be() {
        let read = |body: &Value| hum_sent(&Body::Json(body.to_string()));
        for number in 0..12 {
            assert_eq!(read(&valid(number)), Sent::Valid, "{}", valid(number));
        }
        for body in invalid() {
            assert!(matches!(read(&body), Sent::Invalid(_)), "{body}");
        }
    }
}
