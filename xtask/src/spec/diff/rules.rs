//! Every rule: what it is called, what it costs, whom it concerns, and why.
//!
//! A rule about schemas exists once for each direction, because what is safe to send is not what is safe to read.

use super::change::{Audience, Rule, Severity};

macro_rules! rules {
    ($($name:ident: $severity:ident for $audience:ident, $id:literal, $why:literal;)*) => {
        $(pub static $name: Rule =
            Rule { severity: Severity::$severity, id: $id, audience: Audience::$audience, why: $why };)*

        /// All of them, in the order in which they stand here.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    // The document.
    VERSION_CHANGED: Harmless for Both, "version-changed", "The number of the document says nothing about the wire.";
    SERVER_CHANGED: Risky for Client, "server-url-changed", "Clients with the old host built in go on asking there.";
    SERVER_ADDED: Harmless for Client, "server-added", "Another host to choose; the first one stays.";
    SERVER_REMOVED: Risky for Client, "server-removed", "Clients set to this host may find nobody there.";
    KEY_CHANGED: Risky for Both, "unruled-key-changed", "No rule knows this key, so a person has to read the change.";
    DEPRECATED: Harmless for Client, "deprecation-changed", "It works as before; a deprecated part is a warning of its end.";

    // Operations.
    OPERATION_ADDED: Harmless for Server, "operation-added", "No client calls it yet; a server has to offer it.";
    OPERATION_REMOVED: Breaking for Client, "operation-removed", "Calls to it are refused, and the generated method is gone.";
    OPERATION_MOVED: Breaking for Both, "operation-moved", "Clients still send the old method and path.";
    OPERATION_ID: Breaking for Client, "operation-id-changed", "The generated method has another name; on the wire nothing changes.";

    // Parameters.
    PARAMETER_ADDED_REQUIRED: Breaking for Client, "parameter-added-required", "Calls without it, which is all there are, are refused.";
    PARAMETER_ADDED_OPTIONAL: Harmless for Server, "parameter-added-optional", "Calls without it mean what they meant.";
    PARAMETER_REMOVED: Risky for Client, "parameter-removed", "It is ignored at best, and a strict server refuses it.";
    PARAMETER_REQUIRED: Breaking for Client, "parameter-became-required", "Calls that leave it out are refused.";
    PARAMETER_OPTIONAL: Harmless for Server, "parameter-became-optional", "Clients that send it go on; a server has to do without.";
    PARAMETER_MOVED: Breaking for Both, "parameter-moved", "Clients still send it in the old location, where nobody looks.";
    PARAMETER_STYLE: Breaking for Both, "parameter-style-changed", "The same value is written in another way.";
    PARAMETER_RENAMED: Harmless for Client, "path-parameter-renamed", "The name of a path parameter never goes over the wire.";

    // Request bodies.
    BODY_ADDED_REQUIRED: Breaking for Client, "request-body-added-required", "Calls without a body, which is all there are, are refused.";
    BODY_ADDED_OPTIONAL: Harmless for Server, "request-body-added-optional", "Calls without a body mean what they meant.";
    BODY_REMOVED: Risky for Client, "request-body-removed", "The body is ignored at best, and a strict server refuses it.";
    BODY_REQUIRED: Breaking for Client, "request-body-became-required", "Calls without a body are refused.";
    BODY_OPTIONAL: Harmless for Server, "request-body-became-optional", "Clients that send one go on; a server has to do without.";
    REQUEST_MEDIA_ADDED: Harmless for Server, "request-media-type-added", "Clients go on with the old one; a server has to read both.";
    REQUEST_MEDIA_REMOVED: Breaking for Client, "request-media-type-removed", "Clients still send it, and it is refused.";
    REQUEST_MEDIA_CHANGED: Breaking for Both, "request-media-type-changed", "Clients still send the old one, and it is refused.";

    // Responses.
    SUCCESS_ADDED: Risky for Client, "success-status-added", "Clients that know the old statuses only take it for a failure.";
    SUCCESS_REMOVED: Breaking for Client, "success-status-removed", "Clients that wait for it never see it.";
    ERROR_ADDED: Risky for Client, "error-status-added", "It may ask for an answer of its own, which old clients do not give, whatever range covered it.";
    ERROR_REMOVED: Risky for Client, "error-status-removed", "What it told is told in another way, or not at all, whatever range covers it.";
    STATUS_DETAILED: Harmless for Client, "status-detailed", "A range or `default` covered it before, and no error is named.";
    STATUS_GENERALISED: Harmless for Client, "status-generalised", "A range or `default` covers it still, and no named error is lost.";
    RESPONSE_BODY_ADDED: Harmless for Server, "response-body-added", "Clients that expect no body do not read it.";
    RESPONSE_BODY_REMOVED: Breaking for Client, "response-body-removed", "Clients that read the body find none.";
    RESPONSE_MEDIA_ADDED: Risky for Client, "response-media-type-added", "Clients that name no wish may get it and cannot read it.";
    RESPONSE_MEDIA_REMOVED: Breaking for Client, "response-media-type-removed", "Clients that can read only this one read nothing.";
    RESPONSE_MEDIA_CHANGED: Breaking for Both, "response-media-type-changed", "Clients that read the old one cannot read the new one.";
    HEADER_ADDED: Harmless for Server, "response-header-added", "Clients ignore headers that they do not know.";
    HEADER_REMOVED: Breaking for Client, "response-header-removed", "Clients that read it find nothing.";
    HEADER_OPTIONAL: Breaking for Client, "response-header-became-optional", "Clients that count on it may find nothing.";
    HEADER_REQUIRED: Harmless for Server, "response-header-became-required", "It is always there; clients could do without.";

    // Security.
    SCHEME_CHANGED: Breaking for Both, "security-scheme-changed", "Clients show their credential in the old way, and are refused.";
    SECURITY_REQUIRED: Breaking for Client, "security-required", "Calls without a credential were taken and are refused.";
    SECURITY_LIFTED: Risky for Server, "security-lifted", "Whoever calls is let in; make sure that it is meant.";
    SECURITY_ADDED: Harmless for Server, "security-alternative-added", "Another way in; the old ones stay.";
    SECURITY_REMOVED: Breaking for Client, "security-alternative-removed", "Clients that come in this way are refused.";
    SECURITY_EASED: Harmless for Server, "security-alternative-eased", "Clients that come in this way show all that is asked, and more.";
    SCOPE_ADDED: Breaking for Client, "security-scope-added", "Credentials given out before do not have this scope.";
    SCOPE_REMOVED: Harmless for Server, "security-scope-removed", "Credentials that have it stay good.";

    // Schemas: type and format.
    REQUEST_TYPE_NARROWED: Breaking for Client, "request-type-narrowed", "Values that were taken are refused.";
    REQUEST_TYPE_WIDENED: Harmless for Server, "request-type-widened", "What clients send stays good; a server has to take more.";
    REQUEST_TYPE_CHANGED: Breaking for Both, "request-type-changed", "What clients send is refused.";
    RESPONSE_TYPE_NARROWED: Harmless for Server, "response-type-narrowed", "Clients that read all of the old type read the new one.";
    RESPONSE_TYPE_WIDENED: Breaking for Client, "response-type-widened", "Values may come that the old type cannot hold.";
    RESPONSE_TYPE_CHANGED: Breaking for Both, "response-type-changed", "Clients that read the old type fail on the new one.";
    REQUEST_FORMAT_NARROWED: Breaking for Client, "request-format-narrowed", "Values that were taken are refused.";
    REQUEST_FORMAT_WIDENED: Harmless for Server, "request-format-widened", "What clients send stays good; a server has to take more.";
    REQUEST_FORMAT_ROUNDED: Harmless for Client, "request-format-rounded", "Numbers are taken as before, and read with fewer digits.";
    REQUEST_FORMAT_CHANGED: Breaking for Both, "request-format-changed", "What clients send is refused or read as something else.";
    RESPONSE_FORMAT_NARROWED: Harmless for Server, "response-format-narrowed", "Clients that read all of the old format read the new one.";
    RESPONSE_FORMAT_WIDENED: Breaking for Client, "response-format-widened", "Values may come that the old format cannot hold.";
    RESPONSE_FORMAT_CHANGED: Breaking for Both, "response-format-changed", "Clients that parse the old format fail on the new one.";

    // Schemas: bounds and patterns.
    REQUEST_BOUND_TIGHTENED: Breaking for Client, "request-bound-tightened", "Values that were taken are refused.";
    REQUEST_BOUND_LOOSENED: Harmless for Server, "request-bound-loosened", "What clients send stays good; a server has to take more.";
    REQUEST_BOUND_CHANGED: Breaking for Both, "request-bound-changed", "Values that were taken may be refused.";
    RESPONSE_BOUND_TIGHTENED: Harmless for Server, "response-bound-tightened", "What comes was allowed before; a server has to keep to less.";
    RESPONSE_BOUND_LOOSENED: Risky for Client, "response-bound-loosened", "Clients that check what they read refuse it; those generated here do not check.";
    RESPONSE_BOUND_CHANGED: Risky for Both, "response-bound-changed", "Clients that check what they read may refuse it; those generated here do not check.";

    // Schemas: words.
    REQUEST_WORD_ADDED: Harmless for Server, "request-enum-value-added", "No client sends it yet; a server has to take it.";
    REQUEST_WORD_REMOVED: Breaking for Client, "request-enum-value-removed", "Clients that send it are refused.";
    RESPONSE_WORD_ADDED: Risky for Client, "response-enum-value-added", "Clients with closed enums fail on it; those generated here keep a word that they do not know.";
    RESPONSE_WORD_REMOVED: Harmless for Server, "response-enum-value-removed", "It never comes any more; clients that know it lose nothing.";
    REQUEST_ENUM_INTRODUCED: Breaking for Client, "request-enum-introduced", "Values outside the list were taken and are refused.";
    REQUEST_ENUM_LIFTED: Harmless for Server, "request-enum-lifted", "What clients send stays good; a server has to take more.";
    RESPONSE_ENUM_INTRODUCED: Harmless for Server, "response-enum-introduced", "What comes was allowed before; a server has to keep to the list.";
    RESPONSE_ENUM_LIFTED: Risky for Client, "response-enum-lifted", "Clients with closed enums fail on other words; those generated here keep them.";
    DOCUMENTED_WORDS: Harmless for Both, "documented-words-changed", "The field was open before and stays open.";

    // Schemas: null and defaults.
    REQUEST_NULLABLE: Harmless for Server, "request-became-nullable", "Clients that send no null go on; a server has to take it.";
    REQUEST_NOT_NULLABLE: Breaking for Client, "request-no-longer-nullable", "Clients that send null are refused.";
    RESPONSE_NULLABLE: Breaking for Client, "response-became-nullable", "Clients that expect a value fail on null.";
    RESPONSE_NOT_NULLABLE: Harmless for Server, "response-no-longer-nullable", "A value is always there; clients could do without.";
    REQUEST_DEFAULT: Risky for Client, "request-default-changed", "Calls that leave it out mean something else.";
    RESPONSE_DEFAULT: Risky for Client, "response-default-changed", "Answers that leave it out mean something else.";

    // Schemas: objects.
    REQUEST_PROPERTY_REQUIRED_ADDED: Breaking for Client, "request-property-added-required", "Bodies without it, which is all there are, are refused.";
    REQUEST_PROPERTY_ADDED: Harmless for Server, "request-property-added-optional", "Bodies without it mean what they meant.";
    REQUEST_PROPERTY_REMOVED: Risky for Client, "request-property-removed", "It is ignored at best, and a strict server refuses it.";
    REQUEST_PROPERTY_REFUSED: Breaking for Client, "request-property-refused", "It is gone from an object that takes no others.";
    REQUEST_PROPERTY_REQUIRED: Breaking for Client, "request-property-became-required", "Bodies that leave it out are refused.";
    REQUEST_PROPERTY_OPTIONAL: Harmless for Server, "request-property-became-optional", "Clients that send it go on; a server has to do without.";
    RESPONSE_PROPERTY_ADDED: Harmless for Server, "response-property-added", "Clients ignore properties that they do not know.";
    RESPONSE_PROPERTY_UNEXPECTED: Breaking for Client, "response-property-unexpected", "It is new on an object of which the document said that nothing else comes.";
    RESPONSE_PROPERTY_REMOVED: Breaking for Client, "response-property-removed", "Clients that read it find nothing, and the generated field is gone.";
    RESPONSE_PROPERTY_REQUIRED: Harmless for Server, "response-property-became-required", "It is always there; clients could do without.";
    RESPONSE_PROPERTY_OPTIONAL: Breaking for Client, "response-property-became-optional", "Clients that count on it may find nothing.";
    REQUEST_OTHERS_NARROWED: Breaking for Client, "request-additional-properties-narrowed", "Other properties that were taken are refused.";
    REQUEST_OTHERS_WIDENED: Harmless for Server, "request-additional-properties-widened", "What clients send stays good; a server has to take more.";
    RESPONSE_OTHERS_NARROWED: Harmless for Server, "response-additional-properties-narrowed", "What comes was allowed before; a server has to keep to less.";
    RESPONSE_OTHERS_WIDENED: Breaking for Client, "response-additional-properties-widened", "Clients that hold the old promise fail on what else comes.";

    // Schemas: unions.
    REQUEST_VARIANT_ADDED: Harmless for Server, "request-variant-added", "No client sends it yet; a server has to take it.";
    REQUEST_VARIANT_REMOVED: Breaking for Client, "request-variant-removed", "Clients that send it are refused.";
    RESPONSE_VARIANT_ADDED: Risky for Client, "response-variant-added", "Clients with closed unions fail on it; those generated here keep a shape that they do not know.";
    RESPONSE_VARIANT_REMOVED: Harmless for Server, "response-variant-removed", "It never comes any more; clients that know it lose nothing.";
    REQUEST_DISCRIMINATOR: Breaking for Both, "request-discriminator-changed", "Servers look elsewhere for the word that tells the variants apart.";
    RESPONSE_DISCRIMINATOR: Breaking for Both, "response-discriminator-changed", "Clients look in the old place for the word that tells the variants apart.";

    // Words to the generator.
    COMPONENT_RENAMED: Breaking for Client, "component-renamed", "The generated type has another name; on the wire nothing changes.";
    CLIENT_TYPE: Breaking for Client, "client-type-changed", "The Rust type in the generated crate changes; on the wire nothing does.";
    CLIENT_OPTIONAL: Breaking for Client, "client-optional-changed", "The generated field becomes an Option or stops being one; on the wire nothing changes.";

    // The lifecycle.
    LIFECYCLE_ADDED: Breaking for Client, "lifecycle-added", "Clients that ask at a pace of their own may now ask too often.";
    LIFECYCLE_REMOVED: Breaking for Client, "lifecycle-removed", "Nothing says any more how to wait, and the generated constants are gone.";
    FIRST_POLL_LATER: Breaking for Client, "lifecycle-first-poll-later", "Clients that ask at once now ask too early.";
    FIRST_POLL_EARLIER: Harmless for Client, "lifecycle-first-poll-earlier", "Clients may ask sooner, and need not.";
    PACE_SLOWER: Breaking for Client, "lifecycle-pace-slower", "Clients that keep the old pace now ask too often.";
    PACE_FASTER: Harmless for Client, "lifecycle-pace-faster", "Clients may ask more often, and need not.";
    LONGEST_GAP: Harmless for Client, "lifecycle-longest-gap-changed", "Only the shortest gap is held against a client.";
    CAP_SHORTER: Breaking for Client, "lifecycle-cap-shorter", "Clients that wait as long as before ask when they no longer should.";
    CAP_LONGER: Harmless for Client, "lifecycle-cap-longer", "Clients that stop at the old cap stop early.";
    INACTIVITY_SHORTER: Breaking for Both, "lifecycle-inactivity-shorter", "Clients that pause as long as before find the session dead.";
    INACTIVITY_LONGER: Harmless for Server, "lifecycle-inactivity-longer", "Sessions outlive the pauses of old clients; a server has to keep them.";
    COMPLETE_BY: Breaking for Both, "lifecycle-complete-by-changed", "Clients stop waiting by the old rule: too early, too late or never.";
    GROWING_LIST: Harmless for Client, "lifecycle-growing-list-changed", "Clients check that a list grew before they go by it, and read all of any other.";
    STATE_ADDED: Risky for Client, "lifecycle-state-added", "Clients that do not know the word cannot tell what it ends.";
    STATE_REMOVED: Breaking for Both, "lifecycle-state-removed", "Clients may wait for a word that never comes.";
    STATE_MEANING: Breaking for Both, "lifecycle-state-meaning-changed", "Clients read the word in the old sense, and stop or wait wrongly.";
    AWAITED: Breaking for Client, "lifecycle-awaited-agents-changed", "Clients wait for an agent that is not asked for, or not for one that is.";
    OUTCOME_ADDED: Risky for Client, "lifecycle-outcome-added", "Clients that do not know the word cannot tell whether the agent is done.";
    OUTCOME_REMOVED: Breaking for Both, "lifecycle-outcome-removed", "Clients may wait for a word that never comes.";
    OUTCOME_MEANING: Breaking for Both, "lifecycle-outcome-meaning-changed", "Clients read the word in the old sense, and count the agent wrongly.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_words_and_reasons_are_sentences() {
        let mut ids = BTreeSet::new();
        for rule in ALL {
            assert!(ids.insert(rule.id), "{} twice", rule.id);
            assert!(rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.id);
            assert!(rule.why.ends_with('.'), "{}", rule.id);
        }
    }
}
