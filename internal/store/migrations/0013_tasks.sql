-- +goose Up
CREATE TABLE tasks (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    number          BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    status          TEXT NOT NULL,
    actor           TEXT NOT NULL,
    file_name       TEXT NOT NULL,
    options         TEXT NOT NULL,
    total           BIGINT NOT NULL,
    done            BIGINT NOT NULL,
    created         BIGINT NOT NULL,
    changed         BIGINT NOT NULL,
    unchanged       BIGINT NOT NULL,
    refused         BIGINT NOT NULL,
    reason          TEXT NOT NULL,
    restarts        BIGINT NOT NULL,
    original_parts  BIGINT NOT NULL,
    original_size   BIGINT NOT NULL,
    result_parts    BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    started_at      BIGINT NOT NULL,
    ended_at        BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL
){{clustered}};
CREATE UNIQUE INDEX tasks_number ON tasks (organization_id, number);
CREATE INDEX tasks_page ON tasks (organization_id, id);
CREATE INDEX tasks_open ON tasks (status, id) WHERE status IN ('waiting', 'running');
CREATE INDEX tasks_end ON tasks (ends_at);

CREATE TABLE task_parts (
    task_id {{key}} NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    file    {{key}} NOT NULL,
    number  BIGINT NOT NULL,
    content {{blob}} NOT NULL,
    PRIMARY KEY (task_id, file, number)
);
