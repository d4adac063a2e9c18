-- +goose Up
ALTER TABLE sync_states ADD COLUMN doubt {{blob}};
