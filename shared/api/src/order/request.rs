//! What a client sends to buy, and how it is parsed: every fault is named, and nothing is done per line before their number
//! is known to be sane.

use halles_domain::{
    Basket, BasketLine, Contact, ContactForm, Invalid, Language, ListingId, Personalisation, PersonalisedLine, Quantity,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A request to buy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// Who orders and where it goes.
    pub contact: OrderContact,
    /// What is wanted: 1 to 50 different listings.
    pub lines: Vec<OrderRequestLine>,
    /// The language of messages about the order: `fr` or `en`; without it, the request's `Accept-Language` decides.
    #[schema(example = "fr")]
    pub language: Option<String>,
    /// Whether an order for a single listing should wait for its turn, rather than be refused, when too few pieces are
    /// left and some may still come free.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_wait: bool,
    /// Whether to take those lines that can be had when others cannot; otherwise it is all or nothing. What was left out
    /// stands in `refusals`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub what_there_is: bool,
}

/// Who orders and where it goes. Used for this order only.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderContact {
    /// The shopper's name, at most 120 characters.
    #[schema(example = "Camille Durand")]
    pub name: String,
    /// Where messages about the order go.
    #[schema(example = "camille@example.org")]
    pub email: String,
    /// Street and number, at most 300 characters.
    #[schema(example = "12 rue des Halles")]
    pub street: String,
    /// The postcode, at most 16 characters.
    #[schema(example = "75001")]
    pub postcode: String,
    /// The town, at most 120 characters.
    #[schema(example = "Paris")]
    pub town: String,
    /// The country's ISO 3166 code.
    #[schema(example = "FR")]
    pub country: String,
}

/// Shows no personal data, so that it cannot reach a log.
impl std::fmt::Debug for OrderContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OrderContact(hidden)")
    }
}

/// One listing that is wanted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderRequestLine {
    /// Which listing.
    #[schema(example = 17, minimum = 1)]
    pub listing_id: i64,
    /// How many pieces, 1 to 999.
    #[schema(example = 1, minimum = 1, maximum = 999)]
    pub quantity: u32,
    /// What to write on it, or to tell its maker: one line, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Pour Zoé", max_length = 200)]
    pub personalisation: Option<String>,
}

impl OrderRequest {
    /// Parses the whole request; every fault is reported, not only the first.
    pub fn parse(&self) -> Result<ParsedOrderRequest, Vec<Invalid>> {
        let contact = self.contact.as_form().parse();
        let lines = parse_lines(&self.lines);
        let personalisations = parse_personalisations(&self.lines);
        let language = self.language.as_deref().map(str::parse::<Language>).transpose();
        match (contact, lines, personalisations, language) {
            (Ok(contact), Ok(lines), Ok(personalisations), Ok(language)) => Ok(ParsedOrderRequest {
                contact,
                lines,
                personalisations,
                language,
                may_wait: self.may_wait,
                what_there_is: self.what_there_is,
            }),
            (contact, lines, personalisations, language) => {
                let mut faults = contact.err().unwrap_or_default();
                faults.extend(lines.err());
                faults.extend(personalisations.err());
                faults.extend(language.err());
                Err(faults)
            }
        }
    }
}

/// A request to buy whose every part was checked.
#[derive(Debug)]
pub struct ParsedOrderRequest {
    /// Who orders and where it goes.
    pub contact: Contact,
    /// What is wanted, each listing once.
    pub lines: Vec<BasketLine>,
    /// The language to speak with this shopper, if the request names one.
    pub language: Option<Language>,
    /// Whether to wait rather than be refused when there is too little.
    pub may_wait: bool,
    /// Whether to take what there is rather than all or nothing.
    pub what_there_is: bool,
    /// What is wished for on some of the lines.
    pub personalisations: Vec<PersonalisedLine>,
}

impl OrderContact {
    fn as_form(&self) -> ContactForm {
        let Self { name, email, street, postcode, town, country } = self.clone();
        ContactForm { name, email, street, postcode, town, country }
    }
}

fn parse_lines(lines: &[OrderRequestLine]) -> Result<Vec<BasketLine>, Invalid> {
    if lines.is_empty() {
        return Err(Invalid::new("lines", "must name at least one listing"));
    }
    // Before anything is done per line: a thousand of them are refused for their number alone.
    if lines.len() > Basket::MAX_LINES {
        return Err(Invalid::new("lines", format!("must be at most {}", Basket::MAX_LINES)));
    }
    let mut parsed = Vec::with_capacity(lines.len());
    for line in lines {
        if line.listing_id < 1 {
            return Err(Invalid::new("listing_id", "must be a positive whole number"));
        }
        let listing_id = ListingId::new(line.listing_id);
        parsed.push(BasketLine { listing_id, quantity: Quantity::new(line.quantity)? });
    }
    let basket = Basket::new(parsed).map_err(|error| Invalid::new("lines", error))?;
    Ok(basket.into())
}

/// The wishes of all lines. Of two for one listing the first counts, as the lines are added up.
fn parse_personalisations(lines: &[OrderRequestLine]) -> Result<Vec<PersonalisedLine>, Invalid> {
    let mut parsed: Vec<PersonalisedLine> = Vec::new();
    for line in lines.iter().take(Basket::MAX_LINES) {
        let listing_id = ListingId::new(line.listing_id);
        if let Some(text) = Personalisation::parse(line.personalisation.as_deref().unwrap_or_default())?
            && parsed.iter().all(|known| known.listing_id != listing_id)
        {
            parsed.push(PersonalisedLine { listing_id, text });
        }
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(lines: Vec<OrderRequestLine>) -> OrderRequest {
        let contact = OrderContact {
            name: "Zoé".into(),
            email: "zoe@example.org".into(),
            street: "1 rue X".into(),
            postcode: "69001".into(),
            town: "Lyon".into(),
            country: "FR".into(),
        };
        OrderRequest { contact, lines, language: None, may_wait: false, what_there_is: false }
    }

    fn line(listing_id: i64, quantity: u32) -> OrderRequestLine {
        OrderRequestLine { listing_id, quantity, personalisation: None }
    }

    #[test]
    fn lines_for_one_listing_are_added_up() {
        let parsed = request(vec![line(1, 2), line(1, 3)]).parse().expect("a lawful request");
        assert_eq!(parsed.lines.len(), 1);
        assert_eq!(parsed.lines[0].quantity.get(), 5);
    }

    #[test]
    fn hostile_requests_are_refused() {
        let too_many = (1..=1_000).map(|id| line(id, 1)).collect();
        for lines in [vec![], too_many, vec![line(1, 0)], vec![line(-1, 1)], vec![line(1, 999), line(1, 999)]] {
            request(lines).parse().expect_err("refused");
        }
        let mut long = request(vec![line(1, 1)]);
        long.contact.name = "x".repeat(50_000);
        long.language = Some("tlh".into());
        let fields: Vec<&str> = long.parse().expect_err("refused").iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["name", "language"]);
    }

    #[test]
    fn negative_quantities_do_not_even_deserialize() {
        assert!(serde_json::from_str::<OrderRequestLine>(r#"{"listing_id":1,"quantity":-1}"#).is_err());
    }
}
