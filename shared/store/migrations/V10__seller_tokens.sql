-- Which edition of a seller's tokens is good: raising it takes back all that were given out before. A token names the
-- edition that it is of, and one of before this migration is of the first.
ALTER TABLE seller ADD COLUMN token_edition int NOT NULL DEFAULT 0;
