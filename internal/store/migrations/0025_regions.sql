-- +goose Up
CREATE TABLE regions (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    network         {{key}} NOT NULL,
    description     TEXT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX regions_name ON regions (organization_id, name_key);
CREATE UNIQUE INDEX regions_network ON regions (organization_id, network);
