-- +goose Up
-- What only people with an account of their own have.
CREATE TABLE people (
    account_id           {{key}} PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    last_organization_id TEXT NOT NULL,
    more_organizations   BIGINT NOT NULL
){{clustered}};

CREATE TABLE invitations (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    department_id   {{key}} REFERENCES departments (id) ON DELETE SET NULL,
    hash            {{blob}} NOT NULL,
    channel         TEXT NOT NULL,
    contact         {{blob}} NOT NULL,
    open_key        {{key}},
    name            TEXT NOT NULL,
    role            TEXT NOT NULL,
    details         TEXT NOT NULL,
    language        TEXT NOT NULL,
    state           TEXT NOT NULL,
    invited_by      TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL,
    decided_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX invitations_open ON invitations (open_key);
CREATE INDEX invitations_page ON invitations (organization_id, id);
CREATE INDEX invitations_department ON invitations (department_id) WHERE department_id IS NOT NULL;
CREATE INDEX invitations_end ON invitations (ends_at);

CREATE TABLE handovers (
    organization_id {{key}} PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    id              {{key}} NOT NULL,
    hash            {{blob}} NOT NULL,
    channel         TEXT NOT NULL,
    contact         {{blob}} NOT NULL,
    name            TEXT NOT NULL,
    giver_id        {{key}} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    leaves          BOOLEAN NOT NULL,
    created_at      BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX handovers_id ON handovers (id);
CREATE INDEX handovers_giver ON handovers (giver_id);

CREATE TABLE quota_requests (
    id              {{key}} PRIMARY KEY,
    kind            TEXT NOT NULL,
    account_id      {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    organization_id {{key}} REFERENCES organizations (id) ON DELETE CASCADE,
    state           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    decided_by      TEXT NOT NULL,
    answer          TEXT NOT NULL,
    pending_key     {{key}},
    created_at      BIGINT NOT NULL,
    decided_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX quota_requests_pending ON quota_requests (pending_key);
CREATE INDEX quota_requests_account ON quota_requests (account_id, id);
CREATE INDEX quota_requests_organization ON quota_requests (organization_id, id) WHERE organization_id IS NOT NULL;
