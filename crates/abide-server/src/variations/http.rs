//! Freedoms of HTTP: headers, framing, and the words and codes of refusals.

use axum::http::{HeaderName, StatusCode, header};

use super::Variation;
use crate::{
    breakage::{
        answer::Content,
        change::{Change, Exchange},
    },
    reply::Api,
};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "charset",
        api: None,
        says: "The content type names a character set, in capital letters and with a space.",
        change: Change::Reply(|it| it.answer.header(header::CONTENT_TYPE, "application/json ; charset=\"UTF-8\"")),
    },
    Variation {
        name: "media-type-case",
        api: None,
        says: "The media type is written with capital letters.",
        change: Change::Reply(|it| it.answer.header(header::CONTENT_TYPE, "Application/JSON")),
    },
    Variation {
        name: "more-headers",
        api: None,
        says: "Answers carry headers of proxies, caches, limits and cookies.",
        change: Change::Reply(|it| {
            for (name, value) in [
                ("via", "1.1 somewhere"),
                ("x-request-id", "9f1c"),
                ("vary", "Accept-Encoding, Authorization"),
                ("ratelimit", "\"default\";r=50;t=30"),
                ("set-cookie", "seen=1; Path=/; HttpOnly"),
                ("server", "somebody/1.0 (else)"),
            ] {
                it.answer.header(HeaderName::from_static(name), value);
            }
        }),
    },
    Variation {
        name: "chunked",
        api: None,
        says: "Bodies come in pieces, without a length in the head.",
        change: Change::Reply(|it| it.answer.writing.in_pieces = true),
    },
    Variation {
        name: "connection-close",
        api: None,
        says: "Every connection is closed after one answer.",
        change: Change::Reply(|it| it.answer.header(header::CONNECTION, "close")),
    },
    Variation {
        name: "refusals-in-other-words",
        api: None,
        says: "Refusals say something else.",
        change: Change::Reply(|it| {
            if it.answer.status.is_client_error() {
                it.refuse(it.answer.status, "Request could not be processed \u{2013} see the documentation.");
            }
        }),
    },
    Variation {
        name: "refusals-as-text",
        api: None,
        says: "The body of a refusal is plain text, since no document gives it a shape.",
        change: Change::Reply(|it| {
            if it.answer.status.is_client_error() {
                it.answer.header(header::CONTENT_TYPE, "text/plain");
                it.answer.body = Content::Bytes("no\n".into());
            }
        }),
    },
    Variation {
        name: "refusals-without-body",
        api: None,
        says: "A refusal has no body.",
        change: Change::Reply(|it| {
            if it.answer.status.is_client_error() {
                it.answer.headers.remove(header::CONTENT_TYPE);
                it.answer.body = Content::Bytes("".into());
            }
        }),
    },
    Variation {
        name: "forbidden-for-unauthorized",
        api: None,
        says: "A missing or wrong credential is answered with 403.",
        change: Change::Reply(|it| swap(it, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN)),
    },
    Variation {
        name: "bad-request-for-unknown",
        api: None,
        says: "A session that the caller does not have is answered with 400.",
        change: Change::Reply(|it| swap(it, StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST)),
    },
    Variation {
        name: "unprocessable-for-invalid",
        api: Some(Api::Calmyx),
        says: "A session that cannot be created is answered with 422.",
        change: Change::Reply(|it| swap(it, StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY)),
    },
];

fn swap(it: &mut Exchange<'_>, from: StatusCode, to: StatusCode) {
    if it.answer.status == from {
        it.answer.status = to;
    }
}
