-- +goose Up
ALTER TABLE sessions ADD COLUMN source_session {{key}} NOT NULL DEFAULT '';
CREATE INDEX sessions_source ON sessions (source_id, source_session) WHERE source_session <> '';

CREATE INDEX accounts_guests ON accounts (organization_id) WHERE kind = 'outside';
