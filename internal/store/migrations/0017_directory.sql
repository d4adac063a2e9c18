-- +goose Up
-- NULL is not worked out yet: rows that are there already get theirs by a job.
ALTER TABLE members ADD COLUMN name_sound {{key}};
ALTER TABLE members ADD COLUMN name_initials {{key}};
CREATE INDEX members_sound ON members (organization_id, name_sound, id) WHERE name_sound <> '';
CREATE INDEX members_initials ON members (organization_id, name_initials, id) WHERE name_initials <> '';
CREATE INDEX members_unheard ON members (id) WHERE name_sound IS NULL;

-- The word names one version of a picture, and is in its address.
ALTER TABLE members ADD COLUMN picture {{key}} NOT NULL DEFAULT '';
CREATE TABLE member_pictures (
    member_id  {{key}} PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    word       {{key}} NOT NULL,
    digest     {{key}} NOT NULL,
    media_type TEXT NOT NULL,
    content    {{blob}} NOT NULL
);
CREATE UNIQUE INDEX member_pictures_word ON member_pictures (word);

CREATE TABLE external_contacts (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    owner_id        {{key}} REFERENCES members (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    name_sound      {{key}} NOT NULL,
    name_initials   {{key}} NOT NULL,
    company         TEXT NOT NULL,
    department      TEXT NOT NULL,
    title           TEXT NOT NULL,
    details         {{blob}} NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE INDEX external_contacts_page ON external_contacts (organization_id, owner_id, id);
CREATE INDEX external_contacts_owner ON external_contacts (owner_id);

CREATE TABLE external_contact_digests (
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    digest          {{key}} NOT NULL,
    contact_id      {{key}} NOT NULL REFERENCES external_contacts (id) ON DELETE CASCADE,
    PRIMARY KEY (organization_id, digest, contact_id)
){{clustered}};
CREATE INDEX external_contact_digests_contact ON external_contact_digests (contact_id);
