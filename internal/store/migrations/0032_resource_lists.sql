-- +goose Up
CREATE INDEX resources_end ON resources (organization_id, ends_at, id);
CREATE INDEX terminals_name ON terminals (organization_id, name_key, id);
CREATE INDEX activation_codes_name ON activation_codes (organization_id, name_key, id);
CREATE INDEX meeting_rooms_name ON meeting_rooms (organization_id, name_key, id);
