-- +goose Up
CREATE TABLE passkeys (
    factor_id     {{key}} PRIMARY KEY REFERENCES factors (id) ON DELETE CASCADE,
    account_id    {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    credential    {{blob}} NOT NULL,
    public_key    {{blob}} NOT NULL,
    counter       BIGINT NOT NULL,
    portable      BOOLEAN NOT NULL,
    transports    TEXT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential);
CREATE INDEX passkeys_account ON passkeys (account_id);
