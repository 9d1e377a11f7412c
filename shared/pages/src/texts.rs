//! Every sentence of the shop in French and English.
//!
//! Fixed texts are fields of [`Texts`], so a language that lacks one does not compile; texts with numbers or names in
//! them are functions. Pages of other services keep their own texts beside their pages, in the same way.

mod en;
mod fr;
mod phrases;

use halles_domain::Language;

pub use phrases::{
    attribute_name, attribute_rank, basket_label, colon, distance, listings_of, more_details, only_left, page_of_shop,
    photo_of, since, suggestion_count,
};

/// The fixed texts in `language`.
pub const fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Fr => &fr::TEXTS,
        Language::En => &en::TEXTS,
    }
}

/// The fixed texts of one language.
#[expect(missing_docs, reason = "each name says where its text stands; the text itself is the documentation")]
#[derive(Debug)]
pub struct Texts {
    // The shell.
    pub tagline: &'static str,
    pub site_description: &'static str,
    pub skip_to_content: &'static str,
    pub search_label: &'static str,
    pub search_placeholder: &'static str,
    pub search_button: &'static str,
    pub suggested_searches: &'static str,
    pub suggested_category: &'static str,
    pub suggested_listings: &'static str,
    pub basket: &'static str,
    pub shop_tools: &'static str,
    pub other_language: &'static str,
    pub footer_promise: &'static str,
    pub footer_navigation: &'static str,
    pub footer_api: &'static str,
    pub footer_newest: &'static str,
    // Components.
    pub home: &'static str,
    pub you_are_here: &'static str,
    pub in_stock: &'static str,
    pub sold_out: &'static str,
    pub no_price: &'static str,
    pub next_page: &'static str,
    pub first_page: &'static str,
    pub pages: &'static str,
    pub check_these: &'static str,
    // The home page.
    pub hero_title: &'static str,
    pub hero_text: &'static str,
    pub hero_action: &'static str,
    pub featured: &'static str,
    pub categories: &'static str,
    pub newest: &'static str,
    pub empty_shop_title: &'static str,
    pub empty_shop_text: &'static str,
    // The category page.
    pub subcategories: &'static str,
    pub filter: &'static str,
    pub price_from: &'static str,
    pub price_to: &'static str,
    pub sort: &'static str,
    pub sort_newest: &'static str,
    pub sort_price_asc: &'static str,
    pub sort_price_desc: &'static str,
    pub apply: &'static str,
    pub clear_filter: &'static str,
    pub nothing_here_title: &'static str,
    pub nothing_here_text: &'static str,
    pub nothing_filtered_text: &'static str,
    // The listing page.
    pub quantity: &'static str,
    pub add_to_basket: &'static str,
    pub description: &'static str,
    pub details: &'static str,
    pub sold_by: &'static str,
    pub visit_shop: &'static str,
    pub more_from_shop: &'static str,
    pub photos: &'static str,
    pub no_price_text: &'static str,
    pub sold_out_text: &'static str,
    // The shop page.
    pub all_listings: &'static str,
    pub empty_stall_title: &'static str,
    pub empty_stall_text: &'static str,
    // When there is no page to show.
    pub not_found_title: &'static str,
    pub not_found_text: &'static str,
    pub gone_title: &'static str,
    pub gone_text: &'static str,
    pub paused_title: &'static str,
    pub paused_text: &'static str,
    pub bad_request_title: &'static str,
    pub bad_request_text: &'static str,
    pub forbidden_title: &'static str,
    pub forbidden_text: &'static str,
    pub busy_title: &'static str,
    pub busy_text: &'static str,
    pub our_fault_title: &'static str,
    pub our_fault_text: &'static str,
    pub try_again: &'static str,
    pub back_home: &'static str,
    pub reference: &'static str,
}
