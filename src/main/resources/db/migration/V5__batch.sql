-- What became of each post or comment of a batch, so that a batch goes on where it was, whatever happens to its worker.

CREATE TABLE relay_batch_item (
    event_id UUID         NOT NULL REFERENCES relay_event (id) ON DELETE CASCADE,
    item     BIGINT       NOT NULL,              -- the id of the post or comment
    place    INTEGER      NOT NULL,              -- in the order of the event
    outcome  VARCHAR(16),                        -- done, failed; null: is still to be done
    retries  INTEGER      NOT NULL DEFAULT 0,    -- retries used
    due_at   TIMESTAMP(6) WITH TIME ZONE,        -- of its next try, while it waits for one
    replays  INTEGER      NOT NULL,              -- of the event, when it was last begun: one that failed before is done again
    error    VARCHAR(2000),
    ended_at TIMESTAMP(6) WITH TIME ZONE,
    PRIMARY KEY (event_id, item)
);
