//! The one tree of categories that every listing hangs in.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{CategoryId, Language, Slug};

/// A node of the category tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// The category's number.
    pub id: CategoryId,
    /// The category above; none for those at the top.
    pub parent_id: Option<CategoryId>,
    /// Its name in addresses, unique in the tree.
    pub slug: Slug,
    /// Its French name.
    pub name_fr: String,
    /// Its English name.
    pub name_en: String,
    /// Its place among its siblings, lowest first.
    pub position: i32,
}

impl Category {
    /// The name in `language`.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Fr => &self.name_fr,
            Language::En => &self.name_en,
        }
    }
}

/// The whole tree, small enough to hold in memory, with the walks that pages need.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Category>", into = "Vec<Category>")]
pub struct CategoryTree {
    by_id: HashMap<CategoryId, Category>,
    by_slug: HashMap<Slug, CategoryId>,
    children: HashMap<Option<CategoryId>, Vec<CategoryId>>,
}

/// Why rows do not make a tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CategoryTreeError {
    /// A category names a parent that is not there.
    #[error("category {0} hangs below the missing category {1}")]
    MissingParent(CategoryId, CategoryId),
    /// Following the parents from this category never reaches the top.
    #[error("category {0} is its own ancestor")]
    Cycle(CategoryId),
}

impl CategoryTree {
    /// Builds the tree and checks that it is one.
    pub fn new(categories: Vec<Category>) -> Result<Self, CategoryTreeError> {
        let tree = Self::from(categories);
        for category in tree.by_id.values() {
            tree.check_reaches_the_top(category)?;
        }
        Ok(tree)
    }

    fn check_reaches_the_top(&self, category: &Category) -> Result<(), CategoryTreeError> {
        let mut current = category;
        for _ in 0..=self.by_id.len() {
            let Some(parent_id) = current.parent_id else { return Ok(()) };
            current = self.get(parent_id).ok_or(CategoryTreeError::MissingParent(current.id, parent_id))?;
        }
        Err(CategoryTreeError::Cycle(category.id))
    }

    /// The category with this number.
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.by_id.get(&id)
    }

    /// The category with this name in addresses.
    pub fn find(&self, slug: &Slug) -> Option<&Category> {
        self.by_slug.get(slug).and_then(|id| self.get(*id))
    }

    /// The categories directly below `parent` (or at the top), in their order.
    pub fn children(&self, parent: Option<CategoryId>) -> impl Iterator<Item = &Category> {
        self.children.get(&parent).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// The way from the top down to the category itself.
    pub fn path(&self, id: CategoryId) -> Vec<&Category> {
        let mut path = Vec::new();
        let mut next = Some(id);
        while let Some(category) = next.and_then(|id| self.get(id)) {
            path.push(category);
            next = category.parent_id;
        }
        path.reverse();
        path
    }

    /// The category itself and everything below it, in the tree's order.
    pub fn subtree(&self, id: CategoryId) -> Vec<CategoryId> {
        let mut found = Vec::new();
        let mut waiting = vec![id];
        while let Some(current) = waiting.pop() {
            found.push(current);
            let below = self.children(Some(current)).map(|category| category.id);
            waiting.extend(below.collect::<Vec<_>>().into_iter().rev());
        }
        found
    }

    /// Every category, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.by_id.values()
    }
}

/// From rows that a tree was checked for before (a cache entry); outside rows go through [`CategoryTree::new`].
impl From<Vec<Category>> for CategoryTree {
    fn from(mut categories: Vec<Category>) -> Self {
        categories.sort_by_key(|category| (category.position, category.id));
        let mut tree = Self::default();
        for category in categories {
            tree.by_slug.insert(category.slug.clone(), category.id);
            tree.children.entry(category.parent_id).or_default().push(category.id);
            tree.by_id.insert(category.id, category);
        }
        tree
    }
}

impl From<CategoryTree> for Vec<Category> {
    fn from(tree: CategoryTree) -> Self {
        tree.by_id.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(id: i32, parent: Option<i32>) -> Category {
        Category {
            id: CategoryId::new(id),
            parent_id: parent.map(CategoryId::new),
            slug: format!("c{id}").parse().expect("a slug"),
            name_fr: format!("Catégorie {id}"),
            name_en: format!("Category {id}"),
            position: -id,
        }
    }

    #[test]
    fn walks_up_and_down() {
        let tree = CategoryTree::new(vec![
            category(1, None),
            category(2, Some(1)),
            category(3, Some(1)),
            category(4, Some(3)),
        ])
        .expect("a tree");
        let path: Vec<i32> = tree.path(CategoryId::new(4)).iter().map(|c| c.id.get()).collect();
        assert_eq!(path, [1, 3, 4]);
        let subtree: Vec<i32> = tree.subtree(CategoryId::new(1)).iter().map(|id| id.get()).collect();
        assert_eq!(subtree, [1, 3, 4, 2], "siblings in the order of their position");
    }

    #[test]
    fn refuses_what_is_no_tree() {
        let orphan = CategoryTree::new(vec![category(2, Some(1))]).expect_err("no parent");
        assert_eq!(orphan, CategoryTreeError::MissingParent(CategoryId::new(2), CategoryId::new(1)));
        let knot = CategoryTree::new(vec![category(1, Some(2)), category(2, Some(1))]).expect_err("a knot");
        assert!(matches!(knot, CategoryTreeError::Cycle(_)));
    }
}
