-- Mails: every move of every order is told to its shopper once. The transition itself is the outbox row, so there is no
-- second table that could say something else than the first.
--
-- `mail_due_at` is when the mail is to be sent next; none when nothing is left to do. Rows from before this migration
-- have none: nobody gets a mail about last month.

ALTER TABLE order_transition ADD COLUMN mail_due_at timestamptz;
ALTER TABLE order_transition ALTER COLUMN mail_due_at SET DEFAULT now();
ALTER TABLE order_transition ADD COLUMN mail_attempts int NOT NULL DEFAULT 0;
ALTER TABLE order_transition ADD COLUMN mail_error text;
-- When a mail server took it.
ALTER TABLE order_transition ADD COLUMN mailed_at timestamptz;
CREATE INDEX order_transition_to_mail ON order_transition (mail_due_at) WHERE mail_due_at IS NOT NULL;
