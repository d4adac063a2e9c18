-- +goose Up
CREATE TABLE department_administrators (
    member_id       {{key}} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    department_id   {{key}} NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    PRIMARY KEY (member_id, department_id)
){{clustered}};
CREATE INDEX department_administrators_department ON department_administrators (department_id);
CREATE INDEX department_administrators_organization ON department_administrators (organization_id);
