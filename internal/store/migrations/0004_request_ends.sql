-- +goose Up
CREATE INDEX requests_decided ON requests (decided_at) WHERE decided_at > 0;
