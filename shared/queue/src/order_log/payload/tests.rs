use halles_domain::{BasketLine, ContactForm, Language, ListingId, OrderState, Quantity, RequestFingerprint};

use super::*;

fn request() -> RequestToBuy {
    let form = ContactForm {
        name: "Zoé".into(),
        email: "zoe@example.org".into(),
        street: "1 rue des Halles".into(),
        postcode: "69001".into(),
        town: "Lyon".into(),
        country: "FR".into(),
    };
    RequestToBuy {
        order_id: "0190c7a2-1b2c-8d3e-8f40-112233445566".parse().expect("a UUID"),
        idempotency_key: "a-key-of-a-shopper".parse().expect("a key"),
        fingerprint: RequestFingerprint([7; 32]),
        language: Language::Fr,
        contact: form.parse().expect("a contact"),
        lines: vec![BasketLine { listing_id: ListingId::new(3), quantity: Quantity::new(2).expect("a quantity") }],
        may_wait: false,
        what_there_is: false,
        personalisations: Vec::new(),
        accepted_at: "2025-01-02T03:04:05Z".parse().expect("a time"),
    }
}

fn outcome(verdict: Verdict) -> Outcome {
    let entry = "1700000000000-1".parse().expect("a position");
    Outcome { order_id: request().order_id, entry, replayed: true, verdict }
}

#[test]
fn a_request_reads_back() {
    assert_eq!(decode_request(&encode_request(&request())).expect("readable"), request());
}

/// Literally what an order service of version 1 wrote: never edit it, a log somewhere still holds such entries.
#[test]
fn version_one_stays_readable() {
    let fingerprint = format!("[{}]", ["7"; 32].join(","));
    let payload = format!(
        r#"{{"version":"1","request":{{"order_id":"0190c7a2-1b2c-8d3e-8f40-112233445566",
        "idempotency_key":"a-key-of-a-shopper","fingerprint":{fingerprint},"language":"fr",
        "contact":{{"name":"Zoé","email":"zoe@example.org",
        "address":{{"street":"1 rue des Halles","postcode":"69001","town":"Lyon","country":"FR"}}}},
        "lines":[{{"listing_id":3,"quantity":2}}],"accepted_at":"2025-01-02T03:04:05Z"}}}}"#
    );
    assert_eq!(decode_request(&payload).expect("readable"), request());
}

#[test]
fn what_cannot_be_read_is_an_error_without_personal_data() {
    let newer = encode_request(&request()).replace(r#""version":"1""#, r#""version":"99""#);
    let broken = encode_request(&request()).replace("zoe@example.org", "zoe-at-example");
    for payload in ["", "{}", "null", newer.as_str(), broken.as_str()] {
        let error = decode_request(payload).expect_err("unreadable").to_string();
        assert!(!error.contains("zoe"), "{error}");
    }
}

/// What a worker does not know of it must not ignore: neither a later version, nor a wish that came later.
#[test]
fn what_a_later_release_wrote_is_told_from_what_is_broken() {
    let wishing = RequestToBuy { may_wait: true, what_there_is: true, ..request() };
    let payload = encode_request(&wishing);
    assert_eq!(decode_request(&payload).expect("readable"), wishing);
    let later_wish = payload.replace(r#""may_wait","what"#, r#""gift_wrapping","what"#);
    assert_eq!(decode_request(&later_wish), Err(Undecodable::Newer("it needs gift_wrapping".to_owned())));
    let of_another_kind = r#"{"version":"1","needs":["parcel_shop"],"request":{"to":"the shop on the corner"}}"#;
    assert_eq!(decode_request(of_another_kind), Err(Undecodable::Newer("it needs parcel_shop".to_owned())));
    assert_eq!(decode_request(r#"{"version":"2","wants":[]}"#), Err(Undecodable::Newer("its version is 2".to_owned())));
    for broken in [r#"{"version":"1","request":{}}"#, r#"{"version":"x"}"#, "{"] {
        assert!(matches!(decode_request(broken), Err(Undecodable::Broken(_))), "{broken}");
    }
}

#[test]
fn outcomes_read_back() {
    let order = PlacedOrder {
        id: request().order_id,
        state: OrderState::AwaitingPayment,
        language: Language::Fr,
        lines: vec![],
        total: None,
        held_until: Some(request().accepted_at),
        waiting: None,
        refusals: vec![],
        accepted_at: request().accepted_at,
        placed_at: request().accepted_at,
    };
    for verdict in [Verdict::Settled(order), Verdict::KeyReused] {
        let outcome = outcome(verdict);
        assert_eq!(decode_outcome(&encode_outcome(&outcome)).expect("readable"), outcome);
    }
}
