-- +goose Up
CREATE TABLE factors (
    id         {{key}} PRIMARY KEY,
    account_id {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind       {{key}} NOT NULL,
    name       TEXT NOT NULL,
    secret     {{blob}} NOT NULL,
    step       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
){{clustered}};
CREATE INDEX factors_account ON factors (account_id);

CREATE TABLE recovery_codes (
    account_id {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    digest     {{key}} NOT NULL,
    PRIMARY KEY (account_id, digest)
){{clustered}};
