-- +goose Up
CREATE INDEX organizations_dissolving ON organizations (id) WHERE status = 'dissolving';
