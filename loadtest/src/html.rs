//! What a page leads to, found the way a browser's user would: by its links and forms.

/// The paths of a page's links that begin with `start`, each once.
pub fn links(html: &str, start: &str) -> Vec<String> {
    let mut links: Vec<String> = attributes(html, "href=\"")
        .filter(|link| link.starts_with(start) && link.len() > start.len())
        .map(|link| link.replace("&amp;", "&"))
        .collect();
    links.sort_unstable();
    links.dedup();
    links
}

/// The paths of a page's pictures and scripts that begin with `start`, each once, in the order of the page.
pub fn sources(html: &str, start: &str) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for source in attributes(html, "src=\"").filter(|source| source.starts_with(start)) {
        let source = source.replace("&amp;", "&");
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources
}

/// The paths that a page's forms send to and that begin with `start`, each once.
pub fn forms(html: &str, start: &str) -> Vec<String> {
    let mut paths: Vec<String> =
        attributes(html, "action=\"").filter(|path| path.starts_with(start)).map(str::to_owned).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The value of the form field with this name, if the page has one.
pub fn field(html: &str, name: &str) -> Option<String> {
    let (_, after) = html.split_once(&format!("name=\"{name}\""))?;
    let (rest_of_tag, _) = after.split_once('>')?;
    attributes(rest_of_tag, "value=\"").next().map(str::to_owned)
}

/// The values that stand between `start` and the next quotation mark.
fn attributes<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start).skip(1).filter_map(|after| after.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<a href="/l/7/bol">Bol</a> <a href="/l/7/bol">again</a> <a href="/c/bols?a=1&amp;b=2">Bols</a>
        <a href="/l/"><form action="/basket/lines/7"><input type="hidden" name="listing_id" value="7"><input name="q">"#;

    #[test]
    fn links_are_found_once_and_unescaped() {
        assert_eq!(links(PAGE, "/l/"), ["/l/7/bol"]);
        assert_eq!(links(PAGE, "/c/"), ["/c/bols?a=1&b=2"]);
        assert!(links(PAGE, "/s/").is_empty());
    }

    #[test]
    fn pictures_are_found_once_in_their_order() {
        let page = r#"<img src="/photos/2.svg"><img src="/photos/1.svg"><img src="/photos/2.svg"><script src="/a.js">"#;
        assert_eq!(sources(page, "/photos/"), ["/photos/2.svg", "/photos/1.svg"]);
    }

    #[test]
    fn forms_are_found_by_where_they_send_to() {
        assert_eq!(forms(PAGE, "/basket/lines/"), ["/basket/lines/7"]);
        assert!(forms(PAGE, "/checkout").is_empty());
    }

    #[test]
    fn fields_are_found_by_name() {
        assert_eq!(field(PAGE, "listing_id").as_deref(), Some("7"));
        assert_eq!(field(PAGE, "q"), None, "it has no value");
        assert_eq!(field(PAGE, "absent"), None);
    }
}
