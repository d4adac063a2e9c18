-- +goose Up
ALTER TABLE webhooks ADD COLUMN previous {{blob}};
ALTER TABLE webhooks ADD COLUMN previous_ends_at BIGINT NOT NULL DEFAULT 0;
