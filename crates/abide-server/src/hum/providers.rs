//! Providers that do not exist, in the documented shape.
//!
//! Their names, numbers and addresses come from the ranges that are kept free for examples.

use serde::Serialize;

use crate::noise::{bits, mix, seed};

/// A provider that serves an address (Hum services page).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the fields have the names that the documents give them")]
pub(super) struct Provider {
    provider_id: String,
    provider_name: &'static str,
    telephone: &'static str,
    provider_icon: Option<String>,
    provider_logo: Option<String>,
    url: String,
    security_token: String,
    button_label: &'static str,
    min_plan_price: Price,
    offerings: Vec<Offering>,
    product_catalog: Vec<Product>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Price {
    amount_cents: u64,
    currency: &'static str,
}

/// Speeds are megabits per second.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Offering {
    technology: &'static str,
    technology_category: &'static str,
    max_download_speed: u64,
    max_upload_speed: u64,
}

/// The catalogue may be empty, and always is.
#[derive(Debug, Clone, PartialEq, Serialize)]
enum Product {}

struct Company {
    name: &'static str,
    slug: &'static str,
    telephone: &'static str,
    technology: &'static str,
    category: &'static str,
    /// Megabits per second, slowest first.
    speeds: [(u64, u64); 3],
    /// The cheapest plan, in US cents.
    cents: u64,
}

const COMPANIES: [Company; 6] = [
    Company {
        name: "Example Fiber",
        slug: "example-fiber",
        telephone: "800-555-0100",
        technology: "Fiber",
        category: "fiber",
        speeds: [(500, 500), (1_000, 1_000), (5_000, 5_000)],
        cents: 5_500,
    },
    Company {
        name: "Sample Cable",
        slug: "sample-cable",
        telephone: "800-555-0111",
        technology: "Cable",
        category: "cable",
        speeds: [(300, 10), (600, 20), (1_200, 35)],
        cents: 4_000,
    },
    Company {
        name: "Placeholder Wireless",
        slug: "placeholder-wireless",
        telephone: "800-555-0122",
        technology: "5G Home Internet",
        category: "fixed_wireless",
        speeds: [(100, 10), (300, 20), (400, 30)],
        cents: 3_500,
    },
    Company {
        name: "Imaginary DSL",
        slug: "imaginary-dsl",
        telephone: "800-555-0133",
        technology: "DSL",
        category: "dsl",
        speeds: [(12, 1), (25, 3), (100, 20)],
        cents: 3_000,
    },
    Company {
        name: "Mock Satellite",
        slug: "mock-satellite",
        telephone: "800-555-0144",
        technology: "Satellite",
        category: "satellite",
        speeds: [(50, 3), (100, 5), (150, 10)],
        cents: 8_000,
    },
    Company {
        name: "Fictional Broadband",
        slug: "fictional-broadband",
        telephone: "800-555-0155",
        technology: "Fiber",
        category: "fiber",
        speeds: [(300, 300), (500, 500), (2_000, 2_000)],
        cents: 4_500,
    },
];

/// The first `count` providers of a place, in an order that is the place's own. The security tokens are the session's.
pub(super) fn providers(place: &str, session_token: &str, count: u64) -> Vec<Provider> {
    let seed = seed(&[b"providers", place.as_bytes()]);
    let mut companies: Vec<(u64, &Company)> =
        COMPANIES.iter().zip(0..).map(|(company, number)| (mix(seed, number), company)).collect();
    companies.sort_by_key(|(order, _)| *order);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    companies.into_iter().take(count).map(|(random, company)| provider(company, random, session_token)).collect()
}

fn provider(company: &Company, random: u64, session_token: &str) -> Provider {
    let slug = company.slug;
    // One to three of the speeds, the slowest always among them.
    let offered = 1 + usize::try_from(random % 3).unwrap_or_default();
    let offerings = company.speeds.iter().take(offered).map(|&(max_download_speed, max_upload_speed)| Offering {
        technology: company.technology,
        technology_category: company.category,
        max_download_speed,
        max_upload_speed,
    });
    Provider {
        provider_id: slug.to_owned(),
        provider_name: company.name,
        telephone: company.telephone,
        provider_icon: None,
        provider_logo: None,
        url: format!("https://www.example.com/providers/{slug}"),
        security_token: format!("{:032x}", bits(&[b"security token", session_token.as_bytes(), slug.as_bytes()])),
        button_label: "View plans",
        min_plan_price: Price { amount_cents: company.cents, currency: "USD" },
        offerings: offerings.collect(),
        product_catalog: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_place_has_the_same_distinct_providers_in_every_session() {
        for place in ["1 ELM ST, 48034", "2 ELM ST, 48034", ""] {
            for count in 0..=4 {
                let names = |token| providers(place, token, count).into_iter().map(|provider| provider.provider_name);
                assert!(names("one").eq(names("two")));
                assert_eq!(names("one").collect::<HashSet<_>>().len() as u64, count);
            }
        }
    }

    #[test]
    fn security_tokens_are_the_sessions_own() {
        let tokens = |session| providers("1 ELM ST", session, 4).into_iter().map(|provider| provider.security_token);
        assert_eq!(tokens("one").chain(tokens("two")).collect::<HashSet<_>>().len(), 8);
    }

    #[test]
    fn the_documented_fields_are_there() {
        let json = serde_json::to_value(providers("1 ELM ST", "token", 1)).unwrap();
        let provider = json[0].as_object().unwrap();
        for name in [
            "provider_id",
            "provider_name",
            "telephone",
            "provider_icon",
            "provider_logo",
            "url",
            "security_token",
            "button_label",
            "min_plan_price",
            "offerings",
            "product_catalog",
        ] {
            assert!(provider.contains_key(name), "{name}");
        }
        assert!(json[0]["offerings"][0]["max_download_speed"].is_u64());
        assert_eq!(json[0]["min_plan_price"]["currency"], "USD");
    }
}
