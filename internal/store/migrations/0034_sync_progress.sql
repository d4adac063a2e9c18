-- +goose Up
CREATE TABLE sync_states (
    application_id {{key}} PRIMARY KEY REFERENCES application_syncs (application_id) ON DELETE CASCADE,
    leased_by      TEXT NOT NULL,
    leased_until   BIGINT NOT NULL,
    next_at        BIGINT NOT NULL,
    attempts       BIGINT NOT NULL,
    polls          BIGINT NOT NULL,
    record_id      {{key}} NOT NULL,
    failure        TEXT NOT NULL,
    settled_at     BIGINT NOT NULL
){{clustered}};

CREATE TABLE sync_acks (
    application_id {{key}} NOT NULL REFERENCES application_syncs (application_id) ON DELETE CASCADE,
    kind           {{key}} NOT NULL,
    object         {{key}} NOT NULL,
    digest         {{blob}},
    told           {{blob}},
    refused        {{blob}},
    revoked        BOOLEAN NOT NULL,
    at             BIGINT NOT NULL,
    PRIMARY KEY (application_id, kind, object)
){{clustered}};

CREATE TABLE sync_records (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    application_id  {{key}} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    event           TEXT NOT NULL,
    act             BIGINT NOT NULL,
    status          TEXT NOT NULL,
    content         {{blob}} NOT NULL,
    objects         BIGINT NOT NULL,
    http_status     BIGINT NOT NULL,
    code            TEXT NOT NULL,
    failure         TEXT NOT NULL,
    duration        BIGINT NOT NULL,
    attempts        BIGINT NOT NULL,
    next_at         BIGINT NOT NULL,
    at              BIGINT NOT NULL
){{clustered}};
CREATE INDEX sync_records_page ON sync_records (application_id, id);
CREATE INDEX sync_records_organization ON sync_records (organization_id);
