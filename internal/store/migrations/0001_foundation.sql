-- +goose Up
CREATE TABLE data_keys (
    id         {{key}} PRIMARY KEY,
    purpose    TEXT NOT NULL,
    wrapped    {{blob}} NOT NULL,
    wrapped_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT NOT NULL DEFAULT 0
){{clustered}};

CREATE TABLE changes (
    seq   {{serial}},
    node  TEXT NOT NULL,
    topic TEXT NOT NULL,
    key   TEXT NOT NULL,
    at    BIGINT NOT NULL
);
CREATE INDEX changes_at ON changes (at);

CREATE TABLE settings (
    name       {{key}} PRIMARY KEY,
    value      {{blob}} NOT NULL,
    version    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
){{clustered}};

CREATE TABLE applied_secrets (
    object {{key}} PRIMARY KEY,
    digest {{blob}} NOT NULL
){{clustered}};

CREATE TABLE organizations (
    id          {{key}} PRIMARY KEY,
    code        TEXT NOT NULL,
    code_key    {{key}} NOT NULL,
    name        TEXT NOT NULL,
    name_key    {{key}} NOT NULL,
    domain      TEXT NOT NULL,
    status      TEXT NOT NULL,
    auto_create BOOLEAN NOT NULL,
    everlasting BOOLEAN NOT NULL,
    rules       TEXT NOT NULL,
    limits      TEXT NOT NULL,
    profile     TEXT NOT NULL,
    generation  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX organizations_code ON organizations (code_key);

CREATE TABLE organization_counts (
    organization_id {{key}} PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    members         BIGINT NOT NULL,
    departments     BIGINT NOT NULL
){{clustered}};

CREATE TABLE accounts (
    id              {{key}} PRIMARY KEY,
    kind            TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    name            TEXT NOT NULL,
    display_name    TEXT NOT NULL,
    email           {{blob}},
    mobile          {{blob}},
    country         TEXT NOT NULL,
    language        TEXT NOT NULL,
    status          TEXT NOT NULL,
    generation      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};

CREATE TABLE login_names (
    name       {{key}} PRIMARY KEY,
    account_id {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
){{clustered}};
CREATE INDEX login_names_account ON login_names (account_id);

CREATE TABLE credentials (
    account_id      {{key}} PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    hash            TEXT NOT NULL,
    chosen_by_other BOOLEAN NOT NULL,
    changed_at      BIGINT NOT NULL,
    history         TEXT NOT NULL,
    version         BIGINT NOT NULL
){{clustered}};

CREATE TABLE provider_administrators (
    account_id {{key}} PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    is_default BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
){{clustered}};

CREATE TABLE departments (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    code            TEXT NOT NULL,
    code_key        {{key}} NOT NULL,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    parent_id       {{key}} NOT NULL,
    path            {{key}} NOT NULL,
    level           BIGINT NOT NULL,
    sort_level      BIGINT NOT NULL,
    note            TEXT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX departments_code ON departments (organization_id, code_key);
CREATE UNIQUE INDEX departments_siblings ON departments (organization_id, parent_id, name_key);
CREATE UNIQUE INDEX departments_path ON departments (organization_id, path);

CREATE TABLE members (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    account_id      {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    account_key     {{key}} NOT NULL,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    english_name    TEXT NOT NULL,
    third_account   {{key}},
    role            TEXT NOT NULL,
    status          TEXT NOT NULL,
    department_id   {{key}} NOT NULL REFERENCES departments (id),
    title           TEXT NOT NULL,
    signature       TEXT NOT NULL,
    description     TEXT NOT NULL,
    sort_level      BIGINT NOT NULL,
    hide_mobile     BOOLEAN NOT NULL,
    number          TEXT NOT NULL,
    attributes      TEXT NOT NULL,
    generation      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX members_account ON members (account_id, organization_id);
CREATE UNIQUE INDEX members_third_account ON members (organization_id, third_account);
CREATE INDEX members_page ON members (organization_id, id);
CREATE INDEX members_name ON members (organization_id, name_key, id);
CREATE INDEX members_account_name ON members (organization_id, account_key, id);
CREATE INDEX members_department ON members (department_id, id);
CREATE INDEX members_role ON members (organization_id, role, id) WHERE role <> 'member';

CREATE TABLE member_contacts (
    organization_id {{key}} NOT NULL,
    digest          {{key}} NOT NULL,
    member_id       {{key}} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (organization_id, digest, member_id)
){{clustered}};
CREATE INDEX member_contacts_member ON member_contacts (member_id);

CREATE TABLE app_ids (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL,
    name            TEXT NOT NULL,
    description     TEXT NOT NULL,
    status          TEXT NOT NULL,
    keys            {{blob}} NOT NULL,
    auto_create     BOOLEAN NOT NULL,
    everlasting     BOOLEAN NOT NULL,
    max_ahead       BIGINT NOT NULL,
    generation      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE INDEX app_ids_owner ON app_ids (organization_id, created_at, id);

CREATE TABLE access_tokens (
    id                      {{key}} PRIMARY KEY,
    hash                    {{blob}} NOT NULL,
    seed                    {{blob}} NOT NULL,
    account_id              TEXT NOT NULL,
    organization_id         TEXT NOT NULL,
    member_id               TEXT NOT NULL,
    client_type             BIGINT NOT NULL,
    app_id                  TEXT NOT NULL,
    address                 TEXT NOT NULL,
    created_at              BIGINT NOT NULL,
    expires_at              BIGINT NOT NULL,
    refreshed_at            BIGINT NOT NULL,
    refresh_ends_at         BIGINT NOT NULL,
    account_generation      BIGINT NOT NULL,
    member_generation       BIGINT NOT NULL,
    organization_generation BIGINT NOT NULL,
    app_id_generation       BIGINT NOT NULL,
    ended_at                BIGINT NOT NULL DEFAULT 0,
    ended_by                TEXT NOT NULL DEFAULT ''
){{clustered}};

CREATE TABLE token_holders (
    account_id  {{key}} NOT NULL,
    client_type BIGINT NOT NULL,
    tokens      {{blob}} NOT NULL,
    PRIMARY KEY (account_id, client_type)
){{clustered}};

CREATE TABLE api_tokens (
    id              {{key}} PRIMARY KEY,
    hash            {{blob}} NOT NULL,
    name            TEXT NOT NULL,
    organization_id {{key}} NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    revoked_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX api_tokens_name ON api_tokens (name);

CREATE TABLE tickets (
    id         {{key}} PRIMARY KEY,
    kind       TEXT NOT NULL,
    hash       {{blob}} NOT NULL,
    payload    {{blob}} NOT NULL,
    attempts   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at   BIGINT NOT NULL
){{clustered}};
CREATE INDEX tickets_end ON tickets (expires_at);

CREATE TABLE claims (
    minute BIGINT NOT NULL,
    digest {{blob}} NOT NULL,
    PRIMARY KEY (minute, digest)
){{clustered}};

CREATE TABLE attempts (
    subject      {{key}} PRIMARY KEY,
    failures     BIGINT NOT NULL,
    first_at     BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL
){{clustered}};
CREATE INDEX attempts_end ON attempts (ends_at);

CREATE TABLE codes (
    subject    {{key}} PRIMARY KEY,
    hash       {{blob}} NOT NULL,
    target     {{blob}} NOT NULL,
    attempts   BIGINT NOT NULL,
    sent_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
){{clustered}};
CREATE INDEX codes_end ON codes (expires_at);

CREATE TABLE events (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL,
    type            TEXT NOT NULL,
    at              BIGINT NOT NULL,
    actor_kind      TEXT NOT NULL,
    actor_id        TEXT NOT NULL,
    actor_name      TEXT NOT NULL,
    target          TEXT NOT NULL,
    address         TEXT NOT NULL,
    request_id      TEXT NOT NULL,
    details         TEXT NOT NULL
){{clustered}};
CREATE INDEX events_organization ON events (organization_id, id);

CREATE TABLE traces (
    id              {{key}} PRIMARY KEY,
    code            {{key}} NOT NULL,
    request_id      {{key}} NOT NULL,
    organization_id TEXT NOT NULL,
    kind            TEXT NOT NULL,
    outcome         TEXT NOT NULL,
    at              BIGINT NOT NULL,
    story           TEXT NOT NULL
);
CREATE INDEX traces_code ON traces (code);
CREATE INDEX traces_request ON traces (request_id);

CREATE TABLE outbox (
    id           {{key}} PRIMARY KEY,
    channel      TEXT NOT NULL,
    queue        {{key}} NOT NULL,
    target       {{blob}},
    payload      {{blob}},
    attempts     BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    leased_by    TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL,
    dead_at      BIGINT NOT NULL,
    last_error   TEXT NOT NULL
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE sent_at = 0 AND dead_at = 0;
CREATE INDEX outbox_order ON outbox (queue, id) WHERE sent_at = 0 AND dead_at = 0;

CREATE TABLE jobs (
    name         {{key}} PRIMARY KEY,
    leased_by    TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    started_at   BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    last_error   TEXT NOT NULL
);
