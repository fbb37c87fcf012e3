-- Which events of a site have come, by the numbers that its plugin gives them, and when it was heard or asked.

CREATE TABLE relay_site_contact (
    site      VARCHAR(64) NOT NULL PRIMARY KEY,
    heard_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,     -- the latest request that verified, or answer; a minute late at most
    asked_at  TIMESTAMP(6) WITH TIME ZONE,              -- for a drain
    ask_after TIMESTAMP(6) WITH TIME ZONE NOT NULL,     -- not before that again
    fruitless INTEGER     DEFAULT 0 NOT NULL,           -- drains in a row from which nothing came
    missing   BIGINT      DEFAULT 0 NOT NULL            -- how many numbers have been missing for long
);

-- The numbers that have come, as ranges without a gap; mostly one. Between two of them are those that are missing.
CREATE TABLE relay_site_sequence (
    site         VARCHAR(64) NOT NULL,
    first_number BIGINT      NOT NULL,
    last_number  BIGINT      NOT NULL,
    since        TIMESTAMP(6) WITH TIME ZONE NOT NULL,  -- when the gap below it was noticed
    PRIMARY KEY (site, first_number)
);

INSERT INTO relay_lease (name, held_until) VALUES ('contact', TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00');
