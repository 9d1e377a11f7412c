//! A problem as a page of the shop, for whatever no handler drew a page for.

use halles_http::{Problem, Visitor};
use halles_pages::Visit;
use halles_pages::error_page::{Offer, Trouble, error_page as draw};

/// The page for `problem`; hooked into the server.
pub(crate) fn error_page(problem: &Problem, visitor: &Visitor) -> String {
    let details = problem.details();
    let faults: Vec<String> = details.errors.iter().map(|fault| format!("{}: {}", fault.field, fault.reason)).collect();
    let detail = faults.join(" · ");
    let offer = Offer {
        detail: (!detail.is_empty()).then_some(detail.as_str()),
        // Only a fault of ours is worth asking about.
        reference: details.request_id.as_deref().filter(|_| problem.status().is_server_error()),
        categories: &[],
    };
    let visit = Visit {
        language: visitor.language,
        basket_pieces: visitor.basket.pieces(),
        path_and_query: &visitor.path_and_query,
    };
    draw(&visit, Trouble::of_status(problem.status().as_u16()), &offer)
}
