-- +goose Up
-- id is the organisation's, the kind and the language, with / between them: the
-- installation's own texts, which have no organisation, begin with /.
CREATE TABLE message_texts (
    id              {{key}} PRIMARY KEY,
    organization_id {{key}} REFERENCES organizations (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL,
    language        TEXT NOT NULL,
    subject         TEXT NOT NULL,
    body            TEXT NOT NULL,
    sms             TEXT NOT NULL,
    version         BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
){{clustered}};
CREATE INDEX message_texts_organization ON message_texts (organization_id);
