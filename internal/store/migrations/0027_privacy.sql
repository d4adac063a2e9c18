-- +goose Up
-- What people are told of their data. The scope is the organisation, empty for
-- the installation; current is the version that is asked for, 0 for none.
CREATE TABLE privacy_statements (
    scope           {{key}} PRIMARY KEY,
    organization_id {{key}} REFERENCES organizations (id) ON DELETE CASCADE,
    draft           TEXT NOT NULL,
    current         BIGINT NOT NULL,
    last            BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE INDEX privacy_statements_organization ON privacy_statements (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE privacy_versions (
    scope           {{key}} NOT NULL,
    number          BIGINT NOT NULL,
    organization_id {{key}} REFERENCES organizations (id) ON DELETE CASCADE,
    texts           TEXT NOT NULL,
    published_by    TEXT NOT NULL,
    published_at    BIGINT NOT NULL,
    PRIMARY KEY (scope, number)
){{clustered}};
CREATE INDEX privacy_versions_organization ON privacy_versions (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE privacy_acceptances (
    account_id      {{key}} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    scope           {{key}} NOT NULL,
    number          BIGINT NOT NULL,
    organization_id {{key}} REFERENCES organizations (id) ON DELETE CASCADE,
    member_id       TEXT NOT NULL,
    name            TEXT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (account_id, scope, number)
){{clustered}};
CREATE INDEX privacy_acceptances_page ON privacy_acceptances (scope, number, account_id);
CREATE INDEX privacy_acceptances_organization ON privacy_acceptances (organization_id) WHERE organization_id IS NOT NULL;
