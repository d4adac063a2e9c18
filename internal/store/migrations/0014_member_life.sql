-- +goose Up
-- Whoever is there already has come in, as far as anybody knows.
ALTER TABLE members ADD COLUMN activated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;
UPDATE members SET activated_at = created_at;
