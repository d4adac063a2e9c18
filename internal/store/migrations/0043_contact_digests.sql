-- +goose Up
-- Mail addresses are found by two more of their leading parts. Nobody has their digests yet; a job makes them.
CREATE TABLE member_contacts_due (
    member_id {{key}} PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE
){{clustered}};
INSERT INTO member_contacts_due SELECT id FROM members;
