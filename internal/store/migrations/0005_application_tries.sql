-- +goose Up
CREATE TABLE application_tries (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    application_id  TEXT NOT NULL,
    client_id       TEXT NOT NULL,
    started_by      TEXT NOT NULL,
    settings        {{blob}} NOT NULL,
    state           TEXT NOT NULL,
    report          {{blob}} NOT NULL,
    created_at      BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL
){{clustered}};
CREATE INDEX application_tries_organization ON application_tries (organization_id, id);
CREATE INDEX application_tries_end ON application_tries (ends_at);

ALTER TABLE applications ADD COLUMN tried_by TEXT NOT NULL DEFAULT '';
CREATE INDEX applications_tried ON applications (created_at) WHERE tried_by <> '';
