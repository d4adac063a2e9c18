-- +goose Up
CREATE TABLE webhooks (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    url             TEXT NOT NULL,
    secret          {{blob}} NOT NULL,
    events          TEXT NOT NULL,
    enabled         BOOLEAN NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    read_until      BIGINT NOT NULL,
    leased_by       TEXT NOT NULL,
    leased_until    BIGINT NOT NULL,
    next_at         BIGINT NOT NULL,
    attempts        BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX webhooks_name ON webhooks (organization_id, name_key);

CREATE TABLE webhook_deliveries (
    webhook_id      {{key}} NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id        {{key}} NOT NULL,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    type            TEXT NOT NULL,
    status          {{key}} NOT NULL,
    content         {{blob}} NOT NULL,
    http_status     BIGINT NOT NULL,
    failure         TEXT NOT NULL,
    duration        BIGINT NOT NULL,
    attempts        BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, event_id)
){{clustered}};
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook_id, status, event_id);
CREATE INDEX webhook_deliveries_organization ON webhook_deliveries (organization_id);
CREATE INDEX webhook_deliveries_event ON webhook_deliveries (event_id);
