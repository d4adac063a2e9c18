-- +goose Up
CREATE TABLE resources (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    ref             {{key}} NOT NULL,
    kind            {{key}} NOT NULL,
    package         TEXT NOT NULL,
    amount          BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL,
    disabled        BOOLEAN NOT NULL,
    order_ref       TEXT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX resources_ref ON resources (organization_id, kind, ref);
CREATE INDEX resources_page ON resources (organization_id, id);

CREATE TABLE resource_records (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    operation       TEXT NOT NULL,
    resource_id     {{key}} NOT NULL,
    ref             {{key}} NOT NULL,
    kind            {{key}} NOT NULL,
    package         TEXT NOT NULL,
    amount          BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL,
    disabled        BOOLEAN NOT NULL,
    order_ref       TEXT NOT NULL,
    actor_name      TEXT NOT NULL,
    at              BIGINT NOT NULL
){{clustered}};
CREATE INDEX resource_records_page ON resource_records (organization_id, id);
CREATE INDEX resource_records_kind ON resource_records (organization_id, kind);

CREATE TABLE terminals (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    serial          TEXT NOT NULL,
    serial_key      {{key}} NOT NULL,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    model           {{key}} NOT NULL,
    account         {{key}} NOT NULL,
    number          {{key}} NOT NULL,
    projection      TEXT NOT NULL,
    department_id   {{key}} NOT NULL REFERENCES departments (id),
    contact         {{blob}} NOT NULL,
    description     TEXT NOT NULL,
    disabled        BOOLEAN NOT NULL,
    activation      {{blob}},
    resets          TEXT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX terminals_serial ON terminals (organization_id, serial_key);
CREATE UNIQUE INDEX terminals_account ON terminals (account);
CREATE UNIQUE INDEX terminals_number ON terminals (number);
CREATE INDEX terminals_page ON terminals (organization_id, id);
CREATE INDEX terminals_department ON terminals (department_id);

CREATE TABLE activation_codes (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    digest          {{key}} NOT NULL,
    activation      {{blob}} NOT NULL,
    device          {{key}} NOT NULL,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    department_id   {{key}} NOT NULL REFERENCES departments (id),
    contact         {{blob}} NOT NULL,
    description     TEXT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX activation_codes_digest ON activation_codes (digest);
CREATE INDEX activation_codes_page ON activation_codes (organization_id, id);
CREATE INDEX activation_codes_department ON activation_codes (department_id);

CREATE TABLE meeting_rooms (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    number          {{key}} NOT NULL,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    resource_id     {{key}} REFERENCES resources (id) ON DELETE CASCADE,
    package         TEXT NOT NULL,
    personal_of     {{key}} REFERENCES members (id) ON DELETE CASCADE,
    member_id       {{key}} REFERENCES members (id) ON DELETE SET NULL,
    terminal_id     {{key}} REFERENCES terminals (id) ON DELETE SET NULL,
    passwords       {{blob}} NOT NULL,
    guests_first    BOOLEAN NOT NULL,
    guest_notice    BOOLEAN NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX meeting_rooms_number ON meeting_rooms (number);
CREATE UNIQUE INDEX meeting_rooms_personal ON meeting_rooms (personal_of) WHERE personal_of IS NOT NULL;
CREATE INDEX meeting_rooms_page ON meeting_rooms (organization_id, id);
CREATE INDEX meeting_rooms_resource ON meeting_rooms (resource_id);
CREATE INDEX meeting_rooms_member ON meeting_rooms (member_id);
CREATE INDEX meeting_rooms_terminal ON meeting_rooms (terminal_id);
