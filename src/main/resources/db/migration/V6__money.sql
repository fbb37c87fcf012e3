-- What paid providers of AI were asked: tokens and an estimated cost, of each day for caps and bills, and of each event.
-- The rows of a day hold nothing of any event, and outlive them.

CREATE TABLE relay_ai_usage (
    used_on     DATE         NOT NULL,                  -- in UTC
    site        VARCHAR(64)  NOT NULL,
    provider    VARCHAR(64)  NOT NULL,
    anonymous BOOLEAN      NOT NULL,                  -- caused by anybody who comes along: comments, leads
    requests    BIGINT       NOT NULL DEFAULT 0,
    tokens_in   BIGINT       NOT NULL DEFAULT 0,
    tokens_out  BIGINT       NOT NULL DEFAULT 0,
    cost        NUMERIC(24, 12) NOT NULL DEFAULT 0,     -- in the currency of AI_PRICE_IN and AI_PRICE_OUT
    PRIMARY KEY (used_on, site, provider, anonymous)
);

-- Apart from relay_answer: what was asked in vain was paid for too.
CREATE TABLE relay_event_usage (
    event_id    UUID         NOT NULL PRIMARY KEY REFERENCES relay_event (id) ON DELETE CASCADE,
    requests    BIGINT       NOT NULL DEFAULT 0,
    tokens_in   BIGINT       NOT NULL DEFAULT 0,
    tokens_out  BIGINT       NOT NULL DEFAULT 0,
    cost        NUMERIC(24, 12) NOT NULL DEFAULT 0
);

-- Locked while a budget is looked at and taken from, so that no two relays take the same rest.
INSERT INTO relay_lease (name, held_until) VALUES ('ai-budget', TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00');

-- What a paid provider was asked, as a SHA-256 that the site is in: the same question again has the same answer.
ALTER TABLE relay_answer ADD COLUMN question VARCHAR(64);
CREATE INDEX relay_answer_question ON relay_answer (question);
