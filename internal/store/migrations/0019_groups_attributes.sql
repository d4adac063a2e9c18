-- +goose Up
ALTER TABLE member_groups ADD COLUMN kind TEXT NOT NULL DEFAULT 'ordinary';

CREATE TABLE group_owners (
    group_id        {{key}} NOT NULL REFERENCES member_groups (id) ON DELETE CASCADE,
    member_id       {{key}} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, member_id)
){{clustered}};
CREATE INDEX group_owners_member ON group_owners (member_id, group_id);
CREATE INDEX group_owners_organization ON group_owners (organization_id);

CREATE TABLE attribute_definitions (
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name            {{key}} NOT NULL,
    label           TEXT NOT NULL,
    kind            TEXT NOT NULL,
    masked          BOOLEAN NOT NULL,
    candidates      TEXT NOT NULL,
    required        BOOLEAN NOT NULL,
    hidden          BOOLEAN NOT NULL,
    place           BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, name)
){{clustered}};
