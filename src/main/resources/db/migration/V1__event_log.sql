-- The event log: the idempotent repository, the outbox and the history in one table, so that no crash can
-- leave a key without its event. Portable SQL for PostgreSQL and for H2 in PostgreSQL mode.
-- No CHECK constraints: H2 ties one to the connection that made it, and every insert fails once the pool retires that.

CREATE TABLE relay_event (
    id              UUID         NOT NULL PRIMARY KEY,  -- time-ordered (UUIDv7): the order of arrival
    site            VARCHAR(64)  NOT NULL,
    idempotency_key VARCHAR(64)  NOT NULL,
    event           VARCHAR(64)  NOT NULL,
    payload         BYTEA        NOT NULL,              -- the bytes that were signed
    request_id      VARCHAR(64)  NOT NULL,
    traceparent     VARCHAR(64),
    status          VARCHAR(16)  NOT NULL DEFAULT 'queued',  -- queued, processing, done, error
    attempts        INTEGER      NOT NULL DEFAULT 0,    -- claims by a worker, ever
    retries         INTEGER      NOT NULL DEFAULT 0,    -- retries used since it was last put into the queue
    replays         INTEGER      NOT NULL DEFAULT 0,
    received_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    dispatched_at   TIMESTAMP(6) WITH TIME ZONE,        -- null: waits in the outbox
    started_at      TIMESTAMP(6) WITH TIME ZONE,        -- of the latest attempt
    finished_at     TIMESTAMP(6) WITH TIME ZONE,
    error           VARCHAR(2000),
    result          VARCHAR(65536),                     -- JSON: what the automation left
    call_back       VARCHAR(64),                        -- what WordPress answered: applied, duplicate, …
    CONSTRAINT relay_event_key UNIQUE (site, idempotency_key)
);

CREATE INDEX relay_event_outbox ON relay_event (dispatched_at, id);
CREATE INDEX relay_event_status ON relay_event (status, id);

CREATE TABLE relay_attempt (
    event_id    UUID         NOT NULL REFERENCES relay_event (id) ON DELETE CASCADE,
    attempt     INTEGER      NOT NULL,
    started_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    outcome     VARCHAR(16)  NOT NULL,                  -- done, retry, error
    error       VARCHAR(2000),
    PRIMARY KEY (event_id, attempt)
);

-- An AI answer is paid for once: kept before it is used, found again by the next attempt.
CREATE TABLE relay_answer (
    event_id    UUID         NOT NULL REFERENCES relay_event (id) ON DELETE CASCADE,
    task        VARCHAR(64)  NOT NULL,
    provider    VARCHAR(64)  NOT NULL,
    model       VARCHAR(128) NOT NULL,
    answer      VARCHAR(65536) NOT NULL,                -- JSON, validated
    answered_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    PRIMARY KEY (event_id, task)
);
