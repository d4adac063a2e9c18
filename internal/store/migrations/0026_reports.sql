-- +goose Up
-- How far the log was counted.
CREATE TABLE report_progress (
    id       {{key}} PRIMARY KEY,
    zone     TEXT NOT NULL,
    after_id {{key}} NOT NULL,
    until    BIGINT NOT NULL
){{clustered}};

-- What was counted, for each period; client_id is empty for the whole
-- organisation. Days count from the first of January 1970.
CREATE TABLE report_tallies (
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    dimension       {{key}} NOT NULL,
    day             BIGINT NOT NULL,
    client_id       {{key}} NOT NULL,
    sign_ins        BIGINT NOT NULL,
    people          BIGINT NOT NULL,
    registered      BIGINT NOT NULL,
    removed         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, dimension, day, client_id)
){{clustered}};
CREATE INDEX report_tallies_day ON report_tallies (dimension, day);

-- Who was met already in a period that is not over.
CREATE TABLE report_people (
    dimension       {{key}} NOT NULL,
    day             BIGINT NOT NULL,
    organization_id {{key}} NOT NULL,
    client_id       {{key}} NOT NULL,
    member_id       {{key}} NOT NULL,
    PRIMARY KEY (dimension, day, organization_id, client_id, member_id)
){{clustered}};
CREATE INDEX report_people_organization ON report_people (organization_id);
