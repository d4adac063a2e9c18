-- +goose Up
CREATE TABLE member_groups (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    description     TEXT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX groups_name ON member_groups (organization_id, name_key);

CREATE TABLE group_members (
    group_id  {{key}} NOT NULL REFERENCES member_groups (id) ON DELETE CASCADE,
    member_id {{key}} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, member_id)
){{clustered}};
CREATE INDEX group_members_member ON group_members (member_id, group_id);

CREATE TABLE applications (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    client_id       {{key}} NOT NULL,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    description     TEXT NOT NULL,
    protocol        TEXT NOT NULL,
    status          TEXT NOT NULL,
    responsible_id  TEXT NOT NULL,
    everyone        BOOLEAN NOT NULL,
    consent         BOOLEAN NOT NULL,
    settings        TEXT NOT NULL,
    icon_digest     TEXT NOT NULL,
    generation      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX applications_client ON applications (client_id);
CREATE INDEX applications_page ON applications (organization_id, id);

CREATE TABLE application_icons (
    application_id {{key}} PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
    digest         TEXT NOT NULL,
    media_type     TEXT NOT NULL,
    content        {{blob}} NOT NULL
){{clustered}};

CREATE TABLE application_access (
    application_id {{key}} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    kind           {{key}} NOT NULL,
    target_id      {{key}} NOT NULL,
    PRIMARY KEY (application_id, kind, target_id)
){{clustered}};
CREATE INDEX application_access_target ON application_access (target_id, kind);

CREATE TABLE signing_keys (
    id         {{key}} PRIMARY KEY,
    family     {{key}} NOT NULL,
    material   {{blob}} NOT NULL,
    created_at BIGINT NOT NULL,
    active_at  BIGINT NOT NULL DEFAULT 0,
    retired_at BIGINT NOT NULL DEFAULT 0
){{clustered}};
CREATE UNIQUE INDEX signing_keys_next ON signing_keys (family) WHERE active_at = 0 AND retired_at = 0;
CREATE UNIQUE INDEX signing_keys_current ON signing_keys (family) WHERE active_at > 0 AND retired_at = 0;

CREATE TABLE grants (
    id                      {{key}} PRIMARY KEY,
    application_id          {{key}} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    organization_id         {{key}} NOT NULL,
    account_id              TEXT NOT NULL,
    member_id               {{key}} REFERENCES members (id) ON DELETE CASCADE,
    session_id              {{key}},
    scopes                  TEXT NOT NULL,
    claims                  TEXT NOT NULL,
    nonce                   TEXT NOT NULL,
    methods                 TEXT NOT NULL,
    proven_at               BIGINT NOT NULL,
    offline                 BOOLEAN NOT NULL,
    seed                    {{blob}} NOT NULL,
    round                   BIGINT NOT NULL,
    round_at                BIGINT NOT NULL,
    account_generation      BIGINT NOT NULL,
    member_generation       BIGINT NOT NULL,
    organization_generation BIGINT NOT NULL,
    application_generation  BIGINT NOT NULL,
    created_at              BIGINT NOT NULL,
    ends_at                 BIGINT NOT NULL,
    revoked_at              BIGINT NOT NULL DEFAULT 0
){{clustered}};
CREATE INDEX grants_session ON grants (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX grants_member ON grants (member_id, application_id) WHERE member_id IS NOT NULL;
CREATE INDEX grants_application ON grants (application_id);
CREATE INDEX grants_end ON grants (ends_at);

CREATE TABLE consents (
    member_id      {{key}} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    application_id {{key}} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    scopes         TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (member_id, application_id)
){{clustered}};
CREATE INDEX consents_application ON consents (application_id);

CREATE TABLE participations (
    session_id      {{key}} NOT NULL,
    application_id  {{key}} NOT NULL,
    protocol_key    {{key}} NOT NULL,
    organization_id {{key}} NOT NULL,
    member_id       TEXT NOT NULL,
    protocol        TEXT NOT NULL,
    joined_at       BIGINT NOT NULL,
    state           TEXT NOT NULL DEFAULT '',
    address         TEXT NOT NULL DEFAULT '',
    attempts        BIGINT NOT NULL DEFAULT 0,
    answer          TEXT NOT NULL DEFAULT '',
    told_at         BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (session_id, application_id, protocol_key)
){{clustered}};
CREATE INDEX participations_joined ON participations (joined_at);

CREATE TABLE requests (
    id              {{key}} PRIMARY KEY,
    kind            TEXT NOT NULL,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    application_id  {{key}} REFERENCES applications (id) ON DELETE CASCADE,
    account_id      {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    after_id        {{key}},
    state           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    decided_by      TEXT NOT NULL,
    answer          TEXT NOT NULL,
    pending_key     {{key}},
    created_at      BIGINT NOT NULL,
    decided_at      BIGINT NOT NULL DEFAULT 0,
    version         BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX requests_pending ON requests (pending_key);
CREATE INDEX requests_organization ON requests (organization_id, id);
CREATE INDEX requests_account ON requests (account_id, id);
CREATE INDEX requests_application ON requests (application_id) WHERE application_id IS NOT NULL;

ALTER TABLE traces ADD COLUMN application_id {{key}};
CREATE INDEX traces_application ON traces (application_id, id) WHERE application_id IS NOT NULL;
