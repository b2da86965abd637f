//! What the two status replies consist of, as far as making them up needs to know.

/// What stands at a place of a reply.
#[derive(Debug)]
pub enum Kind {
    Integer,
    Number,
    Text,
    Time,
    /// 36 letters.
    Id,
    Word(&'static [&'static str]),
    Object(&'static [Field]),
    List(&'static Kind),
    /// An object whose keys are data.
    Map(&'static Kind),
    OneOf(&'static [Kind]),
    /// An object of which nothing is known.
    Anything,
}

/// A key and what it stands for.
#[derive(Debug)]
pub struct Field {
    pub key: &'static str,
    /// It may be absent or null.
    pub optional: bool,
    pub kind: Kind,
}

const fn must(key: &'static str, kind: Kind) -> Field {
    Field { key, optional: false, kind }
}

const fn may(key: &'static str, kind: Kind) -> Field {
    Field { key, optional: true, kind }
}

pub const CALMYX_STATUS: Kind = Kind::Object(&[
    must("status", Kind::Word(&["QUEUED", "PENDING", "PROCESSING", "COMPLETED", "FAILED", "PAUSED"])),
    must(
        "progress",
        Kind::Object(&[
            must("total", Kind::Integer),
            must("processed", Kind::Integer),
            must("successful", Kind::Integer),
            must("failed", Kind::Integer),
        ]),
    ),
    may("results", Kind::List(&LOCATION_RESULT)),
    must("submitted_at", Kind::Time),
    may("started_at", Kind::Time),
    may("completed_at", Kind::Time),
]);

pub const LOCATION_RESULT: Kind = Kind::OneOf(&[
    Kind::Object(&[
        must("lat", Kind::Number),
        must("lng", Kind::Number),
        must("status", Kind::Word(&["success"])),
        must("quiet_score", Kind::Integer),
        must("listing_id", Kind::Id),
        must("analyzed_at", Kind::Time),
    ]),
    Kind::Object(&[
        must("lat", Kind::Number),
        must("lng", Kind::Number),
        must("status", Kind::Word(&["failed"])),
        must("error", Kind::Text),
        must("analyzed_at", Kind::Time),
    ]),
]);

pub const HUM_REPLY: Kind = Kind::Object(&[
    may("message", Kind::Text),
    may("request_status", Kind::Word(&["ok", "warning", "error"])),
    may("data", Kind::OneOf(&[DETAILS, DETAILS, PROVIDERS])),
    may(
        "meta",
        Kind::Object(&[
            may("session_token", Kind::Id),
            may("session_status", Kind::Word(&["open"])),
            may("agent_status", Kind::Map(&Kind::Word(&["pending", "matched", "multiple", "failed", "odd"]))),
            may("created_at", Kind::Time),
            may("updated_at", Kind::Time),
            may("responded_at", Kind::Time),
            may("hum_data_set", Kind::Text),
            may("service_address", ADDRESS),
            may(
                "session_params",
                Kind::Object(&[
                    may("campaign_id", Kind::Text),
                    may("city", Kind::Text),
                    may("latitude", Kind::Number),
                    may("longitude", Kind::Number),
                    may("state", Kind::Text),
                    may("street1", Kind::Text),
                    may("street2", Kind::Text),
                    may("sync", Kind::List(&Kind::Text)),
                    may("zip", ZIP),
                ]),
            ),
        ]),
    ),
]);

const DETAILS: Kind =
    Kind::Object(&[may("internet", PROVIDERS), may("service_address", ADDRESS), may("session_token", Kind::Id)]);

const PROVIDERS: Kind = Kind::List(&PROVIDER);

const ADDRESS: Kind = Kind::OneOf(&[
    Kind::Text,
    Kind::Object(&[
        may("normalized", Kind::Text),
        may("latitude", Kind::Number),
        may("longitude", Kind::Number),
        may("street_range", Kind::Text),
        may("street", Kind::Text),
        may("city", Kind::Text),
        may("state", Kind::Text),
        may("zip", ZIP),
    ]),
]);

const ZIP: Kind = Kind::OneOf(&[Kind::Integer, Kind::Text]);

const PROMOTION: Kind = Kind::Object(&[may("promo_logo_url", Kind::Text), may("promo_text", Kind::Text)]);

const SPEED: Kind = Kind::OneOf(&[Kind::Number, Kind::Integer, Kind::Text]);

pub const PROVIDER: Kind = Kind::Object(&[
    may("provider_id", ZIP),
    may("provider_name", Kind::Text),
    may("provider_logo", Kind::Text),
    may("provider_icon", Kind::Text),
    may("provider_promo", PROMOTION),
    may("promo_logo", Kind::Text),
    may("promo_text", Kind::Text),
    may("url", Kind::Text),
    may("url_promo", PROMOTION),
    may("telephone", Kind::Text),
    may("button_label", Kind::Text),
    may("buyflow_type", Kind::Text),
    may("security_token", Kind::Id),
    may("min_plan_price", Kind::Object(&[may("amount_cents", Kind::Integer), may("currency", Kind::Text)])),
    may(
        "offerings",
        Kind::List(&Kind::Object(&[
            may("technology", Kind::Text),
            may("technology_code", Kind::Text),
            may("technology_category", Kind::Text),
            may("tech_logo", Kind::Text),
            may("max_download_speed", SPEED),
            may("max_upload_speed", SPEED),
        ])),
    ),
    may("product_catalog", Kind::List(&Kind::Anything)),
]);
