-- +goose Up
ALTER TABLE departments ADD COLUMN is_open BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE departments ADD COLUMN sees TEXT NOT NULL DEFAULT 'all';

CREATE TABLE department_designations (
    department_id   {{key}} NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    designated_id   {{key}} NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    PRIMARY KEY (department_id, designated_id)
){{clustered}};
CREATE INDEX department_designations_designated ON department_designations (designated_id);
CREATE INDEX department_designations_organization ON department_designations (organization_id);

CREATE INDEX members_sorted ON members (organization_id, sort_level, id);
