-- +goose Up
CREATE TABLE setup_links (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    source_id       {{key}} NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    state           TEXT NOT NULL,
    made_for        TEXT NOT NULL,
    domain          TEXT NOT NULL,
    draft           {{blob}},
    note            TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    decided_by      TEXT NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL,
    submitted_at    BIGINT NOT NULL,
    decided_at      BIGINT NOT NULL
){{clustered}};
CREATE INDEX setup_links_page ON setup_links (organization_id, id);
CREATE INDEX setup_links_source ON setup_links (source_id);
CREATE INDEX setup_links_end ON setup_links (ends_at);

CREATE TABLE domains (
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name            {{key}} NOT NULL,
    source_id       {{key}} REFERENCES sources (id) ON DELETE SET NULL,
    token           TEXT NOT NULL,
    proven_at       BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, name)
){{clustered}};
CREATE UNIQUE INDEX domains_proven ON domains (name) WHERE proven_at > 0;
CREATE INDEX domains_source ON domains (source_id);
