-- A site that an operator paused: nobody tries it before paused_until, and no answer of its own lifts that.
ALTER TABLE relay_pause ADD COLUMN by_hand BOOLEAN DEFAULT FALSE NOT NULL;
