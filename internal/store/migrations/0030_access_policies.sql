-- +goose Up
ALTER TABLE applications ADD COLUMN access_control BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE applications ADD COLUMN access_default TEXT NOT NULL DEFAULT '';
ALTER TABLE applications ADD COLUMN access_version BIGINT NOT NULL DEFAULT 1;

CREATE TABLE access_policies (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    application_id  {{key}} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    place           BIGINT NOT NULL,
    name            TEXT NOT NULL,
    name_key        {{key}} NOT NULL,
    description     TEXT NOT NULL,
    schedule        TEXT NOT NULL,
    decision        TEXT NOT NULL,
    report_only     BOOLEAN NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX access_policies_name ON access_policies (application_id, name_key);
CREATE INDEX access_policies_organization ON access_policies (organization_id);

CREATE TABLE access_policy_regions (
    policy_id       {{key}} NOT NULL REFERENCES access_policies (id) ON DELETE CASCADE,
    region_id       {{key}} NOT NULL REFERENCES regions (id),
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    place           BIGINT NOT NULL,
    PRIMARY KEY (policy_id, region_id)
){{clustered}};
CREATE INDEX access_policy_regions_region ON access_policy_regions (region_id, policy_id);
CREATE INDEX access_policy_regions_organization ON access_policy_regions (organization_id);
