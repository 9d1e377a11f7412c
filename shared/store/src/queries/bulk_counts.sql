SELECT (SELECT count(*) FROM category), (SELECT count(*) FROM seller), (SELECT count(*) FROM listing)
