-- +goose Up
CREATE TABLE application_syncs (
    application_id   {{key}} PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
    organization_id  {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    enabled          BOOLEAN NOT NULL,
    callback_url     TEXT NOT NULL,
    signature_key    {{blob}},
    public_key       TEXT NOT NULL,
    digest           TEXT NOT NULL,
    wire             TEXT NOT NULL,
    verify_answers   BOOLEAN NOT NULL,
    release_personal BOOLEAN NOT NULL,
    client_secret    {{blob}},
    version          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL
){{clustered}};
CREATE INDEX application_syncs_organization ON application_syncs (organization_id);
