-- +goose Up
ALTER TABLE sources ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE sources ADD COLUMN icon_digest TEXT NOT NULL DEFAULT '';

CREATE TABLE source_icons (
    source_id  {{key}} PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
    digest     TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content    {{blob}} NOT NULL
){{clustered}};

ALTER TABLE links ADD COLUMN said {{blob}};

CREATE TABLE application_sources (
    application_id {{key}} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    source_id      {{key}} NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    position       BIGINT NOT NULL,
    PRIMARY KEY (application_id, source_id)
){{clustered}};
CREATE INDEX application_sources_source ON application_sources (source_id);
