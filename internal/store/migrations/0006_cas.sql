-- +goose Up
CREATE TABLE application_services (
    origin         {{key}} NOT NULL,
    application_id {{key}} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    PRIMARY KEY (origin, application_id)
){{clustered}};
CREATE INDEX application_services_application ON application_services (application_id);

ALTER TABLE participations ADD COLUMN service TEXT NOT NULL DEFAULT '';
ALTER TABLE participations ADD COLUMN ticket {{blob}};
