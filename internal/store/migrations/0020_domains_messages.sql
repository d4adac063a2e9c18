-- +goose Up
ALTER TABLE domains ADD COLUMN frozen_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX domains_trial ON domains (created_at) WHERE proven_at = 0 AND frozen_at = 0;

ALTER TABLE outbox ADD COLUMN template TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN shown {{blob}};
