-- +goose Up
-- What may be used once is keyed by the second in which it ends. Claims of before know the minute only; they are asked
-- too until they end. Renaming comes first: from here on nobody adds to them.
ALTER TABLE claims RENAME TO claims_of_before;
CREATE TABLE claims_by_minute (
    minute BIGINT NOT NULL,
    digest {{blob}} NOT NULL,
    PRIMARY KEY (minute, digest)
){{clustered}};
INSERT INTO claims_by_minute SELECT minute, digest FROM claims_of_before;
DROP TABLE claims_of_before;
CREATE TABLE claims (
    second BIGINT NOT NULL,
    digest {{blob}} NOT NULL,
    PRIMARY KEY (second, digest)
){{clustered}};
