-- +goose Up
CREATE INDEX organizations_domain ON organizations (domain);

CREATE TABLE sources (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    enabled         BOOLEAN NOT NULL,
    domain          {{key}},
    settings        {{blob}} NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX sources_name ON sources (organization_id, name_key);
CREATE UNIQUE INDEX sources_domain ON sources (domain);

CREATE TABLE links (
    source_id       {{key}} NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    subject         {{key}} NOT NULL,
    organization_id {{key}} NOT NULL,
    member_id       {{key}} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    created_at      BIGINT NOT NULL,
    used_at         BIGINT NOT NULL,
    PRIMARY KEY (source_id, subject)
){{clustered}};
CREATE INDEX links_member ON links (member_id);

CREATE TABLE sessions (
    id                      {{key}} PRIMARY KEY,
    hash                    {{blob}} NOT NULL,
    account_id              {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    organization_id         {{key}} NOT NULL,
    member_id               {{key}} REFERENCES members (id) ON DELETE CASCADE,
    methods                 TEXT NOT NULL,
    source_id               TEXT NOT NULL,
    proven_at               BIGINT NOT NULL,
    created_at              BIGINT NOT NULL,
    seen_at                 BIGINT NOT NULL,
    idle_ends_at            BIGINT NOT NULL,
    ends_at                 BIGINT NOT NULL,
    address                 TEXT NOT NULL,
    request_id              TEXT NOT NULL,
    user_agent              TEXT NOT NULL,
    must_change             BOOLEAN NOT NULL,
    account_generation      BIGINT NOT NULL,
    member_generation       BIGINT NOT NULL,
    organization_generation BIGINT NOT NULL,
    ended_at                BIGINT NOT NULL DEFAULT 0,
    ended_by                TEXT NOT NULL DEFAULT ''
){{clustered}};
CREATE INDEX sessions_account ON sessions (account_id, id);
CREATE INDEX sessions_member ON sessions (member_id);
CREATE INDEX sessions_end ON sessions (ends_at);

CREATE TABLE tries (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    source_id       TEXT NOT NULL,
    started_by      TEXT NOT NULL,
    settings        {{blob}} NOT NULL,
    digest          {{blob}} NOT NULL,
    state           TEXT NOT NULL,
    report          {{blob}} NOT NULL,
    created_at      BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL
){{clustered}};
CREATE INDEX tries_organization ON tries (organization_id, id);
CREATE INDEX tries_end ON tries (ends_at);
