//! A reply, taken apart: status, headers and the body as JSON, with what a change to it needs to read and write.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value};

use super::writing::Writing;

/// A reply that can be changed before it is sent. Places in its body are JSON pointers.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Content,
    /// How the JSON is written.
    pub(crate) writing: Writing,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Json(Value),
    Bytes(Bytes),
}

impl Answer {
    /// Reads the whole body, which is the server's own.
    pub(crate) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Self::of(parts.status, parts.headers, bytes)
    }

    /// An answer with the body that these bytes are.
    pub(crate) fn of(status: StatusCode, headers: HeaderMap, bytes: Bytes) -> Self {
        let body = serde_json::from_slice(&bytes).map_or(Content::Bytes(bytes), Content::Json);
        Self { status, headers, body, writing: Writing::default() }
    }

    /// The body as it is written.
    pub(crate) fn bytes(&self) -> Bytes {
        match &self.body {
            Content::Json(value) => Bytes::from(self.writing.text(value)),
            Content::Bytes(bytes) => bytes.clone(),
        }
    }

    pub(crate) fn into_response(self) -> Response {
        let bytes = self.bytes();
        let mut response = Response::new(self.writing.body(bytes));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        // What the good server counted is not what is sent; hyper counts again.
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// Takes everything that was said by another answer.
    pub(crate) fn become_like(&mut self, other: &Self) {
        self.clone_from(other);
    }

    /// A refusal in place of what was said, in the shape that the API's other refusals have.
    pub(crate) fn refuse(&mut self, status: StatusCode, response: Value) {
        self.status = status;
        self.body = Content::Json(response);
    }

    pub(crate) fn header(&mut self, name: HeaderName, value: &'static str) {
        self.headers.insert(name, HeaderValue::from_static(value));
    }

    pub(crate) fn json(&self) -> &Value {
        match &self.body {
            Content::Json(value) => value,
            Content::Bytes(_) => &Value::Null,
        }
    }

    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.json().pointer(pointer).unwrap_or(&Value::Null)
    }

    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }

    pub(crate) fn number(&self, pointer: &str) -> i64 {
        self.at(pointer).as_i64().unwrap_or_default()
    }

    /// The place itself, to be changed; `None` where there is none.
    pub(crate) fn at_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        match &mut self.body {
            Content::Json(value) => value.pointer_mut(pointer),
            Content::Bytes(_) => None,
        }
    }

    /// Changes a field or adds it; nothing happens where its object is missing.
    pub(crate) fn set(&mut self, pointer: &str, value: impl Into<Value>) {
        if let Some((object, name)) = self.field(pointer) {
            object.insert(name, value.into());
        }
    }

    /// Adds to a number.
    pub(crate) fn add(&mut self, pointer: &str, by: i64) {
        let sum = self.number(pointer).saturating_add(by);
        self.set(pointer, sum);
    }

    pub(crate) fn remove(&mut self, pointer: &str) {
        if let Some((object, name)) = self.field(pointer) {
            object.remove(&name);
        }
    }

    /// The elements of an array, to be changed; none where there is no array.
    pub(crate) fn array(&mut self, pointer: &str) -> Option<&mut Vec<Value>> {
        self.at_mut(pointer)?.as_array_mut()
    }

    fn field(&mut self, pointer: &str) -> Option<(&mut Map<String, Value>, String)> {
        let (parent, name) = pointer.rsplit_once('/')?;
        Some((self.at_mut(parent)?.as_object_mut()?, name.to_owned()))
    }
}

/// A body that is sent in pieces has no length in its head.
pub(crate) fn without_length(bytes: Bytes) -> Body {
    Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(bytes)]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(body: Value) -> Answer {
        Answer {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Content::Json(body),
            writing: Writing::default(),
        }
    }

    #[test]
    fn fields_are_read_and_changed_by_pointer() {
        let mut answer = answer(json!({ "progress": { "total": 3 }, "results": [{ "a": 1 }], "status": "QUEUED" }));
        assert_eq!((answer.number("/progress/total"), answer.text("/status")), (3, "QUEUED"));
        answer.add("/progress/total", 2);
        answer.set("/more", "x");
        answer.set("/no/such/object", 1);
        answer.remove("/status");
        answer.array("/results").unwrap().clear();
        assert!(answer.array("/progress").is_none());
        assert_eq!(answer.json(), &json!({ "progress": { "total": 5 }, "results": [], "more": "x" }));
    }

    #[test]
    fn a_body_that_is_no_json_has_no_places() {
        let mut answer = answer(Value::Null);
        answer.body = Content::Bytes(Bytes::from_static(b"text"));
        answer.set("/a", 1);
        assert_eq!((answer.at("/a"), answer.text("")), (&Value::Null, ""));
    }
}
